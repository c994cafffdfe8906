//! The Azure VM and its agent.

use crate::domain::place::{Class, Place};
use crate::domain::{Stage, Verb};
use crate::readiness::ask::{Machine, Verdict, doubt, failed, judge, not_for, passed};
use crate::readiness::facts::Instance;

/// An agent needs up to so many seconds after boot to register \[002\].
pub const REGISTERS_WITHIN: i64 = 15 * 60;

pub fn powered_on(m: &Machine<'_>) -> Verdict {
    runs(m.instance()?.0)
}

/// Whether a VM runs and its agent answers.
pub fn runs(instance: &Instance) -> Verdict {
    let power = instance.power.as_str();
    match (power.to_ascii_lowercase().as_str(), instance.responsive) {
        ("" | "unknown", _) => doubt("Azure does not say whether the VM runs"),
        ("running", Some(true)) => passed("the Azure VM runs and its agent responds"),
        ("running", Some(false)) => failed("the Azure VM runs, and its VM agent is not ready"),
        ("running", None) => doubt("the Azure VM runs; it has no VM agent that would respond"),
        _ => failed(format!("the Azure VM is {power}")),
    }
}

/// A heartbeat since boot is the proof. An old one alone never fails (asr-rest.md 13).
pub fn agent_registered(m: &Machine<'_>) -> Verdict {
    let heartbeat = m.deep()?.agent_heartbeat;
    let (instance, seen) = m.instance()?;
    let Some(started) = instance.started else {
        return doubt("when the Azure VM booted is not known");
    };
    if heartbeat.is_some_and(|beat| beat >= started) {
        return passed("the agent has reported since boot");
    }
    if seen.as_second() - started.as_second() < REGISTERS_WITHIN {
        return failed(
            "Azure started or changed the VM less than 15 minutes ago, and its agent has not \
             reported since",
        );
    }
    doubt("Site Recovery shows no report of the agent since the VM booted")
}

pub fn failed_over(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    let words = item.state_words();
    if let Stage::Other(state) = &item.stage {
        return doubt(format!("the state {state} is not known"));
    }
    if let Place::Unknown(why) = &item.place {
        return doubt(format!("where it runs is unknown: {why}"));
    }
    if let Some(running) = &item.running {
        return failed(format!("Azure is at work on it: {}", running.words()));
    }
    let over = matches!(item.stage, Stage::CommitPending | Stage::Committed)
        && matches!(item.class, Class::ClassicToAzure | Class::ModernisedToAzure)
        && item.place == Place::Azure;
    match (over, item.next.offers(Verb::Protect)) {
        (true, true) => passed("failed over, and Azure offers Protect"),
        (true, false) => failed(format!(
            "its state is {words}; Azure does not offer Protect"
        )),
        (false, _) => failed(format!("its state is {words}")),
    }
}

/// A reprotect commits, and with that throws the other recovery points away (asr-rest.md 13).
pub fn already_committed(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    match item.stage {
        Stage::CommitPending => failed("its failover is not committed; Protect commits it"),
        Stage::Committed => passed("its failover is committed"),
        _ => doubt("whether its failover is committed is not told"),
    }
}

/// For a plan that commits: before the Azure VM goes nobody may be working in it.
pub fn off_before_commit(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    match &item.place {
        Place::Azure => not_for("the machine runs in Azure"),
        Place::Unknown(why) => doubt(format!("where it runs is unknown: {why}")),
        Place::OnPremises => {
            let power = &m.instance()?.0.power;
            let word = power.as_str().to_ascii_lowercase();
            if matches!(word.as_str(), "" | "unknown") {
                return doubt("Azure does not say whether the VM runs");
            }
            judge(
                matches!(word.as_str(), "deallocated" | "stopped"),
                format!("the Azure VM is {power}"),
                format!("the Azure VM is {power}, and Commit deletes it with all that is in it"),
            )
        }
    }
}
