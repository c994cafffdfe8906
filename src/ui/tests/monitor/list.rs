//! The list: what runs, what waits, what is safe.

use super::*;
use crate::domain::run::{Question, Record, RunState};
use crate::domain::{Failure, Retry, Text};
use crate::ui::Effect;
use crate::ui::model::monitor::{Damaged, Key, Row};
use crate::ui::terminal::{Command, Program};

/// One machine that fails back, in the state that `tell` leaves it in.
fn one(tell: impl FnOnce(Tale) -> Tale) -> Tale {
    tell(Tale::home("ERP home", 9, &[("sql-01", 1)]))
}

/// The line of the only run.
fn line(run: Arc<RunView>) -> String {
    let driver = monitor(Vec::new(), vec![run]);
    let screen = driver.screen();
    let line = screen.lines().find(|line| line.starts_with('►'));
    line.unwrap_or_else(|| panic!("no line on\n{screen}"))
        .to_owned()
}

#[test]
fn every_state_of_a_run_has_its_words() {
    use Closing as C;
    let home = |tale: Tale| {
        let steps = [
            K::Quiesce,
            K::Drain,
            K::Door,
            K::FailBack,
            K::VerifyAzureOff,
        ];
        tale.did("sql-01", &steps)
    };
    let paused = |tale: Tale| tale.then(Record::Paused { why: "kim".into() });
    let table: [(Tale, bool, &str); 9] = [
        (one(|tale| tale), true, "» running"),
        (one(|tale| tale), false, "x interrupted 09:00"),
        (
            one(|tale| tale.asks("sql-01", quiet())),
            true,
            "! waits for you",
        ),
        (one(paused), true, "! paused"),
        (one(home), true, "! home, commit waits"),
        (one(|tale| tale.closed(C::Done)), false, "√ done 09:00"),
        (
            one(|tale| tale.closed(C::DoneBut)),
            false,
            "! done 09:00, but...",
        ),
        (one(|tale| tale.closed(C::Failed)), false, "x failed 09:00"),
        (
            one(|tale| tale.closed(C::Stopped)),
            false,
            "! stopped 09:00",
        ),
    ];
    for (tale, live, words) in table {
        let line = line(tale.view(live));
        assert!(line.contains(words), "{words}: {line}");
    }
}

#[test]
fn a_commit_that_waits_is_not_called_home_where_nothing_came_home() {
    let commit = |intent| {
        let steps = [K::VerifySurvivor, K::Commit];
        let tale = Tale::of("ERP home", intent, &steps, 1, &[("sql-01", 1)]);
        tale.began("sql-01", K::VerifySurvivor).view(true)
    };
    assert!(line(commit("commit")).contains("! commit waits"));
}

#[test]
fn what_is_done_with_a_reservation_is_never_green_whatever_the_journal_calls_it() {
    let but = End::DoneBut(vec!["skipped".into()]);
    let tale = one(|tale| tale.ended("sql-01", K::FailBack, but)).closed(Closing::Done);
    assert!(line(tale.view(false)).contains("! done 09:00, but..."));
    let left = End::Left("left uncommitted".into());
    let tale = one(|tale| tale.ended("sql-01", K::Commit, left)).closed(Closing::Done);
    assert!(line(tale.view(false)).contains("! done 09:00, but..."));
}

#[test]
fn a_failed_machine_shows_on_the_line_of_its_run() {
    let failed = End::Failed(Box::new(tale::failure()));
    let tale = Tale::home("ERP home", 1, &[("sql-01", 1), ("web-01", 2)]).ended(
        "sql-01",
        K::FailBack,
        failed,
    );
    let driver = monitor(Vec::new(), vec![tale.view(true)]);
    driver
        .expect("x wave 1 of 2, 1 failed")
        .expect("failed: The virtual machin~");
}

#[test]
fn only_what_is_wholly_done_is_a_hundred_percent() {
    let steps = [K::Quiesce, K::Drain, K::Door, K::FailBack];
    let tale = one(|tale| tale.did("sql-01", &steps)).closed(Closing::Failed);
    assert!(line(tale.view(false)).contains(" 57 %"));
}

#[test]
fn a_damaged_journal_is_shown_with_why_and_never_hidden() {
    let broken = RunView {
        damage: Some("line 7 does not follow the line before it".into()),
        ..(*one(|tale| tale.closed(Closing::Done)).view(false)).clone()
    };
    let nothing = RunView {
        id: RunId::new(jiff::Timestamp::UNIX_EPOCH, 1),
        live: false,
        story: None,
        damage: Some("line 1 cannot be read".into()),
        letters: Vec::new(),
    };
    let mut driver = monitor(Vec::new(), vec![Arc::new(broken), Arc::new(nothing)]);
    driver
        .expect("x damaged: see below")
        .expect("Its journal is damaged: line 7 does not follow")
        .expect_not("√ done");
    driver.keys("j");
    driver
        .expect("19700101-000000-000001")
        .expect("line 1 cannot be read");
}

