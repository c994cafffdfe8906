//! From a saved plan to a run: nothing is launched that is not ready, and nothing by accident.

use super::*;
use crate::domain::call::Method;
use crate::domain::plan::{Fingerprint, Slug, Statement, StatementKind, Subject};
use crate::domain::{Call, Failure, Retry};
use crate::readiness::catalogue::rows;
use crate::readiness::{Finding, Findings, Outcome, Severity};
use crate::runner::{Deed, Outlives, Previewed};
use crate::ui::Effect;
use crate::ui::model::monitor::Readied;
use crate::ui::terminal::Command;

/// A finding of the first row that is as severe as `severity`.
fn finding(severity: Severity, outcome: Outcome, words: &str) -> Finding {
    Finding {
        row: rows().find(|row| row.severity == severity).unwrap(),
        subject: Subject::Machine(tale::item("sql-01")),
        outcome,
        words: words.into(),
        fact: Fingerprint::of(["x"]),
        answer: None,
    }
}

fn passed() -> Finding {
    finding(Severity::Blocker, Outcome::Passed, "it is so")
}

fn step(step: K, deed: Deed) -> Previewed {
    Previewed {
        wave: 1,
        machine: tale::item("sql-01"),
        name: "sql-01".into(),
        step,
        way_back: "none",
        deed,
    }
}

fn readied(findings: Vec<Finding>) -> Readied {
    Readied {
        findings: Findings(findings),
        calls: Ok(vec![
            step(K::Drain, Deed::Wait("until nothing is on its way".into())),
            step(
                K::FailBack,
                Deed::Send(Call {
                    method: Method::Post,
                    path: "/subscriptions/s/unplannedFailover?api-version=2025-08-01".into(),
                    body: Some("{\n  \"sourceSiteOperations\": \"Required\"\n}".into()),
                }),
            ),
        ]),
        machines: Vec::new(),
        outlives: Outlives::Yes,
    }
}

/// The launch of the only plan, its readiness not known yet.
fn asked() -> Driver {
    let plan = recovery("ERP home", &[&["dc-01"], &["sql-01", "web-01"]]);
    let mut driver = monitor(vec![plan], Vec::new());
    driver.keys("Enter");
    assert!(matches!(
        driver.asked.last(),
        Some(Command::Read(Effect::Ready { .. }))
    ));
    driver
}

fn answered(readied: Readied) -> Driver {
    let mut driver = asked();
    let generation = generation(&driver);
    driver.reply(Message::Readied(generation, Box::new(Ok(readied))));
    driver
}

fn launches(driver: &Driver) -> usize {
    let mut asked = driver.asked.iter();
    asked
        .by_ref()
        .filter(|c| matches!(c, Command::Write(Effect::Launch { .. })))
        .count()
}

#[test]
fn a_launch_as_it_looks() {
    let warning = finding(Severity::Warning, Outcome::Failed, "RPO 40 min");
    let unknown = finding(Severity::Blocker, Outcome::Unknown, "the VM was not read");
    let blocked = finding(
        Severity::Blocker,
        Outcome::Failed,
        "sql-01 is not protected",
    );
    let mut driver = answered(readied(vec![passed(), blocked, warning, unknown]));
    assert_snapshot!("launch_blocked_80x24", driver.screen());
    let mut driver2 = answered(readied(vec![passed()]));
    driver2.keys("ERP Space");
    assert_snapshot!("launch_ready_80x24", driver2.screen());
    driver.resize(60, 20);
    assert_snapshot!("launch_60x20", driver.screen());
}

#[test]
fn a_plan_that_is_ready_is_launched_once_when_its_name_is_typed() {
    let mut driver = answered(readied(vec![passed()]));
    driver
        .expect("√ Ready: 1 passed")
        .expect("Wave 1            dc-01")
        .expect("Wave 2            sql-01  web-01")
        .expect("Way back: stop the run; none once Fail back is sent")
        .expect("[ Cancel ]    Launch");
    driver.keys("PgDn");
    driver
        .expect("POST /subscriptions/s/unplannedFailover")
        .expect("\"sourceSiteOperations\": \"Required\"");
    driver.type_text("ERP home");
    driver.expect("  Cancel    [ Launch ]");
    driver.keys("Enter");
    assert_eq!(launches(&driver), 1);
    driver.expect("Launching: readiness is checked once more");
    driver.keys("Enter Tab Enter");
    assert_eq!(launches(&driver), 1, "once");
    let run = Tale::home("ERP home", 5, &[("dc-01", 1)]);
    let slug = Slug::parse("erp-home").unwrap();
    driver.reply(Message::Launched(slug, Ok(run.id().clone())));
    driver.expect("ERP home was launched. Closing this terminal is safe.");
    watched(&mut driver, Watched::Runs(vec![run.view(true)]));
    driver
        .expect("─ ERP home ─ fail back ─")
        .expect("» running");
}

