//! What the screens may never leave out, however small they are, and never say in two ways.

use super::build;
use super::driver::{Driver, settings};
use crate::ui::Settings;
use crate::ui::model::Source;

fn over(source: Source, site: &str) -> Driver {
    let settings = Settings {
        source,
        read_only: true,
        ..settings()
    };
    let mut driver = Driver::with(settings, Some(build::estate(build::machines())));
    driver.screens.model.site = Some(site.into());
    driver
}

#[test]
fn read_only_is_marked_at_every_width() {
    for source in [Source::Live, Source::Recorded, Source::Demo] {
        for site in ["dr", "a-site-with-a-name-longer-than-anybody-would-type"] {
            for width in [40, 44, 60, 80, 120] {
                let mut driver = over(source, site).at(width, 24);
                driver.expect("[read-only]").expect(source.word());
                driver.keys("r 2");
                driver.expect("[read-only]");
            }
        }
    }
}

#[test]
fn the_arrow_of_the_order_is_whole_and_points_as_the_values_go() {
    for width in [60, 66, 76, 80, 100, 120] {
        let mut driver = Driver::usual().at(width, 24);
        for (word, arrow) in [
            ("PROVIDER", '▲'),
            ("WHERE", '▲'),
            ("STATE", '▲'),
            ("RPO", '▼'),
            ("NEXT", '▲'),
            ("HEALTH", '▼'),
        ] {
            driver.keys("s");
            let (before, behind) = (format!("{arrow}{word}"), format!("{word}{arrow}"));
            let marked = driver.sees(&before) || driver.sees(&behind);
            assert_eq!(marked, driver.sees(word), "{}", driver.screen());
        }
        driver.keys("s S");
        driver.expect("MACHINE▼");
    }
}

#[test]
fn infrastructure_keeps_its_health_at_every_width() {
    for width in [40, 44, 60, 66, 80, 120] {
        let mut driver = Driver::usual().at(width, 20);
        driver.keys("3");
        driver.expect("HEALTH").expect("? unknown");
    }
}

#[test]
fn a_good_word_beside_an_error_is_amber() {
    use crate::domain::{Health, Level, Text};
    use crate::ui::look::{Tone, health_with};
    let problem = |level, code: &str| crate::domain::Problem {
        level,
        code: code.into(),
        message: "m".into(),
        causes: Text::default(),
        remedy: Text::default(),
        since: None,
        activity_id: Text::default(),
    };
    let of = |health: Health, level, code| health_with(&health, &[problem(level, code)]);
    assert_eq!(of(Health::Normal, Level::Error, "1"), Tone::Amber);
    assert_eq!(of(Health::Unknown, Level::Warning, "1"), Tone::Amber);
    assert_eq!(of(Health::Critical, Level::Warning, "1"), Tone::Bad);
    // Everyday: no test failover was done.
    assert_eq!(of(Health::Normal, Level::Warning, "161011"), Tone::Good);
    assert_eq!(of(Health::Normal, Level::Information, "1"), Tone::Good);
}
