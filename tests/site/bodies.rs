//! What is sent is what was recorded: the bodies of the classic circle against real requests. Those
//! of the other generations stand in `bodies_others`.

use std::path::Path;

use failback::azure::call_for;
use failback::domain::call::{
    AzureInput, ClassicAzureInput, ClassicInput, HomeInput, JobAction, WayHome,
};
use failback::domain::plan::PointChoice;
use failback::domain::{ArmId, Call, Change, Method};
use serde_json::{Value, json};

pub const VERSION: &str = "2024-04-01";

/// The recorded requests whose path ends so, path and body.
fn all_recorded(file: &str, verb: &str) -> Vec<(String, Value)> {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/recordings");
    let text = std::fs::read_to_string(kept.join(file)).unwrap();
    let lines = text.lines().map(|l| serde_json::from_str(l).unwrap());
    let found = lines.filter_map(|line: Value| {
        let (_, rest) = line["uri"].as_str()?.split_once("://")?;
        let path = rest[rest.find('/')?..].split('?').next()?.to_owned();
        let sent = line["method"] == "POST" && path.ends_with(&format!("/{verb}"));
        sent.then(|| (path, line["reqBody"].clone()))
    });
    found.collect()
}

/// The first of them.
pub fn recorded(file: &str, verb: &str) -> (String, Value) {
    let mut found = all_recorded(file, verb).into_iter();
    found
        .next()
        .unwrap_or_else(|| panic!("no {verb} in {file}"))
}

/// The first of them whose input is of this type.
pub fn recorded_of(file: &str, verb: &str, kind: &str) -> (String, Value) {
    let is = |(_, sent): &(String, Value)| {
        sent["properties"]["providerSpecificDetails"]["instanceType"] == kind
    };
    let mut found = all_recorded(file, verb).into_iter();
    found
        .find(is)
        .unwrap_or_else(|| panic!("no {verb} of {kind} in {file}"))
}

fn classic(verb: &str) -> (String, Value) {
    recorded("classic-and-others-excerpts.jsonl", verb)
}

/// The item that a recorded request was about.
pub fn item(path: &str) -> ArmId {
    ArmId::parse(path.rsplit_once('/').unwrap().0).unwrap()
}

pub fn body(call: &Call) -> Value {
    serde_json::from_str(call.body.as_deref().unwrap()).unwrap()
}

pub fn is_sent_to(call: &Call, path: &str) {
    assert_eq!(call.method, Method::Post);
    assert_eq!(call.path, format!("{path}?api-version={VERSION}"));
}

#[test]
fn a_failback_is_sent_as_recorded_but_asks_the_source_to_be_shut_down_and_synchronised() {
    let (path, mut sent) = classic("unplannedFailover");
    let change = Change::FailBack {
        item: item(&path),
        way: WayHome::Classic(PointChoice::Latest),
    };
    let call = call_for(&change, VERSION);
    is_sent_to(&call, &path);
    let source = &mut sent["properties"]["sourceSiteOperations"];
    assert_eq!(*source, "NotRequired");
    *source = "Required".into();
    assert_eq!(body(&call), sent);
}

#[test]
fn only_the_recovery_point_differs_when_another_one_is_chosen() {
    let (path, _) = classic("unplannedFailover");
    let of = |point| {
        let item = item(&path);
        let way = WayHome::Classic(point);
        body(&call_for(&Change::FailBack { item, way }, VERSION))
    };
    let latest = of(PointChoice::Latest);
    let details = "/properties/providerSpecificDetails";
    for (point, wanted) in [
        (
            PointChoice::LatestApplication,
            json!({"instanceType": "InMage", "recoveryPointType": "LatestTag"}),
        ),
        (
            PointChoice::Custom {
                name: "systemLevelTag606c3e8d".into(),
                time: None,
            },
            json!({"instanceType": "InMage", "recoveryPointType": "Custom",
                   "recoveryPointId": "systemLevelTag606c3e8d"}),
        ),
    ] {
        let mut sent = of(point);
        assert_eq!(sent.pointer(details), Some(&wanted));
        sent["properties"]["providerSpecificDetails"] = latest.pointer(details).unwrap().clone();
        assert_eq!(sent, latest);
    }
}

