//! Microsoft's SDK lists, reads and fails back on the built-in site; Microsoft's validator finds
//! nothing in the exchanges that the real service does not do, too.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::peer::{BuiltIn, path};

/// What is expected of an estate: how long each list is at least, how many exchanges are valid.
struct Expected {
    estate: &'static str,
    page_size: &'static str,
    lists: &'static str,
    least_valid: &'static str,
    commit: bool,
}

fn judge(expected: &Expected) {
    let site = BuiltIn::start(&[
        "--estate",
        expected.estate,
        "--page-size",
        expected.page_size,
    ]);
    let probe = path("FAILBACK_PEER_PROBE");
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("exchanges.jsonl");
    let body = required(&probe, folder.path());
    let mut client = Command::new(path("FAILBACK_PEER_PYTHON"));
    client
        .arg(probe.join("client_probe.py"))
        .args(["--base", site.word("/base_url")]);
    for (flag, pointer) in [
        ("--sub", "/vaults/0/subscription"),
        ("--rg", "/vaults/0/resource_group"),
        ("--vault", "/vaults/0/name"),
        ("--fabric", "/example/fabric"),
        ("--container", "/example/container"),
        ("--item", "/example/item"),
    ] {
        client.args([flag, site.word(pointer)]);
    }
    client
        .args(["--expect", expected.lists, "--unplanned"])
        .arg(body)
        .arg("--log")
        .arg(&log);
    if expected.commit {
        client.arg("--commit");
    }
    good("the official SDK", &client.output().unwrap());

    let validator = Command::new("node")
        .current_dir(&probe)
        .arg("live_validate.js")
        .arg(&log)
        .arg("2024-04-01")
        .arg(path("FAILBACK_PEER_SPEC"))
        .args([
            "--rewrite-version",
            "--baseline",
            "live_validate_baseline.txt",
        ])
        .args(["--min-valid", expected.least_valid])
        .output()
        .unwrap();
    good("the swagger validator", &validator);
    println!(
        "{}: {}",
        expected.estate,
        String::from_utf8_lossy(&validator.stdout).trim()
    );
}

/// The probe's body with `Required`, as this program sends it.
fn required(probe: &Path, folder: &Path) -> std::path::PathBuf {
    let body = fs::read_to_string(probe.join("bodies/unplanned_inmage.json")).unwrap();
    let file = folder.join("unplanned.json");
    fs::write(&file, body.replace("NotRequired", "Required")).unwrap();
    file
}

fn good(who: &str, output: &Output) {
    assert!(
        output.status.success(),
        "{who} objects:\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_contoso_estate_is_the_service_that_the_sdk_expects() {
    judge(&Expected {
        estate: "contoso",
        page_size: "5",
        lists: "items=14,fabrics=3,jobs=10,protectedItemsOfVault=33,containers=1,protectable=27,\
                recoveryPlans=2,policies=7,vCenters=2,recoveryPoints=24",
        least_valid: "38",
        commit: true,
    });
}

#[test]
fn the_recorded_estate_is_the_service_that_the_sdk_expects() {
    judge(&Expected {
        estate: "recorded",
        page_size: "100",
        lists: "items=2,fabrics=1,jobs=1,protectable=3,policies=2,recoveryPoints=24",
        least_valid: "16",
        commit: false,
    });
}
