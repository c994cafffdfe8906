//! Single fields that one of the sides does not tell, or tells otherwise.

use super::*;

fn on_both(code: &str, system: System, was: fn(&mut Guest), is: fn(&mut Guest)) -> Outcome {
    said(code, Spot::Home, system, was, is)
}

fn mount(at: &str, source: &str, kind: &str, id: &str) -> Option<Vec<Mount>> {
    Some(vec![Mount {
        at: at.into(),
        source: source.into(),
        kind: kind.into(),
        id: id.into(),
    }])
}

fn runs(running: Option<bool>) -> Option<Presence> {
    Some(Presence {
        installed: true,
        running,
    })
}

#[test]
fn a_field_that_one_side_does_not_tell_is_unknown() {
    type Change = fn(&mut Guest);
    let nothing: Change = |_| {};
    let no_id: Change = |g| g.mounts.as_mut().unwrap()[0].id = "".into();
    let no_disk_id: Change = |g| g.disks.as_mut().unwrap()[1].id = "".into();
    let no_length: Change = |g| {
        g.adapters = Some(vec![adapter("ens192", Lease::Fixed, "192.168.4.21")]);
    };
    let not_told: Change = |g| g.services = Some(vec![service("nginx", None)]);
    let cases: [(&str, Change, Change); 12] = [
        ("DISKS", nothing, |g| {
            g.disks.as_mut().unwrap()[1].online = None;
        }),
        ("DISKS", nothing, no_disk_id),
        ("DISKS", no_disk_id, nothing),
        ("MOUNTS", nothing, no_id),
        ("MOUNTS", no_id, nothing),
        // Another disk may be sdc now.
        ("MOUNTS", no_id, no_id),
        ("POST-02", nothing, no_length),
        ("POST-02", no_length, nothing),
        (
            "POST-01",
            |g| g.network_manager = runs(None),
            |g| {
                g.network_manager = runs(Some(false));
            },
        ),
        ("POST-01", nothing, |g| g.network_manager = runs(None)),
        ("SERVICES", not_told, |g| {
            g.services = Some(vec![service("nginx", Some(false))]);
        }),
        ("SERVICES", nothing, not_told),
    ];
    for (at, (code, was, is)) in cases.into_iter().enumerate() {
        let outcome = on_both(code, System::Linux, was, is);
        assert!(is_unknown(&outcome), "{at} {code}: {outcome:?}");
    }
}

#[test]
fn a_disk_is_missed_by_its_id_where_as_many_are_there_as_before() {
    // The temporary disk was copied home in the place of one that held data.
    let lent: fn(&mut Guest) = |g| {
        g.disks.as_mut().unwrap().push(disk("sdb", Some(true)));
        g.temporary = Some(vec![Temporary {
            disk: "/dev/sdb".into(),
            ..Temporary::default()
        }]);
    };
    let copied: fn(&mut Guest) = |g| {
        g.disks = Some(vec![disk("sda", Some(true)), disk("sdb", Some(true))]);
    };
    let outcome = said("DISKS", Spot::Azure, System::Linux, lent, copied);
    assert_eq!(
        outcome,
        Outcome::Lost(vec![Lost::DiskGone(disk("sdc", Some(true)))])
    );
    // Names change over a restart; ids do not.
    let renamed = linux("DISKS", |g| {
        for (disk, name) in g.disks.as_mut().unwrap().iter_mut().zip(["sdx", "sdy"]) {
            disk.name = name.into();
        }
    });
    assert_eq!(renamed, Outcome::Same);
    // None of them tells one: they are as many.
    let bare: fn(&mut Guest) = |g| {
        let all = g.disks.as_mut().unwrap();
        all.iter_mut().for_each(|d| d.id = "".into());
    };
    assert_eq!(on_both("DISKS", System::Linux, bare, bare), Outcome::Same);
}

#[test]
fn what_comes_over_a_network_is_told_by_where_it_comes_from() {
    let nas: fn(&mut Guest) = |g| g.mounts = mount("/srv", "nas:/srv", "nfs4", "");
    let judge = |is: fn(&mut Guest)| on_both("MOUNTS", System::Linux, nas, is);
    assert_eq!(judge(nas), Outcome::Same);
    let version = judge(|g| g.mounts = mount("/srv", "nas:/srv", "nfs", ""));
    assert_eq!(version, Outcome::Same);
    assert!(is_lost(&judge(
        |g| g.mounts = mount("/srv", "nas:/old", "nfs4", "")
    )));
    assert!(is_lost(&judge(
        |g| g.mounts = mount("/srv", "/dev/sdc1", "xfs", "")
    )));
}

#[test]
fn at_home_the_way_out_is_over_the_gateway_that_it_was() {
    let elsewhere: fn(&mut Guest) = |g| {
        g.routes.as_mut().unwrap()[0].gateway = "192.168.4.250".into();
    };
    let Outcome::Lost(all) = linux("ROUTES", elsewhere) else {
        panic!("another gateway is no loss")
    };
    let Lost::DefaultRoute { gateway, now, .. } = &all[0] else {
        panic!("{all:?}")
    };
    assert_eq!(
        (gateway.as_str(), now.as_str()),
        ("192.168.4.1", "192.168.4.250")
    );
}

#[test]
fn an_address_in_a_network_of_another_length_is_not_as_it_was() {
    for (code, system) in [("POST-02", System::Linux), ("POST-03", System::Windows)] {
        let outcome = on_both(
            code,
            system,
            |_| {},
            |g| g.adapters = Some(vec![adapter("ens192", Lease::Fixed, "192.168.4.21/32")]),
        );
        let Outcome::Lost(all) = outcome else {
            panic!("{outcome:?}")
        };
        assert!(
            matches!(&all[..], [Lost::Length(own, now)]
                if own.address.as_str() == "192.168.4.21/24" && now.as_str() == "192.168.4.21/32"),
            "{all:?}"
        );
    }
}
