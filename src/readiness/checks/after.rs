//! Afterwards: commit, and protection to Azure again.

use crate::domain::place::{Class, Place};
use crate::domain::{Stage, Verb};
use crate::readiness::ask::{Machine, Verdict, Whole, doubt, failed, judge, passed};

use super::azure::{REGISTERS_WITHIN, runs};

pub fn can_be_committed(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    if let Stage::Other(state) = &item.stage {
        return doubt(format!("the state {state} is not known"));
    }
    if let Some(running) = &item.running {
        return failed(format!("Azure is at work on it: {}", running.words()));
    }
    let words = item.state_words();
    judge(
        item.stage == Stage::CommitPending && item.next.offers(Verb::Commit),
        "its failover is complete, and Azure offers Commit",
        format!("its state is {words}; Azure offers no Commit"),
    )
}

/// What commit leaves over has to be alive: the other side goes.
pub fn survivor_is_alive(m: &Machine<'_>) -> Verdict {
    match &m.item()?.place {
        Place::Azure => runs(m.instance()?.0),
        Place::OnPremises => doubt("Azure does not see how the machine at home is"),
        Place::Unknown(why) => doubt(format!("where it runs is unknown: {why}")),
    }
}

/// A reprotect commits (asr-rest.md 13): only what was committed before goes to Azure again.
pub fn home_and_committed(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    if let Stage::Other(state) = &item.stage {
        return doubt(format!("the state {state} is not known"));
    }
    if let Place::Unknown(why) = &item.place {
        return doubt(format!("where it runs is unknown: {why}"));
    }
    if let Some(running) = &item.running {
        return failed(format!("Azure is at work on it: {}", running.words()));
    }
    if item.stage == Stage::CommitPending {
        return failed("its failback is not committed, and Protect to Azure would commit it");
    }
    let home = matches!(item.class, Class::ClassicHome | Class::ModernisedHome)
        && item.place == Place::OnPremises
        && item.stage == Stage::Committed;
    judge(
        home && item.next.offers(Verb::ProtectToAzure),
        "it came home and was committed, and Azure offers Protect to Azure",
        format!("its state is {}", item.state_words()),
    )
}

pub fn values_to_azure(w: &Whole<'_>) -> Verdict {
    let machines = w.returning().map(|r| r.machines.as_slice());
    let lacks = |m: &crate::domain::plan::Returned| {
        let chosen = [
            ("process server", m.target.process_server.is_some()),
            ("replication policy", m.target.policy.is_some()),
        ];
        let missing: Vec<_> = chosen.iter().filter(|c| !c.1).map(|c| c.0).collect();
        (!missing.is_empty()).then(|| format!("{} lacks {}", m.name, missing.join(", ")))
    };
    let lacking: Vec<String> = machines
        .unwrap_or_default()
        .iter()
        .filter_map(lacks)
        .collect();
    judge(
        lacking.is_empty(),
        "every value is chosen",
        lacking.join("; "),
    )
}

/// Reprotecting earlier fails with "agent not installed"; waiting is all that is needed.
pub fn agent_after_return(m: &Machine<'_>) -> Verdict {
    let Some(returned) = m.item()?.last_failover else {
        return doubt("when it came home is not told");
    };
    if m.deep()?
        .agent_heartbeat
        .is_some_and(|beat| beat > returned)
    {
        return passed("the agent has reported since it came home");
    }
    if m.seen()?.as_second() - returned.as_second() < REGISTERS_WITHIN {
        return failed("it came home less than 15 minutes ago, and the agent has not reported yet");
    }
    doubt("Site Recovery shows no report of the agent since it came home")
}
