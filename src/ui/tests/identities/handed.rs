//! A file that a person hands over, pasted or opened.

use jiff::SignedDuration;

use super::*;

#[test]
fn what_is_pasted_elsewhere_is_no_file_and_a_paste_closes_its_window() {
    let mut driver = step(None);
    driver.keys("p");
    driver.expect("Waiting for the paste.");
    // What is typed there runs nothing.
    driver.keys("q x");
    driver.expect("Waiting for the paste.");
    driver.input(Input::Paste("[vxagent]\nHostId=x\u{1b}[2J\n".into()));
    driver.expect_not("Waiting for the paste.");
    assert!(!driver.screen().contains('\u{1b}'));
    let fetch = last(&driver).expect("it is read as a file").0;
    assert!(
        matches!(fetch, Fetch::Handed(handed) if matches!(&handed.whence, Whence::Given(Source::Paste, _)))
    );
}

#[test]
fn a_part_of_a_paste_is_no_file_and_the_window_says_what_to_do() {
    let mut driver = step(None);
    driver.keys("p");
    let part = format!("[vxagent]\nHostId={AZURE_ID}\n");
    driver.input(Input::PartOfPaste(part));
    driver
        .expect("Only a part of the paste arrived")
        .expect("open that file");
    assert!(last(&driver).is_none());
    // All of it is taken there still.
    driver.input(Input::Paste("[vxagent]\n".into()));
    assert!(last(&driver).is_some());
}

#[test]
fn a_file_that_was_written_too_long_ago_settles_nothing() {
    let mut driver = step(None).at(120, 60);
    driver.keys("o");
    driver.type_text("/tmp/drscout.conf");
    driver.keys("Enter");
    let now = driver.model().now;
    let written = |hours: i64| Reading {
        source: Source::File("/tmp/drscout.conf".into()),
        at: now - SignedDuration::from_hours(hours),
        file: Ok(file(AZURE_ID)),
    };
    let come = |driver: &mut Driver, hours: i64| {
        let generation = last(driver).expect("it is read").1;
        let told = AgentTold {
            reading: written(hours),
            ..told(driver, "web-01", Ok(file(AZURE_ID)))
        };
        driver.reply(Message::Agent(generation, Box::new(Ok(told))));
    };
    come(&mut driver, 25);
    driver
        .expect("? cannot tell")
        .expect("has a file that was written more than 24 hours ago");
    driver.keys("o");
    driver.type_text("/tmp/drscout.conf");
    driver.keys("Enter");
    come(&mut driver, 23);
    driver.expect("√ keep this one");
}
