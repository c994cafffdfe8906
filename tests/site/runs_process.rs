//! The runner's process: what ends it, what does not, and what it does with what it is sent.

use failback::domain::run::{Closing, Record, Request, Run, RunState};
use failback::store::RunFolder;
use rustix::process::{Pid, Signal, kill_process};

use crate::lab::{Lab, said};
use crate::pty::Start;
use crate::runs::*;

fn signal(run: &RunFolder, signal: Signal) {
    let process = i32::try_from(run.holder().unwrap().process).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), signal).unwrap();
}

fn fold(run: &RunFolder) -> Run {
    Run::fold(&run.read().unwrap().lines).unwrap()
}

/// What the lab's user starts at a terminal.
fn at_a_terminal(lab: &Lab, arguments: &[&str]) -> Start {
    lab.keep_profile();
    let mut start = Start::program(env!("CARGO_BIN_EXE_failback")).size(200, 50);
    for (name, value) in lab.variables() {
        start = start.env(&name, &value);
    }
    arguments.iter().fold(start, Start::argument)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_outlives_the_terminal_that_launched_it() {
    let lab = recorded().await;
    let words = lab.vouching(&FAIL_BACK).await;
    let mut arguments = FAIL_BACK.to_vec();
    arguments.extend(words.iter().map(String::as_str));
    let mut terminal = at_a_terminal(&lab, &arguments).start();
    terminal.wait_for("Closing this terminal is safe.");
    terminal.wait_for("? 1  Stop the applications");
    let run = lab.last();
    terminal.hang_up();
    assert_eq!(terminal.exit_code(), 129);
    assert!(run.is_live());
    // And is told so itself.
    signal(&run, Signal::HUP);
    let came = lab.agree(&run).await;
    assert_eq!(came.state, RunState::Closed(Closing::DoneBut));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_ends_the_watching_and_not_the_run() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    let mut terminal = at_a_terminal(&lab, &["runs", "watch", "last"]).start();
    terminal.wait_for("failback runs request");
    terminal.keys("\u{3}");
    assert_eq!(terminal.exit_code(), 130);
    let words = format!(
        "run {} goes on. Watch it again: failback runs watch",
        run.id()
    );
    assert!(terminal.text().contains(&words), "{}", terminal.text());
    assert!(run.is_live());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_asked_for_at_the_terminal_launches() {
    let lab = recorded().await;
    let words = lab.vouching(&FAIL_BACK).await;
    let mut arguments = vec!["do", "failback", MACHINE, "--detach"];
    arguments.extend(words.iter().map(String::as_str));
    let mut wrong = at_a_terminal(&lab, &arguments).start();
    wrong.wait_for("Type the name of the machine to go on:");
    wrong.keys("yes\r");
    assert_eq!(wrong.exit_code(), 2);
    assert!(lab.runs().list().unwrap().is_empty());
    let mut right = at_a_terminal(&lab, &arguments).start();
    right.wait_for("Type the name of the machine to go on:");
    right.keys(&format!("{MACHINE}\r"));
    assert_eq!(right.exit_code(), 0);
    assert!(lab.last().is_live());
}

#[tokio::test]
async fn a_runner_that_is_told_to_end_suspends_its_run_and_says_so() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.until(&run, asked).await;
    signal(&run, Signal::TERM);
    lab.until_dead(&run).await;
    let RunState::Suspended(why) = fold(&run).state else {
        panic!("{:?}", fold(&run).state);
    };
    assert!(why.as_str().contains("SIGTERM"), "{why}");
    let watched = lab.run(&["runs", "watch", "last"]).await;
    assert_eq!(watched.code, 5, "{watched:?}");
    assert!(
        watched.err.contains("no process carries it out any more"),
        "{watched:?}"
    );
    let asked = lab.run(&["runs", "request", "last", "go-on"]).await;
    assert_eq!(asked.code, 3, "{asked:?}");
    // It holds nobody up.
    lab.launched(&FAIL_BACK).await;
    assert!(lab.changes().await.is_empty());
}

#[tokio::test]
async fn a_runner_that_is_told_to_end_waits_for_the_answer_to_what_it_has_sent() {
    let wanted = Lab::wanted().estate(failback::simulator::Estate::Recorded);
    let lab = wanted.speed(300.0).start().await;
    // Slow to answer: it is told to end while the call is on its way.
    lab.fault("POST unplannedFailover stall:1").await;
    let run = lab.launched(&FAIL_BACK).await;
    let lines = lab.until(&run, asked).await;
    let question = Run::fold(&lines).unwrap().questions.remove(0);
    let quiet = crate::run::says(&question, "quiesced").unwrap();
    lab.answer(&run, &question, &quiet).await.ok_text();
    lab.until(&run, |record| matches!(record, Record::Intent { .. }))
        .await;
    signal(&run, Signal::TERM);
    lab.until_dead(&run).await;
    let lines = run.read().unwrap().lines;
    let of = |so: fn(&Record) -> bool| lines.iter().filter(|line| so(&line.record)).count();
    assert_eq!(of(|r| matches!(r, Record::Intent { .. })), 1);
    assert_eq!(of(|r| matches!(r, Record::Accepted { .. })), 1);
    assert!(matches!(fold(&run).state, RunState::Suspended(_)));
    assert_eq!(lab.changes().await.len(), 1);
}

#[tokio::test]
async fn a_runner_that_is_killed_leaves_a_run_that_everybody_sees_is_alone() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.until(&run, asked).await;
    signal(&run, Signal::KILL);
    lab.until_dead(&run).await;
    let watched = lab.run(&["runs", "watch", "last", "--json"]).await;
    assert_eq!(watched.code, 5, "{watched:?}");
    let listed = lab.run(&["runs", "list", "--json"]).await.ok_json();
    assert_eq!(listed["runs"][0]["live"], false);
    assert_eq!(listed["runs"][0]["state"], "waiting");
    let text = lab.run(&["runs", "list"]).await.ok_text();
    assert!(
        text.contains("no process carries it out any more"),
        "{text}"
    );
}

