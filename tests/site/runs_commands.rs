//! `failback runs`: list, show, watch, request.

use failback::domain::StepKind;
use failback::domain::run::{End, Record, Run, Topic};
use serde_json::Value;

use crate::lab::Lab;
use crate::runs::*;

#[tokio::test]
async fn where_nothing_ran_the_commands_say_so() {
    let lab = Lab::recorded().await;
    assert_eq!(
        lab.run(&["runs", "list", "--json"]).await.ok_json()["runs"],
        serde_json::json!([])
    );
    assert!(
        lab.run(&["runs", "list"])
            .await
            .ok_text()
            .contains("No run yet")
    );
    for run in ["last", "20261121-091500-3f2a7c", "../../etc", ""] {
        let said = lab.run(&["runs", "show", run]).await;
        assert_eq!(said.code, 2, "{run}: {said:?}");
    }
}

#[tokio::test]
async fn a_run_is_listed_and_shown_with_its_question_and_how_to_answer_it() {
    let lab = recorded().await;
    let run = lab
        .launched(&[&FAIL_BACK[..], &["--as", "ada"]].concat())
        .await;
    lab.until(&run, asked).await;
    let listed = lab.run(&["runs", "list", "--json"]).await.ok_json();
    let row = &listed["runs"][0];
    assert_eq!(listed["schema"], "failback/runs/1");
    for (field, value) in [
        ("run", run.id().as_str()),
        ("plan", &format!("Fail back {MACHINE}")),
        ("intent", "fail back"),
        ("state", "waiting"),
    ] {
        assert_eq!(row[field], value, "{row:#}");
    }
    assert_eq!((&row["live"], &row["questions"]), (&true.into(), &1.into()));
    assert_eq!(row["by"]["name"], "ada");

    let shown = lab
        .run(&["runs", "show", run.id().as_str(), "--json"])
        .await
        .ok_json();
    assert_eq!(shown["schema"], "failback/run-state/1");
    assert_eq!(shown["questions"][0]["topic"], "quiesce");
    assert_eq!(shown["machines"][0]["steps"][0]["state"], "runs");
    assert_eq!(
        shown["machines"][0]["wayBack"],
        "stop the run; the VM stays in Azure"
    );
    assert_eq!(shown["damage"], Value::Null);

    let text = lab.run(&["runs", "show", "last"]).await.ok_text();
    for words in [
        "launched by ada on ",
        "waits for a person",
        "way back: stop the run",
        "? 1  Stop the applications",
        &format!("failback runs request {} answer 1 quiesced\n", run.id()),
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[tokio::test]
async fn an_answer_is_checked_before_it_is_sent() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.until(&run, asked).await;
    for (answer, words) in [
        (
            &["9", "quiesced"][..],
            "Question 9 is not open; open are: 1.",
        ),
        (&["1", "calm"], "there is no choice"),
    ] {
        let arguments = [&["runs", "request", "last", "answer"][..], answer].concat();
        let said = lab.run(&arguments).await;
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains(words), "{words}: {said:?}");
    }
    let run_now = Run::fold(&run.read().unwrap().lines).unwrap();
    assert!(run_now.heard.is_empty(), "nothing was sent");
    let said = lab
        .run(&[
            "runs", "request", "last", "answer", "1", "quiesced", "--json",
        ])
        .await
        .ok_json();
    assert_eq!(said["schema"], "failback/request/1");
    assert_eq!(said["became"], "granted");
}

#[tokio::test]
async fn what_a_run_refuses_is_told_with_its_reason() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.until(&run, asked).await;
    let said = lab.run(&["runs", "request", "last", "go-on"]).await;
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("it is not paused"), "{said:?}");
}

