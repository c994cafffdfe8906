//! Microsoft's own client takes the other generations round, and all of them to Azure; its validator finds nothing in
//! what was said on the way but what the real service says, too.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::circle::without_task_details;
use crate::peer::{BuiltIn, good, path, validate};

#[test]
fn microsofts_client_takes_every_generation_round_and_to_azure() {
    let site = BuiltIn::start(&["--job-pace", "0.05"]);
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("exchanges.jsonl");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/generations.py");
    let output = Command::new(path("FAILBACK_PEER_PYTHON"))
        .arg(script)
        .args(site.vault())
        .arg("--log")
        .arg(&log)
        .output();
    let seen = good("the official SDK", &output.unwrap());
    let seen: Value = serde_json::from_str(&seen).unwrap();
    assert!(seen["exchanges"].as_u64() >= Some(250), "{seen}");
    println!("every generation: {}", validate(&log, 120));
    let jobs = folder.path().join("jobs.jsonl");
    without_task_details(&log, &jobs);
    println!("their jobs: {}", validate(&jobs, 30));
}
