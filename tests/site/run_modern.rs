//! Modernised machines, carried out: home, back again, home for good, and to Azure again.

use failback::domain::StepKind as K;
use failback::domain::run::{Closing, End, Topic};
use failback::domain::{JobState, StepKind};
use serde_json::{Value, json};

use crate::lab::Lab;
use crate::run::{Came, agrees, carry_out, nothing_twice, power, says, sent, shown};
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
