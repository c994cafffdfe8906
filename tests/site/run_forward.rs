//! The way to Azure, of all three generations: what the VM there is to be, each kind of recovery
//! point, commit, a test and its end.

use failback::domain::plan::{AzureAdapter, AzurePoint, AzureTarget};
use failback::domain::run::{Closing, End, Topic};
use failback::domain::{ArmId, Intent, StepKind as K};
use failback::simulator::Quirk;
use serde_json::{Value, json};

use crate::lab::Lab;
use crate::run::{agrees, carry_out, item, nothing_twice, says, sent, shown};
use crate::run_plans::*;

/// A machine of each generation that replicates to Azure, and its provider.
const ALL: [(&str, &str); 3] = [
    ("mail-01", "InMageAzureV2"),
    ("app-06", "InMageRcm"),
    ("hv-web", "HyperVReplicaAzure"),
];

async fn contoso() -> Lab {
    Lab::wanted().speed(2000.0).start().await
}

/// The recovery points of a machine, newest first, as they are on the wire.
async fn points(lab: &Lab, machine: &str) -> Vec<Value> {
    let item = item(lab, machine).await;
    let all = wire(lab, &format!("{item}/recoveryPoints")).await;
    let mut all = all["value"].as_array().unwrap().clone();
    let time = |p: &Value| {
        p["properties"]["recoveryPointTime"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    all.sort_by_key(|point| std::cmp::Reverse(time(point)));
    all
}

fn id_of(point: &Value) -> ArmId {
    ArmId::parse(point["id"].as_str().unwrap()).unwrap()
}

fn is_of_applications(point: &Value) -> bool {
    point["properties"]["recoveryPointType"] == "ApplicationConsistent"
}

/// Everything that can be said about the VM in Azure.
async fn wanted(lab: &Lab, machine: &str) -> AzureTarget {
    let details = properties(lab, machine).await["providerSpecificDetails"].clone();
    let adapter = AzureAdapter {
        id: details["vmNics"][0]["nicId"].as_str().unwrap().into(),
        subnet: Some("servers".into()),
        address: Some("10.8.2.46".into()),
    };
    AzureTarget {
        name: Some("renamed-01".into()),
        size: Some("Standard_E4s_v5".into()),
        network: Some(first(lab, "Microsoft.Network/virtualNetworks").await),
        adapters: vec![adapter],
    }
}

#[tokio::test]
async fn a_machine_fails_over_to_what_was_said_takes_another_point_and_is_committed() {
    for (name, provider) in ALL {
        let lab = contoso().await;
        let target = wanted(&lab, name).await;
        let plan = fail_over(&lab, name, AzurePoint::Latest, target).await;
        let came = carry_out(&lab, &plan, async |q| match q.topic {
            Topic::Survivor => {
                assert!(words(q).contains("in Azure"), "{}", words(q));
                says(q, "leave")
            }
            _ => agrees(q),
        })
        .await;
        assert_eq!(
            came.closing,
            Ok(Closing::DoneBut),
            "{name}: {}",
            came.story()
        );
        assert_eq!(
            came.end(name, K::UpdateTarget),
            End::Done,
            "{}",
            came.story()
        );
        assert_eq!(came.end(name, K::FailOver), End::Done, "{}", came.story());
        let over = ("Azure".to_owned(), "Commit pending".to_owned());
        assert_eq!(shown(&lab, name).await, over);
        let run = came.run();
        let back = run.machines[0].way_back();
        assert_eq!(back, "another recovery point, until commit");

        let known = points(&lab, name).await;
        let newest = id_of(&known[0]);
        let plan = change_point(&lab, name, AzurePoint::LatestProcessed).await;
        let came = carry_out(&lab, &plan, async |q| panic!("{}", words(q))).await;
        assert_eq!(came.closing, Ok(Closing::Done), "{name}: {}", came.story());

        let came = carry_out(&lab, &commit(&lab, name).await, async |q| {
            if q.topic == Topic::Commit {
                let told = words(q);
                assert!(told.contains("to Azure?"), "{told}");
                assert!(told.contains("The other recovery points go"), "{told}");
            }
            agrees(q)
        })
        .await;
        assert_eq!(came.closing, Ok(Closing::Done), "{name}: {}", came.story());
        let committed = ("Azure".to_owned(), "Committed in Azure".to_owned());
        assert_eq!(shown(&lab, name).await, committed);

        let all = bodies(&lab).await;
        let verbs: Vec<&str> = all.iter().map(|(verb, _)| verb.as_str()).collect();
        let failover = match provider {
            "HyperVReplicaAzure" => "plannedFailover",
            _ => "unplannedFailover",
        };
        assert_eq!(
            verbs,
            ["update", failover, "applyRecoveryPoint", "failoverCommit"]
        );
        let sent = &all[1].1["properties"];
        assert_eq!(sent["failoverDirection"], "PrimaryToRecovery");
        let details = &sent["providerSpecificDetails"];
        assert_eq!(details["instanceType"], provider);
        assert_eq!(
            details["recoveryPointId"],
            Value::Null,
            "the latest has none"
        );
        let shut = match provider {
            "InMageAzureV2" => sent["sourceSiteOperations"] == "Required",
            "InMageRcm" => details["performShutdown"] == "true",
            _ => sent["sourceSiteOperations"] == Value::Null,
        };
        assert!(shut, "{sent}");
        let point = &all[2].1["properties"];
        assert_eq!(point["recoveryPointId"], newest.as_str());
        no_job_was_cancelled(&lab).await;
    }
}

#[tokio::test]
async fn each_choice_of_a_point_is_resolved_when_it_is_sent() {
    for (name, _) in ALL {
        for kind in 0..3 {
            let lab = contoso().await;
            let known = points(&lab, name).await;
            let choice = match kind {
                0 => AzurePoint::LatestProcessed,
                1 => AzurePoint::LatestApplication,
                _ => AzurePoint::Custom {
                    id: id_of(&known[3]),
                    time: None,
                },
            };
            // Points come and go while the plan waits.
            lab.turn_clock(if kind == 2 { 10 } else { 900 }).await;
            let now = points(&lab, name).await;
            let plan = fail_over(&lab, name, choice, AzureTarget::default()).await;
            let came = carry_out(&lab, &plan, async |q| agrees(q)).await;
            assert_eq!(came.closing, Ok(Closing::Done), "{name}: {}", came.story());
            let body = bodies(&lab).await[0].1.clone();
            let sent = &body["properties"]["providerSpecificDetails"]["recoveryPointId"];
            let sent = ArmId::parse(sent.as_str().unwrap()).unwrap();
            match kind {
                0 => assert!(now.iter().all(|p| id_of(p) != sent) || id_of(&now[0]) == sent),
                1 => {
                    let of_applications = now.iter().find(|p| is_of_applications(p));
                    let newest = of_applications.map(id_of);
                    // One that came right before it was sent is in no list of before.
                    let came_since = now.iter().all(|p| id_of(p) != sent);
                    assert!(
                        newest.as_ref() == Some(&sent) || came_since,
                        "{name}: {sent}"
                    );
                }
                _ => assert_eq!(id_of(&known[3]), sent),
            }
            assert_eq!(remarked(&came, "The recovery point is "), 1);
            assert_eq!(sent_count(&lab).await, 2);
        }
    }
}

async fn sent_count(lab: &Lab) -> usize {
    lab.changes().await.len()
}

#[tokio::test]
async fn a_point_that_is_not_there_any_more_is_told_and_nothing_is_sent() {
    for (name, _) in ALL {
        let lab = contoso().await;
        let gone = format!("{}/recoveryPoints/gone-1", item(&lab, name).await);
        let choice = AzurePoint::Custom {
            id: ArmId::parse(&gone).unwrap(),
            time: None,
        };
        let plan = fail_over(&lab, name, choice.clone(), AzureTarget::default()).await;
        let came = carry_out(&lab, &plan, async |q| {
            assert_eq!(q.topic, Topic::Failed);
            let told = words(q);
            assert!(told.contains("not there any more: gone-1"), "{told}");
            says(q, "give-up")
        })
        .await;
        assert_eq!(came.closing, Ok(Closing::Failed));
        assert!(matches!(came.end(name, K::Commit), End::NotBegun(_)));
        assert!(sent(&lab).await.is_empty());
    }
}

#[tokio::test]
async fn a_machine_at_home_that_was_not_shut_down_is_amber_and_said_to_run_perhaps() {
    for (name, _) in [ALL[0], ALL[1]] {
        let lab = Lab::wanted()
            .quirk(Quirk::TasksSkipped)
            .speed(2000.0)
            .start()
            .await;
        let plan = fail_over(&lab, name, AzurePoint::Latest, AzureTarget::default()).await;
        let came = carry_out(&lab, &plan, async |q| agrees(q)).await;
        assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
        let told = came.amber(name, K::FailOver).join("; ");
        assert!(
            told.contains("it may still run beside the one in Azure"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn where_the_target_could_not_be_set_nothing_is_failed_over() {
    let lab = contoso().await;
    let name = "app-06";
    let target = wanted(&lab, name).await;
    lab.fault("JOB app-06/update 70098").await;
    let plan = fail_over(&lab, name, AzurePoint::Latest, target).await;
    let came = carry_out(&lab, &plan, async |q| match q.topic {
        Topic::Failed => says(q, "give-up"),
        _ => agrees(q),
    })
    .await;
    assert!(matches!(came.end(name, K::UpdateTarget), End::Failed(_)));
    assert!(matches!(came.end(name, K::FailOver), End::NotBegun(_)));
    assert_eq!(sent(&lab).await.len(), 1);
}

#[tokio::test]
async fn a_test_stands_beside_the_machine_until_it_is_cleaned_up_however_its_job_waits() {
    for quirk in [None, Some(Quirk::TestFailoverWaits)] {
        for (name, provider) in ALL {
            let wanted = Lab::wanted().speed(2000.0);
            let wanted = match quirk {
                Some(quirk) => wanted.quirk(quirk),
                None => wanted,
            };
            let lab = wanted.start().await;
            let plan = test(&lab, name, AzurePoint::LatestProcessed).await;
            let came = carry_out(&lab, &plan, async |q| panic!("{}", words(q))).await;
            assert_eq!(came.closing, Ok(Closing::Done), "{name}: {}", came.story());
            assert_eq!(shown(&lab, name).await.0, "on-prem");
            let plan = clean_up(&lab, name).await;
            let came = carry_out(&lab, &plan, async |q| panic!("{}", words(q))).await;
            assert_eq!(came.closing, Ok(Closing::Done), "{name}: {}", came.story());
            let all = bodies(&lab).await;
            let verbs: Vec<&str> = all.iter().map(|(verb, _)| verb.as_str()).collect();
            assert_eq!(verbs, ["testFailover", "testFailoverCleanup"], "{quirk:?}");
            let details = &all[0].1["properties"]["providerSpecificDetails"];
            assert_eq!(details["instanceType"], provider);
            assert!(details["recoveryPointId"].is_string());
            let comments = &all[1].1;
            assert_eq!(
                comments,
                &json!({"properties": {"comments": "cleaned up with failback"}})
            );
        }
    }
}

#[tokio::test]
async fn every_call_on_the_way_to_azure_is_sent_once_whatever_becomes_of_its_answer() {
    for (verb, fault) in [
        ("unplannedFailover", "lost"),
        ("unplannedFailover", "429:1"),
        ("applyRecoveryPoint", "lost"),
        ("testFailover", "lost"),
    ] {
        let lab = contoso().await;
        let name = "app-06";
        lab.fault(&format!("POST {verb}? 1 {fault}")).await;
        if verb == "testFailover" {
            let plan = test(&lab, name, AzurePoint::Latest).await;
            let came = carry_out(&lab, &plan, async |q| panic!("{}", words(q))).await;
            assert!(came.closing.is_ok(), "{}", came.story());
        } else {
            let plan = fail_over(&lab, name, AzurePoint::Latest, AzureTarget::default()).await;
            let came = carry_out(&lab, &plan, async |q| match q.topic {
                Topic::Survivor => says(q, "leave"),
                _ => agrees(q),
            })
            .await;
            assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
            let plan = change_point(&lab, name, AzurePoint::LatestProcessed).await;
            let came = carry_out(&lab, &plan, async |q| panic!("{}", words(q))).await;
            assert!(
                matches!(came.closing, Ok(Closing::Done | Closing::DoneBut)),
                "{}",
                came.story()
            );
        }
        nothing_twice(&lab).await;
    }
}

#[tokio::test]
async fn a_later_wave_goes_to_azure_when_the_one_before_is_there_and_asks_when_it_is_not() {
    for fails in [false, true] {
        let lab = contoso().await;
        if fails {
            lab.fault("JOB mail-01/unplannedFailover 78093").await;
        }
        let first = fail_over(&lab, "mail-01", AzurePoint::Latest, AzureTarget::default()).await;
        let second = fail_over(&lab, "hv-web", AzurePoint::Latest, AzureTarget::default()).await;
        let (Intent::FailOver(mut all), Intent::FailOver(more)) =
            (first.intent().clone(), second.intent().clone())
        else {
            unreachable!()
        };
        all.waves.extend(more.waves);
        let waves = plan("over", Intent::FailOver(all));
        let mut asked = 0;
        let came = carry_out(&lab, &waves, async |q| match q.topic {
            Topic::Failed => says(q, "give-up"),
            Topic::Wave => {
                asked += 1;
                assert!(words(q).contains("Not all of wave 1 came to Azure"));
                says(q, "stop")
            }
            _ => agrees(q),
        })
        .await;
        assert_eq!(asked, usize::from(fails), "{}", came.story());
        if fails {
            assert!(matches!(came.end("hv-web", K::FailOver), End::NotBegun(_)));
            assert_eq!(sent(&lab).await, ["unplannedFailover"]);
        } else {
            assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
            let verbs = sent(&lab).await;
            let at = |verb: &str| verbs.iter().position(|v| v == verb);
            assert!(at("unplannedFailover") < at("plannedFailover"), "{verbs:?}");
        }
    }
}
