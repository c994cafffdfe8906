//! Under every way in which the service may differ from what is recorded, machines of the other
//! generations come home and go back right.

use failback::domain::StepKind as K;
use failback::domain::plan::{AzurePoint, AzureTarget};
use failback::domain::run::{Answer, Closing, End, Question, Topic};
use failback::simulator::Quirk;

use crate::lab::Lab;
use crate::run::{Came, agrees, carry_out, nothing_twice, says, sent, shown};
use crate::run_plans::*;

const APP: &str = "app-01";
const HOST: &str = "hv-dc-02";

async fn lab(quirk: Quirk) -> Lab {
    Lab::wanted().quirk(quirk).speed(2000.0).start().await
}

/// Somebody who wants the circle, and lets a job go on that waits in words that nobody knows.
fn goes_on(question: &Question) -> Option<Answer> {
    match question.topic {
        Topic::Waiting => says(question, "resume"),
        Topic::Cancel => says(question, "cancel"),
        _ => agrees(question),
    }
}

fn done(came: &Came, quirk: Quirk) {
    assert_eq!(came.closing, Ok(Closing::Done), "{quirk}: {}", came.story());
}

/// A modernised machine: a failback that fails and takes itself back, one that is taken back by a
/// person, one that stays, and protection to Azure.
async fn modernised(quirk: Quirk) {
    let lab = lab(quirk).await;
    lab.fault("JOB app-01/plannedFailover 8038").await;
    let home = fail_back(&lab, &[&[APP]]).await;
    let came = carry_out(&lab, &home, async |q| match q.topic {
        Topic::Failed => {
            let told = words(q);
            let back = told.contains("took the failed failover back by itself");
            assert!(back, "{quirk}: {told}");
            says(q, "retry")
        }
        Topic::Survivor => says(q, "leave"),
        _ => goes_on(q),
    })
    .await;
    assert_eq!(
        came.closing,
        Ok(Closing::DoneBut),
        "{quirk}: {}",
        came.story()
    );
    assert_eq!(came.end(APP, K::VerifyAzureOff), End::Done, "{quirk}");

    let came = carry_out(&lab, &cancel(&lab, APP).await, async |q| goes_on(q)).await;
    done(&came, quirk);
    let back = ("Azure".to_owned(), "Replicating home".to_owned());
    assert_eq!(shown(&lab, APP).await, back, "{quirk}");

    let came = carry_out(&lab, &home, async |q| goes_on(q)).await;
    done(&came, quirk);
    assert_eq!(shown(&lab, APP).await.0, "on-prem", "{quirk}");
    assert_eq!(lab.guest(APP).await["lost_mb"], 0.0, "{quirk}");

    let came = carry_out(&lab, &to_azure(&lab, APP).await, async |q| {
        panic!("{quirk}: {}", words(q))
    })
    .await;
    done(&came, quirk);
    let away = ("on-prem".to_owned(), "Replicating to Azure".to_owned());
    assert_eq!(shown(&lab, APP).await, away, "{quirk}");

    let waits = quirk == Quirk::SuspendedUnnamed;
    let failover = if waits {
        &["plannedFailover", "resume"][..]
    } else {
        &["plannedFailover"]
    };
    let mut calls = vec![];
    calls.extend(failover);
    calls.extend(failover);
    calls.push("failoverCancel");
    calls.extend(failover);
    calls.extend(["failoverCommit", "reProtect"]);
    // Sent again by itself where the agent had not registered yet.
    let run = came.run();
    let step = run.machines[0].step(K::ProtectToAzure).unwrap();
    calls.extend((1..step.attempts).map(|_| "reProtect"));
    assert_eq!(sent(&lab).await, calls, "{quirk}");
    no_job_was_cancelled(&lab).await;
}

/// A Hyper-V machine: home with the synchronisation before, and protection to Azure.
async fn hyper_v_machine(quirk: Quirk) {
    let lab = lab(quirk).await;
    let name = match quirk {
        Quirk::ManagedDisksReturn => "hv-files",
        _ => HOST,
    };
    let home = fail_back(&lab, &[&[name]]).await;
    let came = carry_out(&lab, &home, async |q| {
        if quirk == Quirk::HypervActiveLate && q.topic == Topic::Commit {
            // Though Azure shows it as active there: this run brought it home.
            let told = words(q);
            assert!(told.contains("Commit the failback"), "{told}");
            assert!(told.contains("delete its VM"), "{told}");
        }
        agrees(q)
    })
    .await;
    let story = || format!("{quirk}: {}", came.story());
    match quirk {
        // It came home before its turn, or is shown as elsewhere: not green.
        Quirk::HypervNeverWaits => {
            assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", story());
            let told = came.amber(name, K::Synchronise).join(" ");
            assert!(told.contains("did not wait"), "{told}");
            let told = came.amber(name, K::Complete).join(" ");
            assert!(told.contains("nothing was sent"), "{told}");
        }
        Quirk::HypervActiveLate => {
            assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", story());
            let told = came.amber(name, K::Complete).join(" ");
            assert!(told.contains("still shown as: Azure"), "{told}");
        }
        _ => done(&came, quirk),
    }
    assert_eq!(came.end(name, K::Commit), End::Done, "{}", story());
    assert_eq!(shown(&lab, name).await.0, "on-prem", "{quirk}");
    let guest = lab.guest(name).await;
    assert_eq!(guest["site_disks"], "whole", "{quirk}");
    assert_eq!(guest["lost_mb"], 0.0, "{quirk}");

    let came = carry_out(&lab, &to_azure(&lab, name).await, async |q| {
        panic!("{quirk}: {}", words(q))
    })
    .await;
    done(&came, quirk);
    let away = ("on-prem".to_owned(), "Replicating to Azure".to_owned());
    assert_eq!(shown(&lab, name).await, away, "{quirk}");
    let mut calls = vec!["plannedFailover", "resume", "failoverCommit", "reProtect"];
    if quirk == Quirk::HypervNeverWaits {
        calls.remove(1);
    }
    assert_eq!(sent(&lab).await, calls, "{quirk}");
    nothing_twice(&lab).await;
    no_job_was_cancelled(&lab).await;
}

