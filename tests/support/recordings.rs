//! What must be seen of a recording at every one of its exchanges.
//!
//! The expectation is a table written from asr-rest.md 9, read straight from the recorded bodies with
//! `serde_json::Value`: a field that the program misreads cannot hide behind its own types.
//!
//! `site` runs it over `assets/recordings`; over any other folder:
//! `FAILBACK_RECORDINGS=/folder cargo test --test site every_recording`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use failback::azure::{Accepted, Answer, Vault};
use failback::domain::{ArmId, JobId};
use failback::simulator::{self, Estate, Options, Running};
use failback::site::{PartName, PartState, Site, Update};
use failback::store::{Credential, Profile, Proxy};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

/// One row of asr-rest.md 9, and what a person must be shown of it.
struct Row {
    provider: &'static str,
    class: &'static str,
    state: &'static str,
    active: &'static str,
    allowed: &'static [&'static str],
    runs_in: &'static str,
    words: &'static str,
    next: &'static [&'static str],
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { provider: "classic", class: "InMageAzureV2", state: "Protected", active: "Primary", allowed: &["DisableProtection", "TestFailover", "UnplannedFailover"],
        runs_in: "on-prem", words: "Replicating to Azure", next: &["failOverToAzure", "testFailover"] },
    Row { provider: "classic", class: "InMageAzureV2", state: "UnplannedFailoverCommitPendingStatesBegin", active: "Recovery", allowed: &["ChangePit", "Commit", "CompleteMigration", "DisableProtection", "SwitchProtection"],
        runs_in: "Azure", words: "Commit pending", next: &["commit", "protect", "changeRecoveryPoint"] },
    Row { provider: "classic", class: "InMageAzureV2", state: "UnplannedFailoverCommitted", active: "Recovery", allowed: &["CompleteMigration", "DisableProtection", "SwitchProtection"],
        runs_in: "Azure", words: "Committed in Azure", next: &["protect"] },
    Row { provider: "classic", class: "InMage", state: "InitialReplicationInProgress", active: "Primary", allowed: &["DisableProtection"],
        runs_in: "Azure", words: "Initial sync", next: &[] },
    Row { provider: "classic", class: "InMage", state: "Protected", active: "Primary", allowed: &["DisableProtection", "UnplannedFailover"],
        runs_in: "Azure", words: "Replicating home", next: &["failBack"] },
    Row { provider: "classic", class: "InMage", state: "UnplannedFailoverCommitPendingStatesBegin", active: "Recovery", allowed: &["Commit", "CompleteMigration", "DisableProtection", "SwitchProtection"],
        runs_in: "on-prem", words: "Commit pending", next: &["commit", "protectToAzure"] },
    Row { provider: "classic", class: "InMage", state: "UnplannedFailoverCommitted", active: "Recovery", allowed: &["CompleteMigration", "DisableProtection", "SwitchProtection"],
        runs_in: "on-prem", words: "Failed back, committed", next: &["protectToAzure"] },
    Row { provider: "modernised", class: "InMageRcm", state: "InitialReplicationInProgress", active: "Primary", allowed: &["DisableProtection"],
        runs_in: "on-prem", words: "Initial sync", next: &[] },
    Row { provider: "modernised", class: "InMageRcm", state: "InitialReplicationRecoveryCompletionPending", active: "Primary", allowed: &["DisableProtection"],
        runs_in: "on-prem", words: "First recovery point", next: &[] },
    Row { provider: "modernised", class: "InMageRcm", state: "Protected", active: "Primary", allowed: &["DisableProtection", "TestFailover", "UnplannedFailover"],
        runs_in: "on-prem", words: "Replicating to Azure", next: &["failOverToAzure", "testFailover"] },
    Row { provider: "modernised", class: "InMageRcm", state: "UnplannedFailoverCommitPendingStatesBegin", active: "Recovery", allowed: &["ChangePit", "Commit", "CompleteMigration", "DisableProtection", "SwitchProtection"],
        runs_in: "Azure", words: "Commit pending", next: &["commit", "protect", "changeRecoveryPoint"] },
    Row { provider: "modernised", class: "InMageRcm", state: "UnplannedFailoverCommitted", active: "Recovery", allowed: &["CompleteMigration", "DisableProtection", "SwitchProtection"],
        runs_in: "Azure", words: "Committed in Azure", next: &["protect"] },
    Row { provider: "modernised", class: "InMageRcmFailback", state: "InitialReplicationInProgress", active: "Primary", allowed: &["DisableProtection"],
        runs_in: "Azure", words: "Initial sync", next: &[] },
    Row { provider: "modernised", class: "InMageRcmFailback", state: "Protected", active: "Primary", allowed: &["DisableProtection", "PlannedFailover"],
        runs_in: "Azure", words: "Replicating home", next: &["failBack"] },
    Row { provider: "modernised", class: "InMageRcmFailback", state: "CommitPendingStatesBegin", active: "Recovery", allowed: &["CancelFailover", "Commit", "CompleteMigration", "DisableProtection", "SwitchProtection"],
        runs_in: "on-prem", words: "Commit pending", next: &["commit", "cancel", "protectToAzure"] },
    Row { provider: "modernised", class: "InMageRcmFailback", state: "PlannedFailoverCommitted", active: "Recovery", allowed: &["CompleteMigration", "DisableProtection", "SwitchProtection"],
        runs_in: "on-prem", words: "Failed back, committed", next: &["protectToAzure"] },
    Row { provider: "Hyper-V", class: "HyperVReplicaAzure", state: "Protected", active: "Primary", allowed: &["DisableProtection", "PlannedFailover", "TestFailover", "UnplannedFailover"],
        runs_in: "on-prem", words: "Replicating to Azure", next: &["failOverToAzure", "testFailover"] },
    Row { provider: "Hyper-V", class: "HyperVReplicaAzure", state: "UnplannedFailoverCommitPendingStatesBegin", active: "Recovery", allowed: &["ChangePit", "Commit", "CompleteMigration", "DisableProtection"],
        runs_in: "Azure", words: "Commit pending", next: &["commit", "changeRecoveryPoint"] },
    Row { provider: "Hyper-V", class: "HyperVReplicaAzure", state: "PlannedFailoverCommitRequired", active: "Recovery", allowed: &["ChangePit", "Commit", "CompleteMigration", "DisableProtection"],
        runs_in: "Azure", words: "Commit pending", next: &["commit", "changeRecoveryPoint"] },
    Row { provider: "Hyper-V", class: "HyperVReplicaAzure", state: "PlannedFailoverStatesBegin", active: "Recovery", allowed: &["CompleteMigration", "DisableProtection", "Failback"],
        runs_in: "Azure", words: "Committed in Azure", next: &["failBack"] },
    Row { provider: "Hyper-V", class: "HyperVReplicaAzure", state: "RestoreFinalized", active: "Primary", allowed: &["DisableProtection", "ReverseReplicate"],
        runs_in: "on-prem", words: "Failed back, committed", next: &["protectToAzure"] },
    Row { provider: "Hyper-V", class: "HyperVReplicaAzure", state: "Protected", active: "Primary", allowed: &["TestFailoverCleanup"],
        runs_in: "on-prem", words: "Replicating to Azure", next: &["testFailoverCleanup"] },
];

