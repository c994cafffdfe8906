//! The `properties` of each request, by generation (asr-rest.md 4; bodies as recorded).

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::call::{
    AzureInput, ClassicAzureInput, ClassicInput, HomeInput, HyperVAzureInput, ModernisedAzureInput,
    ModernisedInput, ModernisedPoint, WayHome,
};
use crate::domain::plan::{HyperVReturn, PointChoice, Synchronisation};
use crate::domain::{ArmId, Generation};

/// `instanceType` of a machine that replicates to Azure.
pub(super) fn to_azure_type(generation: Generation) -> &'static str {
    match generation {
        Generation::Classic => "InMageAzureV2",
        Generation::Modernised => "InMageRcm",
        Generation::HyperV => "HyperVReplicaAzure",
    }
}

/// What may be left out, where there is one.
fn with(mut details: Value, field: &str, value: Option<&impl Serialize>) -> Value {
    if let Some(value) = value {
        details[field] = json!(value);
    }
    details
}

/// `reProtect`, Azure to the ground. Azure is the recovery side, hence the direction.
pub(super) fn home(input: &HomeInput) -> Value {
    let details = match input {
        HomeInput::Classic(input) => classic_home(input),
        HomeInput::Modernised(input) => modernised_home(input),
    };
    json!({ "failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": details })
}

fn classic_home(input: &ClassicInput) -> Value {
    let details = json!({
        "instanceType": "InMage",
        "masterTargetId": input.master_target,
        "processServerId": input.process_server,
        "retentionDrive": input.retention,
        "profileId": input.policy,
        "datastoreName": input.datastore,
    });
    with(details, "runAsAccountId", input.account.as_ref())
}

fn modernised_home(input: &ModernisedInput) -> Value {
    json!({
        "instanceType": "InMageRcm",
        "reprotectAgentId": input.reprotect_agent,
        "datastoreName": input.datastore,
        "logStorageAccountId": input.log_storage,
    })
}

/// `unplannedFailover` or `plannedFailover` home: the verb, and its properties.
pub(super) fn way_home(way: &WayHome) -> (&'static str, Value) {
    match way {
        // After a reprotect Azure is the primary, hence the direction (asr-rest.md 4.2).
        WayHome::Classic(point) => (
            "unplannedFailover",
            json!({
                "failoverDirection": "PrimaryToRecovery",
                "sourceSiteOperations": "Required",
                "providerSpecificDetails": classic_point(point),
            }),
        ),
        // Without a direction, as recorded.
        WayHome::Modernised(point) => {
            let point = match point {
                ModernisedPoint::CrashConsistent => "CrashConsistent",
                ModernisedPoint::ApplicationConsistent => "ApplicationConsistent",
            };
            let details =
                json!({ "instanceType": "InMageRcmFailback", "recoveryPointType": point });
            (
                "plannedFailover",
                json!({ "providerSpecificDetails": details }),
            )
        }
        // Its class is the same in both directions, so that Azure stays the recovery side.
        WayHome::HyperV(way) => (
            "plannedFailover",
            json!({
                "failoverDirection": "RecoveryToPrimary",
                "providerSpecificDetails": hyper_v_home(way),
            }),
        ),
    }
}

fn classic_point(point: &PointChoice) -> Value {
    let mut details = json!({ "instanceType": "InMage" });
    details["recoveryPointType"] = match point {
        PointChoice::Latest => json!("LatestTime"),
        PointChoice::LatestApplication => json!("LatestTag"),
        PointChoice::Custom { name, .. } => {
            details["recoveryPointId"] = json!(name);
            json!("Custom")
        }
    };
    details
}

