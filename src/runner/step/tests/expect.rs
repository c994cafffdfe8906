use super::super::expect::{Unready, ready as judged, same, shows};
use super::*;
use crate::domain::Retry;
use crate::domain::machine::Running;

#[test]
fn each_change_begins_in_its_own_state_and_in_no_other() {
    let all = [
        committed(),
        failed_over(),
        ready(),
        failed_back(),
        home(),
        replicating(),
    ];
    for (change, begins) in [
        (protect(), vec![committed(), failed_over()]),
        (fail_back(), vec![ready()]),
        (commit(), vec![failed_over(), failed_back()]),
        (to_azure(), vec![home()]),
    ] {
        for machine in &all {
            let sends = judged(machine, &[], &change).is_ok();
            assert_eq!(sends, begins.contains(machine), "{change:?} {machine:?}");
        }
    }
}

#[test]
fn each_change_shows_in_its_own_state_and_in_no_other() {
    let initial = |mut machine: Machine| {
        machine.stage = Stage::InitialSync;
        machine
    };
    let all = [
        committed(),
        failed_over(),
        ready(),
        initial(ready()),
        failed_back(),
        home(),
        replicating(),
        initial(replicating()),
    ];
    for (change, shown) in [
        (protect(), vec![ready(), initial(ready())]),
        (fail_back(), vec![failed_back(), home()]),
        (commit(), vec![committed(), home()]),
        (to_azure(), vec![replicating(), initial(replicating())]),
    ] {
        for machine in &all {
            let expected = shown.contains(machine);
            assert_eq!(shows(machine, &change), expected, "{change:?} {machine:?}");
        }
    }
}

#[test]
fn nothing_is_sent_to_a_busy_machine_whoever_keeps_it_busy() {
    let live = job(JobState::InProgress, Vec::new());
    let over = job(JobState::Succeeded, Vec::new());
    let mut elsewhere = live.clone();
    (elsewhere.target_id, elsewhere.target_name) = ("vm-2".into(), "sql-01".into());
    assert!(judged(&ready(), &[over, elsewhere], &fail_back()).is_ok());
    let refused = judged(&ready(), &[live], &fail_back());
    let Err(Unready::Refused(failure)) = refused else {
        panic!("{refused:?}");
    };
    assert!(failure.what.as_str().contains("a job runs on it already"));

    let mut running = ready();
    running.running = Some(Running {
        scenario: "UnplannedFailover".into(),
        job: None,
        since: None,
    });
    let refused = judged(&running, &[], &fail_back());
    assert!(matches!(refused, Err(Unready::Refused(_))), "{refused:?}");
}

#[test]
fn a_machine_that_offers_nothing_has_not_come_to_rest_and_one_that_offers_other_things_has() {
    let quiet = machine(Class::ClassicHome, Place::Azure, Stage::Protected, &[]);
    let Err(Unready::Unsettled(failure)) = judged(&quiet, &[], &fail_back()) else {
        panic!("it is sent");
    };
    assert_eq!(failure.retry, Retry::MayHelp);
    let other = ["RepairReplication"];
    let other = machine(Class::ClassicHome, Place::Azure, Stage::Protected, &other);
    let refused = judged(&other, &[], &fail_back());
    assert!(matches!(refused, Err(Unready::Refused(_))));
}

#[test]
fn protect_to_azure_is_no_way_to_commit() {
    let Err(Unready::Refused(failure)) = judged(&failed_back(), &[], &to_azure()) else {
        panic!("it is sent");
    };
    assert!(failure.what.as_str().contains("is not committed"));
    assert!(failure.advice.as_str().contains("Commit it first"));
}

#[test]
fn what_is_committed_already_is_not_committed_again() {
    for machine in [committed(), home()] {
        assert_eq!(judged(&machine, &[], &commit()), Err(Unready::Already));
    }
}

#[test]
fn a_machine_whose_place_is_not_known_is_not_committed() {
    let nowhere = Place::Unknown("?".into());
    let machine = machine(
        Class::ClassicHome,
        nowhere,
        Stage::CommitPending,
        &["Commit"],
    );
    assert!(matches!(
        judged(&machine, &[], &commit()),
        Err(Unready::Refused(_))
    ));
}

#[test]
fn what_was_confirmed_is_no_longer_so_once_anything_that_counts_moved() {
    assert!(same(&failed_back(), &failed_back()));
    assert!(!same(&failed_back(), &home()));
    assert!(!same(&failed_back(), &failed_over()));
    let mut other = failed_back();
    other.event_correlation_id = "e-2".into();
    assert!(!same(&failed_back(), &other));
    // Lists leave it out.
    other.event_correlation_id = "".into();
    assert!(same(&failed_back(), &other));
}
