use super::clients::{hyperv_home, number, task_names};
use super::*;

const VM: &str = "hv-dc-02";

pub(super) async fn failback(site: &Site, name: &str, body: &Value) -> (String, String) {
    let id = site.item_id(name).await;
    let job = site.ask_for(&id, "plannedFailover", body).await;
    (id, job)
}

fn error_of(job: &Value) -> String {
    text(&job["properties"]["errors"][0]["serviceErrorDetails"]["code"])
}

#[tokio::test]
async fn with_the_least_down_time_the_job_waits_after_its_synchronisation_until_it_is_resumed() {
    let site = site(Estate::Contoso).await;
    site.writes(VM, 60.0).await;
    let body = hyperv_home("ForDownTime", "NoAction");
    let (id, job) = failback(&site, VM, &body).await;
    site.advance(600).await;
    let waits = site.job(&job).await["properties"].clone();
    assert_eq!(
        (&waits["state"], &waits["stateDescription"]),
        (
            &json!("Suspended"),
            &json!("WaitingForUserInputAfterDataSync")
        )
    );
    assert_eq!(waits["allowedActions"], json!(["Cancel", "Resume"]));
    assert_eq!(waits["tasks"][2]["state"], "NotStarted");
    assert_eq!(site.power(VM).await, "running", "it serves until then");
    let item = site.properties(&id).await;
    assert_eq!(item["allowedOperations"], json!([]));
    assert_eq!(item["currentScenario"]["scenarioName"], "PlannedFailover");
    assert_eq!(site.guest(VM).await["site_disks"], "inconsistent");
    site.advance(86_400).await;
    assert_eq!(site.outcome(&job).await.0, "Suspended", "however long");

    assert_eq!(site.resume(&job).await, 202);
    site.advance(300).await;
    let (state, _, tasks) = site.outcome(&job).await;
    assert_eq!(state, "Succeeded");
    assert!(tasks.iter().all(|t| t == "Completed"), "{tasks:?}");
    let item = site.properties(&id).await;
    assert_eq!(item["activeLocation"], "Primary");
    assert!(item["allowedOperations"].to_string().contains("Commit"));
    assert_eq!(site.power(VM).await, "deallocated");
    let account = site.guest(VM).await;
    assert_eq!(account["site_disks"], "whole");
    assert_eq!(account["site_vm"], "running");
    assert_eq!(number(&account["lost_mb"]), 0.0, "{account}");
    assert!(number(&account["written_mb"]) > 80_000.0);
    assert_eq!(site.resume(&job).await, 400, "only once");
}

#[tokio::test]
async fn a_full_download_shuts_the_azure_vm_down_at_once_and_goes_straight_through() {
    let site = site(Estate::Contoso).await;
    let body = hyperv_home("ForSynchronization", "NoAction");
    let (id, job) = failback(&site, VM, &body).await;
    site.advance(150).await;
    assert_eq!(site.power(VM).await, "deallocated");
    site.advance(300).await;
    let done = site.job(&job).await;
    assert_eq!(done["properties"]["state"], "Succeeded");
    assert_eq!(
        task_names(&done),
        [
            "VmPfoPrerequisitesCheck",
            "VmShutdownVmOnPrimary",
            "VmPrepareForFailover",
            "VmFailover",
            "VmFoStartVmOnSecondary"
        ]
    );
    let item = site.properties(&id).await;
    assert_ne!(
        item["lastSuccessfulFailoverTime"], done["properties"]["startTime"],
        "a Hyper-V failback does not move it"
    );
    let commit = site.ask_for(&id, "failoverCommit", &Value::Null).await;
    site.advance(120).await;
    assert_eq!(site.outcome(&commit).await.0, "Succeeded");
    let item = site.properties(&id).await;
    assert_eq!(item["protectionState"], "RestoreFinalized");
    assert_eq!(
        item["allowedOperations"],
        json!(["ReverseReplicate", "DisableProtection"])
    );
    assert_eq!(site.vm_status(VM).await, 404, "its Azure VM is deleted");
    let body = site.hyperv_azure(&id).await;
    let job = site.ask_for(&id, "reProtect", &body).await;
    site.advance(120).await;
    let done = site.job(&job).await;
    assert_eq!(
        (
            &done["properties"]["scenarioName"],
            &done["properties"]["state"]
        ),
        (&json!("ReprotectReplicationGroup"), &json!("Succeeded"))
    );
    let affected = &done["properties"]["customDetails"]["affectedObjectDetails"];
    assert_eq!(affected["primaryVmmName"], "Microsoft Azure");
    assert_eq!(affected["recoveryFabricProviderId"], "HyperVSite");
    let item = site.properties(&id).await;
    assert_eq!(item["protectionState"], "Protected");
    assert!(
        item["allowedOperations"]
            .to_string()
            .contains("TestFailover")
    );
}

#[tokio::test]
async fn a_synchronisation_that_is_cancelled_leaves_disks_that_must_not_be_started_until_it_is_run_again()
 {
    let site = site(Estate::Contoso).await;
    let body = hyperv_home("ForDownTime", "NoAction");
    for wait in [120, 600] {
        let (id, job) = failback(&site, VM, &body).await;
        site.advance(wait).await;
        assert_eq!(site.act(&job, "cancel").await, 202);
        site.advance(20).await;
        assert_eq!(site.outcome(&job).await.0, "Cancelled");
        assert_eq!(site.guest(VM).await["site_disks"], "inconsistent");
        assert_eq!(site.power(VM).await, "running");
        let item = site.properties(&id).await;
        assert!(item["allowedOperations"].to_string().contains("Failback"));
    }
    let (_, job) = failback(&site, VM, &body).await;
    site.advance(600).await;
    site.resume(&job).await;
    site.advance(300).await;
    assert_eq!(site.guest(VM).await["site_disks"], "whole");
}

