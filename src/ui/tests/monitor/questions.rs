//! What is asked of runs: answers, pausing, stopping. Nothing is asked by accident.

use std::time::{Duration, Instant};

use super::*;
use crate::domain::run::Topic;
use crate::domain::run::{Answer, Letter, Question, QuestionId, Record, Request};
use crate::domain::{Failure, Person, Retry, StepKind};
use crate::ui::Effect;
use crate::ui::terminal::{Command, Program as _};

/// A run of two machines; the first one asks.
fn asking(question: Question) -> Tale {
    Tale::home("ERP home", 3, &[("sql-01", 1), ("web-01", 1)]).asks("sql-01", question)
}

fn screen(tale: &Tale) -> Driver {
    monitor(Vec::new(), vec![tale.view(true)])
}

/// Everything that was put into inboxes.
fn letters(driver: &Driver) -> Vec<Request> {
    let put = |command: &Command<Effect>| match command {
        Command::Write(Effect::Put { request, .. }) => Some(request.clone()),
        _ => None,
    };
    driver.asked.iter().filter_map(put).collect()
}

fn answer(choice: &str, typed: Option<&str>, why: Option<&str>) -> Request {
    Request::Answer(Answer {
        question: QuestionId(1),
        choice: choice.into(),
        typed: typed.map(Into::into),
        why: why.map(Into::into),
        ticked: Vec::new(),
    })
}

/// What the performer replies once the letter lies in the inbox.
fn put(driver: &mut Driver, tale: &Tale, request: Request) -> Letter {
    let letter = Letter {
        by: tale::kim(),
        at: super::super::build::at("2026-03-02T08:14:00Z"),
        request: request.clone(),
    };
    driver.reply(Message::Put {
        run: tale.id().clone(),
        request,
        put: Ok(letter.clone()),
    });
    letter
}

#[test]
fn the_questions_as_they_look() {
    let mut driver = screen(&asking(tale::failed()));
    driver.keys("a");
    assert_snapshot!("question_80x24", driver.screen());
    driver.keys("Tab Tab Tab Enter");
    driver.keys("sql-01");
    assert_snapshot!("question_typed", driver.screen());
    driver.resize(60, 20);
    assert_snapshot!("question_60x20", driver.screen());
    driver.keys("Esc X");
    driver.resize(80, 24);
    assert_snapshot!("stop_80x24", driver.screen());
}

#[test]
fn leaving_it_open_is_first_and_the_harmless_choice_next() {
    let mut driver = screen(&asking(quiet()));
    driver.keys("j Enter");
    driver
        .expect("► not now")
        .expect("  wait (harmless)")
        .expect("pending data: 1.2 GiB");
    driver.keys("Enter");
    driver.expect("The question stays open");
    assert!(letters(&driver).is_empty());
    driver.keys("Enter Down");
    driver.expect("► wait (harmless)");
    driver.keys("Enter");
    assert_eq!(letters(&driver), [answer("wait", None, None)]);
}

#[test]
fn leaving_a_question_answers_nothing() {
    let mut driver = screen(&asking(quiet()));
    driver.keys("a Tab Esc");
    driver.expect("The question stays open; a answers it.");
    driver.keys("a C-c");
    driver.expect("Nothing was answered.");
    assert!(letters(&driver).is_empty());
}

#[test]
fn a_choice_that_wants_a_name_and_a_reason_gets_both_letter_for_letter() {
    let mut driver = screen(&asking(tale::failed()));
    driver.keys("a Down Down");
    // The first choice wants a reason: Down leads to it, then to the second choice.
    driver.keys("Down Enter");
    driver.expect("Type sql-01:");
    driver.keys("SQL-01 Enter");
    driver.expect("Not answered: retry wants the name sql-01 typed.");
    driver.keys("C-u sql-01 Enter");
    driver.expect_not("Not answered");
    driver.keys("Enter");
    driver.expect("Not answered: retry wants a reason");
    assert!(letters(&driver).is_empty());
    driver.keys("q P started Enter");
    let why = "qPstarted";
    let wanted = answer("retry", Some("sql-01"), Some(why));
    assert_eq!(letters(&driver), [wanted]);
}

#[test]
fn letters_are_letters_in_its_fields() {
    let mut driver = screen(&asking(tale::failed()));
    driver.keys("a Down Down q a P X ? l");
    assert!(letters(&driver).is_empty() && driver.model().overlays.len() == 1);
    driver.expect("qaPX?l");
}