/// To Azure, with the newest point that is there.
async fn to_azure_with_a_point(quirk: Quirk) {
    for name in ["mail-01", "app-06", "hv-web"] {
        let lab = lab(quirk).await;
        let target = AzureTarget {
            size: Some("Standard_E4s_v5".into()),
            ..AzureTarget::default()
        };
        let plan = fail_over(&lab, name, AzurePoint::LatestProcessed, target).await;
        let came = carry_out(&lab, &plan, async |q| agrees(q)).await;
        let closing = match (quirk, name) {
            // A planned failover of Hyper-V has no such task to skip.
            (Quirk::TasksSkipped, "mail-01" | "app-06") => Closing::DoneBut,
            _ => Closing::Done,
        };
        assert_eq!(
            came.closing,
            Ok(closing),
            "{quirk} {name}: {}",
            came.story()
        );
        assert_eq!(shown(&lab, name).await.0, "Azure", "{quirk}");
        assert_eq!(sent(&lab).await.len(), 3, "{quirk}");
        nothing_twice(&lab).await;
    }
}

/// The test of each quirk by its name, and that none is left out of what concerns it.
macro_rules! under {
    ($way:ident, $concerns:ident, $all:ident: $($name:ident: $quirk:ident),* $(,)?) => {
        mod $all {
            use super::*;
            $(
                #[tokio::test]
                async fn $name() {
                    super::$way(Quirk::$quirk).await;
                }
            )*

            #[test]
            fn no_quirk_is_left_out() {
                let tested = [$(Quirk::$quirk),*];
                let mut all = Quirk::ALL.iter().filter(|quirk| super::$concerns(**quirk));
                assert!(all.all(|quirk| tested.contains(quirk)));
            }
        }
    };
}

/// What a modernised machine meets on its way home and back.
fn concerns_modernised(quirk: Quirk) -> bool {
    !matches!(
        quirk,
        Quirk::TasksSkipped
            | Quirk::TwoPolicies
            | Quirk::PoliciesAlike
            | Quirk::MtWithoutDatastores
            | Quirk::RecoveryPointsHoursOff
            | Quirk::RpoComputedLate
            | Quirk::TestFailoverWaits
            | Quirk::HypervNeverWaits
            | Quirk::HypervAlwaysWaits
            | Quirk::CancelledSyncStays
            | Quirk::HypervActiveLate
            | Quirk::FinalizeFailback
            | Quirk::ReverseSynchronises
            | Quirk::ManagedDisksReturn
    )
}

fn concerns_hyper_v(quirk: Quirk) -> bool {
    !matches!(
        quirk,
        Quirk::TasksSkipped
            | Quirk::TwoPolicies
            | Quirk::PoliciesAlike
            | Quirk::MtWithoutDatastores
            | Quirk::RecoveryPointsHoursOff
            | Quirk::RpoComputedLate
            | Quirk::TestFailoverWaits
            | Quirk::AgentRegistersLate
            | Quirk::ModernCommitDeletes
            | Quirk::PlannedStatusCancelled
            | Quirk::ProgressSilent
    )
}

/// What is met on the way to Azure alone, or otherwise than on the way home.
fn concerns_the_way_to_azure(quirk: Quirk) -> bool {
    matches!(
        quirk,
        Quirk::TasksSkipped
            | Quirk::RecoveryPointsHoursOff
            | Quirk::StateBehindJob
            | Quirk::JobsListedLate
            | Quirk::RpoComputedLate
    )
}

