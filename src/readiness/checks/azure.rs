//! The Azure VM and its agent.

use crate::domain::place::{Class, Place};
use crate::domain::{Stage, Verb};
use crate::readiness::ask::{Machine, Verdict, doubt, failed, judge, passed};

/// An agent needs up to so many seconds after boot to register \[002\].
const REGISTERS_WITHIN: i64 = 15 * 60;

pub fn powered_on(m: &Machine<'_>) -> Verdict {
    let instance = m.instance()?;
    let power = instance.power.as_str();
    match (power.to_ascii_lowercase().as_str(), instance.responsive) {
        ("", _) => doubt("Azure does not say whether the VM runs"),
        ("running", Some(true)) => passed("the Azure VM runs and its agent responds"),
        ("running", Some(false)) => failed("the Azure VM runs, and its agent does not respond"),
        ("running", None) => doubt("the Azure VM runs; it has no VM agent that would respond"),
        _ => failed(format!("the Azure VM is {power}")),
    }
}

/// A heartbeat since boot is the proof. An old one alone never fails (asr-rest.md 13).
pub fn agent_registered(m: &Machine<'_>) -> Verdict {
    let instance = m.instance()?;
    let Some(started) = instance.started else {
        return doubt("when the Azure VM booted is not known");
    };
    if m.deep()?
        .agent_heartbeat
        .is_some_and(|beat| beat >= started)
    {
        return passed("the agent has reported since boot");
    }
    if instance.seen.as_second() - started.as_second() < REGISTERS_WITHIN {
        return failed("booted less than 15 minutes ago, and the agent has not reported yet");
    }
    doubt("the agent has not reported since boot")
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
    let over = matches!(item.stage, Stage::CommitPending | Stage::Committed)
        && matches!(item.class, Class::ClassicToAzure | Class::ModernisedToAzure)
        && item.place == Place::Azure
        && item.running.is_none();
    judge(
        over && item.next.offers(Verb::Protect),
        "failed over, and Azure offers Protect",
        format!("its state is {words}; Azure does not offer Protect"),
    )
}
