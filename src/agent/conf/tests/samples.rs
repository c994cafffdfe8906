//! Each sample gives what its README says of it.

use super::*;
use crate::domain::identity::{HostId, Platform, Role, Server, Stack};

const WINDOWS: &[u8] = include_bytes!("../../../../tests/golden/drscout/windows-azure-vm.conf");
const LINUX: &[u8] = include_bytes!("../../../../tests/golden/drscout/linux-azure-vm.conf");
const TARGET: &[u8] = include_bytes!("../../../../tests/golden/drscout/master-target.conf");
const DAMAGED: &[u8] = include_bytes!("../../../../tests/golden/drscout/damaged.conf");

fn id(raw: &str) -> Called {
    Called::Id(HostId::parse(raw).unwrap())
}

#[test]
fn a_windows_vm_in_azure_has_a_lower_case_id_of_36_characters() {
    let conf = Conf::read(WINDOWS);
    assert_eq!(told(&conf), Vec::<String>::new());
    assert_eq!(conf.called(), id("9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4"));
    assert_eq!(conf.value(Key::HostId).unwrap().line, 4);
    let (file, findings) = conf.against(&["10.8.0.4".into()]);
    assert!(findings.is_empty());
    assert_eq!(file.refused_at, None);
    assert_eq!(file.role, Role::Agent);
    assert_eq!(file.platform, Platform::VmWare);
    assert_eq!(file.stack, Stack::Legacy);
    assert_eq!(file.server, Server::OfTheSite("10.8.0.4".into()));
}

#[test]
fn a_linux_vm_has_comments_quotes_and_blanks_round_the_equals_sign() {
    let conf = Conf::read(LINUX);
    assert_eq!(told(&conf), Vec::<String>::new());
    assert_eq!(conf.called(), id("4E81C0D2-7B3A-4F96-A1C5-2D90E7F3B618"));
    let (file, findings) = conf.against(&["cs-01".into(), "192.0.2.9".into()]);
    assert_eq!(file.server, Server::NotOfTheSite("10.8.0.4".into()));
    let other = What::OtherServer("10.8.0.4".into());
    assert_eq!(
        findings,
        [Finding {
            line: Some(22),
            what: other
        }]
    );
    let (file, findings) = conf.against(&[]);
    assert_eq!(file.server, Server::NotCompared("10.8.0.4".into()));
    assert!(findings.is_empty());
}

#[test]
fn a_master_target_has_a_classic_id_of_35_characters_and_is_told_as_one() {
    let conf = Conf::read(TARGET);
    assert_eq!(
        told(&conf),
        [Finding {
            line: Some(4),
            what: What::MasterTarget
        }
        .words()]
    );
    assert_eq!(conf.called(), id("5CD9A161-43C4-8F42-9951DF9131773F18"));
    let (file, _) = conf.against(&[]);
    assert_eq!(file.role, Role::MasterTarget);
    // Empty before 9.9.
    assert_eq!(file.platform, Platform::NotTold);
}

#[test]
fn a_damaged_file_is_refused_by_the_agent_and_holds_no_usable_id() {
    let conf = Conf::read(DAMAGED);
    assert_eq!(conf.refused_at, Some(1));
    assert_eq!(conf.called(), Called::NeverRegistered);
    let decoy = What::LookAlike {
        written: "hostid".into(),
        meant: "HostId",
    };
    let wanted = [
        (Some(1), What::ByteOrderMark { refused: true }),
        (
            Some(3),
            What::Id(Called::Truncated("9b0c2f6e-41d7-4a55-8c3e".into())),
        ),
        (Some(4), decoy),
        (Some(5), What::Id(Called::NeverRegistered)),
        (
            Some(5),
            What::Repeated {
                key: "HostId",
                before: 3,
                differs: true,
            },
        ),
        (Some(6), What::NoEquals),
        (Some(8), What::UnclosedSection),
        (Some(9), What::NoServer),
        (Some(10), What::BadPort("44e".into())),
        (Some(11), What::BadHttps("yes".into())),
        (Some(12), What::Nul),
        (Some(12), What::NotAscii),
        (Some(14), What::NoEnd),
        (None, What::MixedEnds),
    ];
    let found: Vec<_> = conf
        .findings
        .iter()
        .map(|f| (f.line, f.what.clone()))
        .collect();
    assert_eq!(found, wanted);
    let refused = conf
        .findings
        .iter()
        .filter(|f| f.what.weight() == Weight::Unreadable);
    assert_eq!(
        refused.count(),
        3,
        "the lines for which the agent refuses it"
    );
}

#[test]
fn the_hash_is_of_every_byte() {
    let whole = Conf::read(WINDOWS);
    assert_eq!(whole.sha256.as_str().len(), 64);
    let mut other = WINDOWS.to_vec();
    other.push(b' ');
    assert_ne!(Conf::read(&other).sha256, whole.sha256);
    // NIST's example of an empty message.
    assert!(
        Conf::read(b"")
            .sha256
            .as_str()
            .starts_with("e3b0c44298fc1c149afbf4c8996fb924")
    );
}
