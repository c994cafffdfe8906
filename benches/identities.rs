//! What it costs to find out by Run Command who 2,000 machines are, beside sending the same requests and
//! throwing the answers away: `cargo bench -- identities`.
//!
//! The built-in site runs in a process of its own, its time so quick that a script takes none of ours.
//! The floor asks of each machine what must be asked - how it runs, the script, what became of it - as
//! many machines at once. What is judged is processor time, of the rounds that took least, because on
//! a shared machine the clock tells of everybody's work; and that every machine was read.

use std::time::{Duration, Instant};

use failback::agent::script;
use failback::azure::{Shell, script_call};
use failback::domain::identity::Ranges;
use failback::domain::{ArmId, Place};
use failback::site::{MOST_AT_ONCE, Site};
use futures::StreamExt;
use serde_json::{Value, json};

use crate::built_in::{BuiltIn, profile, vault};
use crate::meter::{self, cpu, median, peak, runtime};

const MACHINES: usize = 2_000;
const ROUNDS: usize = 3;
/// How many times the processor time of the floor it may take.
const MOST_FLOORS: f64 = 5.0;
const MOST_MIB: f64 = 64.0;

/// One round, in this process.
pub fn round(name: &str, announce: &str) {
    let announce = serde_json::from_str(announce).unwrap();
    match name {
        "identities-floor" => floor(&announce),
        _ => resolving(&announce),
    }
}

pub fn compare() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("estate.json");
    std::fs::write(&path, estate().to_string()).unwrap();
    let server = BuiltIn::start(&["--estate", path.to_str().unwrap(), "--speed", "100000"]);
    let round = |what: &str| meter::round(what, &server.announce);
    let (mut floors, mut resolved) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floors.push(round("identities-floor"));
        resolved.push(round("identities-resolving"));
    }
    drop(server);
    let all = |rounds: &[Value], name: &str| -> Vec<f64> {
        rounds
            .iter()
            .map(|round| round[name].as_f64().unwrap())
            .collect()
    };
    let least = |rounds: &[Value]| all(rounds, "cpu").into_iter().fold(f64::INFINITY, f64::min);
    println!("{MACHINES} machines, {MOST_AT_ONCE} at once, medians of {ROUNDS} rounds");
    for (what, rounds) in [("asked, unread", &floors), ("resolved", &resolved)] {
        let seconds = median(all(rounds, "seconds"));
        println!(
            "  {what:<14}  {:7.0} ms   {:6.0} machines/s   {:5.1} MiB   processor at least {:6.0} ms",
            seconds * 1e3,
            MACHINES as f64 / seconds,
            median(all(rounds, "mib")),
            least(rounds) * 1e3,
        );
    }
    let (times, mib) = (
        least(&resolved) / least(&floors),
        median(all(&resolved, "mib")),
    );
    println!(
        "  {times:.2} times the floor's processor time (budget {MOST_FLOORS}), memory {mib:.1} MiB (budget {MOST_MIB})"
    );
    for round in &resolved {
        assert_eq!(round["read"], MACHINES, "{round}");
    }
    assert!(
        times <= MOST_FLOORS,
        "resolving takes {times:.2} times the floor"
    );
    assert!(mib <= MOST_MIB, "resolving takes {mib:.1} MiB");
}

/// Classic machines that run in Azure.
fn estate() -> Value {
    let machine = |number: usize| json!({"name": format!("web-{number:04}"), "fabric": "cs", "stage": "classic-committed", "disks": [30]});
    json!({
        "policies": [{"name": "p", "kind": "InMageAzureV2"}, {"name": "p-failback", "kind": "InMage"}],
        "fabrics": [{"kind": "vmware", "name": "cs", "address": "192.168.4.10",
            "mappings": [{"policy": "p"}, {"policy": "p-failback", "back": true}]}],
        "machines": (0..MACHINES).map(machine).collect::<Vec<_>>(),
    })
}

fn open(announce: &Value) -> Site {
    let profile = failback::store::Profile {
        poll_ms: 10,
        parallel: MOST_AT_ONCE,
        ..profile(announce)
    };
    Site::open(&profile, None).unwrap()
}

/// The VMs of the machines, in no time that counts.
async fn vms(site: &Site, announce: &Value) -> Vec<ArmId> {
    let mut vms = Vec::new();
    let keep = |page: Vec<failback::domain::Machine>| {
        vms.extend(
            page.into_iter()
                .filter(|m| m.place == Place::Azure)
                .filter_map(|m| m.azure_vm),
        );
    };
    site.arm().machines(&vault(announce), keep).await.unwrap();
    vms
}

fn floor(announce: &Value) {
    let runtime = runtime();
    let site = open(announce);
    let vms = runtime.block_on(vms(&site, announce));
    assert_eq!(vms.len(), MACHINES);
    let base = announce["base_url"].as_str().unwrap().to_owned();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let (begun, used) = (Instant::now(), cpu());
    let bytes: usize = runtime.block_on(async {
        let asked = vms.iter().map(async |vm| {
            let view = client.get(format!("{base}{vm}/instanceView?api-version=2024-03-01"));
            let mut bytes = taken(view).await.1;
            let call = script_call(vm, Shell::PowerShell, script::POWERSHELL);
            let post = client.post(format!("{base}{}", call.path));
            let post = post
                .header("content-type", "application/json")
                .body(call.body.unwrap());
            let answer = post.bearer_auth("floor").send().await.unwrap();
            let status = answer.headers()["azure-asyncoperation"]
                .to_str()
                .unwrap()
                .to_owned();
            bytes += answer.bytes().await.unwrap().len();
            bytes + taken(client.get(status)).await.1
        });
        let all = futures::stream::iter(asked).buffer_unordered(MOST_AT_ONCE);
        all.fold(0, async |sum, bytes| sum + bytes).await
    });
    println!(
        "{}",
        json!({ "seconds": begun.elapsed().as_secs_f64(), "cpu": cpu() - used, "bytes": bytes, "mib": peak() })
    );
}

async fn taken(request: reqwest::RequestBuilder) -> (u16, usize) {
    let answer = request.bearer_auth("floor").send().await.unwrap();
    (
        answer.status().as_u16(),
        answer.bytes().await.unwrap().len(),
    )
}

fn resolving(announce: &Value) {
    let runtime = runtime();
    let site = open(announce);
    let mut registry = runtime.block_on(site.registry(Ranges::default())).unwrap();
    let identities = registry.identities(site.arm().service_now());
    let wanted = identities
        .iter()
        .map(|own| registry.ask(&own.group.subject.id).unwrap());
    let wanted: Vec<_> = wanted.collect();
    let (begun, used) = (Instant::now(), cpu());
    let mut read = 0;
    let tell = |told: failback::site::AgentTold| {
        read += usize::from(told.reading.file.is_ok());
        registry.keep(&told.machine, told.reading);
    };
    runtime.block_on(site.read_agents(wanted, Duration::from_secs(120), MOST_AT_ONCE, tell));
    let judged = registry.identities(site.arm().service_now()).len();
    let (seconds, used) = (begun.elapsed().as_secs_f64(), cpu() - used);
    assert_eq!(judged, MACHINES);
    println!(
        "{}",
        json!({ "seconds": seconds, "cpu": used, "read": read, "mib": peak() })
    );
}
