//! Turns a change into the exact call: what review shows is what is sent.

use serde_json::{Value, json};

use super::compute;
use crate::domain::call::{ClassicAzureInput, ClassicInput, JobAction};
use crate::domain::plan::PointChoice;
use crate::domain::{ArmId, Call, Change, Method};

/// The call that makes `change` happen, for an endpoint that speaks `api_version`.
#[must_use]
pub fn call_for(change: &Change, api_version: &str) -> Call {
    let post = |object: &ArmId, verb: &str, body| post(object, verb, api_version, body);
    match change {
        Change::ProtectClassic { item, input } => post(item, "reProtect", Some(home(input))),
        // After a reprotect Azure is the primary, hence the direction (asr-rest.md 4.2).
        Change::FailBackClassic { item, point } => post(
            item,
            "unplannedFailover",
            Some(json!({
                "failoverDirection": "PrimaryToRecovery",
                "sourceSiteOperations": "Required",
                "providerSpecificDetails": recovery_point(point),
            })),
        ),
        Change::Commit { item } => post(item, "failoverCommit", None),
        Change::ProtectToAzureClassic { item, input } => {
            post(item, "reProtect", Some(to_azure(input)))
        }
        Change::StopAzureVm { vm } => self::post(vm, "deallocate", compute::API_VERSION, None),
        Change::StartAzureVm { vm } => self::post(vm, "start", compute::API_VERSION, None),
        Change::JobAction { job, action } => match action {
            JobAction::Resume => post(job, "resume", Some(json!({ "comments": "failback" }))),
            JobAction::Restart => post(job, "restart", None),
        },
    }
}

fn home(input: &ClassicInput) -> Value {
    let mut details = json!({
        "instanceType": "InMage",
        "masterTargetId": input.master_target,
        "processServerId": input.process_server,
        "retentionDrive": input.retention,
        "profileId": input.policy,
        "datastoreName": input.datastore,
    });
    if let Some(account) = &input.account {
        details["runAsAccountId"] = json!(account);
    }
    json!({ "failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": details })
}

/// The process server stands for the master target, as recorded (asr-rest.md 4.1).
fn to_azure(input: &ClassicAzureInput) -> Value {
    let mut details = json!({
        "instanceType": "InMageAzureV2",
        "masterTargetId": input.process_server,
        "processServerId": input.process_server,
        "policyId": input.policy,
    });
    if let Some(account) = &input.account {
        details["runAsAccountId"] = json!(account);
    }
    json!({ "failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": details })
}

fn recovery_point(point: &PointChoice) -> Value {
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

fn post(object: &ArmId, verb: &str, api_version: &str, properties: Option<Value>) -> Call {
    Call {
        method: Method::Post,
        path: format!("{object}/{verb}?api-version={api_version}"),
        body: properties.map(|properties| format!("{:#}", json!({ "properties": properties }))),
    }
}
