//! Microsoft's SDK lists, reads and fails back on the built-in site; Microsoft's validator finds
//! nothing in the exchanges that the real service does not do, too.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::peer::{BuiltIn, good, path, validate};

/// What is expected of an estate: how long each list is at least, how many exchanges are valid.
struct Expected {
    estate: &'static str,
    page_size: &'static str,
    lists: &'static str,
    least_valid: u32,
    commit: bool,
}

/// An item, by fabric, container and name.
type At = [String; 3];

/// The machine of that name: its id, and where the probe finds it.
fn item(site: &BuiltIn, name: &str) -> (String, At) {
    let items = site.get("replicationProtectedItems");
    let mut items = items["value"].as_array().unwrap().iter();
    let item = items.find(|i| i["properties"]["friendlyName"] == name);
    let id = item.unwrap()["id"].as_str().unwrap().to_owned();
    let parts: Vec<&str> = id.rsplit('/').collect();
    let at = [parts[4], parts[2], parts[0]].map(str::to_owned);
    (id, at)
}

/// A body of the probe's own, with other values in some of its provider's fields.
fn body(name: &str, fields: &[(&str, &str)]) -> Value {
    let file = path("FAILBACK_PEER_PROBE").join("bodies").join(name);
    let mut body: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let input = &mut body["properties"]["providerSpecificDetails"];
    for (field, value) in fields {
        assert!(!input[*field].is_null(), "{field}");
        input[*field] = json!(value);
    }
    body
}

/// Runs the probe; its exchanges are in the file that is returned.
fn probe(site: &BuiltIn, at: &At, folder: &Path, options: &[String]) -> PathBuf {
    let log = folder.join("exchanges.jsonl");
    let mut client = Command::new(path("FAILBACK_PEER_PYTHON"));
    client
        .arg(path("FAILBACK_PEER_PROBE").join("client_probe.py"))
        .args(site.vault());
    for (flag, word) in ["--fabric", "--container", "--item"].iter().zip(at) {
        client.args([flag, word.as_str()]);
    }
    client.args(options).arg("--log").arg(&log);
    good("the official SDK", &client.output().unwrap());
    log
}

/// The name of a file that holds this body.
fn file(folder: &Path, name: &str, body: &Value) -> String {
    let file = folder.join(name);
    fs::write(&file, body.to_string()).unwrap();
    file.to_str().unwrap().to_owned()
}

/// The probe's body with `Required`, as this program sends it.
fn required(folder: &Path) -> String {
    let body = path("FAILBACK_PEER_PROBE").join("bodies/unplanned_inmage.json");
    let body = fs::read_to_string(body).unwrap();
    let body = body.replace("NotRequired", "Required");
    file(
        folder,
        "unplanned.json",
        &serde_json::from_str(&body).unwrap(),
    )
}

fn judge(expected: &Expected) {
    let site = BuiltIn::start(&[
        "--estate",
        expected.estate,
        "--page-size",
        expected.page_size,
    ]);
    let folder = tempfile::tempdir().unwrap();
    let at = ["/example/fabric", "/example/container", "/example/item"];
    let at = at.map(|pointer| site.word(pointer).to_owned());
    let mut options = vec!["--expect".to_owned(), expected.lists.to_owned()];
    options.extend(["--unplanned".to_owned(), required(folder.path())]);
    options.extend(expected.commit.then(|| "--commit".to_owned()));
    let log = probe(&site, &at, folder.path(), &options);
    println!(
        "{}: {}",
        expected.estate,
        validate(&log, expected.least_valid)
    );
}

#[test]
fn the_contoso_estate_is_the_service_that_the_sdk_expects() {
    judge(&Expected {
        estate: "contoso",
        page_size: "5",
        lists: "items=20,fabrics=4,jobs=12,protectedItemsOfVault=46,containers=1,protectable=41,\
                recoveryPlans=2,policies=7,vCenters=2,recoveryPoints=24",
        least_valid: 38,
        commit: true,
    });
}

#[test]
fn the_recorded_estate_is_the_service_that_the_sdk_expects() {
    judge(&Expected {
        estate: "recorded",
        page_size: "100",
        lists: "items=2,fabrics=1,jobs=1,protectable=3,policies=2,recoveryPoints=24",
        least_valid: 16,
        commit: false,
    });
}

