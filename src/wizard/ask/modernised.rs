//! The target's step for modernised machines: the reprotect agent of an appliance, one of its
//! datastores, and the storage account for the log. No policy, no master target, no retention
//! (asr-rest.md 13).

use super::Asked;
use super::target::{complaint, joined};
use crate::domain::offers::{Agent, Offered, StorageAccount};
use crate::domain::{ArmId, Generation, Text};
use crate::wizard::field::Field;
use crate::wizard::question::Candidate;
use crate::wizard::walk::Walk;

/// The machine that speaks for all: a plan's modernised machines are behind one site's appliances.
fn speaker<'a>(walk: &Walk<'a>, machine: Option<&'a Offered>) -> Option<&'a Offered> {
    machine.or_else(|| walk.of_generation(Generation::Modernised).next())
}

fn agents<'a>(walk: &Walk<'a>, machine: Option<&'a Offered>) -> Vec<Agent<'a>> {
    let speaker = speaker(walk, machine);
    speaker.map_or_else(Vec::new, |own| walk.offers.reprotect_agents(own.id()))
}

pub(super) fn agent(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let candidate = |agent: Agent<'_>| {
        let stores = match agent.datastores.len() {
            0 => String::new(),
            1 => "reaches 1 datastore".into(),
            many => format!("reaches {many} datastores"),
        };
        let server = agent.server;
        let none = agent.datastores.is_empty();
        Candidate {
            value: server.id.clone(),
            label: server.name.clone(),
            detail: joined([server.address.to_string(), stores, complaint(server)]),
            refused: none.then(|| "it reaches no datastore".into()),
        }
    };
    let all = agents(walk, machine).into_iter();
    Asked::choice(all.map(candidate).collect())
}

const AGENT_FIRST: &str = "choose the reprotect agent first";

pub(super) fn datastore(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let chosen = walk.words(Field::ReprotectAgent, machine.map(Offered::id));
    let same = |agent: &&Agent<'_>| {
        !chosen.is_empty()
            && agent
                .server
                .id
                .as_str()
                .eq_ignore_ascii_case(chosen.as_str())
    };
    let all = agents(walk, machine);
    let Some(agent) = all.iter().find(same) else {
        return Asked::choice(Vec::new()).note(AGENT_FIRST);
    };
    let candidate = |name: &Text| Candidate {
        value: name.clone(),
        label: name.clone(),
        ..Candidate::default()
    };
    Asked::choice(agent.datastores.iter().map(candidate).collect())
}

pub(super) fn log_storage(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    if walk.offers.choices.is_none() {
        return Asked::choice(Vec::new()).note(super::target::BEING_READ);
    }
    let candidate = |account: &StorageAccount| Candidate {
        value: account.id.as_str().into(),
        label: account.id.name().into(),
        detail: joined([account.location.to_string(), account.sku.to_string()]),
        refused: None,
    };
    let all = walk.offers.log_storage();
    let asked = Asked::choice(all.iter().map(|account| candidate(account)).collect());
    let used = |own: &Offered| -> Option<ArmId> {
        let used = own.detail()?.stores.log.clone()?;
        all.iter().any(|account| account.id == used).then_some(used)
    };
    let used: Vec<Option<ArmId>> = match machine {
        Some(own) => vec![used(own)],
        None => walk
            .of_generation(Generation::Modernised)
            .map(used)
            .collect(),
    };
    match used.as_slice() {
        [Some(first), rest @ ..] if rest.iter().all(|other| other.as_ref() == Some(first)) => {
            let note = match asked.default {
                Some(_) => asked.note.clone(),
                None => "the one of the way to Azure".into(),
            };
            asked.default(Text::from(first.as_str())).note(note)
        }
        [_, _, ..] if asked.default.is_none() => asked.note("each machine its own"),
        _ => asked,
    }
}
