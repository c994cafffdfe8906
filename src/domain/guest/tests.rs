mod fields;
mod network;
mod table;

use super::*;
use crate::domain::{ArmId, Bytes};

fn adapter(name: &str, lease: Lease, address: &str) -> Adapter {
    Adapter {
        name: name.into(),
        mac: "00:50:56:00:00:01".into(),
        lease,
        addresses: vec![address.into()],
    }
}

/// A machine that has everything.
fn sound(system: System) -> Guest {
    let linux = system == System::Linux;
    let (at, source) = if linux {
        ("/srv", "/dev/sdc1")
    } else {
        ("E:", "\\\\?\\Volume{1}\\")
    };
    Guest {
        host: "web-01".into(),
        system,
        cpus: Some(4),
        memory: Some(Bytes(8 << 30)),
        adapters: Some(vec![adapter("ens192", Lease::Fixed, "192.168.4.21/24")]),
        name_servers: Some(vec![NameServer {
            adapter: "ens192".into(),
            address: "192.168.4.5".into(),
        }]),
        routes: Some(vec![
            Route {
                to: "default".into(),
                gateway: "192.168.4.1".into(),
                adapter: "ens192".into(),
                fixed: true,
            },
            Route {
                to: "10.20.0.0/16".into(),
                gateway: "192.168.4.254".into(),
                adapter: "ens192".into(),
                fixed: true,
            },
        ]),
        disks: Some(vec![disk("sda", Some(true)), disk("sdc", Some(true))]),
        mounts: Some(vec![Mount {
            at: at.into(),
            source: source.into(),
            kind: "xfs".into(),
            id: "1a2b".into(),
        }]),
        fstab: linux.then(|| vec![line("UUID=1a2b", "/srv", "defaults")]),
        temporary: Some(Vec::new()),
        paging: Some(vec!["/dev/sda2".into()]),
        tools: Some(Presence {
            installed: true,
            running: Some(true),
        }),
        network_manager: linux.then_some(Presence {
            installed: true,
            running: Some(true),
        }),
        services: Some(vec![service("nginx", Some(true))]),
        ..Guest::default()
    }
}

fn disk(name: &str, online: Option<bool>) -> Disk {
    Disk {
        name: name.into(),
        size: Some(Bytes(1 << 30)),
        id: name.into(),
        online,
    }
}

fn line(source: &str, at: &str, options: &str) -> FstabLine {
    FstabLine {
        source: source.into(),
        at: at.into(),
        kind: "xfs".into(),
        options: options.into(),
    }
}

fn service(name: &str, running: Option<bool>) -> Service {
    Service {
        name: name.into(),
        start: StartMode::Automatic,
        running,
    }
}

fn record(spot: Spot, guest: Guest) -> Record {
    Record {
        at: jiff::Timestamp::UNIX_EPOCH,
        source: Source::Paste,
        spot,
        azure: None,
        home: AtHome {
            addresses: vec!["192.168.4.21".into()],
        },
        guest: Some(guest),
        not_read: Vec::new(),
    }
}

fn sure(record: &Record) -> Before<'_> {
    Before {
        record,
        doubt: None,
    }
}

/// What the rule of that code says, of a machine recorded at `spot` that was changed since.
fn said(
    code: &str,
    spot: Spot,
    system: System,
    was: impl Fn(&mut Guest),
    is: impl Fn(&mut Guest),
) -> Outcome {
    let (mut before, mut now) = (sound(system), sound(system));
    was(&mut before);
    is(&mut now);
    let compared = compare(&sure(&record(spot, before)), &now);
    let own = compared.into_iter().find(|own| own.code == code);
    own.unwrap_or_else(|| panic!("no rule {code}")).outcome
}

fn linux(code: &str, is: impl Fn(&mut Guest)) -> Outcome {
    said(code, Spot::Home, System::Linux, |_| {}, is)
}

fn is_lost(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Lost(all) if !all.is_empty())
}

fn is_unknown(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Unknown(_))
}

#[test]
fn a_machine_that_is_as_it_was_has_lost_nothing() {
    for system in [System::Windows, System::Linux] {
        let compared = compare(&sure(&record(Spot::Home, sound(system))), &sound(system));
        assert!(compared.len() >= 10);
        for own in compared {
            assert_eq!(own.outcome, Outcome::Same, "{}", own.code);
        }
    }
}