#[test]
fn an_answer_is_shown_as_not_yet_taken_until_the_journal_answers() {
    let tale = asking(quiet());
    let mut driver = screen(&tale);
    driver.keys("a Down Enter");
    driver
        .expect("Answered wait; the run takes it up.")
        .expect_not("question waits");
    driver.keys("k");
    driver.expect("answered wait now, not yet taken");
    put(&mut driver, &tale, answer("wait", None, None));
    driver
        .expect("sql-01: answered wait 09:14, not yet taken")
        .expect("» running, answered")
        .expect("answer wait: asked 09:14, not yet taken");
    driver.keys("j Enter Down Enter");
    driver.expect("It was answered wait already; the run has not taken it yet.");
    assert_eq!(letters(&driver).len(), 1);
    driver.keys("Esc");
    let Request::Answer(given) = answer("wait", None, None) else {
        unreachable!()
    };
    let taken = tale.at("08:14:02").then(Record::Answered {
        answer: given,
        by: tale::kim(),
        asked: None,
    });
    watched(&mut driver, Watched::Runs(vec![taken.view(true)]));
    driver.expect_not("not yet taken").expect("» running");
    assert!(driver.model().monitor.sent.is_empty());
}

#[test]
fn a_letter_that_somebody_else_put_counts_as_well() {
    let tale = asking(quiet());
    let mut view = (*tale.view(true)).clone();
    view.letters = vec![Letter {
        by: tale::kim(),
        at: super::super::build::at("2026-03-02T08:14:00Z"),
        request: answer("quiesced", None, None),
    }];
    let mut driver = monitor(Vec::new(), vec![Arc::new(view)]);
    driver
        .expect("answered quiesced 09:14, not yet taken")
        .expect_not("question waits");
    driver.keys("a");
    driver.expect("No question waits.");
}

#[test]
fn a_letter_that_could_not_be_put_is_told_and_the_question_waits_again() {
    let tale = asking(quiet());
    let mut driver = screen(&tale);
    driver.keys("a Down Enter");
    let failure = Failure::new("No space left on device.", "", Retry::AfterFixing);
    driver.reply(Message::Put {
        run: tale.id().clone(),
        request: answer("wait", None, None),
        put: Err(Box::new(failure)),
    });
    driver
        .expect("The request was not put to the run")
        .expect("No space left on device.")
        .expect("1 question waits");
}

#[test]
fn a_question_that_was_answered_elsewhere_takes_no_answer() {
    let tale = asking(quiet());
    let mut driver = screen(&tale);
    driver.keys("a");
    let gone = Tale::home("ERP home", 3, &[("sql-01", 1), ("web-01", 1)]);
    watched(&mut driver, Watched::Runs(vec![gone.view(true)]));
    driver.expect("It is no longer open: its time is over, or what it was about is.");
    driver.keys("Down Enter");
    driver.expect("no longer open. Nothing was answered.");
    assert!(letters(&driver).is_empty());
}

#[test]
fn who_answered_a_question_meanwhile_is_told() {
    let tale = asking(quiet());
    let mut driver = screen(&tale);
    driver.keys("a Down");
    let Request::Answer(given) = answer("wait", None, None) else {
        unreachable!()
    };
    let by = Person {
        name: "ada".into(),
        host: "jump-02".into(),
        from: None,
    };
    let taken = tale.at("08:14:02").then(Record::Answered {
        answer: given,
        by,
        asked: None,
    });
    watched(&mut driver, Watched::Runs(vec![taken.view(true)]));
    driver.expect("It is answered: wait by ada on jump-02 at 09:14:02.");
    driver.keys("Enter");
    driver.expect("no longer open. Nothing was answered.");
    assert!(letters(&driver).is_empty());
}

/// Look at the machine, with a window and what to look at.
fn survivor() -> Question {
    Question {
        topic: Topic::Survivor,
        step: Some(StepKind::VerifySurvivor),
        words: "Look at sql-01 at home: does it run, do its applications?".into(),
        evidence: vec!["It is shown as: failed over, commit pending".into()],
        checks: vec![
            "Log on, and look at the system's log".into(),
            "The shop takes an order".into(),
        ],
        choices: vec![
            tale::choice("leave", "leave it uncommitted", None, false),
            tale::choice("verified", "I looked: it is as it should be", None, true),
        ],
        until: Some(super::super::build::at("2026-03-02T08:28:30Z")),
        ..quiet()
    }
}

