//! Modernised machines, carried out: home, back again, home for good, and to Azure again.

use failback::domain::StepKind as K;
use failback::domain::run::{Closing, End, Topic};
use serde_json::{Value, json};

use crate::lab::Lab;
use crate::run::{Came, agrees, carry_out, power, says, sent, shown};
use crate::run_plans::*;

const NAME: &str = "app-01";
const VM: &str = "app-01-e9369372-f40f-41eb-b64f-38bb79445508";

async fn contoso() -> Lab {
    Lab::wanted().speed(2000.0).start().await
}

fn is(place: &str, state: &str) -> (String, String) {
    (place.into(), state.into())
}

#[tokio::test]
async fn a_machine_comes_home_goes_back_comes_home_again_and_is_protected_to_azure() {
    let lab = contoso().await;
    let home = fail_back(&lab, &[&[NAME]]).await;
    let came = carry_out(&lab, &home, async |q| match q.topic {
        Topic::Survivor => says(q, "leave"),
        _ => agrees(q),
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    assert_eq!(came.end(NAME, K::FailBack), End::Done);
    assert_eq!(came.end(NAME, K::VerifyAzureOff), End::Done);
    assert_eq!(shown(&lab, NAME).await, is("on-prem", "Commit pending"));
    assert_eq!(power(&lab, VM).await, "deallocated");
    let run = came.run();
    assert_eq!(run.machines[0].way_back(), "Cancel failover, until commit");

    let came = carry_out(&lab, &cancel(&lab, NAME).await, async |q| {
        assert_eq!((q.topic, q.step), (Topic::Cancel, Some(K::CancelFailover)));
        assert!(words(q).contains("written at home since the failback is lost"));
        assert_eq!(q.choices[0].name.as_str(), "leave");
        assert_eq!(q.choices[1].typed.as_ref().unwrap().as_str(), NAME);
        says(q, "cancel")
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(shown(&lab, NAME).await, is("Azure", "Replicating home"));
    assert_eq!(power(&lab, VM).await, "running");

    let came = carry_out(&lab, &home, async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let at_home = is("on-prem", "Failed back, committed");
    assert_eq!(shown(&lab, NAME).await.0, at_home.0);
    assert_eq!(lab.guest(NAME).await["lost_mb"], 0.0);

    let came = carry_out(&lab, &to_azure(&lab, NAME).await, async |q| {
        panic!("{}", words(q))
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let away = is("on-prem", "Replicating to Azure");
    assert_eq!(shown(&lab, NAME).await, away);

    let home = json!({"properties": {"providerSpecificDetails": {
        "instanceType": "InMageRcmFailback", "recoveryPointType": "CrashConsistent",
    }}});
    let all = bodies(&lab).await;
    let verbs: Vec<&str> = all.iter().map(|(verb, _)| verb.as_str()).collect();
    let wanted = [
        "plannedFailover",
        "failoverCancel",
        "plannedFailover",
        "failoverCommit",
        "reProtect",
    ];
    assert_eq!(verbs, wanted);
    assert_eq!((&all[0].1, &all[2].1), (&home, &home));
    assert_eq!((&all[1].1, &all[3].1), (&Value::Null, &Value::Null));
    let away = &all[4].1["properties"];
    assert_eq!(away["failoverDirection"], Value::Null, "as recorded");
    let details = &away["providerSpecificDetails"];
    assert_eq!(details["instanceType"], "InMageRcmFailback");
    no_job_was_cancelled(&lab).await;
}

/// The failover of the machine, answered by `person` where something failed.
async fn home_but(
    lab: &Lab,
    mut person: impl AsyncFnMut(
        &failback::domain::run::Question,
    ) -> Option<failback::domain::run::Answer>,
) -> Came {
    let plan = fail_back(lab, &[&[NAME]]).await;
    carry_out(lab, &plan, async |q| match q.topic {
        Topic::Failed => person(q).await,
        _ => agrees(q),
    })
    .await
}

#[tokio::test]
async fn a_failed_failback_that_azure_took_back_is_told_as_such_and_sent_again_after_a_new_quiesce()
{
    let lab = contoso().await;
    lab.fault("JOB app-01/plannedFailover 8038").await;
    let mut quiesced = 0;
    let plan = fail_back(&lab, &[&[NAME]]).await;
    let came = carry_out(&lab, &plan, async |q| {
        match q.topic {
            Topic::Quiesce => quiesced += 1,
            Topic::Failed => {
                let told = words(q);
                for part in [
                    "8038",
                    "took the failed failover back by itself",
                    "is where it was",
                ] {
                    assert!(told.contains(part), "{part}: {told}");
                }
                assert_eq!(power(&lab, VM).await, "running");
                return says(q, "retry");
            }
            _ => {}
        }
        agrees(q)
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(quiesced, 2, "its applications ran again");
    assert_eq!(
        sent(&lab).await,
        ["plannedFailover", "plannedFailover", "failoverCommit"]
    );
    assert!(remarked(&came, "takes the failed failover") == 1);
}

#[tokio::test]
async fn where_azures_own_cancellation_fails_it_is_cancelled_by_hand_and_replication_never_disabled()
 {
    let lab = contoso().await;
    lab.fault("JOB app-01/plannedFailover 8038").await;
    lab.fault("JOB app-01/failoverCancel 8061").await;
    let came = home_but(&lab, async |q| {
        let told = words(q);
        for part in [
            "tried to take the failed failover back by itself, and that failed, too (8061",
            "cancel the failover of app-01 again by hand",
            "Microsoft's support, with job ",
            "activity id ",
            "Never disable the replication",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        says(q, "give-up")
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Failed), "{}", came.story());

    // By hand, which fails once more, and then does not.
    lab.fault("JOB app-01/failoverCancel 8061").await;
    let mut asked = 0;
    let came = carry_out(&lab, &cancel(&lab, NAME).await, async |q| match q.topic {
        Topic::Cancel => says(q, "cancel"),
        Topic::Failed => {
            asked += 1;
            let told = words(q);
            assert!(told.contains("Never disable the replication"), "{told}");
            let again = q.choices.iter().find(|c| c.name.as_str() == "retry");
            assert!(again.unwrap().typed.is_some(), "it is confirmed each time");
            says(q, "retry")
        }
        _ => panic!("{q:?}"),
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(asked, 1);
    assert_eq!(shown(&lab, NAME).await, is("Azure", "Replicating home"));
    assert_eq!(
        sent(&lab).await,
        ["plannedFailover", "failoverCancel", "failoverCancel"]
    );
    no_job_was_cancelled(&lab).await;
}

#[tokio::test]
async fn what_failed_before_it_began_is_told_to_be_untouched() {
    let lab = contoso().await;
    lab.fault("JOB app-01/plannedFailover 95226").await;
    let came = home_but(&lab, async |q| {
        let told = words(q);
        assert!(told.contains("Nothing was done to app-01 yet"), "{told}");
        says(q, "give-up")
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Failed));
    assert_eq!(remarked(&came, "takes the failed failover"), 0);
}

#[tokio::test]
async fn a_cancellation_that_a_person_leaves_sends_nothing_and_is_no_failure() {
    let lab = contoso().await;
    let came = carry_out(&lab, &cancel(&lab, "app-02").await, async |q| {
        says(q, "leave")
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    assert!(matches!(
        came.end("app-02", K::AwaitProtected),
        End::Left(_)
    ));
    assert!(sent(&lab).await.is_empty());
}

#[tokio::test]
async fn a_machine_that_moved_meanwhile_is_refused_at_each_call() {
    let lab = contoso().await;
    // Committed while the person thinks: nothing is taken back then.
    let id = crate::run::item(&lab, "app-02").await;
    let came = carry_out(&lab, &cancel(&lab, "app-02").await, async |q| {
        match q.topic {
            Topic::Cancel => {
                let path = format!("{id}/failoverCommit?api-version=2025-08-01");
                lab.post(&path, &Value::Null).await;
                lab.turn_clock(300).await;
                says(q, "cancel")
            }
            _ => {
                assert!(words(q).contains("Nothing was sent"), "{}", words(q));
                says(q, "give-up")
            }
        }
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Failed), "{}", came.story());
    // What is at home already is not brought home.
    let came = carry_out(
        &lab,
        &fail_back(&lab, &[&["app-09"]]).await,
        async |q| match q.topic {
            Topic::Failed => {
                assert!(words(q).contains("is not in the state that this begins in"));
                says(q, "give-up")
            }
            _ => agrees(q),
        },
    )
    .await;
    assert_eq!(came.closing, Ok(Closing::Failed));
    let ours = lab.changes().await.into_iter();
    assert_eq!(ours.filter(|c| c.client_request_id.is_some()).count(), 0);
}

#[tokio::test]
async fn protect_of_what_is_not_committed_wants_the_name_and_of_what_is_does_not() {
    let lab = contoso().await;
    let came = carry_out(&lab, &protect(&lab, "app-03").await, async |q| {
        assert_eq!((q.topic, q.step), (Topic::Commit, Some(K::Protect)));
        assert!(
            words(q).contains("the other recovery points go"),
            "{}",
            words(q)
        );
        assert!(q.choices[1].typed.is_some());
        says(q, "leave")
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    assert!(sent(&lab).await.is_empty());
    let plan = protect(&lab, "app-03").await;
    let came = carry_out(&lab, &plan, async |q| says(q, "protect")).await;
    assert_eq!(
        came.end("app-03", K::AwaitProtected),
        End::Done,
        "{}",
        came.story()
    );
    let came = carry_out(&lab, &protect(&lab, "app-04").await, async |q| {
        panic!("{q:?}")
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(sent(&lab).await, ["reProtect", "reProtect"]);
    let refused = carry_out(&lab, &to_azure(&lab, "app-02").await, async |q| {
        assert!(words(q).contains("is not committed"), "{}", words(q));
        says(q, "give-up")
    })
    .await;
    assert_eq!(refused.closing, Ok(Closing::Failed));
    assert_eq!(sent(&lab).await.len(), 2);
}
