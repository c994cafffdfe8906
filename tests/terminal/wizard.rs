//! The wizards in a pseudo-terminal of 80 by 24, by keys alone.

use failback::domain::plan::{
    AzurePoint, FailedOver, HyperVReturn, PointChoice, Synchronisation, Target,
};
use failback::domain::{Intent, Plan};
use failback::simulator::Estate;
use failback::store::{DraftListing, Drafts, Plans};

use crate::lab::{Lab, SITE};
use crate::pty::Terminal;
use crate::screens::{Stage, from_policy_to_readiness};

/// The machine of the recordings that is ready to come home.
const MACHINE: &str = "V2A-W2K16-201";

fn plans(stage: &Stage) -> Vec<Plan> {
    let plans = Plans::of_site(&stage.lab.home().join("data/failback"), SITE).unwrap();
    let listing = plans.list().unwrap();
    assert!(listing.troubles.is_empty(), "{:?}", listing.troubles);
    listing.plans
}

fn drafts(stage: &Stage) -> DraftListing {
    let drafts = Drafts::of_site(&stage.lab.home().join("data/failback"), SITE).unwrap();
    drafts.list().unwrap()
}

/// Nothing that changes anything was asked of Azure.
fn assert_untouched(stage: &Stage) {
    let changes = stage.runtime.block_on(stage.lab.changes());
    assert!(changes.is_empty(), "{changes:?}");
}

fn quit(mut terminal: Terminal) {
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_restored();
}

/// New protection, opened on the two machines of Contoso that are called so and can be protected.
pub fn protection(stage: &Stage) -> Terminal {
    let mut terminal = stage.screens();
    terminal.wait_for("46 machines");
    terminal.keys("/web-0\r");
    terminal.wait_for("4 of 46");
    terminal.keys("ap");
    // What cannot be protected says why.
    terminal.wait_for("2 left out; web-01: it replicates home already");
    terminal.wait_for("[x] web-03");
    terminal.wait_for("[x] web-04");
    // A step that is there once the machines were read.
    terminal.wait_for("Identities");
    terminal.keys("\r");
    terminal.wait_for("VM web-03             as expected");
    terminal.keys("\r");
    terminal.wait_for("Where do they go?");
    terminal.wait_for("contoso-24h-failback");
    terminal
}

#[test]
fn two_machines_get_a_protection_plan_by_return_and_arrows_alone() {
    let stage = Stage::new(Lab::contoso());
    let mut terminal = protection(&stage);
    terminal.wait_for("► ( ) ps-home-01");
    terminal.keys("\r");
    terminal.wait_for("► ( ) mt-win-01");
    terminal.keys("\r");
    terminal.wait_for("► ( ) DS-VMFS-01");
    terminal.keys("\x1b[B\r");
    from_policy_to_readiness(&mut terminal);
    terminal.wait_for("√ Ready.");
    terminal.keys("\r");
    terminal.wait_for("[ protect now ]");
    assert!(plans(&stage).is_empty());
    // Up from the buttons to when, and there to the second answer.
    terminal.keys("\x1b[A\x1b[A");
    terminal.wait_for("► (o) protect now");
    terminal.keys("\x1b[B\r");
    terminal.wait_for("[ save plan ]");
    terminal.keys("\r");
    terminal.wait_for("Kept web-03-protect");
    let plan = plans(&stage).remove(0);
    let Intent::Protect(protection) = plan.intent() else {
        panic!("{plan:?}");
    };
    let names: Vec<&str> = protection
        .machines
        .iter()
        .map(|m| m.name.as_str())
        .collect();
    assert_eq!(names, ["web-03", "web-04"]);
    for machine in &protection.machines {
        assert!(machine.target.missing().is_empty(), "{machine:?}");
        let Target::Classic(target) = &machine.target else {
            panic!("{machine:?}");
        };
        assert_eq!(target.datastore, Some("DS-VMFS-02".into()));
    }
    assert!(drafts(&stage).drafts.is_empty(), "the plan took its place");
    assert_untouched(&stage);
    quit(terminal);
}

