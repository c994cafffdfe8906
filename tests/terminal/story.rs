//! The whole way home by keys alone, at 80 by 24: two machines are protected, their recovery in two
//! waves is prepared and saved, launched from Monitor in another session, and seen through in a third.

use crate::lab::Lab;
use crate::pty::Terminal;
use crate::screens::{Stage, from_policy_to_readiness};

const UP: &str = "\x1b[A";
const DOWN: &str = "\x1b[B";
const RIGHT: &str = "\x1b[C";

/// Opens a wizard on the machines that are called so and can go.
fn open(stage: &Stage, key: &str) -> Terminal {
    let mut terminal = stage.screens();
    terminal.wait_for("46 machines");
    terminal.keys("/web-0\r");
    terminal.wait_for("4 of 46");
    // The two that are not meant are left alone.
    terminal.keys("gjj  ");
    terminal.wait_for("2 marked");
    terminal.keys(key);
    terminal.wait_for("► Machines    2");
    terminal
}

/// Presses return until the screen says `title`.
fn on_to(terminal: &mut Terminal, title: &str) {
    terminal.keys("\r");
    terminal.wait_for(title);
}

/// Types the plan's name into the launch window and launches it.
fn launch(terminal: &mut Terminal, name: &str) {
    terminal.wait_for(&format!("Type {name} to launch it"));
    terminal.wait_for("√ Ready");
    terminal.keys(name);
    terminal.wait_for("[ Launch ]");
    terminal.keys("\r");
}

/// Opens the question that begins so and chooses.
pub fn answer(terminal: &mut Terminal, question: &str, choice: &str) {
    terminal.wait_for(question);
    terminal.keys("a");
    terminal.wait_for("► not now");
    for _ in 0..4 {
        if terminal.text().contains(&format!("► {choice}")) {
            break;
        }
        terminal.keys(DOWN);
        terminal.wait_for_silence();
    }
    terminal.keys("\r");
    terminal.wait("an answer that was taken", |screen| {
        !screen.text().contains(question)
    });
}

#[test]
fn two_machines_go_home_by_keys_alone_over_three_sessions() {
    let stage = Stage::new(Lab::wanted().speed(2000.0).start());

    let mut terminal = open(&stage, "p");
    terminal.wait_for("Identities");
    on_to(&mut terminal, "Which registration is the machine in Azure?");
    on_to(&mut terminal, "► ( ) ps-home-01");
    on_to(&mut terminal, "► ( ) mt-win-01");
    on_to(&mut terminal, "► ( ) DS-VMFS-01");
    terminal.keys("\r");
    from_policy_to_readiness(&mut terminal);
    terminal.wait_for("√ Ready.");
    on_to(&mut terminal, "[ protect now ]");
    terminal.keys("\r");
    launch(&mut terminal, "web-03-protect");
    terminal.wait_for("√ done");
    terminal.keys("\x1b\x1bq");
    assert_eq!(terminal.exit_code(), 0);

    let mut terminal = open(&stage, "f");
    // Which VM each is in Azure stands there already: the plan that protected it knows.
    on_to(&mut terminal, "from the plan that pr");
    for title in ["To which moment?", "Is everything ready?"] {
        terminal.keys("G");
        on_to(&mut terminal, title);
    }
    terminal.wait_for("√ Ready.");
    for title in ["How are they taken over?", "In which order?"] {
        terminal.keys("G");
        on_to(&mut terminal, title);
    }
    terminal.keys(&format!("{DOWN}{RIGHT}"));
    terminal.wait_for("Wave 2");
    terminal.keys("G");
    on_to(&mut terminal, "Name and review");
    terminal.keys("G");
    on_to(&mut terminal, "saved: recover later");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);

    let mut terminal = stage.screens();
    terminal.wait_for("46 machines");
    terminal.keys("2");
    terminal.wait_for("saved: recover later");
    terminal.keys(&format!("{UP}{UP}\r"));
    launch(&mut terminal, "web-03-home");
    // What is cut over last is quiesced first.
    answer(&mut terminal, "applications on web-04", "quiesced");
    answer(&mut terminal, "applications on web-03", "quiesced");
    terminal.hang_up();

    let mut terminal = stage.screens();
    terminal.wait_for("46 machines");
    terminal.keys("2");
    terminal.wait_for("home, commit waits");
    answer(&mut terminal, "Look at web-03 at home", "leave");
    answer(&mut terminal, "Look at web-04 at home", "leave");
    terminal.wait_for("left uncommitted");
    let changes = stage.runtime.block_on(stage.lab.changes());
    let sent = |verb: &str| changes.iter().filter(|c| c.path.contains(verb)).count();
    assert_eq!((sent("/reProtect"), sent("/unplannedFailover")), (2, 2));
    assert_eq!(changes.len(), 4, "{changes:?}");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}
