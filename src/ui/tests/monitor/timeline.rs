//! The waves over time, how long a run still takes, the commit windows on its page.

use std::time::{Duration, Instant};

use super::*;
use crate::domain::estimate::History;
use crate::domain::run::{Question, QuestionId, Topic};
use crate::ui::Effect;
use crate::ui::look::Glyphs;
use crate::ui::terminal::{Command, Program as _};

/// Runs of the same kind that were made before: a drain took five minutes, a fail back twenty.
fn past() -> Arc<History> {
    let one = |salt: u32, fail_back: &str| {
        Tale::home("Old", salt, &[("old-01", 1)])
            .began("old-01", K::Drain)
            .at("08:05:00")
            .ended("old-01", K::Drain, End::Done)
            .began("old-01", K::FailBack)
            .sent("old-01", K::FailBack)
            .at(fail_back)
            .ended("old-01", K::FailBack, End::Done)
            .did("old-01", &[K::VerifyAzureOff])
    };
    let runs = [one(1, "08:20:00"), one(2, "08:25:00"), one(3, "08:40:00")];
    Arc::new(History::of(runs.iter().map(Tale::lines)))
}

/// The run of three machines, with what past runs teach.
fn learnt(tale: &Tale) -> Driver {
    let mut driver = monitor(Vec::new(), vec![tale.view(true)]);
    driver.keys("Enter");
    teach(&mut driver);
    driver
}

fn teach(driver: &mut Driver) {
    let generation = driver.model().monitor.foresight.asked;
    let generation = generation.expect("past runs are read once one is under way");
    driver.reply(Message::Past(generation, past()));
}

#[test]
fn the_waves_over_time_as_they_look() {
    let mut driver = learnt(&erp());
    assert_snapshot!("steps_80x24", driver.screen());
    driver.keys("t");
    assert_snapshot!("timeline_80x24", driver.screen());
    driver.keys("j j");
    assert_snapshot!("timeline_machine_80x24", driver.screen());
    driver.resize(60, 20);
    assert_snapshot!("timeline_60x20", driver.screen());
    driver.resize(120, 36);
    assert_snapshot!("timeline_120x36", driver.screen());
    driver.keys("t");
    assert_snapshot!("steps_120x36", driver.screen());
    driver.keys("t");
    driver.resize(160, 40);
    assert_snapshot!("timeline_160x40", driver.screen());
    driver.resize(80, 24);
    driver.screens.model.settings.look.glyphs = Glyphs::ASCII;
    assert_snapshot!("timeline_ascii", driver.screen());
}

#[test]
fn what_was_never_done_here_is_not_known_and_past_runs_make_it_a_range() {
    let mut driver = monitor(Vec::new(), vec![erp().view(true)]);
    driver.keys("Enter");
    driver
        .expect("not known how long")
        .expect("this site has not done it before");
    teach(&mut driver);
    driver
        .expect_not("not known how long")
        .expect("about 21 to 41 min left")
        .expect("3 past runs")
        .expect("Not counted       the time that people take");
    driver.keys("Esc");
    driver.expect("LEFT").expect("21-41 min");
}

#[test]
fn past_runs_are_read_once_and_again_when_one_ended() {
    let reads = |driver: &Driver| {
        let mut asked = driver.asked.iter();
        asked
            .by_ref()
            .filter(|c| matches!(c, Command::Read(Effect::ReadPast { .. })))
            .count()
    };
    let idle = monitor(vec![recovery("Web home", &[&["web-02"]])], Vec::new());
    assert_eq!(reads(&idle), 0, "nothing is under way");
    let mut driver = learnt(&erp());
    driver.keys("j k t t Esc Enter");
    assert_eq!(reads(&driver), 1);
    let other = Tale::home("Web home", 9, &[("web-02", 1)]);
    watched(&mut driver, Watched::Runs(vec![other.view(true)]));
    let over = erp().closed(Closing::Done);
    watched(&mut driver, Watched::Runs(vec![over.view(false)]));
    assert_eq!(reads(&driver), 2, "it teaches, too");
}