#[test]
fn a_wizard_that_is_quit_is_offered_and_gone_on_with_at_the_next_start() {
    let stage = Stage::new(Lab::contoso());
    let mut terminal = protection(&stage);
    terminal.wait_for("► ( ) ps-home-01");
    terminal.keys("\x1b[B\r");
    terminal.wait_for("► ( ) mt-win-01");
    terminal.wait_for("draft saved");
    terminal.keys("\x03");
    terminal.wait_for("what was answered is kept as a draft");
    quit(terminal);
    assert_eq!(drafts(&stage).drafts.len(), 1);
    let mut terminal = stage.screens();
    terminal.wait_for("A draft waits: New protection of web-03, web-04");
    terminal.keys("d");
    terminal.wait_for("Enter goes on with it");
    terminal.keys("\r");
    terminal.wait_for("Where do they go?");
    terminal.wait_for("Process server         ps-azure-01");
    terminal.wait_for("► ( ) mt-win-01");
    terminal.keys("\r");
    terminal.wait_for("► ( ) DS-VMFS-01");
    // Nothing is lost when the line breaks, either.
    terminal.wait_for("draft saved");
    terminal.hang_up();
    let mut terminal = stage.screens();
    terminal.wait_for("A draft waits");
    terminal.keys("d");
    terminal.wait_for("Enter goes on with it");
    terminal.keys("x");
    terminal.wait_for("x again");
    terminal.keys("x");
    terminal.wait("no draft", |terminal| {
        !terminal.text().contains("draft waits")
    });
    assert!(drafts(&stage).drafts.is_empty());
    assert!(plans(&stage).is_empty());
    assert_untouched(&stage);
    quit(terminal);
}

#[test]
fn a_machine_is_planned_home_and_its_plan_launched_without_leaving_the_screens() {
    let wanted = Lab::wanted().estate(Estate::Recorded).speed(2000.0);
    let stage = Stage::new(wanted.start());
    let mut terminal = stage.screens();
    terminal.wait_for(MACHINE);
    terminal.keys("/201\r");
    terminal.wait_for("1 of 2");
    terminal.keys("f");
    terminal.wait_for("[x] V2A-W2K16-201");
    terminal.keys("\r");
    terminal.wait_for("► (o) not known");
    terminal.keys("\r\r");
    terminal.wait_for("Recovery point         latest");
    terminal.keys("\r");
    // Nobody knows which VM it is in Azure: that is consented to, and what nobody could look up is
    // attested, each with a reason.
    for (check, asked) in [
        ("FB-03", "Why do you want it nevertheless?"),
        ("ELIG-04", "What did you look at?"),
        ("ELIG-05", "What did you look at?"),
        ("AZVM-01", "What did you look at?"),
    ] {
        terminal.wait("finding", |terminal| {
            let text = terminal.text();
            text.lines()
                .any(|line| line.contains('►') && line.contains(check))
        });
        terminal.keys("\r");
        terminal.wait_for(asked);
        terminal.keys("looked in the portal");
        terminal.wait_for("looked in the portal");
        terminal.keys("\r");
        terminal.wait("finding that was answered", |terminal| {
            !terminal.text().contains(asked)
        });
    }
    terminal.wait_for("4 answered");
    terminal.wait_for("√ Ready.");
    terminal.keys("G\r");
    terminal.wait_for("Who quiesces");
    terminal.keys("\r");
    terminal.wait_for("In which order?");
    terminal.keys("G\r");
    terminal.wait_for("recover later");
    terminal.wait_for("[ save plan ]");
    assert_untouched(&stage);
    terminal.keys("\x1b[A\x1b[A");
    terminal.wait_for("► (o) recover later");
    terminal.keys("\x1b[B\r");
    terminal.wait_for("[ recover now ]");
    // What was consented to still holds.
    terminal.wait_for("√ Ready.");
    terminal.keys("\r");
    terminal.wait_for("Type V2A-W2K16-201-home to launch it:");
    terminal.wait_for("Ready:");
    terminal.keys("V2A-W2K16-201-home\r");
    terminal.wait_for("V2A-W2K16-201-home was launched.");
    assert_eq!(plans(&stage)[0].statements.len(), 4);
    let runs = stage.lab.runs().list().unwrap();
    assert_eq!(runs.len(), 1);
    assert!(runs[0].is_live());
    terminal.wait_for("Stop the applications");
}

