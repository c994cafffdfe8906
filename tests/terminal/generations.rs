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
    let told = |text: &str| text.contains("√ Ready") || text.contains("waits for your word");
    terminal.wait("what is found", |screen| told(&screen.text()));
    while terminal.text().contains("waits for your word") {
        terminal.keys("\r");
        terminal.wait("a field for the word", |screen| {
            let text = screen.text();
            text.contains("Why do you want it") || text.contains("What did you look at")
        });
        terminal.keys("seen by the tester\r");
        terminal.wait("the launch again", |screen| told(&screen.text()));
    }
    terminal.wait_for("√ Ready");
    terminal.wait_for(&format!("Type {name} to go on:"));
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
    terminal.wait_for("46 machines");
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
fn a_hyper_v_machine_goes_the_whole_circle_by_keys_from_where_its_failback_waits() {
    let stage = Stage::new(Lab::wanted().speed(2000.0).start());
    let mut terminal = stage.screens();
    terminal.wait_for("46 machines");
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
    looked(&mut terminal, "Look at hv-print at home");
    // Its name was typed when it was launched: it is not asked for once more.
    terminal.wait_for("√ done");
    assert_eq!(sent(&stage, "/failoverCommit"), 1);

    find(&mut terminal, "hv-print", "To Azure");
    act(&mut terminal, "b");
    launch(&mut terminal, "hv-print", "Protect to Azure hv-print");
    terminal.wait_for("√ done");
    assert_eq!(sent(&stage, "/reProtect"), 1);

    find(&mut terminal, "hv-print", "Replicating to Azure");
    act(&mut terminal, "a");
    let away = review(&mut terminal);
    launch_plan(&mut terminal, &away);
    answer(&mut terminal, "Look at hv-print in Azure", "leave");
    terminal.wait_for("left uncommitted");
    find(&mut terminal, "hv-print", "Commit");
    act(&mut terminal, "c");
    terminal.wait_for("recovery points go");
    launch(&mut terminal, "hv-print", "Commit hv-print");
    looked(&mut terminal, "Look at hv-print in Azure");
    terminal.wait_for("√ done");
    assert_eq!(sent(&stage, "/failoverCommit"), 2);

    // It needs no protection before it fails back; its job waits, and is completed by the run.
    find(&mut terminal, "hv-print", "Fail back");
    act(&mut terminal, "f");
    let home = review(&mut terminal);
    launch_plan(&mut terminal, &home);
    answer(&mut terminal, "Look at hv-print at home", "leave");
    terminal.wait_for("left uncommitted");
    let completed = (sent(&stage, "/plannedFailover"), sent(&stage, "/resume"));
    assert_eq!(completed, (2, 2));
    find(&mut terminal, "hv-print", "Commit");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

/// Takes what each step of a wizard proposes, and where it proposes nothing the first that there is,
/// until the review; hands back the plan's name.
fn review(terminal: &mut Terminal) -> String {
    for _ in 0..30 {
        terminal.wait_for_silence();
        let before = terminal.text();
        if before.contains("Name and review") {
            let line = before
                .lines()
                .find(|line| line.contains("Name of the plan"));
            let name = line.unwrap().split("Name of the plan").nth(1).unwrap();
            return name.trim().to_owned();
        }
        if before.contains("Is everything ready?") {
            terminal.wait("what is found", |screen| {
                let text = screen.text();
                text.contains("√ Ready.") || text.contains("wants consent")
            });
            if !terminal.text().contains("√ Ready.") {
                terminal.keys("\r");
                terminal.wait_for("Why do you want it");
                terminal.keys("seen by the tester\r");
            }
            terminal.wait_for("√ Ready.");
        }
        terminal.keys("G\r");
        terminal.wait_for_silence();
        let after = terminal.text();
        let title = |text: &str| text.lines().nth(2).map(str::to_owned);
        if title(&before) == title(&after) && !after.contains("Is everything ready?") {
            // The cursor went to what is not answered yet.
            terminal.keys("\r");
        }
    }
    panic!("no review:\n{}", terminal.text());
}

/// Launches the plan whose launch is open, or that was just saved.
fn launch_plan(terminal: &mut Terminal, name: &str) {
    terminal.keys("G\r");
    terminal.wait("the launch, or the plan", |screen| {
        let text = screen.text();
        text.contains(" to launch it:") || text.contains("launches it")
    });
    if !terminal.text().contains(" to launch it:") {
        terminal.keys("\r");
    }
    relaunch(terminal, name);
}

fn relaunch(terminal: &mut Terminal, name: &str) {
    terminal.wait_for(&format!("Type {name} to launch it"));
    terminal.wait_for("√ Ready");
    terminal.keys(name);
    terminal.wait_for("[ Launch ]");
    terminal.keys("\r");
    terminal.wait_for(&format!("─ {name}"));
}

/// Says at the question that somebody looked.
fn looked(terminal: &mut Terminal, question: &str) {
    terminal.wait_for(question);
    terminal.keys("a");
    terminal.wait_for("► not now");
    terminal.keys("\x1b[B\x1b[B\r");
    terminal.wait_for("Why");
    terminal.keys("it runs\r");
}

#[test]
fn a_modernised_machine_goes_the_whole_circle_by_keys() {
    let stage = Stage::new(Lab::wanted().speed(2000.0).start());
    let mut terminal = stage.screens();
    terminal.wait_for("46 machines");

    find(&mut terminal, "app-01", "Replicating home");
    act(&mut terminal, "f");
    let home = review(&mut terminal);
    launch_plan(&mut terminal, &home);
    answer(&mut terminal, "applications on app-01", "quiesced");
    answer(&mut terminal, "Look at app-01 at home", "leave");
    terminal.wait_for("left uncommitted");
    assert_eq!(sent(&stage, "/plannedFailover"), 1);

    find(&mut terminal, "app-01", "Commit pending");
    act(&mut terminal, "u");
    launch(&mut terminal, "app-01", "Cancel failover app-01");
    terminal.wait_for("√ done");
    assert_eq!(sent(&stage, "/failoverCancel"), 1);

    // The plan is still there: it goes home again.
    find(&mut terminal, "app-01", "Replicating home");
    terminal.keys("2\x1b");
    terminal.wait_for(&home);
    for _ in 0..8 {
        let text = terminal.text();
        if text
            .lines()
            .any(|line| line.starts_with('►') && line.contains("app-01-home"))
        {
            break;
        }
        terminal.keys("j");
        terminal.wait_for_silence();
    }
    terminal.keys("l");
    relaunch(&mut terminal, &home);
    answer(&mut terminal, "applications on app-01", "quiesced");
    looked(&mut terminal, "Look at app-01 at home");
    answer(&mut terminal, "Commit the failback of app-01", "leave");
    terminal.wait_for("left uncommitted");

    find(&mut terminal, "app-01", "Commit pending");
    act(&mut terminal, "c");
    launch(&mut terminal, "app-01", "Commit app-01");
    looked(&mut terminal, "Look at app-01 at home");
    terminal.wait_for("√ done");
    assert_eq!(sent(&stage, "/failoverCommit"), 1);

    find(&mut terminal, "app-01", "To Azure");
    act(&mut terminal, "b");
    terminal.wait_for("Which process server");
    terminal.keys("\r");
    terminal.wait("the next choice", |screen| {
        !screen.text().contains("Which process server")
    });
    while terminal.text().contains("Which ") {
        terminal.keys("\r");
        terminal.wait_for_silence();
    }
    launch(&mut terminal, "app-01", "Protect to Azure app-01");
    terminal.wait_for("√ done");

    find(&mut terminal, "app-01", "Replicating to Azure");
    act(&mut terminal, "t");
    terminal.wait_for("Into which network");
    terminal.keys("\r");
    terminal.wait_for("Which recovery point");
    terminal.keys("\r");
    launch(&mut terminal, "app-01", "Test failover app-01");
    terminal.wait_for("√ done");
    find(&mut terminal, "app-01", "Clean up");
    act(&mut terminal, "l");
    launch(&mut terminal, "app-01", "Clean up test failover app-01");
    terminal.wait_for("√ done");
    let tested = (
        sent(&stage, "/testFailover?"),
        sent(&stage, "/testFailoverCleanup?"),
    );
    assert_eq!(tested, (1, 1));

    find(&mut terminal, "app-01", "Fail over");
    act(&mut terminal, "a");
    let away = review(&mut terminal);
    launch_plan(&mut terminal, &away);
    looked(&mut terminal, "Look at app-01 in Azure");
    answer(&mut terminal, "Commit the failover of app-01", "leave");
    terminal.wait_for("left uncommitted");

    find(&mut terminal, "app-01", "Commit pending");
    act(&mut terminal, "c");
    terminal.wait_for("recovery points go");
    launch(&mut terminal, "app-01", "Commit app-01");
    looked(&mut terminal, "Look at app-01 in Azure");
    terminal.wait_for("√ done");
    assert_eq!(sent(&stage, "/failoverCommit"), 2);

    find(&mut terminal, "app-01", "Committed in Azure");
    act(&mut terminal, "p");
    let protect = review(&mut terminal);
    launch_plan(&mut terminal, &protect);
    terminal.wait_for("√ done");
    assert_eq!(sent(&stage, "/reProtect"), 2);
    find(&mut terminal, "app-01", "Replicating home");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}
