//! Who is sent on which errand.

use std::collections::BTreeSet;

use super::table::rows;
use super::{Does, Errand, Left, aftermath};
use crate::domain::plan::{
    Failover, HyperVReturn, Intent, Recovered, Recovery, Selected, Selection, Wave,
};
use crate::domain::{ArmId, Class, Machine, Place, Stage};
use crate::readiness::tests::scene::{id, machine, vm_id};

fn own() -> Selection {
    Selection {
        machines: vec![Selected {
            id: id("a"),
            name: "a".into(),
        }],
    }
}

fn fail_back(hyper_v: Option<HyperVReturn>) -> Intent {
    let own = Recovered {
        hyper_v,
        ..Recovered::new(id("a"), "a".into())
    };
    Intent::FailBack(Recovery::new(vec![Wave::of(vec![own])]))
}

fn fail_over() -> Intent {
    Intent::FailOver(Failover::new(Vec::new()))
}

fn at_home(class: Class, os: &str) -> Machine {
    Machine {
        os: os.into(),
        azure_vm: Some(vm_id("a")),
        ..machine(class, Place::OnPremises, Stage::CommitPending, "Commit")
    }
}

fn in_azure(class: Class, os: &str) -> Machine {
    Machine {
        place: Place::Azure,
        ..at_home(class, os)
    }
}

fn codes(errands: &[Errand]) -> BTreeSet<&'static str> {
    errands.iter().map(|errand| errand.code).collect()
}

