//! How a planned failover of a modernised machine is undone: by a person, by itself, and not at all.

use super::clients::{number, planned_home, task_names};
use super::*;
use crate::simulator::Quirk;

const VM: &str = "app-01-e9369372-f40f-41eb-b64f-38bb79445508";

/// The planned failover of app-01, with a rule about its fate.
async fn failed(rules: &[&str]) -> (Site, String, String) {
    let site = site(Estate::Contoso).await;
    for rule in rules {
        site.fault(rule).await;
    }
    let id = site.item_id("app-01").await;
    let body = planned_home("CrashConsistent");
    let job = site.ask_for(&id, "plannedFailover", &body).await;
    (site, id, job)
}

async fn cancel_job(site: &Site) -> Value {
    let jobs = site.jobs().await;
    let cancels = |j: &&Value| j["properties"]["scenarioName"] == "CancelFailover";
    let name = text(&jobs.iter().find(cancels).expect("a job")["name"]);
    site.job(&name).await
}

#[tokio::test]
async fn a_failover_can_be_cancelled_until_it_is_committed_and_what_was_written_at_home_is_lost() {
    let (site, id, _) = failed(&[]).await;
    site.advance(1400).await;
    site.writes("app-01", 30.0).await;
    site.advance(600).await;
    let before = site.guest("app-01").await;
    assert!(
        (299.0..302.0).contains(&number(&before["site_written_mb"])),
        "{before}"
    );
    let offered = site.properties(&id).await["allowedOperations"].clone();
    assert!(offered.to_string().contains("CancelFailover"));
    let job = site.ask_for(&id, "failoverCancel", &Value::Null).await;
    site.advance(5).await;
    let running = site.job(&job).await;
    assert_eq!(
        running["properties"]["friendlyName"],
        "Cancel failover and resume replication"
    );
    assert_eq!(
        task_names(&running),
        [
            "CancelFailoverPreflightChecksTask",
            "CancelFailoverRecovery",
            "CancelFailoverPrimaryTask",
            "StartVmOnPrimary"
        ]
    );
    site.advance(400).await;
    let item = site.properties(&id).await;
    assert_eq!(item["protectionState"], "Protected");
    assert_eq!(item["activeLocation"], "Primary");
    assert_eq!(
        item["allowedOperations"],
        json!(["PlannedFailover", "DisableProtection"])
    );
    let details = &item["providerSpecificDetails"];
    assert_eq!(details["lastPlannedFailoverStatus"], "Cancelled");
    assert_eq!(item["lastSuccessfulFailoverTime"], Value::Null);
    assert_eq!(site.power(VM).await, "running");
    let after = site.guest("app-01").await;
    assert_eq!(number(&after["site_written_mb"]), 0.0);
    assert!(number(&after["site_lost_mb"]) > 299.0, "{after}");
    assert_eq!(
        number(&after["lost_mb"]),
        0.0,
        "nothing of what was written in Azure"
    );
    assert_eq!(after["site_vm"], "off");

    // Replication goes on, and the failover can be done again.
    site.advance(600).await;
    assert!(number(&site.guest("app-01").await["replicated_mb"]) > 100.0);
    let body = planned_home("CrashConsistent");
    site.ask_for(&id, "plannedFailover", &body).await;
    site.advance(1400).await;
    let commit = site.ask_for(&id, "failoverCommit", &Value::Null).await;
    site.advance(120).await;
    assert_eq!(site.outcome(&commit).await.0, "Succeeded");
    let (code, _) = site.refused(&id, "failoverCancel", &Value::Null).await;
    assert_eq!(code, "OperationNotAllowed", "not after the commit");
}

#[tokio::test]
async fn a_failed_planned_failover_cancels_itself_and_the_machine_is_where_it_was() {
    let (site, id, job) = failed(&["JOB app-01/plannedFailover 8038"]).await;
    site.advance(1290).await;
    let (state, _, tasks) = site.outcome(&job).await;
    assert_eq!((state.as_str(), tasks[4].as_str()), ("Failed", "Failed"));
    assert_eq!(site.power(VM).await, "deallocated");
    let own = cancel_job(&site).await["properties"].clone();
    assert_eq!(own["state"], "InProgress");
    assert!(!text(&own["activityId"]).starts_with("11111111"));
    let busy = site.properties(&id).await;
    assert_eq!(busy["currentScenario"]["scenarioName"], "CancelFailover");
    assert_eq!(busy["allowedOperations"], json!([]));
    let body = planned_home("CrashConsistent");
    let again = site.post(&format!("{id}/plannedFailover"), &body).await;
    assert_eq!(again.status(), 409);
    assert_eq!(
        site.act(&job, "restart").await,
        400,
        "not while it is cancelled"
    );
    site.advance(400).await;
    assert_eq!(cancel_job(&site).await["properties"]["state"], "Succeeded");
    let item = site.properties(&id).await;
    assert_eq!(item["protectionState"], "Protected");
    let details = &item["providerSpecificDetails"];
    assert_eq!(details["lastPlannedFailoverStatus"], "Failed");
    assert_eq!(site.power(VM).await, "running");
    // And then it can be run again, as a job or anew.
    assert_eq!(site.act(&job, "restart").await, 202);
    site.advance(1400).await;
    let item = site.properties(&id).await;
    assert_eq!(item["protectionState"], "CommitPendingStatesBegin");
}