#[test]
fn a_commit_window_is_counted_down_and_what_was_looked_at_goes_with_the_answer() {
    let tale = asking(survivor());
    let mut driver = screen(&tale);
    driver.keys("a");
    driver.expect("6 min left, then: leave it uncommitted.");
    assert_snapshot!("window_80x24", driver.screen());
    driver.keys("Up Space Up Space Space");
    driver.expect("[ ] Log on").expect("[x] The shop");
    assert_snapshot!("window_ticked_80x24", driver.screen());
    driver.keys("Down Down Down Down v e r y Enter");
    driver.keys("q Enter");
    let sent = letters(&driver);
    let [Request::Answer(sent)] = sent.as_slice() else {
        panic!("{sent:?}\n{}", driver.screen());
    };
    assert_eq!(sent.choice.as_str(), "verified");
    assert_eq!(sent.ticked, ["The shop takes an order".into()]);
}

/// Everything that is on the screen while it is scrolled down, without the breaks of its lines.
fn read_on(driver: &mut Driver) -> String {
    let mut seen = String::new();
    for _ in 0..8 {
        for line in driver.screen().lines() {
            seen.push_str(line.trim_matches(['│', ' ']));
            seen.push(' ');
        }
        driver.keys("PgDn");
    }
    seen
}

/// All that a commit window asks of a modernised failback.
fn whole_window() -> Question {
    let mut question = survivor();
    question.evidence = vec![
        "It is shown as: failed over, commit pending".into(),
        "The fail back ended at 08:20 UTC: succeeded, with 1 task skipped".into(),
        "The VM in Azure, vm-sql-01, is deallocated (read 08:21 UTC)".into(),
        "Until it is committed the failback can be cancelled; what was written at home is lost then".into(),
    ];
    question.checks.extend([
        "Its application works, tried as its users use it".into(),
        "Its newest data is there: the last entries from before it was switched over".into(),
        "Its network adapters are connected in vCenter, to the right port groups".into(),
        "The VM in Azure is stopped (deallocated) [001]".into(),
    ]);
    question.choices.extend([
        tale::choice(
            "longer",
            "make the commit window 30 minutes longer",
            None,
            false,
        ),
        tale::choice(
            "cancel",
            "cancel the failback: what was written at home since is lost, the machine at home goes \
             back to its snapshot, and the VM in Azure is started again [004]",
            Some("sql-01"),
            false,
        ),
    ]);
    question
}

#[test]
fn everything_that_is_known_can_be_read_on_every_screen() {
    let mut driver = screen(&asking(whole_window()));
    driver.keys("a");
    for (columns, rows) in [(60, 20), (80, 24), (120, 36)] {
        driver.resize(columns, rows);
        assert_snapshot!(format!("window_whole_{columns}x{rows}"), driver.screen());
        let seen = read_on(&mut driver);
        for words in [
            "1 task skipped",
            "can be cancelled",
            "(deallocated) [001]",
            "in vCenter",
        ] {
            assert!(seen.contains(words), "{words} at {columns}x{rows}\n{seen}");
        }
        driver.keys("PgUp PgUp PgUp PgUp PgUp PgUp PgUp PgUp");
    }
}

#[test]
fn what_a_choice_does_is_read_whole_before_it_is_taken_and_its_field_is_in_sight() {
    let mut driver = screen(&asking(whole_window()));
    driver.keys("a S-Tab S-Tab");
    // Backwards: from leaving it open over the checks; forwards: over the choices to the last.
    driver.keys("Tab Tab Tab Tab Tab Tab Tab");
    for (columns, rows) in [(60, 20), (80, 24), (120, 36)] {
        driver.resize(columns, rows);
        driver.expect("► cancel").expect("Type sql-01:");
        let seen = read_on(&mut driver);
        assert!(
            seen.contains("started again [004]"),
            "{columns}x{rows}\n{seen}"
        );
        assert_snapshot!(format!("window_cancel_{columns}x{rows}"), driver.screen());
    }
}

#[test]
fn the_countdown_goes_by_the_services_clock_and_ends() {
    let tale = Tale::home("ERP home", 3, &[("sql-01", 1)])
        .sent("sql-01", StepKind::FailBack)
        .asks("sql-01", survivor());
    let mut driver = screen(&tale);
    driver.keys("a");
    driver.expect("6 min left");
    let minute = driver.screens.deadline().expect("it is counted down");
    // What is shown changes after 30 seconds, before the minute of other spans is over.
    assert!(minute < Instant::now() + Duration::from_secs(31));
    driver.screens.wall_clock = || super::super::build::at("2026-03-02T08:27:00Z");
    driver.screens.woken(Instant::now());
    driver.expect("1:30 left");
    driver.screens.wall_clock = || super::super::build::at("2026-03-02T08:29:00Z");
    driver.screens.woken(Instant::now());
    driver.expect("The time is over: leave it uncommitted.");
    let later = driver.screens.deadline().expect("the run goes on");
    assert!(
        later > Instant::now() + Duration::from_secs(1),
        "nothing is counted any more"
    );
}

