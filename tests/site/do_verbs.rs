//! `failback do`: one action on some machines, which takes the way of every plan.

use failback::domain::Intent;
use failback::domain::run::{Closing, Record, Request, RunState};
use failback::simulator::Estate;
use serde_json::Value;

use crate::lab::Lab;
use crate::runs::*;

/// Where a machine is and its state, as the next reading shows it.
async fn state(lab: &Lab, name: &str) -> (String, String) {
    let machines = lab.run(&["machines", "--json"]).await.ok_json();
    let all = machines["machines"].as_array().unwrap();
    let machine = all.iter().find(|m| m["name"] == name).unwrap();
    let word = |field: &str| machine[field].as_str().unwrap().to_owned();
    (word("runsIn"), word("state"))
}

fn is(place: &str, state: &str) -> (String, String) {
    (place.into(), state.into())
}

/// The usual machines, hours in seconds.
async fn contoso() -> Lab {
    Lab::wanted().speed(2000.0).start().await
}

#[tokio::test]
async fn fail_back_brings_a_machine_home_and_leaves_the_commit_to_a_person() {
    let lab = recorded().await;
    assert_eq!(state(&lab, MACHINE).await, is("Azure", "Replicating home"));
    // Quiet already: that is not asked again.
    let quiet = ["--attest", "quiesce=stopped by hand", "--as", "ada"];
    let run = lab.launched(&[&FAIL_BACK[..], &quiet].concat()).await;
    lab.until(&run, |record| matches!(record, Record::Answered { .. }))
        .await;
    let came = lab.agree_to_all_but_commit(&run).await;
    assert_eq!(came.state, RunState::Closed(Closing::DoneBut));
    let quiet = came
        .heard
        .iter()
        .find(|heard| heard.by.name.as_str() == "ada");
    let Request::Answer(answer) = &quiet.unwrap().request else {
        panic!("{quiet:?}");
    };
    assert_eq!(answer.choice.as_str(), "quiesced");
    assert_eq!(answer.why.as_ref().unwrap().as_str(), "stopped by hand");
    let asked = came.heard.iter().filter(|heard| match &heard.request {
        Request::Answer(answer) => answer.choice.as_str() == "quiesced",
        _ => false,
    });
    assert_eq!(asked.count(), 1);
    assert_eq!(state(&lab, MACHINE).await, is("on-prem", "Commit pending"));
    assert_eq!(lab.changes().await.len(), 1);
}

#[tokio::test]
async fn a_commit_whose_machine_was_seen_and_named_needs_nothing_more() {
    let lab = contoso().await;
    let said = lab
        .vouched(&[
            "do",
            "commit",
            "dc-01",
            "--confirm",
            "dc-01",
            "--attest",
            "survivor=logged in, looks good",
        ])
        .await;
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("The run is over: done."), "{said:?}");
    assert_eq!(
        state(&lab, "dc-01").await,
        is("on-prem", "Failed back, committed")
    );
    let sent = lab.changes().await;
    assert_eq!(sent.len(), 1);
    assert!(sent[0].path.contains("/failoverCommit?"), "{sent:?}");
}

#[tokio::test]
async fn nobody_commits_what_nobody_looked_at() {
    let lab = contoso().await;
    let said = lab
        .vouched(&["do", "commit", "dc-01", "--confirm", "dc-01", "--no-wait"])
        .await;
    assert_eq!(said.code, 5, "{said:?}");
    assert!(said.out.contains("--why TEXT"), "{said:?}");
    assert!(lab.last().is_live());
    assert!(lab.changes().await.is_empty());
}

/// Protects a machine, with everything said that has several candidates.
const PROTECT: [&str; 9] = [
    "do",
    "protect",
    "web-03",
    "--process-server",
    "ps-azure-01",
    "--master-target",
    "mt-win-01",
    "--datastore",
    "DS-VMFS-01",
];

#[tokio::test]
async fn protect_takes_what_is_said_or_the_only_candidate_and_asks_which_of_several() {
    let lab = contoso().await;
    let which = lab.run(&["do", "protect", "web-03", "--dry-run"]).await;
    assert_eq!(which.code, 2, "{which:?}");
    let words = "Which process server for web-03? Say it: --process-server NAME.";
    assert!(which.err.contains(words), "{which:?}");
    assert!(which.err.contains("There are: ps-home-01 ("), "{which:?}");

    let none = [&PROTECT[..4], &["nobody", "--dry-run"]].concat();
    let none = lab.run(&none).await;
    assert_eq!(none.code, 2, "{none:?}");
    assert!(
        none.err.contains("no process server called \"nobody\""),
        "{none:?}"
    );

    let shown = lab
        .run(&[&PROTECT[..], &["--dry-run", "--json"]].concat())
        .await;
    let shown = shown.ok_json();
    let body = &shown["machines"][0]["steps"][0]["call"]["body"]["properties"];
    let input = &body["providerSpecificDetails"];
    assert_eq!(input["instanceType"], "InMage");
    for field in [
        "masterTargetId",
        "processServerId",
        "retentionDrive",
        "profileId",
        "datastoreName",
    ] {
        assert!(
            input[field].as_str().is_some_and(|v| !v.is_empty()),
            "{field}: {input}"
        );
    }
}