#[test]
fn a_plan_that_was_changed_meanwhile_is_not_launched() {
    let mut driver = answered(readied(vec![passed()]));
    let plans = vec![recovery("ERP home", &[&["dc-01"]])];
    let damaged = Vec::new();
    watched(&mut driver, Watched::Plans { plans, damaged });
    driver.type_text("ERP home");
    driver.keys("Enter");
    driver.expect("The plan was changed meanwhile. Close this, and look at it again.");
    assert_eq!(launches(&driver), 0);
}

#[test]
fn a_wrong_name_launches_nothing() {
    let mut driver = answered(readied(vec![passed()]));
    driver.type_text("erp home");
    driver.keys("Enter");
    driver.expect("That is not the name, letter for letter. Nothing was launched.");
    driver.keys("C-u Tab Tab Enter");
    driver.expect("The name is not typed yet.");
    driver.keys("Tab Tab Enter");
    assert_eq!(launches(&driver), 0);
}

#[test]
fn the_default_is_cancel_until_the_name_is_typed() {
    let mut driver = answered(readied(vec![passed()]));
    driver.keys("Enter");
    driver.expect("Nothing was launched.");
    assert!(driver.model().overlays.is_empty());
    assert_eq!(launches(&driver), 0);
}

#[test]
fn what_is_not_ready_is_not_launched_and_says_what_to_do() {
    for (severity, outcome, says) in [
        (Severity::Blocker, Outcome::Failed, "1 blocked"),
        (Severity::Warning, Outcome::Failed, "1 without consent"),
        (Severity::Blocker, Outcome::Unknown, "1 unknown"),
    ] {
        let bad = finding(severity, outcome, "it is not so");
        let mut driver = answered(readied(vec![passed(), bad]));
        driver
            .expect("1 passed")
            .expect(says)
            .expect("sql-01: it is not so")
            .expect("What to do: ");
        // No name is asked for that would be refused.
        driver.expect_not("Type ERP home").expect_not("Launch ]");
        driver.type_text("ERP home");
        driver.keys("Enter Esc Tab Enter Enter");
        assert_eq!(launches(&driver), 0, "{says}");
    }
}

#[test]
fn the_same_finding_about_several_machines_is_said_once() {
    let unread = |name: &str| Finding {
        subject: Subject::Machine(tale::item(name)),
        ..finding(Severity::Blocker, Outcome::Unknown, "it was not read")
    };
    let driver = answered(readied(vec![
        unread("dc-01"),
        unread("sql-01"),
        unread("web-01"),
    ]));
    driver
        .expect("3 unknown")
        .expect("dc-01, sql-01, web-01: it was not read");
    assert_eq!(driver.screen().matches("What to do").count(), 1);
}

#[test]
fn a_plan_of_which_nothing_could_be_checked_is_not_ready() {
    let mut driver = answered(readied(Vec::new()));
    driver.expect("no check could be made");
    driver.type_text("ERP home");
    driver.keys("Enter Tab Tab Enter");
    assert_eq!(launches(&driver), 0);
}

#[test]
fn who_agreed_to_what_is_said_and_not_counted_as_passed() {
    let mut warned = finding(Severity::Warning, Outcome::Failed, "RPO 40 min");
    warned.answer = Some(Statement {
        kind: StatementKind::Consent,
        check: warned.row.id.into(),
        subject: warned.subject.clone(),
        who: "kim".into(),
        when: jiff::Timestamp::UNIX_EPOCH,
        why: "known".into(),
        fact: warned.fact,
        part: Fingerprint::of(["y"]),
    });
    let driver = answered(readied(vec![passed(), warned]));
    driver
        .expect("√ Ready: 1 passed, 1 consented to")
        .expect("consented to by kim: RPO 40 min");
}