/// What is shown of a machine, in the words of `machines --json`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shown {
    pub item: String,
    pub provider: String,
    pub runs_in: String,
    pub state: String,
    pub next: Vec<String>,
}

/// What must be shown of a raw protected item; `None` for a state that asr-rest.md 9 does not have.
pub fn expected(item: &Value) -> Option<Shown> {
    let p = &item["properties"];
    let details = &p["providerSpecificDetails"];
    let mut allowed: Vec<&str> = strings(&p["allowedOperations"]);
    allowed.sort_unstable();
    let row = ROWS.iter().find(|row| {
        details["instanceType"] == row.class
            && p["protectionState"] == row.state
            && p["activeLocation"] == row.active
            && allowed == row.allowed
    })?;
    // asr-rest.md 4: InMage says the place twice.
    let twice = details["activeSiteType"].as_str();
    assert!(
        twice.is_none_or(|site| (site == "Azure") == (row.runs_in == "Azure")),
        "the table contradicts {item}"
    );
    let percent = [
        &details["initialReplicationProgressPercentage"],
        &details["resyncDetails"]["initialReplicationProgressPercentage"],
    ]
    .into_iter()
    .find_map(|word| word.as_u64().or_else(|| word.as_str()?.parse().ok()))
    .filter(|_| row.words == "Initial sync");
    Some(Shown {
        item: item["id"].as_str()?.rsplit('/').next()?.to_owned(),
        provider: row.provider.into(),
        runs_in: row.runs_in.into(),
        state: percent.map_or_else(|| row.words.into(), |p| format!("{} {p} %", row.words)),
        next: row.next.iter().map(|&verb| verb.into()).collect(),
    })
}

fn strings(list: &Value) -> Vec<&str> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).collect()
}

