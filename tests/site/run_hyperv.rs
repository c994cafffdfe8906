//! Hyper-V machines, carried out: both ways of their synchronisation, the same host and another.

use failback::domain::StepKind as K;
use failback::domain::run::{Answer, Closing, End, Question, Record, Topic};
use serde_json::{Value, json};

use crate::lab::Lab;
use crate::run::{
    Book, Came, agrees, carry_out, carry_out_in, item, nothing_twice, says, sent, shown,
};
use crate::run_plans::*;

const NAME: &str = "hv-dc-02";

async fn contoso() -> Lab {
    Lab::wanted().speed(2000.0).start().await
}

fn is(place: &str, state: &str) -> (String, String) {
    (place.into(), state.into())
}

#[tokio::test]
async fn what_synchronises_first_waits_is_completed_once_and_goes_the_whole_circle() {
    for name in [NAME, "hq-sql"] {
        let lab = contoso().await;
        let home = fail_back(&lab, &[&[name]]).await;
        let came = carry_out(&lab, &home, async |q| agrees(q)).await;
        assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
        for step in [K::Synchronise, K::Door, K::Complete, K::VerifyAzureOff] {
            assert_eq!(came.end(name, step), End::Done, "{step:?}");
        }
        let at_home = is("on-prem", "Failed back, committed");
        assert_eq!(shown(&lab, name).await, at_home);
        let guest = lab.guest(name).await;
        assert_eq!(guest["site_disks"], "whole");
        assert_eq!(guest["lost_mb"], 0.0);

        let came = carry_out(&lab, &to_azure(&lab, name).await, async |q| {
            panic!("{}", words(q))
        })
        .await;
        assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
        assert_eq!(
            shown(&lab, name).await,
            is("on-prem", "Replicating to Azure")
        );
        let all = bodies(&lab).await;
        let verbs: Vec<&str> = all.iter().map(|(verb, _)| verb.as_str()).collect();
        assert_eq!(
            verbs,
            ["plannedFailover", "resume", "failoverCommit", "reProtect"]
        );
        let home = json!({"properties": {
            "failoverDirection": "RecoveryToPrimary",
            "providerSpecificDetails": {
                "instanceType": "HyperVReplicaAzureFailback",
                "dataSyncOption": "ForDownTime",
                "recoveryVmCreationOption": "NoAction",
            },
        }});
        assert_eq!(all[0].1, home);
        assert_eq!(all[1].1, json!({"properties": {"comments": "failback"}}));
        assert_eq!(all[2].1, Value::Null);
        let away = &all[3].1["properties"];
        assert_eq!(
            away["failoverDirection"], "PrimaryToRecovery",
            "as recorded"
        );
        no_job_was_cancelled(&lab).await;
    }
}

