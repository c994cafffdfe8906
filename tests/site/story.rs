//! From two machines in Azure to two machines at home, by commands and JSON alone.

use failback::domain::run::RunState;
use serde_json::{Value, json};

use crate::lab::{Lab, SITE};
use crate::runs::stream;

const MACHINES: [&str; 2] = ["web-03", "web-04"];

/// What `failback ARGUMENTS --json` answers.
async fn json(lab: &Lab, arguments: &[&str]) -> Value {
    let all: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
    lab.run(&all).await.ok_json()
}

/// A template that the program prints, filled in and kept as a plan; its slug.
async fn planned(lab: &Lab, wizard: &str, name: &str, more: Value) -> String {
    let print = ["plan", "new", "--print-template", wizard];
    let all: Vec<&str> = print.into_iter().chain(MACHINES).collect();
    let mut answers = lab.run(&all).await.ok_json();
    answers["answers"]["name"] = json!(name);
    if let (Value::Object(answers), Value::Object(more)) = (&mut answers["answers"], more) {
        answers.extend(more);
    }
    if wizard == "recover" {
        for (machine, wave) in MACHINES.iter().zip(1..) {
            answers["own"][*machine]["wave"] = json!(wave);
        }
    }
    let file = lab.file(&format!("{name}.json"), &answers.to_string());
    let kept = json(lab, &["plan", "new", "--answers", file.to_str().unwrap()]).await;
    kept["slug"]
        .as_str()
        .unwrap_or_else(|| panic!("{kept:#}"))
        .to_owned()
}

/// The state of each machine, as the list shows it.
async fn states(lab: &Lab) -> Vec<(String, String)> {
    let estate = json(lab, &["machines", "--site", SITE]).await;
    let of = |name: &&str| {
        let mut all = estate["machines"].as_array().unwrap().iter();
        let machine = all.find(|m| m["name"] == **name).unwrap();
        let word = |field: &str| machine[field].to_string().trim_matches('"').to_owned();
        (word("runsIn"), word("state"))
    };
    MACHINES.iter().map(of).collect()
}

#[tokio::test]
async fn two_machines_are_protected_and_brought_home_in_two_waves_by_commands_alone() {
    let lab = Lab::wanted().speed(2000.0).start().await;

    let target = json!({
        "processServer": "ps-azure-01", "masterTarget": "mt-win-01",
        "retention": "R", "datastore": "DS-VMFS-01",
    });
    let protect = planned(&lab, "protect", "web-protect", target).await;
    let run = lab
        .launched(&["run", &protect, "--confirm", "web-protect"])
        .await;
    let over = lab.agree(&run).await;
    assert!(
        matches!(over.state, RunState::Closed(_)),
        "{:?}",
        over.state
    );
    for (place, state) in states(&lab).await {
        assert_eq!(
            (place.as_str(), state.as_str()),
            ("Azure", "Replicating home")
        );
    }

    let home = planned(&lab, "recover", "web-home", json!({})).await;
    let listed = json(&lab, &["plan", "list"]).await;
    let slugs: Vec<&Value> = listed["plans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|plan| &plan["slug"])
        .collect();
    assert!(slugs.contains(&&json!(home)), "{listed:#}");

    let run = lab.launched(&["run", &home, "--confirm", "web-home"]).await;
    let over = lab.agree_to_all_but_commit(&run).await;
    assert_eq!(over.wave().1, 2);
    for (place, state) in states(&lab).await {
        assert_eq!(
            (place.as_str(), state.as_str()),
            ("on-prem", "Commit pending")
        );
    }
    let id = run.id().as_str();
    let shown = json(&lab, &["runs", "show", id]).await;
    assert_eq!(shown["run"], id, "{shown:#}");
    let watched = lab.run(&["runs", "watch", id, "--json"]).await;
    assert!(stream(&watched.out).len() > 20, "{watched:?}");
    let posts = lab.changes().await;
    let verb = |path: &str| {
        let path = path.split('?').next().unwrap();
        path.rsplit('/').next().unwrap().to_owned()
    };
    let mut verbs: Vec<String> = posts.iter().map(|seen| verb(&seen.path)).collect();
    verbs.sort();
    let once = [
        "reProtect",
        "reProtect",
        "unplannedFailover",
        "unplannedFailover",
    ];
    assert_eq!(verbs, once);
}