fn hyper_v_home(way: &HyperVReturn) -> Value {
    let option = match way.synchronisation {
        Synchronisation::BeforeFailover => "ForDownTime",
        Synchronisation::FullDownload => "ForSynchronization",
    };
    // On another host there is none yet.
    let create = match way.create_vm || way.host.is_some() {
        true => "CreateVmIfNotFound",
        false => "NoAction",
    };
    let details = json!({
        "instanceType": "HyperVReplicaAzureFailback",
        "dataSyncOption": option,
        "recoveryVmCreationOption": create,
    });
    with(details, "providerIdForAlternateRecovery", way.host.as_ref())
}

/// `reProtect`, the ground to Azure.
pub(super) fn azure(input: &AzureInput) -> Value {
    match input {
        AzureInput::Classic(input) => {
            let details = classic_azure(input);
            json!({ "failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": details })
        }
        // Without a direction, as recorded.
        AzureInput::Modernised(input) => {
            json!({ "providerSpecificDetails": modernised_azure(input) })
        }
        // The machine at home is the primary side again (recorded).
        AzureInput::HyperV(input) => {
            let details = hyper_v_azure(input);
            json!({ "failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": details })
        }
    }
}

/// The process server stands for the master target, as recorded (asr-rest.md 4.1).
fn classic_azure(input: &ClassicAzureInput) -> Value {
    let details = json!({
        "instanceType": "InMageAzureV2",
        "masterTargetId": input.process_server,
        "processServerId": input.process_server,
        "policyId": input.policy,
    });
    with(details, "runAsAccountId", input.account.as_ref())
}

fn modernised_azure(input: &ModernisedAzureInput) -> Value {
    let details = json!({
        "instanceType": "InMageRcmFailback",
        "processServerId": input.process_server,
        "policyId": input.policy,
    });
    with(details, "runAsAccountId", input.account.as_ref())
}

fn hyper_v_azure(input: &HyperVAzureInput) -> Value {
    let details = json!({
        "instanceType": "HyperVReplicaAzure",
        "hvHostVmId": input.host_vm,
        "vmName": input.vm_name,
        "osType": input.os,
    });
    with(details, "storageAccountId", input.storage.as_ref())
}

/// The failover to Azure: the verb, and its properties. Hyper-V that is shut down first goes planned;
/// modernised machines say it in a field of their own (asr-rest.md 4.2).
pub(super) fn to_azure(
    generation: Generation,
    point: Option<&ArmId>,
    shut_down: bool,
) -> (&'static str, Value) {
    let details = json!({ "instanceType": to_azure_type(generation) });
    let mut details = with(details, "recoveryPointId", point);
    let mut source = match shut_down {
        true => "Required",
        false => "NotRequired",
    };
    match generation {
        Generation::HyperV if shut_down => {
            let body = json!({
                "failoverDirection": "PrimaryToRecovery",
                "providerSpecificDetails": details,
            });
            return ("plannedFailover", body);
        }
        Generation::Modernised => {
            details["performShutdown"] = json!(shut_down.to_string());
            source = "NotRequired";
        }
        Generation::Classic | Generation::HyperV => {}
    }
    let body = json!({
        "failoverDirection": "PrimaryToRecovery",
        "sourceSiteOperations": source,
        "providerSpecificDetails": details,
    });
    ("unplannedFailover", body)
}

pub(super) fn change_point(generation: Generation, point: &ArmId) -> Value {
    let mut details = json!({ "instanceType": to_azure_type(generation) });
    // The modernised input wants the point itself, too.
    if generation == Generation::Modernised {
        details["recoveryPointId"] = json!(point);
    }
    json!({ "recoveryPointId": point, "providerSpecificDetails": details })
}

pub(super) fn test(generation: Generation, network: &ArmId, point: Option<&ArmId>) -> Value {
    let mut details = json!({ "instanceType": to_azure_type(generation) });
    if generation == Generation::Modernised {
        details["networkId"] = json!(network);
    }
    let details = with(details, "recoveryPointId", point);
    json!({
        "failoverDirection": "PrimaryToRecovery",
        "networkType": "VmNetworkAsInput",
        "networkId": network,
        "providerSpecificDetails": details,
    })
}
