//! The requests that were recorded are taken as they were sent, but for the names in them; what is answered has the
//! fields, and the words, that were recorded.

use std::collections::BTreeSet;

use super::clients::{hyperv_home, planned_home, to_azure};
use super::*;

const MODERN: &str = include_str!("../../../assets/recordings/modernised-vmware-trimmed.jsonl");
const HYPERV: &str = include_str!("../../../assets/recordings/hyperv-site.jsonl");
const OTHERS: &str = include_str!("../../../assets/recordings/classic-and-others-excerpts.jsonl");

fn line(file: &str, number: usize) -> Value {
    let line = file.lines().nth(number - 1).expect("a line");
    serde_json::from_str(line).expect("JSON")
}

/// The body of the request whose path ends so.
fn sent(file: &str, verb: &str) -> Value {
    let ends = |line: &Value| {
        let uri = line["uri"].as_str().unwrap_or_default();
        let path = uri.split('?').next().unwrap_or_default();
        line["method"] == "POST" && path.ends_with(verb)
    };
    let lines = file.lines().map(|l| serde_json::from_str(l).expect("JSON"));
    let found = { lines }.find(ends).expect("a request");
    found["reqBody"].clone()
}

/// The recorded body with our own values in its fields, which are the same ones.
fn filled(mut recorded: Value, own: &Value) -> Value {
    let at = "/properties/providerSpecificDetails";
    let fields = recorded.pointer_mut(at).expect("details");
    let fields = fields.as_object_mut().expect("fields");
    for (name, value) in fields.iter_mut() {
        let mine = own.pointer(&format!("{at}/{name}"));
        value.clone_from(mine.unwrap_or_else(|| panic!("no {name} in {own}")));
    }
    recorded
}

#[tokio::test]
async fn every_recorded_request_is_taken() {
    let site = site(Estate::Contoso).await;
    let reprotect = filled(sent(MODERN, "/reProtect"), &site.modern_home().await);
    assert_eq!(reprotect, site.modern_home().await);
    let to = filled(
        sent(OTHERS, "abe22face6d8/reProtect"),
        &site.modern_azure().await,
    );
    assert_eq!(to, site.modern_azure().await);
    for (name, verb, body, ours) in [
        ("app-04", "reProtect", reprotect.clone(), reprotect),
        ("app-09", "reProtect", to.clone(), to),
        (
            "app-01",
            "plannedFailover",
            sent(MODERN, "/plannedFailover"),
            planned_home("CrashConsistent"),
        ),
        (
            "app-02",
            "failoverCancel",
            sent(OTHERS, "/failoverCancel"),
            Value::Null,
        ),
        (
            "app-06",
            "unplannedFailover",
            sent(MODERN, "/unplannedFailover"),
            to_azure("InMageRcm", true, None),
        ),
        (
            "hv-web",
            "unplannedFailover",
            sent(HYPERV, "/unplannedFailover"),
            to_azure("HyperVReplicaAzure", false, None),
        ),
        (
            "hv-dc-02",
            "plannedFailover",
            sent(HYPERV, "/plannedFailover"),
            hyperv_home("ForSynchronization", "NoAction"),
        ),
        (
            "hv-pos-03",
            "failoverCommit",
            sent(HYPERV, "/failoverCommit"),
            Value::Null,
        ),
        (
            "hq-app",
            "plannedFailover",
            sent(OTHERS, "/plannedFailover"),
            json!({"properties": {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": {"instanceType": "HyperVReplicaAzure"}}}),
        ),
    ] {
        assert_eq!(body, ours, "{name} {verb}");
        let id = site.item_id(name).await;
        let ask = site.ask(Method::POST, &format!("{id}/{verb}"));
        let ask = if body.is_null() { ask } else { ask.json(&body) };
        let answer = ask.send().await.expect("an answer");
        assert_eq!(answer.status(), 202, "{name} {verb}");
        assert!(answer.text().await.expect("text").is_empty());
    }
}

/// The paths of all fields; those of a list's rows are one.
fn fields(value: &Value, path: &str, all: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                let path = format!("{path}/{name}");
                fields(inner, &path, all);
                all.insert(path);
            }
        }
        Value::Array(rows) => rows.iter().for_each(|row| fields(row, path, all)),
        _ => {}
    }
}

