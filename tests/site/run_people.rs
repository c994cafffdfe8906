//! What people ask of a run that is under way, and what Azure lets them do.

use failback::domain::StepKind as K;
use failback::domain::run::{
    Answer, Closing, End, QuestionId, Record, Request, RunState, Suspension, Topic,
};
use failback::runner::Ended;
use failback::simulator::Estate;

use crate::lab::Lab;
use crate::run::*;

const NAME: &str = "V2A-W2K16-201";

async fn recorded() -> Lab {
    let wanted = Lab::wanted().estate(Estate::Recorded);
    wanted.speed(2000.0).start().await
}

/// Brings the recorded machine home, agreeing to everything.
async fn home(lab: &Lab) -> Came {
    let plan = bring_home(lab, &[&[NAME]]).await;
    carry_out(lab, &plan, async |q| agrees(q)).await
}

#[tokio::test]
async fn whoever_may_not_look_any_more_pauses_the_run_until_they_may() {
    let lab = recorded().await;
    // The job is being followed when the role expires.
    lab.fault("GET replicationJobs/ 3-12 403").await;
    let came = home(&lab).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let records = came.book.records();
    let paused: Vec<_> = records
        .iter()
        .filter_map(|record| match record {
            Record::Paused { why } => Some(why.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(paused.len(), 1, "{paused:?}");
    assert!(paused[0].contains("no role that allows it"), "{paused:?}");
    let went_on = records.iter().filter(|r| matches!(r, Record::WentOn));
    assert_eq!(went_on.count(), 1);
    assert_eq!(sent(&lab).await, ["unplannedFailover", "failoverCommit"]);
}

#[tokio::test]
async fn whoever_may_not_send_pauses_the_run_until_a_person_says_go_on() {
    let lab = recorded().await;
    lab.fault("POST unplannedFailover 1 403").await;
    let plan = bring_home(&lab, &[&[NAME]]).await;
    let book = Book::default();
    let person = async {
        book.until(|record| matches!(record, Record::Paused { .. }))
            .await;
        assert!(matches!(book.run().state, RunState::Paused(_)));
        book.send(Request::GoOn);
        std::future::pending::<()>().await;
    };
    let came = tokio::select! {
        came = carry_out_in(book.clone(), &lab, &plan, async |q| agrees(q)) => came,
        () = person => unreachable!(),
    };
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let sent = lab.changes().await;
    assert_ne!(sent[0].client_request_id, sent[1].client_request_id);
    assert_eq!((sent[0].status, sent[1].status), (Some(403), Some(202)));
}

#[tokio::test]
async fn a_runner_whose_credentials_expired_ends_and_another_goes_on_with_its_run() {
    let lab = recorded().await;
    let plan = bring_home(&lab, &[&[NAME]]).await;
    // The job is being followed when the secret expires.
    lab.fault("GET replicationJobs/ 3- 401").await;
    lab.fault("POST oauth2 2- 401").await;
    let book = Book::default();
    let ended = carry_on(&book, &lab, &plan, async |q| agrees(q)).await;
    let Ok(Ended::Suspended(Suspension::Credentials, why)) = ended else {
        panic!("{ended:?}");
    };
    assert!(why.as_str().contains("sign in"), "{why}");
    assert!(matches!(book.run().state, RunState::Suspended(_)));
    lab.no_faults().await;
    let book = book.reopened(None);
    let came = carry_out_in(book, &lab, &plan, async |q| agrees(q)).await;
    // What Azure remarked beside the job only the runner before was told where to look.
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    assert_eq!(sent(&lab).await, ["unplannedFailover", "failoverCommit"]);
    nothing_twice(&lab).await;
}

#[tokio::test]
async fn a_switch_of_power_for_which_nobody_is_let_in_any_more_suspends_the_run() {
    let lab = Lab::wanted().speed(2000.0).start().await;
    let mut recovery = recovery(&lab, &[&["web-01"]]).await;
    recovery.stop_azure_vm_first = true;
    let plan = recover(recovery);
    lab.fault("POST deallocate 1- 401").await;
    lab.fault("POST oauth2 2- 401").await;
    let book = Book::default();
    let ended = carry_on(&book, &lab, &plan, async |q| agrees(q)).await;
    let Ok(Ended::Suspended(Suspension::Credentials, why)) = ended else {
        panic!("{ended:?}\n{}", book.story());
    };
    assert!(why.as_str().contains("sign in"), "{why}");
    // It certainly was not made: whoever goes on need not ask the VM for it.
    let records = book.records();
    let not_sent =
        |r: &Record| matches!(r, Record::NotSent { attempt, .. } if attempt.step == K::StopAzureVm);
    assert!(records.iter().any(not_sent), "{}", book.story());
    lab.no_faults().await;
    let came = carry_out_in(book.reopened(None), &lab, &plan, async |q| agrees(q)).await;
    assert_eq!(
        came.end("web-01", K::StopAzureVm),
        End::Done,
        "{}",
        came.story()
    );
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    nothing_twice(&lab).await;
}

#[tokio::test]
async fn a_pause_begins_nothing_new_and_what_runs_is_watched_to_its_end() {
    let lab = recorded().await;
    let plan = bring_home(&lab, &[&[NAME]]).await;
    let book = Book::default();
    let person = async {
        let accepted = |record: &Record| matches!(record, Record::Accepted { .. });
        book.until(accepted).await;
        book.send(Request::Pause);
        let ended = |r: &Record| {
            matches!(
                r,
                Record::StepEnded {
                    step: K::FailBack,
                    end: End::Done,
                    ..
                }
            )
        };
        book.until(ended).await;
        assert!(matches!(book.run().state, RunState::Paused(_)));
        // Whoever pauses twice is told.
        book.send(Request::Pause);
        book.until(|r| {
            matches!(
                r,
                Record::Requested {
                    refused: Some(_),
                    ..
                }
            )
        })
        .await;
        let begun = |r: &Record| {
            matches!(
                r,
                Record::StepBegan {
                    step: K::VerifyAzureOff,
                    ..
                }
            )
        };
        assert!(!book.records().iter().any(begun));
        book.send(Request::GoOn);
        std::future::pending::<()>().await;
    };
    let came = tokio::select! {
        came = carry_out_in(book.clone(), &lab, &plan, async |q| agrees(q)) => came,
        () = person => unreachable!(),
    };
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
}

#[tokio::test]
async fn a_stop_ends_the_run_sends_nothing_more_and_cancels_nothing() {
    let lab = recorded().await;
    let plan = bring_home(&lab, &[&[NAME]]).await;
    let book = Book::default();
    let person = async {
        book.until(|record| matches!(record, Record::Accepted { .. }))
            .await;
        book.send(Request::Stop);
        std::future::pending::<()>().await;
    };
    let came = tokio::select! {
        came = carry_out_in(book.clone(), &lab, &plan, async |q| agrees(q)) => came,
        () = person => unreachable!(),
    };
    assert_eq!(came.closing, Ok(Closing::Stopped), "{}", came.story());
    // The job goes on: how it ends this run does not know.
    let End::Unknown(failure) = came.end(NAME, K::FailBack) else {
        panic!("{}", came.story());
    };
    assert!(
        failure.what.as_str().contains("stopped by kim on jump-01"),
        "{failure:?}"
    );
    assert!(matches!(came.end(NAME, K::Commit), End::NotBegun(_)));
    assert_eq!(sent(&lab).await, ["unplannedFailover"]);
}

#[tokio::test]
async fn a_letter_that_asks_for_what_cannot_be_is_refused_with_the_reason() {
    let lab = recorded().await;
    let plan = bring_home(&lab, &[&[NAME]]).await;
    let book = Book::default();
    let answer = |question, choice: &str, typed: Option<&str>, why: Option<&str>| {
        Request::Answer(Answer {
            question,
            choice: choice.into(),
            typed: typed.map(Into::into),
            why: why.map(Into::into),
            ticked: Vec::new(),
        })
    };
    let came = carry_out_in(book.clone(), &lab, &plan, async |q| {
        match q.topic {
            Topic::Survivor => {
                book.send(answer(q.id, "verified", None, Some("  ")));
                book.send(answer(q.id, "splendid", None, None));
                book.send(answer(QuestionId(99), "verified", None, Some("x")));
                book.send(Request::GoOn);
            }
            Topic::Commit => {
                book.send(answer(q.id, "commit", None, None));
                book.send(answer(q.id, "commit", Some("v2a-w2k16-201"), None));
            }
            _ => {}
        }
        agrees(q)
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let refused: Vec<String> = came
        .book
        .records()
        .into_iter()
        .filter_map(|record| match record {
            Record::Requested { refused, .. } => refused.map(|why| why.to_string()),
            _ => None,
        })
        .collect();
    let wanted = [
        "wants a reason",
        "there is no choice \"splendid\"",
        "no open question 99",
        "it is not paused",
        "wants the name V2A-W2K16-201 typed",
        "wants the name V2A-W2K16-201 typed",
    ];
    assert_eq!(refused.len(), wanted.len(), "{refused:?}");
    for (said, part) in refused.iter().zip(wanted) {
        assert!(said.contains(part), "{said}: {part}");
    }
    assert_eq!(sent(&lab).await, ["unplannedFailover", "failoverCommit"]);
}

#[tokio::test]
async fn a_pause_while_azure_is_busy_takes_the_call_back_until_it_goes_on() {
    let lab = recorded().await;
    lab.fault("POST unplannedFailover 1 429:1").await;
    let plan = bring_home(&lab, &[&[NAME]]).await;
    let book = Book::default();
    let person = async {
        book.until(|r| matches!(r, Record::Intent { .. })).await;
        book.send(Request::Pause);
        book.until(|r| matches!(r, Record::NotSent { .. })).await;
        book.send(Request::GoOn);
        std::future::pending::<()>().await;
    };
    let came = tokio::select! {
        came = carry_out_in(book.clone(), &lab, &plan, async |q| agrees(q)) => came,
        () = person => unreachable!(),
    };
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let sent = lab.changes().await;
    assert_ne!(sent[0].client_request_id, sent[1].client_request_id);
    assert_eq!((sent[0].status, sent[1].status), (Some(429), Some(202)));
}
