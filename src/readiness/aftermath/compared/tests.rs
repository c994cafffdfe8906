mod hostile;
mod keepers;

use super::*;
use crate::domain::guest::{Compared, FstabLine, Guest, Lost};

const HOSTILE: &str = "x'; Remove-Item C:\\ -Recurse #\u{2019}$(rm -rf /)`id`\"";

/// What may keep the network of a machine.
const KEEPERS: [&str; 6] = [
    "NetworkManager",
    "netplan",
    "wicked",
    "systemd-networkd",
    "ifupdown",
    "ifcfg",
];

fn lines(lost: Lost, system: System) -> Vec<String> {
    lines_of(lost, system, "NetworkManager")
}

fn lines_of(lost: Lost, system: System, keeper: &str) -> Vec<String> {
    let now = Guest {
        keeper: keeper.into(),
        ..Guest::default()
    };
    told(vec![lost], system, &now).remove(0)
}

/// The lines of each errand.
fn told(lost: Vec<Lost>, system: System, now: &Guest) -> Vec<Vec<String>> {
    let compared = [Compared {
        code: "POST-02",
        title: "t",
        outcome: Outcome::Lost(lost),
    }];
    let repairs = repairs(&compared, system, now);
    let Found::Lost(errands) = &repairs[0].found else {
        panic!()
    };
    let lines = |e: &Errand| e.commands.iter().map(|c| c.line.clone()).collect();
    errands.iter().map(lines).collect()
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
    assert!(linux.iter().any(|l| l.contains("+ipv4.addresses 192.168.4.21/24 ipv4.gateway 192.168.4.1 ipv4.dns '192.168.4.5 192.168.4.6'")), "{linux:#?}");
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
        for (system, keeper) in [
            (System::Windows, ""),
            (System::Linux, HOSTILE),
            (System::Unknown, "netplan"),
        ] {
            for line in lines_of(lost.clone(), system, keeper) {
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
    let found = repairs(&compared, System::Linux, &Guest::default())
        .remove(0)
        .found;
    let Found::Unknown(why, commands) = found else {
        panic!()
    };
    assert_eq!(why.as_str(), "not read");
    assert!(commands.iter().any(|c| c.line.contains("vmtoolsd")));
    assert!(commands.iter().all(|c| c.does == Does::Look));
}

#[test]
fn a_default_route_that_is_missed_takes_no_other_one_away() {
    let missed = |now: &str| Lost::DefaultRoute {
        gateway: "10.0.0.1".into(),
        adapter: "LAN".into(),
        now: now.into(),
    };
    let removes = |lost| {
        let lines = lines(lost, System::Windows);
        lines.into_iter().find(|l| l.contains("Remove-NetRoute"))
    };
    assert_eq!(removes(missed("")), None);
    let removed = removes(missed("10.0.0.9")).unwrap();
    assert!(removed.ends_with("-NextHop 10.0.0.9"), "{removed}");
    assert_eq!(
        words::known(&missed("")),
        "It has no default route over 10.0.0.1 any more"
    );
}
