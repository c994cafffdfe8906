//! The screens' own way of sending one change, without a run.

use failback::domain::Verb;
use failback::runner::{self, End, Progress};

use crate::lab::{Lab, gather};

/// The machine of the recordings.
const MACHINE: &str = "V2A-W2K16-201";

#[tokio::test]
async fn a_machine_that_changed_since_it_was_shown_is_left_alone() {
    let lab = Lab::recorded().await;
    let site = lab.site().await.unwrap();
    let estate = gather(&site).await;
    let prepared = runner::prepare(
        &estate.machines[0],
        &estate.machines,
        Verb::FailBack,
        site.arm().api_version(),
    )
    .unwrap();
    let confirmed = prepared.confirm(MACHINE).unwrap();
    // Somebody else is faster.
    let first = runner::carry_out(&site, &confirmed, |_| {}).await;
    assert!(matches!(first, End::Done(_)), "{first:?}");

    let news = std::sync::Mutex::new(Vec::new());
    let end = runner::carry_out(&site, &confirmed, |piece| news.lock().unwrap().push(piece)).await;
    assert_eq!(end, End::NotDone);
    let news = news.into_inner().unwrap();
    let [Progress::NotDone(failure)] = news.as_slice() else {
        panic!("{news:?}")
    };
    assert_eq!(
        failure.what.as_str(),
        "Nothing was sent: V2A-W2K16-201 has changed since it was shown."
    );
    assert_eq!(
        failure.advice.as_str(),
        "It is now: Commit pending. Refresh and look again."
    );
    assert_eq!(lab.changes().await.len(), 1);
}
