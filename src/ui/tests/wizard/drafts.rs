//! Drafts: offered, gone on with, discarded, never lost.

use super::stage::*;
use crate::domain::draft::WizardKind;
use crate::store::DraftListing;
use crate::ui::model::Screen;
use crate::ui::terminal::Command;
use crate::ui::tests::driver::Driver;
use crate::ui::{Effect, Message};
use crate::wizard::StepId;

#[test]
fn drafts_are_asked_for_at_the_start_and_offered_over_the_machines() {
    use crate::ui::terminal::Program;
    let mut driver = Driver::over(estate());
    let first = driver.screens.init();
    assert!(
        first
            .iter()
            .any(|c| matches!(c, Command::Read(Effect::ListDrafts)))
    );
    with_drafts(&mut driver);
    let drafts = std::mem::take(&mut driver.screens.model.drafts);
    driver.expect_not("A draft waits");
    let listing = DraftListing {
        drafts,
        ..DraftListing::default()
    };
    driver.reply(Message::Drafts(Box::new(listing)));
    driver
        .expect("2 drafts wait; newest: New protection of web-01")
        .expect("[d] goes on");
}

#[test]
fn a_draft_is_gone_on_with_where_it_was_left() {
    let mut driver = open("web", "p");
    driver.keys("Enter Down Enter C-c");
    assert_eq!(driver.model().screen, Screen::Machines);
    driver
        .expect("what was answered is kept as a draft")
        .expect("A draft waits");
    driver.keys("d Enter");
    assert_eq!(wizard(&driver).step, StepId::Target);
    line(&driver, &["Process server", "ps-azure-01"]);
    assert!(
        driver.model().drafts.is_empty(),
        "the open one is not offered"
    );
}

#[test]
fn a_draft_of_a_site_that_is_still_being_read_finds_its_machines_later() {
    let mut driver = Driver::over(estate());
    with_drafts(&mut driver);
    let machines = std::mem::take(&mut driver.screens.model.estate.machines);
    driver.keys("d Enter");
    driver.expect("No machine here can be chosen");
    driver.screens.model.estate.machines = machines;
    driver.screens.model.is_reading = true;
    let generation = driver.model().reading;
    driver.reply(Message::Estate(generation, crate::site::Update::Ended));
    driver.expect("[x] web-01");
    let asked = driver.asked.iter();
    let deep = asked.filter(|c| matches!(c, Command::Read(Effect::ReadOffered { .. })));
    assert_eq!(deep.count(), 1, "and they are read deeply, once");
}

#[test]
fn discarding_takes_two_presses_and_is_told_to_the_disk() {
    let mut driver = Driver::over(estate());
    with_drafts(&mut driver);
    let id = driver.model().drafts[0].0;
    driver.keys("d x");
    driver.expect("x again discards it");
    assert_eq!(driver.model().drafts.len(), 2);
    driver.keys("j k x");
    driver.expect("x again discards it");
    driver.keys("x");
    assert!(
        matches!(driver.asked.last(), Some(Command::Write(Effect::DiscardDraft { id: gone })) if *gone == id)
    );
    assert_eq!(driver.model().drafts.len(), 1);
    assert_eq!(driver.model().drafts[0].1.wizard, WizardKind::Recover);
}

#[test]
fn nothing_answered_leaves_no_draft() {
    let mut driver = Driver::over(estate());
    driver.keys("/ nothing-is-called-so Enter p Esc");
    assert!(driver.model().drafts.is_empty() && driver.model().wizard.is_none());
}

#[test]
fn another_wizard_puts_the_open_one_away() {
    let mut driver = open("web", "p");
    driver.keys("Enter C-c");
    assert_eq!(driver.model().drafts.len(), 1);
    driver.keys("a / sql-01 Enter f");
    assert_eq!(wizard(&driver).draft.wizard, WizardKind::Recover);
    assert_eq!(driver.model().drafts.len(), 1);
}

#[test]
fn the_same_machines_go_on_with_their_draft() {
    let mut driver = open("web", "p");
    driver.keys("Enter C-c");
    driver.expect("A draft waits: New protection of web-01, web-02");
    let first = driver.model().drafts[0].0;
    driver.keys("p");
    driver.expect("A draft of these machines waited");
    assert_eq!(
        (wizard(&driver).id, wizard(&driver).step),
        (first, StepId::Target)
    );
    driver.keys("C-c");
    assert_eq!(driver.model().drafts.len(), 1);
    // Another wizard, or other machines, have a draft of their own.
    driver.keys("a / web-01 Enter Space p");
    assert_ne!(wizard(&driver).id, first);
}

#[test]
fn a_draft_opens_where_it_was_left_also_where_that_is_told_only_by_reading() {
    let mut driver = Driver::over(estate());
    with_drafts(&mut driver);
    driver.screens.model.drafts[0].1.step = Some("identities".into());
    driver.keys("d Enter");
    assert_eq!(
        wizard(&driver).step,
        StepId::Machines,
        "not known to apply yet"
    );
    learn_of(&mut driver, 3);
    assert_eq!(wizard(&driver).step, StepId::Identities);
    // Who moved meanwhile stays.
    let mut driver = Driver::over(estate());
    with_drafts(&mut driver);
    driver.screens.model.drafts[0].1.step = Some("identities".into());
    driver.keys("d Enter Down");
    learn_of(&mut driver, 3);
    assert_eq!(wizard(&driver).step, StepId::Machines);
}