#[tokio::test]
async fn watching_streams_the_records_and_ends_as_the_run_does() {
    let lab = recorded().await;
    let mut arguments = FAIL_BACK.to_vec();
    arguments.extend(["--attest", "quiesce=stopped", "--no-wait", "--json"]);
    let said = lab.vouched(&arguments).await;
    // It waits for a person at last: which VM it is in Azure nobody told.
    assert_eq!(said.code, 5, "{said:?}");
    let all = stream(&said.out);
    assert_eq!(all[0]["schema"], "failback/launched/1");
    let last = all.last().unwrap();
    assert_eq!(last["schema"], "failback/watched/1");
    assert_eq!(
        (&last["state"], &last["exit"]),
        (&"waiting".into(), &5.into())
    );
    let records = &all[1..all.len() - 1];
    let numbers: Vec<u64> = records
        .iter()
        .filter(|r| r["schema"] != "failback/left/1")
        .map(|r| r["number"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    assert!(records[0]["record"]["launched"].is_object());

    let run = lab.last();
    lab.agree(&run).await;
    let whole = lab.run(&["runs", "watch", "last", "--json"]).await;
    assert_eq!(whole.code, 0, "{whole:?}");
    let journal = std::fs::read_to_string(run.path().join("journal.jsonl")).unwrap();
    assert!(whole.out.starts_with(&journal), "the stream is the journal");
    let text = lab.run(&["runs", "watch", "last"]).await.ok_text();
    for words in [
        "launched by ",
        "fail back is sent, attempt 1 (request id ",
        "Azure took it, job ",
        "+ V2A-W2K16-201: commit: done",
        "The run is over: done, but",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[tokio::test]
async fn a_failed_run_ends_with_1_and_azures_words() {
    let lab = recorded().await;
    lab.fault("POST unplannedFailover job:78093").await;
    let mut arguments = FAIL_BACK.to_vec();
    arguments.extend(["--attest", "quiesce=stopped", "--no-wait"]);
    let said = lab.vouched(&arguments).await;
    assert_eq!(said.code, 5, "{said:?}");
    assert!(said.out.contains("(78093)"), "{said:?}");
    let run = lab.last();
    let question = Run::fold(&run.read().unwrap().lines)
        .unwrap()
        .questions
        .remove(0);
    let give_up = crate::run::says(&question, "give-up").unwrap();
    lab.answer(&run, &question, &give_up).await.ok_text();
    let said = lab.run(&["runs", "watch", "last"]).await;
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.out.contains("The run is over: failed."), "{said:?}");
    let over = lab.run(&["runs", "request", "last", "pause"]).await;
    assert_eq!(over.code, 3, "{over:?}");
    assert!(over.err.contains("is over"), "{over:?}");
}

#[tokio::test]
async fn a_damaged_journal_is_told_by_every_command() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.agree(&run).await;
    let journal = run.path().join("journal.jsonl");
    let text = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, text.replace("quiesced", "quiesceD")).unwrap();
    let shown = lab.run(&["runs", "show", "last"]).await;
    assert_eq!(shown.code, 1, "{shown:?}");
    assert!(
        shown.out.contains("The journal is damaged: line "),
        "{shown:?}"
    );
    let listed = lab.run(&["runs", "list"]).await.ok_text();
    assert!(listed.contains("damaged: line "), "{listed}");
    let watched = lab.run(&["runs", "watch", "last"]).await;
    assert_eq!(watched.code, 1, "{watched:?}");
}

#[tokio::test]
async fn read_only_asks_nothing_of_a_run() {
    let mut lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.set("FAILBACK_READ_ONLY", "1");
    let said = lab.run(&["runs", "request", "last", "stop"]).await;
    assert_eq!(said.code, 3, "{said:?}");
    assert!(run.is_live());
    lab.run(&["runs", "show", "last"]).await.ok_text();
}

#[tokio::test]
async fn whoever_commits_reads_how_many_checks_were_made() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    let mut answered = 0;
    let commit = loop {
        let next = move |record: &Record| matches!(record, Record::Asked(q) if q.id.0 > answered);
        let lines = lab.until(&run, next).await;
        let question = Run::fold(&lines).unwrap().questions.remove(0);
        answered = question.id.0;
        let id = answered.to_string();
        let yes = crate::run::agrees(&question).unwrap();
        match question.topic {
            Topic::Commit => break question,
            Topic::Survivor => {
                let words = ["runs", "request", "last", "answer", &id, "verified"];
                let made = ["--why", "looked_ok", "--ticked", "2"];
                lab.run(&[&words[..], &made].concat()).await.ok_text();
            }
            _ => {
                lab.answer(&run, &question, &yes).await.ok_text();
            }
        }
    };
    let words: Vec<&str> = commit
        .evidence
        .iter()
        .map(failback::domain::Text::as_str)
        .collect();
    let words = words.join("\n");
    assert!(words.contains(": 1 of "), "{words}");
    assert!(words.contains(" checks ticked; \"looked_ok\""), "{words}");
    let shown = lab.run(&["runs", "show", "last"]).await.ok_text();
    let people = shown.split("\nPeople\n").nth(1).unwrap();
    let line = people
        .lines()
        .find(|line| line.contains("verified"))
        .unwrap();
    assert!(line.contains("(looked_ok); 1 of "), "{line}");
    let told = lab.run(&["runs", "show", "last", "--json"]).await.ok_json();
    let heard = told["heard"].as_array().unwrap();
    let made: Vec<&str> = heard.iter().filter_map(|h| h["made"].as_str()).collect();
    assert_eq!(made.len(), 1, "{heard:?}");
    assert!(made[0].starts_with("1 of "), "{made:?}");
}

