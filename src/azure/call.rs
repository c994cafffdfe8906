//! Turns a step into the exact call: what review shows is what is sent.

use serde_json::json;

use crate::domain::{Call, Method, Step};

/// The call that makes `step` happen, for an endpoint that speaks `api_version`.
#[must_use]
pub fn call_for(step: &Step, api_version: &str) -> Call {
    match step {
        // After a reprotect Azure is the primary, hence the direction (asr-rest.md 4.2).
        Step::FailBackClassic { item } => Call {
            method: Method::Post,
            path: format!("{item}/unplannedFailover?api-version={api_version}"),
            body: Some(pretty(&json!({
                "properties": {
                    "failoverDirection": "PrimaryToRecovery",
                    "sourceSiteOperations": "Required",
                    "providerSpecificDetails": {
                        "instanceType": "InMage",
                        "recoveryPointType": "LatestTime",
                    },
                },
            }))),
        },
    }
}

fn pretty(body: &serde_json::Value) -> String {
    format!("{body:#}")
}
