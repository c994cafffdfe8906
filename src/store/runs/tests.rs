use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;

use jiff::Timestamp;

use super::*;
use crate::domain::run::{
    Answer, Closing, Launch, Letter, Line, Planned, QuestionId, Record, Request, Run, RunState,
};
use crate::domain::{Person, Plan, StepKind};

/// A journal of the first kind that was ever written; never changed.
const FROZEN: &str = include_str!("../../../tests/golden/journal-1.jsonl");
const PLAN: &str = include_str!("../../../tests/golden/plan-1.json");

fn plan() -> Plan {
    serde_json::from_str(PLAN).unwrap()
}

fn id(salt: u32) -> RunId {
    RunId::new(Timestamp::UNIX_EPOCH, salt)
}

fn runs() -> (tempfile::TempDir, Runs) {
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::of_site(folder.path(), "contoso-dr").unwrap();
    (folder, runs)
}

fn run() -> (tempfile::TempDir, RunFolder) {
    let (keep, runs) = runs();
    let folder = runs.create(&id(1), &plan()).unwrap();
    (keep, folder)
}

fn kim() -> Person {
    Person {
        name: "kim".into(),
        host: "jump-01".into(),
        from: None,
    }
}

fn launched(plan: &Plan, run: &RunId) -> Record {
    let machine = |id: &&crate::domain::ArmId| Planned {
        id: (*id).clone(),
        name: plan.machine_name(id),
        wave: 1,
        generation: None,
        after: Vec::new(),
        optional: false,
        disks: None,
        pending: None,
        steps: vec![StepKind::FailBack],
    };
    Record::Launched(Box::new(Launch {
        schema: "failback/run/1".into(),
        run: run.clone(),
        site: "contoso-dr".into(),
        name: plan.name.as_str().into(),
        slug: Some(plan.slug().clone()),
        intent: plan.intent().word().into(),
        by: kim(),
        program: "failback 0.1.0".into(),
        machines: plan.machines().iter().map(machine).collect(),
    }))
}

fn remark(words: &str) -> Record {
    Record::Remark {
        machine: None,
        step: None,
        words: words.into(),
    }
}

/// A run with a journal of `n` remarks, nobody writing it.
fn written(n: usize) -> (tempfile::TempDir, RunFolder) {
    let (keep, folder) = run();
    let lock = folder.lock().unwrap();
    let mut journal = Journal::open(&folder, &lock).unwrap();
    for n in 0..n {
        journal.append(remark(&format!("number {n}"))).unwrap();
    }
    (keep, folder)
}

fn journal(folder: &RunFolder) -> std::path::PathBuf {
    folder.path().join("journal.jsonl")
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

/// Puts a journal as it is where a run's journal is, with the head that belongs to it.
fn put_journal(folder: &RunFolder, text: &str) {
    fs::write(journal(folder), text).unwrap();
    let last = text.lines().last().unwrap();
    let head = head::Head::of(text.lines().count() as u64, last.as_bytes());
    head.write(folder.path()).unwrap();
}

fn letter(why: &str) -> Letter {
    Letter {
        by: kim(),
        at: Timestamp::UNIX_EPOCH,
        request: Request::Answer(Answer {
            question: QuestionId(1),
            choice: "wait".into(),
            typed: None,
            why: Some(why.into()),
            ticked: Vec::new(),
        }),
    }
}

mod inbox;
mod journal;
mod locks;
mod looking;
mod mended;
mod shared;

#[test]
fn the_frozen_journal_reads_folds_and_writes_back_byte_for_byte() {
    let (_keep, folder) = run();
    put_journal(&folder, FROZEN);
    let reading = folder.read().unwrap();
    assert_eq!(reading.damage, None);
    let again: String = reading
        .lines
        .iter()
        .map(|line| serde_json::to_string(line).unwrap() + "\n")
        .collect();
    assert_eq!(again, FROZEN);

    let run = Run::fold(&reading.lines).unwrap();
    assert_eq!(run.launch.name.as_str(), "ERP home");
    assert_eq!(run.launch.by, kim());
    assert_eq!(run.records, FROZEN.lines().count() as u64);
    assert_eq!(run.state, RunState::Closed(Closing::DoneBut));
    assert!(run.questions.is_empty());
    assert_eq!(run.progress(), (4, 4));
    let failed_back = run.machines[0].step(StepKind::FailBack).unwrap();
    assert_eq!(failed_back.attempts, 2);
    assert!(failed_back.job.is_some() && failed_back.sent.is_some());
}

#[test]
fn the_frozen_journal_holds_every_kind_of_record() {
    for kind in [
        "launched",
        "stepBegan",
        "intent",
        "accepted",
        "notSent",
        "answerLost",
        "found",
        "job",
        "synchronising",
        "remark",
        "asked",
        "answered",
        "requested",
        "stepEnded",
        "paused",
        "closed",
    ] {
        assert!(
            FROZEN.contains(&format!(r#""record":{{"{kind}":"#)),
            "{kind}"
        );
    }
    assert!(FROZEN.contains(r#""record":"wentOn""#));
}

#[test]
fn everything_of_a_run_is_private() {
    let (_keep, folder) = written(1);
    folder.open_log().unwrap();
    folder.put(&letter("a")).unwrap();
    assert_eq!(mode(folder.path()), 0o700);
    assert_eq!(mode(folder.siblings()), 0o700);
    assert_eq!(mode(&folder.path().join("inbox")), 0o700);
    let mut files = 0;
    for place in [folder.path().to_path_buf(), folder.path().join("inbox")] {
        for entry in fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
                files += 1;
            }
        }
    }
    assert_eq!(files, 6, "plan, journal, head, lock, log and a letter");
}

#[test]
fn runs_are_listed_newest_first_and_a_run_keeps_its_plan() {
    let (_keep, runs) = runs();
    assert!(runs.list().unwrap().is_empty());
    for salt in [1, 3, 2] {
        runs.create(&id(salt), &plan()).unwrap();
    }
    fs::create_dir(runs.path().join("lost+found")).unwrap();
    let ids: Vec<_> = runs
        .list()
        .unwrap()
        .iter()
        .map(|r| r.id().clone())
        .collect();
    assert_eq!(ids, [id(3), id(2), id(1)]);
    assert_eq!(runs.open(&id(2)).unwrap().plan().unwrap(), plan());
    assert!(matches!(runs.open(&id(9)), Err(RunTrouble::Unknown(_))));
    let twice = runs.create(&id(1), &plan());
    assert!(matches!(twice, Err(RunTrouble::Exists(_))));
    assert_eq!(runs.open(&id(1)).unwrap().plan().unwrap(), plan());
}

#[test]
fn only_a_run_that_never_began_is_discarded() {
    let (_keep, folder) = written(1);
    assert!(folder.clone().discard().is_err());
    assert!(folder.path().exists());
    let (_keep, folder) = run();
    let path = folder.path().to_path_buf();
    folder.discard().unwrap();
    assert!(!path.exists());
}
