//! `failback runs report`, and how long things take: told before, during and after a run.

use std::os::unix::fs::PermissionsExt;

use failback::domain::run::Run;

use crate::lab::Lab;
use crate::runs::*;

/// A run that came to its end, with everything that was asked answered.
async fn done(lab: &Lab) {
    let run = lab
        .launched(&[&FAIL_BACK[..], &["--as", "ada"]].concat())
        .await;
    let run_now = lab.agree(&run).await;
    assert!(run_now.is_closed());
    lab.until_dead(&run).await;
}

#[tokio::test]
async fn a_report_tells_who_did_what_and_the_head_of_a_sound_journal() {
    let lab = recorded().await;
    done(&lab).await;
    let run = lab.last();
    let lines = run.read().unwrap().lines;
    let report = lab
        .run(&["runs", "report", "last", "--json"])
        .await
        .ok_json();
    assert_eq!(report["schema"], "failback/report/1");
    assert_eq!(report["run"], run.id().as_str());
    assert_eq!(report["cautions"], serde_json::json!([]));
    assert_eq!(report["launched"]["by"]["name"], "ada");
    assert_eq!(report["journal"]["sound"], true);
    assert_eq!(report["journal"]["head"]["number"], lines.len());
    let head = std::fs::read_to_string(run.path().join("head")).unwrap();
    let head: serde_json::Value = serde_json::from_str(&head).unwrap();
    assert_eq!(report["journal"]["head"], head);
    assert_eq!(report["plan"]["document"]["schema"], "failback/plan/1");
    assert!(!report["statements"].as_array().unwrap().is_empty());

    let steps = report["machines"][0]["steps"].as_array().unwrap();
    let step = |kind: &str| steps.iter().find(|s| s["step"] == kind).unwrap();
    let attempt = &step("failBack")["attempts"][0];
    assert_eq!(attempt["outcome"], "accepted");
    let journal = serde_json::to_string(&lines).unwrap();
    for id in ["requestId", "jobId"] {
        assert!(journal.contains(attempt[id].as_str().unwrap()), "{id}");
    }
    assert!(
        !step("failBack")["jobs"][0]["tasks"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert_eq!(report["machines"][0]["point"]["sent"], "LatestTime");
    let questions = report["questions"].as_array().unwrap();
    assert!(
        questions.iter().all(|q| q["answer"].is_object()),
        "{questions:#?}"
    );

    for (format, words) in [
        ("md", &format!("# Fail back {MACHINE}: fail back")),
        ("html", &format!("<h1>Fail back {MACHINE}: fail back</h1>")),
    ] {
        let report = ["runs", "report", "last", "--format", format];
        let text = lab.run(&report).await.ok_text();
        assert!(text.contains(words.as_str()), "{text}");
        let hash = head["hash"].as_str().unwrap();
        assert!(text.contains(&format!("{}:{hash}", lines.len())), "{text}");
    }
}

#[tokio::test]
async fn a_report_goes_to_a_new_file_of_its_owner_and_replaces_none_unasked() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.until(&run, asked).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.html");
    let name = file.to_str().unwrap();
    let report = ["runs", "report", "last", "--format", "html", "--out", name];
    lab.run(&report).await.ok_text();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("This run is not over"), "{text}");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    std::fs::write(&file, "mine").unwrap();
    let said = lab.run(&report).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(
        said.err.contains("is there already; nothing was written"),
        "{said:?}"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    let forced = [&report[..], &["--force"]].concat();
    lab.run(&forced).await.ok_text();
    assert_ne!(std::fs::read_to_string(&file).unwrap(), "mine");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing half-written is left: {left:?}");

    let nowhere = folder.path().join("no/such/run.md");
    let said = lab
        .run(&["runs", "report", "last", "--out", nowhere.to_str().unwrap()])
        .await;
    assert_eq!(said.code, 1, "{said:?}");
    for wrong in [
        &["runs", "report", "last", "--force"][..],
        &["runs", "report", "last", "--json", "--format", "md"],
        &["runs", "report", "20261121-091500-3f2a7c"],
    ] {
        let said = lab.run(wrong).await;
        assert_eq!(said.code, 2, "{said:?}");
    }
}

#[tokio::test]
async fn a_journal_that_was_changed_is_reported_as_not_sound() {
    let lab = recorded().await;
    done(&lab).await;
    let journal = lab.last().path().join("journal.jsonl");
    let text = std::fs::read_to_string(&journal).unwrap();
    let last = text.rfind("closed").unwrap();
    let changed = format!("{}CLOSED{}", &text[..last], &text[last + 6..]);
    std::fs::write(&journal, changed).unwrap();
    let said = lab.run(&["runs", "report", "last"]).await;
    assert_eq!(said.code, 1, "{said:?}");
    let first = said.out.lines().find(|line| line.starts_with('>')).unwrap();
    assert!(first.contains("not over"), "{first}");
    assert!(
        said.out.contains("The journal of this run is not sound"),
        "{said:?}"
    );
    assert!(!said.out.contains("**Sound:** \\+"), "{said:?}");
}

#[tokio::test]
async fn what_was_never_done_here_is_unknown_and_known_after_a_run() {
    let lab = recorded().await;
    let dry = [&FAIL_BACK[..], &["--dry-run"]].concat();
    let before = lab.run(&dry).await.ok_text();
    assert!(before.contains("Critical path: not known: "), "{before}");
    assert!(
        before.contains("not counted: the time that people take"),
        "{before}"
    );
    done(&lab).await;

    let again = recorded().await;
    let state = |lab: &Lab| lab.home().join("state");
    std::fs::rename(state(&lab), state(&again)).unwrap();
    let lab = again;
    let after = lab.run(&dry).await.ok_text();
    assert!(after.contains("from 1 past run"), "{after}");
    let json = [&dry[..], &["--json"]].concat();
    let estimate = lab.run(&json).await.ok_json()["estimate"].clone();
    assert_eq!(estimate["pastRuns"], 1);
    let total = |of: &str| estimate["total"][of].as_u64().unwrap();
    assert!(total("low") <= total("likely") && total("likely") <= total("high"));
    assert!(total("high") > 0, "{estimate:#}");
    let path = estimate["path"].as_array().unwrap();
    assert!(
        path.iter().any(|leg| leg["step"] == "failBack"),
        "{estimate:#}"
    );
}

#[tokio::test]
async fn what_is_left_of_a_run_is_told_while_it_is_under_way() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.until(&run, asked).await;
    let shown = lab.run(&["runs", "show", "last"]).await.ok_text();
    assert!(shown.contains("\nLeft: not known: "), "{shown}");
    let left = lab.run(&["runs", "show", "last", "--json"]).await.ok_json()["left"].clone();
    assert_eq!(left["gaps"][0]["step"], "drain", "{left:#}");
    lab.agree(&run).await;
    let over = lab.run(&["runs", "show", "last", "--json"]).await.ok_json();
    assert!(over["left"].is_null());
    let folded = Run::fold(&run.read().unwrap().lines).unwrap();
    assert!(folded.is_closed());
}
