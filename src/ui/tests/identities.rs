//! Who is who, as it is shown: on the list of machines at once, in the wizard, and without a script
//! where only reading is allowed.

use super::build;
use super::driver::{Driver, settings};
use super::wizard::{id, learn_of, open, wizard};
use crate::domain::identity::{Candidate, Power, Ranges};
use crate::domain::{ArmId, Discovery, Machine, Registration, Text};
use crate::site::Registry;
use crate::ui::model::Settings;
use crate::ui::terminal::Input;
use crate::ui::{Effect, Message};
use crate::wizard::StepId;

const HOME_ID: &str = "5CD9A161-43C4-8F42-9951DF9131773F18";
const AZURE_ID: &str = "9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4";

fn candidate(id: &str, name: &str, agent: &str, discovery: Discovery) -> Candidate {
    Candidate {
        registration: Registration {
            id: id.into(),
            name: name.into(),
            item: None,
            agent: agent.into(),
            address: "10.8.2.5".into(),
            discovery,
        },
        power: Power::On,
        providers: Vec::new(),
        heartbeat: None,
    }
}

/// The registrations are read: `more` beside the usual two of web-01.
fn registered(driver: &mut Driver, more: Vec<Candidate>) {
    let mut all = vec![
        candidate("home", "web-01", HOME_ID, Discovery::VCenter),
        candidate("azure", "web-01", AZURE_ID, Discovery::Physical),
    ];
    all.extend(more);
    let machines = build::machines();
    let own = machines
        .iter()
        .filter(|m| m.name.as_str().starts_with("web-"));
    let own: Vec<Machine> = own.cloned().collect();
    let now = driver.model().now;
    let registry = Registry::of(own, all, Ranges::default(), now);
    let judged = registry.identities(now);
    let generation = driver.model().identities.reading;
    let read = Ok((registry, judged));
    driver.reply(Message::Identities(generation, Box::new(read)));
}

#[test]
fn a_contradiction_is_on_the_list_of_machines_as_soon_as_the_registrations_are_read() {
    let mut driver = Driver::usual().at(100, 60);
    driver.expect_not("who is who");
    let copy = candidate("copy", "copy-of-web", AZURE_ID, Discovery::VCenter);
    registered(&mut driver, vec![copy]);
    driver.expect("who is who: web-01: clone: copy-of-web also has the id");
    let screen = driver.screen();
    let line = screen.lines().find(|line| line.contains("web-01  "));
    assert!(line.unwrap().contains("xweb-01"), "{screen}");
    driver.keys("e");
    driver
        .expect("WHO IS WHO")
        .expect("give one of the two machines");
    driver.keys("Esc / web-01 Enter Enter");
    driver.expect("REGISTRATIONS").expect(AZURE_ID);
}

#[test]
fn the_normal_picture_asks_for_nothing_and_claims_nothing() {
    let mut driver = Driver::usual().at(100, 60);
    registered(&mut driver, Vec::new());
    driver.expect_not("who is who");
    driver.keys("/ web-01 Enter Enter");
    driver.expect("as expected: host web-01");
    driver.expect_not("√ as expected");
}

#[test]
fn a_late_answer_of_an_older_reading_changes_nothing() {
    let mut driver = Driver::usual();
    registered(&mut driver, Vec::new());
    driver.screens.model.identities.reading.advance();
    let nothing = Ok((Registry::default(), Vec::new()));
    let older = crate::ui::effect::Generation(0);
    driver.reply(Message::Identities(older, Box::new(nothing)));
    let own: ArmId = id(&driver, "web-01");
    assert!(driver.model().identities.known().of_machine(&own).is_some());
}

/// The step, with a machine that cannot be told.
fn step(settings: Option<Settings>) -> Driver {
    let mut driver = open("web", "p");
    if let Some(settings) = settings {
        driver.screens.model.settings = settings;
    }
    learn_of(&mut driver, 3);
    let second = candidate("second", "web-01", HOME_ID, Discovery::VCenter);
    let second = Candidate {
        registration: Registration {
            agent: Text::from("4e81c0d2-7b3a-4f96-a1c5-2d90e7f3b618"),
            ..second.registration
        },
        ..second
    };
    registered(&mut driver, vec![second]);
    driver.keys("Enter");
    assert_eq!(wizard(&driver).step, StepId::Identities);
    driver
}

fn fetched(driver: &Driver) -> usize {
    let reads = driver.asked.iter().filter(|command| {
        matches!(
            command,
            crate::ui::terminal::Command::Read(Effect::ReadAgent { .. })
        )
    });
    reads.count()
}

#[test]
fn the_keys_are_on_the_machine_that_is_not_settled() {
    let driver = step(None);
    let screen = driver.screen();
    let here = screen.lines().find(|line| line.contains("► web-01"));
    assert!(
        here.is_some_and(|l| l.contains("? cannot tell")),
        "{screen}"
    );
    driver.expect("3 registrations may be the machine");
}

#[test]
fn no_script_runs_where_only_reading_is_allowed() {
    let read_only = Settings {
        read_only: true,
        ..settings()
    };
    let mut driver = step(Some(read_only));
    driver.keys("r");
    driver.expect("Run Command executes a script in the VM");
    assert_eq!(fetched(&driver), 0);
}

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
}
