//! Plans and runs as they lie on disk, read for the screens.

use std::path::Path;

use jiff::Timestamp;

use super::following::{Following, whole};
use super::kept::Kept;
use super::ledger::Ledger;
use crate::domain::plan::{
    Fingerprint, PlanName, Selected, Selection, Statement, StatementKind, Subject,
};
use crate::domain::run::{Closing, End, Launch, Planned, Record, RunId};
use crate::domain::{ArmId, Intent, Person, Plan, StepKind};
use crate::store::plans::Overwrite;
use crate::store::watch::Changes;
use crate::store::{Folders, Journal, Plans, RunFolder, RunLock, Runs};
use crate::ui::model::monitor::{RunView, Story, Watched};

const SITE: &str = "lab";

fn item(number: usize) -> ArmId {
    ArmId::parse(&format!("/subscriptions/s/vaults/v/items/vm-{number}")).unwrap()
}

fn plan(name: &str) -> Plan {
    let machines = vec![Selected {
        id: item(0),
        name: "vm-0".into(),
    }];
    let intent = Intent::Commit(Selection { machines });
    Plan::new(PlanName::parse(name).unwrap(), intent).unwrap()
}

/// A run of `machines`, its journal open.
struct Written {
    folder: RunFolder,
    journal: Journal,
    lock: RunLock,
}

impl Written {
    fn new(runs: &Runs, seconds: i64, salt: u32, machines: usize) -> Self {
        let plan = plan("Home");
        let id = RunId::new(Timestamp::from_second(seconds).unwrap(), salt);
        let folder = runs.create(&id, &plan).unwrap();
        let lock = folder.lock().unwrap();
        let mut journal = Journal::open(&folder, &lock).unwrap();
        let planned = |number| Planned {
            id: item(number),
            name: format!("vm-{number}").into(),
            wave: 1,
            generation: None,
            after: Vec::new(),
            optional: false,
            disks: None,
            pending: None,
            steps: vec![StepKind::FailBack, StepKind::Commit],
        };
        let launch = Launch {
            schema: "failback/run/1".into(),
            run: id,
            site: SITE.into(),
            name: "Home".into(),
            slug: Some(plan.slug().clone()),
            intent: "fail back".into(),
            by: Person {
                name: "kim".into(),
                host: "jump-01".into(),
                from: None,
            },
            program: "failback 0".into(),
            machines: (0..machines).map(planned).collect(),
        };
        journal.append(Record::Launched(Box::new(launch))).unwrap();
        Self {
            folder,
            journal,
            lock,
        }
    }

    fn done(&mut self, number: usize, step: StepKind) {
        let (machine, end) = (item(number), End::Done);
        let ended = Record::StepEnded { machine, step, end };
        self.journal.append(ended).unwrap();
    }

    fn close(mut self) {
        self.journal.append(Record::Closed(Closing::Done)).unwrap();
        drop(self.lock);
    }
}

fn runs(home: &Path) -> Runs {
    Runs::of_site(&home.join("state"), SITE).unwrap()
}

fn plans(home: &Path) -> Plans {
    Plans::of_site(&home.join("data"), SITE).unwrap()
}

fn ledger(home: &Path) -> Ledger {
    Ledger::new(plans(home), runs(home))
}

/// Another run that is the same, but for when it began.
fn copy(run: &Path, runs: &Runs, seconds: i64) {
    let id = RunId::new(Timestamp::from_second(seconds).unwrap(), 0);
    let to = runs.path().join(id.as_str());
    std::fs::create_dir_all(to.join("inbox")).unwrap();
    for name in ["plan.json", "journal.jsonl", "head", "lock"] {
        std::fs::copy(run.join(name), to.join(name)).unwrap();
    }
}

/// The runs that were told of, and how many were left out.
fn read(ledger: &mut Ledger) -> (Vec<std::sync::Arc<RunView>>, usize) {
    let (mut views, mut left) = (Vec::new(), 0);
    ledger.read_runs(|news| match news {
        Watched::Runs(more) => views.extend(more),
        Watched::Read { older } => left = older,
        other => panic!("{other:?}"),
    });
    (views, left)
}

/// Told that something in `folder` changed.
fn changed(folder: &Path, name: &str) -> Changes {
    let mut changes = Changes::default();
    let names = changes.folders.entry(folder.to_path_buf()).or_default();
    names.insert(name.into());
    changes
}

/// What a run taught of itself is not shown: it stays out of it.
fn same(one: &Story, other: &Story) -> bool {
    let shown = |story: &Story| {
        let mut story = story.clone();
        if let Some(crew) = &mut story.crew {
            crew.own = std::sync::Arc::default();
        }
        format!("{story:?}")
    };
    shown(one) == shown(other)
}

#[test]
fn a_journal_that_is_folded_as_it_grows_comes_to_what_it_comes_to_as_a_whole() {
    let home = tempfile::tempdir().unwrap();
    let mut written = Written::new(&runs(home.path()), 0, 1, 5);
    let mut following = Following::new(written.folder.clone());
    assert!(following.read_on() && !following.read_on());
    for number in [3, 1, 4] {
        written.done(number, StepKind::FailBack);
        assert!(following.read_on());
        let told = following.view();
        let now = whole(&written.folder).unwrap();
        assert!(same(told.story.as_ref().unwrap(), &now), "{told:#?}");
    }
    let view = following.view();
    let crew = view.story.as_ref().and_then(|story| story.crew.as_ref());
    let untaught = format!("{:?}", crate::domain::estimate::Lesson::default());
    assert_ne!(format!("{:?}", crew.unwrap().own), untaught);
    assert!(following.view().live);
    let folder = written.folder.clone();
    written.close();
    assert!(following.read_on());
    let told = following.view();
    assert!(!told.live && !told.is_open());
    // Who watched it end still sees its machines; who comes later reads them when they look.
    assert!(told.story.as_ref().unwrap().crew.is_some());
    let mut later = Following::new(folder);
    later.read_on();
    assert!(later.view().story.as_ref().unwrap().crew.is_none());
}