#[test]
fn what_was_not_read_on_one_side_is_unknown_and_never_the_same() {
    type Forget = fn(&mut Guest);
    let all: [(&str, Forget); 10] = [
        ("HOST", |g| g.host = "".into()),
        ("POST-02", |g| g.adapters = None),
        ("DNS", |g| g.name_servers = None),
        ("ROUTES", |g| g.routes = None),
        ("POST-01", |g| g.network_manager = None),
        ("DISKS", |g| g.disks = None),
        ("MOUNTS", |g| g.mounts = None),
        ("X-9", |g| g.fstab = None),
        ("PAGING", |g| g.paging = None),
        ("SERVICES", |g| g.services = None),
    ];
    for (code, forget) in all {
        let now = said(code, Spot::Home, System::Linux, |_| {}, forget);
        assert!(is_unknown(&now), "{code} now: {now:?}");
        let then = said(code, Spot::Home, System::Linux, forget, |_| {});
        assert!(is_unknown(&then), "{code} then: {then:?}");
    }
    assert!(is_unknown(&linux("POST-05", |g| g.tools = None)));
    assert!(is_unknown(&linux("SIZE", |g| g.cpus = None)));
}

#[test]
fn a_fixed_address_that_came_back_by_dhcp_is_not_fixed_any_more() {
    let by_dhcp = linux("POST-02", |g| {
        g.adapters = Some(vec![adapter("ens192", Lease::Dhcp, "192.168.4.21/24")]);
    });
    let Outcome::Lost(all) = by_dhcp else {
        panic!()
    };
    let Lost::Fixed(own) = &all[0] else {
        panic!("{all:?}")
    };
    assert_eq!(own.gateway.as_str(), "192.168.4.1");
    assert_eq!(own.name_servers, ["192.168.4.5".into()]);
    let gone = linux("POST-02", |g| {
        g.adapters = Some(vec![adapter("ens192", Lease::Dhcp, "192.168.4.77/24")]);
    });
    let Outcome::Lost(all) = gone else { panic!() };
    let Lost::Address(own) = &all[0] else {
        panic!("{all:?}")
    };
    assert_eq!(own.adapter.as_str(), "ens192");
    let open = linux("POST-02", |g| {
        g.adapters = Some(vec![adapter("ens192", Lease::Unknown, "192.168.4.21/24")]);
    });
    assert!(is_unknown(&open), "{open:?}");
}

#[test]
fn dhcp_in_azure_tells_nothing_of_home_where_site_recovery_knew_another_address() {
    let in_azure = |g: &mut Guest| {
        g.adapters = Some(vec![adapter("eth0", Lease::Dhcp, "10.8.0.4/24")]);
        g.network_manager = Some(Presence::default());
    };
    let judge = |code, is: fn(&mut Guest)| said(code, Spot::Azure, System::Linux, in_azure, is);
    assert_eq!(judge("POST-02", |_| {}), Outcome::Same);
    let lost = judge("POST-02", |g| {
        g.adapters = Some(vec![adapter("ens192", Lease::Dhcp, "192.168.4.90/24")]);
    });
    assert!(is_lost(&lost), "{lost:?}");
    let same = judge("POST-02", |g| {
        g.adapters = Some(vec![adapter("ens192", Lease::Dhcp, "192.168.4.21/24")]);
    });
    assert!(is_unknown(&same), "{same:?}");
    let manager = judge("POST-01", |g| g.network_manager = Some(Presence::default()));
    assert!(is_unknown(&manager), "{manager:?}");
    assert!(is_unknown(&judge("SIZE", |g| g.cpus = Some(2))));
}

#[test]
fn each_loss_is_found() {
    type Lose = fn(&mut Guest);
    let all: [(&str, Lose); 16] = [
        ("HOST", |g| g.host = "web-02".into()),
        ("DNS", |g| g.name_servers = Some(Vec::new())),
        ("DNS", |g| {
            g.name_servers.as_mut().unwrap()[0].address = "168.63.129.16".into();
        }),
        ("ROUTES", |g| g.routes.as_mut().unwrap().truncate(1)),
        ("ROUTES", |g| g.routes = Some(Vec::new())),
        ("POST-01", |g| g.network_manager = Some(Presence::default())),
        ("DISKS", |g| g.disks.as_mut().unwrap().truncate(1)),
        ("DISKS", |g| {
            g.disks.as_mut().unwrap()[1].online = Some(false);
        }),
        ("MOUNTS", |g| g.mounts = Some(Vec::new())),
        ("MOUNTS", |g| {
            g.mounts.as_mut().unwrap()[0].id = "ffff".into();
        }),
        ("X-9", |g| g.fstab = Some(Vec::new())),
        ("X-9", |g| {
            g.fstab.as_mut().unwrap()[0].options = "ro".into();
        }),
        ("X-9", |g| {
            g.fstab.as_mut().unwrap().push(line(
                "/dev/disk/cloud/azure_resource-part1",
                "/mnt",
                "defaults",
            ));
        }),
        ("PAGING", |g| g.paging = Some(Vec::new())),
        ("POST-05", |g| {
            g.tools = Some(Presence {
                installed: true,
                running: Some(false),
            });
        }),
        ("SERVICES", |g| {
            g.services = Some(vec![service("nginx", Some(false))]);
        }),
    ];
    for (at, (code, lose)) in all.into_iter().enumerate() {
        let outcome = linux(code, lose);
        assert!(is_lost(&outcome), "{at} {code}: {outcome:?}");
    }
    assert!(is_lost(&linux("SIZE", |g| g.memory = Some(Bytes(4 << 30)))));
}

