//! What the VM in Azure is to be, said before the failover that makes it.

use super::clients::to_azure;
use super::*;

/// A PATCH as each generation takes it.
fn change(provider: &str, nic: &str, network: &str) -> Value {
    if provider == "InMageRcm" {
        return json!({"properties": {"providerSpecificDetails": {
            "instanceType": provider, "targetVmName": "renamed-01", "targetVmSize": "Standard_E4s_v5",
            "targetNetworkId": network, "vmNics": [{"nicId": nic, "isPrimaryNic": "true",
                "isSelectedForFailover": "true", "targetSubnetName": "servers", "targetStaticIPAddress": "10.8.2.46"}],
        }}});
    }
    json!({"properties": {
        "recoveryAzureVMName": "renamed-01", "recoveryAzureVMSize": "Standard_E4s_v5",
        "selectedRecoveryAzureNetworkId": network,
        "vmNics": [{"nicId": nic, "selectionType": "SelectedByUser", "ipConfigs": [{
            "ipConfigName": "ipconfig1", "isPrimary": true, "recoverySubnetName": "servers",
            "recoveryStaticIPAddress": "10.8.2.46"}]}],
        "providerSpecificDetails": {"instanceType": provider},
    }})
}

#[tokio::test]
async fn name_size_network_subnet_and_address_are_those_of_the_vm_that_a_failover_makes() {
    for (name, provider) in [
        ("mail-01", "InMageAzureV2"),
        ("app-06", "InMageRcm"),
        ("hv-web", "HyperVReplicaAzure"),
    ] {
        let site = site(Estate::Contoso).await;
        let network = site.first("Microsoft.Network/virtualNetworks").await;
        let id = site.item_id(name).await;
        let nic = text(&site.details(&id).await["vmNics"][0]["nicId"]);
        let sizes = site.rows(&format!("{id}/targetComputeSizes")).await;
        assert!(sizes.iter().any(|s| s["name"] == "Standard_E4s_v5"));
        let answer = site.patch(&id, &change(provider, &nic, &network)).await;
        assert_eq!(answer.status(), 202, "{name}");
        let job = job_of(&answer);
        let running = site.job(&job).await["properties"].clone();
        assert_eq!(running["scenarioName"], "UpdateVmProperties");
        assert_eq!(running["allowedActions"], json!([]), "recorded");
        site.advance(10).await;
        let details = site.details(&id).await;
        let (vm, size, net) = if provider == "InMageRcm" {
            ("targetVmName", "targetVmSize", "targetNetworkId")
        } else if provider == "InMageAzureV2" {
            (
                "recoveryAzureVMName",
                "recoveryAzureVMSize",
                "selectedRecoveryAzureNetworkId",
            )
        } else {
            (
                "recoveryAzureVmName",
                "recoveryAzureVMSize",
                "selectedRecoveryAzureNetworkId",
            )
        };
        assert_eq!(details[vm], "renamed-01", "{name}");
        assert_eq!(details[size], "Standard_E4s_v5", "{name}");
        assert_eq!(details[net], network.as_str(), "{name}");
        let nics = details["vmNics"].to_string();
        assert!(
            nics.contains("servers") && nics.contains("10.8.2.46"),
            "{nics}"
        );
        let body = to_azure(provider, true, None);
        site.ask_for(&id, "unplannedFailover", &body).await;
        site.advance(900).await;
        let vm = site.get(&site.vm("renamed-01")).await;
        let size = &vm["properties"]["hardwareProfile"]["vmSize"];
        assert_eq!(size, "Standard_E4s_v5", "{name}");
        assert_eq!(site.vm_status(name).await, 404);
        let refused = site.patch(&id, &change(provider, &nic, &network)).await;
        assert_eq!(refused.status(), 400, "it is too late");
    }
}

#[tokio::test]
async fn what_is_not_said_stays_and_what_does_not_exist_is_refused_by_its_name() {
    let site = site(Estate::Contoso).await;
    let id = site.item_id("app-06").await;
    let before = site.details(&id).await;
    let only = json!({"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm", "targetVmSize": "Standard_D8s_v5"}}});
    assert_eq!(site.patch(&id, &only).await.status(), 202);
    site.advance(10).await;
    let after = site.details(&id).await;
    assert_eq!(after["targetVmSize"], "Standard_D8s_v5");
    assert_eq!(after["targetVmName"], before["targetVmName"]);
    assert_eq!(after["targetNetworkId"], before["targetNetworkId"]);
    let nic = text(&before["vmNics"][0]["nicId"]);
    let network = text(&before["targetNetworkId"]);
    let good = change("InMageRcm", &nic, &network);
    for (pointer, field, value) in [
        ("", "targetVmName", json!("no spaces, please")),
        ("", "targetVmName", json!("-x")),
        ("", "targetVmSize", json!("Huge_1")),
        ("", "targetNetworkId", json!("/subscriptions/none")),
        ("/vmNics/0", "nicId", json!("00:00:00:00:00:00")),
        ("/vmNics/0", "targetSubnetName", json!("nowhere")),
        ("/vmNics/0", "targetStaticIPAddress", json!("10.8.2.460")),
    ] {
        let mut body = good.clone();
        let at = format!("/properties/providerSpecificDetails{pointer}");
        body.pointer_mut(&at).expect("a part")[field] = value;
        let answer = site.patch(&id, &body).await;
        assert_eq!(answer.status(), 400, "{field}");
        let said: Value = answer.json().await.expect("JSON");
        let message = text(&said["error"]["details"][0]["message"]);
        assert!(message.contains(field), "{field}: {message}");
    }
}

#[tokio::test]
async fn a_name_that_is_taken_is_changed_and_the_vm_goes_by_the_changed_one() {
    let site = site(Estate::Contoso).await;
    site.fault("JOB app-06/unplannedFailover 28175").await;
    let id = site.item_id("app-06").await;
    let body = to_azure("InMageRcm", true, None);
    let answer = site.post(&format!("{id}/unplannedFailover"), &body).await;
    let status = answer.headers()["azure-asyncoperation"].to_str();
    let status = status.expect("text").to_owned();
    let job = job_of(&answer);
    site.advance(900).await;
    let operation = site.get(&status).await;
    assert_eq!(operation["status"], "Succeeded");
    let renamed = format!("app-06-{job}");
    let message = text(&operation["error"]["message"]);
    assert!(message.contains(&renamed), "{message}");
    assert_eq!(site.vm_status("app-06").await, 404);
    assert_eq!(site.power(&renamed).await, "running");
    let details = site.details(&id).await;
    assert_eq!(details["targetVmName"], "app-06", "recorded");
    site.ask_for(&id, "reProtect", &site.modern_home().await)
        .await;
    site.advance(2000).await;
    let details = site.details(&id).await;
    let vm = text(&details["azureVirtualMachineId"]);
    assert!(vm.ends_with(&renamed), "{vm}");
}
