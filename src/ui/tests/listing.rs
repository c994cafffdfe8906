//! Sorting, filtering, grouping, marking, and what a key costs.

use super::build;
use super::driver::Driver;
use crate::domain::{Health, Machine};
use crate::ui::listing::{Order, natural};
use crate::ui::view::BUILT;

fn names(driver: &Driver) -> Vec<String> {
    let machines = &driver.model().estate.machines;
    let rows = driver.model().listing.rows.iter();
    rows.filter_map(|row| match row {
        crate::ui::listing::Row::Machine(at) => Some(machines[*at].name.to_string()),
        crate::ui::listing::Row::Head(..) => None,
    })
    .collect()
}

fn many(count: usize) -> Driver {
    let one = |n| Machine {
        health: if n % 7 == 0 {
            Health::Warning
        } else {
            Health::Normal
        },
        ..build::reprotected(&format!("vm-{n:05}"))
    };
    Driver::over(build::estate((0..count).map(one).collect()))
}

#[test]
fn numbers_in_names_sort_by_value() {
    assert!(natural("web-2", "web-10").is_lt());
    assert!(natural("WEB-2", "web-3").is_lt());
    assert!(natural("a", "a1").is_lt());
    let driver = Driver::usual();
    let names = names(&driver);
    assert_eq!(names.last().unwrap(), "web-10");
}

#[test]
fn the_filter_is_live_and_escape_clears_it() {
    let mut driver = Driver::usual();
    driver.keys("/ web");
    assert_eq!(names(&driver), ["web-01", "web-02", "web-10"]);
    driver.expect("3 of 12");
    driver.type_text(" !web-10");
    assert_eq!(names(&driver), ["web-01", "web-02"]);
    driver.keys("Esc");
    assert_eq!(names(&driver).len(), 12);
    driver.keys("/ nothing-like-it Enter");
    driver.expect("No machine matches /nothing-like-it. Esc clears the filter.");
}

#[test]
fn the_filter_looks_in_states_next_steps_and_error_codes() {
    let mut driver = Driver::usual();
    for (filter, expected) in [
        ("78052", "erp-app-01"),
        ("hyper-v fail", "dc-01"),
        ("e9369372", "sql-01"),
    ] {
        driver.keys("/");
        driver.type_text(filter);
        driver.keys("Enter");
        assert_eq!(names(&driver)[0], expected, "{filter}");
        driver.keys("Esc");
    }
}

#[test]
fn the_worst_health_sorts_first_and_unknown_is_before_good() {
    let mut driver = Driver::usual();
    while driver.model().listing.order != Order::Health {
        driver.keys("s");
    }
    assert_eq!(
        names(&driver)[..4],
        ["erp-app-01", "sql-01", "old-box", "dc-02"]
    );
    driver.keys("S");
    assert_eq!(names(&driver).last().unwrap(), "erp-app-01");
}

#[test]
fn the_longest_rpo_sorts_first_and_one_not_told_last() {
    let mut driver = Driver::usual();
    driver.keys("s s s s");
    assert_eq!(names(&driver)[..2], ["erp-app-01", "dc-02"]);
    assert_eq!(driver.model().listing.order, Order::Rpo);
}

#[test]
fn a_group_id_that_one_machine_has_is_no_group() {
    let lonely = Machine {
        group_id: "lonely".into(),
        group_name: "lonely".into(),
        ..build::reprotected("solo")
    };
    let mut machines = build::machines();
    machines.push(lonely);
    let mut driver = Driver::over(build::estate(machines));
    driver.keys("z");
    driver
        .expect("web farm  3")
        .expect("in no replication group  10")
        .expect_not("lonely");
    driver.keys("z");
    driver.expect("rsv-contoso-weu  13");
    driver.keys("z");
    driver.expect("Hyper-V  2");
}

#[test]
fn marks_stay_on_their_machines() {
    let mut driver = Driver::usual();
    driver.keys("/ web Enter a Esc");
    driver.expect("3 marked");
    driver.keys("s s S z");
    driver.expect("3 marked");
    driver.keys("/ web Enter a Esc");
    driver.expect_not("marked");
}

#[test]
fn a_range_marks_from_here_to_there() {
    let mut driver = Driver::usual();
    driver.keys("v j j j");
    driver.expect("range begun");
    driver.keys("v");
    driver.expect("4 marked");
    driver.keys("v Esc");
    driver.expect_not("range begun");
}

#[test]
fn a_mark_on_a_group_marks_its_machines() {
    let mut driver = Driver::usual();
    driver.keys("z g Space");
    driver.expect("3 marked");
}

#[test]
fn the_cursor_stays_on_its_machine_when_the_estate_changes() {
    let mut driver = Driver::usual();
    driver.keys("/ sql Esc");
    let mut machines = build::machines();
    machines.insert(0, build::reprotected("aaa"));
    let here = driver.model().subject().unwrap().name.clone();
    driver.screens.model.estate = build::estate(machines);
    driver.screens.model.estate_changed();
    assert_eq!(driver.model().subject().unwrap().name, here);
}

#[test]
fn moving_keys_go_where_they_say() {
    let mut driver = many(500);
    let at = |driver: &Driver| driver.model().listing.cursor;
    driver.keys("G");
    assert_eq!(at(&driver), 499);
    driver.expect("vm-00499");
    driver.keys("g j Down");
    assert_eq!(at(&driver), 2);
    driver.keys("PgDn");
    assert_eq!(at(&driver), 21);
    driver.keys("C-d k PgUp Up");
    assert_eq!(at(&driver), 10);
    driver.keys("C-u C-u C-u");
    assert_eq!(at(&driver), 0);
    driver.keys("End Home");
    assert_eq!(at(&driver), 0);
}

#[test]
fn a_frame_builds_only_the_rows_in_sight() {
    for (count, keys) in [
        (20, "j"),
        (10_000, "j"),
        (10_000, "G"),
        (10_000, "PgDn Space"),
    ] {
        let mut driver = many(count);
        driver.keys(keys);
        BUILT.set(0);
        driver.screen();
        assert!(BUILT.get() <= 20, "{} rows built of {count}", BUILT.get());
    }
}

#[test]
fn a_key_that_moves_makes_no_index_anew() {
    let mut driver = many(10_000);
    let before = driver.model().listing.rows.as_ptr();
    driver.keys("j j PgDn G k Space 2 1");
    assert_eq!(driver.model().listing.rows.as_ptr(), before);
}
