//! Who is who, by keys alone: three machines that are registered more often than they should be.

use serde_json::Value;

use crate::lab::Lab;
use crate::pty::Terminal;
use crate::screens::Stage;

/// Of the agent in hr-03, which is registered nowhere.
const OTHER_ID: &str = "4e81c0d2-7b3a-4f96-a1c5-2d90e7f3b618";

/// What the command line tells of a machine.
fn told(stage: &Stage, name: &str) -> Value {
    let arguments = ["identities", name, "--json"];
    let run = stage.lab.run(&arguments);
    stage.runtime.block_on(run).json()["machines"][0].clone()
}

/// The id of the agent in the Azure VM.
fn agent_in_azure(stage: &Stage, name: &str) -> String {
    let told = told(stage, name);
    let all = told["registrations"].as_array().unwrap();
    let azure = all.iter().find(|r| r["discovery"] == "physical").unwrap();
    azure["hostId"].as_str().unwrap().to_owned()
}

/// Waits until the line under the keys says all of this.
fn here(terminal: &mut Terminal, words: &[&str]) {
    terminal.wait(&format!("{words:?} under the keys"), |terminal| {
        let text = terminal.text();
        let is = |line: &str| line.contains('►') && words.iter().all(|word| line.contains(word));
        text.lines().any(is)
    });
}

/// The step of a new protection of the three.
fn identities(stage: &Stage) -> Terminal {
    let mut terminal = stage.screens();
    terminal.wait_for("46 machines");
    terminal.keys("/hr-0\r");
    terminal.wait_for("3 of 46");
    terminal.keys("ap");
    terminal.wait_for("[x] hr-03");
    terminal.wait_for("Identities");
    terminal.keys("\r");
    terminal.wait_for("Machines that are registered twice");
    here(&mut terminal, &["hr-01", "VM hr-01-5d2c", "? cannot tell"]);
    terminal
}

fn scripts(stage: &Stage) -> usize {
    let changes = stage.runtime.block_on(stage.lab.changes());
    let scripts = changes.iter().filter(|c| c.path.contains("/runCommand?"));
    assert_eq!(scripts.clone().count(), changes.len(), "{changes:?}");
    scripts.count()
}

#[test]
fn three_conflicts_one_is_settled_by_run_command_one_by_paste_and_one_blocks() {
    let stage = Stage::new(Lab::wanted().speed(2000.0).start());
    let pasted = agent_in_azure(&stage, "hr-02");
    let mut terminal = identities(&stage);
    assert_eq!(scripts(&stage), 0, "nothing runs before somebody asks");

    terminal.keys("r");
    here(&mut terminal, &["hr-01", "√ keep this one"]);
    terminal.wait_for("Azure: the agent of the machine in Azure has this id");
    assert_eq!(scripts(&stage), 1);

    // Without a guest agent nothing is sent; a paste is read as a file.
    terminal.keys("\x1b[B");
    here(&mut terminal, &["hr-02", "? cannot tell"]);
    terminal.keys("r");
    terminal.wait_for("no guest agent");
    here(&mut terminal, &["hr-02", "? cannot tell"]);
    assert_eq!(scripts(&stage), 1);
    terminal.keys("p");
    terminal.wait_for("Waiting for the paste.");
    let file = format!("[vxagent]\r\nHostId={pasted}\r\nRole=Agent\r\n");
    terminal.keys(&format!("\x1b[200~{file}\x1b[201~"));
    here(&mut terminal, &["hr-02", "√ keep this one"]);

    terminal.keys("\x1b[B");
    here(&mut terminal, &["hr-03", "? cannot tell"]);
    terminal.keys("r");
    here(&mut terminal, &["hr-03", "x contradiction"]);
    terminal.wait_for(OTHER_ID);
    assert_eq!(scripts(&stage), 2);

    // Whatever is chosen, the plan is not ready.
    terminal.keys("G\r");
    terminal.wait_for("Where do they go?");
    terminal.wait_for("► ( ) ps-home-01");
    terminal.keys("\r");
    terminal.wait_for("► ( ) mt-win-01");
    terminal.keys("\r");
    terminal.wait_for("► ( ) DS-VMFS-01");
    terminal.keys("\r");
    terminal.wait_for("► (o) contoso-24h-failback");
    terminal.keys("\r\r");
    terminal.wait_for("► (o) leave it");
    terminal.keys("\r");
    terminal.wait_for("[ next ]");
    for title in [
        "Replication options",
        "What are the machines like at home?",
        "Addresses behind NAT",
        "Is everything ready?",
    ] {
        terminal.keys("\r");
        terminal.wait_for(title);
    }
    terminal.wait("the contradiction among the findings", |terminal| {
        let text = terminal.text();
        let is = |line: &str| line.contains("x DUP-02") && line.contains("contradiction");
        text.lines().any(is)
    });
    assert!(!terminal.text().contains("√ Ready."));

    // The list of machines says so, too.
    terminal.keys("\x03");
    terminal.wait_for("who is who: hr-03: contradiction");
    terminal.keys("e");
    terminal.wait_for("WHO IS WHO");
    terminal.wait_for(OTHER_ID);
    assert_eq!(scripts(&stage), 2);
}

#[test]
fn what_cannot_be_told_waits_for_a_persons_word_and_a_hung_script_holds_nobody_up() {
    // At this speed a script takes twenty seconds.
    let stage = Stage::new(Lab::contoso());
    let mut terminal = identities(&stage);
    terminal.keys("r");
    here(&mut terminal, &["hr-01", "reading..."]);
    // Meanwhile everything else goes on.
    terminal.keys("\x1b[B");
    here(&mut terminal, &["hr-02", "? cannot tell"]);
    terminal.keys("\x1b[A");
    here(&mut terminal, &["hr-01", "reading..."]);
    terminal.keys("x");
    terminal.wait_for("Stopped waiting");
    here(&mut terminal, &["hr-01", "? cannot tell"]);
    // A file that is none, and one that is not there.
    for (path, why) in [
        ("/dev/zero", "it is no file"),
        ("/nonexistent", "it cannot be read"),
    ] {
        terminal.keys("o");
        terminal.wait_for("The path of a copy");
        terminal.keys(&format!("{path}\r"));
        terminal.wait_for(why);
        here(&mut terminal, &["hr-01", "? cannot tell"]);
    }
}