/// A machine of `machines --json`.
pub fn shown(machine: &Value) -> Shown {
    let word = |field: &str| machine[field].as_str().unwrap_or_default().to_owned();
    Shown {
        item: word("item"),
        provider: word("provider"),
        runs_in: word("runsIn"),
        state: word("state"),
        next: strings(&machine["next"])
            .into_iter()
            .map(Into::into)
            .collect(),
    }
}

/// Every machine of a site and what is shown of it, ordered by item.
pub async fn seen(site: &Site) -> (Vec<Shown>, PartState) {
    let estate = Mutex::new(failback::site::Estate::default());
    site.gather(|update: Update| estate.lock().unwrap().apply(update))
        .await;
    let estate = estate.into_inner().unwrap();
    let mut all: Vec<Shown> = estate
        .machines
        .iter()
        .map(|machine| Shown {
            item: machine.id.name().into(),
            provider: machine.provider().word().into(),
            runs_in: machine.place.word().into(),
            state: machine.state_words(),
            next: strings(&serde_json::to_value(&machine.next.verbs).unwrap())
                .into_iter()
                .map(Into::into)
                .collect(),
        })
        .collect();
    all.sort();
    let part = estate.part(PartName::Machines).unwrap();
    (all, part.state.clone())
}

/// One recorded exchange, as it stands in the file.
pub struct Exchange {
    pub method: String,
    /// Host and query gone, as it was written.
    pub path: String,
    /// The path with its query.
    address: String,
    status: u64,
    headers: Value,
    body: Value,
}

/// The exchanges of a file, in order.
pub fn read(file: &Path) -> Vec<Exchange> {
    let text = std::fs::read_to_string(file).unwrap();
    let exchange = |line: &str| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let uri = line["uri"].as_str().unwrap().to_owned();
        let rest = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
        let path = &rest[rest.find('/').unwrap()..];
        let body = match line["respBody"].take() {
            Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            body => body,
        };
        Exchange {
            method: line["method"].as_str().unwrap().to_owned(),
            path: path.split('?').next().unwrap().to_owned(),
            address: path.to_owned(),
            status: line["status"].as_u64().unwrap(),
            headers: line["respHeaders"].take(),
            body,
        }
    };
    text.lines().map(exchange).collect()
}

/// The items as the exchanges so far left them: the last answer about each, by its lower-case path.
pub fn items_after(exchanges: &[Exchange]) -> BTreeMap<String, &Value> {
    let mut items = BTreeMap::new();
    for exchange in exchanges {
        let lower = exchange.path.to_lowercase();
        let alone = lower
            .rsplit_once('/')
            .is_some_and(|(parent, _)| parent.ends_with("/replicationprotecteditems"));
        if alone && exchange.method == "GET" && exchange.status == 200 {
            items.insert(lower, &exchange.body);
        }
    }
    items
}

/// How much was looked at: a check over nothing shows nothing.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub exchanges: usize,
    /// Distinct states in which a machine was seen, percentages apart.
    pub states: usize,
    /// Recorded answers that were parsed, by the kind of call.
    pub parsed: BTreeMap<&'static str, usize>,
}

/// Checks every exchange of every `.jsonl` file in a folder.
///
/// # Panics
/// With file and exchange, where something else is shown than asr-rest.md 9 says, or a body does not
/// parse.
pub async fn check_folder(folder: &Path) -> Tally {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "jsonl"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no recording in {}", folder.display());
    let mut tally = Tally::default();
    let mut states = std::collections::BTreeSet::new();
    for file in files {
        let exchanges = read(&file);
        for n in 1..=exchanges.len() {
            let place = format!("{}, exchange {n}", file.display());
            let (site, running) = replay(&file, n).await;
            check_machines(&site, &exchanges[..n], &place, &mut states).await;
            check_parses(&site, &running, &exchanges[n - 1], &place, &mut tally).await;
            tally.exchanges += 1;
        }
    }
    tally.states = states.len();
    tally
}

async fn check_machines(
    site: &Site,
    exchanges: &[Exchange],
    place: &str,
    states: &mut std::collections::BTreeSet<String>,
) {
    let items = items_after(exchanges);
    let mut wanted: Vec<Shown> = items
        .values()
        .map(|item| {
            expected(item).unwrap_or_else(|| panic!("{place}: no row of asr-rest.md 9 for {item}"))
        })
        .collect();
    wanted.sort();
    let (shown, part) = seen(site).await;
    assert_eq!(shown, wanted, "{place}");
    let honest = if wanted.is_empty() {
        PartState::NotRecorded
    } else {
        PartState::Composed
    };
    assert_eq!(part, honest, "{place}");
    states.extend(
        wanted
            .iter()
            .map(|s| format!("{} {} {}", s.provider, s.runs_in, s.state))
            .map(|words| {
                words
                    .trim_end_matches(|c: char| " %".contains(c) || c.is_ascii_digit())
                    .to_owned()
            }),
    );
}

