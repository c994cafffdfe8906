//! `failback check` of a plan that was launched: what readiness says to do is not for its machines.

use failback::domain::run::{Record, Run, Topic};
use failback::store::RunFolder;

use crate::lab::Lab;
use crate::runs::*;

/// A kept plan, launched; its name and its run.
async fn launched(lab: &Lab) -> (String, RunFolder) {
    let plan = lab.keep_home_plan(&[MACHINE]).await;
    let name = plan.name.to_string();
    let run = lab.launched(&["run", &name, "--confirm", &name]).await;
    (name, run)
}

#[tokio::test]
async fn a_plan_that_is_under_way_is_not_judged_and_nothing_is_said_to_be_done() {
    let lab = recorded().await;
    let (name, run) = launched(&lab).await;
    lab.until(&run, asked).await;
    let said = lab.run(&["check", &name]).await;
    assert_eq!(said.code, 4, "{said:?}");
    let id = run.id().as_str();
    for words in [
        &format!("{name} is under way: run {id}, 0 of "),
        &format!("  {MACHINE}: quiesce the applications: question 1 waits\n"),
        "nothing was judged",
        &format!("See: failback runs show {id}\n"),
    ] {
        assert!(said.out.contains(words), "{words}: {said:?}");
    }
    assert!(!said.out.contains("to do:"), "{said:?}");
    let told = lab.run(&["check", &name, "--json"]).await;
    assert_eq!(told.code, 4, "{told:?}");
    let told = told.json();
    assert_eq!(told["schema"], "failback/check/1");
    assert_eq!(told["ready"], false);
    assert_eq!(told["underWay"]["run"], id);
    assert_eq!(told["underWay"]["machines"][0]["machine"], MACHINE);
    assert!(told["findings"].as_array().unwrap().is_empty(), "{told:#}");

    // A statement about it is not kept, and launching it again says the same and nothing else.
    let before = lab.run(&["plan", "show", &name, "--json"]).await.ok_json();
    let said = lab.run(&["check", &name, "--attest", "AZVM-01=seen"]).await;
    assert_eq!(said.code, 4, "{said:?}");
    assert!(said.err.contains("Nothing was kept"), "{said:?}");
    let after = lab.run(&["plan", "show", &name, "--json"]).await.ok_json();
    assert_eq!(before, after);
}

/// Agrees to everything that is asked before the commit.
async fn until_commit_waits(lab: &Lab, run: &RunFolder) {
    let mut answered = 0;
    loop {
        let next = move |record: &Record| matches!(record, Record::Asked(q) if q.id.0 > answered);
        let lines = lab.until(run, next).await;
        let folded = Run::fold(&lines).unwrap();
        for question in folded.questions {
            if question.topic == Topic::Commit {
                return;
            }
            answered = question.id.0;
            let yes = crate::run::agrees(&question).unwrap();
            lab.answer(run, &question, &yes).await.ok_text();
        }
    }
}

#[tokio::test]
async fn a_machine_that_is_home_is_never_told_to_be_started_in_azure() {
    let lab = recorded().await;
    let (name, run) = launched(&lab).await;
    until_commit_waits(&lab, &run).await;
    let said = lab.run(&["check", &name]).await;
    assert_eq!(said.code, 4, "{said:?}");
    let words = format!("  {MACHINE}: is where it should be; commit: question ");
    assert!(said.out.contains(&words), "{said:?}");
    assert!(!said.out.contains("to do:"), "{said:?}");
    // Nor by a launch: it is under way before it is not ready.
    let again = lab.run(&["run", &name, "--confirm", &name]).await;
    assert_eq!(again.code, 4, "{again:?}");
    assert!(!again.out.contains("to do:"), "{again:?}");

    lab.agree(&run).await;
    let said = lab.run(&["check", &name]).await;
    assert_eq!(said.code, 3, "it is judged once more: {said:?}");
    let head = format!("{name} was launched before: run {}, done", run.id());
    assert!(said.out.starts_with(&head), "{said:?}");
    let nothing = format!(
        "nothing for this plan: run {} brought it where it is",
        run.id()
    );
    assert!(said.out.contains(&nothing), "{said:?}");
    let remedies = said
        .out
        .lines()
        .filter(|line| line.trim_start().starts_with("to do:") && !line.contains(&nothing));
    assert_eq!(remedies.count(), 0, "{said:?}");
    let told = lab.run(&["check", &name, "--json"]).await.json();
    assert_eq!(told["ran"]["run"], run.id().as_str());
    let again = lab.run(&["run", &name, "--confirm", &name]).await;
    assert_eq!(again.code, 3, "{again:?}");
    assert!(again.out.contains(&nothing), "{again:?}");
}

#[tokio::test]
async fn a_run_that_was_interrupted_is_resumed_and_its_plan_is_not_judged() {
    let lab = recorded().await;
    let (name, run) = launched(&lab).await;
    lab.until(&run, asked).await;
    let process = run.holder().unwrap().process;
    let process = rustix::process::Pid::from_raw(i32::try_from(process).unwrap()).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::KILL).unwrap();
    lab.until_dead(&run).await;
    let said = lab.run(&["check", &name]).await;
    assert_eq!(said.code, 4, "{said:?}");
    let resume = format!("Go on with: failback runs resume {}\n", run.id());
    assert!(said.out.contains(&resume), "{said:?}");
}
