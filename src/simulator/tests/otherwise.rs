//! The ways in which the other generations may differ from what is recorded, one by one.

use super::clients::{hyperv_home, planned_home};
use super::hyperv::failback;
use super::*;
use crate::simulator::Quirk;

const VM: &str = "hv-dc-02";

async fn quirky(quirk: Quirk) -> Site {
    with(Options {
        quirks: vec![quirk],
        ..Options::default()
    })
    .await
}

#[tokio::test]
async fn the_commit_of_a_modernised_machine_at_home_leaves_its_azure_vm_there_or_deletes_it() {
    for (quirk, status) in [
        (Quirk::ScenarioNever, 200),
        (Quirk::ModernCommitDeletes, 404),
    ] {
        let site = quirky(quirk).await;
        let id = site.item_id("app-02").await;
        site.ask_for(&id, "failoverCommit", &Value::Null).await;
        site.advance(120).await;
        assert_eq!(site.vm_status("app-02").await, status, "{quirk}");
    }
}

#[tokio::test]
async fn a_first_synchronisation_may_tell_nothing_of_how_far_it_is() {
    let site = quirky(Quirk::ProgressSilent).await;
    let id = site.item_id("app-04").await;
    let body = site.modern_home().await;
    site.ask_for(&id, "reProtect", &body).await;
    site.advance(1300).await;
    let details = site.details(&id).await;
    for field in ["ProgressPercentage", "ProcessedBytes", "TransferredBytes"] {
        let field = format!("initialReplication{field}");
        assert_eq!(details[&field], Value::Null, "{field}");
    }
    let disk = &details["protectedDisks"][0];
    assert_eq!(disk["irDetails"]["progressHealth"], "Queued");
    site.advance(700).await;
    let ready = site.properties(&id).await;
    assert_eq!(ready["protectionState"], "Protected");
}

#[tokio::test]
async fn a_planned_failover_of_a_modernised_machine_may_wait_in_words_that_nobody_knows() {
    let site = quirky(Quirk::SuspendedUnnamed).await;
    let id = site.item_id("app-01").await;
    let body = planned_home("CrashConsistent");
    let job = site.ask_for(&id, "plannedFailover", &body).await;
    site.advance(1500).await;
    assert_eq!(site.outcome(&job).await.0, "Other");
    assert_eq!(site.resume(&job).await, 202);
    site.advance(1100).await;
    assert_eq!(site.outcome(&job).await.0, "Succeeded");
}

#[tokio::test]
async fn machines_with_managed_disks_may_fail_back_after_all() {
    let body = hyperv_home("ForDownTime", "NoAction");
    let site = quirky(Quirk::ManagedDisksReturn).await;
    let (_, job) = failback(&site, "hv-files", &body).await;
    site.advance(600).await;
    assert_eq!(site.outcome(&job).await.0, "Suspended");
}

#[tokio::test]
async fn either_option_may_wait_or_not() {
    for (quirk, option, state) in [
        (Quirk::HypervNeverWaits, "ForDownTime", "Succeeded"),
        (Quirk::HypervAlwaysWaits, "ForDownTime", "Suspended"),
        (Quirk::HypervNeverWaits, "ForSynchronization", "Succeeded"),
        (Quirk::HypervAlwaysWaits, "ForSynchronization", "Suspended"),
        (Quirk::SuspendedUnnamed, "ForDownTime", "Other"),
    ] {
        let site = quirky(quirk).await;
        let (_, job) = failback(&site, VM, &hyperv_home(option, "NoAction")).await;
        site.advance(700).await;
        assert_eq!(site.outcome(&job).await.0, state, "{quirk} {option}");
    }
}

#[tokio::test]
async fn what_an_item_says_on_its_way_may_be_otherwise() {
    let body = hyperv_home("ForSynchronization", "NoAction");
    for (quirk, active, operation) in [
        (Quirk::HypervActiveLate, "Recovery", "Commit"),
        (Quirk::FinalizeFailback, "Primary", "FinalizeFailback"),
    ] {
        let site = quirky(quirk).await;
        let (id, _) = failback(&site, VM, &body).await;
        site.advance(700).await;
        let item = site.properties(&id).await;
        assert_eq!(item["activeLocation"], active, "{quirk}");
        assert_eq!(item["allowedOperations"][0], operation, "{quirk}");
        site.ask_for(&id, "failoverCommit", &Value::Null).await;
        site.advance(120).await;
        let item = site.properties(&id).await;
        assert_eq!(item["protectionState"], "RestoreFinalized", "{quirk}");
        assert_eq!(item["activeLocation"], "Primary", "{quirk}");
    }
    let site = quirky(Quirk::StatesUnknown).await;
    let (id, _) = failback(&site, VM, &body).await;
    site.advance(700).await;
    let item = site.properties(&id).await;
    assert_eq!(item["protectionState"], "ThirdStateBegin");
    assert_eq!(item["allowedOperations"][0], "Commit");
}

#[tokio::test]
async fn a_cancelled_synchronisation_may_leave_a_state_of_its_own_and_a_reversed_machine_may_synchronise()
 {
    let site = quirky(Quirk::CancelledSyncStays).await;
    let body = hyperv_home("ForDownTime", "NoAction");
    let (id, job) = failback(&site, VM, &body).await;
    site.advance(120).await;
    site.act(&job, "cancel").await;
    site.advance(20).await;
    let item = site.properties(&id).await;
    assert_eq!(
        item["allowedOperations"],
        json!(["Failback", "DisableProtection"])
    );
    assert_ne!(item["protectionState"], "PlannedFailoverStatesBegin");
    let (_, job) = failback(&site, VM, &body).await;
    site.advance(600).await;
    site.resume(&job).await;
    site.advance(300).await;
    let item = site.properties(&id).await;
    assert!(item["allowedOperations"].to_string().contains("Commit"));

    let site = quirky(Quirk::ReverseSynchronises).await;
    let id = site.item_id("hv-pos-04").await;
    let body = site.hyperv_azure(&id).await;
    site.ask_for(&id, "reProtect", &body).await;
    site.advance(200).await;
    let item = site.properties(&id).await;
    assert_eq!(item["protectionState"], "InitialReplicationInProgress");
    site.advance(300).await;
    let item = site.properties(&id).await;
    assert_eq!(item["protectionState"], "Protected");
}