#[tokio::test]
async fn a_full_download_goes_straight_through_and_to_another_host_a_machine_is_made() {
    let lab = contoso().await;
    let plan = hyper_v(&lab, NAME, full_download()).await;
    let came = carry_out(&lab, &plan, async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(sent(&lab).await, ["plannedFailover", "failoverCommit"]);
    let body = &bodies(&lab).await[0].1["properties"]["providerSpecificDetails"];
    assert_eq!(body["dataSyncOption"], "ForSynchronization");

    let lab = contoso().await;
    let to = host(&lab, "HV-BRANCH-02").await;
    let way = failback::domain::plan::HyperVReturn {
        host: Some(to.clone()),
        ..full_download()
    };
    let plan = hyper_v(&lab, "hv-lost", way).await;
    let came = carry_out(&lab, &plan, async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let body = &bodies(&lab).await[0].1["properties"]["providerSpecificDetails"];
    assert_eq!(body["recoveryVmCreationOption"], "CreateVmIfNotFound");
    assert_eq!(body["providerIdForAlternateRecovery"], to.as_str());
    assert_eq!(lab.guest("hv-lost").await["site_vm"], "running");
    let came = carry_out(&lab, &to_azure(&lab, "hv-lost").await, async |_| None).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
}

/// The job that the run started for the machine.
fn job_of(book: &Book) -> Option<String> {
    book.records().into_iter().find_map(|record| match record {
        Record::Accepted { job, .. } => job.map(|job| job.to_string()),
        _ => None,
    })
}

async fn act(lab: &Lab, job: &str, verb: &str, body: &Value) {
    let id = item(lab, NAME).await;
    let vault = id.up_to("vaults").unwrap();
    let path = format!("{vault}/replicationJobs/{job}/{verb}?api-version=2025-08-01");
    lab.post(&path, body).await;
}

#[tokio::test]
async fn after_a_cancelled_synchronisation_nothing_is_booted_and_the_failback_is_run_again() {
    let lab = contoso().await;
    let book = Book::default();
    let plan = fail_back(&lab, &[&[NAME]]).await;
    let mut asked = 0;
    let came = {
        let somebody = async {
            let began = |r: &Record| matches!(r, Record::Job { job, .. } if job.tasks.iter().any(|t| t.name.as_str() == "VmPrepareForFailover" && t.start.is_some()));
            book.until(began).await;
            act(&lab, &job_of(&book).unwrap(), "cancel", &Value::Null).await;
            std::future::pending::<()>().await;
        };
        let run = carry_out_in(book.clone(), &lab, &plan, async |q| match q.topic {
            Topic::Failed => {
                asked += 1;
                let told = words(q);
                assert!(told.contains("was cancelled"), "{told}");
                assert!(told.contains("Do not boot hv-dc-02 at home"), "{told}");
                assert!(told.contains("Run the failback again"), "{told}");
                says(q, "retry")
            }
            _ => agrees(q),
        });
        tokio::select! {
            came = run => came,
            () = somebody => unreachable!(),
        }
    };
    assert_eq!(asked, 1, "{}", came.story());
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(lab.guest(NAME).await["site_disks"], "whole");
    let ours: Vec<String> = ours(&lab).await;
    assert_eq!(
        ours,
        [
            "plannedFailover",
            "plannedFailover",
            "resume",
            "failoverCommit"
        ]
    );
}

/// What the program sent itself.
async fn ours(lab: &Lab) -> Vec<String> {
    let all = lab.changes().await.into_iter();
    let ours = all.filter(|seen| seen.client_request_id.is_some());
    ours.map(|seen| {
        let path = seen.path.split('?').next().unwrap().to_owned();
        path.rsplit('/').next().unwrap().to_owned()
    })
    .collect()
}

/// Two waves, the first of which waits for `gate` before its quiesce is answered; the second is the
/// Hyper-V machine, which waits at its door.
async fn at_the_door(
    verb: &str,
    body: Value,
    mut person: impl AsyncFnMut(&Question) -> Option<Answer>,
) -> (Lab, Came) {
    let lab = contoso().await;
    let book = Book::default();
    let plan = fail_back(&lab, &[&["web-01"], &[NAME]]).await;
    let id = item(&lab, NAME).await;
    let came = {
        let waits = |r: &Record| matches!(r, Record::StepBegan { machine, step: K::Door } if *machine == id);
        let ended =
            |r: &Record| matches!(r, Record::Job { machine, step: K::Door, .. } if *machine == id);
        let run = carry_out_in(book.clone(), &lab, &plan, async |q| {
            if q.topic == Topic::Quiesce {
                // Nobody comes home before the job at the door was touched.
                book.until(waits).await;
                act(&lab, &job_of(&book).unwrap(), verb, &body).await;
                book.until(ended).await;
            }
            match q.topic {
                Topic::Failed => person(q).await,
                _ => agrees(q),
            }
        });
        run.await
    };
    (lab, came)
}

#[tokio::test]
async fn a_job_that_is_cancelled_while_it_waits_for_its_wave_is_told_at_once_and_run_again() {
    let mut asked = 0;
    let (lab, came) = at_the_door("cancel", Value::Null, async |q| {
        asked += 1;
        assert_eq!(q.step, Some(K::Door));
        assert!(
            words(q).contains("Do not boot hv-dc-02 at home"),
            "{}",
            words(q)
        );
        says(q, "retry")
    })
    .await;
    assert_eq!(asked, 1);
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let resumed = ours(&lab).await.into_iter().filter(|verb| verb == "resume");
    assert_eq!(resumed.count(), 1);
    assert_eq!(lab.guest(NAME).await["site_disks"], "whole");
}

#[tokio::test]
async fn a_job_that_somebody_completes_before_its_wave_is_amber_and_never_resumed_again() {
    let body = json!({"properties": {"comments": "in the portal"}});
    let (lab, came) = at_the_door("resume", body, async |q| panic!("{q:?}")).await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    let told = came.amber(NAME, K::Door).join(" ");
    assert!(told.contains("somebody completed"), "{told}");
    let told = came.amber(NAME, K::Complete).join(" ");
    assert!(told.contains("nothing was sent"), "{told}");
    assert!(!ours(&lab).await.contains(&"resume".to_owned()));
}

#[tokio::test]
async fn a_failback_that_waits_is_completed_by_a_plan_of_its_own_once() {
    let lab = contoso().await;
    let came = carry_out(&lab, &complete(&lab, "hv-print").await, async |q| agrees(q)).await;
    assert!(
        matches!(came.end("hv-print", K::Complete), End::Done),
        "{}",
        came.story()
    );
    assert_eq!(came.end("hv-print", K::Commit), End::Done);
    assert_eq!(sent(&lab).await, ["resume", "failoverCommit"]);
    // Nothing waits any more, and nothing is made up.
    let came = carry_out(&lab, &complete(&lab, NAME).await, async |q| {
        assert!(
            words(q).contains("No job of hv-dc-02 waits"),
            "{}",
            words(q)
        );
        says(q, "give-up")
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Failed));
    assert_eq!(sent(&lab).await.len(), 2);
}

#[tokio::test]
async fn a_resume_is_sent_once_whatever_becomes_of_its_answer() {
    for fault in ["POST resume 1 lost", "POST resume 1-2 429:1"] {
        let lab = contoso().await;
        lab.fault(fault).await;
        let plan = fail_back(&lab, &[&[NAME]]).await;
        let came = carry_out(&lab, &plan, async |q| agrees(q)).await;
        assert_eq!(came.closing, Ok(Closing::Done), "{fault}: {}", came.story());
        nothing_twice(&lab).await;
        assert_eq!(lab.guest(NAME).await["site_disks"], "whole");
    }
    let lab = contoso().await;
    lab.fault("POST plannedFailover 1 lost").await;
    let plan = fail_back(&lab, &[&[NAME]]).await;
    let came = carry_out(&lab, &plan, async |q| agrees(q)).await;
    // Whether Azure remarked something beside the job nobody knows: amber.
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    assert_eq!(
        sent(&lab).await,
        ["plannedFailover", "resume", "failoverCommit"]
    );
}

#[tokio::test]
async fn what_fails_after_it_was_completed_is_synchronised_and_completed_again() {
    let lab = contoso().await;
    lab.fault("JOB hv-dc-02/plannedFailover 8061").await;
    let mut asked = 0;
    let plan = fail_back(&lab, &[&[NAME]]).await;
    let came = carry_out(&lab, &plan, async |q| match q.topic {
        Topic::Failed => {
            asked += 1;
            let told = words(q);
            assert_eq!(q.step, Some(K::Complete));
            assert!(told.contains("(8061)"), "{told}");
            assert!(told.contains("Do not boot hv-dc-02 at home"), "{told}");
            says(q, "retry")
        }
        _ => agrees(q),
    })
    .await;
    assert_eq!(asked, 1, "{}", came.story());
    assert_eq!(came.end(NAME, K::Commit), End::Done, "{}", came.story());
    assert_eq!(
        sent(&lab).await,
        [
            "plannedFailover",
            "resume",
            "plannedFailover",
            "resume",
            "failoverCommit"
        ]
    );
    assert_eq!(lab.guest(NAME).await["site_disks"], "whole");
    no_job_was_cancelled(&lab).await;
}

#[tokio::test]
async fn a_full_download_that_somebody_cancels_is_not_booted_and_run_again() {
    // Slow enough for somebody to be in time.
    let lab = Lab::wanted().speed(150.0).start().await;
    let book = Book::default();
    let plan = hyper_v(&lab, NAME, full_download()).await;
    let mut asked = 0;
    let came = {
        let somebody = async {
            let began = |r: &Record| matches!(r, Record::Job { job, .. } if job.tasks.iter().any(|t| t.name.as_str() == "VmPrepareForFailover" && t.start.is_some()));
            book.until(began).await;
            act(&lab, &job_of(&book).unwrap(), "cancel", &Value::Null).await;
            std::future::pending::<()>().await;
        };
        let run = carry_out_in(book.clone(), &lab, &plan, async |q| match q.topic {
            Topic::Failed => {
                asked += 1;
                assert!(words(q).contains("Do not boot hv-dc-02"), "{}", words(q));
                says(q, "retry")
            }
            _ => agrees(q),
        });
        tokio::select! {
            came = run => came,
            () = somebody => unreachable!(),
        }
    };
    assert_eq!(asked, 1, "{}", came.story());
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(lab.guest(NAME).await["site_disks"], "whole");
    assert_eq!(
        ours(&lab).await,
        ["plannedFailover", "plannedFailover", "failoverCommit"]
    );
}

#[tokio::test]
async fn a_failback_that_fails_before_anything_was_done_forbids_nothing() {
    let lab = contoso().await;
    for name in ["hv-far", "hv-files"] {
        let plan = fail_back(&lab, &[&[name]]).await;
        let came = carry_out(&lab, &plan, async |q| {
            assert!(!words(q).contains("Do not boot"), "{}", words(q));
            says(q, "give-up")
        })
        .await;
        assert_eq!(came.closing, Ok(Closing::Failed));
        assert!(matches!(came.end(name, K::Complete), End::NotBegun(_)));
    }
}

#[tokio::test]
async fn a_vm_that_is_older_than_the_failover_is_not_the_machines_and_is_neither_trusted_nor_stopped()
 {
    let lab = contoso().await;
    let mut plan = recovery(&lab, &[&[NAME]]).await;
    // It ran in Azure a month before this machine went there.
    plan.waves[0].machines[0].azure_vm = recovered(&lab, "hv-lost").await.azure_vm;
    assert!(plan.waves[0].machines[0].azure_vm.is_some());
    let plan = crate::run_plans::plan("home", failback::domain::Intent::FailBack(plan));
    let mut asked = Vec::new();
    let came = carry_out(&lab, &plan, async |q| {
        asked.push(q.topic);
        agrees(q)
    })
    .await;
    assert!(asked.contains(&Topic::AzureOff), "{}", came.story());
    let word = came.amber(NAME, K::VerifyAzureOff).join(" ");
    assert!(word.contains("is the word of"), "{word}");
    let all = sent(&lab).await;
    assert!(!all.iter().any(|verb| verb == "deallocate"), "{all:?}");
}
