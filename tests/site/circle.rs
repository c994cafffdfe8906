//! The whole classic circle, carried out: protect, fail back, commit, protect to Azure.

use failback::domain::StepKind as K;
use failback::domain::run::{Closing, End, Record};

use crate::lab::Lab;
use crate::run::*;

/// A machine that is committed in Azure.
const NAME: &str = "web-03";

/// Hours in seconds, jobs of the length that was recorded.
async fn contoso() -> Lab {
    Lab::wanted().speed(2000.0).start().await
}

#[tokio::test]
async fn a_machine_goes_the_whole_circle_and_every_call_is_sent_once() {
    let lab = contoso().await;
    let came = carry_out(&lab, &protect(&lab, &[NAME]).await, async |_| None).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(came.end(NAME, K::Protect), End::Done);
    assert_eq!(
        shown(&lab, NAME).await,
        ("Azure".into(), "Replicating home".into())
    );

    let home = bring_home(&lab, &[&[NAME]]).await;
    let came = carry_out(&lab, &home, async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(
        shown(&lab, NAME).await,
        ("on-prem".into(), "Failed back, committed".into())
    );

    let away = to_azure(&lab, &[NAME]).await;
    let came = carry_out(&lab, &away, async |_| None).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(
        shown(&lab, NAME).await,
        ("on-prem".into(), "Replicating to Azure".into())
    );
    let calls = [
        "reProtect",
        "unplannedFailover",
        "failoverCommit",
        "reProtect",
    ];
    assert_eq!(sent(&lab).await, calls);
}

#[tokio::test]
async fn every_call_stands_in_the_journal_before_it_is_sent_with_the_id_that_goes_out() {
    let lab = contoso().await;
    let home = bring_home(&lab, &[&["web-01"]]).await;
    let came = carry_out(&lab, &home, async |q| agrees(q)).await;
    let mut intents = Vec::new();
    for record in came.book.records() {
        match record {
            Record::Intent {
                attempt,
                call,
                request,
                mark,
                ..
            } => {
                assert!(mark.is_some());
                intents.push((attempt, call, request));
            }
            Record::Accepted {
                attempt,
                job,
                correlation,
            } => {
                assert_eq!(intents.last().unwrap().0, attempt);
                assert!(job.is_some() && !correlation.is_empty());
            }
            _ => {}
        }
    }
    let changes = lab.changes().await;
    assert_eq!(changes.len(), intents.len());
    for (seen, (_, call, request)) in changes.iter().zip(&intents) {
        assert_eq!(seen.path, call.path);
        assert_eq!(seen.client_request_id, Some(request.to_string()));
        let body = call
            .body
            .as_ref()
            .map(|body| serde_json::from_str(body).unwrap());
        assert_eq!(seen.body, body);
    }
}
