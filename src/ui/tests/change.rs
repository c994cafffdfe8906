//! The thin path: from the key to the machine on-premises, and every way it can go wrong.

use super::build::{self, at, task};
use super::driver::Driver;
use crate::domain::{Failure, Job, JobId, JobState, Level, RequestId, Retry};
use crate::runner::Progress;
use crate::ui::{ChangeId, Message};

const JOB: &str = "f3040a4d-8a3b-4d5c-9e0f-1a2b3c4d5e6f";

/// The fail back of sql-01, confirmed and handed over.
fn confirmed() -> Driver {
    let mut driver = Driver::usual();
    driver.keys("/ sql Enter f sql-01 Enter");
    assert_eq!(driver.sent(), 1);
    driver
}

fn news(driver: &mut Driver, news: Progress) {
    driver.reply(Message::Progress(ChangeId(1), news));
}

fn job(state: &str, description: &str) -> Job {
    Job {
        tasks: vec![
            task(
                "Prerequisites check for failover",
                "Succeeded",
                "Completed",
                [Some("2026-03-02T08:14:02Z"), Some("2026-03-02T08:14:23Z")],
            ),
            task(
                "Shut down the virtual machine",
                "Other",
                "Skipped",
                [None, None],
            ),
            task(
                "Synchronizing the latest changes",
                "InProgress",
                "",
                [Some("2026-03-02T08:15:40Z"), None],
            ),
            task("Failover", "NotStarted", "", [None, None]),
        ],
        activity_id: "2f0c... ActivityId: b433a90a".into(),
        ..build::job(JOB, "Failover", "sql-01", state, description)
    }
}

fn lost() -> Box<Failure> {
    Box::new(Failure::new(
        "the connection was cut while Azure's answer was awaited",
        "Wait for the job to be found.",
        Retry::LookFirst,
    ))
}

#[test]
fn the_call_is_shown_before_anything_is_sent() {
    let mut driver = Driver::usual();
    driver.keys("/ sql Enter f");
    driver
        .expect("Fail back: sql-01 (Azure -> on-premises)")
        .expect("Way back: none once Fail back is sent")
        .expect("POST /subscriptions/")
        .expect("[ Cancel ]    Send");
    driver.keys("PgDn");
    driver.expect("\"sourceSiteOperations\": \"Required\"");
    assert_eq!(driver.sent(), 0);
}

#[test]
fn a_wrong_name_sends_nothing_and_says_so() {
    let mut driver = Driver::usual();
    driver.keys("/ sql Enter f SQL-01 Enter");
    driver.expect("That is not the machine's name, letter for letter. Nothing was sent.");
    driver.keys("Tab Tab Enter");
    driver.expect("Nothing was sent.");
    assert_eq!(driver.sent(), 0);
}

#[test]
fn the_default_is_cancel_until_the_name_is_typed() {
    let mut driver = Driver::usual();
    driver.keys("/ sql Enter f Enter");
    driver.expect("Nothing was sent.").expect("MACHINE");
    driver.keys("f sql-01");
    driver.expect("  Cancel    [ Send ]");
    driver.keys("Tab");
    driver.expect("[ Cancel ]    Send");
    driver.keys("Enter");
    assert_eq!(driver.sent(), 0);
}

#[test]
fn a_machine_that_azure_does_not_offer_it_for_says_why() {
    let mut driver = Driver::usual();
    driver.keys("/ web-01 Enter f");
    driver
        .expect("web-01 cannot be failed back now")
        .expect("Azure does not offer it.")
        .expect("What can be done next:");
}

#[test]
fn a_fail_back_is_followed_to_the_end() {
    let mut driver = confirmed();
    driver.expect("Confirmed; about to be sent.");
    let request = RequestId::random();
    news(&mut driver, Progress::Sending(request));
    driver
        .expect("The call is being sent")
        .expect(&request.to_string());
    news(&mut driver, Progress::Accepted(JobId::parse(JOB).unwrap()));
    driver
        .expect("Azure accepted it and works on it.")
        .expect(JOB);
    news(&mut driver, Progress::Job(Box::new(job("InProgress", ""))));
    driver
        .expect("√ Prerequisites check for failover")
        .expect("0:21")
        .expect("! Shut down the virtual machine")
        .expect("skipped")
        .expect("» Synchronizing the latest changes")
        .expect("09:15:40      runs")
        .expect("· Failover")
        .expect("goes on in Azure");
    let shown = driver.screen();
    let shown = shown.replace(&request.to_string(), "00000000-0000-4000-8000-000000000000");
    insta::assert_snapshot!("follow_80x24", shown);
    let mut done = job("Succeeded", "Completed");
    for task in &mut done.tasks {
        task.state = JobState::Succeeded;
        task.description = "Completed".into();
        task.end = Some(at("2026-03-02T08:20:00Z"));
    }
    let ended = Progress::Ended {
        job: Box::new(done),
        machine: Some(Box::new(build::failed_back("sql-01"))),
    };
    news(&mut driver, ended);
    driver.expect("√ Fail back succeeded. sql-01 is on-premises now, commit pending.");
    driver.keys("q");
    driver.expect("on-prem ! Commit pending").expect("Commit");
    assert_eq!(driver.sent(), 1);
}