#[tokio::test]
async fn garbage_in_the_inbox_is_set_aside_and_the_run_goes_on() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.until(&run, asked).await;
    let inbox = run.path().join("inbox");
    let letters: [(&str, Vec<u8>); 4] = [
        ("0.json", b"\xff\xfe{".to_vec()),
        (
            "1.json",
            br#"{"by":{"name":"x","host":""},"at":"never","request":"stop"}"#.to_vec(),
        ),
        ("2.json", vec![b'['; 1 << 20]),
        ("3.json", b"{}".to_vec()),
    ];
    for (name, bytes) in &letters {
        std::fs::write(inbox.join(name), bytes).unwrap();
    }
    lab.run(&["runs", "request", "last", "pause"])
        .await
        .ok_text();
    lab.until(&run, |record| matches!(record, Record::Paused { .. }))
        .await;
    let refused = |n: usize| inbox.join(format!(".refused-{}", n + 1));
    for (n, (name, bytes)) in letters.iter().enumerate() {
        assert!(!inbox.join(name).exists(), "{name}");
        assert_eq!(&std::fs::read(refused(n)).unwrap(), bytes);
    }
    lab.run(&["runs", "request", "last", "go-on"])
        .await
        .ok_text();
    let came = lab.agree(&run).await;
    assert_eq!(came.state, RunState::Closed(Closing::DoneBut));
}

#[tokio::test]
async fn nothing_is_sent_that_the_journal_has_no_room_for() {
    // The journal ends wherever the room does: before, in and after the records of the call.
    let mut sent_somewhere = false;
    let mut refused_somewhere = false;
    for blocks in [8, 10, 12, 14, 16, 20, 24, 32] {
        let lab = recorded().await;
        let words = lab.vouching(&FAIL_BACK).await;
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let mut arguments = vec!["-c", &limit, "sh", env!("CARGO_BIN_EXE_failback")];
        arguments.extend(FAIL_BACK);
        arguments.extend(["--detach", "--attest", "quiesce=stopped"]);
        arguments.extend(words.iter().map(String::as_str));
        let launched = said(lab.command("sh", &arguments)).await;
        if launched.code != 0 {
            assert!(launched.err.contains("Nothing was sent."), "{launched:?}");
            assert!(lab.changes().await.is_empty());
            continue;
        }
        let run = lab.last();
        // To its end, or to the question after the failover.
        let azure_off = |r: &Record| matches!(r, Record::Asked(q) if q.step == Some(failback::domain::StepKind::VerifyAzureOff));
        loop {
            let lines = run.read().unwrap().lines;
            if !run.is_live() || lines.iter().any(|line| azure_off(&line.record)) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let reading = run.read().unwrap();
        assert_eq!(reading.damage, None, "{blocks}");
        let intents: Vec<_> = reading
            .lines
            .iter()
            .filter_map(|line| match &line.record {
                Record::Intent { request, .. } => Some(request.to_string()),
                _ => None,
            })
            .collect();
        let sent = lab.changes().await;
        for change in &sent {
            let id = change.client_request_id.clone().unwrap();
            assert!(
                intents.contains(&id),
                "{blocks}: sent without a record: {change:?}"
            );
        }
        assert!(sent.len() <= 1, "{blocks}: {sent:?}");
        sent_somewhere |= !sent.is_empty();
        if !run.is_live() {
            refused_somewhere |= sent.is_empty();
            lab.until_said(&run, "cannot be written").await;
        }
    }
    assert!(
        sent_somewhere && refused_somewhere,
        "the limits miss the call"
    );
}

#[tokio::test]
async fn a_stop_ends_the_run_and_its_process() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.until(&run, asked).await;
    lab.run(&["runs", "request", "last", "stop", "--as", "ada"])
        .await
        .ok_text();
    lab.until_dead(&run).await;
    let came = fold(&run);
    assert_eq!(came.state, RunState::Closed(Closing::Stopped));
    let stop = came
        .heard
        .iter()
        .find(|heard| heard.request == Request::Stop)
        .unwrap();
    assert_eq!(stop.by.name.as_str(), "ada");
    assert!(lab.changes().await.is_empty());
}
