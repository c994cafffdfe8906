//! Turns a change into the exact call: what review shows is what is sent.

mod bodies;
mod target;

use serde_json::{Value, json};

use super::{compute, temporary_disk};
use crate::domain::call::JobAction;
use crate::domain::{ArmId, Call, Change, Method};

/// The call that makes `change` happen, for an endpoint that speaks `api_version`.
#[must_use]
pub fn call_for(change: &Change, api_version: &str) -> Call {
    let post = |object: &ArmId, verb: &str, body: Option<Value>| {
        self::post(object, verb, api_version, body.as_ref())
    };
    match change {
        Change::Protect { item, input } => post(item, "reProtect", Some(bodies::home(input))),
        Change::FailBack { item, way } => {
            let (verb, body) = bodies::way_home(way);
            post(item, verb, Some(body))
        }
        Change::Commit { item } => post(item, "failoverCommit", None),
        Change::CancelFailover { item } => post(item, "failoverCancel", None),
        Change::ProtectToAzure { item, input } => {
            post(item, "reProtect", Some(bodies::azure(input)))
        }
        Change::UpdateTarget {
            item,
            generation,
            target,
        } => Call {
            method: Method::Patch,
            path: format!("{item}?api-version={api_version}"),
            body: Some(written(&target::update(*generation, target))),
        },
        Change::FailOver {
            item,
            generation,
            point,
            shut_down,
        } => {
            let (verb, body) = bodies::to_azure(*generation, point.as_ref(), *shut_down);
            post(item, verb, Some(body))
        }
        Change::ChangePoint {
            item,
            generation,
            point,
        } => {
            let body = bodies::change_point(*generation, point);
            post(item, "applyRecoveryPoint", Some(body))
        }
        Change::TestFailover {
            item,
            generation,
            network,
            point,
        } => {
            let body = bodies::test(*generation, network, point.as_ref());
            post(item, "testFailover", Some(body))
        }
        Change::CleanUpTest { item, comments } => {
            let body = json!({ "comments": comments });
            post(item, "testFailoverCleanup", Some(body))
        }
        Change::TakeTemporaryOffline { vm, os, disk } => temporary_disk::take(vm, *os, disk),
        Change::StopAzureVm { vm } => self::post(vm, "deallocate", compute::API_VERSION, None),
        Change::StartAzureVm { vm } => self::post(vm, "start", compute::API_VERSION, None),
        Change::JobAction { job, action } => match action {
            JobAction::Resume => post(job, "resume", Some(json!({ "comments": "failback" }))),
            JobAction::Restart => post(job, "restart", None),
        },
    }
}

fn post(object: &ArmId, verb: &str, api_version: &str, properties: Option<&Value>) -> Call {
    Call {
        method: Method::Post,
        path: format!("{object}/{verb}?api-version={api_version}"),
        body: properties.map(written),
    }
}

fn written(properties: &Value) -> String {
    format!("{:#}", json!({ "properties": properties }))
}
