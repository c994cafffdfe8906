//! Guests recorded from the screens, by keys alone: agreed to first, told of one by one, and the readiness
//! turns.

use serde_json::Value;

use crate::lab::Lab;
use crate::pty::Terminal;
use crate::screens::{Stage, from_target_to_readiness};
use crate::wizard::protection;

/// The scripts that Azure was asked to run, by the path of their VM.
fn scripts(stage: &Stage) -> Vec<String> {
    let changes = stage.runtime.block_on(stage.lab.changes());
    let scripts = changes.iter().filter(|c| c.path.contains("/runCommand?"));
    assert_eq!(scripts.clone().count(), changes.len(), "{changes:?}");
    scripts.map(|c| c.path.clone()).collect()
}

/// At the readiness of a new protection of web-03 and web-04.
fn readiness(stage: &Stage) -> Terminal {
    let mut terminal = protection(stage);
    from_target_to_readiness(&mut terminal);
    terminal.wait_for("Recorded inside: 0 of 2.");
    terminal.wait_for("R record");
    terminal
}

/// What is kept of a machine.
fn kept(stage: &Stage, name: &str) -> Value {
    let arguments = ["guest", "show", name, "--json"];
    let shown = stage.lab.run(&arguments);
    stage.runtime.block_on(shown).json()
}

#[test]
fn guests_are_recorded_without_leaving_the_wizard_where_a_person_agrees() {
    let stage = Stage::new(Lab::wanted().speed(2000.0).start());
    let mut terminal = readiness(&stage);
    terminal.keys("R");
    terminal.wait_for("Run a script in 2 machines, by Azure Run Command?");
    terminal.wait_for("It only reads");
    terminal.wait_for("Enter run it");
    terminal.keys("\x1b");
    terminal.wait_for("No script was run.");
    assert!(scripts(&stage).is_empty());

    let refused = stage
        .lab
        .fault("POST virtualMachines/web-04/runCommand 1 403");
    stage.runtime.block_on(refused);
    terminal.keys("R");
    terminal.wait_for("Run a script in 2 machines");
    terminal.keys("\r");
    terminal.wait_for("web-03: recorded at");
    terminal.wait_for("web-04: recorded from outside alone:");
    // Judged anew: the one that was looked into is open no longer.
    terminal.wait_for("Recorded inside: 1 of 2.");
    let all = scripts(&stage);
    assert_eq!(
        all.iter().filter(|path| path.contains("/web-03/")).count(),
        1
    );
    let record = &kept(&stage, "web-03")["records"][0];
    assert_eq!(record["guest"]["host"], "web-03", "{record}");
    assert!(kept(&stage, "web-04")["records"][0]["guest"].is_null());

    // The other one alone is asked for, and there is nothing left then.
    terminal.keys("R");
    terminal.wait_for("Run a script in 1 machine, by Azure Run Command?");
    terminal.keys("\r");
    terminal.wait_for("Recorded inside: 2 of 2.");
    terminal.keys("R");
    terminal.wait_for("All of them were looked into within a week.");
}

#[test]
fn a_script_that_hangs_holds_nobody_up_and_may_be_left() {
    // At this speed a script takes twenty seconds.
    let stage = Stage::new(Lab::contoso());
    let mut terminal = readiness(&stage);
    terminal.keys("R");
    terminal.wait_for("Run a script in 2 machines");
    terminal.keys("\r");
    terminal.wait_for("web-03: being looked into by Run Command");
    terminal.wait_for("x stops waiting.");
    // Meanwhile everything else goes on.
    terminal.keys("\x1b");
    terminal.wait_for("Addresses behind NAT");
    terminal.keys("\r");
    terminal.wait_for("web-03: being looked into by Run Command");
    terminal.keys("x");
    terminal.wait_for("Stopped waiting");
    terminal.wait_for("web-04: not recorded: nobody waited for it any more");
    terminal.wait_for("Recorded inside: 0 of 2.");
}