#[test]
fn nothing_is_asked_of_a_run_that_nobody_carries_out() {
    let tale = asking(quiet());
    let mut driver = screen(&tale);
    driver.keys("a Down");
    watched(&mut driver, Watched::Runs(vec![tale.view(false)]));
    driver.keys("Enter");
    driver.expect("an answer would not be taken");
    driver.keys("Esc P");
    driver.expect("a request would not be taken");
    driver.keys("X");
    assert!(driver.model().overlays.is_empty());
    driver.expect_not("question waits");
    driver.keys("a");
    driver.expect("No question waits.");
    let over = asking(quiet()).closed(Closing::Done);
    let mut driver = monitor(Vec::new(), vec![over.view(false)]);
    driver.keys("P");
    driver.expect("ERP home is over: nothing is asked of it.");
    assert!(letters(&driver).is_empty());
}

#[test]
fn f8_turns_to_the_next_question_of_any_run() {
    let one = asking(quiet());
    let two = Tale::home("Web home", 4, &[("web-02", 1)]).asks("web-02", tale::failed());
    let mut driver = monitor(Vec::new(), vec![one.view(true), two.view(true)]);
    driver.keys("a");
    driver.expect("Web home: question 1 of 2");
    driver.keys("F8");
    driver
        .expect("ERP home: question 2 of 2")
        .expect("► not now");
    driver.keys("F8");
    driver.expect("Web home: question 1 of 2");
    driver.keys("F7");
    driver.expect("ERP home: question 2 of 2");
}

#[test]
fn a_new_question_rings_but_not_those_that_were_there_at_the_start() {
    let rings = |driver: &Driver| {
        let asked = driver.asked.iter();
        asked.filter(|c| matches!(c, Command::Bell)).count()
    };
    let mut driver = screen(&asking(quiet()));
    assert_eq!(rings(&driver), 0);
    let more = asking(quiet()).asks("web-01", quiet());
    watched(&mut driver, Watched::Runs(vec![more.view(true)]));
    assert_eq!(rings(&driver), 1);
    watched(&mut driver, Watched::Runs(vec![more.view(true)]));
    assert_eq!(rings(&driver), 1);
}

#[test]
fn pausing_is_one_key_and_going_on_is_not() {
    let tale = Tale::home("ERP home", 3, &[("sql-01", 1)]);
    let mut driver = screen(&tale);
    driver.keys("P");
    assert_eq!(letters(&driver), [Request::Pause]);
    let letter = put(&mut driver, &tale, Request::Pause);
    driver.expect("pause: asked 09:14, not yet taken");
    driver.keys("P");
    driver.expect("asked already; the run has not taken it yet");
    assert_eq!(letters(&driver).len(), 1);
    let why = "kim asked for it".into();
    let paused = tale
        .at("08:14:01")
        .then(Record::Requested {
            by: letter.by,
            request: Request::Pause,
            refused: None,
            asked: None,
        })
        .then(Record::Paused { why });
    watched(&mut driver, Watched::Runs(vec![paused.view(true)]));
    driver
        .expect("! paused")
        .expect("Paused: kim asked for it.")
        .expect_not("not yet taken");
    driver.keys("P Enter");
    driver.expect("Nothing was asked of the run.");
    assert_eq!(letters(&driver).len(), 1, "Cancel is the default");
    driver.keys("P Tab Enter");
    assert_eq!(letters(&driver)[1..], [Request::GoOn]);
}

#[test]
fn stopping_asks_first_and_says_that_azure_goes_on() {
    let mut driver = screen(&asking(quiet()));
    driver.keys("X");
    driver
        .expect("Stop ERP home?")
        .expect("What runs in Azure goes on there")
        .expect("classic VMware has no cancel")
        .expect("[ Cancel ]    Stop the run");
    driver.keys("Enter");
    assert!(letters(&driver).is_empty());
    driver.keys("X Right Enter");
    assert_eq!(letters(&driver), [Request::Stop]);
}

#[test]
fn read_only_answers_nothing_and_asks_nothing() {
    let mut driver = screen(&asking(quiet()));
    driver.screens.model.settings.read_only = true;
    driver.keys("P X a");
    driver.expect("Read-only: answer is switched off here.");
    driver.keys("j Enter Down Enter");
    driver.expect("Read-only: answering is switched off here. Nothing was answered.");
    assert!(letters(&driver).is_empty());
}
