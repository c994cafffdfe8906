use super::super::advice;
use super::*;
use crate::domain::call::{ModernisedPoint, WayHome};
use crate::domain::plan::HyperVReturn;

fn home(way: WayHome) -> Change {
    Change::FailBack { item: id(), way }
}

#[test]
fn a_synchronisation_that_broke_off_forbids_to_boot_and_one_that_never_began_does_not() {
    let hyper_v = home(WayHome::HyperV(HyperVReturn::usual()));
    let check = |state| task("VmPfoPrerequisitesCheck", state, "");
    let brings = |state| task("VmPrepareForFailover", state, "");
    let told = |state, tasks| advice::of(&hyper_v, &job(state, tasks), &"web-01".into());
    for tasks in [
        vec![check(JobState::Succeeded), brings(JobState::Cancelled)],
        vec![check(JobState::Succeeded), brings(JobState::Succeeded)],
        // What it does not tell may have been that far.
        Vec::new(),
    ] {
        for state in [JobState::Cancelled, JobState::Failed] {
            let told = told(state, tasks.clone());
            assert!(told.contains("Do not boot web-01 at home"), "{told}");
            assert!(told.contains("Run the failback again"), "{told}");
        }
    }
    let early = vec![check(JobState::Failed), brings(JobState::NotStarted)];
    assert_eq!(told(JobState::Failed, early), "");
    let modernised = home(WayHome::Modernised(ModernisedPoint::CrashConsistent));
    for change in [fail_back(), modernised, commit()] {
        let failed = job(JobState::Failed, vec![brings(JobState::Failed)]);
        assert_eq!(advice::of(&change, &failed, &"web-01".into()), "");
    }
}

#[test]
fn a_failed_cancellation_is_repeated_with_what_support_asks_for_and_replication_stays() {
    let cancel = Change::CancelFailover { item: id() };
    let told = advice::of(
        &cancel,
        &job(JobState::Failed, Vec::new()),
        &"web-01".into(),
    );
    for part in [
        "again by hand",
        "job j-1",
        "activity id a-1",
        "Never disable",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}