#[tokio::test]
async fn what_failed_before_anything_was_done_needs_no_cancelling() {
    let (site, id, _) = failed(&["JOB app-01/plannedFailover 95226"]).await;
    site.advance(60).await;
    let item = site.properties(&id).await;
    assert_eq!(item["protectionState"], "Protected");
    assert!(
        item["allowedOperations"]
            .to_string()
            .contains("PlannedFailover")
    );
    let listed = site.jobs().await;
    let cancels = |j: &Value| {
        j["properties"]["scenarioName"] == "CancelFailover"
            && j["properties"]["targetObjectName"] == "app-01"
    };
    assert!(!listed.iter().any(cancels));
}

#[tokio::test]
async fn a_failed_cancel_can_only_be_cancelled_by_a_person_and_says_so() {
    let rules = [
        "JOB app-01/plannedFailover 8038",
        "JOB app-01/failoverCancel 8061",
    ];
    let (site, id, _) = failed(&rules).await;
    site.advance(1700).await;
    let own = cancel_job(&site).await["properties"].clone();
    assert_eq!(own["state"], "Failed");
    assert_eq!(own["allowedActions"], json!([]), "nobody's to restart");
    assert_eq!(own["errors"][0]["serviceErrorDetails"]["code"], "8061");
    let item = site.properties(&id).await;
    assert_eq!(item["replicationHealth"], "Critical");
    let problem = item["healthErrors"].to_string();
    assert!(problem.contains("Do not disable replication"), "{problem}");
    assert_eq!(
        item["allowedOperations"],
        json!(["CancelFailover", "DisableProtection"])
    );
    assert_eq!(site.power(VM).await, "deallocated");

    let job = site.ask_for(&id, "failoverCancel", &Value::Null).await;
    site.advance(400).await;
    assert_eq!(site.outcome(&job).await.0, "Succeeded");
    let item = site.properties(&id).await;
    assert_eq!(item["protectionState"], "Protected");
    assert_eq!(item["replicationHealth"], "Normal");
    assert_eq!(site.power(VM).await, "running");
}

#[tokio::test]
async fn the_cancel_of_a_person_can_fail_too_and_be_asked_for_again() {
    let (site, id, _) = failed(&[]).await;
    site.advance(1400).await;
    site.fault("JOB app-01/failoverCancel 8061").await;
    let job = site.ask_for(&id, "failoverCancel", &Value::Null).await;
    site.advance(400).await;
    assert_eq!(site.outcome(&job).await.0, "Failed");
    let offered = site.properties(&id).await["allowedOperations"].clone();
    assert_eq!(offered, json!(["CancelFailover", "DisableProtection"]));
    site.ask_for(&id, "failoverCancel", &Value::Null).await;
    site.advance(400).await;
    let item = site.properties(&id).await;
    assert_eq!(item["protectionState"], "Protected");
}

#[tokio::test]
async fn a_failover_whose_job_is_cancelled_is_cancelled_as_a_whole() {
    let (site, id, job) = failed(&[]).await;
    site.advance(700).await;
    assert_eq!(site.power(VM).await, "deallocated");
    assert_eq!(site.act(&job, "cancel").await, 202);
    site.advance(400).await;
    assert_eq!(cancel_job(&site).await["properties"]["state"], "Succeeded");
    assert_eq!(site.power(VM).await, "running");
    let details = site.details(&id).await;
    assert_eq!(details["lastPlannedFailoverStatus"], "Cancelled");
}

#[tokio::test]
async fn what_cancelled_itself_may_be_told_as_cancelled_and_under_its_parents_request_id() {
    for (quirk, status, same) in [
        (Quirk::PlannedStatusCancelled, "Cancelled", false),
        (Quirk::ChildJobSameId, "Failed", true),
    ] {
        let site = with(Options {
            quirks: vec![quirk],
            ..Options::default()
        })
        .await;
        site.fault("JOB app-01/plannedFailover 8038").await;
        let id = site.item_id("app-01").await;
        let ask = site.ask(Method::POST, &format!("{id}/plannedFailover"));
        let ask = ask.header("x-ms-client-request-id", "mine-3");
        let body = planned_home("CrashConsistent");
        ask.json(&body).send().await.expect("an answer");
        site.advance(1700).await;
        let details = site.details(&id).await;
        assert_eq!(details["lastPlannedFailoverStatus"], status, "{quirk}");
        let own = cancel_job(&site).await;
        let starts = text(&own["properties"]["activityId"]).starts_with("mine-3 ");
        assert_eq!(starts, same, "{quirk}");
    }
}