#[test]
fn a_damaged_plan_is_a_line_with_why() {
    let mut driver = monitor(Vec::new(), Vec::new());
    let damaged = vec![Damaged {
        name: "erp.json.damaged-1".into(),
        why: "erp.json cannot be read as a plan: expected `}`. It was set aside".into(),
    }];
    let plans = Vec::new();
    watched(&mut driver, Watched::Plans { plans, damaged });
    driver
        .expect("x erp.json.damaged-1 cannot be used")
        .expect("expected `}`. It was set aside");
    driver.keys("Enter l");
    assert!(driver.model().overlays.is_empty());
}

#[test]
fn what_cannot_be_read_says_why() {
    let mut driver = monitor(Vec::new(), Vec::new());
    driver.expect("No plan is saved here, and nothing was run yet.");
    let failure = Failure::new("Permission denied.", "Look at it.", Retry::AfterFixing);
    watched(&mut driver, Watched::Trouble(Box::new(failure)));
    driver
        .expect("Permission denied.")
        .expect("What to do: Look at it.")
        .expect("not all is noticed")
        .expect_not("No plan is saved");
}

#[test]
fn what_cannot_be_read_shows_beside_what_can() {
    let mut driver = everything();
    let failure = Failure::new("Too many watches.", "Raise it.", Retry::AfterFixing);
    watched(&mut driver, Watched::Trouble(Box::new(failure)));
    driver.expect("Too many watches.").expect("ERP home");
    driver.keys("r");
    let generation = driver.model().monitor.watching;
    driver.reply(Message::Watched(generation, Watched::Begun));
    driver.expect_not("Too many watches.");
}

#[test]
fn a_plan_shows_its_latest_run_and_older_ones_stand_in_the_history() {
    let plan = recovery("ERP home", &[&["sql-01"]]);
    let old = Tale::home("ERP home", 1, &[("sql-01", 1)]).closed(Closing::Failed);
    let new = Tale::home("ERP home", 2, &[("sql-01", 1)]).closed(Closing::Done);
    let driver = monitor(vec![plan], vec![old.view(false), new.view(false)]);
    let rows = &driver.model().monitor.rows;
    let wanted = [
        Row::Plan(0, Some(0)),
        Row::Head("EARLIER RUNS"),
        Row::Run(1),
    ];
    assert_eq!(rows[..], wanted);
    driver.expect("√ done 09:00").expect("x failed 09:00");
}

#[test]
fn what_is_carried_out_stands_above_what_was_left_lying() {
    let lying = Tale::home("Newer home", 9, &[("web-01", 1)]);
    let live = Tale::home("ERP home", 1, &[("sql-01", 1)]);
    let driver = monitor(Vec::new(), vec![lying.view(false), live.view(true)]);
    let screen = driver.screen();
    let at = |name: &str| screen.find(name).unwrap();
    assert!(at("ERP home") < at("Newer home"), "{screen}");
}

#[test]
fn an_interrupted_run_whose_plan_was_launched_again_is_history() {
    let lying = Tale::home("ERP home", 1, &[("sql-01", 1)]);
    let again = Tale::home("ERP home", 2, &[("sql-01", 1)]);
    let driver = monitor(Vec::new(), vec![lying.view(false), again.view(true)]);
    let rows = &driver.model().monitor.rows;
    assert_eq!(
        rows[..],
        [Row::Run(0), Row::Head("EARLIER RUNS"), Row::Run(1)]
    );
    driver.expect("x interrupted 09:00");
}

#[test]
fn runs_beyond_those_shown_are_counted() {
    let mut driver = everything();
    watched(&mut driver, Watched::Read { older: 312 });
    driver.expect("and 312 older: h shows them all");
}

#[test]
fn the_cursor_stays_on_its_line_while_others_come_and_go() {
    let mut driver = everything();
    driver.keys("G k");
    let here = |driver: &Driver| {
        let monitor = &driver.model().monitor;
        let plan = monitor.plan_at_cursor().map(|plan| plan.name.to_string());
        plan.unwrap_or_default()
    };
    assert_eq!(here(&driver), "Web home");
    let new = Tale::home("Another", 77, &[("file-01", 1)]);
    watched(&mut driver, Watched::Runs(vec![new.view(true)]));
    assert_eq!(here(&driver), "Web home");
    driver.expect("Another");
    watched(&mut driver, Watched::Gone(vec![new.id().clone()]));
    assert_eq!(here(&driver), "Web home");
    driver.expect_not("Another");
    // A plan that is launched is its run; an answered question is its run.
    let run = Tale::home("Web home", 78, &[("web-02", 1)]).asks("web-02", quiet());
    watched(&mut driver, Watched::Runs(vec![run.view(true)]));
    let id = driver.model().monitor.subject().map(|run| run.id.clone());
    assert_eq!(id.as_ref(), Some(run.id()));
    driver.keys("j");
    let answered = Tale::home("Web home", 78, &[("web-02", 1)]);
    watched(&mut driver, Watched::Runs(vec![answered.view(true)]));
    let monitor = &driver.model().monitor;
    assert_eq!(monitor.rows[monitor.cursor], Row::Run(0));
}

