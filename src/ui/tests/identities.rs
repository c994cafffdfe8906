//! Who is who, as it is shown: on the list of machines at once, in the wizard, and without a script
//! where only reading is allowed.

mod handed;

use std::sync::Arc;

use super::build;
use super::driver::{Driver, settings};
use super::wizard::{id, judge, learn_of, open, saved, wizard};
use crate::domain::identity::tests::scene::file;
use crate::domain::identity::{
    AgentFile, Candidate, NotRead, Power, Ranges, Reading, Source, Verdict,
};
use crate::domain::plan::{Fingerprint, Subject};
use crate::domain::{ArmId, Discovery, Machine, Place, Registration, Text};
use crate::readiness::{Finding, Outcome, identity_doubts};
use crate::site::{AgentTold, Evidence, Registry, Whence};
use crate::store::KeptReadings;
use crate::ui::effect::{Fetch, Generation};
use crate::ui::model::Settings;
use crate::ui::terminal::{Command, Input};
use crate::ui::{Effect, Message};
use crate::wizard::StepId;

pub(super) const HOME_ID: &str = "5CD9A161-43C4-8F42-9951DF9131773F18";
pub(super) const AZURE_ID: &str = "9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4";

pub(super) fn candidate(id: &str, name: &str, agent: &str, discovery: Discovery) -> Arc<Candidate> {
    Arc::new(Candidate {
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
    })
}

/// The registrations are read: `more` beside the usual two of web-01.
pub(super) fn registered(driver: &mut Driver, more: Vec<Arc<Candidate>>) {
    registered_with(driver, more, &Evidence::default());
}

/// And what was kept of the agents.
fn registered_with(driver: &mut Driver, more: Vec<Arc<Candidate>>, kept: &Evidence) {
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
    let registry = Registry::of(
        own.into_iter().map(Arc::new).collect(),
        all,
        Ranges::default(),
        now,
    )
    .with(kept);
    let judged = registry.identities(now);
    let generation = driver.model().identities.reading;
    let read = Ok((registry, judged));
    driver.reply(Message::Identities(generation, Box::new(read)));
}

#[test]
fn a_contradiction_is_on_the_list_of_machines_as_soon_as_the_registrations_are_read() {
    let mut driver = Driver::usual().at(100, 60);
    driver.expect_not("cannot be protected");
    let copy = candidate("copy", "copy-of-web", AZURE_ID, Discovery::VCenter);
    registered(&mut driver, vec![copy]);
    driver.expect("x web-01 cannot be protected: another machine has its agent's id");
    let screen = driver.screen();
    let line = screen.lines().find(|line| line.contains("web-01  "));
    assert!(line.unwrap().contains("x web-01"), "{screen}");
    driver.keys("e");
    driver
        .expect("WHO IS WHO")
        .expect("give one of the two machines");
    driver.keys("Esc / web-01 Enter Enter");
    driver.expect("REGISTRATIONS").expect(AZURE_ID);
}

#[test]
fn what_was_kept_and_is_lost_stays_in_doubt_until_a_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("site")).unwrap();
    // A file where the folder should be: what was kept cannot be read.
    std::fs::write(folder.path().join("site/identities"), "").unwrap();
    let store = KeptReadings::of_site(folder.path(), "site").unwrap();
    let mut driver = Driver::usual().at(120, 60);
    registered_with(&mut driver, Vec::new(), &Evidence::kept(&store));
    assert_eq!(driver.model().identities.troubles().len(), 1);
    driver.keys("/ web-01 Enter Enter");
    driver.expect("? cannot tell").expect("is lost");
    let pasted = |driver: &mut Driver, file| {
        driver.keys("P");
        driver.input(Input::Paste("[vxagent]\n".into()));
        answer(driver, "web-01", file);
    };
    pasted(&mut driver, Err("the VM is off".into()));
    driver.expect("? cannot tell").expect("is lost");
    pasted(&mut driver, Ok(file(AZURE_ID)));
    driver.expect("as expected, confirmed by hand");
}

