use super::clients::{number, task_names, to_azure};
use super::*;
use crate::simulator::Quirk;

/// One machine of each generation that replicates to Azure, and its provider.
const FORWARD: [(&str, &str); 4] = [
    ("mail-01", "InMageAzureV2"),
    ("app-06", "InMageRcm"),
    ("hv-web", "HyperVReplicaAzure"),
    ("hq-app", "HyperVReplicaAzure"),
];

async fn fail_over(site: &Site, name: &str, body: &Value) -> (String, String) {
    let id = site.item_id(name).await;
    let job = site.ask_for(&id, "unplannedFailover", body).await;
    (id, job)
}

#[tokio::test]
async fn each_generation_fails_over_and_its_new_vm_runs_until_it_is_committed_there() {
    let site = site(Estate::Contoso).await;
    site.advance(600).await;
    for (name, provider) in FORWARD {
        assert_eq!(site.vm_status(name).await, 404, "{name}");
        let (id, job) = fail_over(&site, name, &to_azure(provider, true, None)).await;
        site.advance(900).await;
        let done = site.job(&job).await;
        assert_eq!(done["properties"]["state"], "Succeeded", "{name}");
        let affected = &done["properties"]["customDetails"]["affectedObjectDetails"];
        assert_eq!(affected["recoveryFabricProviderId"], "Azure", "{name}");
        assert_eq!(affected["recoveryVmId"], "", "{name}");
        let item = site.properties(&id).await;
        let state = "UnplannedFailoverCommitPendingStatesBegin";
        assert_eq!(item["protectionState"], state, "{name}");
        assert_eq!(item["activeLocation"], "Recovery");
        let started = &done["properties"]["startTime"];
        assert_eq!(&item["lastSuccessfulFailoverTime"], started);
        let offered = item["allowedOperations"].to_string();
        assert!(offered.contains("ChangePit") && offered.contains("Commit"));
        assert_eq!(site.power(name).await, "running");
        assert_eq!(site.guest(name).await["site_vm"], "off");
        let point = text(&item["failoverRecoveryPointId"]);
        assert_eq!(site.get(&point).await["id"], point.as_str());
        let commit = site.ask_for(&id, "failoverCommit", &Value::Null).await;
        site.advance(5).await;
        assert_eq!(site.outcome(&commit).await.0, "Succeeded", "{name}");
        let item = site.properties(&id).await;
        assert!(!item["allowedOperations"].to_string().contains("ChangePit"));
        let points = site.rows(&format!("{id}/recoveryPoints")).await;
        assert!(points.is_empty(), "{name}: the commit deletes them");
    }
}

#[tokio::test]
async fn the_tasks_of_a_modernised_failover_are_those_that_were_recorded() {
    let site = site(Estate::Contoso).await;
    let (_, job) = fail_over(&site, "app-06", &to_azure("InMageRcm", false, None)).await;
    site.advance(900).await;
    let done = site.job(&job).await;
    assert_eq!(
        task_names(&done),
        [
            "VmUfoPrerequisitesCheck",
            "VmShutdownVmOnPrimary",
            "VmFailover",
            "VmFoStartVmOnSecondary"
        ]
    );
    let (_, _, words) = site.outcome(&job).await;
    assert_eq!(words, ["Completed", "Skipped", "Completed", "Completed"]);
}

#[tokio::test]
async fn who_shuts_down_first_loses_nothing_and_who_does_not_loses_what_was_on_its_way_and_runs_twice()
 {
    for (name, provider) in FORWARD {
        for shut_down in [true, false] {
            let site = site(Estate::Contoso).await;
            site.writes(name, 60.0).await;
            site.advance(1800).await;
            fail_over(&site, name, &to_azure(provider, shut_down, None)).await;
            site.advance(900).await;
            let account = site.guest(name).await;
            let (lost, runs) = (number(&account["lost_mb"]), &account["site_vm"]);
            if shut_down {
                assert_eq!((lost, runs), (0.0, &json!("off")), "{name} {account}");
            } else {
                assert!(lost > 500.0, "{name} {account}");
                assert_eq!(runs, "running", "{name}");
            }
        }
    }
}