#[tokio::test]
async fn protecting_to_azure_never_commits_unasked() {
    let lab = contoso().await;
    let said = lab
        .run(&["do", "protect-to-azure", "dc-01", "--confirm", "dc-01"])
        .await;
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.err.contains("failback do commit 'dc-01'"), "{said:?}");
    assert!(lab.changes().await.is_empty());
}

#[tokio::test]
async fn several_machines_are_one_run_and_each_is_named() {
    let lab = contoso().await;
    let both = ["do", "failback", "web-01", "web-02"];
    let dry: Vec<&str> = both
        .iter()
        .copied()
        .chain(["--dry-run", "--json"])
        .collect();
    let shown = lab.run(&dry).await.ok_json();
    let waves: Vec<&Value> = shown["machines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| &m["wave"])
        .collect();
    assert_eq!(waves, [1, 1]);
    let one: Vec<&str> = both
        .iter()
        .copied()
        .chain(["--confirm", "web-01"])
        .collect();
    let said = lab.run(&one).await;
    assert_eq!(said.code, 5, "{said:?}");
    assert!(said.err.contains("--confirm 'web-02'"), "{said:?}");
    let all: Vec<&str> = one.iter().copied().chain(["--confirm", "web-02"]).collect();
    let run = lab.launched(&all).await;
    let plan = run.plan().unwrap();
    assert_eq!(plan.name.as_str(), "Fail back 2 machines");
    let Intent::FailBack(recovery) = plan.intent() else {
        panic!("{plan:?}");
    };
    assert_eq!(recovery.waves.len(), 1);
    let twice = lab
        .run(&["do", "failback", "web-01", "web-01", "--dry-run"])
        .await;
    assert_eq!(twice.code, 2, "{twice:?}");
}

#[tokio::test]
async fn the_azure_vm_is_known_from_the_run_that_protected_the_machine() {
    let lab = contoso().await;
    let machines = lab.run(&["machines", "--json"]).await.ok_json();
    let all = machines["machines"].as_array().unwrap();
    let vm = &all.iter().find(|m| m["name"] == "web-03").unwrap()["azureVm"];
    let vm = vm.as_str().unwrap();
    let run = lab
        .launched(&[&PROTECT[..], &["--confirm", "web-03"]].concat())
        .await;
    lab.until_dead(&run).await;
    let home = lab
        .run(&["do", "failback", "web-03", "--dry-run", "--json"])
        .await;
    let home = home.ok_json();
    let steps = home["machines"][0]["steps"].as_array().unwrap();
    let off = steps
        .iter()
        .find(|s| s["step"] == "verifyAzureOff")
        .unwrap();
    assert_eq!(off["does"], "sendIf");
    assert_eq!(off["if"], "it is still on");
    let path = off["call"]["path"].as_str().unwrap();
    assert!(
        path.to_lowercase().starts_with(&vm.to_lowercase()),
        "{path}"
    );
    let other = lab
        .run(&["do", "failback", "web-01", "--dry-run", "--json"])
        .await
        .ok_json();
    let steps = other["machines"][0]["steps"].as_array().unwrap();
    let off = steps
        .iter()
        .find(|s| s["step"] == "verifyAzureOff")
        .unwrap();
    assert_eq!(off["does"], "ask");
}

#[tokio::test]
async fn a_wrong_name_sends_nothing() {
    let lab = recorded().await;
    for typed in ["V2A-W2K16-202", "v2a-w2k16-201", "", "yes"] {
        let said = lab
            .run(&["do", "failback", MACHINE, "--confirm", typed])
            .await;
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains("Nothing was sent"), "{said:?}");
    }
    assert!(lab.runs().list().unwrap().is_empty());
    assert!(lab.changes().await.is_empty());
}

#[tokio::test]
async fn without_a_terminal_and_without_confirmation_a_person_is_needed() {
    let lab = recorded().await;
    let said = lab.run(&["do", "failback", MACHINE]).await;
    assert_eq!(said.code, 5, "{said:?}");
    assert!(
        said.err
            .contains("Nothing was sent: this wants to be confirmed."),
        "{said:?}"
    );
    assert!(said.err.contains("--confirm 'V2A-W2K16-201'"), "{said:?}");
    assert!(lab.changes().await.is_empty());
}

