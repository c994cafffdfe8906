//! The wizard's screens as they look, at every size and with every name.

use insta::assert_snapshot;

use super::stage::*;
use crate::domain::ArmId;
use crate::readiness::{Outcome, Severity};
use crate::ui::tests::build;
use crate::ui::tests::driver::Driver;
use crate::wizard::{Field, Key, StepId, accept};

fn target() -> Driver {
    let mut driver = open("web", "p");
    driver.keys("Enter Down Enter");
    driver
}

#[test]
fn a_protection_as_it_looks() {
    let mut driver = open("web", "p");
    assert_snapshot!("wizard_machines_80x24", driver.screen());
    driver.keys("Enter");
    assert_snapshot!("wizard_target_80x24", driver.screen());
    driver.resize(120, 36);
    assert_snapshot!("wizard_target_120x36", driver.screen());
    driver.resize(60, 20);
    assert_snapshot!("wizard_target_60x20", driver.screen());
    driver.resize(44, 12);
    assert_snapshot!("wizard_target_44x12", driver.screen());
    driver.resize(80, 24);
    driver.keys("?");
    assert_snapshot!("wizard_help_80x24", driver.screen());
    driver.keys("Esc Down Enter Enter Enter End Enter End Enter Home Down Down Right Down");
    assert_snapshot!("wizard_settings_80x24", driver.screen());
}

#[test]
fn readiness_and_review_as_they_look() {
    let mut driver = target();
    driver.keys("Enter Enter End Enter End Enter End Enter End Enter");
    assert_eq!(wizard(&driver).step, StepId::Readiness);
    let (one, two) = (id(&driver, "web-01"), id(&driver, "web-02"));
    let merged = "its snapshot is merged by the reprotect";
    let findings = vec![
        passed(&one),
        passed(&two),
        finding(
            Severity::Blocker,
            Outcome::Failed,
            3,
            &one,
            "it is busy: test failover",
        ),
        finding(Severity::Warning, Outcome::Failed, 0, &one, merged),
        finding(Severity::Warning, Outcome::Failed, 0, &two, merged),
        finding(
            Severity::Blocker,
            Outcome::Unknown,
            5,
            &two,
            "Azure was too busy to say",
        ),
    ];
    judge(&mut driver, findings);
    assert_snapshot!("wizard_readiness_80x24", driver.screen());
    driver.keys("Down Enter");
    assert_snapshot!("wizard_consent_80x24", driver.screen());
    driver.keys("Esc End Enter");
    assert_snapshot!("wizard_review_80x24", driver.screen());
}

#[test]
fn a_recovery_as_it_looks() {
    let mut driver = open("classic Azure", "f");
    driver.keys("End Enter");
    learn(&mut driver);
    assert_snapshot!("wizard_identities_80x24", driver.screen());
    driver.keys("End Enter Home Down");
    assert_snapshot!("wizard_point_80x24", driver.screen());
    until(&mut driver, StepId::Order);
    driver.keys("Home Right");
    assert_snapshot!("wizard_order_80x24", driver.screen());
    driver.screens.model.settings.look.glyphs = crate::ui::look::Glyphs::ASCII;
    assert_snapshot!("wizard_order_ascii", driver.screen());
}

