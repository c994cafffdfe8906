//! Any size: nothing panics, nothing is written outside, and what was there comes back.

use proptest::prelude::*;

use super::build;
use super::driver::Driver;
use crate::ui::Message;

/// Every screen and overlay by the keys that lead there.
const PLACES: [&str; 27] = [
    "",
    "z",
    "/ web",
    "Enter",
    "Enter y",
    "3",
    "3 j j j Enter",
    "4",
    "4 Enter",
    "?",
    ": fail",
    "e",
    "/ sql Enter f",
    "/ sql Enter f Enter Enter",
    "/ web-01 Enter p Enter Enter Down",
    "Space Space Space p ? ",
    ": connect Enter Tab Tab F5",
    "2",
    "2 G",
    "2 Enter",
    "2 Enter G",
    "2 Enter j j Enter",
    "2 Enter y",
    "2 a Tab",
    "2 X",
    "2 G k k Enter",
    "2 j Enter",
];

#[test]
fn one_by_one_survives_and_everything_comes_back() {
    for keys in PLACES {
        let mut driver = super::monitor::everything();
        driver.keys("1");
        driver.keys(keys);
        let before = driver.screen();
        driver.resize(1, 1);
        driver.screen();
        driver.resize(80, 24);
        assert_eq!(driver.screen(), before, "{keys}");
    }
}

#[test]
fn below_forty_by_ten_the_screen_says_what_it_needs() {
    for (columns, rows) in [(30, 8), (39, 24), (80, 9)] {
        Driver::usual().at(columns, rows).expect("needs 40x10");
    }
    Driver::usual().at(40, 10).expect("MACHINE");
}

#[test]
fn the_cursor_is_on_the_row_or_field_that_keys_act_on() {
    let mut driver = Driver::usual();
    driver.keys("j j");
    let (buf, cursor) = driver.buffer();
    assert_eq!(cursor.unwrap().y, 5);
    assert_eq!(buf[(0, 5)].symbol(), "►");
    driver.keys("/ web");
    assert_eq!(driver.buffer().1.unwrap(), (5, 23).into());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_size_panics_anywhere(columns in 1u16..140, rows in 1u16..50, more in "[jkGg?:/qzvas1-4 ]{0,6}") {
        for keys in PLACES {
            let mut driver = super::monitor::everything().at(columns, rows);
            driver.keys("1");
            driver.keys(keys);
            let generation = driver.model().asked;
            if let Some(machine) = driver.model().subject().map(|m| m.as_ref().clone()) {
                driver.reply(Message::Detail(generation, Box::new(Ok((machine, build::detail())))));
            }
            driver.screen();
            driver.keys("PgDn G");
            driver.screen();
            driver.type_text(&more);
            driver.screen();
            driver.resize(rows, columns.min(60));
            driver.screen();
        }
    }
}