#[test]
fn the_cursor_passes_heads_by_in_both_directions() {
    let mut driver = everything();
    let rows = driver.model().monitor.rows.len();
    for key in ["j", "k"] {
        for _ in 0..=rows {
            let monitor = &driver.model().monitor;
            let row = monitor.rows[monitor.cursor];
            assert!(row.is_for_cursor(), "{row:?}");
            driver.keys(key);
        }
    }
    assert_eq!(driver.model().monitor.cursor, 0);
}

#[test]
fn what_an_older_watching_tells_is_dropped() {
    let mut driver = monitor(Vec::new(), Vec::new());
    let old = driver.model().monitor.watching;
    driver.keys("r");
    let run = one(|tale| tale).view(true);
    driver.reply(Message::Watched(old, Watched::Runs(vec![run.clone()])));
    driver.expect_not("ERP home");
    watched(&mut driver, Watched::Runs(vec![run]));
    driver.expect("ERP home");
}

#[test]
fn reading_again_takes_away_only_what_is_no_longer_there() {
    let mut driver = everything();
    driver.keys("r");
    watched(&mut driver, Watched::Begun);
    driver.expect("ERP home").expect("Commit mail-01");
    watched(&mut driver, Watched::Runs(vec![erp().view(true)]));
    driver.expect("Commit mail-01");
    watched(&mut driver, Watched::Read { older: 0 });
    driver.expect("ERP home").expect_not("Commit mail-01");
}

#[test]
fn many_questions_of_a_run_are_counted_not_listed() {
    let names: Vec<String> = (0..9).map(|n| format!("vm-{n}")).collect();
    let machines: Vec<(&str, usize)> = names.iter().map(|name| (name.as_str(), 1)).collect();
    let mut tale = Tale::home("ERP home", 1, &machines);
    for name in &names {
        tale = tale.asks(name, quiet());
    }
    let driver = monitor(Vec::new(), vec![tale.view(true)]);
    driver
        .expect("9 questions wait: all of ERP home")
        .expect("! vm-2: Have the applications")
        .expect("and 6 more; Enter shows the run")
        .expect_not("vm-3: Have");
}

#[test]
fn every_screen_says_how_many_questions_wait() {
    let mut driver = everything();
    for keys in ["1", "3", "4", "2", "2 Enter", "1 Enter", ": connect Enter"] {
        driver.keys(keys);
        driver.expect("! 1 question waits: ERP home");
    }
}

#[test]
fn a_machine_that_is_in_a_run_is_marked_and_says_which() {
    let mut driver = everything();
    driver.keys("1");
    driver
        .expect(" » sql-01")
        .expect(" ! dc-01")
        .expect("  web-02");
    driver.keys("/ sql Enter Enter");
    driver
        .expect("In a run          » ERP home: Synchronizing the latest changes (2 Monitor)")
        .expect("Way back          none: Fail back was sent");
    // A run that is over holds nobody.
    let over = erp().closed(Closing::Stopped);
    watched(&mut driver, Watched::Runs(vec![over.view(false)]));
    driver.expect_not("In a run");
}

#[test]
fn the_machines_of_a_run_that_ended_are_read_when_somebody_looks() {
    let over = one(|tale| tale.did("sql-01", &tale::HOME)).closed(Closing::Done);
    let mut driver = monitor(Vec::new(), vec![over.view(false)]);
    let asked = |driver: &Driver| {
        let reads = driver.asked.iter();
        reads
            .filter(|c| matches!(c, Command::Read(Effect::ReadRun { .. })))
            .count()
    };
    driver.expect("Reading the run...");
    driver.keys("j k");
    assert_eq!(asked(&driver), 1);
    let generation = driver.model().monitor.looked.as_ref().unwrap().generation;
    let whole = crate::ui::model::monitor::Story::whole(&over.run(), None);
    let late = Generation(generation.0 + 7);
    driver.reply(Message::RunRead(late, Box::new(Ok(whole.clone()))));
    driver.expect("Reading the run...");
    driver.reply(Message::RunRead(generation, Box::new(Ok(whole))));
    driver.expect("√ sql-01").expect_not("Reading the run...");
    let failure = Failure::new("The disk is gone.", "", Retry::MayHelp);
    driver.reply(Message::RunRead(generation, Box::new(Err(failure))));
    driver.expect("The disk is gone.");
}