#[test]
fn nothing_is_launched_before_readiness_is_known() {
    let mut driver = asked();
    driver.expect("Checking whether it is ready now...");
    driver.type_text("ERP home");
    driver.keys("Enter");
    driver.expect("Readiness is still being checked. Nothing was launched.");
    let generation = generation(&driver);
    let failure = Failure::new("The vault did not answer.", "", Retry::MayHelp);
    driver.reply(Message::Readied(generation, Box::new(Err(failure))));
    driver
        .expect("could not be found out: it is not launched")
        .expect("The vault did not answer.")
        .expect("Close this, and open it again to check once more.")
        .expect_not("Type ERP home");
    driver.keys("Enter");
    assert_eq!(launches(&driver), 0);
}

#[test]
fn calls_that_cannot_be_made_are_not_launched() {
    let failure = Failure::new("sql-01 lacks a datastore", "Choose it.", Retry::AfterFixing);
    let readied = Readied {
        calls: Err(failure),
        ..readied(vec![passed()])
    };
    let mut driver = answered(readied);
    driver
        .expect_not("Type ERP home")
        .expect("It cannot be launched as it is.");
    driver.keys("PgDn");
    driver.expect("sql-01 lacks a datastore");
    driver.keys("Enter");
    assert_eq!(launches(&driver), 0);
}

#[test]
fn readiness_that_was_asked_for_an_earlier_time_is_dropped() {
    let mut driver = asked();
    let old = generation(&driver);
    driver.keys("Esc Enter");
    driver.reply(Message::Readied(old, Box::new(Ok(readied(vec![passed()])))));
    driver.expect("Checking whether it is ready now...");
}

#[test]
fn what_could_not_be_launched_says_why() {
    let mut driver = answered(readied(vec![passed()]));
    driver.type_text("ERP home");
    driver.keys("Enter");
    let failure = Failure::new("It is being run already by lee.", "", Retry::AfterFixing);
    let slug = Slug::parse("erp-home").unwrap();
    driver.reply(Message::Launched(slug, Err(Box::new(failure))));
    driver
        .expect("ERP home was not launched")
        .expect("It is being run already by lee.");
    driver.keys("q");
    driver.expect("saved: recover later");
}

#[test]
fn a_plan_that_is_being_run_shows_its_run_instead() {
    let plan = recovery("ERP home", &[&["dc-01"], &["sql-01", "web-01"]]);
    let mut driver = monitor(vec![plan], vec![erp().view(true)]);
    driver.keys("l");
    driver.expect("ERP home is being run already: this is it.");
    assert!(driver.model().overlays.is_empty());
    assert!(driver.model().monitor.page.is_some());
}

#[test]
fn a_plan_whose_run_is_over_can_be_launched_again() {
    let plan = recovery("ERP home", &[&["dc-01"], &["sql-01", "web-01"]]);
    let over = erp().closed(Closing::Failed);
    let mut driver = monitor(vec![plan], vec![over.view(false)]);
    driver.keys("Enter");
    assert!(driver.model().monitor.page.is_some(), "Enter shows its run");
    driver.keys("Esc l");
    driver.expect("Launch ERP home: fail back");
}

#[test]
fn read_only_launches_nothing() {
    let plan = recovery("ERP home", &[&["dc-01"]]);
    let mut driver = monitor(vec![plan], Vec::new());
    driver.screens.model.settings = read_only();
    driver.keys("Enter");
    driver.expect("Read-only: launching is switched off here. Nothing was launched.");
    driver.keys("l");
    driver.expect("Read-only: launch is switched off here.");
    assert!(driver.model().overlays.is_empty());
}

#[test]
fn a_run_that_a_log_out_would_end_is_warned_of_with_the_remedy() {
    let mut warned = readied(vec![passed()]);
    warned.outlives = Outlives::No {
        why: "It is ended when you log out everywhere: systemd stops what belongs to you then."
            .into(),
        remedy: "Keep it, also now: loginctl enable-linger".into(),
    };
    let mut driver = answered(warned);
    driver
        .expect("! It is ended when you log out everywhere")
        .expect("loginctl enable-linger");
    driver.keys("ERP Space home Enter");
    assert_eq!(launches(&driver), 1, "it is a warning, not a refusal");
    let run = RunId::new(super::super::build::at("2026-03-02T08:00:00Z"), 3);
    let slug = driver.model().monitor.plans()[0].slug().clone();
    driver.reply(Message::Launched(slug, Ok(run)));
    driver
        .expect_not("Closing this terminal is safe")
        .expect("It is ended when you log out: loginctl enable-linger.");
}