/// Keeps a plan with these waves and launches it.
async fn going_home(lab: &Lab, waves: &[&[&str]]) -> failback::store::RunFolder {
    let plan = crate::run::bring_home(lab, waves).await;
    let text = failback::store::plans::written(&plan).unwrap();
    let file = lab.file("plan.json", &text);
    let said = lab.run(&["plan", "import", file.to_str().unwrap()]).await;
    said.ok_text();
    lab.launched(&["run", "home", "--confirm", "home"]).await
}

#[tokio::test]
async fn within_a_wave_a_machine_goes_home_without_the_others_and_its_question_says_so() {
    let lab = Lab::wanted().speed(2000.0).start().await;
    let run = going_home(&lab, &[&["web-01", "web-02"]]).await;
    let both = |record: &Record| matches!(record, Record::Asked(q) if q.id.0 == 2);
    let lines = lab.until(&run, both).await;
    let asked = Run::fold(&lines).unwrap().questions;
    let first = asked.iter().find(|q| q.words.as_str().contains("web-01"));
    let first = first.unwrap();
    let then = first.evidence.last().unwrap().as_str();
    assert_eq!(
        then,
        "\"quiesced\" sends web-01 home as soon as it is drained. It does not wait for web-02."
    );
    let yes = crate::run::agrees(first).unwrap();
    lab.answer(&run, first, &yes).await.ok_text();
    let home = |record: &Record| matches!(record, Record::StepEnded { step: StepKind::FailBack, end, .. } if *end == End::Done);
    let lines = lab.until(&run, home).await;
    let now = Run::fold(&lines).unwrap();
    let open = now.questions.iter().any(|q| q.topic == Topic::Quiesce);
    assert!(open, "web-02 was not answered: {:?}", now.questions);
}

#[tokio::test]
async fn a_machine_of_a_later_wave_is_told_what_it_waits_for() {
    let lab = Lab::wanted().speed(2000.0).start().await;
    let run = going_home(&lab, &[&["web-01"], &["web-02"]]).await;
    let lines = lab.until(&run, asked).await;
    let question = Run::fold(&lines).unwrap().questions.remove(0);
    assert_eq!(
        question.evidence.last().unwrap().as_str(),
        "Once web-02 is quiet and drained it waits for wave 1, and goes home then"
    );
}
