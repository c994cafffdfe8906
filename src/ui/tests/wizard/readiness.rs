//! Readiness in a wizard: asked for anew when the plan changes, answered by name, never glossed over.

use super::stage::*;
use crate::domain::{Failure, Retry};
use crate::readiness::{Outcome, Severity};
use crate::ui::Message;
use crate::ui::tests::driver::Driver;
use crate::wizard::StepId;

/// At the readiness of a recovery of two machines, asked for and not known yet.
fn asked() -> Driver {
    let mut driver = open("classic Azure", "f");
    until(&mut driver, StepId::Readiness);
    driver
}

fn mixed(driver: &mut Driver) {
    let (sql, erp) = (id(driver, "sql-01"), id(driver, "erp-app-01"));
    let findings = vec![
        passed(&sql),
        finding(
            Severity::Blocker,
            Outcome::Failed,
            1,
            &erp,
            "its first copy is being made",
        ),
        finding(
            Severity::Warning,
            Outcome::Failed,
            0,
            &sql,
            "it will be merged",
        ),
        finding(
            Severity::Warning,
            Outcome::Failed,
            0,
            &erp,
            "it will be merged",
        ),
        finding(
            Severity::Blocker,
            Outcome::Unknown,
            2,
            &sql,
            "nobody could look",
        ),
    ];
    judge(driver, findings);
}

#[test]
fn unknown_is_never_counted_as_passed_and_what_stops_stands_first() {
    let mut driver = asked();
    driver.expect("Checking whether everything is ready...");
    mixed(&mut driver);
    driver
        .expect("√ 1 passed   x 1 stops it   ! 1 wants consent   ? 1 unknown")
        .expect_not("Ready.");
    let screen = driver.screen();
    let at = |words: &str| {
        screen
            .find(words)
            .unwrap_or_else(|| panic!("{words}\n{screen}"))
    };
    assert!(at("its first copy") < at("it will be merged"));
    assert!(at("it will be merged") < at("? ELIG"));
}

#[test]
fn a_consent_wants_a_reason_and_is_kept_in_the_plan_for_all_who_say_the_same() {
    let mut driver = asked();
    mixed(&mut driver);
    driver.keys("Down Enter");
    driver.expect("Why do you want it nevertheless?");
    driver.keys("Tab Tab Enter");
    driver.expect("x Say why you want it nevertheless.");
    driver.type_text("agreed with the owners");
    driver.keys("Enter");
    driver
        .expect("Kept in the plan.")
        .expect("1 answered")
        .expect_not("want consent");
    let said = &wizard(&driver).draft.statements;
    assert_eq!(said.len(), 2);
    assert!(
        said.iter()
            .all(|s| s.why.as_str() == "agreed with the owners")
    );
    assert_eq!(said[0].who.as_str(), "nobody");
    assert_eq!(said[0].when, driver.model().now);
    assert_eq!(saved(&driver).last().unwrap().statements.len(), 2);
    assert!(checking(&driver).is_none(), "nothing is read again for it");
}

#[test]
fn nobody_can_consent_to_what_stops_the_plan() {
    let mut driver = asked();
    mixed(&mut driver);
    driver.keys("Enter");
    driver.expect("What to do").expect_not("Consent");
    driver.keys("Esc");
    driver.expect("► x ");
}

#[test]
fn cancelling_states_nothing() {
    let mut driver = asked();
    mixed(&mut driver);
    for keys in ["Enter", "Esc", "Tab Enter", "C-c"] {
        driver.keys("Home Down Enter");
        driver.keys(keys);
        assert!(driver.model().overlays.is_empty(), "{keys}");
    }
    assert!(wizard(&driver).draft.statements.is_empty());
}

#[test]
fn another_plan_is_judged_anew() {
    let mut driver = asked();
    mixed(&mut driver);
    driver.keys("Esc");
    assert_eq!(wizard(&driver).step, StepId::Point);
    driver.keys("Home Down Enter End Enter");
    assert!(checking(&driver).is_some());
    driver.expect("Checking whether everything is ready...");
}

#[test]
fn an_answer_for_another_plan_is_dropped() {
    let mut driver = asked();
    let old = checking(&driver).unwrap();
    driver.keys("Esc Home Down Enter End Enter");
    let failure = Failure::new("too late", "", Retry::MayHelp);
    driver.reply(Message::Readied(old, Box::new(Err(failure))));
    assert!(checking(&driver).is_some());
}

#[test]
fn readiness_that_cannot_be_found_out_is_no_readiness() {
    let mut driver = asked();
    let generation = checking(&driver).unwrap();
    let failure = Failure::new("Azure cannot be reached", "Try again.", Retry::MayHelp);
    driver.reply(Message::Readied(generation, Box::new(Err(failure))));
    driver
        .expect("x Readiness could not be found out.")
        .expect("Azure cannot be reached")
        .expect_not("Ready.");
    driver.keys("r");
    assert!(checking(&driver).is_some());
}

#[test]
fn a_plan_that_is_not_ready_can_be_kept_and_the_review_says_so() {
    let mut driver = asked();
    mixed(&mut driver);
    until(&mut driver, StepId::Review);
    driver
        .expect("It is not ready. It can be kept for later")
        .expect("[ save plan ]");
    driver.keys("PgDn PgDn");
    driver.expect("POST /subscriptions/s/reProtect?api-version=2025-08-01");
}

#[test]
fn a_mark_stands_on_as_many_rows_as_are_counted() {
    let mut driver = asked();
    let (sql, erp) = (id(&driver, "sql-01"), id(&driver, "erp-app-01"));
    let unknown =
        |severity, nth, machine, words| finding(severity, Outcome::Unknown, nth, machine, words);
    let why = "which Azure VM it is, is not told";
    let findings = vec![
        passed(&sql),
        unknown(Severity::Blocker, 1, &sql, why),
        unknown(Severity::Blocker, 1, &erp, why),
        unknown(Severity::Blocker, 2, &sql, why),
        unknown(Severity::Information, 0, &sql, "nobody read it"),
    ];
    let wanted = [findings[1].row.title, findings[3].row.title].map(|title| &title[..18]);
    judge(&mut driver, findings);
    driver.expect("√ 1 passed   ? 2 unknown   i 1 good to know");
    let screen = driver.screen();
    let rows = |mark: &str| {
        let page = screen
            .lines()
            .skip_while(|line| !line.contains("√ 1 passed"));
        let marked = page.skip(1).filter(|line| line.contains(mark));
        marked.count()
    };
    assert_eq!((rows("? ELIG-"), rows(" i RET-")), (2, 1), "{screen}");
    // What is wanted tells them apart; why it is not known is the same.
    for wanted in wanted {
        driver.expect(wanted);
    }
}
