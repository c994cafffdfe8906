//! Recordings: what was recorded is shown as it was, at every exchange.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::lab::Lab;
use crate::recordings;

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/recordings")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_recording_shows_at_every_exchange_the_state_and_verbs_of_that_moment() {
    let elsewhere = std::env::var_os("FAILBACK_RECORDINGS").map(PathBuf::from);
    let tally = recordings::check_folder(&elsewhere.clone().unwrap_or_else(kept)).await;
    if elsewhere.is_none() {
        assert_eq!(tally.exchanges, 23 + 84 + 66);
        assert_eq!(tally.states, 12);
        let parsed = [
            ("accepted", 11),
            ("fabrics", 2),
            ("item", 28),
            ("job", 7),
            ("operation", 78),
            ("vault", 1),
        ];
        assert_eq!(tally.parsed, parsed.into());
    }
}

#[tokio::test]
async fn the_command_shows_the_same_as_the_exchange_says() {
    let lab = Lab::without_site();
    for (file, at) in [
        ("classic-and-others-excerpts", 4),
        ("classic-and-others-excerpts", 5),
        ("classic-and-others-excerpts", 6),
        ("classic-and-others-excerpts", 23),
        ("hyperv-site", 84),
        ("modernised-vmware-trimmed", 66),
    ] {
        let path = kept().join(format!("{file}.jsonl"));
        let said = lab
            .run(&[
                "machines",
                "--json",
                "--replay",
                path.to_str().unwrap(),
                "--at",
                &at.to_string(),
            ])
            .await
            .ok_json();
        let exchanges = recordings::read(&path);
        let items = recordings::items_after(&exchanges[..at]);
        let mut wanted: Vec<_> = items
            .values()
            .map(|item| recordings::expected(item).unwrap())
            .collect();
        wanted.sort();
        let machines = said["machines"].as_array().unwrap();
        let mut shown: Vec<_> = machines.iter().map(recordings::shown).collect();
        shown.sort();
        assert_eq!(shown, wanted, "{file} at {at}");
        assert_eq!(said["schema"], "failback/machines/1");
        assert_eq!(said["site"], json!(file));
    }
}

#[tokio::test]
async fn what_was_not_recorded_is_said_and_not_shown_as_empty() {
    let lab = Lab::without_site();
    let file = kept().join("classic-and-others-excerpts.jsonl");
    let file = file.to_str().unwrap();
    let said = lab
        .run(&["machines", "--replay", file, "--at", "1"])
        .await
        .ok_text();
    assert!(said.contains("(machines: not recorded)"), "{said}");
    let said = lab
        .run(&["machines", "--replay", file, "--at", "5"])
        .await
        .ok_text();
    assert!(
        said.contains("(machines: put together from single recorded answers)"),
        "{said}"
    );
}

#[tokio::test]
async fn a_recording_cannot_be_changed() {
    let lab = Lab::without_site();
    let file = kept().join("classic-and-others-excerpts.jsonl");
    let said = lab
        .run(&[
            "do",
            "failback",
            "V2A-W2K16-201",
            "--confirm",
            "V2A-W2K16-201",
            "--replay",
            file.to_str().unwrap(),
            "--at",
            "5",
        ])
        .await;
    assert_eq!(said.code, 3, "{said:?}");
    assert!(
        said.err.contains("a recording cannot be changed"),
        "{said:?}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_recording_is_refused_with_its_line() {
    let lab = Lab::without_site();
    let file = lab.home().join("broken.jsonl");
    let good = std::fs::read_to_string(kept().join("hyperv-site.jsonl")).unwrap();
    let first = good.lines().next().unwrap();
    std::fs::write(&file, format!("{first}\n{{\"method\":")).unwrap();
    let said = lab
        .run(&["machines", "--replay", file.to_str().unwrap()])
        .await;
    assert_eq!(said.code, 2);
    assert!(said.err.contains("line 2"), "{said:?}");
    let gone = lab.run(&["machines", "--replay", "/nowhere.jsonl"]).await;
    assert_eq!(gone.code, 2);
    assert!(gone.err.contains("/nowhere.jsonl"), "{gone:?}");
}
