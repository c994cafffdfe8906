//! `PATCH` of an item: what the VM in Azure is to be. Modernised machines say it in the provider's
//! part, the others beside it (asr-rest.md 4).

use serde_json::{Value, json};

use super::bodies::to_azure_type;
use crate::domain::Generation;
use crate::domain::plan::{AzureAdapter, AzureTarget};

pub(super) fn update(generation: Generation, target: &AzureTarget) -> Value {
    let mut details = json!({ "instanceType": to_azure_type(generation) });
    if generation == Generation::Modernised {
        set(
            &mut details,
            target,
            ["targetVmName", "targetVmSize", "targetNetworkId"],
        );
        let nics: Vec<Value> = target.adapters.iter().map(modernised).collect();
        if !nics.is_empty() {
            details["vmNics"] = json!(nics);
        }
        return json!({ "providerSpecificDetails": details });
    }
    let mut properties = json!({ "providerSpecificDetails": details });
    let names = [
        "recoveryAzureVMName",
        "recoveryAzureVMSize",
        "selectedRecoveryAzureNetworkId",
    ];
    set(&mut properties, target, names);
    let nics: Vec<Value> = target.adapters.iter().map(beside).collect();
    if !nics.is_empty() {
        properties["vmNics"] = json!(nics);
    }
    properties
}

/// Name, size and network, where they are to be changed.
fn set(into: &mut Value, target: &AzureTarget, names: [&str; 3]) {
    let values = [
        target.name.as_ref().map(|name| json!(name)),
        target.size.as_ref().map(|size| json!(size)),
        target.network.as_ref().map(|network| json!(network)),
    ];
    for (name, value) in names.into_iter().zip(values) {
        if let Some(value) = value {
            into[name] = value;
        }
    }
}

fn modernised(adapter: &AzureAdapter) -> Value {
    let mut nic = json!({
        "nicId": adapter.id,
        "isPrimaryNic": "true",
        "isSelectedForFailover": "true",
    });
    if let Some(subnet) = &adapter.subnet {
        nic["targetSubnetName"] = json!(subnet);
    }
    if let Some(address) = &adapter.address {
        nic["targetStaticIPAddress"] = json!(address);
    }
    nic
}

fn beside(adapter: &AzureAdapter) -> Value {
    let mut address = json!({
        "ipConfigName": "ipconfig1",
        "isPrimary": true,
        "isSeletedForFailover": true,
    });
    if let Some(subnet) = &adapter.subnet {
        address["recoverySubnetName"] = json!(subnet);
    }
    if let Some(own) = &adapter.address {
        address["recoveryStaticIPAddress"] = json!(own);
    }
    json!({ "nicId": adapter.id, "selectionType": "SelectedByUser", "ipConfigs": [address] })
}
