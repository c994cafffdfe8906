//! What a key costs among 20 machines and among 10,000: `cargo bench -- keys`.
//!
//! A key is taken, the frame is drawn to memory at 80x24. Both lists take turns and medians are
//! compared, so that the machine's mood cancels out. Fails when a key among 10,000 costs more than
//! 1.25 times the key among 20.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use failback::domain::{ArmId, Class, Health, Machine, Next, Place, Stage, Text};
use failback::site::{Part, PartName, PartState, Update};
use failback::ui::terminal::{Input, Program};
use failback::ui::{Message, Screens, Settings};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::meter::median;

const ROUNDS: usize = 400;
const MOST_RATIO: f64 = 1.25;

pub fn compare() {
    let mut few = screens(20);
    let mut many = screens(10_000);
    let (mut of_few, mut of_many) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // Down and up again, so that both lists show rows of the same kind all the time.
        let key = if round % 2 == 0 {
            KeyCode::Down
        } else {
            KeyCode::Up
        };
        of_few.push(key_in(&mut few, key));
        of_many.push(key_in(&mut many, key));
    }
    let (few, many) = (median(of_few), median(of_many));
    println!("one key, taken and drawn at 80x24, median of {ROUNDS}");
    println!("  among     20 machines {:8.1} us", few * 1e6);
    println!("  among 10,000 machines {:8.1} us", many * 1e6);
    println!("  ratio {:.2} (budget {MOST_RATIO})", many / few);
    assert!(
        many / few <= MOST_RATIO,
        "a key among 10,000 costs {:.2} times as much",
        many / few
    );
}

fn key_in(screens: &mut Screens, key: KeyCode) -> f64 {
    let area = Rect::new(0, 0, 80, 24);
    let mut buffer = Buffer::empty(area);
    let begun = Instant::now();
    let commands = screens.input(Input::Key(KeyEvent::new(key, KeyModifiers::NONE)));
    let cursor = screens.draw(area, &mut buffer);
    let seconds = begun.elapsed().as_secs_f64();
    assert!(
        commands.is_empty() && cursor.is_some(),
        "the key moved no cursor"
    );
    seconds
}

fn screens(machines: usize) -> Screens {
    let mut screens = Screens::new(Settings::default(), Some("bench".into()), (80, 24));
    let reading = screens.init();
    let generation = reading
        .into_iter()
        .find_map(|command| match command {
            failback::ui::terminal::Command::Read(failback::ui::Effect::Gather { generation }) => {
                Some(generation)
            }
            _ => None,
        })
        .unwrap();
    let page = (0..machines).map(machine).collect();
    let part = Part {
        name: PartName::Machines,
        state: PartState::Read,
        read_at: None,
    };
    for update in [
        Update::Begun,
        Update::Machines(page),
        Update::Part(part),
        Update::Ended,
    ] {
        screens.reply(Message::Estate(generation, update));
    }
    screens
}

fn machine(number: usize) -> Machine {
    Machine {
        id: ArmId::parse(&format!("/subscriptions/s/vaults/v/items/vm-{number}")).unwrap(),
        name: format!("vm-{number:05}").into(),
        class: Class::ClassicHome,
        place: Place::Azure,
        stage: Stage::Protected,
        running: None,
        sync_percent: None,
        next: Next::of(&Class::ClassicHome, &Place::Azure, ["UnplannedFailover"]),
        health: Health::Normal,
        problems: Vec::new(),
        rpo_seconds: Some(240),
        group_id: Text::default(),
        group_name: Text::default(),
        policy: Text::default(),
        last_failover: None,
        test_failover: Text::default(),
        event_correlation_id: Text::default(),
        azure_vm: None,
        service_ids: Box::default(),
        os: "Windows".into(),
        address: "10.0.0.4".into(),
    }
}
