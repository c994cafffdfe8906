//! What is known of the site, how well, and since when.

use std::time::{Duration, Instant};

use super::build::{self, part};
use super::driver::{Driver, settings};
use crate::domain::{Failure, Retry};
use crate::site::{PartName, PartState, Update};
use crate::ui::model::Source;
use crate::ui::terminal::{Command, Program};
use crate::ui::{Effect, Generation, Message, Settings};

fn refused() -> Failure {
    Failure {
        code: "AuthorizationFailed".into(),
        said: "The client has no permission to read protected items.".into(),
        activity_id: "b433a90a-0000-4000-8000-000000000000".into(),
        ..Failure::new(
            "the machines of rsv-contoso-weu were refused",
            "Ask for the role Site Recovery Reader.",
            Retry::AfterFixing,
        )
    }
}

#[test]
fn the_first_frame_waits_for_nothing() {
    let mut driver = Driver::with(settings(), Some(crate::site::Estate::default()));
    driver.expect("Nothing was read yet");
    let asked = driver.screens.init();
    assert!(matches!(
        asked[..],
        [
            Command::Read(Effect::Gather { .. }),
            Command::Read(Effect::Watch { .. }),
            Command::Read(Effect::ListDrafts)
        ]
    ));
    driver
        .expect("reading...")
        .expect("Reading the machines...");
}

#[test]
fn a_late_answer_to_an_older_reading_is_dropped() {
    let mut driver = Driver::usual();
    driver.keys("r r");
    driver.reply(Message::Estate(
        Generation(1),
        Update::Vaults(vec!["old".into()]),
    ));
    driver.expect_not("> old");
    driver.reply(Message::Estate(
        Generation(2),
        Update::Vaults(vec!["new".into()]),
    ));
    driver.expect("> new");
}

#[test]
fn a_part_that_could_not_be_read_says_so_and_e_says_all_of_it() {
    let mut driver = Driver::usual();
    driver.keys("r");
    let failed = part(PartName::Machines, PartState::Failed(Box::new(refused())));
    driver.reply(Message::Estate(Generation(1), Update::Part(failed)));
    driver.reply(Message::Estate(Generation(1), Update::Ended));
    driver
        .expect("x machines: the machines of rsv-contoso-weu were refused")
        .expect("not all read, as of 09:14 +01");
    driver.keys("e");
    driver
        .expect("machines: could not be read; what is shown is older, as of 2026-03-02")
        .expect("The client has no permission to read protected items.")
        .expect("(AuthorizationFailed)")
        .expect("What to do: Ask for the role Site Recovery Reader.")
        .expect("Activity id: b433a90a");
}

#[test]
fn a_doubt_about_another_screen_shows_on_its_tab() {
    let mut driver = Driver::usual();
    driver.keys("r");
    let failed = part(PartName::Jobs, PartState::NotRecorded);
    driver.reply(Message::Estate(Generation(1), Update::Part(failed)));
    driver.expect("4 Activity !");
    driver.keys("4");
    driver.expect("jobs: the recording does not hold them");
}

#[test]
fn a_recording_tells_no_time_as_its_own_and_is_never_live() {
    let settings = Settings {
        source: Source::Recorded,
        refresh: None,
        ..settings()
    };
    let mut driver = Driver::with(settings, Some(build::estate(build::machines())));
    driver
        .expect("recorded")
        .expect_not("as of")
        .expect_not("09:14");
    driver.keys("/ sql Enter f");
    driver.expect("This is a recording: fail back is switched off here.");
    driver.keys("r");
    let composed = part(PartName::Machines, PartState::Composed);
    driver.reply(Message::Estate(Generation(1), Update::Part(composed)));
    driver.reply(Message::Estate(Generation(1), Update::Ended));
    driver.expect("put together from single recorded answers");
    assert_eq!(driver.screens.deadline(), None);
}

#[test]
fn the_site_is_read_again_when_the_reading_is_old_and_only_then() {
    let mut driver = Driver::usual();
    assert_eq!(driver.screens.deadline(), None, "idle: nothing wakes");
    driver.keys("r");
    driver.reply(Message::Estate(Generation(1), Update::Ended));
    let at = driver.screens.deadline().unwrap();
    let early = driver
        .screens
        .woken(at.checked_sub(Duration::from_secs(1)).unwrap());
    assert!(early.is_empty());
    let asked = driver.screens.woken(at);
    assert!(matches!(asked[..], [Command::Read(Effect::Gather { .. })]));
    assert_eq!(driver.screens.deadline(), None);
    assert!(at > Instant::now());
}

#[test]
fn a_panic_of_a_task_is_an_error_on_the_screen() {
    let mut driver = Driver::usual();
    driver
        .screens
        .failed("index out of \u{1b}[2J bounds".into());
    driver.expect("failback itself failed: index out of \\x1b[2J bounds");
    driver.keys("q");
    driver.expect("MACHINE");
}

#[test]
fn a_deep_read_that_comes_too_late_is_dropped() {
    let mut driver = Driver::usual();
    driver.keys("/ sql Enter Enter");
    let generation = driver.model().asked;
    let machine = driver.model().subject().unwrap().as_ref().clone();
    driver.keys("Esc Enter");
    driver.reply(Message::Detail(
        generation,
        Box::new(Ok((machine, build::detail()))),
    ));
    driver.expect("Reading disks, adapters and recovery points...");
}

#[test]
fn unknown_operations_are_named_and_not_offered() {
    let mut driver = Driver::usual();
    driver.keys("/ dc-02 Enter Enter");
    driver
        .expect("Can be done next  Fail over to Azure, Test failover")
        .expect("Teleport (Azure lists it; this program does not know it)");
}

#[test]
fn ids_go_to_the_terminals_clipboard_and_nobody_claims_they_arrived() {
    let mut driver = Driver::usual();
    driver.keys("/ sql Enter Enter c");
    driver
        .expect("Sent to your terminal's clipboard")
        .expect_not("opied");
    let Some(Command::Copy(text)) = driver.asked.last() else {
        panic!("nothing was sent to the clipboard");
    };
    assert!(
        text.contains("replicationProtectedItems/sql-01")
            && text.contains("virtualMachines/sql-01-e9369372")
    );
}
