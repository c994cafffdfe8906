//! What is sent is what was recorded: modernised and Hyper-V machines, both ways, against real requests.

use failback::azure::call_for;
use failback::domain::call::{
    AzureInput, HomeInput, HyperVAzureInput, ModernisedAzureInput, ModernisedInput,
    ModernisedPoint, WayHome,
};
use failback::domain::plan::{HyperVReturn, Synchronisation};
use failback::domain::{ArmId, Change, Generation};
use serde_json::{Value, json};

use crate::bodies::{VERSION, body, is_sent_to, item, recorded, recorded_of};

const MODERNISED: &str = "modernised-vmware-trimmed.jsonl";
const HYPER_V: &str = "hyperv-site.jsonl";
const OTHERS: &str = "classic-and-others-excerpts.jsonl";

/// The change is the recorded call: its path, and its body to the last field.
fn is_recorded(change: &Change, (path, sent): &(String, Value)) {
    let call = call_for(change, VERSION);
    is_sent_to(&call, path);
    match sent {
        Value::Null => assert_eq!(call.body, None),
        sent => assert_eq!(&body(&call), sent),
    }
}

fn word(sent: &Value, field: &str) -> String {
    let details = &sent["properties"]["providerSpecificDetails"];
    let word = details[field].as_str();
    word.unwrap_or_else(|| panic!("no {field} in {details}"))
        .to_owned()
}

#[test]
fn a_modernised_machine_is_protected_home_as_recorded() {
    let (path, sent) = recorded(MODERNISED, "reProtect");
    let input = ModernisedInput {
        reprotect_agent: word(&sent, "reprotectAgentId").as_str().into(),
        datastore: word(&sent, "datastoreName").as_str().into(),
        log_storage: ArmId::parse(&word(&sent, "logStorageAccountId")).unwrap(),
    };
    let change = Change::Protect {
        item: item(&path),
        input: HomeInput::Modernised(input),
    };
    is_recorded(&change, &(path, sent));
}

#[test]
fn a_modernised_failback_is_sent_as_recorded_and_only_the_point_differs() {
    let (path, sent) = recorded(MODERNISED, "plannedFailover");
    let of = |point| Change::FailBack {
        item: item(&path),
        way: WayHome::Modernised(point),
    };
    let application = of(ModernisedPoint::ApplicationConsistent);
    let mut other = sent.clone();
    other["properties"]["providerSpecificDetails"]["recoveryPointType"] =
        json!("ApplicationConsistent");
    is_recorded(&of(ModernisedPoint::CrashConsistent), &(path.clone(), sent));
    is_recorded(&application, &(path, other));
}

#[test]
fn a_modernised_failback_is_cancelled_as_recorded_without_a_body() {
    let recorded = recorded(OTHERS, "failoverCancel");
    assert_eq!(recorded.1, Value::Null);
    let change = Change::CancelFailover {
        item: item(&recorded.0),
    };
    is_recorded(&change, &recorded);
}

#[test]
fn a_modernised_machine_is_protected_to_azure_as_recorded() {
    let (path, sent) = recorded_of(OTHERS, "reProtect", "InMageRcmFailback");
    let input = ModernisedAzureInput {
        process_server: word(&sent, "processServerId").as_str().into(),
        account: Some(word(&sent, "runAsAccountId").as_str().into()),
        policy: ArmId::parse(&word(&sent, "policyId")).unwrap(),
    };
    let change = Change::ProtectToAzure {
        item: item(&path),
        input: AzureInput::Modernised(input),
    };
    is_recorded(&change, &(path, sent));
}

fn over(path: &str, generation: Generation, shut_down: bool) -> Change {
    Change::FailOver {
        item: item(path),
        generation,
        point: None,
        shut_down,
    }
}

#[test]
fn a_modernised_failover_to_azure_is_sent_as_recorded() {
    let recorded = recorded(MODERNISED, "unplannedFailover");
    let shut_down = over(&recorded.0, Generation::Modernised, true);
    is_recorded(&shut_down, &recorded);
    let running = over(&recorded.0, Generation::Modernised, false);
    let mut other = recorded.1.clone();
    other["properties"]["providerSpecificDetails"]["performShutdown"] = json!("false");
    is_recorded(&running, &(recorded.0, other));
}

#[test]
fn a_hyper_v_machine_goes_to_azure_as_recorded_planned_when_it_is_shut_down_and_unplanned_when_not()
{
    let planned = recorded_of(OTHERS, "plannedFailover", "HyperVReplicaAzure");
    is_recorded(&over(&planned.0, Generation::HyperV, true), &planned);
    let unplanned = recorded(HYPER_V, "unplannedFailover");
    is_recorded(&over(&unplanned.0, Generation::HyperV, false), &unplanned);
}

#[test]
fn a_hyper_v_failback_is_sent_as_recorded_and_only_what_was_chosen_differs() {
    let (path, sent) = recorded(HYPER_V, "plannedFailover");
    let of = |way| Change::FailBack {
        item: item(&path),
        way: WayHome::HyperV(way),
    };
    let download = HyperVReturn {
        synchronisation: Synchronisation::FullDownload,
        ..HyperVReturn::usual()
    };
    is_recorded(&of(download), &(path.clone(), sent.clone()));

    let mut before = sent.clone();
    before["properties"]["providerSpecificDetails"]["dataSyncOption"] = json!("ForDownTime");
    is_recorded(&of(HyperVReturn::usual()), &(path.clone(), before.clone()));

    let mut created = before.clone();
    let details = &mut created["properties"]["providerSpecificDetails"];
    details["recoveryVmCreationOption"] = json!("CreateVmIfNotFound");
    let create = HyperVReturn {
        create_vm: true,
        ..HyperVReturn::usual()
    };
    is_recorded(&of(create), &(path.clone(), created.clone()));

    // On another host there is no VM yet, so that it is created.
    let host =
        "/subscriptions/s/vaults/v/replicationFabrics/f/replicationRecoveryServicesProviders/p";
    let mut elsewhere = created;
    elsewhere["properties"]["providerSpecificDetails"]["providerIdForAlternateRecovery"] =
        json!(host);
    let away = HyperVReturn {
        host: ArmId::parse(host),
        ..HyperVReturn::usual()
    };
    is_recorded(&of(away), &(path.clone(), elsewhere));
}

/// No reverse replication's request was recorded, only its job (asr-rest.md 4.1): the fields are the
/// specification's.
#[test]
fn a_reverse_replication_has_the_fields_that_are_specified() {
    let (path, _) = recorded(HYPER_V, "plannedFailover");
    let storage = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a";
    let of = |storage: Option<&str>| {
        let input = HyperVAzureInput {
            host_vm: "f8491e4f-817a-40dd-a90c-af773978c75b".into(),
            vm_name: "dc-01".into(),
            os: "Windows".into(),
            storage: storage.and_then(ArmId::parse),
        };
        body(&call_for(
            &Change::ProtectToAzure {
                item: item(&path),
                input: AzureInput::HyperV(input),
            },
            VERSION,
        ))
    };
    let mut wanted = json!({ "properties": {
        "failoverDirection": "PrimaryToRecovery",
        "providerSpecificDetails": {
            "instanceType": "HyperVReplicaAzure",
            "hvHostVmId": "f8491e4f-817a-40dd-a90c-af773978c75b",
            "vmName": "dc-01",
            "osType": "Windows",
        },
    }});
    assert_eq!(of(None), wanted);
    wanted["properties"]["providerSpecificDetails"]["storageAccountId"] = json!(storage);
    assert_eq!(of(Some(storage)), wanted);
}