#[test]
fn of_many_runs_that_ended_the_older_ones_are_counted_and_what_is_open_never_left_out() {
    let home = tempfile::tempdir().unwrap();
    let runs = runs(home.path());
    // The oldest of all was interrupted.
    drop(Written::new(&runs, 1, 0, 1));
    let ended = Written::new(&runs, 100, 0, 1);
    let folder = ended.folder.path().to_path_buf();
    ended.close();
    for number in 1..105 {
        copy(&folder, &runs, 100 + number);
    }
    let (views, left) = read(&mut ledger(home.path()));
    assert_eq!((views.len(), left), (101, 5));
    let open: Vec<_> = views.iter().filter(|view| view.is_open()).collect();
    assert_eq!(open.len(), 1);
    assert!(!open[0].live);
}

#[test]
fn a_new_run_is_noticed_whatever_its_name_sorts_like() {
    let home = tempfile::tempdir().unwrap();
    let runs = runs(home.path());
    let first = Written::new(&runs, 50, 9, 1);
    let mut ledger = ledger(home.path());
    assert_eq!(read(&mut ledger).0.len(), 1);
    // The same second, a smaller salt; and a clock that was put back.
    let second = Written::new(&runs, 50, 3, 1);
    let third = Written::new(&runs, 10, 0, 1);
    let news = ledger.read_changes(&changed(runs.path(), "x"));
    let [Watched::Runs(views)] = news.as_slice() else {
        panic!("{news:?}");
    };
    assert_eq!(views.len(), 2);
    std::fs::remove_dir_all(second.folder.path()).unwrap();
    let news = ledger.read_changes(&changed(runs.path(), "x"));
    assert!(
        matches!(news.as_slice(), [Watched::Gone(gone)] if gone == &[second.folder.id().clone()])
    );
    drop((first, third));
}

#[test]
fn only_what_changed_is_told_and_nothing_when_nothing_did() {
    let home = tempfile::tempdir().unwrap();
    let runs = runs(home.path());
    let mut one = Written::new(&runs, 1, 1, 1);
    let two = Written::new(&runs, 2, 2, 1);
    let mut ledger = ledger(home.path());
    read(&mut ledger);
    let journal = changed(one.folder.path(), "journal.jsonl");
    assert!(ledger.read_changes(&journal).is_empty());
    one.done(0, StepKind::FailBack);
    let news = ledger.read_changes(&journal);
    assert!(matches!(news.as_slice(), [Watched::Runs(views)] if views.len() == 1));
    assert!(ledger.look().is_none());
    drop(two);
    let news = ledger.look();
    assert!(matches!(news, Some(Watched::Runs(views)) if !views[0].live));
}

#[test]
fn a_plan_that_was_set_aside_is_told_as_long_as_it_is_there() {
    let home = tempfile::tempdir().unwrap();
    let file = plans(home.path())
        .save(&plan("Home"), Overwrite::Never)
        .unwrap();
    std::fs::write(&file, "{").unwrap();
    let mut first = ledger(home.path());
    let told = |ledger: &mut Ledger| match ledger.read_plans() {
        Watched::Plans { damaged, .. } => damaged,
        other => panic!("{other:?}"),
    };
    for _ in 0..2 {
        let damaged = told(&mut first);
        assert_eq!(damaged[0].name.as_str(), "home.json.damaged-1");
        assert!(
            damaged[0]
                .why
                .as_str()
                .contains("cannot be read as a plan: EOF")
        );
    }
    // Another program knows only that it was.
    let damaged = told(&mut ledger(home.path()));
    assert!(damaged[0].why.as_str().contains("was set aside"));
    std::fs::remove_file(file.with_file_name("home.json.damaged-1")).unwrap();
    assert!(told(&mut first).is_empty());
}

#[tokio::test]
async fn what_is_said_at_a_launch_is_in_the_plans_file() {
    let home = tempfile::tempdir().unwrap();
    let plan = plan("Home");
    plans(home.path()).save(&plan, Overwrite::Never).unwrap();
    let folders = Folders {
        config: home.path().join("config"),
        data: home.path().join("data"),
        state: home.path().join("state"),
        runs: home.path().join("state"),
    };
    let by = Person {
        name: "kim".into(),
        host: "jump-01".into(),
        from: None,
    };
    let kept = Kept::new(folders, Some(SITE.into()), by);
    let said = Statement {
        kind: StatementKind::Attestation,
        check: "AZVM-01".into(),
        subject: Subject::Machine(item(0)),
        who: "kim".into(),
        when: Timestamp::UNIX_EPOCH,
        why: "the portal".into(),
        fact: Fingerprint::of(["fact"]),
        part: Fingerprint::of(["part"]),
    };
    let seen = std::sync::Arc::new(plan);
    let now = kept.keep_statements(seen.clone(), vec![said.clone()]).await;
    let now = now.unwrap();
    assert_eq!(now.statements, std::slice::from_ref(&said));
    assert_eq!(plans(home.path()).load(seen.slug()).unwrap(), *now);
    // A plan that is gone takes nothing.
    plans(home.path()).delete(seen.slug()).unwrap();
    assert!(kept.keep_statements(seen, vec![said]).await.is_err());
}
