//! Every change of every generation against every state of asr-rest.md 9.

use super::super::expect::{Unready, ready as judged, shows};
use super::*;
use crate::domain::Generation::{self, Classic, HyperV, Modernised};
use crate::domain::call::{
    HyperVAzureInput, ModernisedAzureInput, ModernisedInput, ModernisedPoint,
};
use crate::domain::plan::{AzureTarget, HyperVReturn};

/// The states by their rows: provider, place, stage, what is offered.
fn states() -> Vec<(&'static str, Machine)> {
    use Class::{HyperV as Hv, ModernisedHome as Back, ModernisedToAzure as Rcm};
    use Place::{Azure, OnPremises as Home};
    let other = |words: &str| Stage::Other(words.into());
    let row =
        |name, class, place, stage, offered: &[&str]| (name, machine(class, place, stage, offered));
    let over = [
        "Commit",
        "ChangePit",
        "SwitchProtection",
        "CompleteMigration",
    ];
    let back = ["Commit", "SwitchProtection", "CancelFailover"];
    let forward = ["UnplannedFailover", "DisableProtection", "TestFailover"];
    let planned = ["PlannedFailover", "UnplannedFailover", "TestFailover"];
    let initial = ["DisableProtection"];
    vec![
        row("rcm replicating", Rcm, Home, Stage::Protected, &forward),
        row(
            "rcm tested",
            Rcm,
            Home,
            Stage::Protected,
            &["TestFailoverCleanup"],
        ),
        row("rcm failed over", Rcm, Azure, Stage::CommitPending, &over),
        row(
            "rcm committed",
            Rcm,
            Azure,
            Stage::Committed,
            &["SwitchProtection"],
        ),
        row(
            "rcm reprotecting",
            Back,
            Azure,
            Stage::InitialSync,
            &initial,
        ),
        row(
            "rcm ready",
            Back,
            Azure,
            Stage::Protected,
            &["PlannedFailover"],
        ),
        row("rcm failed back", Back, Home, Stage::CommitPending, &back),
        row(
            "rcm cancel failed",
            Back,
            Azure,
            other("Cancelling failed"),
            &["CancelFailover"],
        ),
        row(
            "rcm home",
            Back,
            Home,
            Stage::Committed,
            &["SwitchProtection"],
        ),
        row(
            "rcm home unnamed",
            Back,
            Home,
            other("Third"),
            &["SwitchProtection"],
        ),
        row("hv replicating", Hv, Home, Stage::Protected, &planned),
        row(
            "hv failed over",
            Hv,
            Azure,
            Stage::CommitPending,
            &["Commit", "ChangePit"],
        ),
        row("hv committed", Hv, Azure, Stage::Committed, &["Failback"]),
        row(
            "hv sync cancelled",
            Hv,
            Azure,
            other("Cancelled"),
            &["Failback"],
        ),
        row(
            "hv failed back",
            Hv,
            Home,
            other("Failback completed"),
            &["Commit"],
        ),
        row(
            "hv finalize",
            Hv,
            Home,
            other("Failback completed"),
            &["FinalizeFailback"],
        ),
        row("hv home", Hv, Home, Stage::Committed, &["ReverseReplicate"]),
        row("hv initial", Hv, Home, Stage::InitialSync, &initial),
    ]
}

fn point() -> ArmId {
    ArmId::parse("/s/x/vaults/v/items/web-01/recoveryPoints/p-1").unwrap()
}

fn over(generation: Generation) -> Change {
    Change::FailOver {
        item: id(),
        generation,
        point: None,
        shut_down: true,
    }
}