/// What was said and is to be kept in the plan's file.
fn said(driver: &Driver) -> Option<(&Plan, &[Statement])> {
    match driver.asked.last() {
        Some(Command::Write(Effect::KeepStatements { plan, said })) => Some((plan, said)),
        _ => None,
    }
}

#[test]
fn a_saved_plan_takes_a_word_where_it_waits_for_one_and_is_launched_then() {
    let unknown = finding(Severity::Blocker, Outcome::Unknown, "the VM was not read");
    let mut driver = answered(readied(vec![unknown.clone()]));
    let check = unknown.row.id;
    driver
        .expect("It waits for your word below.")
        .expect(&format!("Wanted: {}.", unknown.row.title))
        .expect(&format!(
            "failback check erp-home --attest {check}=WHAT-YOU-SAW"
        ))
        .expect("  Close    [ Attest... ]")
        .expect_not("readiness step");
    driver.keys("Enter");
    driver.expect("What did you look at?");
    driver.type_text("the portal");
    driver.keys("Enter");
    let (plan, words) = said(&driver).expect("it is kept in the plan");
    assert!(plan.statements.is_empty(), "as the plan was");
    assert_eq!(words[0].why.as_str(), "the portal");
    let mut kept = plan.clone();
    kept.statements = words.to_vec();
    // Nothing is launched before it is on disk.
    driver.type_text("ERP home");
    driver.keys("Enter");
    driver.expect("What you said is being kept in the plan");
    assert_eq!(launches(&driver), 0);
    let slug = Slug::parse("erp-home").unwrap();
    driver.reply(Message::StatementsKept(slug, Ok(Box::new(kept.clone()))));
    driver
        .expect("Kept in the plan.")
        .expect("Ready: 1 attested");
    driver.keys("Enter");
    assert_eq!(launches(&driver), 1, "{}", driver.screen());
    let launched = driver.asked.iter().find_map(|command| match command {
        Command::Write(Effect::Launch { plan, .. }) => Some(plan.clone()),
        _ => None,
    });
    assert_eq!(*launched.unwrap(), kept);
}

#[test]
fn a_word_that_could_not_be_kept_counts_for_nothing() {
    let warned = finding(Severity::Warning, Outcome::Failed, "RPO 40 min");
    let mut driver = answered(readied(vec![passed(), warned]));
    driver.expect("[ Consent... ]");
    driver.keys("Enter");
    driver.type_text("agreed");
    driver.keys("Enter");
    assert!(said(&driver).is_some());
    let failure = Failure::new("The plan was changed meanwhile.", "", Retry::AfterFixing);
    let slug = Slug::parse("erp-home").unwrap();
    driver.reply(Message::StatementsKept(slug, Err(Box::new(failure))));
    driver
        .expect("What you said was not kept; nothing was launched")
        .expect("The plan was changed meanwhile.");
    driver.keys("Esc");
    assert!(driver.model().overlays.is_empty());
    assert_eq!(launches(&driver), 0);
}

#[test]
fn a_script_is_one_line_and_the_calls_are_counted_first() {
    let lines: Vec<String> = (0..40).map(|n| format!("Write-Output {n}")).collect();
    let run = |name| {
        step(
            name,
            Deed::Send(Call {
                method: Method::Post,
                path: "/subscriptions/s/virtualMachines/v/runCommand?api-version=1".into(),
                body: Some(
                    serde_json::json!({"commandId": "RunShellScript", "script": lines}).to_string(),
                ),
            }),
        )
    };
    let mut own = readied(vec![passed()]);
    own.calls = own.calls.map(|calls| {
        let scripts = [run(K::Drain), run(K::Drain)];
        scripts.into_iter().chain(calls).collect()
    });
    let mut driver = answered(own);
    driver
        .expect("Calls, each shown below: 2 runCommand, 1 unplannedFailover")
        .expect("Type ERP home to launch it:");
    driver.resize(120, 60);
    driver
        .expect("40 lines, SHA-256 ")
        .expect("failback run erp-home --dry-run prints it")
        .expect("\"commandId\": \"RunShellScript\"")
        .expect("POST /subscriptions/s/unplannedFailover")
        .expect_not("Write-Output");
}