/// Makes the call that failback makes of this kind, when it makes one, and wants it to succeed.
async fn check_parses(
    site: &Site,
    running: &Running,
    exchange: &Exchange,
    place: &str,
    tally: &mut Tally,
) {
    let lower = exchange.path.to_lowercase();
    let segments: Vec<&str> = lower.split('/').skip(1).collect();
    let original: Vec<&str> = exchange.path.split('/').skip(1).collect();
    let (Some(rest), Some(id)) = (segments.get(8..), ArmId::parse(&exchange.path)) else {
        return;
    };
    let vault = Vault::new(original[1], original[3], original[7]).unwrap();
    let arm = site.arm();
    let accepted = exchange.status == 202 && !exchange.headers["azure-asyncoperation"].is_null();
    let kind = match (exchange.method.as_str(), rest) {
        ("GET", []) => arm.vault(&vault).await.map(|_| "vault"),
        ("GET", ["replicationfabrics"]) => arm.fabrics(&vault).await.map(|_| "fabrics"),
        (
            "GET",
            [
                "replicationfabrics",
                _,
                "replicationprotectioncontainers",
                _,
                "replicationprotecteditems",
                _,
            ],
        ) => arm.machine(&id).await.map(|(machine, detail)| {
            assert_eq!(machine.id, id, "{place}");
            assert!(
                !detail.facts.is_empty(),
                "{place}: a deep read tells nothing"
            );
            "item"
        }),
        ("GET", ["replicationjobs", job]) => {
            let job = JobId::parse(job).unwrap();
            arm.job(&vault, &job).await.map(|read| {
                assert_eq!(read.name, job, "{place}");
                assert!(read.start.is_some() && !read.tasks.is_empty(), "{place}");
                "job"
            })
        }
        ("GET", ["replicationoperationstatus", job]) => {
            let link = format!("{}{}", running.announce.base_url, exchange.address);
            let answer = answer(&[("azure-asyncoperation", &link)]);
            let operation = Accepted::read("test", &answer).unwrap();
            assert_eq!(operation.job, JobId::parse(job).unwrap());
            arm.operation(&operation.watch.unwrap())
                .await
                .map(|_| "operation")
        }
        (
            "POST",
            [
                ..,
                "unplannedfailover" | "plannedfailover" | "reprotect" | "failovercommit"
                | "failovercancel",
            ],
        ) if accepted => {
            let link = exchange.headers["azure-asyncoperation"].as_str().unwrap();
            let named = link
                .split(['/', '?'])
                .find(|part| part.len() == 36 && link.contains(&format!("Status/{part}")));
            let read = Accepted::read("test", &answer(&[("azure-asyncoperation", link)]));
            assert_eq!(
                read.unwrap().job,
                JobId::parse(named.unwrap()).unwrap(),
                "{place}"
            );
            Ok("accepted")
        }
        _ => return,
    };
    match kind {
        Ok(kind) => *tally.parsed.entry(kind).or_default() += 1,
        Err(error) => panic!("{place}: {error}"),
    }
}

fn answer(headers: &[(&'static str, &str)]) -> Answer {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).unwrap();
        map.append(HeaderName::from_static(name), value);
    }
    Answer {
        status: 202,
        headers: map,
        body: Vec::new(),
    }
}

/// The recording as of exchange `at`, served and opened over all its vaults.
pub async fn replay(file: &Path, at: usize) -> (Site, Running) {
    let running = simulator::start(Options {
        estate: Estate::Replay {
            file: file.to_owned(),
            at: Some(at),
        },
        ..Options::default()
    })
    .await
    .unwrap();
    let announce = &running.announce;
    let credential = Credential::ManagedIdentity {
        client_id: None,
        endpoint: Some(announce.base_url.clone()),
    };
    let vaults: Vec<Vault> = announce
        .vaults
        .iter()
        .map(|v| Vault::new(&v.subscription, &v.resource_group, &v.name).unwrap())
        .collect();
    let profile = Profile {
        arm: announce.base_url.clone(),
        proxy: Proxy::None,
        retry_base_ms: 1,
        ..Profile::new("replay", credential)
    };
    let site = tokio::task::spawn_blocking(move || Site::open(&profile, None))
        .await
        .unwrap()
        .unwrap();
    (site.over_recorded(vaults), running)
}