/// The probe's own reprotect, unplanned failover and commit, each run of it reading everything else as well.
#[test]
fn the_probe_takes_a_machine_from_azure_home_and_back_to_azure() {
    let site = BuiltIn::start(&["--job-pace", "0.05"]);
    let folder = tempfile::tempdir().unwrap();
    let (id, at) = item(&site, "web-04");
    let id = id.as_str();
    let fabrics = site.get("replicationFabrics");
    let details = &fabrics["value"][0]["properties"]["customDetails"];
    let (target, server) = (
        &details["masterTargetServers"][0],
        &details["processServers"][0]["id"],
    );
    let policy = |name: &str| {
        let vault = id.split("/replicationFabrics").next().unwrap();
        json!(format!("{vault}/replicationPolicies/{name}"))
    };
    let home = path("FAILBACK_PEER_PROBE").join("bodies/reprotect_inmage_azure_to_vmware.json");
    let mut home: Value = serde_json::from_slice(&fs::read(home).unwrap()).unwrap();
    let input = &mut home["properties"]["providerSpecificDetails"];
    for (field, value) in [
        ("masterTargetId", target["id"].clone()),
        ("processServerId", server.clone()),
        (
            "retentionDrive",
            target["retentionVolumes"][0]["volumeName"].clone(),
        ),
        (
            "datastoreName",
            target["dataStores"][0]["symbolicName"].clone(),
        ),
        ("profileId", policy("contoso-24h-failback")),
    ] {
        assert!(!input[field].is_null() && value.is_string(), "{field}");
        input[field] = value;
    }
    let azure = json!({"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": {
        "instanceType": "InMageAzureV2", "masterTargetId": server, "processServerId": server,
        "runAsAccountId": "2", "policyId": policy("contoso-24h"),
    }}});
    let folder = folder.path();
    let steps: [&[String]; 3] = [
        &["--reprotect".into(), file(folder, "home.json", &home)],
        &["--unplanned".into(), required(folder), "--commit".into()],
        &["--reprotect".into(), file(folder, "azure.json", &azure)],
    ];
    for (step, state) in steps
        .iter()
        .zip(["Protected", "UnplannedFailoverCommitted", "Protected"])
    {
        let log = probe(&site, &at, folder, step);
        println!("{} {}", step[0], validate(&log, 16));
        site.turn(86_400);
        assert_eq!(
            site.get(id)["properties"]["protectionState"],
            state,
            "{}",
            step[0]
        );
    }
}

/// The probe's reprotect, planned failover, cancel and commit of a modernised machine, and its way back.
#[test]
fn the_probe_takes_a_modernised_machine_home_cancels_that_and_takes_it_home_again() {
    let site = BuiltIn::start(&["--job-pace", "0.05"]);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (id, at) = item(&site, "app-04");
    let fabrics = site.get("replicationFabrics");
    let mut details = fabrics["value"].as_array().unwrap().iter();
    let details = details.find_map(|f| {
        let details = &f["properties"]["customDetails"];
        (details["instanceType"] == "InMageRcm").then_some(details)
    });
    let appliance = &details.unwrap()["reprotectAgents"][0];
    let group = id.split("/providers/").next().unwrap().to_lowercase();
    let storage = format!("{group}/providers/Microsoft.Storage/storageAccounts/stcontosodr");
    let agent = appliance["id"].as_str().unwrap();
    let home = body(
        "reprotect_rcm_azure_to_vmware.json",
        &[
            ("reprotectAgentId", agent),
            (
                "datastoreName",
                appliance["accessibleDatastores"][0].as_str().unwrap(),
            ),
            ("logStorageAccountId", &storage),
        ],
    );
    let vault = id.split("/replicationFabrics").next().unwrap();
    let policy = format!("{vault}/replicationPolicies/24-hour-replication-policy");
    let azure = json!({"properties": {"providerSpecificDetails": {
        "instanceType": "InMageRcmFailback", "processServerId": agent, "policyId": policy}}});
    let planned = file(
        folder,
        "planned.json",
        &body("planned_rcm_failback.json", &[]),
    );
    let steps: [(&[String], &str); 4] = [
        (
            &["--reprotect".into(), file(folder, "home.json", &home)],
            "Protected",
        ),
        (
            &["--planned".into(), planned.clone(), "--cancel".into()],
            "Protected",
        ),
        (
            &["--planned".into(), planned, "--commit".into()],
            "PlannedFailoverCommitted",
        ),
        (
            &["--reprotect".into(), file(folder, "azure.json", &azure)],
            "Protected",
        ),
    ];
    for (step, state) in steps {
        let log = probe(&site, &at, folder, step);
        println!("modernised {} {}", step[0], validate(&log, 14));
        site.turn(86_400);
        let item = site.get(&id);
        assert_eq!(item["properties"]["protectionState"], state, "{}", step[0]);
    }
}

/// The probe's planned failover of Hyper-V waits for its own resume, and then commits.
#[test]
fn the_probe_takes_a_hyperv_machine_home_and_completes_the_failover_that_waits() {
    let site = BuiltIn::start(&["--job-pace", "0.05"]);
    let folder = tempfile::tempdir().unwrap();
    let (id, at) = item(&site, "hq-sql");
    let planned = body("planned_hyperv_failback.json", &[]);
    let planned = file(folder.path(), "planned.json", &planned);
    let resuming = tempfile::tempdir().unwrap();
    let log = std::thread::scope(|scope| {
        let whole = scope.spawn(|| {
            let options = ["--planned".into(), planned.clone(), "--commit".into()];
            probe(&site, &at, folder.path(), &options)
        });
        let job = waiting(&site, "hq-sql");
        let resumed = probe(&site, &at, resuming.path(), &["--resume".into(), job]);
        println!("Hyper-V --resume {}", validate(&resumed, 15));
        whole.join().unwrap()
    });
    println!("Hyper-V --planned --commit {}", validate(&log, 15));
    let item = site.get(&id);
    assert_eq!(item["properties"]["protectionState"], "RestoreFinalized");
}

/// The job of that machine that waits for a person, as soon as there is one.
fn waiting(site: &BuiltIn, name: &str) -> String {
    let begun = std::time::Instant::now();
    while begun.elapsed().as_secs() < 120 {
        let jobs = site.get("replicationJobs");
        let mut jobs = jobs["value"].as_array().unwrap().iter();
        let found = jobs.find(|j| {
            let p = &j["properties"];
            p["targetObjectName"] == name && p["allowedActions"].to_string().contains("Resume")
        });
        if let Some(job) = found {
            return job["name"].as_str().unwrap().to_owned();
        }
        site.turn(10);
    }
    panic!("no job of {name} waits");
}
