//! Microsoft's own clients go round the whole classic circle, Compute and failing jobs included, and Microsoft's
//! validator finds nothing in what was said on the way.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::peer::{BuiltIn, good, path, validate, validate_compute};

#[test]
fn microsofts_clients_go_round_the_whole_circle_and_its_validator_finds_nothing_wrong() {
    let site = BuiltIn::start(&["--job-pace", "0.1"]);
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("exchanges.jsonl");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/circle.py");
    let output = Command::new(path("FAILBACK_PEER_PYTHON"))
        .arg(script)
        .args(site.vault())
        .args(["--machine", "web-03", "--second", "web-01", "--log"])
        .arg(&log)
        .output();
    let seen = good("the official SDK", &output.unwrap());
    let seen: Value = serde_json::from_str(&seen).unwrap();
    assert!(seen["exchanges"].as_u64() >= Some(80), "{seen}");
    println!("the circle: {}", validate(&log, 45));
    println!("its VM: {}", validate_compute(&log, 14));
    // The validator stops at the tasks' details, which the swagger does not know in any job: without them it
    // judges the rest, the errors of a failed job among it.
    let jobs = folder.path().join("jobs.jsonl");
    let errors = without_task_details(&log, &jobs);
    assert!(errors > 0, "no failed job was read");
    println!("its jobs: {}", validate(&jobs, 8));
}

/// The readings of single jobs without their tasks' details; how many of them had errors.
pub fn without_task_details(exchanges: &Path, file: &Path) -> usize {
    fn strip(tasks: Option<&mut Value>) {
        let tasks = tasks.and_then(Value::as_array_mut);
        for task in tasks.into_iter().flatten() {
            task.as_object_mut().unwrap().remove("customDetails");
            strip(task.pointer_mut("/groupTaskCustomDetails/childTasks"));
        }
    }
    let (mut kept, mut errors) = (String::new(), 0);
    for line in fs::read_to_string(exchanges).unwrap().lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let job = line["uri"].as_str().unwrap().contains("/replicationJobs/");
        if line["method"] != "GET" || !job || !line["respBody"].is_object() {
            continue;
        }
        let properties = &mut line["respBody"]["properties"];
        strip(properties.get_mut("tasks"));
        let failed = properties["errors"].as_array().unwrap();
        errors += usize::from(!failed.is_empty());
        kept.push_str(&format!("{line}\n"));
    }
    fs::write(file, kept).unwrap();
    errors
}