#[test]
fn nothing_is_reckoned_anew_while_nothing_changes_and_no_minute_passes() {
    let mut driver = learnt(&erp());
    let id = erp().id().clone();
    let at = |driver: &Driver| driver.model().monitor.foreseen(&id).unwrap().at;
    let before = at(&driver);
    driver.screens.wall_clock = || super::super::build::at("2026-03-02T08:22:30Z");
    driver.keys("j k t");
    driver.screens.woken(Instant::now());
    assert_eq!(at(&driver), before);
    driver.screens.wall_clock = || super::super::build::at("2026-03-02T08:23:00Z");
    driver.screens.woken(Instant::now());
    assert!(at(&driver) > before, "a minute later it is");
    let soon = Instant::now() + Duration::from_secs(2);
    assert!(driver.screens.deadline().is_none_or(|next| next > soon));
    driver.keys("1");
    driver.screens.wall_clock = || super::super::build::at("2026-03-02T08:40:00Z");
    let last = at(&driver);
    driver.screens.woken(Instant::now());
    assert_eq!(at(&driver), last, "nobody looks");
}

#[test]
fn a_run_that_nobody_carries_out_is_given_no_time() {
    let mut driver = monitor(Vec::new(), vec![erp().view(false)]);
    driver.keys("Enter t");
    driver
        .expect_not("left")
        .expect_not("not known how long")
        .expect_not("▼");
}

#[test]
fn a_failure_is_seen_in_its_bar_however_short_it_was() {
    let failed = End::Failed(Box::new(tale::failure()));
    let tale = erp().ended("sql-01", K::FailBack, failed);
    let mut driver = learnt(&tale);
    driver.keys("t");
    let screen = driver.screen();
    let line = screen.lines().find(|line| line.contains("sql-01")).unwrap();
    let bar = line.chars().skip(16).take(30).collect::<String>();
    assert!(bar.contains('x'), "{screen}");
}

/// Look at the machine, within a window.
fn survivor() -> Question {
    Question {
        id: QuestionId(0),
        topic: Topic::Survivor,
        step: Some(K::VerifySurvivor),
        words: "Look at dc-01 at home: does it run, do its applications?".into(),
        checks: vec![
            "The shop takes an order".into(),
            "Its newest data is there".into(),
        ],
        choices: vec![
            tale::choice("leave", "leave it uncommitted", None, false),
            tale::choice("verified", "I looked: it is as it should be", None, true),
        ],
        until: Some(super::super::build::at("2026-03-02T08:50:30Z")),
        ..quiet()
    }
}

/// The first machine is home, its window open.
fn home() -> Tale {
    erp()
        .at("08:20:00")
        .began("dc-01", K::VerifySurvivor)
        .asks("dc-01", survivor())
}

#[test]
fn the_commit_window_counts_down_on_the_runs_page_with_what_is_to_be_looked_at() {
    let mut driver = learnt(&home());
    driver
        .expect("28 min left: look at it")
        .expect("28 min left, then: leave it uncommitted")
        .expect("2 things to look at before it is answered: a shows them");
    assert_snapshot!("windows_80x24", driver.screen());
    driver.keys("j");
    driver
        .expect("commit window [")
        .expect("[ ] The shop takes an order")
        .expect("[ ] Its newest data is there");
    assert_snapshot!("window_machine_80x24", driver.screen());
    driver.screens.wall_clock = || super::super::build::at("2026-03-02T08:49:30Z");
    driver.screens.woken(Instant::now());
    driver.expect("1:00 left, then: leave it uncommitted");
}

#[test]
fn a_window_that_nobody_would_close_is_not_counted_down() {
    let mut driver = monitor(Vec::new(), vec![home().view(false)]);
    driver.keys("Enter j");
    driver.expect_not("min left");
}