under! {
    modernised, concerns_modernised, of_modernised_machines:
    the_circle_ends_right_when_the_scenario_shows_late: ScenarioLate,
    the_circle_ends_right_when_the_scenario_never_shows: ScenarioNever,
    the_circle_ends_right_when_jobs_are_listed_late: JobsListedLate,
    the_circle_ends_right_when_lists_name_no_activity: ActivityNullInLists,
    the_circle_ends_right_when_a_child_job_has_its_parents_id: ChildJobSameId,
    the_circle_ends_right_when_an_item_vanishes_for_a_moment: IdsNew404Briefly,
    the_circle_ends_right_when_the_item_follows_its_job_late: StateBehindJob,
    the_circle_ends_right_when_every_job_offers_cancel: CancelOnEveryJob,
    the_circle_ends_right_when_a_busy_item_answers_409: Busy409,
    the_circle_ends_right_when_a_busy_item_answers_400: Busy400,
    the_circle_ends_right_when_a_busy_item_fails_the_job: BusyFails,
    the_circle_ends_right_with_old_heartbeats: OldHeartbeats,
    the_circle_ends_right_when_a_job_waits_in_words_that_nobody_knows: SuspendedUnnamed,
    the_circle_ends_right_when_the_agent_registers_late: AgentRegistersLate,
    the_circle_ends_right_when_states_have_words_that_nobody_knows: StatesUnknown,
    the_circle_ends_right_when_the_commit_deletes_the_azure_vm: ModernCommitDeletes,
    the_circle_ends_right_when_a_failed_failover_is_told_as_cancelled: PlannedStatusCancelled,
    the_circle_ends_right_when_a_synchronisation_tells_nothing: ProgressSilent,
}

under! {
    hyper_v_machine, concerns_hyper_v, of_hyper_v_machines:
    the_circle_ends_right_when_the_scenario_shows_late: ScenarioLate,
    the_circle_ends_right_when_the_scenario_never_shows: ScenarioNever,
    the_circle_ends_right_when_jobs_are_listed_late: JobsListedLate,
    the_circle_ends_right_when_lists_name_no_activity: ActivityNullInLists,
    the_circle_ends_right_when_a_child_job_has_its_parents_id: ChildJobSameId,
    the_circle_ends_right_when_an_item_vanishes_for_a_moment: IdsNew404Briefly,
    the_circle_ends_right_when_the_item_follows_its_job_late: StateBehindJob,
    the_circle_ends_right_when_every_job_offers_cancel: CancelOnEveryJob,
    the_circle_ends_right_when_a_busy_item_answers_409: Busy409,
    the_circle_ends_right_when_a_busy_item_answers_400: Busy400,
    the_circle_ends_right_when_a_busy_item_fails_the_job: BusyFails,
    the_circle_ends_right_with_old_heartbeats: OldHeartbeats,
    the_circle_ends_right_when_a_job_waits_in_words_that_nobody_knows: SuspendedUnnamed,
    the_circle_ends_right_when_states_have_words_that_nobody_knows: StatesUnknown,
    the_circle_ends_right_and_amber_when_the_job_does_not_wait: HypervNeverWaits,
    the_circle_ends_right_when_every_failback_waits: HypervAlwaysWaits,
    the_circle_ends_right_when_a_cancelled_synchronisation_leaves_a_state: CancelledSyncStays,
    the_circle_ends_right_and_amber_when_azure_shows_it_as_active_there: HypervActiveLate,
    the_circle_ends_right_when_commit_goes_by_another_name: FinalizeFailback,
    the_circle_ends_right_when_the_way_back_synchronises: ReverseSynchronises,
    the_circle_ends_right_with_managed_disks_where_they_return: ManagedDisksReturn,
}

under! {
    to_azure_with_a_point, concerns_the_way_to_azure, on_the_way_to_azure:
    it_ends_right_and_amber_when_tasks_are_skipped: TasksSkipped,
    it_ends_right_when_recovery_points_lie_about_the_zone: RecoveryPointsHoursOff,
    it_ends_right_when_the_item_follows_its_job_late: StateBehindJob,
    it_ends_right_when_jobs_are_listed_late: JobsListedLate,
    it_ends_right_when_the_lag_was_computed_long_ago: RpoComputedLate,
}

/// A full download that waits is no synchronisation that is completed by its wave: a person is asked.
#[tokio::test]
async fn a_full_download_that_waits_asks_a_person() {
    let lab = lab(Quirk::HypervAlwaysWaits).await;
    let plan = hyper_v(&lab, HOST, full_download()).await;
    let mut asked = 0;
    let came = carry_out(&lab, &plan, async |q| {
        if q.topic == Topic::Waiting {
            asked += 1;
        }
        goes_on(q)
    })
    .await;
    done(&came, Quirk::HypervAlwaysWaits);
    assert_eq!(asked, 1);
    assert_eq!(
        sent(&lab).await,
        ["plannedFailover", "resume", "failoverCommit"]
    );
}

#[test]
fn every_quirk_concerns_somebody() {
    let somebody = |quirk: Quirk| {
        quirk.concerns_classic()
            || concerns_modernised(quirk)
            || concerns_hyper_v(quirk)
            || concerns_the_way_to_azure(quirk)
            // A test of a test failover has it, for each generation.
            || quirk == Quirk::TestFailoverWaits
    };
    assert!(Quirk::ALL.iter().all(|quirk| somebody(*quirk)));
}
