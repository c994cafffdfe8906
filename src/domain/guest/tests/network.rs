//! What of the network is proposed at home is what the machine had there.

use super::*;
use crate::domain::Text;

fn server(adapter: &str, address: &str) -> NameServer {
    NameServer {
        adapter: adapter.into(),
        address: address.into(),
    }
}

fn way(gateway: &str) -> Route {
    Route {
        to: "default".into(),
        gateway: gateway.into(),
        adapter: "ens192".into(),
        fixed: true,
    }
}

/// Two adapters, each with name servers of its own.
fn two(g: &mut Guest) {
    let card = |name: &str, mac: &str, address: &str| Adapter {
        mac: mac.into(),
        ..adapter(name, Lease::Fixed, address)
    };
    g.adapters = Some(vec![
        card("LAN", "00:50:56:00:00:01", "10.0.0.4/24"),
        card("DMZ", "00:50:56:00:00:02", "172.16.0.4/24"),
    ]);
    g.name_servers = Some(vec![
        server("LAN", "10.0.0.5"),
        server("LAN", "10.0.0.6"),
        server("DMZ", "172.16.0.5"),
    ]);
}

fn renamed(g: &mut Guest) {
    two(g);
    let cards = g.adapters.as_mut().unwrap();
    cards[0].name = "Ethernet0".into();
    cards[1].name = "Ethernet1".into();
    cards[1].mac = "".into();
    for server in g.name_servers.as_mut().unwrap() {
        let lan = server.adapter.as_str() == "LAN";
        server.adapter = if lan { "Ethernet0" } else { "Ethernet1" }.into();
    }
}

fn found(outcome: Outcome) -> Vec<(String, Vec<String>, Vec<String>)> {
    let Outcome::Lost(all) = outcome else {
        panic!("{outcome:?}")
    };
    let words = |all: &[Text]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    let own = |lost: &Lost| match lost {
        Lost::NameServers {
            adapter,
            missing,
            all,
        } => (adapter.to_string(), words(missing), words(all)),
        other => panic!("{other:?}"),
    };
    all.iter().map(own).collect()
}

#[test]
fn name_servers_of_azures_network_are_not_proposed_at_home() {
    for spot in [Spot::Azure, Spot::Unknown] {
        let outcome = said(
            "DNS",
            spot,
            System::Windows,
            |g| g.name_servers = Some(vec![server("Ethernet", "10.8.0.5")]),
            |g| g.name_servers = Some(Vec::new()),
        );
        assert_eq!(found(outcome), [(String::new(), vec![], vec![])]);
    }
}

#[test]
fn name_servers_are_missed_by_the_adapter_that_asked_them_and_set_there_alone() {
    let judge = |is: fn(&mut Guest)| said("DNS", Spot::Home, System::Windows, two, is);
    assert_eq!(judge(two), Outcome::Same);
    let lan = |missing: &str| {
        let all = vec!["10.0.0.5".to_owned(), "10.0.0.6".to_owned()];
        ("LAN".to_owned(), vec![missing.to_owned()], all)
    };
    let one_gone: fn(&mut Guest) = |g| {
        two(g);
        g.name_servers.as_mut().unwrap().remove(0);
    };
    assert_eq!(found(judge(one_gone)), [lan("10.0.0.5")]);
    // Another adapter's is none of this one's.
    let moved: fn(&mut Guest) = |g| {
        two(g);
        g.name_servers.as_mut().unwrap()[0].adapter = "DMZ".into();
    };
    assert_eq!(found(judge(moved)), [lan("10.0.0.5")]);
    // An adapter under another name is known by its hardware address, or by its own address.
    assert_eq!(judge(renamed), Outcome::Same);
    let nobody_knows = judge(|g| {
        renamed(g);
        let bare = |name: &str| Adapter {
            name: name.into(),
            ..Adapter::default()
        };
        g.adapters = Some(vec![bare("Ethernet0"), bare("Ethernet1")]);
    });
    assert!(is_unknown(&nobody_knows), "{nobody_knows:?}");
    // Where the system names none, they are the whole machine's.
    let whole: fn(&mut Guest) = |g| {
        two(g);
        for server in g.name_servers.as_mut().unwrap() {
            server.adapter = "".into();
        }
    };
    assert_eq!(judge(whole), Outcome::Same);
}

#[test]
fn a_default_route_that_was_recorded_is_not_taken_for_a_strange_one() {
    let both: fn(&mut Guest) = |g| g.routes = Some(vec![way("10.0.0.1"), way("10.0.0.2")]);
    let judge = |is: fn(&mut Guest)| {
        let outcome = said("ROUTES", Spot::Home, System::Windows, both, is);
        let Outcome::Lost(all) = outcome else {
            panic!("{outcome:?}")
        };
        let own = |lost: &Lost| match lost {
            Lost::DefaultRoute { gateway, now, .. } => (gateway.to_string(), now.to_string()),
            other => panic!("{other:?}"),
        };
        all.iter().map(own).collect::<Vec<_>>()
    };
    let told = |gateway: &str, now: &str| (gateway.to_owned(), now.to_owned());
    let one = judge(|g| g.routes = Some(vec![way("10.0.0.2")]));
    assert_eq!(one, [told("10.0.0.1", "")]);
    let strange = judge(|g| g.routes = Some(vec![way("10.0.0.2"), way("10.0.0.9")]));
    assert_eq!(strange, [told("10.0.0.1", "10.0.0.9")]);
}

#[test]
fn what_routes_a_machine_had_at_home_is_not_known_from_a_record_of_azure() {
    for spot in [Spot::Azure, Spot::Unknown] {
        let outcome = said("ROUTES", spot, System::Linux, |_| {}, |_| {});
        assert!(is_unknown(&outcome), "{outcome:?}");
        let none = |g: &mut Guest| g.routes = Some(Vec::new());
        let outcome = said("ROUTES", spot, System::Linux, |_| {}, none);
        let Outcome::Lost(all) = outcome else {
            panic!("{outcome:?}")
        };
        // Neither gateway is known to be one at home.
        for lost in all {
            let (Lost::DefaultRoute { gateway, .. } | Lost::Route(Route { gateway, .. })) = lost
            else {
                panic!("{lost:?}")
            };
            assert_eq!(gateway.as_str(), "");
        }
    }
}
