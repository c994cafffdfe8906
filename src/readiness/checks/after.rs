//! Afterwards: commit, and protection to Azure again.

use crate::domain::place::{Class, Place};
use crate::domain::recipe::NoRecipe;
use crate::domain::{Recipe, Stage, Verb};
use crate::readiness::ask::{Machine, Verdict, Whole, doubt, failed, judge, passed};

use super::azure::{REGISTERS_WITHIN, runs};

pub fn can_be_committed(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    if let Some(running) = &item.running {
        return failed(format!("Azure is at work on it: {}", running.words()));
    }
    if let Stage::Other(state) = &item.stage {
        // How the state of a Hyper-V machine that came home is called is not recorded (asr-rest.md 9);
        // what is offered tells it.
        return match item.class == Class::HyperV && item.next.offers(Verb::Commit) {
            true => passed("Azure offers Commit"),
            false => doubt(format!("the state {state} is not known")),
        };
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
    let offered = item.next.offers(Verb::ProtectToAzure);
    let hyper_v = item.class == Class::HyperV;
    if let Stage::Other(state) = &item.stage
        // Reverse Replicate is offered only of a Hyper-V machine whose failback is committed.
        && !(hyper_v && offered)
    {
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
    let home = matches!(item.class, Class::ClassicHome | Class::ModernisedHome) || hyper_v;
    let settled = matches!(item.stage, Stage::Committed | Stage::Other(_));
    judge(
        home && settled && item.place == Place::OnPremises && offered,
        "it came home and was committed, and Azure offers Protect to Azure",
        format!("its state is {}", item.state_words()),
    )
}

/// What each generation needs is what its recipe asks for.
pub fn values_to_azure(w: &Whole<'_>) -> Verdict {
    let (mut lacking, mut unclear) = (Vec::new(), None);
    for machine in w.machines() {
        match machine.item() {
            // Why else there is no recipe is ELIG-13's to tell.
            Ok(item) => {
                let recipe = Recipe::of(w.plan, machine.id, &item.provider());
                if let Err(missing @ NoRecipe::Missing { .. }) = recipe {
                    lacking.push(missing.to_string());
                }
            }
            Err(doubt) => unclear = Some(doubt),
        }
    }
    match (lacking.is_empty(), unclear) {
        (false, _) => failed(lacking.join("; ")),
        (true, Some(doubt)) => Err(doubt),
        (true, None) => passed("every value is chosen"),
    }
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
