//! Guests recorded from the readiness of a new protection: only where a person agreed, each by itself, and
//! judged anew once nothing is waited for any more.

use super::driver::{Driver, settings};
use super::wizard::{finding_of, id, judge, open, until, wizard};
use crate::domain::{ArmId, Failure, Retry, Text};
use crate::readiness::Outcome;
use crate::site::Kept;
use crate::ui::effect::Generation;
use crate::ui::model::Settings;
use crate::ui::model::wizard::Readiness;
use crate::ui::terminal::Command;
use crate::ui::{Effect, Message};
use crate::wizard::StepId;

const NOTHING: &str = "nothing was recorded of it: once it is home nothing can be compared";

/// At the readiness of a protection of three machines, of which one was looked into.
fn judged() -> Driver {
    let mut driver = open("web", "p").at(100, 40);
    driver.keys("Enter Down Enter");
    for _ in 0..20 {
        if wizard(&driver).step != StepId::Readiness {
            driver.keys("Enter");
        }
    }
    findings(&mut driver, &["web-10"]);
    driver
}

/// The readiness tells that these were looked into, and the others were not.
fn findings(driver: &mut Driver, recorded: &[&str]) {
    let all = machines(driver);
    let one = |(name, id): &(Text, ArmId)| match recorded.contains(&name.as_str()) {
        true => finding_of(
            "RECORD",
            Outcome::NotApplicable,
            id,
            "it was last looked into today",
        ),
        false => finding_of("RECORD", Outcome::Failed, id, NOTHING),
    };
    let all = all.iter().map(one).collect();
    judge(driver, all);
}

fn machines(driver: &Driver) -> Vec<(Text, ArmId)> {
    let walk = wizard(driver).walk();
    let own = walk.machines().iter();
    own.map(|m| (m.machine.name.clone(), m.id().clone()))
        .collect()
}

/// The machines in which a script was asked for, with what the answers are known by.
fn asked(driver: &Driver) -> Vec<(ArmId, Generation)> {
    let own = driver.asked.iter().filter_map(|command| match command {
        Command::Read(Effect::RecordGuest {
            machine,
            generation,
        }) => Some((machine.clone(), *generation)),
        _ => None,
    });
    own.collect()
}

fn stopped(driver: &Driver) -> usize {
    let stop = |c: &&Command<Effect>| matches!(c, Command::Read(Effect::StopRecording { .. }));
    driver.asked.iter().filter(stop).count()
}

fn seen(driver: &Driver, inside: bool, why: &str) -> Kept {
    Kept {
        at: driver.model().now,
        inside,
        not_read: Some(why)
            .filter(|w| !w.is_empty())
            .map(Text::from)
            .into_iter()
            .collect(),
        kept: Ok(()),
    }
}

fn answer(driver: &mut Driver, generation: Generation, read: Result<Kept, Failure>) {
    driver.reply(Message::Recorded(generation, Box::new(read)));
}

#[test]
fn how_many_machines_a_script_is_run_in_is_said_before_and_nothing_runs_before_that() {
    let mut driver = judged();
    driver
        .expect("Recorded inside: 1 of 3. R looks into the rest")
        .expect("R record");
    driver.keys("R");
    driver
        .expect("Run a script in 2 machines, by Azure Run Command?")
        .expect("web-01, web-02")
        .expect_not("web-10,")
        .expect("It only reads")
        .expect("Enter run it");
    assert!(asked(&driver).is_empty());
    for refused in ["Esc", "C-g", "C-c"] {
        driver.keys(refused);
        driver.expect("No script was run.");
        assert!(asked(&driver).is_empty(), "{refused}");
        driver.keys("R");
    }
    driver.keys("Enter");
    let ids: Vec<ArmId> = asked(&driver).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [id(&driver, "web-01"), id(&driver, "web-02")]);
    driver.expect("web-01: being looked into by Run Command, since");
}

#[test]
fn what_failed_is_said_of_each_and_the_readiness_is_judged_anew_when_all_are_through() {
    let mut driver = judged();
    driver.keys("R Enter");
    let both = asked(&driver);
    let (first, second) = (both[0].1, both[1].1);
    let kept = seen(&driver, true, "");
    answer(&mut driver, first, Ok(kept));
    driver.expect("web-01: recorded at").expect("x stop");
    assert!(matches!(wizard(&driver).readiness, Readiness::Known { .. }));
    let outside = seen(&driver, false, "the VM has no guest agent\u{1b}[2J");
    answer(&mut driver, second, Ok(outside));
    assert!(matches!(
        wizard(&driver).readiness,
        Readiness::Checking { .. }
    ));
    driver.expect("web-02: recorded from outside alone: the VM has no guest agent");
    assert!(!driver.screen().contains('\u{1b}'));
    findings(&mut driver, &["web-01", "web-10"]);
    driver.expect("Recorded inside: 2 of 3.");
    // Once more, and this time it cannot be read at all.
    driver.keys("R");
    driver
        .expect("Run a script in 1 machine, by")
        .expect("web-02");
    driver.keys("Enter");
    let third = asked(&driver)[2].1;
    let failure = Failure::new("Azure does not answer.", "", Retry::MayHelp);
    answer(&mut driver, third, Err(failure));
    driver.expect("web-02: not recorded: Azure does not answer.");
    findings(&mut driver, &["web-01", "web-02", "web-10"]);
    driver
        .expect("Recorded inside: 3 of 3.")
        .expect_not("R looks into");
    driver.keys("R");
    driver.expect("All of them were looked into within a week.");
}

#[test]
fn whoever_stops_waiting_is_told_and_a_late_answer_changes_nothing() {
    let mut driver = judged();
    driver.keys("R Enter");
    let generation = asked(&driver)[0].1;
    driver.keys("x");
    driver.expect("Stopped waiting; a script that runs in a VM ends by itself");
    assert_eq!(stopped(&driver), 2);
    driver.expect("web-01: not recorded: nobody waited for it any more");
    let late = seen(&driver, true, "");
    answer(&mut driver, generation, Ok(late));
    driver.expect_not("web-01: recorded");
    driver.keys("x");
    driver.expect("No machine is being looked into.");
    assert_eq!(stopped(&driver), 2);
}

#[test]
fn what_is_not_kept_is_not_called_recorded() {
    let mut driver = judged();
    driver.keys("R Enter");
    let generation = asked(&driver)[0].1;
    let full = Kept {
        kept: Err("the disk is full".into()),
        ..seen(&driver, true, "")
    };
    answer(&mut driver, generation, Ok(full));
    driver.expect("web-01: not recorded: the disk is full");
}

#[test]
fn no_script_runs_where_only_reading_is_allowed_and_none_from_another_step() {
    let mut driver = judged();
    driver.screens.model.settings = Settings {
        read_only: true,
        ..settings()
    };
    driver.keys("R");
    driver.expect("Run Command executes a script in the VM");
    driver.screens.model.settings = settings();
    driver.keys("Esc R");
    driver.expect("This works in the step Readiness of a new protection.");
    driver.expect_not("Run a script");
    let mut home = open("classic Azure", "f");
    until(&mut home, StepId::Readiness);
    home.keys("R");
    home.expect("This works in the step Readiness of a new protection.");
    assert!(asked(&driver).is_empty() && asked(&home).is_empty());
}
