//! What can be asked of machines of the newer generations, by keys alone, each through the launch that
//! plans take: the words before it, a consent where one is wanted, the typed name, a run.

use crate::lab::Lab;
use crate::pty::Terminal;
use crate::screens::Stage;
use crate::story::answer;

/// Goes to a machine in the list as Azure shows it now, and waits until its line says `state`.
fn find(terminal: &mut Terminal, name: &str, state: &str) {
    terminal.keys("1");
    terminal.keys(&format!("/\x15{name}\r"));
    terminal.wait_for(&format!("/{name}"));
    for _ in 0..40 {
        terminal.keys("r");
        terminal.wait_for_silence();
        if terminal.text().contains(state) {
            return;
        }
    }
    panic!("{name} is never {state}:\n{}", terminal.text());
}

/// Opens the menu on the machine and takes an action by its letter.
fn act(terminal: &mut Terminal, key: &str) {
    terminal.keys("x");
    terminal.wait_for("what can be asked of it");
    terminal.keys(key);
}

/// Says what the findings want to hear, types the name and launches.
fn launch(terminal: &mut Terminal, name: &str, title: &str) {
    terminal.wait_for(&format!("Type {name} to go on:"));
    let told = |text: &str| text.contains("√ Ready") || text.contains("waits for your word");
    terminal.wait("what is found", |screen| told(&screen.text()));
    let mut first = true;
    while terminal.text().contains("waits for your word") {
        terminal.keys(if first { "\t\t\r" } else { "\r" });
        terminal.wait("a field for the word", |screen| {
            let text = screen.text();
            text.contains("Why do you want it") || text.contains("What did you look at")
        });
        terminal.keys("seen by the tester\r");
        terminal.wait("the launch again", |screen| told(&screen.text()));
        first = false;
    }
    terminal.wait_for("√ Ready");
    terminal.keys(name);
    terminal.wait_for("[ Launch ]");
    terminal.keys("\r");
    terminal.wait_for(&format!("─ {title}"));
}

fn sent(stage: &Stage, verb: &str) -> usize {
    let changes = stage.runtime.block_on(stage.lab.changes());
    changes.iter().filter(|c| c.path.contains(verb)).count()
}

#[test]
fn a_modernised_failback_is_cancelled_by_keys_after_its_loss_was_consented_to() {
    let stage = Stage::new(Lab::wanted().speed(2000.0).start());
    let mut terminal = stage.screens();
    terminal.wait_for("43 machines");
    find(&mut terminal, "app-02", "Commit pending");
    act(&mut terminal, "u");
    terminal.wait_for("what was written on-premises since the failback is lost");
    assert_eq!(sent(&stage, "/failoverCancel"), 0);
    launch(&mut terminal, "app-02", "Cancel failover app-02");
    terminal.wait_for("√ done");
    assert_eq!(sent(&stage, "/failoverCancel"), 1);
    find(&mut terminal, "app-02", "Replicating home");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_hyper_v_failback_that_waits_is_completed_committed_and_protected_again_by_keys() {
    let stage = Stage::new(Lab::wanted().speed(2000.0).start());
    let mut terminal = stage.screens();
    terminal.wait_for("43 machines");
    find(&mut terminal, "hv-print", "Complete");
    act(&mut terminal, "o");
    launch(&mut terminal, "hv-print", "Complete failover hv-print");
    answer(&mut terminal, "Look at hv-print at home", "leave");
    terminal.wait_for("left uncommitted");
    assert_eq!(sent(&stage, "/resume"), 1);

    find(&mut terminal, "hv-print", "Commit");
    act(&mut terminal, "c");
    terminal.wait_for("Azure may delete its VM");
    launch(&mut terminal, "hv-print", "Commit hv-print");
    terminal.wait_for("Look at hv-print at home");
    terminal.keys("a");
    terminal.wait_for("► not now");
    terminal.keys("\x1b[B\x1b[B\r");
    terminal.wait_for("Why");
    terminal.keys("it runs\r");
    // Its name was typed when it was launched: it is not asked for once more.
    terminal.wait_for("√ done");
    assert_eq!(sent(&stage, "/failoverCommit"), 1);

    find(&mut terminal, "hv-print", "To Azure");
    act(&mut terminal, "b");
    launch(&mut terminal, "hv-print", "Protect to Azure hv-print");
    terminal.wait_for("√ done");
    assert_eq!(sent(&stage, "/reProtect"), 1);
    find(&mut terminal, "hv-print", "Replicating to Azure");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}
