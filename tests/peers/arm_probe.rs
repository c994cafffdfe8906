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
        lists: "items=16,fabrics=3,jobs=10,protectedItemsOfVault=35,containers=1,protectable=31,\
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
    let items = site.get("replicationProtectedItems");
    let mut items = items["value"].as_array().unwrap().iter();
    let item = items.find(|i| i["properties"]["friendlyName"] == "web-04");
    let id = item.unwrap()["id"].as_str().unwrap();
    let parts: Vec<&str> = id.rsplit('/').collect();
    let at = [parts[4], parts[2], parts[0]].map(str::to_owned);
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
