//! Answers: taken, refused, kept.

use super::stage::*;
use crate::domain::draft::WizardKind;
use crate::domain::plan::Intent;
use crate::domain::{Failure, Retry};
use crate::ui::model::Screen;
use crate::ui::terminal::Command;
use crate::ui::tests::driver::Driver;
use crate::ui::{Effect, Message};
use crate::wizard::StepId;

#[test]
fn by_return_and_arrows_alone_a_plan_is_made_and_kept() {
    let mut driver = open("web", "p");
    driver
        .expect("New protection: Azure -> on-premises")
        .expect("[x] web-01");
    // Machines, then the target: two process servers, one master target that fits, two datastores.
    driver.keys("Enter");
    driver.expect("► ( ) ps-01");
    driver.keys("Down Enter");
    line(&driver, &["Process server", "ps-azure-01"]);
    line(&driver, &["Master target", "mt-win-01  the only one"]);
    line(&driver, &["Retention drive", "R  the only one"]);
    driver.expect("► ( ) ds-01");
    let before = driver.asked.len();
    for _ in 0..20 {
        if wizard(&driver).step != StepId::Readiness {
            driver.keys("Enter");
        }
    }
    assert_eq!(
        wizard(&driver).step,
        StepId::Readiness,
        "{}",
        driver.screen()
    );
    assert!(driver.asked.len() > before);
    let web = id(&driver, "web-01");
    judge(&mut driver, vec![passed(&web)]);
    driver.expect("Ready.");
    driver.keys("Enter");
    driver.expect("web farm-protect").expect("[ protect now ]");
    driver.keys("Enter");
    let Some(Command::Write(Effect::KeepPlan { plan, now, .. })) = driver.asked.last() else {
        panic!("nothing is kept:\n{}", driver.screen());
    };
    assert!(*now);
    let Intent::Protect(protection) = plan.intent() else {
        panic!("{plan:?}");
    };
    assert_eq!(protection.machines.len(), 3);
    assert!(
        protection
            .machines
            .iter()
            .all(|m| m.target.missing().is_empty())
    );
}

#[test]
fn return_goes_on_through_a_step_that_asks_nothing() {
    let mut driver = open("web", "p");
    learn_of(&mut driver, 2);
    driver.keys("Enter");
    driver.expect("registered 2 times").expect("[ next ]");
    driver.keys("Enter");
    assert_eq!(wizard(&driver).step, StepId::Target);
    driver.keys("Esc Enter");
    assert_eq!(wizard(&driver).step, StepId::Target);
}

#[test]
fn nothing_is_sent_and_nothing_kept_while_a_wizard_is_walked() {
    let mut driver = open("web", "p");
    driver.keys("Enter Down Enter Enter Enter Enter Enter Enter Enter");
    until(&mut driver, StepId::Review);
    let writes = driver.asked.iter().filter_map(|command| match command {
        Command::Write(effect) => Some(effect),
        _ => None,
    });
    for effect in writes {
        assert!(matches!(effect, Effect::SaveDraft { .. }), "{effect:?}");
    }
}

#[test]
fn every_accepted_answer_is_kept_in_the_draft_at_once() {
    let mut driver = open("web", "p");
    assert!(
        saved(&driver).is_empty(),
        "what was marked outside is no answer yet"
    );
    driver.keys("Enter");
    let kept = saved(&driver).len();
    driver.expect("saving the draft...");
    driver.keys("Down Enter");
    assert_eq!(saved(&driver).len(), kept + 1);
    let draft = saved(&driver).pop().unwrap();
    assert_eq!(
        draft.answers.get(&"processServer".into()),
        Some(&"id-of-ps-azure-01".into())
    );
    let id = wizard(&driver).id;
    driver.reply(Message::DraftSaved(id, Ok(())));
    driver.expect("draft saved");
    let failure = Failure::new("the disk is full", "", Retry::AfterFixing);
    driver.reply(Message::DraftSaved(id, Err(Box::new(failure))));
    driver
        .expect("the draft is NOT saved")
        .expect("The draft is not kept: the disk is full");
}

