//! The page of one run.

use super::*;
use crate::domain::run::{Attempt, Record, Request};
use crate::ui::terminal::Command;

/// The run's page, the cursor on sql-01.
fn on_sql() -> Driver {
    let mut driver = everything();
    driver.keys("Enter j j");
    driver.expect("►» sql-01");
    driver
}

#[test]
fn a_machine_shows_its_steps_tasks_and_both_bars() {
    let driver = on_sql().at(80, 36);
    driver
        .expect("√ drain what is on its way")
        .expect("» fail back")
        .expect("tasks            [")
        .expect("1 of 4")
        .expect("synchronisation  [")
        .expect("41 %, 1.2 GiB pending, RPO 1:10")
        .expect("! Shut down the virtual machine")
        .expect("skipped")
        .expect("» Synchronizing the latest changes")
        .expect("· commit")
        .expect("way back: none: Fail back was sent");
}

#[test]
fn a_synchronisation_that_is_not_told_has_no_bar_at_zero() {
    let (machine, step) = (tale::item("sql-01"), K::Drain);
    let tale = Tale::home("ERP home", 1, &[("sql-01", 1)])
        .did("sql-01", &[K::Quiesce])
        .began("sql-01", step)
        .then(Record::Synchronising {
            machine,
            step,
            state: Default::default(),
        });
    let mut driver = monitor(Vec::new(), vec![tale.view(true)]);
    driver.keys("Enter j");
    driver.expect("not told by Azure").expect_not("[░");
}

#[test]
fn a_failed_step_shows_azures_words_first() {
    let failed = End::Failed(Box::new(tale::failure()));
    let tale = erp().ended("sql-01", K::FailBack, failed);
    let mut driver = monitor(Vec::new(), vec![tale.view(true)]).at(100, 40);
    driver.keys("Enter j j");
    driver
        .expect("x fail back: failed")
        .expect("Azure says: The virtual machine is not in a running state. (78093)")
        .expect("What to do: Start the virtual machine")
        .expect("Activity id: 4468b400");
    let screen = driver.screen();
    let at = |words: &str| {
        screen
            .find(words)
            .unwrap_or_else(|| panic!("{words}\n{screen}"))
    };
    assert!(at("Azure says:") < at("That means:"));
}

#[test]
fn an_attempt_whose_answer_was_lost_says_so() {
    let attempt = Attempt {
        machine: tale::item("sql-01"),
        step: K::FailBack,
        attempt: 2,
    };
    let failure = Box::new(tale::failure());
    let tale = erp().then(Record::AnswerLost { attempt, failure });
    let mut driver = monitor(Vec::new(), vec![tale.view(true)]).at(100, 40);
    driver.keys("Enter j j");
    driver.expect("The last attempt was not made, or its answer was lost:");
}

#[test]
fn c_copies_what_support_asks_for() {
    let mut driver = on_sql();
    driver.keys("c");
    driver.expect("Sent to your terminal's clipboard");
    let Some(Command::Copy(text)) = driver.asked.last() else {
        panic!("nothing was sent to the clipboard");
    };
    for id in [
        "Run: 20260302-080000-000003",
        "Vault: rsv-contoso-weu",
        "replicationProtectedItems/sql-01",
        "fail back: request id: ",
        &format!("fail back: job: {}", tale::JOB),
        "fail back: correlation id: b433a90a",
        "fail back: activity id: 7d3cf1c4 ActivityId: b433a90a",
    ] {
        assert!(text.contains(id), "{id} is not in\n{text}");
    }
    assert!(
        !text.contains("web-01"),
        "only the machine under the cursor"
    );
    driver.keys("g c");
    let Some(Command::Copy(text)) = driver.asked.last() else {
        panic!("nothing was sent to the clipboard");
    };
    for name in ["dc-01", "sql-01", "web-01"] {
        assert!(text.contains(&format!("Machine: {name}")), "{text}");
    }
}

#[test]
fn the_plain_page_shows_the_ids_without_frames() {
    let mut driver = on_sql().at(120, 60);
    driver.keys("y");
    driver
        .expect("IDS, FOR SUPPORT")
        .expect("Vault: rsv-contoso-weu")
        .expect(tale::JOB)
        .expect("1 of 4")
        .expect_not("│")
        .expect_not("█");
    driver.keys("q");
    driver.expect("►» sql-01");
}

#[test]
fn the_run_itself_says_who_launched_it_and_what_was_asked_of_it() {
    let refused = Some("it is not paused".into());
    let tale = erp()
        .at("08:15:00")
        .then(Record::Requested {
            by: tale::kim(),
            request: Request::GoOn,
            refused,
            asked: None,
        })
        .then(Record::Remark {
            machine: None,
            step: None,
            words: "the service answers slowly".into(),
        });
    let mut driver = monitor(Vec::new(), vec![tale.view(true)]).at(80, 40);
    driver.keys("Enter");
    driver
        .expect("By                kim on jump-01")
        .expect("Run               20260302-080000-000003")
        .expect("! 09:15:00  go on by kim on jump-01; refused: it is not paused")
        .expect("09:15:00  the service answers slowly")
        .expect("Cancel            none for classic VMware");
}