#[test]
fn an_order_with_waits_and_commands_as_it_looks() {
    let mut driver = open("classic Azure", "f");
    driver.keys("End Enter");
    learn(&mut driver);
    until(&mut driver, StepId::Order);
    let ids: Vec<ArmId> = {
        let walk = wizard(&driver).walk();
        walk.machines().iter().map(|m| m.id().clone()).collect()
    };
    let names: Vec<String> = ids.iter().map(|id| id.name().to_owned()).collect();
    let wizard = driver.screens.model.wizard.as_mut().unwrap();
    for (key, answer) in [
        (Key::of(Field::Wave, &ids[1]), "2"),
        (Key::of(Field::Wave, &ids[2]), "2"),
        (Key::of(Field::After, &ids[2]), "web-02"),
        (
            Key::of(Field::WaitFor, &ids[0]),
            "heartbeat; tcp 10.0.0.4:1433",
        ),
        (
            Key::of(Field::CommandAfter, &ids[2]),
            "else=stop dns-switch web",
        ),
        (Key::of(Field::Optional, &ids[3]), "yes"),
        (Key::wave(Field::WaveAfter, 1), "check-erp"),
        (Key::plan(Field::AtOnce), "2"),
    ] {
        let offers = wizard.offers.clone();
        accept(&mut wizard.draft, &offers, &key, &answer.into())
            .unwrap_or_else(|why| panic!("{key:?} {why} {names:?}"));
    }
    driver.keys("Home");
    assert_snapshot!("wizard_order_told_80x24", driver.screen());
    driver.keys("Enter");
    assert_snapshot!("wizard_order_open_80x24", driver.screen());
    driver.resize(120, 36);
    assert_snapshot!("wizard_order_open_120x36", driver.screen());
}

#[test]
fn drafts_as_they_look() {
    let mut driver = Driver::over(estate());
    with_drafts(&mut driver);
    driver.keys("d j");
    assert_snapshot!("wizard_drafts_80x24", driver.screen());
}

#[test]
fn the_cursor_is_on_what_the_keys_act_on() {
    let mut driver = open("web", "p");
    driver.keys("Enter");
    let (buf, cursor) = driver.buffer();
    let cursor = cursor.unwrap();
    assert_eq!(buf[(cursor.x, cursor.y)].symbol(), "►");
    driver.keys("End");
    let (buf, cursor) = driver.buffer();
    let cursor = cursor.unwrap();
    let there: String = (0..8)
        .map(|x| buf[(cursor.x + x, cursor.y)].symbol())
        .collect();
    assert_eq!(there, "[ next ]");
}

#[test]
fn hostile_names_stay_in_their_columns_and_reach_no_cell_raw() {
    let names = [
        "esc\u{1b}[2J",
        "rtl\u{202e}txt",
        "東京サーバー",
        "",
        "new\nline",
    ];
    let long = "x".repeat(1 << 16);
    let mut estate = estate();
    estate.machines.clear();
    for name in names.iter().copied().chain([long.as_str()]) {
        let machine = crate::domain::Machine {
            name: name.into(),
            ..build::machine(
                &format!("m{}", estate.machines.len()),
                "InMageAzureV2",
                "Recovery",
                "UnplannedFailoverCommitted",
                &["SwitchProtection"],
            )
        };
        estate.machines.push(std::sync::Arc::new(machine));
    }
    for ascii in [false, true] {
        let mut driver = Driver::over(estate.clone());
        if ascii {
            driver.screens.model.settings.look.glyphs = crate::ui::look::Glyphs::ASCII;
        }
        driver.keys("a p");
        read(&mut driver);
        for keys in [
            "Home",
            "?",
            "Esc End Enter",
            "Down Enter",
            "End Enter",
            "End Enter",
            "Home Right",
        ] {
            driver.keys(keys);
            let (buf, _) = driver.buffer();
            let raw = |c: char| c.is_control() || c == '\u{202e}';
            assert!(
                !buf.content().iter().any(|cell| cell.symbol().contains(raw)),
                "{keys}"
            );
            assert!(
                !ascii || driver.screen().is_ascii(),
                "{keys}\n{}",
                driver.screen()
            );
            for y in 2..23 {
                let at_rule = buf[(17, y)].symbol();
                let framed = buf[(0, y)].symbol();
                assert!(
                    at_rule == "│"
                        || at_rule == "|"
                        || y == 22
                        || framed != " "
                        || !driver.model().overlays.is_empty(),
                    "row {y} after {keys}\n{}",
                    driver.screen()
                );
            }
        }
    }
}
