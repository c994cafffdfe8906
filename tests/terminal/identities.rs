//! Who is who, by keys alone: three machines that are registered more often than they should be.

use failback::simulator::Estate;
use serde_json::{Value, json};

use crate::lab::{Lab, Wanted};
use crate::pty::Terminal;
use crate::screens::{Stage, from_target_to_readiness};

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
    terminal.wait_for("Read drscout.conf: r Run Command");
    here(&mut terminal, &["hr-01", "VM hr-01-5d2c", "? cannot tell"]);
    terminal
}

/// Waits until a line has both words, one behind the other.
fn beside(terminal: &mut Terminal, label: &str, words: [&str; 2]) {
    terminal.wait(&format!("{words:?} beside each other"), |terminal| {
        let text = terminal.text();
        let is = |line: &str| {
            let first = line.find(words[0]);
            let last = line.rfind(words[1]);
            line.contains(label) && first.is_some() && first < last
        };
        text.lines().any(is)
    });
}

fn scripts(stage: &Stage) -> usize {
    let changes = stage.runtime.block_on(stage.lab.changes());
    let scripts = changes.iter().filter(|c| c.path.contains("/runCommand?"));
    assert_eq!(scripts.clone().count(), changes.len(), "{changes:?}");
    scripts.count()
}

#[test]
fn three_conflicts_one_is_settled_by_run_command_one_by_paste_and_one_blocks() {
    let stage = Stage::new(Lab::wanted().speed(200.0).start());
    let pasted = agent_in_azure(&stage, "hr-02");
    let mut terminal = identities(&stage);
    assert_eq!(scripts(&stage), 0, "nothing runs before somebody asks");

    // Both registrations stand beside each other, with both names of the machine above them.
    beside(&mut terminal, "Found by", ["a vCenter", "agent (physical)"]);
    beside(&mut terminal, "Host name", ["hr-01", "hr-01"]);
    terminal.keys("r");
    here(&mut terminal, &["hr-01", "√ keep this one"]);
    beside(
        &mut terminal,
        "( ) not this one",
        ["( ) not this one", "(o) in Azure"],
    );
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
    let file = format!(
        "[vxagent]\r\nHostId={pasted}\r\nRole=Agent\r\n[vxagent.transport]\r\nHostname=192.168.4.10\r\n"
    );
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
    from_target_to_readiness(&mut terminal);
    terminal.wait("the contradiction among the findings", |terminal| {
        let text = terminal.text();
        let is = |line: &str| line.contains("x DUP-02") && line.contains("contradiction");
        text.lines().any(is)
    });
    assert!(!terminal.text().contains("√ Ready."));
    // Its reasons are there, word for word.
    terminal.wait("the finding with its reasons", |terminal| {
        let text = terminal.text();
        if text.contains("?  DUP-02") || text.contains("? DUP-02") {
            panic!("what was read is not known to readiness:\n{text}");
        }
        text.contains(&OTHER_ID[..18])
    });

    // The list of machines says so, too.
    terminal.keys("\x03");
    terminal.wait_for("x hr-03 cannot be protected");
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

/// Machines registered three times whose scripts misbehave, each in its way, and what else a protection
/// wants.
fn misbehaving(folder: &std::path::Path) -> Wanted {
    let script = |more: Value| json!({"script": more});
    let ways = [
        ("bad-1", script(json!({"seconds": 1.0e9}))),
        (
            "bad-2",
            script(json!({"prints": "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}no file here"})),
        ),
        ("bad-3", script(json!({"prints": "x".repeat(5 << 20)}))),
        (
            "bad-4",
            script(
                json!({"prints": "", "complains": "sh: \u{1b}]0;owned\u{7}\u{1b}[2Jlost: not found"}),
            ),
        ),
        ("good-5", json!({})),
    ];
    let mut machines = Vec::new();
    for (name, more) in ways {
        let mut own =
            json!({"name": name, "fabric": "cs", "stage": "classic-committed", "disks": [30]});
        let more = more.as_object().unwrap().clone();
        own.as_object_mut().unwrap().extend(more);
        machines.push(own);
        machines.push(
            json!({"name": name, "fabric": "cs", "stage": "unprotected", "disks": [30],
            "azure_name": format!("{name}-second")}),
        );
    }
    let estate = json!({
        "policies": [{"name": "p", "kind": "InMageAzureV2"}, {"name": "p-failback", "kind": "InMage"}],
        "fabrics": [{"kind": "vmware", "name": "cs", "address": "192.168.4.10",
            "mappings": [{"policy": "p"}, {"policy": "p-failback", "back": true}]}],
        "machines": machines,
    });
    let path = folder.join("estate.json");
    std::fs::write(&path, estate.to_string()).unwrap();
    Lab::wanted().estate(Estate::File(path)).speed(200.0)
}

#[test]
fn scripts_that_hang_flood_or_send_escapes_stall_no_key_and_reach_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::new(misbehaving(folder.path()).start());
    let mut terminal = stage.screens();
    terminal.wait_for("5 machines");
    terminal.keys("ap");
    terminal.wait_for("[x] good-5");
    terminal.wait_for("Identities");
    terminal.keys("\r");
    here(&mut terminal, &["bad-1", "? cannot tell"]);
    // All at once, from the buttons.
    terminal.keys("Gr");
    terminal.wait_for("reading...");
    terminal.keys("g");
    here(&mut terminal, &["bad-1", "reading..."]);
    for (name, verdict, words) in [
        ("bad-2", "? cannot tell", "Not read: Run Command"),
        ("bad-3", "? cannot tell", "Not read: Run Command"),
        ("bad-4", "? cannot tell", "Not read: Run Command"),
        ("good-5", "√ keep this one", "(o) in Azure"),
    ] {
        terminal.keys("\x1b[B");
        here(&mut terminal, &[name, verdict]);
        // What there is to say of it stands below its registrations.
        terminal.keys("\x1b[6~\x1b[6~");
        terminal.wait_for(words);
        terminal.keys("\x1b[5~\x1b[5~");
        here(&mut terminal, &[name]);
    }
    // The one that hangs still does, and is let go.
    terminal.keys("g");
    here(&mut terminal, &["bad-1", "reading..."]);
    terminal.keys("?");
    terminal.wait_for("Esc close");
    terminal.keys("\x1b");
    here(&mut terminal, &["bad-1", "reading..."]);
    terminal.keys("x");
    here(&mut terminal, &["bad-1", "? cannot tell"]);
    let raw = terminal.raw();
    let has = |bytes: &[u8]| raw.windows(bytes.len()).any(|window| window == bytes);
    assert!(!has(b"\x1b]0;owned") && !has("\u{202e}".as_bytes()));
    assert!(!has(b"\x1b[2Jlost") && !has(&[b'x'; 400]));
}

