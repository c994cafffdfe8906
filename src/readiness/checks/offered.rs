//! Whether Azure offers what the plan does, now.

use crate::domain::place::Place;
use crate::domain::{Stage, Verb};
use crate::readiness::ask::{Machine, Verdict, doubt, failed, judge};
use crate::readiness::catalogue::Purpose;

/// What a kind of plan asks of Azure, and where its machines have to run; `None` for a kind that has a
/// rule of its own.
fn wanted(purpose: Purpose) -> Option<(Verb, Option<Place>)> {
    Some(match purpose {
        Purpose::FailBack => (Verb::FailBack, Some(Place::Azure)),
        // Before its end the machine is at home; where a cancellation failed Azure is active again.
        Purpose::Cancel => (Verb::Cancel, None),
        Purpose::FailOver => (Verb::FailOverToAzure, Some(Place::OnPremises)),
        Purpose::ChangePoint => (Verb::ChangeRecoveryPoint, Some(Place::Azure)),
        Purpose::Test => (Verb::TestFailover, Some(Place::OnPremises)),
        Purpose::CleanUp => (Verb::TestFailoverCleanup, None),
        Purpose::Protect | Purpose::Commit | Purpose::ToAzure | Purpose::Complete => return None,
    })
}

/// What is offered tells the state, not the other way round (asr-rest.md 4): states have more words
/// than anybody knows. Only a commit that is pending is looked at, as some operations would do it
/// unasked.
pub fn now(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    let Some((verb, place)) = wanted(m.whole.purpose()) else {
        return doubt("the plan asks for something else");
    };
    if let Place::Unknown(why) = &item.place {
        return doubt(format!("the direction is unknown: {why}"));
    }
    if place.as_ref().is_some_and(|place| *place != item.place) {
        return failed(match item.place {
            Place::OnPremises => "it runs on-premises",
            _ => "it runs in Azure",
        });
    }
    if let Some(running) = &item.running {
        return failed(format!("Azure is at work on it: {}", running.words()));
    }
    let pending = item.stage == Stage::CommitPending;
    if pending && matches!(verb, Verb::FailBack | Verb::FailOverToAzure) {
        return failed("its failover is not committed");
    }
    let from = match item.place {
        Place::Azure => "in Azure",
        _ => "on-premises",
    };
    judge(
        item.next.offers(verb),
        format!("it runs {from}, and {} is offered", verb.words()),
        format!(
            "Azure does not offer {}; its state is {}",
            verb.words(),
            item.state_words()
        ),
    )
}

/// There is no way to tell what was written; whoever cancels says that it may go \[004\].
pub fn loses_what_was_written(m: &Machine<'_>) -> Verdict {
    m.item()?;
    failed("what was written on-premises since the failback is lost")
}