/// Each change, where it begins, and where it shows.
fn changes() -> Vec<(Change, Vec<&'static str>, Vec<&'static str>)> {
    let item = id;
    let home = |way| Change::FailBack { item: id(), way };
    let azure = |input| Change::ProtectToAzure { item: id(), input };
    let target = |generation| Change::UpdateTarget {
        item: id(),
        generation,
        target: AzureTarget::default(),
    };
    let repoint = |generation| Change::ChangePoint {
        item: id(),
        generation,
        point: point(),
    };
    let test = |generation| Change::TestFailover {
        item: id(),
        generation,
        network: point(),
        point: None,
    };
    let protect = Change::Protect {
        item: id(),
        input: HomeInput::Modernised(ModernisedInput {
            reprotect_agent: "a".into(),
            datastore: "d".into(),
            log_storage: id(),
        }),
    };
    let modern = AzureInput::Modernised(ModernisedAzureInput {
        process_server: "p".into(),
        account: None,
        policy: id(),
    });
    let reverse = AzureInput::HyperV(HyperVAzureInput {
        host_vm: "vm".into(),
        vm_name: "web-01".into(),
        os: "Linux".into(),
        storage: None,
    });
    let crash = WayHome::Modernised(ModernisedPoint::CrashConsistent);
    let on_the_ground = vec![
        "hv replicating",
        "hv failed back",
        "hv finalize",
        "hv home",
        "hv initial",
    ];
    vec![
        (
            protect,
            vec!["rcm failed over", "rcm committed"],
            vec!["rcm reprotecting", "rcm ready"],
        ),
        (
            home(crash),
            vec!["rcm ready"],
            vec!["rcm failed back", "rcm home"],
        ),
        (
            home(WayHome::HyperV(HyperVReturn::usual())),
            vec!["hv committed", "hv sync cancelled"],
            on_the_ground,
        ),
        (
            Change::CancelFailover { item: item() },
            vec!["rcm failed back", "rcm cancel failed"],
            vec!["rcm ready"],
        ),
        (
            azure(modern),
            vec!["rcm home", "rcm home unnamed"],
            vec!["rcm replicating", "rcm tested"],
        ),
        (
            azure(reverse),
            vec!["hv home"],
            vec!["hv replicating", "hv initial"],
        ),
        (
            over(Modernised),
            vec!["rcm replicating"],
            vec!["rcm failed over", "rcm committed"],
        ),
        (
            over(HyperV),
            vec!["hv replicating"],
            vec!["hv failed over", "hv committed"],
        ),
        (over(Classic), Vec::new(), Vec::new()),
        (
            repoint(Modernised),
            vec!["rcm failed over"],
            vec!["rcm failed over", "rcm committed"],
        ),
        (
            repoint(HyperV),
            vec!["hv failed over"],
            vec!["hv failed over", "hv committed"],
        ),
        (
            test(Modernised),
            vec!["rcm replicating"],
            vec!["rcm tested"],
        ),
        (test(HyperV), vec!["hv replicating"], vec!["rcm tested"]),
        (target(Modernised), vec!["rcm replicating"], Vec::new()),
        (target(HyperV), vec!["hv replicating"], Vec::new()),
    ]
}

#[test]
fn each_change_begins_in_its_own_states_and_in_no_other() {
    for (change, begins, _) in changes() {
        for (name, machine) in states() {
            let sends = judged(&machine, &[], &change).is_ok();
            assert_eq!(sends, begins.contains(&name), "{change:?} {name}");
        }
    }
}

#[test]
fn each_change_shows_in_its_own_states_and_in_no_other() {
    for (change, _, shown) in changes() {
        if matches!(change, Change::UpdateTarget { .. }) {
            continue;
        }
        for (name, machine) in states() {
            let expected = shown.contains(&name);
            assert_eq!(shows(&machine, &change), expected, "{change:?} {name}");
        }
    }
}

#[test]
fn a_commit_begins_where_it_is_offered_and_shows_where_it_is_not_any_more() {
    for (name, machine) in states() {
        let offered = machine.next.offers(crate::domain::Verb::Commit);
        let sends = judged(&machine, &[], &commit()).is_ok();
        assert_eq!(sends, offered, "{name}");
        let committed = ["rcm committed", "rcm home", "rcm home unnamed"].contains(&name)
            || ["hv committed", "hv sync cancelled", "hv home"].contains(&name);
        assert_eq!(shows(&machine, &commit()), committed, "{name}");
    }
}

#[test]
fn a_test_is_cleaned_up_though_its_own_job_waits_for_that_and_beside_no_other_job() {
    let clean = Change::CleanUpTest {
        item: id(),
        comments: "".into(),
    };
    let (_, tested) = states().into_iter().nth(1).unwrap();
    let mut own = job(JobState::Suspended, Vec::new());
    own.scenario = "TestFailover".into();
    assert!(judged(&tested, std::slice::from_ref(&own), &clean).is_ok());
    let other = Job {
        scenario: "UnplannedFailover".into(),
        ..own
    };
    let refused = judged(&tested, &[other], &clean);
    assert!(matches!(refused, Err(Unready::Refused(_))), "{refused:?}");
}

#[test]
fn no_action_on_a_job_is_a_cancellation() {
    use crate::domain::call::JobAction;
    // A new action has to stand here, and must not be one.
    let all = |action: JobAction| match action {
        JobAction::Resume | JobAction::Restart => action,
    };
    for action in [all(JobAction::Resume), all(JobAction::Restart)] {
        let job = ArmId::parse("/s/x/vaults/v/replicationJobs/j-1").unwrap();
        let call = crate::azure::call_for(&Change::JobAction { job, action }, "1");
        assert!(!call.path.to_lowercase().contains("cancel"), "{call}");
    }
}
