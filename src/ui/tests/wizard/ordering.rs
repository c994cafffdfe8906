//! The order step by keys: commands of waves, what machines wait for, what cannot be carried out.

use super::stage::*;
use crate::domain::plan::Intent;
use crate::ui::tests::driver::Driver;
use crate::wizard::StepId;

fn order() -> Driver {
    let mut driver = open("classic Azure", "f");
    driver.keys("End Enter");
    learn(&mut driver);
    until(&mut driver, StepId::Order);
    driver.keys("Home");
    driver
}

#[test]
fn commands_of_a_wave_are_folded_away_until_somebody_wants_them() {
    let mut driver = order();
    driver.expect_not("Before it");
    driver.keys("Down Down Down Down Down");
    line(&driver, &["►", "+ commands of the wave"]);
    driver.keys("Right Down");
    driver.expect("Before it").expect("After it");
    driver.type_text("limit=3 else=stop warm-up 'all of it'");
    driver.keys("Up Left");
    line(
        &driver,
        &["commands of the wave", "runs warm-up all of it before"],
    );
    driver.expect_not("Before it");
    let plan = wizard(&driver).plan().unwrap();
    let Intent::FailBack(recovery) = plan.intent() else {
        panic!("{plan:?}");
    };
    let hook = recovery.waves[0].hooks.before.as_ref().unwrap();
    assert_eq!(hook.command, ["warm-up", "all of it"]);
    assert_eq!(hook.limit.0, 3);
}

#[test]
fn a_circle_is_named_at_both_machines_and_nobody_goes_on_with_it() {
    let mut driver = order();
    driver.keys("Enter Down");
    driver.type_text("web-02");
    driver.keys("Up Enter Down Enter Down");
    driver.type_text("web-01");
    driver.keys("Up End Enter");
    assert_eq!(wizard(&driver).step, StepId::Order, "{}", driver.screen());
    driver.expect("fields need another look");
    // Both are unfolded where they are wrong, and say whom they wait for.
    driver.expect("web-01 -> web-02 -> web-01: each waits for the");
    assert!(wizard(&driver).plan().is_none(), "a circle is no plan");
}

#[test]
fn what_is_wrong_with_a_wave_s_command_is_unfolded_when_next_is_pressed() {
    let mut driver = order();
    driver.keys("Down Down Down Down Down Right Down");
    driver.type_text("limit=soon warm-up");
    driver.keys("Up Left");
    driver.expect_not("Before it");
    driver.keys("End Enter");
    assert_eq!(wizard(&driver).step, StepId::Order);
    driver.expect("Before it").expect("write a whole number of");
}