#[tokio::test]
async fn what_azure_does_not_offer_is_not_ready() {
    let lab = Lab::contoso().await;
    let estate = lab.gather().await;
    let wanted = |words: &str| {
        let mut all = estate.machines.iter();
        let machine = all.find(|m| m.state_words() == words);
        machine.unwrap().id.to_string()
    };
    for (verb, words) in [
        ("failback", "Replicating to Azure"),
        ("failback", "Commit pending"),
        ("complete", "Replicating home"),
        ("cancel", "Commit pending"),
        ("change-recovery-point", "Committed in Azure"),
        ("clean-up-test", "Replicating to Azure"),
        ("commit", "Replicating home"),
        ("protect", "Replicating home"),
        ("protect-to-azure", "Replicating home"),
    ] {
        let id = wanted(words);
        let point = ["--point", "latest"];
        let own = &point[..if verb.starts_with("change") { 2 } else { 0 }];
        let said = lab
            .run(&[&["do", verb, &id, "--confirm", "x"][..], own].concat())
            .await;
        assert_eq!(said.code, 3, "{verb} {words}: {said:?}");
        // Why, what to do instead, by which rule, and what is offered.
        assert!(said.err.contains("is not offered for"), "{said:?}");
        assert!(said.err.contains("Its state is: "), "{said:?}");
        assert!(said.out.is_empty(), "{said:?}");
    }
    assert!(lab.changes().await.is_empty());
}

#[tokio::test]
async fn a_machine_is_meant_by_its_name_its_item_or_its_whole_id_and_by_nothing_else() {
    let lab = recorded().await;
    let machines = lab.run(&["machines", "--json"]).await.ok_json();
    let machine = &machines["machines"][0];
    for field in ["name", "item", "id"] {
        let wanted = machine[field].as_str().unwrap();
        lab.run(&["do", "failback", wanted, "--dry-run"])
            .await
            .ok_text();
    }
    let said = lab.run(&["do", "failback", "V2A", "--dry-run"]).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("No protected machine is called"));
}

#[tokio::test]
async fn two_machines_of_one_name_are_told_apart_by_their_ids() {
    let mut estate: Value =
        serde_json::from_str(include_str!("../../assets/estates/recorded.json")).unwrap();
    let mut twin = estate["machines"][0].clone();
    for (field, value) in [
        ("item", "twin"),
        ("vm_id", "00000000-0000-4000-8000-000000000001"),
        ("replica_id", "00000000-0000-4000-8000-000000000002"),
        ("agent_id", "00000000-0000-4000-8000-000000000003"),
    ] {
        twin[field] = value.into();
    }
    estate["machines"].as_array_mut().unwrap().push(twin);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("twins.json");
    std::fs::write(&file, estate.to_string()).unwrap();
    let wanted = Lab::wanted().estate(Estate::File(file)).speed(2000.0);
    let lab = wanted.start().await;
    let said = lab.run(&FAIL_BACK).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(
        said.err.contains("2 machines are called \"V2A-W2K16-201\""),
        "{said:?}"
    );
    assert!(said.err.contains("replicationProtectedItems/twin"));
    assert!(lab.changes().await.is_empty());

    let shown = lab
        .run(&["do", "failback", "twin", "--dry-run", "--json"])
        .await
        .ok_json();
    let id = shown["machines"][0]["id"].as_str().unwrap();
    assert!(id.ends_with("/replicationProtectedItems/twin"), "{id}");
}

#[tokio::test]
async fn a_recording_shows_its_calls_and_takes_none() {
    let lab = recorded().await;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/recordings");
    let recordings = std::fs::read_dir(file).unwrap();
    let mut shown = 0;
    for recording in recordings {
        let recording = recording.unwrap().path();
        let replay = ["--replay", recording.to_str().unwrap()];
        let machines = lab
            .run(&[&["machines", "--json"][..], &replay].concat())
            .await;
        if machines.code != 0 {
            continue;
        }
        for machine in machines.json()["machines"].as_array().unwrap() {
            let offered = machine["next"].as_array().unwrap();
            if machine["provider"] != "classic" || !offered.contains(&"failBack".into()) {
                continue;
            }
            let id = machine["id"].as_str().unwrap();
            let arguments = [&["do", "failback", id][..], &replay].concat();
            let refused = lab.run(&arguments).await;
            assert_eq!(refused.code, 3, "{refused:?}");
            assert!(
                refused.err.contains("a recording cannot be changed"),
                "{refused:?}"
            );
            lab.run(&[&arguments[..], &["--dry-run"]].concat())
                .await
                .ok_text();
            shown += 1;
        }
    }
    println!("{shown} recorded machines");
}