#[test]
fn the_normal_picture_asks_for_nothing_and_claims_nothing() {
    let mut driver = Driver::usual().at(100, 60);
    registered(&mut driver, Vec::new());
    driver.expect_not("cannot be protected");
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
pub(super) fn step(settings: Option<Settings>) -> Driver {
    let mut driver = open("web", "p");
    if let Some(settings) = settings {
        driver.screens.model.settings = settings;
    }
    learn_of(&mut driver, 3);
    const SECOND_ID: &str = "4e81c0d2-7b3a-4f96-a1c5-2d90e7f3b618";
    let second = candidate("second", "web-01", SECOND_ID, Discovery::VCenter);
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

/// The file that was last asked for, and under which generation.
fn last(driver: &Driver) -> Option<(&Fetch, Generation)> {
    let mut asked = driver.asked.iter().rev();
    asked.find_map(|command| match command {
        Command::Read(Effect::ReadAgent { fetch, generation }) => Some((&**fetch, *generation)),
        _ => None,
    })
}

/// What the agent of a machine said.
fn told(driver: &Driver, name: &str, file: Result<AgentFile, Text>) -> AgentTold {
    AgentTold {
        machine: id(driver, name),
        reading: Reading {
            source: Source::Paste,
            at: driver.model().now,
            file: file.map_err(NotRead::Failed),
        },
        came: driver.model().now,
        not_kept: None,
    }
}

pub(super) fn answer(driver: &mut Driver, name: &str, file: Result<AgentFile, Text>) {
    let generation = last(driver).expect("an agent was asked").1;
    let told = told(driver, name, file);
    driver.reply(Message::Agent(generation, Box::new(Ok(told))));
}

#[test]
fn both_registrations_stand_beside_each_other_with_what_speaks_for_them() {
    let mut driver = step(None).at(120, 60);
    let screen = driver.screen();
    let both = |label: &str, words: [&str; 2]| {
        let line = screen.lines().find(|line| line.contains(label));
        let line = line.unwrap_or_else(|| panic!("no {label} on\n{screen}"));
        let first = line.find(words[0]);
        let last = line.rfind(words[1]);
        assert!(first.is_some() && first < last, "{words:?} in {line}");
    };
    both("Found by", ["a vCenter", "agent (physical)"]);
    both("Host name", ["web-01", "web-01"]);
    driver
        .expect("Platform")
        .expect("Addresses")
        .expect("Speaks");
    // Nobody tells it here.
    driver.expect_not("Heartbeat");
    driver.expect("r Run Command, p paste, o file, s ssh");
    driver.resize(80, 24);
    driver.expect("Host id").expect("r Run Command");
}

#[test]
fn what_is_stopped_is_stopped_and_its_late_answer_changes_nothing() {
    let mut driver = step(None);
    driver.keys("p");
    driver.input(Input::Paste("[vxagent]\n".into()));
    driver.expect("reading...").expect("x stops waiting");
    let (_, generation) = last(&driver).unwrap();
    driver.keys("x");
    driver.expect("Stopped waiting").expect("? cannot tell");
    let stopped = driver.asked.iter().any(|command| {
        matches!(command, Command::Read(Effect::StopAgent { generation: own }) if *own == generation)
    });
    assert!(stopped);
    let told = told(&driver, "web-01", Ok(file(AZURE_ID)));
    driver.reply(Message::Agent(generation, Box::new(Ok(told))));
    driver.expect("? cannot tell");
    assert_eq!(driver.model().identities.fetching(), 0);
}

#[test]
fn while_an_agent_is_read_every_key_works_and_what_it_says_settles_its_machine() {
    let mut driver = step(None);
    driver.keys("p");
    driver.input(Input::Paste("[vxagent]\n".into()));
    driver.keys("Down");
    driver.expect("► web-02");
    driver.keys("Up ? Esc");
    driver.expect("► web-01").expect("reading...");
    // A second request waits for the first.
    let asked = fetched(&driver);
    driver.keys("p");
    driver.input(Input::Paste("[vxagent]\n".into()));
    assert_eq!(fetched(&driver), asked);
    answer(&mut driver, "web-01", Ok(file(AZURE_ID)));
    driver.expect("√ keep this one").expect("(o) in Azure");
}

#[test]
fn words_of_a_machine_that_failed_are_shown_and_never_obeyed() {
    let mut driver = step(None).at(120, 60);
    driver.keys("p");
    driver.input(Input::Paste("[vxagent]\n".into()));
    let hostile = "sh: \u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}: not found";
    answer(&mut driver, "web-01", Err(hostile.into()));
    driver.expect("? cannot tell").expect("Not read: paste");
    assert!(!driver.screen().contains(['\u{1b}', '\u{7}', '\u{202e}']));
}

#[test]
fn what_cannot_be_told_is_attested_to_there_and_answers_readiness_later() {
    let mut driver = step(None);
    driver.keys("a");
    driver.expect("DUP-02").expect("What did you look at?");
    driver.type_text("the console of the VM");
    driver.keys("Enter");
    driver.expect("Attested by").expect("the console of the VM");
    let draft = saved(&driver).pop().expect("the draft is kept");
    let [early] = draft.early.as_slice() else {
        panic!("{:?}", draft.early);
    };
    let own = id(&driver, "web-01");
    assert_eq!((early.check.as_str(), &early.machine), ("DUP-02", &own));
    // It survives the file.
    let text = serde_json::to_string(draft).unwrap();
    let read: crate::domain::Draft = serde_json::from_str(&text).unwrap();
    assert_eq!(read.early, draft.early);
    let known = driver.model().identities.known().of_machine(&own).unwrap();
    let (check, words, fact) = identity_doubts(&known.judged).remove(0);
    // What is found in the same words is answered; in others it is not.
    for (words, fact, answered) in [
        (words.clone(), fact, true),
        ("something else".into(), Fingerprint::of(["else"]), false),
    ] {
        let finding = Finding {
            row: crate::readiness::catalogue::row(check).unwrap(),
            subject: Subject::Machine(own.clone()),
            outcome: Outcome::Unknown,
            words,
            fact,
            answer: None,
        };
        let mut driver = step(None);
        driver.keys("a");
        driver.type_text("the console");
        driver.keys("Enter G");
        for _ in 0..20 {
            if wizard(&driver).step != StepId::Readiness {
                driver.keys("Enter");
            }
        }
        assert_eq!(
            wizard(&driver).step,
            StepId::Readiness,
            "{}",
            driver.screen()
        );
        judge(&mut driver, vec![finding]);
        let readied = wizard(&driver).readied().unwrap();
        assert_eq!(readied.findings.ready(), answered);
        let said = wizard(&driver).plan().unwrap().statements;
        assert_eq!(
            said.iter().any(|s| s.why.as_str() == "the console"),
            answered
        );
    }
}

#[test]
fn what_is_settled_is_not_attested_to() {
    let mut driver = step(None);
    driver.keys("p");
    driver.input(Input::Paste("[vxagent]\n".into()));
    answer(&mut driver, "web-01", Ok(file(AZURE_ID)));
    driver.expect("√ keep this one");
    driver.keys("a");
    driver.expect("Only what cannot be told is attested to");
    assert!(driver.model().overlays.is_empty());
}

#[test]
fn an_agent_is_read_from_its_machines_page() {
    let mut driver = Driver::usual().at(120, 60);
    registered(&mut driver, Vec::new());
    driver.keys("/ web-01 Enter Enter");
    driver
        .expect("REGISTRATIONS")
        .expect("R Run Command, P paste, O file, S ssh");
    driver.keys("P");
    driver.expect("Waiting for the paste.");
    driver.input(Input::Paste("[vxagent]\n".into()));
    driver.expect("X stops waiting");
    answer(&mut driver, "web-01", Ok(file(HOME_ID)));
    driver.expect("x contradiction");
    driver.keys("Esc");
    driver.expect("x web-01 cannot be protected: its registrations contradict");
}

#[test]
fn what_nobody_confirmed_is_not_called_settled() {
    let mut driver = step(None);
    registered(&mut driver, Vec::new());
    driver
        .expect("as expected")
        .expect("Nobody confirmed it. To be sure read drscout.conf");
    driver.keys("p");
    driver.input(Input::Paste("[vxagent]\n".into()));
    answer(&mut driver, "web-01", Ok(file(AZURE_ID)));
    driver.expect("handed over by a person").expect("Settled.");
}

#[test]
fn no_script_is_run_for_a_machine_that_runs_at_home() {
    let mut machines = build::machines().into_iter();
    let with_vm = machines.find(|machine| machine.azure_vm.is_some());
    let home = Machine {
        place: Place::OnPremises,
        ..with_vm.expect("one whose VM is still there")
    };
    let away = Machine {
        place: Place::Azure,
        ..home.clone()
    };
    let now = build::at("2026-03-02T08:22:00Z");
    let ask = |machine: Machine| {
        let id = machine.id.clone();
        let registry = Registry::of(vec![machine.into()], Vec::new(), Ranges::default(), now);
        registry.ask(&id)
    };
    assert!(ask(away).is_ok());
    assert_eq!(ask(home).unwrap_err().as_str(), "it does not run in Azure");
}

/// Nothing grows with the others: two thousand readings judge two thousand machines.
#[test]
fn each_of_two_thousand_readings_judges_one_machine() {
    const MANY: usize = 2000;
    let one = build::machines().remove(0);
    let name = |at: usize| format!("vm-{at:04}");
    let agent = |kind: u32, at: usize| format!("{kind:08x}-0000-0000-0000-{at:012x}");
    let machines: Vec<Machine> = (0..MANY)
        .map(|at| Machine {
            id: ArmId::parse(&one.id.as_str().replace(one.id.name(), &name(at))).unwrap(),
            name: name(at).into(),
            ..one.clone()
        })
        .collect();
    let two = |at: usize| {
        let (id, name) = (|kind: &str| format!("{kind}{at}"), name(at));
        [
            candidate(&id("h"), &name, &agent(1, at), Discovery::VCenter),
            candidate(&id("a"), &name, &agent(2, at), Discovery::Physical),
        ]
    };
    let all: Vec<_> = (0..MANY).flat_map(two).collect();
    let now = build::at("2026-03-02T08:22:00Z");
    let registry = Registry::of(
        machines.iter().cloned().map(Arc::new).collect(),
        all,
        Ranges::default(),
        now,
    );
    let judged = registry.identities(now);
    assert_eq!(judged.len(), MANY);
    let mut identities = crate::ui::model::identities::Identities::default();
    identities.renew(registry, judged);
    for (at, machine) in machines.iter().enumerate() {
        identities.learn(AgentTold {
            machine: machine.id.clone(),
            reading: Reading {
                source: Source::Paste,
                at: now,
                file: Ok(file(&agent(2, at))),
            },
            came: now,
            not_kept: None,
        });
    }
    assert_eq!(identities.known().judged(), 2 * MANY);
    let own = identities.known().of_machine(&machines[77].id).unwrap();
    assert!(matches!(
        own.judged.verdict,
        Verdict::AsExpected {
            confirmed: true,
            ..
        }
    ));
    // However often one is read, what is kept of it does not grow.
    for _ in 0..50 {
        let reading = Reading {
            source: Source::Paste,
            at: now,
            file: Err(NotRead::Failed("no answer".into())),
        };
        identities.learn(AgentTold {
            machine: machines[0].id.clone(),
            reading,
            came: now,
            not_kept: None,
        });
    }
    let own = identities.known().of_machine(&machines[0].id).unwrap();
    assert!(own.group.readings.len() <= 8);
}