#[test]
fn machines_of_three_generations_are_planned_home_together_by_keys_alone() {
    let stage = Stage::new(Lab::contoso());
    let mut terminal = stage.screens();
    terminal.wait_for("46 machines");
    for (machine, line) in [
        ("sql-01", "sql-01"),
        ("app-01", "app-01"),
        ("hv-lost", "hv-lost"),
    ] {
        terminal.keys(&format!("/{machine}\r"));
        terminal.wait_for("1 of 46");
        terminal.wait_for(line);
        terminal.keys(" \x1b");
        terminal.wait_for("46 machines");
    }
    terminal.keys("f");
    terminal.wait_for("► Machines    3");
    terminal.wait_for("[x] app-01");
    // The classic one alone is asked for its VM in Azure.
    terminal.keys("\r");
    terminal.wait_for("Which VM are they in Azure?");
    terminal.wait_for("► (o) not known");
    terminal.keys("\r\r");
    terminal.wait_for("To which moment?");
    terminal.keys("\r");
    // Forty-five days in Azure: the full download is recommended, and chosen until somebody chooses otherwise.
    terminal.wait_for("How does the data come home?");
    terminal.wait_for("hv-lost: 45 days");
    terminal.wait_for("during it: full download");
    terminal.wait_for("a month or more in Azure");
    terminal.keys("\r");
    terminal.wait_for("Is everything ready?");
    // Which VM it is in Azure is told of the others.
    terminal.wait_for("FB-03");
    terminal.keys("G\r");
    terminal.wait_for("Who quiesces");
    terminal.keys("G\r");
    terminal.wait_for("In which order?");
    // The first one comes a wave later than the others.
    terminal.wait_for("Wave 1");
    terminal.keys("\x1b[C");
    terminal.wait_for("Wave 2");
    terminal.keys("G\r");
    terminal.wait_for("Name of the plan");
    terminal.keys("G\r");
    terminal.wait_for("Kept ");
    let kept = plans(&stage);
    let Intent::FailBack(recovery) = kept[0].intent() else {
        panic!("{kept:?}");
    };
    assert_eq!(recovery.point, PointChoice::Latest);
    assert_eq!(recovery.waves.len(), 2);
    for machine in recovery.machines() {
        let full = HyperVReturn {
            synchronisation: Synchronisation::FullDownload,
            create_vm: false,
            host: None,
        };
        let expected = (machine.name.as_str() == "hv-lost").then_some(full);
        assert_eq!(machine.hyper_v, expected, "{}", machine.name);
    }
    assert_untouched(&stage);
    quit(terminal);
}

#[test]
fn a_machine_is_planned_to_azure_with_another_target_by_keys_alone() {
    let stage = Stage::new(Lab::contoso());
    let mut terminal = stage.screens();
    terminal.wait_for("46 machines");
    terminal.keys("/app-06\r");
    terminal.wait_for("1 of 46");
    terminal.keys(":fail-over-to-azure\r");
    terminal.wait_for("on-premises -> Azure");
    terminal.wait_for("[x] app-06");
    terminal.keys("\r");
    terminal.wait_for("To which moment?");
    terminal.wait_for("Shut down first");
    // From the button up: shut down first, then what counts of the point.
    terminal.keys("g");
    terminal.wait_for("► (o) latest");
    terminal.keys("\x1b[B");
    terminal.wait_for("► ( ) latest processed");
    terminal.wait_for("old: ready at once");
    terminal.keys(" ");
    terminal.wait_for("► (o) latest processed");
    terminal.keys("G\r");
    terminal.wait_for("What are the machines like in Azure?");
    terminal.wait_for("10.8.0.0/24");
    terminal.keys("g");
    terminal.wait_for("► Name in Azure");
    terminal.keys("-azure");
    terminal.wait_for("app-06-azure");
    terminal.keys("\t");
    terminal.wait_for("► (o) Standard_D2s_v5");
    terminal.keys("\x1b[B");
    terminal.wait_for("► ( ) Standard_D4s_v5");
    terminal.keys("\r");
    // There is one network: nothing to be asked.
    terminal.wait_for("► (o) default");
    terminal.keys("\t");
    terminal.wait("address", |terminal| {
        let text = terminal.text();
        text.lines()
            .any(|l| l.contains('►') && l.contains("Address in Azure"))
    });
    terminal.keys("10.9.0.46\r");
    terminal.wait_for("does not lie in the subnet");
    terminal.keys("\x1b[A\x1b[A");
    terminal.wait("address again", |terminal| {
        let text = terminal.text();
        let here = |l: &str| l.contains('►') && l.contains("Address in Azure");
        text.lines().any(here)
    });
    terminal.keys(&"\x7f".repeat(6));
    terminal.keys("8.0.46\r");
    terminal.wait_for("[ next ]");
    terminal.keys("\r");
    terminal.wait_for("Is everything ready?");
    terminal.keys("G\r");
    terminal.wait_for("In which order?");
    terminal.keys("G\r");
    terminal.wait_for("fail over later");
    terminal.wait_for("Size");
    terminal.keys("G\r");
    terminal.wait_for("Kept app-06-azure");
    let kept = plans(&stage);
    let Intent::FailOver(failover) = kept[0].intent() else {
        panic!("{kept:?}");
    };
    assert!(failover.shut_down);
    assert_eq!(failover.point, AzurePoint::LatestProcessed);
    let own: &FailedOver = failover.machines().next().unwrap();
    let words = |text: &Option<failback::domain::Text>| text.as_ref().map(ToString::to_string);
    assert_eq!(words(&own.target.name).as_deref(), Some("app-06-azure"));
    assert_eq!(words(&own.target.size).as_deref(), Some("Standard_D4s_v5"));
    assert_eq!(own.target.network, None, "it was left as it is");
    let nic = &own.target.adapters[0];
    assert_eq!(words(&nic.address).as_deref(), Some("10.8.0.46"));
    assert_eq!(words(&nic.subnet).as_deref(), Some("default"));
    assert_untouched(&stage);
    quit(terminal);
}
