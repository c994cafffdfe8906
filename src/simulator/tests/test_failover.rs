use super::clients::task_names;
use super::*;
use crate::simulator::Quirk;

fn test(provider: &str, network: &str) -> Value {
    let mut details = json!({"instanceType": provider});
    let mut properties = json!({"failoverDirection": "PrimaryToRecovery"});
    if provider == "InMageRcm" {
        details["networkId"] = network.into();
    } else {
        properties["networkType"] = "VmNetworkAsInput".into();
        properties["networkId"] = network.into();
    }
    properties["providerSpecificDetails"] = details;
    json!({"properties": properties})
}

fn cleanup() -> Value {
    json!({"properties": {"comments": "it booted"}})
}

#[tokio::test]
async fn a_test_failover_makes_a_vm_of_its_own_and_leaves_the_machine_protected() {
    let site = site(Estate::Contoso).await;
    let network = site.first("Microsoft.Network/virtualNetworks").await;
    for (name, provider) in [
        ("mail-01", "InMageAzureV2"),
        ("app-06", "InMageRcm"),
        ("hv-web", "HyperVReplicaAzure"),
    ] {
        let id = site.item_id(name).await;
        let untested = site.properties(&id).await;
        let warned = name != "app-06";
        assert_eq!(untested["failoverHealth"] == "Warning", warned, "{name}");
        assert_eq!(untested["lastSuccessfulTestFailoverTime"].is_null(), warned);
        let body = test(provider, &network);
        let job = site.ask_for(&id, "testFailover", &body).await;
        site.advance(400).await;
        let done = site.job(&job).await;
        assert_eq!(done["properties"]["state"], "Succeeded", "{name}");
        assert_eq!(
            task_names(&done),
            [
                "VmTfoPrerequisitesCheck",
                "VmTfoInitiateFailover",
                "VmTfoPrepareTestVm",
                "VmTfoBootTestVm"
            ]
        );
        let details = &done["properties"]["customDetails"];
        assert_eq!(details["instanceType"], "TestFailoverJobDetails");
        assert_eq!(details["networkName"], "vnet-contoso-dr");
        let vm = text(&details["protectedItemDetails"][0]["testVmName"]);
        assert_eq!(site.power(&vm).await, "running");
        let item = site.properties(&id).await;
        assert_eq!(item["protectionState"], "Protected");
        assert_eq!(item["activeLocation"], "Primary");
        assert_eq!(item["testFailoverState"], "WaitingForCompletion");
        assert_eq!(item["allowedOperations"], json!(["TestFailoverCleanup"]));
        assert_eq!(site.vm_status(name).await, 404, "only the test VM is there");

        let job = site.ask_for(&id, "testFailoverCleanup", &cleanup()).await;
        site.advance(120).await;
        let done = site.job(&job).await;
        assert_eq!(done["properties"]["scenarioName"], "TestFailoverCleanup");
        assert_eq!(done["properties"]["customDetails"]["comments"], "it booted");
        assert_eq!(site.vm_status(&vm).await, 404, "{name}");
        let item = site.properties(&id).await;
        assert_eq!(item["testFailoverState"], "MarkedForDeletion", "for good");
        assert_eq!(item["failoverHealth"], "Normal", "{name}");
        assert!(item["lastSuccessfulTestFailoverTime"].is_string());
        assert!(
            item["allowedOperations"]
                .to_string()
                .contains("TestFailover\"")
        );
    }
}

#[tokio::test]
async fn a_network_that_is_not_there_is_refused_and_a_machine_under_test_is_not_failed_over() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("app-06").await;
    let body = test("InMageRcm", "/subscriptions/none");
    let (_, message) = site.refused(&id, "testFailover", &body).await;
    assert!(message.contains("networkId"), "{message}");
    let under = site.item_id("app-10").await;
    let body = super::clients::to_azure("InMageRcm", true, None);
    let (code, _) = site.refused(&under, "unplannedFailover", &body).await;
    assert_eq!(code, "OperationNotAllowed");
    site.ask_for(&under, "testFailoverCleanup", &cleanup())
        .await;
    site.advance(120).await;
    site.ask_for(&under, "unplannedFailover", &body).await;
}

#[tokio::test]
async fn the_job_of_a_test_may_wait_until_the_test_is_stopped() {
    for by_cleanup in [true, false] {
        let site = with(Options {
            quirks: vec![Quirk::TestFailoverWaits],
            ..Options::default()
        })
        .await;
        let id = site.item_id("hv-web").await;
        let network = site.first("Microsoft.Network/virtualNetworks").await;
        let body = test("HyperVReplicaAzure", &network);
        let job = site.ask_for(&id, "testFailover", &body).await;
        site.advance(400).await;
        let waits = site.job(&job).await["properties"].clone();
        assert_eq!(waits["state"], "Suspended");
        assert_eq!(waits["stateDescription"], "WaitingForStopTestFailover");
        assert_eq!(waits["allowedActions"], json!(["Cancel", "Resume"]));
        let item = site.properties(&id).await;
        assert_eq!(item["testFailoverState"], "WaitingForCompletion");
        assert_eq!(item["allowedOperations"], json!(["TestFailoverCleanup"]));
        if !by_cleanup {
            assert_eq!(site.resume(&job).await, 202);
        }
        site.ask_for(&id, "testFailoverCleanup", &cleanup()).await;
        site.advance(120).await;
        assert_eq!(site.outcome(&job).await.0, "Succeeded");
        let item = site.properties(&id).await;
        assert!(
            item["allowedOperations"]
                .to_string()
                .contains("UnplannedFailover")
        );
    }
}

#[tokio::test]
async fn an_encrypted_cloud_needs_the_certificate_of_its_key_and_only_there() {
    let machine = json!({"name": "vault-01", "fabric": "vmm", "stage": "hyperv-replicating"});
    let estate = json!({
        "fabrics": [{"kind": "vmm", "name": "vmm", "cloud": "Gold", "encryption": true}], "machines": [machine],
    });
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("estate.json");
    std::fs::write(&file, estate.to_string()).expect("written");
    let site = site(Estate::File(file)).await;
    let id = site.item_id("vault-01").await;
    assert_eq!(site.details(&id).await["encryption"], "Enabled");
    let mut body = super::clients::to_azure("HyperVReplicaAzure", true, None);
    let (_, message) = site.refused(&id, "unplannedFailover", &body).await;
    assert!(message.contains("primaryKekCertificatePfx"), "{message}");
    body["properties"]["providerSpecificDetails"]["primaryKekCertificatePfx"] = "MII...".into();
    site.ask_for(&id, "unplannedFailover", &body).await;
}
