//! A support recording: complete, private, without secrets, and good enough to be replayed.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::lab::Lab;
use crate::recordings;
use crate::runs::{FAIL_BACK, recorded};

fn lines(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_has_seven_fields_a_line_and_is_its_owners_alone() {
    let lab = Lab::recorded().await;
    let file = lab.home().join("support.jsonl");
    let name = file.to_str().unwrap();
    lab.run(&["machines", "--record", name]).await.ok_text();
    let mode = file.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let all = lines(&file);
    let asked = lab.requests().await;
    assert_eq!(all.len(), asked.len() - lab.sign_ins().await);
    for line in &all {
        let fields = line.as_object().unwrap();
        let mut names: Vec<&str> = fields.keys().map(String::as_str).collect();
        names.sort_unstable();
        let wanted = [
            "method",
            "reqBody",
            "reqHeaders",
            "respBody",
            "respHeaders",
            "status",
            "uri",
        ];
        assert_eq!(names, wanted);
        assert_eq!(line["status"], 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_of_a_fail_back_holds_none_of_the_secrets_that_were_used() {
    let lab = recorded().await;
    let file = lab.home().join("support.jsonl");
    let name = file.to_str().unwrap();
    let arguments = [&FAIL_BACK[..], &["--record", name]].concat();
    let run = lab.launched(&arguments).await;
    lab.agree_to_all_but_commit(&run).await;
    let text = std::fs::read_to_string(&file).unwrap();
    let all = lines(&file);
    let post = all.iter().find(|line| line["method"] == "POST").unwrap();
    assert_eq!(post["status"], 202);
    assert_eq!(
        post["reqBody"]["properties"]["sourceSiteOperations"],
        "Required"
    );

    // The secrets, as they really went over the wire: what the operation's address was signed with...
    let asked = lab.requests().await;
    let signed = asked
        .iter()
        .find(|seen| seen.path.contains("replicationOperationStatus"))
        .unwrap();
    let query = signed.path.split_once('?').unwrap().1;
    let parts: Vec<(&str, &str)> = query
        .split('&')
        .filter_map(|part| part.split_once('='))
        .filter(|(name, _)| ["t", "c", "s", "h"].contains(name))
        .collect();
    assert_eq!(parts.len(), 4);
    for (_, value) in parts {
        assert!(value.len() > 10 && !text.contains(value), "{value}");
    }
    // ... and who signed in with what.
    assert!(!text.contains(&lab.announce().client_secret));
    assert!(!text.contains("simulated-token"));
    assert!(!text.to_lowercase().contains("authorization\":"));
    assert!(!text.to_lowercase().contains("bearer"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_existing_file_is_not_overwritten_and_nothing_is_asked() {
    let lab = Lab::recorded().await;
    let file = lab.file("precious", "keep me");
    let said = lab
        .run(&["machines", "--record", file.to_str().unwrap()])
        .await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("Name a file that does not exist yet."));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "keep me");
    assert!(lab.requests().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_replays_to_the_same_machines() {
    let lab = Lab::wanted().page_size(5).start().await;
    let file = lab.home().join("support.jsonl");
    let name = file.to_str().unwrap();
    let live = lab
        .run(&["machines", "--json", "--record", name])
        .await
        .ok_json();
    let replayed = Lab::without_site()
        .run(&["machines", "--json", "--replay", name])
        .await
        .ok_json();
    assert_eq!(
        live["machines"].as_array().unwrap().len(),
        lab.announce().items
    );
    assert_eq!(replayed["machines"], live["machines"]);
    assert_eq!(replayed["vaults"], live["vaults"]);
    assert_eq!(replayed["site"], "support");
    // Every list was recorded whole: nothing had to be put together.
    for part in replayed["parts"].as_array().unwrap() {
        assert_eq!(part["state"], "read", "{part}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_of_a_fail_back_replays_to_the_machine_as_it_was_at_each_exchange() {
    let lab = recorded().await;
    let file = lab.home().join("support.jsonl");
    let name = file.to_str().unwrap();
    let arguments = [&FAIL_BACK[..], &["--record", name]].concat();
    let run = lab.launched(&arguments).await;
    lab.agree_to_all_but_commit(&run).await;
    let exchanges = recordings::read(&file);
    let items = recordings::items_after(&exchanges);
    assert_eq!(items.len(), 1);
    let wanted = recordings::expected(items.values().next().unwrap()).unwrap();
    assert_eq!(
        (wanted.runs_in.as_str(), wanted.state.as_str()),
        ("on-prem", "Commit pending")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_are_recorded_too() {
    let lab = Lab::recorded().await;
    lab.fault("GET replicationvCenters 403").await;
    let file = lab.home().join("support.jsonl");
    lab.run(&["machines", "--record", file.to_str().unwrap()])
        .await
        .ok_text();
    let all = lines(&file);
    let refused = all.iter().find(|line| line["status"] == 403).unwrap();
    assert_eq!(refused["respBody"]["error"]["code"], "AuthorizationFailed");
}
