//! The commit window: what a machine that came home is waited for, and how that ends.

use failback::domain::StepKind as K;
use failback::domain::plan::{CommitWindow, Minutes, Recovery};
use failback::domain::run::{Closing, End, Question, Record, Topic};
use failback::domain::{Intent, Plan, Text};
use failback::simulator::Estate;
use jiff::SignedDuration;

use crate::lab::Lab;
use crate::run::{Book, Came, agrees, carry_on, carry_out, carry_out_in, power, says, shown};
use crate::run_plans::*;
use crate::{run, run_plans};

/// Modernised, of the estate that is all generations.
const APP: &str = "app-01";
const APP_VM: &str = "app-01-e9369372-f40f-41eb-b64f-38bb79445508";
const HYPER_V: &str = "hv-dc-02";
/// Classic, recorded.
const CLASSIC: &str = "V2A-W2K16-201";

/// Three days: at the pace of the tests it does not end by itself.
const LONG: u32 = 3 * 24 * 60;

async fn contoso() -> Lab {
    Lab::wanted().speed(2000.0).start().await
}

fn windowed(recovery: Recovery, minutes: Option<u32>, checks: &[&str]) -> Plan {
    let window = CommitWindow {
        minutes: minutes.map(Minutes),
        checks: checks.iter().map(|check| Text::from(*check)).collect(),
    };
    let recovery = Recovery {
        commit_window: Some(window),
        ..recovery
    };
    plan("home", Intent::FailBack(recovery))
}

async fn home(lab: &Lab, name: &str, minutes: u32) -> Plan {
    let recovery = run_plans::recovery(lab, &[&[name]]).await;
    windowed(recovery, Some(minutes), &["the shop takes an order"])
}

fn names(question: &Question) -> Vec<&str> {
    question.choices.iter().map(|c| c.name.as_str()).collect()
}

/// That it was left as it is, amber, and no commit or cancellation was sent.
async fn is_left(lab: &Lab, came: &Came, name: &str, who: &str) {
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    for step in [K::VerifySurvivor, K::Commit] {
        match came.end(name, step) {
            End::Left(words) => assert!(words.as_str().contains(who), "{words}"),
            other => panic!("{step:?}: {other:?}"),
        }
    }
    let sent = bodies(lab).await;
    let ends = [
        "failoverCommit",
        "unplannedFailoverCommit",
        "failoverCancel",
    ];
    assert!(
        sent.iter().all(|(verb, _)| !ends.contains(&verb.as_str())),
        "{sent:?}"
    );
}

#[tokio::test]
async fn a_window_that_is_over_leaves_the_machine_as_it_is_and_sends_nothing() {
    for name in [APP, HYPER_V, CLASSIC] {
        let (lab, plan) = match name {
            CLASSIC => {
                let wanted = Lab::wanted().estate(Estate::Recorded);
                let lab = wanted.speed(2000.0).start().await;
                let recovery = run::recovery(&lab, &[&[name]]).await;
                (
                    lab,
                    windowed(recovery, Some(LONG), &["the shop takes an order"]),
                )
            }
            _ => {
                let lab = contoso().await;
                let plan = home(&lab, name, LONG).await;
                (lab, plan)
            }
        };
        let came = carry_out(&lab, &plan, async |q| {
            if q.topic != Topic::Survivor {
                return agrees(q);
            }
            assert!(q.until.is_some(), "{q:?}");
            assert_eq!(q.checks[0].as_str(), "the shop takes an order");
            assert!(q.checks.len() > 3, "{:?}", q.checks);
            let wanted: &[&str] = match name {
                APP => &["leave", "verified", "longer", "cancel"],
                _ => &["leave", "verified", "longer"],
            };
            assert_eq!(names(q), wanted, "{name}");
            lab.turn_clock(i64::from(LONG) * 60).await;
            None
        })
        .await;
        is_left(&lab, &came, name, "the commit window was over at").await;
    }
}

