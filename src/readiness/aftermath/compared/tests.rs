mod hostile;

use super::*;
use crate::domain::guest::{Compared, FstabLine, Lost};

const HOSTILE: &str = "x'; Remove-Item C:\\ -Recurse #\u{2019}$(rm -rf /)`id`\"";

fn lines(lost: Lost, system: System) -> Vec<String> {
    let compared = [Compared {
        code: "POST-02",
        title: "t",
        outcome: Outcome::Lost(vec![lost]),
    }];
    let repairs = repairs(&compared, system);
    let Found::Lost(errands) = &repairs[0].found else {
        panic!()
    };
    errands[0].commands.iter().map(|c| c.line.clone()).collect()
}

fn address(adapter: &str) -> crate::domain::guest::Address {
    crate::domain::guest::Address {
        adapter: adapter.into(),
        address: "192.168.4.21/24".into(),
        gateway: "192.168.4.1".into(),
        name_servers: vec!["192.168.4.5".into(), "192.168.4.6".into()],
    }
}

#[test]
fn commands_bear_what_was_recorded() {
    let windows = lines(Lost::Fixed(address("Ethernet 2")), System::Windows);
    assert!(windows.contains(&"New-NetIPAddress -InterfaceAlias 'Ethernet 2' -IPAddress 192.168.4.21 -PrefixLength 24 -DefaultGateway 192.168.4.1".to_owned()), "{windows:#?}");
    assert!(
        windows
            .iter()
            .any(|l| l.ends_with("-ServerAddresses 192.168.4.5,192.168.4.6"))
    );
    let linux = lines(Lost::Address(address("ens192")), System::Linux);
    assert!(linux.iter().any(|l| l.contains("ipv4.addresses 192.168.4.21/24 ipv4.gateway 192.168.4.1 ipv4.dns '192.168.4.5 192.168.4.6'")), "{linux:#?}");
}

#[test]
fn a_name_from_a_machine_never_becomes_a_command() {
    let all = [
        Lost::Fixed(address(HOSTILE)),
        Lost::Service {
            name: HOSTILE.into(),
            listed: true,
        },
        Lost::Offline {
            disk: HOSTILE.into(),
        },
        Lost::Letter {
            id: HOSTILE.into(),
            was: HOSTILE.into(),
            now: HOSTILE.into(),
        },
        Lost::Mount(crate::domain::guest::Mount {
            at: HOSTILE.into(),
            ..Default::default()
        }),
        Lost::Route(crate::domain::guest::Route {
            to: HOSTILE.into(),
            gateway: HOSTILE.into(),
            ..Default::default()
        }),
        Lost::FstabOfAzure(FstabLine {
            source: HOSTILE.into(),
            ..FstabLine::default()
        }),
        Lost::NameServers {
            adapter: HOSTILE.into(),
            missing: vec![HOSTILE.into()],
            all: vec![HOSTILE.into()],
        },
    ];
    for lost in all {
        for system in [System::Windows, System::Linux, System::Unknown] {
            for line in lines(lost.clone(), system) {
                assert!(
                    !line.contains("rm -rf")
                        && !line.contains("Remove-Item")
                        && !line.contains('`'),
                    "{line}"
                );
                assert!(!line.contains('\u{2019}'), "{line}");
            }
        }
    }
}

#[test]
fn what_could_not_be_compared_says_how_to_look() {
    let compared = [Compared {
        code: "POST-05",
        title: "t",
        outcome: Outcome::Unknown("not read".into()),
    }];
    let found = repairs(&compared, System::Linux).remove(0).found;
    let Found::Unknown(why, commands) = found else {
        panic!()
    };
    assert_eq!(why.as_str(), "not read");
    assert!(commands.iter().any(|c| c.line.contains("vmtoolsd")));
    assert!(commands.iter().all(|c| c.does == Does::Look));
}