#[test]
fn the_page_is_left_by_escape_by_its_key_and_by_no_accident() {
    let mut driver = on_sql();
    driver.keys("Enter");
    driver.expect("┌ ERP home: sql-01");
    driver.keys("Esc");
    assert!(driver.model().monitor.page.is_some());
    driver.keys("1 2");
    assert!(driver.model().monitor.page.is_some(), "it stays open");
    driver.keys("2");
    assert!(driver.model().monitor.page.is_none());
    driver.keys("Enter Esc");
    assert!(driver.model().monitor.page.is_none());
}

#[test]
fn the_cursor_of_the_page_passes_the_waves_by() {
    let mut driver = everything();
    driver.keys("Enter");
    let cursor = |driver: &Driver| driver.model().monitor.page.as_ref().unwrap().cursor;
    let mut seen = vec![cursor(&driver)];
    for _ in 0..4 {
        driver.keys("j");
        seen.push(cursor(&driver));
    }
    assert_eq!(seen, [0, 2, 4, 5, 5]);
    driver.keys("k k");
    assert_eq!(cursor(&driver), 2);
    driver.keys("k");
    assert_eq!(cursor(&driver), 0);
}

#[test]
fn a_run_that_nobody_carries_out_shows_no_step_as_running() {
    let mut driver = monitor(Vec::new(), vec![erp().view(false)]);
    driver.keys("Enter j j");
    driver
        .expect("? fail back")
        .expect("was at: fail back")
        .expect_not("closing this terminal is safe");
}

#[test]
fn a_run_that_was_just_launched_and_is_not_read_yet_says_so() {
    let mut driver = everything();
    let run = RunId::new(jiff::Timestamp::UNIX_EPOCH, 1);
    driver.screens.model.monitor.page = Some(crate::ui::model::monitor::RunPage::of(run));
    driver.expect("The run is not in its folder yet");
    driver.keys("j G c y q Enter Esc");
}

/// The steps of a Hyper-V way home that synchronises before its wave.
const HYPER_V: [K; 6] = [
    K::Synchronise,
    K::Door,
    K::Complete,
    K::VerifyAzureOff,
    K::VerifySurvivor,
    K::Commit,
];

#[test]
fn a_synchronised_hyper_v_machine_says_that_its_data_is_home_and_whom_it_waits_for() {
    let machines = [("dc-01", 1), ("dc-02", 3)];
    let tale = Tale::of("Branch home", "fail back", &HYPER_V, 4, &machines)
        .began("dc-01", K::Synchronise)
        .did("dc-02", &[K::Synchronise])
        .began("dc-02", K::Door);
    let mut driver = monitor(Vec::new(), vec![tale.view(true)]).at(120, 36);
    driver.keys("g Enter");
    driver.expect("data is home; waits for dc-01");
    driver.keys("j j j j");
    driver.expect("way back: none: data synchronisation began; never cancel its job");
}

#[test]
fn what_is_remarked_about_a_step_that_runs_stands_with_it() {
    let words =
        "The agent of hr-01 has not registered yet. It is sent again at 09:20 UTC, in 8 min.";
    let steps = [K::ProtectToAzure, K::AwaitProtected];
    let tale = Tale::of("HR back", "protect to Azure", &steps, 4, &[("hr-01", 1)])
        .began("hr-01", K::ProtectToAzure)
        .then(Record::Remark {
            machine: Some(tale::item("hr-01")),
            step: Some(K::ProtectToAzure),
            words: words.into(),
        });
    let mut driver = monitor(Vec::new(), vec![tale.view(true)]).at(120, 36);
    driver.keys("g Enter j");
    driver.expect("in 8 min.");
}

#[test]
fn what_is_to_be_looked_at_is_listed_once_a_machine_arrived_and_its_commands_are_copied() {
    let before = [K::Quiesce, K::Drain, K::Door, K::FailBack];
    let plan = recovery("ERP home", &[&["sql-01"]]);
    let tale = Tale::home("ERP home", 3, &[("sql-01", 1)]).did("sql-01", &before);
    let told = |tale: &Tale| {
        let mut view = (*tale.view(true)).clone();
        let story = view.story.as_mut().unwrap();
        story.crew.as_mut().unwrap().plan = Some(plan.clone());
        Arc::new(view)
    };
    let mut driver = monitor(Vec::new(), vec![told(&tale)]).at(100, 40);
    driver.keys("g Enter j");
    driver.expect_not("to look at afterwards");
    let arrived = tale.did("sql-01", &[K::VerifyAzureOff]);
    watched(&mut driver, Watched::Runs(vec![told(&arrived)]));
    driver.expect("to look at afterwards: Enter lists them");
    driver.keys("Enter");
    driver.expect("AFTERWARDS: TO BE LOOKED AT");
    driver.keys("c");
    let copied = driver.asked.iter().find_map(|command| match command {
        Command::Copy(text) => Some(text.as_str()),
        _ => None,
    });
    assert!(copied.unwrap().contains("# POST-"), "{copied:?}");
}

#[test]
fn the_machines_are_read_again_when_a_run_ends() {
    let reads = |driver: &Driver| {
        let gathers = driver.asked.iter();
        gathers
            .filter(|c| matches!(c, Command::Read(crate::ui::Effect::Gather { .. })))
            .count()
    };
    let mut driver = monitor(Vec::new(), vec![erp().view(true)]);
    let before = reads(&driver);
    watched(&mut driver, Watched::Runs(vec![erp().view(true)]));
    assert_eq!(reads(&driver), before);
    let over = erp().closed(Closing::Done);
    watched(&mut driver, Watched::Runs(vec![over.view(false)]));
    assert_eq!(reads(&driver), before + 1);
}
