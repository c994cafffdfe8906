//! Nothing that stands in a file makes the reader panic, hold more than its bounds, or see what the
//! rules say it does not.

use proptest::prelude::*;

use super::*;
use crate::domain::identity::HostId;

/// How many files one run of the fuzz test reads.
const FILES: u32 = 200_000;

/// Pieces out of which files are made that come near to real ones.
const PIECES: [&[u8]; 30] = [
    b"[vxagent]",
    b"[vxagent.transport]",
    b"[",
    b"]",
    b"\n",
    b"\r\n",
    b"\r",
    b"=",
    b"\"",
    b" ",
    b"\t",
    b"#",
    b";",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfc",
    b"HostId",
    b"hostid",
    b"Hostname",
    b"Role=MasterTarget\n",
    b"Port=44e\n",
    b"CSType=CSPrime\n",
    b"\x1b[2J",
    b"HostId=9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4\n",
    b"HostId=5CD9A161-43C4-8F42-9951DF9131773F18\n",
    b"HostId=1234_45466_67689\n",
    b"9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4",
    b"\\",
    b"\xe2\x80\xae",
];

fn check(file: &[u8]) {
    let conf = Conf::read(file);
    assert!(conf.findings.len() <= MOST_FINDINGS);
    assert_eq!(conf.bytes, file.len());
    // Whatever was read of it is short, however long the file is.
    for (key, ..) in KEYS {
        let long = conf
            .value(key)
            .map_or(0, |v| v.text.as_str().chars().count());
        assert!(long <= 8 * (MOST_CHARS + 8), "{long}");
    }
    for finding in &conf.findings {
        let words = finding.words();
        assert!(words.len() <= 64 << 10);
        assert!(!words.chars().any(char::is_control), "{words:?}");
    }
    // In the order of their lines, and none behind the last line.
    let lines: Vec<_> = conf
        .findings
        .iter()
        .map(|f| f.line.unwrap_or(u32::MAX))
        .collect();
    assert!(lines.is_sorted());
    let last = file.split(|b| *b == b'\n').count();
    assert!(
        conf.findings
            .iter()
            .filter_map(|f| f.line)
            .all(|line| line as usize <= last)
    );
    let unreadable = conf
        .findings
        .iter()
        .any(|f| f.what.weight() == Weight::Unreadable);
    assert!(conf.refused_at.is_some() || !unreadable);
    // An id is in the file as it is told, letter by letter.
    if let Some(id) = conf.called().id() {
        assert!(memchr::memmem::find(file, id.as_str().as_bytes()).is_some());
    }
}

/// 200,000 files of pieces and of noise; the same ones at every run.
#[test]
fn two_hundred_thousand_files_are_read_without_a_panic() {
    let mut random = fastrand::Rng::with_seed(0x1d_5c0c);
    let mut file = Vec::new();
    for count in 0..FILES {
        file.clear();
        for _ in 0..random.usize(..24) {
            match random.u8(..10) {
                0 => file.extend((0..random.usize(..16)).map(|_| random.u8(..))),
                1 if count % 500 == 0 => file.resize(file.len() + random.usize(..9000), b'x'),
                _ => file.extend_from_slice(PIECES[random.usize(..PIECES.len())]),
            }
        }
        check(&file);
    }
}

/// Every sample, cut at every byte and with every byte turned.
#[test]
fn every_cut_and_every_turned_byte_of_the_samples_is_read() {
    for sample in [
        &include_bytes!("../../../../tests/golden/drscout/windows-azure-vm.conf")[..],
        &include_bytes!("../../../../tests/golden/drscout/linux-azure-vm.conf")[..],
        &include_bytes!("../../../../tests/golden/drscout/master-target.conf")[..],
        &include_bytes!("../../../../tests/golden/drscout/damaged.conf")[..],
    ] {
        for at in 0..sample.len() {
            check(&sample[..at]);
            let mut turned = sample.to_vec();
            for byte in [0, b'\n', b'[', b'=', 0xff, turned[at] ^ 0x20] {
                turned[at] = byte;
                check(&turned);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn any_bytes_are_read(file in proptest::collection::vec(any::<u8>(), 0..6000)) {
        check(&file);
    }

    /// Whatever surrounds it: a well-formed file says its last id, and the agent takes it.
    #[test]
    fn the_last_id_of_a_well_formed_file_counts(
        ids in proptest::collection::vec("[0-9a-fA-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-(1[0-9a-f]{15}|[0-9a-f]{4}-1[0-9a-f]{11})", 1..5),
        blank in "[ \t]{0,3}",
        other in "[A-Z][a-z]{0,8}=[ -~]{0,40}",
        end in "\n|\r\n",
    ) {
        let mut file = format!("# c{end}[vxagent]{end}{other}{end}");
        for id in &ids {
            file.push_str(&format!("{blank}HostId{blank}={blank}{id}{blank}{end}{other}{end}"));
        }
        let conf = Conf::read(file.as_bytes());
        prop_assert_eq!(conf.refused_at, None);
        let called = conf.called();
        prop_assert_eq!(called.id().map(HostId::as_str), ids.last().map(String::as_str));
    }
}