fn set(codes: &[&'static str]) -> BTreeSet<&'static str> {
    codes.iter().copied().collect()
}

#[test]
fn every_rule_of_what_comes_afterwards_stands_in_the_table() {
    let all: BTreeSet<_> = rows().map(|row| row.code).collect();
    let wanted = [
        "RECORD", "POST-01", "POST-02", "POST-03", "POST-04", "POST-05", "MOD-06", "AZVM-06",
        "AZVM-07", "X-9", "FWD-10", "FWD-11", "HV-19", "HV-20", "HV-21", "COM-01", "COM-03",
        "RPA-01", "FB-08",
    ];
    for code in wanted {
        assert!(all.contains(code), "{code}");
    }
}

#[test]
fn every_errand_has_words_a_source_and_is_for_somebody() {
    for row in rows() {
        let code = row.code;
        assert!(!row.title.is_empty() && !row.title.ends_with('.'), "{code}");
        assert!(row.look.ends_with('.'), "{code}");
        assert!(!row.sources.is_empty(), "{code}");
        assert!(
            !row.left.is_empty() && !row.generations.is_empty(),
            "{code}"
        );
        for (_, at, _, line) in row.commands {
            assert!(!at.is_empty() && !line.trim().is_empty(), "{code}");
            assert!(!line.contains('\n'), "{code}");
        }
    }
}

/// Those that tell of one look, and have nothing to type.
const WITHOUT_COMMANDS: &[&str] = &["COM-03", "ONP-03"];

#[test]
fn whoever_looks_has_a_command_to_look_with_and_one_to_repair() {
    for row in rows() {
        let none = row.commands.is_empty();
        assert_eq!(none, WITHOUT_COMMANDS.contains(&row.code), "{}", row.code);
    }
    for code in [
        "POST-01", "POST-02", "POST-03", "POST-04", "POST-05", "X-9", "MOD-06",
    ] {
        for row in rows().filter(|row| row.code == code) {
            for does in [Does::Look, Does::Repair] {
                let any = row.commands.iter().any(|(_, _, d, _)| *d == does);
                assert!(any, "{code} {does:?}");
            }
        }
    }
}

#[test]
fn a_machine_that_came_home_is_looked_at_by_its_generation_and_system_and_nothing_else() {
    let table: [(Class, &str, &[&str]); 6] = [
        (
            Class::ClassicHome,
            "Windows",
            &[
                "COM-03", "FB-08", "RECORD", "POST-03", "POST-04", "COM-01", "RPA-01",
            ],
        ),
        (
            Class::ClassicHome,
            "LINUX",
            &[
                "COM-03", "FB-08", "RECORD", "POST-01", "POST-02", "POST-05", "COM-01", "RPA-01",
            ],
        ),
        (
            Class::ModernisedHome,
            "Windows",
            &[
                "COM-03", "FB-08", "RECORD", "POST-04", "X-9", "MOD-06", "COM-01", "RPA-01",
            ],
        ),
        (
            Class::ModernisedHome,
            "Linux",
            &[
                "COM-03", "FB-08", "RECORD", "POST-01", "POST-05", "X-9", "MOD-06", "COM-01",
                "RPA-01",
            ],
        ),
        (
            Class::HyperV,
            "Windows",
            &["HV-19", "FB-08", "HV-20", "HV-21"],
        ),
        (
            Class::HyperV,
            "Linux",
            &["HV-19", "FB-08", "HV-20", "HV-21"],
        ),
    ];
    for (class, os, expected) in table {
        let machine = at_home(class.clone(), os);
        for intent in [
            fail_back(None),
            Intent::Complete(own()),
            Intent::Commit(own()),
        ] {
            let found = aftermath(&intent, &machine);
            assert_eq!(codes(&found), set(expected), "{class:?} {os}");
        }
    }
}

#[test]
fn a_machine_whose_system_is_not_told_is_looked_at_as_both() {
    let found = aftermath(&fail_back(None), &at_home(Class::ClassicHome, ""));
    let found = codes(&found);
    assert!(found.contains("POST-03") && found.contains("POST-02"));
}

#[test]
fn in_azure_it_is_reached_and_tried_and_only_a_classic_windows_loses_its_temporary_disk() {
    let windows = aftermath(&fail_over(), &in_azure(Class::ClassicToAzure, "Windows"));
    assert_eq!(
        codes(&windows),
        set(&["FWD-10", "FWD-11", "AZVM-06", "AZVM-07"])
    );
    for (class, os) in [
        (Class::ClassicToAzure, "Linux"),
        (Class::ModernisedToAzure, "Windows"),
        (Class::HyperV, "Windows"),
    ] {
        let found = aftermath(&fail_over(), &in_azure(class.clone(), os));
        assert_eq!(codes(&found), set(&["FWD-10", "FWD-11"]), "{class:?} {os}");
    }
    let commit = aftermath(
        &Intent::Commit(own()),
        &in_azure(Class::ModernisedToAzure, "Linux"),
    );
    assert_eq!(codes(&commit), set(&["FWD-10", "FWD-11"]));
}

#[test]
fn another_host_is_looked_at_for_its_switch() {
    let other = HyperVReturn {
        host: ArmId::parse("/s/replicationRecoveryServicesProviders/b"),
        ..HyperVReturn::usual()
    };
    let machine = at_home(Class::HyperV, "Windows");
    let found = aftermath(&fail_back(Some(other)), &machine);
    assert!(codes(&found).contains("HV-23"));
    let found = aftermath(&fail_back(Some(HyperVReturn::usual())), &machine);
    assert!(!codes(&found).contains("HV-23"));
}

#[test]
fn nobody_is_sent_on_an_errand_that_is_not_known_to_be_theirs() {
    let other = at_home(Class::of("A2A"), "Windows");
    assert!(aftermath(&fail_back(None), &other).is_empty());
    let mut nowhere = at_home(Class::ClassicHome, "Windows");
    nowhere.place = Place::Unknown("two things".into());
    assert!(aftermath(&Intent::Commit(own()), &nowhere).is_empty());
    let cleaned = at_home(Class::ClassicToAzure, "Windows");
    assert!(aftermath(&Intent::CleanUpTest(own()), &cleaned).is_empty());
}

#[test]
fn every_place_where_a_machine_is_left_has_errands() {
    for left in [
        Left::Home,
        Left::Azure,
        Left::Test,
        Left::ReplicatingHome,
        Left::ReplicatingToAzure,
        Left::TakenBack,
    ] {
        assert!(rows().any(|row| row.left.contains(&left)), "{left:?}");
    }
}

#[test]
fn a_name_is_never_a_command() {
    for name in ["a'; rm -rf / #", "$(reboot)", "-x", "a b", "büro", ""] {
        let mut machine = at_home(Class::HyperV, "Windows");
        machine.name = name.into();
        machine.azure_vm = ArmId::parse(&format!("/subscriptions/s/vms/x{name}"));
        for errand in aftermath(&fail_back(None), &machine) {
            for command in errand.commands {
                let line = &command.line;
                assert!(
                    !line.contains("rm -rf") && !line.contains("reboot"),
                    "{line}"
                );
                assert!(!line.contains('{'), "{line}");
            }
        }
    }
    let found = aftermath(&fail_back(None), &at_home(Class::HyperV, "Windows"));
    let named = found.iter().flat_map(|e| &e.commands);
    assert!(named.clone().any(|c| c.line.contains("-Name 'a'")));
    assert!(named.clone().any(|c| c.line.contains("virtualMachines/a")));
}

#[test]
fn what_the_plan_saw_to_itself_is_no_errand_any_more() {
    use crate::readiness::tests::scene::Scene;
    let machine = in_azure(Class::ClassicHome, "Windows");
    let found = |offline_temporary| {
        let mut scene = Scene::protect();
        scene.protection(|p| p.machines[0].offline_temporary = offline_temporary);
        codes(&aftermath(scene.plan.intent(), &machine))
    };
    for code in ["AZVM-06", "AZVM-07"] {
        assert!(found(false).contains(code), "{code}");
        assert!(!found(true).contains(code), "{code}");
    }
    assert!(found(true).contains("ONP-03"));
}

#[test]
fn after_the_commit_nobody_is_told_to_look_before_it_or_to_switch_off_what_is_gone() {
    for class in [Class::ClassicHome, Class::ModernisedHome, Class::HyperV] {
        let pending = at_home(class.clone(), "Windows");
        let committed = Machine {
            stage: Stage::Committed,
            ..pending.clone()
        };
        let repairs = |machine: &Machine| {
            let all = aftermath(&fail_back(None), machine);
            let off = all.into_iter().find(|errand| errand.code == "FB-08");
            let commands = off.unwrap().commands;
            commands.iter().filter(|c| c.does == Does::Repair).count()
        };
        assert_eq!(
            (repairs(&pending), repairs(&committed)),
            (1, 0),
            "{class:?}"
        );
        let before = |machine: &Machine| {
            let all = aftermath(&fail_back(None), machine);
            all.iter()
                .filter(|e| e.look.contains("Commit only then"))
                .count()
        };
        assert_eq!((before(&pending), before(&committed)), (1, 0), "{class:?}");
    }
}