#[test]
fn what_is_left_open_is_said_under_its_field_and_going_back_is_never_blocked() {
    let mut driver = open("web", "p");
    driver.keys("Enter End Enter");
    driver
        .expect("2 fields need another look.")
        .expect("x web-01: choose a process server");
    assert_eq!(wizard(&driver).step, StepId::Target);
    driver.keys("Esc");
    assert_eq!(wizard(&driver).step, StepId::Machines);
}

#[test]
fn what_was_typed_wrong_stays_to_be_mended() {
    let mut driver = open("web-01", "p");
    to_settings(&mut driver);
    driver.keys("Home");
    driver.type_text("many");
    driver.keys("Down");
    driver
        .expect("many")
        .expect("x \"many\" will not do: use a whole number from 1 to 768");
    driver.keys("Down End Enter");
    assert_eq!(wizard(&driver).step, StepId::Settings, "next waits for it");
    driver.keys("C-u");
    driver.type_text("4");
    driver.keys("Down");
    driver.expect_not("will not do");
    line(&driver, &["CPUs", "4"]);
    driver.keys("Down End Enter");
    assert_eq!(wizard(&driver).step, StepId::Nat);
}

#[track_caller]
fn down_to(driver: &mut Driver, words: &str) {
    for _ in 0..30 {
        if driver.sees(words) {
            return;
        }
        driver.keys("Down");
    }
    driver.expect(words);
}

fn to_settings(driver: &mut Driver) {
    driver.keys("Enter Down Enter Enter Enter End Enter End Enter");
    assert_eq!(wizard(driver).step, StepId::Settings, "{}", driver.screen());
}

#[test]
fn a_letter_is_a_letter_in_a_line_and_a_key_elsewhere() {
    let mut driver = open("web-01", "p");
    to_settings(&mut driver);
    driver.keys("Home");
    driver.type_text("jk?r:");
    driver.expect("jk?r:");
    assert!(driver.model().overlays.is_empty());
    driver.keys("F1");
    driver
        .expect("How many CPUs the machine gets at home")
        .expect("[000]");
}

#[test]
fn what_azure_cannot_carry_out_says_at_once_what_would() {
    let mut driver = open("web-01", "p");
    driver.keys("Enter Down Enter Enter Enter End Enter");
    driver.expect("configuration server would carry them out, and this site");
    driver.keys("End Enter");
    driver.expect("Azure has no field for these: a connection to vCenter");
}

#[test]
fn a_machine_of_its_own_is_unfolded_answered_and_applied_to_all() {
    let mut driver = open("web", "p");
    driver.keys("Enter Down Enter Enter Enter End Enter End Enter Home Down Down");
    driver.expect("► + web-01").expect("as for all");
    driver.keys("Right Down");
    driver.type_text("8");
    driver.keys("Down");
    driver
        .expect("1 of its own")
        .expect("[ apply to all machines ]");
    driver.keys("Up Up");
    down_to(&mut driver, "►   [ apply to all machines ]");
    driver.keys("Enter");
    driver.expect("All machines are now as web-01.");
    line(&driver, &["CPUs", "8"]);
    assert!(wizard(&driver).draft.own.is_empty());
}

#[test]
fn waves_are_made_by_the_arrows_and_never_have_gaps() {
    let mut driver = open("classic Azure", "f");
    until(&mut driver, StepId::Order);
    driver.expect("Wave 1").expect_not("Wave 2");
    driver.keys("Home Right Right");
    driver.expect("Wave 2").expect_not("Wave 3");
    driver.keys("Left");
    driver.expect_not("Wave 2");
    driver.keys("Left");
    driver.expect_not("Wave 0").expect("Wave 1");
}