fn paths(value: &Value) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    fields(value, "", &mut all);
    all
}

/// What the service says of an agent that needs no update, what changed its spelling, what is told only now and then.
const OTHERWISE: [&str; 5] = [
    "/agentUpgradeBlockingErrorDetails/",
    "/discoveredVmDetails/vCenterF",
    "/switchProviderState",
    "/lastSuccessfulTestFailoverTime",
    "/protectedDisks/lastSyncTime",
];

#[tokio::test]
async fn items_have_the_fields_that_were_recorded_at_every_station() {
    let site = site(Estate::Contoso).await;
    for (file, number, name) in [
        (MODERN, 30, "app-06"),
        (MODERN, 45, "app-03"),
        (MODERN, 53, "app-05"),
        (MODERN, 54, "app-01"),
        (OTHERS, 14, "app-02"),
        (HYPERV, 18, "hv-web"),
    ] {
        let recorded = paths(&line(file, number)["respBody"]);
        let ours = paths(&site.get(&site.item_id(name).await).await);
        let known = |path: &&String| !OTHERWISE.iter().any(|o| path.contains(o));
        let differ: Vec<_> = recorded.symmetric_difference(&ours).filter(known).collect();
        assert!(differ.is_empty(), "{name}: {differ:?}");
    }
}

/// Everything of a job but its ids and times: its words, and those of its tasks.
fn words(job: &Value) -> Value {
    let of = |task: &Value| {
        let fields = [
            "taskId",
            "name",
            "friendlyName",
            "taskType",
            "allowedActions",
        ];
        let group = &task["groupTaskCustomDetails"];
        (
            fields.map(|f| task[f].clone()),
            group.is_null(),
            task["customDetails"].clone(),
        )
    };
    let p = &job["properties"];
    let tasks = p["tasks"].as_array().expect("tasks").iter().map(of);
    let affected = &p["customDetails"]["affectedObjectDetails"];
    json!({
        "tasks": tasks.collect::<Vec<_>>(), "scenario": p["scenarioName"], "name": p["friendlyName"],
        "type": p["targetInstanceType"], "details": p["customDetails"]["instanceType"],
        "from": affected["primaryFabricProviderId"], "to": affected["recoveryFabricProviderId"],
        "twin": affected["recoveryVmId"] == "", "one cloud": affected["primaryCloudId"] == affected["recoveryCloudId"],
    })
}

#[tokio::test]
async fn jobs_have_the_tasks_and_the_words_that_were_recorded() {
    let planned = json!({"properties": {"failoverDirection": "PrimaryToRecovery",
        "providerSpecificDetails": {"instanceType": "HyperVReplicaAzure"}}});
    let site = site(Estate::Contoso).await;
    for (number, name, verb, body) in [
        (16, "app-02", "failoverCancel", Value::Null),
        (
            17,
            "app-01",
            "plannedFailover",
            planned_home("CrashConsistent"),
        ),
        (21, "hq-app", "plannedFailover", planned),
    ] {
        let recorded = line(OTHERS, number)["respBody"].clone();
        let id = site.item_id(name).await;
        let job = site.job(&site.ask_for(&id, verb, &body).await).await;
        assert_eq!(words(&job), words(&recorded), "{name} {verb}");
        let (recorded, ours) = (paths(&recorded), paths(&job));
        assert_eq!(recorded, ours, "{name} {verb}");
        let object = &job["properties"]["targetObjectId"];
        let item = site.details(&id).await;
        let own = item.get("internalIdentifier").unwrap_or(&item["vmId"]);
        assert_eq!(object, own, "{name}: the machine goes by its present id");
    }
    let recorded = line(OTHERS, 23)["respBody"].clone();
    let id = site.item_id("hv-pos-04").await;
    let body = site.hyperv_azure(&id).await;
    let job = site.job(&site.ask_for(&id, "reProtect", &body).await).await;
    let (ours, theirs) = (words(&job), words(&recorded));
    for part in ["tasks", "scenario", "name", "details", "from", "one cloud"] {
        assert_eq!(ours[part], theirs[part], "{part}");
    }
}
