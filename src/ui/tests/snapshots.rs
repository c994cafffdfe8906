//! The main screens as they look. `cargo insta review` shows what a change does to them.

use insta::assert_snapshot;

use super::build;
use super::driver::Driver;
use crate::ui::Message;

fn opened(name: &str) -> Driver {
    let mut driver = Driver::usual();
    driver.keys(&format!("/ {name} Enter Enter"));
    let generation = driver.model().asked;
    let machine = driver.model().subject().unwrap().as_ref().clone();
    driver.reply(Message::Detail(
        generation,
        Box::new(Ok((machine, build::detail()))),
    ));
    driver
}

#[test]
fn machines() {
    let mut driver = Driver::usual();
    driver.keys("Space");
    assert_snapshot!("machines_80x24", driver.screen());
    driver.resize(120, 36);
    assert_snapshot!("machines_120x36", driver.screen());
    driver.resize(60, 20);
    assert_snapshot!("machines_60x20", driver.screen());
    driver.resize(44, 12);
    assert_snapshot!("machines_44x12", driver.screen());
    driver.resize(30, 8);
    assert_snapshot!("machines_30x8", driver.screen());
}

#[test]
fn machines_grouped_and_filtered() {
    let mut driver = Driver::usual();
    driver.keys("z");
    assert_snapshot!("machines_grouped", driver.screen());
    driver.keys("/");
    driver.type_text("azure !web");
    assert_snapshot!("machines_filtered", driver.screen());
}

#[test]
fn detail() {
    let mut driver = opened("sql");
    assert_snapshot!("detail_80x24", driver.screen());
    driver.keys("G");
    assert_snapshot!("detail_80x24_end", driver.screen());
    driver.resize(120, 36);
    driver.keys("g");
    assert_snapshot!("detail_120x36", driver.screen());
    driver.resize(44, 20);
    assert_snapshot!("detail_44x20", driver.screen());
    driver.resize(80, 24);
    driver.keys("y");
    assert_snapshot!("detail_plain", driver.screen());
}

#[test]
fn infrastructure() {
    let mut driver = Driver::usual();
    driver.keys("3 j");
    assert_snapshot!("infrastructure_80x24", driver.screen());
    driver.keys("j j Enter");
    assert_snapshot!("infrastructure_master_target", driver.screen());
}

#[test]
fn activity() {
    let mut driver = Driver::usual();
    driver.keys("4");
    assert_snapshot!("activity_80x24", driver.screen());
}

#[test]
fn help_and_palette() {
    let mut driver = Driver::usual();
    driver.keys("?");
    assert_snapshot!("help_80x24", driver.screen());
    driver.keys("Esc : fail");
    assert_snapshot!("palette_80x24", driver.screen());
}

#[test]
fn the_first_run() {
    let driver = Driver::with(super::driver::settings(), None);
    assert_snapshot!("connect_80x24", driver.screen());
}

#[test]
fn ascii() {
    let mut driver = Driver::usual();
    driver.screens.model.settings.look.glyphs = crate::ui::look::Glyphs::ASCII;
    driver.keys("Space");
    assert_snapshot!("machines_ascii", driver.screen());
}