#[test]
fn a_machine_that_cannot_be_chosen_says_why_and_stays_out() {
    let mut driver = open("web", "p");
    driver.keys("Home");
    down_to(&mut driver, "► [-] file-01");
    driver.expect("it replicates home already: Recover brings it home");
    driver.keys("Space");
    driver.expect("file-01 cannot be chosen: it replicates home already");
    assert_eq!(wizard(&driver).draft.machines().len(), 3);
}

#[test]
fn a_replication_group_is_marked_together() {
    let mut driver = open("web-01", "p");
    assert_eq!(wizard(&driver).draft.machines().len(), 3);
    driver.keys("Home");
    down_to(&mut driver, "► [x] web-01");
    driver.keys("Space");
    driver.expect("Its replication group goes with it: 2 other machines.");
    assert!(wizard(&driver).draft.machines().is_empty());
}

#[test]
fn nothing_that_can_be_chosen_opens_no_wizard_and_says_why() {
    let mut driver = Driver::over(estate());
    driver.keys("/ dc Enter a p");
    assert!(driver.model().wizard.is_none());
    driver
        .expect("None of the 2 marked machines can be chosen.")
        .expect("dc-01: it is Hyper-V");
}

#[test]
fn some_that_cannot_be_chosen_are_left_out_and_named() {
    let mut driver = Driver::over(estate());
    driver.keys("/ 01 Enter a p");
    assert_eq!(wizard(&driver).draft.wizard, WizardKind::Protect);
    driver.expect("left out; ");
}

#[test]
fn a_late_answer_to_something_left_is_dropped() {
    let mut driver = open("web", "p");
    let old = wizard(&driver).reading;
    driver.keys("Esc / 01 Enter p");
    driver.reply(Message::Choices(old, Box::new(choices())));
    assert!(wizard(&driver).offers.choices.is_none());
}

#[test]
fn a_kept_plan_is_shown_by_the_monitor_and_launched_only_by_its_name() {
    let mut driver = open("sql-01", "f");
    learn(&mut driver);
    until(&mut driver, StepId::Review);
    driver.expect("recover later").expect("[ save plan ]");
    driver.keys("Home Down Down Enter End Enter");
    let Some(Command::Write(Effect::KeepPlan {
        plan, now: true, ..
    })) = driver.asked.last()
    else {
        panic!("{}", driver.screen());
    };
    let plan = plan.clone();
    let slug = plan.slug().clone();
    driver.reply(Message::PlanKept(Ok(plan), true));
    assert_eq!(driver.model().screen, Screen::Monitor);
    driver
        .expect("Launch sql-01-home: fail back")
        .expect("Type sql-01-home to launch it");
    assert!(driver.model().wizard.is_none());
    // It is listed before its file is noticed, and the keys are on it.
    let under = driver.model().monitor.plan_at_cursor().unwrap();
    assert_eq!(*under.slug(), slug);
    driver.keys("Esc");
    driver.expect("►  sql-01-home");
}

#[test]
fn a_plan_that_cannot_be_kept_leaves_the_wizard_as_it_is() {
    let mut driver = open("sql-01", "f");
    until(&mut driver, StepId::Review);
    driver.keys("Enter");
    let failure = Failure::new(
        "there is a plan sql-01-home already",
        "",
        Retry::AfterFixing,
    );
    driver.reply(Message::PlanKept(Err(Box::new(failure)), false));
    driver
        .expect("The plan is not kept")
        .expect("there is a plan sql-01-home already");
    driver.keys("Esc");
    assert_eq!(wizard(&driver).step, StepId::Review);
}

#[test]
fn read_only_opens_no_wizard() {
    let mut driver = Driver::over(estate());
    driver.screens.model.settings.read_only = true;
    driver.keys("/ web Enter p");
    driver.expect("Read-only: protect is switched off here.");
    assert!(driver.model().wizard.is_none());
}
