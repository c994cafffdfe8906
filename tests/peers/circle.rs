//! Microsoft's own clients go round the whole classic circle, Compute and failing jobs included, and Microsoft's
//! validator finds nothing in what was said on the way; nor in what this program says.

use std::fs;
use std::path::Path;
use std::process::Command;

use failback::azure::call_for;
use failback::domain::call::{
    AzureInput, ClassicAzureInput, ClassicInput, HomeInput, JobAction, WayHome,
};
use failback::domain::plan::PointChoice;
use failback::domain::{ArmId, Change};
use serde_json::{Value, json};

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

#[test]
fn everything_that_is_sent_on_the_way_home_is_as_the_swagger_has_it() {
    let vault = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v";
    let id = |path: &str| ArmId::parse(&format!("{vault}/{path}")).unwrap();
    let item =
        || id("replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/i");
    let vm = || {
        let group = vault.split("/providers/").next().unwrap();
        let vm = format!("{group}/providers/Microsoft.Compute/virtualMachines/web-01");
        ArmId::parse(&vm).unwrap()
    };
    let job = |action| Change::JobAction {
        job: id("replicationJobs/3e53d760-0533-4692-88ba-bbf28b26823a"),
        action,
    };
    let custom = PointChoice::Custom {
        name: "systemLevelTag606c3e8d".into(),
        time: None,
    };
    let fail_back = |point| Change::FailBack {
        item: item(),
        way: WayHome::Classic(point),
    };
    let home = |account: Option<&str>| Change::Protect {
        item: item(),
        input: HomeInput::Classic(ClassicInput {
            process_server: "14968BDF-E18E-7F45-A9B0E3EFAC2DDCA2".into(),
            master_target: "30AE6187-5869-8E44-B8AF6AA66E3ECC8F".into(),
            retention: "F".into(),
            datastore: "datastore1".into(),
            account: account.map(Into::into),
            policy: id("replicationPolicies/back"),
        }),
    };
    let azure = |account: Option<&str>| Change::ProtectToAzure {
        item: item(),
        input: AzureInput::Classic(ClassicAzureInput {
            process_server: "14968BDF-E18E-7F45-A9B0E3EFAC2DDCA2".into(),
            account: account.map(Into::into),
            policy: id("replicationPolicies/forward"),
        }),
    };
    let changes = [
        home(Some("2")),
        home(None),
        fail_back(PointChoice::Latest),
        fail_back(PointChoice::LatestApplication),
        fail_back(custom),
        Change::Commit { item: item() },
        azure(Some("2")),
        azure(None),
        job(JobAction::Resume),
        job(JobAction::Restart),
        Change::StopAzureVm { vm: vm() },
        Change::StartAzureVm { vm: vm() },
    ];
    let line = |change: &Change| {
        let call = call_for(change, "2024-04-01");
        let body = call.body.as_deref().map(serde_json::from_str::<Value>);
        let accepted = "https://management.azure.com/operation";
        json!({
            "method": call.method.to_string(), "uri": format!("https://management.azure.com{}", call.path),
            "reqHeaders": {}, "reqBody": body.transpose().unwrap(), "status": 202,
            "respHeaders": {"location": accepted, "azure-asyncoperation": accepted}, "respBody": null,
        })
    };
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("sent.jsonl");
    let lines: Vec<String> = changes.iter().map(|c| line(c).to_string()).collect();
    fs::write(&log, lines.join("\n")).unwrap();
    println!("what is sent: {}", validate(&log, 10));
    println!("to Compute: {}", validate_compute(&log, 2));
}
