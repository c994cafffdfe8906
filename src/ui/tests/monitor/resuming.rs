//! Runs that nobody carries out any more, and what a log-out does to those that are launched here.

use super::*;
use crate::domain::run::{Record, Suspension};
use crate::domain::{Failure, Retry};
use crate::runner::Outlives;
use crate::ui::Effect;
use crate::ui::terminal::Command;

fn suspended() -> Tale {
    erp().at("08:14:00").then(Record::Suspended {
        cause: Suspension::Credentials,
        why: "the sign-in to Azure expired".into(),
    })
}

/// Every run for which a new process was asked for.
fn resumed(driver: &Driver) -> Vec<RunId> {
    let run = |command: &Command<Effect>| match command {
        Command::Write(Effect::Resume { run }) => Some(run.clone()),
        _ => None,
    };
    driver.asked.iter().filter_map(run).collect()
}

#[test]
fn a_suspended_run_says_why_and_r_resumes_it_after_asking() {
    let tale = suspended();
    let mut driver = monitor(Vec::new(), vec![tale.view(false)]);
    driver
        .expect("! suspended 09:14")
        .expect("the sign-in to Azure expired.")
        .expect("R resumes it.")
        .expect("Enter open  R resume  a answer");
    driver.keys("R");
    assert_snapshot!("resume_80x24", driver.screen());
    driver
        .expect("Resume ERP home?")
        .expect("the sign-in to Azure expired")
        .expect("none is sent twice");
    driver.keys("Enter");
    driver.expect("Nothing was resumed; R asks again.");
    assert!(resumed(&driver).is_empty(), "Cancel is the default");
    driver.keys("R Tab Enter");
    driver.expect("being resumed");
    assert_eq!(resumed(&driver), [tale.id().clone()]);
    driver.keys("R");
    driver.expect("is being resumed already.");
    assert_eq!(resumed(&driver).len(), 1);
    let goes_on = tale.at("08:22:00").then(Record::Resumed {
        by: tale::kim(),
        program: "failback 0.1.0".into(),
    });
    watched(&mut driver, Watched::Runs(vec![goes_on.view(true)]));
    driver.reply(Message::Resumed(goes_on.id().clone(), Ok(())));
    driver
        .expect("ERP home goes on. Closing this terminal is safe.")
        .expect_not("R resume")
        .expect_not("suspended");
}

#[test]
fn a_run_whose_process_was_killed_is_told_from_one_that_ended_by_itself() {
    let mut driver = monitor(Vec::new(), vec![erp().view(false)]);
    driver
        .expect("x interrupted 09:10")
        .expect("its process is gone without a word");
    driver.keys("Enter");
    driver.expect("R resumes it.");
    driver.keys("R");
    driver.expect("Interrupted: its process is gone");
    driver.keys("Right Enter");
    assert_eq!(resumed(&driver).len(), 1);
}

#[test]
fn a_resume_that_did_not_come_about_says_why_and_can_be_tried_again() {
    let tale = suspended();
    let mut driver = monitor(Vec::new(), vec![tale.view(false)]);
    driver.keys("R Tab Enter");
    let failure = Failure::new(
        "Run x was not resumed: the client secret expired. Nothing was sent.",
        "Put right what it says, then resume it again.",
        Retry::AfterFixing,
    );
    driver.reply(Message::Resumed(tale.id().clone(), Err(Box::new(failure))));
    driver
        .expect("ERP home was not resumed")
        .expect("the client secret expired");
    driver.keys("Esc");
    driver.expect("! suspended");
    driver.keys("R Tab Enter");
    assert_eq!(resumed(&driver).len(), 2);
}

#[test]
fn what_is_carried_out_or_over_is_not_resumed() {
    let mut live = monitor(Vec::new(), vec![erp().view(true)]);
    live.keys("R");
    live.expect("is being carried out: there is nothing to resume.");
    let over = erp().closed(Closing::Failed);
    let mut over = monitor(Vec::new(), vec![over.view(false)]);
    over.keys("R");
    over.expect("is over: launch its plan again");
    let mut damaged = (*suspended().view(false)).clone();
    damaged.damage = Some("line 3 was changed".into());
    let mut damaged = monitor(Vec::new(), vec![Arc::new(damaged)]);
    damaged.keys("R");
    damaged.expect("its journal is damaged");
    for driver in [live, over, damaged] {
        assert!(driver.model().overlays.is_empty() && resumed(&driver).is_empty());
    }
}

#[test]
fn somebody_who_was_quicker_resumes_it_alone() {
    let tale = suspended();
    let mut driver = monitor(Vec::new(), vec![tale.view(false)]);
    driver.keys("R Tab");
    watched(&mut driver, Watched::Runs(vec![tale.view(true)]));
    driver.keys("Enter");
    driver.expect("somebody goes on with it");
    assert!(resumed(&driver).is_empty());
}

#[test]
fn read_only_resumes_nothing() {
    let mut driver = monitor(Vec::new(), vec![suspended().view(false)]);
    driver.screens.model.settings.read_only = true;
    driver.keys("k").expect_not("R resumes it");
    driver.keys("R");
    driver.expect("Read-only: resume is switched off here.");
    assert!(driver.model().overlays.is_empty());
}

#[test]
fn closing_the_terminal_is_called_safe_only_where_the_run_outlives_it() {
    let mut driver = monitor(Vec::new(), vec![erp().view(true)]);
    watched(&mut driver, Watched::Outlives(Outlives::Yes));
    driver.expect("closing this terminal is safe");
    let no = Outlives::No {
        why: "It is ended when you log out.".into(),
        remedy: "Keep it: loginctl enable-linger".into(),
    };
    watched(&mut driver, Watched::Outlives(no));
    driver
        .expect_not("is safe")
        .expect("logging out ends runs launched here");
    let unknown = Outlives::Unknown("nobody can tell".into());
    watched(&mut driver, Watched::Outlives(unknown));
    driver.expect_not("is safe").expect("not known");
    driver.keys("Enter");
    driver.expect_not("is safe").expect("not known");
}