#[tokio::test]
async fn a_machine_that_cannot_be_shut_down_is_failed_over_all_the_same_and_that_is_a_warning() {
    let site = site(Estate::Contoso).await;
    site.writes("app-06", 60.0).await;
    site.advance(1800).await;
    site.fault("JOB app-06/unplannedFailover ShutdownFailed")
        .await;
    let (id, job) = fail_over(&site, "app-06", &to_azure("InMageRcm", true, None)).await;
    site.advance(900).await;
    let (state, description, _) = site.outcome(&job).await;
    assert_eq!(
        (state.as_str(), description.as_str()),
        ("Succeeded", "PartiallySucceeded")
    );
    assert_eq!(site.properties(&id).await["activeLocation"], "Recovery");
    let account = site.guest("app-06").await;
    assert_eq!(account["site_vm"], "running");
    assert!(number(&account["lost_mb"]) > 500.0, "{account}");
}

/// The newest point, the newest application-consistent one, and another.
async fn points(site: &Site, id: &str) -> [Value; 3] {
    let all = site.rows(&format!("{id}/recoveryPoints")).await;
    let app = all
        .iter()
        .find(|p| p["properties"]["recoveryPointType"] == "ApplicationConsistent");
    [&all[0], app.expect("one"), &all[9]].map(Clone::clone)
}

#[tokio::test]
async fn of_the_four_recovery_points_the_older_lose_what_was_written_since() {
    for (name, provider) in FORWARD {
        let mut losses = Vec::new();
        for place in [None, Some(0), Some(2)] {
            let site = site(Estate::Contoso).await;
            let id = site.item_id(name).await;
            site.writes(name, 60.0).await;
            site.advance(7200).await;
            let all = points(&site, &id).await;
            let point = place.map(|i: usize| text(&all[i]["id"]));
            let body = to_azure(provider, true, point.as_deref());
            fail_over(&site, name, &body).await;
            site.advance(900).await;
            let item = site.properties(&id).await;
            let newest = text(&all[0]["id"]);
            let used = point.as_ref().unwrap_or(&newest);
            assert_eq!(item["failoverRecoveryPointId"], used.as_str(), "{name}");
            losses.push(number(&site.guest(name).await["lost_mb"]));
            let account = site.guest(name).await;
            let n = |field: &str| number(&account[field]);
            let sum = n("replicated_mb") + n("pending_mb") + n("lost_mb");
            assert!((n("written_mb") - sum).abs() < 0.01, "{account}");
        }
        assert_eq!(losses[0], 0.0, "{name}: latest processes everything first");
        assert!(
            losses[1] > 0.0 && losses[2] > losses[1],
            "{name} {losses:?}"
        );
        assert!((2700.0..3600.0).contains(&losses[2]), "{name} {losses:?}");
    }
    let site = site(Estate::Contoso).await;
    let id = site.item_id("app-06").await;
    let app = text(&points(&site, &id).await[1]["id"]);
    fail_over(&site, "app-06", &to_azure("InMageRcm", true, Some(&app))).await;
    site.advance(900).await;
    assert_eq!(
        site.properties(&id).await["failoverRecoveryPointId"],
        app.as_str()
    );
}

#[tokio::test]
async fn until_the_commit_another_point_can_be_chosen_from_those_there_were() {
    let site = site(Estate::Contoso).await;
    for (name, provider) in FORWARD {
        let (id, _) = fail_over(&site, name, &to_azure(provider, true, None)).await;
        site.advance(7200).await;
        let [newest, _, other] = points(&site, &id).await;
        let item = site.properties(&id).await;
        let used = text(&item["failoverRecoveryPointId"]);
        assert_eq!(used, text(&newest["id"]), "{name}: none is made since");
        let mut body = json!({"properties": {"recoveryPointId": other["id"], "providerSpecificDetails": {"instanceType": provider}}});
        if provider == "InMageRcm" {
            body["properties"]["providerSpecificDetails"]["recoveryPointId"] = other["id"].clone();
        }
        let job = site.ask_for(&id, "applyRecoveryPoint", &body).await;
        site.advance(500).await;
        assert_eq!(site.outcome(&job).await.0, "Succeeded", "{name}");
        let item = site.properties(&id).await;
        assert_eq!(item["failoverRecoveryPointId"], other["id"], "{name}");
        assert_eq!(item["activeLocation"], "Recovery");
        assert_eq!(site.power(name).await, "running");
        body["properties"]["recoveryPointId"] = format!("{id}/recoveryPoints/none").into();
        let (_, message) = site.refused(&id, "applyRecoveryPoint", &body).await;
        assert!(message.contains("recoveryPointId"), "{message}");
        site.ask_for(&id, "failoverCommit", &Value::Null).await;
        site.advance(5).await;
        let (code, _) = site.refused(&id, "applyRecoveryPoint", &body).await;
        assert_eq!(code, "OperationNotAllowed", "{name}");
    }
}