#[tokio::test]
async fn to_another_host_or_where_it_was_deleted_a_machine_is_made_and_goes_by_another_id() {
    let site = site(Estate::Contoso).await;
    let list = format!("{}/replicationRecoveryServicesProviders", site.vault());
    let providers = site.rows(&list).await;
    let of = |name: &str| {
        let found = providers
            .iter()
            .find(|p| p["properties"]["friendlyName"] == name);
        text(&found.expect("a provider")["id"])
    };
    let id = site.item_id("hv-lost").await;
    let before = site.properties(&id).await;
    assert_eq!(site.guest("hv-lost").await["site_vm"], "deleted");
    let body = hyperv_home("ForSynchronization", "NoAction");
    let job = site.ask_for(&id, "plannedFailover", &body).await;
    site.advance(600).await;
    assert_eq!(error_of(&site.job(&job).await), "VmNotFoundOnHost");

    let mut body = hyperv_home("ForSynchronization", "CreateVmIfNotFound");
    let host = of("HV-BRANCH-02");
    body["properties"]["providerSpecificDetails"]["providerIdForAlternateRecovery"] =
        host.as_str().into();
    site.ask_for(&id, "plannedFailover", &body).await;
    site.advance(600).await;
    let item = site.properties(&id).await;
    assert_eq!(item["recoveryServicesProviderId"], host.as_str());
    assert_ne!(item["protectableItemId"], before["protectableItemId"]);
    let registered = site.properties(&text(&item["protectableItemId"])).await;
    let details = &registered["customDetails"];
    assert_eq!(details["hyperVHostId"], "hv-branch-02");
    assert_eq!(
        details["sourceItemId"],
        item["providerSpecificDetails"]["vmId"]
    );
    assert_eq!(site.guest("hv-lost").await["site_vm"], "running");
    site.ask_for(&id, "failoverCommit", &Value::Null).await;
    site.advance(120).await;
    let mut reverse = site.hyperv_azure(&id).await;
    let good = reverse["properties"]["providerSpecificDetails"]["hvHostVmId"].take();
    reverse["properties"]["providerSpecificDetails"]["hvHostVmId"] =
        before["providerSpecificDetails"]["vmId"].clone();
    let (_, message) = site.refused(&id, "reProtect", &reverse).await;
    assert!(
        message.contains("hvHostVmId"),
        "the old machine is not it: {message}"
    );
    reverse["properties"]["providerSpecificDetails"]["hvHostVmId"] = good;
    site.ask_for(&id, "reProtect", &reverse).await;
}

#[tokio::test]
async fn a_failback_needs_a_host_that_is_connected_and_no_managed_disks() {
    let site = site(Estate::Contoso).await;
    let body = hyperv_home("ForDownTime", "NoAction");
    for (name, code) in [
        ("hv-far", "HostNotConnected"),
        ("hv-files", "ManagedDisksNotSupported"),
    ] {
        let (_, job) = failback(&site, name, &body).await;
        site.advance(100).await;
        assert_eq!(error_of(&site.job(&job).await), code);
        assert_eq!(site.guest(name).await["site_disks"], "whole");
    }
}

#[tokio::test]
async fn what_does_not_exist_or_does_not_fit_is_refused_by_its_name() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id(VM).await;
    let good = hyperv_home("ForDownTime", "CreateVmIfNotFound");
    for (field, value) in [
        ("dataSyncOption", json!("ForNothing")),
        ("dataSyncOption", Value::Null),
        ("recoveryVmCreationOption", json!("Perhaps")),
        ("recoveryVmCreationOption", Value::Null),
        ("providerIdForAlternateRecovery", json!("nowhere")),
    ] {
        let mut body = good.clone();
        body["properties"]["providerSpecificDetails"][field] = value;
        let (_, message) = site.refused(&id, "plannedFailover", &body).await;
        assert!(message.contains(field), "{field}: {message}");
    }
    let mut turned = good.clone();
    turned["properties"]["failoverDirection"] = "PrimaryToRecovery".into();
    let (_, message) = site.refused(&id, "plannedFailover", &turned).await;
    assert!(message.contains("failoverDirection"), "{message}");
    let uncommitted = site.item_id("hv-pos-01").await;
    let (code, _) = site.refused(&uncommitted, "plannedFailover", &good).await;
    assert_eq!(code, "OperationNotAllowed", "it has to be committed first");
}

#[tokio::test]
async fn a_vmm_cloud_goes_by_an_identifier_and_its_machines_come_home_as_the_others_do() {
    let site = site(Estate::Contoso).await;
    let fabric = site.fabric("VMM").await;
    let list = format!("{}/replicationProtectionContainers", text(&fabric["id"]));
    let container = &site.rows(&list).await[0];
    assert_eq!(container["properties"]["friendlyName"], "HQ-Cloud");
    assert_eq!(container["properties"]["fabricType"], "VMM");
    assert!(text(&container["name"]).parse::<uuid::Uuid>().is_ok());
    let body = hyperv_home("ForDownTime", "NoAction");
    let (id, job) = failback(&site, "hq-sql", &body).await;
    site.advance(600).await;
    site.resume(&job).await;
    site.advance(600).await;
    let item = site.properties(&id).await;
    assert_eq!(item["primaryFabricProvider"], "VmmFabric");
    assert!(item["allowedOperations"].to_string().contains("Commit"));
}
