//! The list of all runs: found by words, opened read-only, left to where one came from.

use super::*;
use crate::domain::run::Record;
use crate::ui::Effect;
use crate::ui::model::monitor::{Past, Told};
use crate::ui::terminal::Command;

/// Three runs that ended and one that was left lying.
fn tales() -> Vec<(Tale, bool)> {
    let home = |name: &str, salt, machines: &[(&str, usize)]| Tale::home(name, salt, machines);
    vec![
        (
            home("ERP home", 1, &[("sql-01", 1)]).closed(Closing::Done),
            false,
        ),
        (
            home("ERP home", 2, &[("sql-01", 1)]).closed(Closing::Failed),
            false,
        ),
        (
            home("Web home", 3, &[("web-01", 1)]).closed(Closing::DoneBut),
            false,
        ),
        (
            home("DC home", 4, &[("dc-01", 1)]).began("dc-01", K::Quiesce),
            false,
        ),
    ]
}

fn opened(driver: &mut Driver) {
    driver.keys("h");
    let generation = driver.asked.iter().rev().find_map(|command| match command {
        Command::Read(Effect::ReadHistory { generation }) => Some(*generation),
        _ => None,
    });
    let generation = generation.expect("the history is read");
    let pasts = tales()
        .into_iter()
        .map(|(tale, live)| Past::of(tale.view(live), Some(&tale.run())));
    driver.reply(Message::History(generation, Told::Runs(pasts.collect())));
    driver.reply(Message::History(generation, Told::Over(Ok(()))));
}

#[test]
fn the_history_as_it_looks() {
    let mut driver = monitor(Vec::new(), Vec::new());
    driver.keys("h");
    driver.expect("Reading the runs...");
    driver.keys("Esc");
    opened(&mut driver);
    assert_snapshot!("history_80x24", driver.screen());
    driver.resize(60, 20);
    assert_snapshot!("history_60x20", driver.screen());
    driver.resize(120, 36);
    assert_snapshot!("history_120x36", driver.screen());
}

#[test]
fn a_run_is_found_by_its_plan_its_machine_and_how_it_ended() {
    let mut driver = monitor(Vec::new(), Vec::new());
    opened(&mut driver);
    driver.keys("web-01");
    driver
        .expect("1 of 4 runs")
        .expect("Web home")
        .expect_not("ERP home");
    driver.keys("Esc");
    driver.expect("4 runs").expect("ERP home");
    driver.type_text("erp !failed");
    driver.expect("1 of 4 runs");
    driver.keys("C-u");
    driver.type_text("nowhere");
    driver.expect("No run has all these words.");
}

#[test]
fn a_run_that_is_opened_there_leads_back_there() {
    let mut driver = monitor(Vec::new(), Vec::new());
    opened(&mut driver);
    driver.type_text("web");
    driver.keys("Enter");
    driver.expect("Web home").expect("the run");
    let reads = |driver: &Driver| {
        let mut asked = driver.asked.iter();
        asked.any(|command| matches!(command, Command::Read(Effect::ReadRun { .. })))
    };
    assert!(reads(&driver), "its machines are read when somebody looks");
    driver.keys("Esc");
    driver.expect("1 of 4 runs").expect("/ web");
    driver.keys("Esc Esc");
    driver.expect_not("History");
    assert!(driver.model().monitor.visited.is_none());
}

#[test]
fn a_run_that_its_runner_left_is_suspended_everywhere_and_one_that_was_killed_is_interrupted() {
    let suspended = Tale::home("ERP home", 5, &[("sql-01", 1)])
        .began("sql-01", K::Drain)
        .at("08:14:00")
        .then(Record::Suspended {
            cause: crate::domain::run::Suspension::Credentials,
            why: "the sign-in expired".into(),
        });
    let mut driver = monitor(Vec::new(), vec![suspended.view(false)]);
    driver
        .expect("! suspended 09:14")
        .expect("Suspended 2026-03-02 09:14:00 +01: the sign-in expired.")
        .expect("R resumes it.");
    driver.keys("Enter");
    driver.expect("suspended 09:14").expect_not("Interrupted");
    let killed = Tale::home("ERP home", 5, &[("sql-01", 1)]).began("sql-01", K::Drain);
    let driver = monitor(Vec::new(), vec![killed.view(false)]);
    driver
        .expect("x interrupted")
        .expect("Interrupted: its process is gone without a word")
        .expect("R resumes it.");
}