/// What one session read, the next one knows; what hangs has a deadline of its own.
#[test]
fn what_was_read_is_there_at_the_next_start_and_on_the_machines_page() {
    let stage = Stage::new(Lab::wanted().speed(200.0).start());
    let mut terminal = stage.screens();
    terminal.wait_for("46 machines");
    terminal.keys("/hr-03\r");
    terminal.wait_for("1 of 46");
    terminal.keys("\r");
    terminal.wait_for("REGISTRATIONS");
    terminal.wait_for("R Run Command");
    terminal.keys("R");
    terminal.wait_for("x contradiction");
    terminal.keys("\x1b");
    terminal.wait_for("x hr-03 cannot be protected");
    terminal.keys("\x03\x03");
    assert_eq!(terminal.exit_code(), 0);
    let mut terminal = stage.screens();
    terminal.wait_for("x hr-03 cannot be protected");
    assert_eq!(scripts(&stage), 1);
}

#[test]
fn the_ranges_of_the_profile_speak_on_the_screen_as_in_the_command() {
    let mut stage = Stage::new(Lab::contoso());
    stage.lab.profile.at_home = vec!["192.168.0.0/16".into()];
    stage.lab.keep_profile();
    let mut terminal = stage.start().size(120, 50).start();
    terminal.wait_for("46 machines");
    terminal.keys("/hr-01\r\r");
    terminal.wait_for("REGISTRATIONS");
    terminal.wait_for("192.168.0.0/16");
    // Both names of the machine, with its registrations beside each other below them.
    terminal.wait_for("host hr-01, VM hr-01-5d2c");
}
