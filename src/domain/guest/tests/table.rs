//! Every rule has a machine that is as it was, one that lost something, and one that does not tell.

use super::*;

type Change = fn(&mut Guest);

/// The rule, what is changed of the second look so that something is lost, and so that it is not known.
const CASES: &[(&str, Change, Change)] = &[
    ("HOST", |g| g.host = "db-07".into(), |g| g.host = "".into()),
    ("POST-03", by_dhcp, |g| g.adapters = None),
    ("POST-02", by_dhcp, |g| g.adapters = None),
    (
        "DNS",
        |g| g.name_servers = Some(Vec::new()),
        |g| g.name_servers = None,
    ),
    (
        "ROUTES",
        |g| g.routes.as_mut().unwrap().truncate(1),
        |g| g.routes = None,
    ),
    (
        "POST-01",
        |g| g.network_manager = Some(Presence::default()),
        |g| g.network_manager = None,
    ),
    (
        "DISKS",
        |g| g.disks.as_mut().unwrap().truncate(1),
        |g| g.disks = None,
    ),
    (
        "MOUNTS",
        |g| g.mounts = Some(Vec::new()),
        |g| g.mounts = None,
    ),
    ("X-9", |g| g.fstab = Some(Vec::new()), |g| g.fstab = None),
    (
        "PAGING",
        |g| g.paging = Some(Vec::new()),
        |g| g.paging = None,
    ),
    ("POST-04", not_running, |g| g.tools = None),
    ("POST-05", not_running, |g| g.tools = None),
    (
        "SERVICES",
        |g| g.services = Some(vec![service("nginx", Some(false))]),
        |g| g.services = None,
    ),
    ("SIZE", |g| g.cpus = Some(2), |g| g.cpus = None),
];

fn by_dhcp(g: &mut Guest) {
    g.adapters = Some(vec![adapter("ens192", Lease::Dhcp, "192.168.4.21/24")]);
}

fn not_running(g: &mut Guest) {
    g.tools = Some(Presence {
        installed: true,
        running: Some(false),
    });
}

#[test]
fn every_rule_has_a_machine_that_passes_one_that_fails_and_one_that_does_not_tell() {
    for rule in RULES {
        let case = CASES.iter().find(|(code, _, _)| *code == rule.code);
        let (code, lose, hide) = case.unwrap_or_else(|| panic!("{} has no case", rule.code));
        let systems = match rule.system {
            Some(system) => vec![system],
            None => vec![System::Windows, System::Linux],
        };
        for system in systems {
            let outcome = |change: &Change| said(code, Spot::Home, system, |_| {}, *change);
            let same: Change = |_| {};
            assert_eq!(outcome(&same), Outcome::Same, "{code} {system:?}");
            assert!(is_lost(&outcome(lose)), "{code} {system:?}");
            assert!(is_unknown(&outcome(hide)), "{code} {system:?}");
        }
    }
    for (code, _, _) in CASES {
        assert!(RULES.iter().any(|rule| rule.code == *code), "{code}");
    }
}

/// The requirements of what is lost inside a machine: each is compared by a rule.
#[test]
fn every_row_of_what_is_lost_on_the_way_has_its_rule() {
    for code in ["POST-01", "POST-02", "POST-03", "POST-04", "POST-05"] {
        assert!(RULES.iter().any(|rule| rule.code == code), "{code}");
    }
}

#[test]
fn a_machine_of_which_nothing_could_be_read_has_lost_nothing_and_is_as_it_was_in_nothing() {
    for system in [System::Windows, System::Linux] {
        let nothing = Guest {
            system,
            ..Guest::default()
        };
        for (before, now) in [(sound(system), nothing.clone()), (nothing, sound(system))] {
            for own in compare(&sure(&record(Spot::Home, before)), &now) {
                // That tools run is judged by what is there now alone.
                let told = matches!(own.code, "POST-04" | "POST-05") && now.tools.is_some();
                assert!(
                    told || is_unknown(&own.outcome),
                    "{}: {:?}",
                    own.code,
                    own.outcome
                );
            }
        }
    }
}