#[tokio::test]
async fn a_planned_failover_of_hyperv_loses_nothing_and_waits_for_its_commit() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("hq-app").await;
    site.writes("hq-app", 60.0).await;
    site.advance(1800).await;
    let body = json!({"properties": {"failoverDirection": "PrimaryToRecovery",
        "providerSpecificDetails": {"instanceType": "HyperVReplicaAzure"}}});
    let job = site.ask_for(&id, "plannedFailover", &body).await;
    site.advance(900).await;
    let done = site.job(&job).await;
    assert_eq!(done["properties"]["scenarioName"], "PlannedFailover");
    let names = task_names(&done);
    assert_eq!(
        names[1..3],
        ["VmShutdownVmOnPrimary", "VmPrepareForFailover"]
    );
    let item = site.properties(&id).await;
    assert_eq!(item["protectionState"], "PlannedFailoverCommitRequired");
    assert_eq!(number(&site.guest("hq-app").await["lost_mb"]), 0.0);
}

#[tokio::test]
async fn a_failover_that_is_cancelled_on_its_way_leaves_a_machine_that_replicates_no_more() {
    let site = site(Estate::Contoso).await;
    let (id, job) = fail_over(&site, "hv-web", &to_azure("HyperVReplicaAzure", true, None)).await;
    site.advance(120).await;
    assert_eq!(site.act(&job, "cancel").await, 202);
    site.advance(20).await;
    let item = site.properties(&id).await;
    assert_eq!(item["replicationHealth"], "Critical");
    let problems = item["healthErrors"].to_string();
    assert!(problems.contains("ReplicationStopped"), "{problems}");
    assert_eq!(site.vm_status("hv-web").await, 404);
    fail_over(&site, "hv-web", &to_azure("HyperVReplicaAzure", true, None)).await;
    site.advance(900).await;
    let item = site.properties(&id).await;
    assert_eq!(item["replicationHealth"], "Normal", "run again, it arrives");
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_its_name() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("app-06").await;
    let good = to_azure("InMageRcm", true, None);
    for (pointer, field, value) in [
        (
            "/properties",
            "failoverDirection",
            json!("RecoveryToPrimary"),
        ),
        ("/properties", "failoverDirection", Value::Null),
        ("/properties", "sourceSiteOperations", json!("Perhaps")),
        (
            "/properties/providerSpecificDetails",
            "performShutdown",
            Value::Null,
        ),
        (
            "/properties/providerSpecificDetails",
            "recoveryPointId",
            json!("none"),
        ),
    ] {
        let mut body = good.clone();
        body.pointer_mut(pointer).expect("a part")[field] = value;
        let (_, message) = site.refused(&id, "unplannedFailover", &body).await;
        assert!(message.contains(field), "{field}: {message}");
    }
    let other = to_azure("InMageAzureV2", true, None);
    assert_eq!(
        site.refused(&id, "unplannedFailover", &other).await.0,
        "506"
    );
}

#[tokio::test]
async fn the_agent_may_not_have_registered_a_quarter_of_an_hour_after_its_machine_was_started() {
    let quirks = vec![Quirk::AgentRegistersLate];
    let site = with(Options {
        quirks,
        ..Options::default()
    })
    .await;
    let id = site.item_id("app-01").await;
    let body = super::clients::planned_home("CrashConsistent");
    site.ask_for(&id, "plannedFailover", &body).await;
    site.advance(1290).await;
    site.ask_for(&id, "failoverCommit", &Value::Null).await;
    site.advance(115).await;
    let body = site.modern_azure().await;
    let job = site.ask_for(&id, "reProtect", &body).await;
    site.advance(750).await;
    let failed = site.job(&job).await;
    let error = &failed["properties"]["errors"][0]["serviceErrorDetails"];
    assert!(text(&error["message"]).contains("agent is not installed"));
    site.advance(60).await;
    let job = site.ask_for(&id, "reProtect", &body).await;
    site.advance(750).await;
    assert_eq!(site.outcome(&job).await.0, "Succeeded");
}
