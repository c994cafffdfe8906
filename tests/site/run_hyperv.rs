//! Hyper-V machines, carried out: both ways of their synchronisation, the same host and another.

use failback::domain::StepKind as K;
use failback::domain::run::{Closing, End, Topic};
use serde_json::{Value, json};

use crate::lab::Lab;
use crate::run::{Came, agrees, carry_out, item, says, sent, shown};
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