#[test]
fn a_volume_under_another_letter_is_told_by_its_id() {
    let moved = said(
        "MOUNTS",
        Spot::Azure,
        System::Windows,
        |_| {},
        |g| {
            g.mounts.as_mut().unwrap()[0].at = "D:".into();
        },
    );
    let Outcome::Lost(all) = moved else { panic!() };
    assert!(
        matches!(&all[0], Lost::Letter { was, now, .. } if was.as_str() == "E:" && now.as_str() == "D:")
    );
    let same = said(
        "MOUNTS",
        Spot::Azure,
        System::Windows,
        |_| {},
        |g| {
            g.mounts.as_mut().unwrap()[0].at = "e:\\".into();
        },
    );
    assert_eq!(same, Outcome::Same);
}

#[test]
fn the_disk_that_azure_lent_is_not_missed() {
    let lent = |g: &mut Guest| {
        g.disks.as_mut().unwrap().push(disk("sdb", Some(true)));
        g.temporary = Some(vec![Temporary {
            disk: "/dev/sdb".into(),
            at: "/mnt".into(),
            online: Some(true),
        }]);
        g.mounts.as_mut().unwrap().push(Mount {
            at: "/mnt".into(),
            ..Mount::default()
        });
        g.services
            .as_mut()
            .unwrap()
            .push(service("walinuxagent.service", Some(true)));
    };
    for code in ["DISKS", "MOUNTS", "SERVICES"] {
        let outcome = said(code, Spot::Azure, System::Linux, lent, |_| {});
        assert_eq!(outcome, Outcome::Same, "{code}");
    }
    let open = said(
        "DISKS",
        Spot::Azure,
        System::Linux,
        |g| g.temporary = None,
        |_| {},
    );
    assert!(is_unknown(&open));
}

#[test]
fn another_system_is_another_machine() {
    let compared = compare(
        &sure(&record(Spot::Home, sound(System::Windows))),
        &sound(System::Linux),
    );
    assert!(!compared.is_empty());
    for own in compared {
        assert!(is_unknown(&own.outcome), "{}: {:?}", own.code, own.outcome);
    }
}

#[test]
fn what_was_recorded_after_it_came_home_is_no_before() {
    let id = ArmId::parse("/subscriptions/s/replicationProtectedItems/i").unwrap();
    let mut records = Records::of(id, "web-01".into());
    let at = |second| jiff::Timestamp::from_second(second).unwrap();
    for (second, inside) in [(10, true), (20, false), (40, true)] {
        let mut own = record(Spot::Azure, sound(System::Linux));
        own.at = at(second);
        own.guest = own.guest.filter(|_| inside);
        records.add(own);
    }
    let found = |moved| records.before(moved).map(|b| (b.record.at, b.doubt));
    assert_eq!(found(Moved::Home(at(30))), Some((at(10), None)));
    assert_eq!(found(Moved::Away), Some((at(40), None)));
    assert_eq!(found(Moved::Home(at(5))), None);
}

#[test]
fn of_a_machine_protected_again_only_what_was_recorded_in_azure_is_a_before() {
    let id = ArmId::parse("/subscriptions/s/replicationProtectedItems/i").unwrap();
    let mut records = Records::of(id, "web-01".into());
    let mut add = |second, spot| {
        let mut own = record(spot, sound(System::Linux));
        own.at = jiff::Timestamp::from_second(second).unwrap();
        records.add(own);
        let before = records.before(Moved::NotTold).unwrap();
        let compared = compare(&before, &sound(System::Linux));
        let same = compared.iter().any(|own| own.outcome == Outcome::Same);
        (before.record.at.as_second(), same)
    };
    // At home, or nobody knows where: what is the same now may have been recorded now.
    assert_eq!(add(10, Spot::Home), (10, false));
    assert_eq!(add(20, Spot::Unknown), (20, false));
    assert_eq!(add(30, Spot::Azure), (30, true));
    assert_eq!(add(40, Spot::Home), (30, true));
    // What is lost is lost, whenever it was recorded.
    let doubtful = Before {
        record: &record(Spot::Home, sound(System::Linux)),
        doubt: Some("when it moved is not told".into()),
    };
    let now = Guest {
        host: "web-02".into(),
        ..sound(System::Linux)
    };
    assert!(is_lost(&compare(&doubtful, &now)[0].outcome));
}