#[test]
fn ten_thousand_machines_cost_what_those_in_sight_cost() {
    let names: Vec<String> = (0..10_000).map(|n| format!("vm-{n:05}")).collect();
    let machines: Vec<(&str, usize)> = names.iter().map(|name| (name.as_str(), 1)).collect();
    let tale = Tale::home("ERP home", 1, &machines);
    let mut driver = monitor(Vec::new(), vec![tale.view(true)]);
    for keys in ["", "Enter", "G", "g j"] {
        driver.keys(keys);
        crate::ui::view::RUN_ROWS_BUILT.set(0);
        driver.screen();
        let built = crate::ui::view::RUN_ROWS_BUILT.get();
        assert!((1..24).contains(&built), "{built} rows were built");
    }
    driver.expect("vm-00000");
}

#[test]
fn spans_are_drawn_anew_once_a_minute_and_only_while_a_run_is_watched() {
    let mut driver = everything();
    let minute = driver.screens.deadline().expect("a run is watched");
    driver.keys("j");
    assert_eq!(driver.screens.deadline(), Some(minute));
    assert!(driver.screens.woken(minute).is_empty());
    driver.keys("1");
    assert_eq!(driver.screens.deadline(), None);
    let still = monitor(Vec::new(), vec![one(|tale| tale).view(false)]);
    assert_eq!(still.screens.deadline(), None, "nobody carries it out");
}

#[test]
fn a_recording_has_no_plans_and_reads_none() {
    let settings = crate::ui::Settings {
        source: crate::ui::Source::Recorded,
        ..settings()
    };
    let mut driver = Driver::with(settings, Some(crate::site::Estate::default()));
    let asked = driver.screens.init();
    assert!(matches!(asked[..], [Command::Read(Effect::Gather { .. })]));
    driver.keys("2 l P a X");
    driver.expect("A recording has no plans and no runs.");
    assert!(driver.model().overlays.is_empty());
}

#[test]
fn hostile_words_reach_no_cell_raw_and_break_no_column() {
    let evil: Text = "a\u{1b}[2J\u{202e}b\u{9b}31m東京サーバー\u{301}\u{301}\u{301}\u{301}".into();
    let question = Question {
        words: evil.clone(),
        evidence: vec![evil.clone(); 40],
        choices: vec![tale::choice(
            evil.as_str(),
            evil.as_str(),
            Some(evil.as_str()),
            true,
        )],
        ..quiet()
    };
    let name = format!("x{}", evil.as_str().chars().take(50).collect::<String>());
    let tale = Tale::home(&name, 1, &[(evil.as_str(), 1), ("web-01", 2)])
        .asks(evil.as_str(), question)
        .then(Record::Paused { why: evil.clone() })
        .then(Record::Remark {
            machine: None,
            step: None,
            words: evil.clone(),
        });
    assert!(matches!(tale.run().state, RunState::Paused(_)));
    for size in [(80, 24), (120, 36), (160, 40), (60, 20), (44, 12)] {
        let plan = recovery(&name, &[&[evil.as_str()]]);
        let mut driver = monitor(vec![plan], vec![tale.view(true)]).at(size.0, size.1);
        for keys in ["g", "Enter", "j j Enter", "Esc y", "q Esc a Enter", "Esc X"] {
            driver.keys(keys);
            for cell in driver.buffer().0.content() {
                let raw = |c: char| c.is_control() || c == '\u{202e}';
                assert!(!cell.symbol().contains(raw), "{keys}\n{}", driver.screen());
            }
        }
        let plan = recovery(&name, &[&[evil.as_str()]]);
        let driver = monitor(vec![plan], vec![tale.view(true)]).at(size.0, size.1);
        let screen = driver.screen();
        let line = screen.lines().find(|line| line.contains("paused,"));
        if size.0 >= 80 {
            let before = line.unwrap().split("! paused").next().unwrap();
            let state = driver.screen();
            let heading = state.lines().find(|line| line.contains("STATE")).unwrap();
            let at = heading.split("  STATE").next().unwrap();
            let columns = crate::domain::text::columns;
            assert_eq!(columns(before), columns(at), "{screen}");
        }
    }
}

#[test]
fn a_key_of_a_line_is_found_again() {
    let driver = everything();
    let monitor = &driver.model().monitor;
    let key = Key::Run(erp().id().clone());
    assert_ne!(key, Key::More(erp().id().clone()));
    assert!(monitor.run(erp().id()).is_some());
}
