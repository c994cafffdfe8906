//! The Monitor in a pseudo-terminal, over journals that the test writes as a runner would.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use failback::domain::plan::{PlanName, Recovered, Recovery, Selected, Selection, Wave};
use failback::domain::run::{
    Answer, Choice, Closing, End, Launch, Planned, Question, QuestionId, Record, Request, RunId,
    Synchronisation, Topic,
};
use failback::domain::{ArmId, Bytes, Intent, Person, Plan, StepKind, Text};
use failback::simulator::Estate;
use failback::store::plans::Overwrite;
use failback::store::{Journal, Plans, RunFolder, RunLock, Runs};
use jiff::Timestamp;

use crate::lab::{Lab, SITE};
use crate::pty::Terminal;
use crate::screens::Stage;

const STEPS: [StepKind; 4] = [
    StepKind::Quiesce,
    StepKind::FailBack,
    StepKind::VerifySurvivor,
    StepKind::Commit,
];

fn item(name: &str) -> ArmId {
    let item = format!("/subscriptions/s/vaults/v/replicationProtectedItems/{name}");
    ArmId::parse(&item).unwrap()
}

fn person() -> Person {
    Person {
        name: "kim".into(),
        host: "jump-01".into(),
        from: None,
    }
}

fn plan(name: &str) -> Plan {
    let one = |name: &str| Selected {
        id: item(name),
        name: name.into(),
    };
    let machines = vec![one("sql-01"), one("web-01")];
    let intent = Intent::Commit(Selection { machines });
    Plan::new(PlanName::parse(name).unwrap(), intent).unwrap()
}

/// A runner that does nothing but write.
struct Runner {
    folder: RunFolder,
    journal: Journal,
    _lock: RunLock,
}

impl Runner {
    fn launched(stage: &Stage, salt: u32) -> Self {
        let plan = plan("ERP home");
        let id = RunId::new(Timestamp::now(), salt);
        let folder = runs(stage).create(&id, &plan).unwrap();
        let lock = folder.lock().unwrap();
        let journal = Journal::open(&folder, &lock).unwrap();
        let mut runner = Self {
            folder,
            journal,
            _lock: lock,
        };
        let planned = |name: &str, wave| Planned {
            id: item(name),
            name: name.into(),
            wave,
            generation: None,
            after: Vec::new(),
            optional: false,
            disks: None,
            pending: None,
            steps: STEPS.to_vec(),
        };
        runner.write(Record::Launched(Box::new(Launch {
            schema: "failback/run/1".into(),
            run: id,
            site: SITE.into(),
            name: plan.name.as_str().into(),
            slug: Some(plan.slug().clone()),
            intent: "fail back".into(),
            by: person(),
            program: "failback 0".into(),
            machines: vec![planned("sql-01", 1), planned("web-01", 2)],
        })));
        runner
    }

    fn write(&mut self, record: Record) {
        self.journal.append(record).unwrap();
    }

    fn did(&mut self, name: &str, step: StepKind) {
        let machine = item(name);
        self.write(Record::StepBegan {
            machine: machine.clone(),
            step,
        });
        self.write(Record::StepEnded {
            machine,
            step,
            end: End::Done,
        });
    }
}

fn runs(stage: &Stage) -> Runs {
    Runs::of_site(&stage.lab.home().join("state/failback"), SITE).unwrap()
}

fn plans(stage: &Stage) -> Plans {
    Plans::of_site(&stage.lab.home().join("data/failback"), SITE).unwrap()
}

/// The Monitor on the lab's site.
fn monitor(stage: &Stage) -> Terminal {
    let mut terminal = stage.screens();
    terminal.wait_for("V2A-W2K16-201");
    terminal.keys("2");
    terminal.wait_for("PLAN");
    terminal
}

fn quiet() -> Question {
    let choice = |name: &str, typed: Option<&str>, reason| Choice {
        name: name.into(),
        words: "as its name says".into(),
        typed: typed.map(Text::from),
        reason,
    };
    Question {
        id: QuestionId(1),
        topic: Topic::Quiesce,
        machine: Some(item("sql-01")),
        step: Some(StepKind::Quiesce),
        words: "Are the applications quiet?".into(),
        evidence: vec!["pending: 3 MiB".into()],
        checks: Vec::new(),
        until: None,
        choices: vec![
            choice("wait", None, false),
            choice("quiesced", Some("sql-01"), true),
        ],
    }
}