#[test]
fn a_reprotect_to_azure_is_sent_as_recorded() {
    let (path, sent) = classic("reProtect");
    let details = &sent["properties"]["providerSpecificDetails"];
    let word = |field: &str| details[field].as_str().unwrap();
    let input = ClassicAzureInput {
        process_server: word("processServerId").into(),
        account: Some(word("runAsAccountId").into()),
        policy: ArmId::parse(word("policyId")).unwrap(),
    };
    let change = Change::ProtectToAzure {
        item: item(&path),
        input: AzureInput::Classic(input),
    };
    let call = call_for(&change, VERSION);
    is_sent_to(&call, &path);
    assert_eq!(body(&call), sent);
}

#[test]
fn a_commit_is_sent_as_recorded_without_a_body() {
    let (path, sent) = recorded("hyperv-site.jsonl", "failoverCommit");
    assert_eq!(sent, Value::Null);
    let item = item(&path);
    let call = call_for(&Change::Commit { item }, VERSION);
    is_sent_to(&call, &path);
    assert_eq!(call.body, None);
}

/// No reprotect of a classic machine to the site was recorded: it is the recorded one of the other direction in
/// frame and direction, and the public specification's in its fields.
#[test]
fn a_reprotect_home_has_the_frame_that_was_recorded_and_the_fields_that_are_specified() {
    let (path, recorded) = classic("reProtect");
    let input = ClassicInput {
        process_server: "14968BDF-E18E-7F45-A9B0E3EFAC2DDCA2".into(),
        master_target: "30AE6187-5869-8E44-B8AF6AA66E3ECC8F".into(),
        retention: "F".into(),
        datastore: "datastore1".into(),
        account: Some("2".into()),
        policy: ArmId::parse(&format!(
            "{}/replicationPolicies/back",
            path.split("/replicationFabrics").next().unwrap()
        ))
        .unwrap(),
    };
    let change = Change::Protect {
        item: item(&path),
        input: HomeInput::Classic(input),
    };
    let call = call_for(&change, VERSION);
    is_sent_to(&call, &path);
    let mut sent = body(&call);
    let details = sent["properties"]["providerSpecificDetails"].take();
    let mut frame = recorded;
    frame["properties"]["providerSpecificDetails"] = Value::Null;
    assert_eq!(sent, frame);
    let fields: Vec<&str> = details
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    for required in [
        "instanceType",
        "masterTargetId",
        "processServerId",
        "profileId",
        "retentionDrive",
    ] {
        assert!(fields.contains(&required), "{required}");
    }
    let optional = ["datastoreName", "runAsAccountId"];
    assert_eq!(fields.len(), 5 + optional.len(), "{fields:?}");
    assert!(optional.iter().all(|field| fields.contains(field)));
}

#[test]
fn jobs_and_azure_vms_are_asked_without_a_body_but_for_the_comments_of_a_resume() {
    let job = "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/replicationJobs/j";
    let vm = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web-01";
    let id = |text: &str| ArmId::parse(text).unwrap();
    let action = |action| Change::JobAction {
        job: id(job),
        action,
    };
    for (change, ending, comments) in [
        (action(JobAction::Resume), "/resume", true),
        (action(JobAction::Restart), "/restart", false),
        (Change::StopAzureVm { vm: id(vm) }, "/deallocate", false),
        (Change::StartAzureVm { vm: id(vm) }, "/start", false),
    ] {
        let call = call_for(&change, VERSION);
        let path = call.path.split('?').next().unwrap();
        assert!(path.ends_with(ending), "{path}");
        assert_eq!(call.body.is_some(), comments, "{path}");
        if comments {
            assert!(body(&call)["properties"]["comments"].is_string());
        }
    }
}