#[tokio::test]
async fn the_commit_itself_waits_no_longer_than_the_window() {
    let lab = contoso().await;
    let plan = home(&lab, APP, LONG).await;
    let came = carry_out(&lab, &plan, async |q| match q.topic {
        Topic::Commit => {
            assert_eq!(names(q), ["leave", "commit", "longer", "cancel"]);
            lab.turn_clock(i64::from(LONG) * 60).await;
            None
        }
        _ => agrees(q),
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    assert_eq!(came.end(APP, K::VerifySurvivor), End::Done);
    assert!(matches!(came.end(APP, K::Commit), End::Left(words)
        if words.as_str().contains("the commit window was over at")));
    let sent = bodies(&lab).await;
    assert_eq!(sent.len(), 1, "the failback alone: {sent:?}");
}

#[tokio::test]
async fn a_person_makes_the_window_longer_and_the_machine_is_committed_in_it() {
    let lab = contoso().await;
    let plan = home(&lab, APP, LONG).await;
    let mut ends = Vec::new();
    let came = carry_out(&lab, &plan, async |q| {
        if q.topic != Topic::Survivor {
            return agrees(q);
        }
        ends.push(q.until.unwrap());
        match ends.len() {
            1 => says(q, "longer"),
            _ => {
                // Beyond the first end of it, and not beyond the second.
                lab.turn_clock(i64::from(LONG) * 60).await;
                says(q, "verified")
            }
        }
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    let longer = SignedDuration::from_mins(LONG.into());
    assert_eq!(ends[1].duration_since(ends[0]), longer);
}

#[tokio::test]
async fn without_a_window_the_question_stays_open_and_a_failover_to_azure_has_none() {
    let lab = contoso().await;
    let recovery = run_plans::recovery(&lab, &[&[APP]]).await;
    let plan = windowed(recovery, None, &[]);
    let came = carry_out(&lab, &plan, async |q| {
        if q.topic == Topic::Survivor {
            assert_eq!(q.until, None);
            assert_eq!(names(q), ["leave", "verified", "cancel"]);
            return says(q, "leave");
        }
        agrees(q)
    })
    .await;
    is_left(&lab, &came, APP, "kim").await;
}

#[tokio::test]
async fn a_modernised_failback_is_cancelled_in_its_window_once_and_replicates_home_again() {
    let lab = contoso().await;
    let plan = home(&lab, APP, LONG).await;
    let came = carry_out(&lab, &plan, async |q| match q.topic {
        Topic::Survivor => {
            let cancel = q.choices.iter().find(|c| c.name.as_str() == "cancel");
            let cancel = cancel.expect("it can be cancelled");
            assert_eq!(cancel.typed, Some(APP.into()));
            assert!(
                cancel
                    .words
                    .as_str()
                    .contains("written at home since is lost")
            );
            says(q, "cancel")
        }
        Topic::Quiesce => agrees(q),
        _ => panic!("{q:?}"),
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    assert_eq!(came.end(APP, K::CancelFailover), End::Done);
    assert_eq!(came.end(APP, K::AwaitProtected), End::Done);
    assert!(matches!(came.end(APP, K::Commit), End::Left(words)
        if words.as_str().contains("kim on jump-01 cancelled its failback")));
    assert_eq!(
        shown(&lab, APP).await,
        ("Azure".to_owned(), "Replicating home".to_owned())
    );
    assert_eq!(power(&lab, APP_VM).await, "running");
    let sent = bodies(&lab).await;
    let verbs: Vec<&str> = sent.iter().map(|(verb, _)| verb.as_str()).collect();
    assert_eq!(verbs, ["plannedFailover", "failoverCancel"]);
}

#[tokio::test]
async fn another_runner_asks_again_before_it_cancels_and_cancels_once() {
    let lab = contoso().await;
    let plan = home(&lab, APP, LONG).await;
    let book = Book::default();
    let ended = carry_on(&book, &lab, &plan, async |q| {
        if q.topic == Topic::Survivor {
            // The answer, what is kept of it, and the end of the step; then the runner is gone.
            book.fill(book.lines().len() + 3);
            return says(q, "cancel");
        }
        agrees(q)
    })
    .await;
    assert!(ended.is_err(), "{ended:?}");
    assert_eq!(bodies(&lab).await.len(), 1, "the failback alone");
    let mut again = 0;
    let came = carry_out_in(book.reopened(None), &lab, &plan, async |q| {
        assert_eq!((q.topic, q.step), (Topic::Cancel, Some(K::CancelFailover)));
        again += 1;
        says(q, "cancel")
    })
    .await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    assert_eq!(again, 1);
    assert_eq!(came.end(APP, K::CancelFailover), End::Done);
    assert_eq!(bodies(&lab).await.len(), 2);
}

#[tokio::test]
async fn the_end_of_a_window_is_the_same_for_another_runner() {
    let lab = contoso().await;
    let plan = home(&lab, APP, LONG).await;
    let asked = |book: &Book| {
        let all = book
            .records()
            .into_iter()
            .filter_map(|record| match record {
                Record::Asked(q) if q.topic == Topic::Survivor => q.until,
                _ => None,
            });
        all.collect::<Vec<_>>()
    };
    let gone = |book: &Book| book.fill(book.lines().len());
    let first = Book::default();
    let ended = carry_on(&first, &lab, &plan, async |q| {
        if q.topic == Topic::Survivor {
            gone(&first);
            return says(q, "leave");
        }
        agrees(q)
    })
    .await;
    assert!(ended.is_err(), "{ended:?}");
    let second = first.reopened(None);
    let ended = carry_on(&second, &lab, &plan, async |q| {
        gone(&second);
        says(q, "leave")
    })
    .await;
    assert!(ended.is_err(), "{ended:?}");
    let ends = asked(&second);
    assert_eq!(ends.len(), 2, "it is asked anew");
    assert_eq!(ends[0], ends[1], "and ends when it would have ended");
    // Nobody was there when it ended: it is left, and nobody is asked.
    lab.turn_clock(i64::from(LONG) * 60).await;
    let came = carry_out_in(second.reopened(None), &lab, &plan, async |q| {
        panic!("{q:?}")
    })
    .await;
    is_left(&lab, &came, APP, "the commit window was over at").await;
}
