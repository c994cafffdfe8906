//! Under every way in which the service may differ from what is recorded, the whole circle ends right.

use failback::domain::StepKind as K;
use failback::domain::run::{Closing, End, Topic};
use failback::simulator::Quirk;

use crate::lab::Lab;
use crate::run::*;

const NAME: &str = "web-03";

/// The circle: protect, fail back, commit, protect to Azure; each call once.
async fn circle(quirk: Quirk) {
    let lab = Lab::wanted().quirk(quirk).speed(2000.0).start().await;
    let came = carry_out(&lab, &protect(&lab, &[NAME]).await, async |_| None).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{quirk}: {}", came.story());

    let home = bring_home(&lab, &[&[NAME]]).await;
    let came = carry_out(&lab, &home, async |q| match q.topic {
        Topic::Waiting if quirk == Quirk::SuspendedUnnamed => says(q, "resume"),
        _ => agrees(q),
    })
    .await;
    let story = || format!("{quirk}: {}", came.story());
    let mut calls = vec!["reProtect", "unplannedFailover"];
    if quirk == Quirk::SuspendedUnnamed {
        calls.push("resume");
    }
    if quirk == Quirk::TasksSkipped {
        // Azure left its VM running, and what it skipped is not passed over.
        assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", story());
        let words = came.amber(NAME, K::FailBack).join("; ");
        assert!(words.contains("did not shut its VM down"), "{words}");
        assert!(words.contains("did not synchronise"), "{words}");
        let words = came.amber(NAME, K::VerifyAzureOff).join("; ");
        assert!(words.contains("was switched off"), "{words}");
        calls.push("deallocate");
    } else {
        assert_eq!(came.closing, Ok(Closing::Done), "{}", story());
    }
    assert_eq!(came.end(NAME, K::Commit), End::Done, "{}", story());
    let at_home = ("on-prem".to_owned(), "Failed back, committed".to_owned());
    assert_eq!(shown(&lab, NAME).await, at_home, "{quirk}");
    assert_eq!(lab.guest(NAME).await["lost_mb"], 0.0, "{quirk}");

    let away = to_azure(&lab, &[NAME]).await;
    let came = carry_out(&lab, &away, async |_| None).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{quirk}: {}", came.story());
    calls.extend(["failoverCommit", "reProtect"]);
    // Sent again by itself where the agent had not registered yet.
    let attempts = came.run().machines[0]
        .step(K::ProtectToAzure)
        .unwrap()
        .attempts;
    calls.extend((1..attempts).map(|_| "reProtect"));
    assert!(came.asked().is_empty(), "{quirk}");
    let away = ("on-prem".to_owned(), "Replicating to Azure".to_owned());
    assert_eq!(shown(&lab, NAME).await, away, "{quirk}");
    assert_eq!(sent(&lab).await, calls, "{quirk}");
}

/// Every quirk of what classic machines meet has a test of its own name; none is left out.
macro_rules! under {
    ($($name:ident: $quirk:ident),* $(,)?) => {
        $(
            #[tokio::test]
            async fn $name() {
                circle(Quirk::$quirk).await;
            }
        )*

        #[test]
        fn no_quirk_is_left_out() {
            let tested = [$(Quirk::$quirk),*];
            let mut all = Quirk::ALL.iter().filter(|quirk| quirk.concerns_classic());
            assert!(all.all(|quirk| tested.contains(quirk)));
        }
    };
}

under! {
    the_circle_ends_right_when_the_scenario_shows_late: ScenarioLate,
    the_circle_ends_right_when_the_scenario_never_shows: ScenarioNever,
    the_circle_ends_right_when_jobs_are_listed_late: JobsListedLate,
    the_circle_ends_right_when_lists_name_no_activity: ActivityNullInLists,
    the_circle_ends_right_when_a_child_job_has_its_parents_id: ChildJobSameId,
    the_circle_ends_right_when_an_item_vanishes_for_a_moment: IdsNew404Briefly,
    the_circle_ends_right_and_amber_when_tasks_are_skipped: TasksSkipped,
    the_circle_ends_right_when_the_item_follows_its_job_late: StateBehindJob,
    the_circle_ends_right_when_every_job_offers_cancel: CancelOnEveryJob,
    the_circle_ends_right_when_a_busy_item_answers_409: Busy409,
    the_circle_ends_right_when_a_busy_item_answers_400: Busy400,
    the_circle_ends_right_when_a_busy_item_fails_the_job: BusyFails,
    the_circle_ends_right_with_two_failback_policies: TwoPolicies,
    the_circle_ends_right_with_policies_that_differ_by_name_only: PoliciesAlike,
    the_circle_ends_right_when_the_lag_was_computed_long_ago: RpoComputedLate,
    the_circle_ends_right_when_a_job_waits_in_words_that_nobody_knows: SuspendedUnnamed,
    the_circle_ends_right_beside_a_master_target_without_datastores: MtWithoutDatastores,
    the_circle_ends_right_with_old_heartbeats: OldHeartbeats,
    the_circle_ends_right_when_recovery_points_lie_about_the_zone: RecoveryPointsHoursOff,
    the_circle_ends_right_when_the_agent_registers_late: AgentRegistersLate,
}