#[test]
fn the_screen_follows_a_journal_as_it_is_written() {
    let stage = Stage::new(Lab::recorded());
    let mut terminal = monitor(&stage);
    terminal.wait_for("nothing was run yet");
    let mut runner = Runner::launched(&stage, 1);
    terminal.wait_for("wave 1 of 2");
    terminal.wait_for("closing this terminal is safe");
    runner.did("sql-01", StepKind::Quiesce);
    terminal.wait_for("12 %");
    let (machine, step) = (item("sql-01"), StepKind::FailBack);
    runner.write(Record::StepBegan {
        machine: machine.clone(),
        step,
    });
    let state = Synchronisation {
        percent: Some(41),
        pending: Some(Bytes(3 << 20)),
        rpo_seconds: None,
    };
    runner.write(Record::Synchronising {
        machine: machine.clone(),
        step,
        state,
    });
    terminal.wait_for("41 %");
    let end = End::Done;
    runner.write(Record::StepEnded { machine, step, end });
    terminal.wait_for("home; look, then commit");
    for step in &STEPS[..2] {
        runner.did("web-01", *step);
    }
    terminal.wait_for("home, commit waits");
    for name in ["sql-01", "web-01"] {
        runner.did(name, StepKind::VerifySurvivor);
        runner.did(name, StepKind::Commit);
    }
    runner.write(Record::Closed(Closing::Done));
    terminal.wait_for("√ done");
    terminal.wait_for("100 %");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_runner_that_dies_leaves_an_interrupted_run() {
    let stage = Stage::new(Lab::recorded());
    let runner = Runner::launched(&stage, 1);
    let mut terminal = monitor(&stage);
    terminal.wait_for("wave 1 of 2");
    drop(runner);
    terminal.wait_for("x interrupted");
    terminal.wait_for("its process is gone");
    terminal.keys("P");
    terminal.wait_for("a request would not be taken");
}

#[test]
fn a_question_is_answered_by_keys_and_the_letter_lies_in_the_inbox() {
    let stage = Stage::new(Lab::recorded());
    let mut runner = Runner::launched(&stage, 1);
    let mut terminal = monitor(&stage);
    terminal.wait_for("wave 1 of 2");
    runner.write(Record::Asked(Box::new(quiet())));
    terminal.wait_for("1 question waits");
    terminal.keys("1");
    terminal.wait_for("[2] shows it");
    terminal.keys("2a");
    terminal.wait_for("pending: 3 MiB");
    terminal.wait_for("wait (harmless)");
    // Below leaving it open, and the harmless choice; it wants a name and a reason.
    terminal.keys("\x1b[B\x1b[B\r");
    terminal.wait_for("Type sql-01:");
    terminal.keys("sql-02\r");
    terminal.wait_for("wants the name sql-01 typed");
    terminal.keys("\x15sql-01\r");
    terminal.keys("asked the DBA");
    terminal.wait_for("asked the DBA");
    assert!(runner.folder.letters().is_empty());
    terminal.keys("\r");
    terminal.wait_for("not yet taken");
    let arrived = runner.folder.take_letters().unwrap();
    let letters: Vec<_> = arrived.iter().map(|arrived| &arrived.letter).collect();
    let [letter] = letters[..] else {
        panic!("{letters:?}");
    };
    let answer = Answer {
        question: QuestionId(1),
        choice: "quiesced".into(),
        typed: Some("sql-01".into()),
        why: Some("asked the DBA".into()),
        ticked: Vec::new(),
    };
    assert_eq!(letter.request, Request::Answer(answer.clone()));
    // The runner writes it down, then settles the letter.
    let by = letter.by.clone();
    runner.write(Record::Answered {
        answer,
        by,
        asked: None,
    });
    for letter in arrived {
        letter.settle().unwrap();
    }
    terminal.wait("no question", |terminal| {
        let text = terminal.text();
        !text.contains("question") && !text.contains("not yet taken")
    });
    terminal.keys("P");
    terminal.wait_for("pause: asked");
    assert_eq!(runner.folder.letters()[0].request, Request::Pause);
}

#[test]
fn plans_come_and_go_as_their_files_do_and_a_damaged_one_says_why() {
    let stage = Stage::new(Lab::recorded());
    let mut terminal = monitor(&stage);
    let plan = plan("Web home");
    let file = plans(&stage).save(&plan, Overwrite::Never).unwrap();
    terminal.wait_for("Web home");
    terminal.wait_for("· saved");
    std::fs::write(&file, "not a plan").unwrap();
    terminal.wait_for("web-home.json.damaged-1 cannot be used");
    terminal.wait_for("mend it");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

/// The machine of the recordings that is ready to come home.
const MACHINE: &str = "V2A-W2K16-201";

/// A kept plan that brings the recorded machine home, with everything said that readiness wants.
fn ready_plan(stage: &Stage) {
    let lab = &stage.lab;
    let run = |arguments: &[&str]| stage.runtime.block_on(lab.run(arguments));
    let machines = run(&["machines", "--json"]).ok_json();
    let all = machines["machines"].as_array().unwrap();
    let machine = all.iter().find(|m| m["name"] == MACHINE).unwrap();
    let id = ArmId::parse(machine["id"].as_str().unwrap()).unwrap();
    let machines = vec![Recovered::new(id, MACHINE.into())];
    let intent = Intent::FailBack(Recovery::new(vec![Wave::of(machines)]));
    let plan = Plan::new(PlanName::parse("Home").unwrap(), intent).unwrap();
    plans(stage).save(&plan, Overwrite::Never).unwrap();
    let mut flags = vec!["check".to_owned(), "home".to_owned()];
    let findings = run(&["check", "home", "--json"]).json();
    for finding in findings["findings"].as_array().unwrap() {
        let check = finding["check"].as_str().unwrap();
        match finding["answeredBy"].as_str() {
            _ if finding["holdsBack"] != true => {}
            Some("consent") => flags.extend(["--consent".into(), check.to_owned()]),
            _ => flags.extend(["--attest".into(), format!("{check}=seen")]),
        }
    }
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    run(&flags).ok_text();
}

#[test]
fn a_saved_plan_is_launched_by_keys_and_outlives_the_terminal() {
    let wanted = Lab::wanted().estate(Estate::Recorded).speed(2000.0);
    let stage = Stage::new(wanted.start());
    stage.lab.keep_profile();
    ready_plan(&stage);
    let mut terminal = monitor(&stage);
    terminal.wait_for("saved: recover later");
    terminal.keys("\r");
    terminal.wait_for("Ready:");
    terminal.keys("Hom\r");
    terminal.wait_for("That is not the name");
    assert!(runs(&stage).list().unwrap().is_empty());
    terminal.keys("e");
    terminal.wait_for("[ Launch ]");
    terminal.keys("\r");
    terminal.wait_for("Home was launched. Closing this terminal is safe.");
    let run = runs(&stage).list().unwrap().remove(0);
    terminal.hang_up();
    assert!(run.is_live());
    // Another terminal sees it, and answers.
    let mut terminal = monitor(&stage);
    terminal.wait_for("question");
    terminal.wait_for("Stop the applications");
    answer(&mut terminal, "quiesced", None);
    terminal.wait_for("Is the Azure VM");
    answer(&mut terminal, "is-off", Some("looked in the portal"));
    terminal.wait_for("home, commit waits");
    terminal.wait_for("Look at");
    answer(&mut terminal, "verified", Some("it runs"));
    terminal.wait_for("Commit the failback");
    answer(&mut terminal, "commit", Some(MACHINE));
    // Amber: nobody but a person knew whether the Azure VM is off.
    terminal.wait("amber end", |terminal| {
        let text = terminal.text();
        text.contains("! done") && text.contains("100 %") && !text.contains("√ done")
    });
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_restored();
}

/// Opens the question that waits, goes down to a choice, gives it what it wants.
fn answer(terminal: &mut Terminal, choice: &str, wants: Option<&str>) {
    terminal.keys("a");
    terminal.wait_for("leave the question open");
    let marked = format!("► {choice}");
    for _ in 0..8 {
        if terminal.text().contains(&marked) {
            break;
        }
        let before = terminal.raw_length();
        terminal.keys("\x1b[B");
        terminal.wait("the next choice", |terminal| terminal.raw_length() > before);
        terminal.wait_for_silence();
    }
    terminal.keys("\r");
    if let Some(wants) = wants {
        terminal.keys(wants);
        terminal.wait_for(wants);
        terminal.keys("\r");
    }
    terminal.wait("closed question", |terminal| {
        !terminal.text().contains("leave the question open")
    });
}

#[test]
fn nothing_wakes_and_nothing_is_sent_while_nothing_changes() {
    let stage = Stage::new(Lab::recorded());
    let runner = Runner::launched(&stage, 1);
    let mut terminal = monitor(&stage);
    terminal.wait_for("wave 1 of 2");
    // Looking at the lock, as every reading does, must wake nobody: else this never comes.
    let mut seen = (still(&terminal), Instant::now());
    terminal.wait("second in which nothing happened", |terminal| {
        let now = still(terminal);
        if now != seen.0 {
            seen = (now, Instant::now());
        }
        seen.1.elapsed() > Duration::from_secs(1)
    });
    drop(runner);
}

/// Bytes that came, and how often each thread of the program gave the processor away: each waking
/// ends so.
fn still(terminal: &Terminal) -> (usize, BTreeMap<String, String>) {
    let pid = terminal.pid().as_raw_nonzero();
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let tasks = tasks.filter_map(Result::ok).map(|task| {
        let status = std::fs::read_to_string(task.path().join("status")).unwrap_or_default();
        let mut lines = status.lines();
        let line = lines.find(|line| line.starts_with("voluntary_ctxt_switches"));
        let name = task.file_name().to_string_lossy().into_owned();
        (name, line.unwrap_or_default().to_owned())
    });
    (terminal.raw_length(), tasks.collect())
}