#[test]
fn a_failed_job_shows_azures_words() {
    let mut driver = confirmed();
    let mut failed = job("Failed", "");
    failed.problems = vec![crate::domain::Problem {
        causes: "The master target is out of space.".into(),
        remedy: "Free space on the retention drive.".into(),
        ..build::problem(Level::Error, "95213", "Failover could not be completed.")
    }];
    let ended = Progress::Ended {
        job: Box::new(failed),
        machine: None,
    };
    news(&mut driver, ended);
    driver
        .expect("x Fail back failed. What Azure says stands below.")
        .expect("could not be read");
    driver.keys("G");
    driver
        .expect("x 95213  Failover could not be completed.")
        .expect("Possible causes: The master target is out of space.")
        .expect("What to do: Free space on the retention drive.")
        .expect("Activity id: 4468b400");
}

#[test]
fn a_failed_job_of_a_known_code_says_what_it_means_after_azures_words() {
    let mut driver = confirmed();
    let mut failed = job("Failed", "");
    let message = "The datastore is not accessible.";
    failed.problems = vec![build::problem(Level::Error, "8061", message)];
    let ended = Progress::Ended {
        job: Box::new(failed),
        machine: None,
    };
    news(&mut driver, ended);
    driver.keys("G");
    driver
        .expect("x 8061  The datastore is not accessible.")
        .expect("That means: The master target's ESXi host does not reach")
        .expect("What can be done: Mount the datastore on that host")
        .expect("Trying again: helps once the cause is gone.");
}

#[test]
fn a_lost_answer_is_never_sent_again_and_says_what_is_known() {
    let mut driver = confirmed();
    news(&mut driver, Progress::Sending(RequestId::random()));
    news(&mut driver, Progress::AnswerLost(lost()));
    driver
        .expect("! The answer was lost. The change may have been made. It is NOT sent again")
        .expect("the connection was cut");
    driver.keys("q f");
    driver.expect("sql-01 is being changed already: this is it.");
    news(&mut driver, Progress::Found(JobId::parse(JOB).unwrap()));
    driver.expect("the call had arrived: its job was found");
    assert_eq!(driver.sent(), 1);
}

#[test]
fn a_job_that_is_not_found_leaves_the_fate_open() {
    let mut driver = confirmed();
    news(&mut driver, Progress::AnswerLost(lost()));
    news(
        &mut driver,
        Progress::NotFound(Box::new(Failure::new(
            "no job carries the request id",
            "Look at sql-01 in the portal.",
            Retry::LookFirst,
        ))),
    );
    driver
        .expect("change may still have been made. It is NOT sent again")
        .expect("no job carries the request id")
        .expect("What to do: Look at sql-01 in the portal.");
    driver.keys("q 4");
    driver.expect("! fate unknown");
    assert_eq!(driver.sent(), 1);
}

#[test]
fn what_was_refused_changed_nothing() {
    let mut driver = confirmed();
    news(
        &mut driver,
        Progress::NotDone(Box::new(Failure::new(
            "Azure refused the call",
            "Try later.",
            Retry::MayHelp,
        ))),
    );
    driver
        .expect("x Nothing was changed on sql-01.")
        .expect("Azure refused the call");
}

#[test]
fn a_job_that_cannot_be_read_for_now_goes_on() {
    let mut driver = confirmed();
    news(&mut driver, Progress::Job(Box::new(job("InProgress", ""))));
    news(
        &mut driver,
        Progress::Unreadable(Box::new(Failure::new(
            "429 Too Many Requests",
            "",
            Retry::MayHelp,
        ))),
    );
    driver
        .expect("How it stands could not be read just now.")
        .expect("429 Too Many Requests")
        .expect("» Synchronizing");
}

#[test]
fn reservations_are_amber_not_green() {
    let mut driver = confirmed();
    let ended = Progress::Ended {
        job: Box::new(job("Succeeded", "CompletedWithInformation")),
        machine: Some(Box::new(build::failed_back("sql-01"))),
    };
    news(&mut driver, ended);
    driver.expect("! Fail back ended as succeeded, with reservations");
    driver.keys("G");
    driver.expect("! skipped: Shut down the virtual machine");
}

#[test]
fn closing_the_page_stops_nothing_and_activity_shows_it_again() {
    use crate::ui::terminal::Command;
    let mut driver = confirmed();
    news(&mut driver, Progress::Job(Box::new(job("InProgress", ""))));
    driver.keys("Esc");
    driver.expect("It goes on in Azure; 4 Activity shows it again.");
    driver.keys("q");
    driver.expect("q again leaves; Fail back of sql-01 goes on in Azure.");
    driver.keys("4 g Enter");
    driver.expect("» Synchronizing the latest changes");
    driver.keys("q q q");
    assert!(matches!(driver.asked.last(), Some(Command::Leave)));
}

#[test]
fn another_fail_back_after_a_lost_one_warns_first() {
    let mut driver = confirmed();
    news(&mut driver, Progress::AnswerLost(lost()));
    news(&mut driver, Progress::NotFound(lost()));
    driver.keys("q f");
    driver.expect("x An earlier change of this machine was sent and nobody knows");
    assert_eq!(driver.sent(), 1);
}
