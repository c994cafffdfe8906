//! A machine whose registrations contradict each other looks healthy nowhere.

use super::driver::Driver;
use super::identities::{AZURE_ID, HOME_ID, answer, candidate, registered, step};
use super::wizard::{learn_of, line, open, until, wizard};
use crate::domain::Discovery;
use crate::domain::identity::tests::scene::file;
use crate::ui::terminal::Input;
use crate::wizard::StepId;

/// web-01 and a machine that has its agent's id.
fn copied() -> Driver {
    let mut driver = Driver::usual();
    let copy = candidate("copy", "copy-of-web", AZURE_ID, Discovery::VCenter);
    registered(&mut driver, vec![copy]);
    driver
}

#[test]
fn a_machine_in_contradiction_is_healthy_nowhere() {
    let mut driver = copied();
    driver.keys("/ web-0 Enter");
    line(&driver, &["x web-01", "who?", "x 1"]);
    line(&driver, &["web-02", "Protect", "\u{221a} ok"]);
    driver.resize(120, 36);
    line(&driver, &["x web-01", "who?", "x 1"]);
    driver.keys("x");
    line(&driver, &["Protect", "stopped by DUP-02: who is who?"]);
    driver.expect("x web-01: another machine has its agent's id.");
    driver.keys("Esc Enter");
    driver.expect("x DUP-02 stops Protect: another machine has its agent's id.");
}

#[test]
fn of_several_machines_the_menu_counts_those_that_are_stopped() {
    let mut driver = copied();
    driver.keys("/ web-0 Enter a x");
    driver.expect("DUP-02 stops 1 of 2: who is who?");
}

#[test]
fn no_mark_reads_as_part_of_a_name() {
    let mut driver = copied();
    driver.keys("/ web-01 Enter Space");
    line(&driver, &["\u{25a0}x web-01"]);
}

#[test]
fn the_step_of_identities_is_ticked_only_where_every_machine_is_settled() {
    // web-01 cannot be told.
    let mut driver = step(None);
    driver.keys("G Enter");
    line(&driver, &["? Identities"]);
    driver.keys("Esc p");
    driver.input(Input::Paste("[vxagent]\n".into()));
    answer(&mut driver, "web-01", Ok(file(HOME_ID)));
    driver.expect("x contradiction");
    driver.keys("G Enter");
    line(&driver, &["x Identities"]);
    let mut driver = open("web-01", "p");
    learn_of(&mut driver, 2);
    // Its replication group goes with it: each is registered as usual.
    let others = [("web-02", 'b'), ("web-10", 'c')];
    let both = others.map(|(name, own)| {
        let agent = |kind: &str| format!("{own}{kind}81c0d2-7b3a-4f96-a1c5-2d90e7f3b618");
        [
            candidate(&format!("{name}-h"), name, &agent("a"), Discovery::VCenter),
            candidate(&format!("{name}-a"), name, &agent("b"), Discovery::Physical),
        ]
    });
    registered(&mut driver, both.concat());
    driver.keys("G Enter");
    assert_eq!(wizard(&driver).step, StepId::Identities);
    driver.keys("G Enter");
    line(&driver, &["\u{221a} Identities"]);
}

#[test]
fn a_recovery_whose_vm_is_not_known_is_not_ticked() {
    let mut driver = open("classic Azure", "f");
    until(&mut driver, StepId::Identities);
    driver.keys("G Enter");
    line(&driver, &["? Identities"]);
}
