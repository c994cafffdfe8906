//! The target's step: what receives the data at home.

use super::Asked;
use crate::domain::infrastructure::{Component, Role};
use crate::domain::offers::{Offered, System};
use crate::domain::{Answer, ArmId, Bytes, Class, Discovery, Generation, Text};
use crate::wizard::field::Field;
use crate::wizard::question::Candidate;
use crate::wizard::walk::Walk;

pub const ORIGINAL: &str = "original";
pub const ALTERNATE: &str = "alternate";

pub(super) fn location(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let original = Candidate::plain(ORIGINAL, ORIGINAL, "the VM it came from takes the changes");
    let alternate = Candidate::plain(ALTERNATE, ALTERNATE, "a new VM is made; all data is sent");
    let asked = Asked::choice(vec![original, alternate]);
    let all: Vec<bool> = match machine {
        Some(own) => vec![was_physical(own)],
        None => walk
            .of_generation(Generation::Classic)
            .map(was_physical)
            .collect(),
    };
    match (all.iter().any(|was| *was), all.iter().all(|was| *was)) {
        (false, _) => asked.default(Text::from(ORIGINAL)),
        (true, true) => asked
            .default(Text::from(ALTERNATE))
            .note("it was a physical server: it comes home as a VM"),
        (true, false) => asked.note("each machine its own"),
    }
}

/// Whether the machine had no VM that could take it back. Only the way to Azure tells
/// (asr-rest.md 13).
fn was_physical(machine: &Offered) -> bool {
    let discovery = machine.detail().and_then(|d| d.ties.discovery.as_ref());
    machine.machine.class == Class::ClassicToAzure && discovery == Some(&Discovery::Physical)
}

/// The machine that speaks for all: a plan's classic machines are behind one configuration server.
fn speaker<'a>(walk: &Walk<'a>, machine: Option<&'a Offered>) -> Option<&'a Offered> {
    machine.or_else(|| walk.of_generation(Generation::Classic).next())
}

fn servers<'a>(
    walk: &Walk<'a>,
    machine: Option<&'a Offered>,
    role: fn(&Role) -> bool,
) -> Vec<&'a Component> {
    let fabric = speaker(walk, machine).and_then(Offered::fabric);
    let all = fabric.map(|fabric| walk.offers.servers(&fabric, role).collect());
    all.unwrap_or_default()
}

pub(super) fn vcenter(walk: &Walk<'_>, machine: Option<&Offered>) -> Option<Asked> {
    let id = machine.map(Offered::id);
    if walk.words(Field::Location, id).as_str() != ALTERNATE {
        return None;
    }
    let known = servers(walk, machine, |role| matches!(role, Role::VCenter { .. }));
    let mut candidates: Vec<_> = known.into_iter().map(named).collect();
    if candidates.is_empty() {
        candidates.push(Candidate {
            label: "none: a host of its own".into(),
            ..Candidate::default()
        });
    }
    Some(Asked::choice(candidates))
}

/// A vCenter by its name: plans keep that.
fn named(vcenter: &Component) -> Candidate {
    Candidate {
        value: vcenter.name.clone(),
        label: vcenter.name.clone(),
        detail: vcenter.address.clone(),
        refused: None,
    }
}

pub(super) fn joined(parts: impl IntoIterator<Item = String>) -> Text {
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", ").into()
}

fn free(free: Option<Bytes>, of: Option<Bytes>) -> String {
    match (free, of) {
        (Some(free), Some(of)) => format!("{free} free of {of}"),
        (Some(free), None) => format!("{free} free"),
        (None, _) => "free space unknown".into(),
    }
}

/// What a server suffers from, in short; what it means is for readiness.
pub(super) fn complaint(server: &Component) -> String {
    match server.problems.first() {
        Some(problem) => format!("! {}", problem.message),
        None => String::new(),
    }
}

pub(super) fn process_server(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let all = servers(walk, machine, |role| {
        matches!(role, Role::ProcessServer { .. })
    });
    let candidate = |server: &Component| {
        let room = match &server.role {
            Role::ProcessServer {
                free: left, total, ..
            } => free(*left, *total),
            _ => String::new(),
        };
        Candidate {
            value: server.id.clone(),
            label: server.name.clone(),
            detail: joined([server.address.to_string(), room, complaint(server)]),
            refused: None,
        }
    };
    Asked::choice(all.into_iter().map(candidate).collect())
}

pub(super) fn master_target(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let all = servers(walk, machine, |role| {
        matches!(role, Role::MasterTarget { .. })
    });
    let system = speaker(walk, machine).map_or(System::Unknown, Offered::system);
    let candidate = |server: &Component| {
        let Role::MasterTarget { os, datastores, .. } = &server.role else {
            return Candidate::default();
        };
        let takes = System::of(os);
        let other = takes != system && takes != System::Unknown && system != System::Unknown;
        let refused = match (other, datastores.is_empty()) {
            (true, _) => Some(format!(
                "it takes {}, the machine runs {}",
                takes.word(),
                system.word()
            )),
            (false, true) => Some("Azure shows no datastore of it".to_owned()),
            (false, false) => None,
        };
        Candidate {
            value: server.id.clone(),
            label: server.name.clone(),
            detail: joined([
                os.to_string(),
                server.address.to_string(),
                complaint(server),
            ]),
            refused: refused.map(Into::into),
        }
    };
    Asked::choice(all.into_iter().map(candidate).collect())
}

/// The master target that counts for a machine, or for all.
fn chosen_target<'a>(walk: &Walk<'a>, machine: Option<&'a Offered>) -> Option<&'a Role> {
    let id = walk.words(Field::MasterTarget, machine.map(Offered::id));
    let all = servers(walk, machine, |role| {
        matches!(role, Role::MasterTarget { .. })
    });
    let same = |server: &&Component| {
        !id.is_empty() && server.id.as_str().eq_ignore_ascii_case(id.as_str())
    };
    all.into_iter().find(same).map(|server| &server.role)
}

/// The note of a field whose candidates are on their way.
pub const BEING_READ: &str = "being read";
/// The note of a field that shows what the master target has.
pub const TARGET_FIRST: &str = "choose the master target first";

pub(super) fn retention(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let Some(Role::MasterTarget { retention, .. }) = chosen_target(walk, machine) else {
        return Asked::choice(Vec::new()).note(TARGET_FIRST);
    };
    let candidates: Vec<_> = retention
        .iter()
        .map(|volume| Candidate {
            value: volume.name.clone(),
            label: volume.name.clone(),
            detail: free(volume.free, volume.capacity).into(),
            refused: None,
        })
        .collect();
    let usual = |candidate: &&Candidate| {
        let name = candidate.value.as_str().trim_end_matches(['\\', '/', ':']);
        name.eq_ignore_ascii_case("R") || name == "/mnt/retention"
    };
    let usual = candidates.iter().find(usual).map(|c| c.value.clone());
    let asked = Asked::choice(candidates);
    match (&asked.default, usual) {
        (None, Some(usual)) => asked.default(usual).note("the usual one"),
        _ => asked,
    }
}

pub(super) fn datastore(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let Some(Role::MasterTarget { datastores, .. }) = chosen_target(walk, machine) else {
        return Asked::choice(Vec::new()).note(TARGET_FIRST);
    };
    let candidate = |store: &crate::domain::infrastructure::Datastore| Candidate {
        value: store.name.clone(),
        label: store.name.clone(),
        detail: joined([store.kind.to_string(), free(store.free, store.capacity)]),
        refused: None,
    };
    Asked::choice(datastores.iter().map(candidate).collect())
}

pub(super) fn policy(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let Some(speaker) = speaker(walk, machine) else {
        return Asked::choice(Vec::new());
    };
    if walk.offers.choices.is_none() {
        return Asked::choice(Vec::new()).note(BEING_READ);
    }
    let candidates = walk.offers.failback_policies(speaker.id());
    let minutes = |what: &str, minutes: Option<u64>| match minutes {
        Some(minutes) if minutes >= 120 && minutes % 60 == 0 => {
            format!("{what} {} h", minutes / 60)
        }
        Some(minutes) => format!("{what} {minutes} min"),
        None => String::new(),
    };
    let candidate = |policy: &crate::domain::Policy| Candidate {
        value: policy.id.as_str().into(),
        label: policy.name.clone(),
        detail: joined([
            minutes("keeps", policy.history),
            minutes("threshold", policy.threshold),
            minutes("application points every", policy.application),
        ]),
        refused: None,
    };
    let asked = Asked::choice(candidates.into_iter().map(candidate).collect());
    let preferred = |offered: &Offered| {
        let policy = walk.offers.preferred_policy(&offered.machine)?;
        Some(Text::from(policy.id.as_str()))
    };
    let all = match machine {
        Some(own) => vec![preferred(own)],
        None => walk
            .of_generation(Generation::Classic)
            .map(preferred)
            .collect(),
    };
    match all.as_slice() {
        [Some(first), rest @ ..] if rest.iter().all(|other| other.as_ref() == Some(first)) => {
            let note = match asked.default {
                Some(_) => asked.note.clone(),
                None => format!("goes with {}", speaker.machine.policy).into(),
            };
            asked.default(Answer::Words(first.clone())).note(note)
        }
        [_, _, ..] => asked.note("each machine its own"),
        _ => asked,
    }
}

/// Asked only where the configuration server keeps accounts.
pub(super) fn account(walk: &Walk<'_>, machine: Option<&Offered>) -> Option<Asked> {
    let fabric: ArmId = speaker(walk, machine).and_then(Offered::fabric)?;
    let choices = walk.offers.choices.as_ref()?;
    let own = choices.accounts.iter().filter(|a| a.fabric == fabric);
    let known: Vec<_> = own
        .map(|account| Candidate {
            value: account.id.clone(),
            label: account.name.clone(),
            ..Candidate::default()
        })
        .collect();
    if known.is_empty() {
        return None;
    }
    let none = Candidate {
        label: "none".into(),
        detail: "the agent runs already".into(),
        ..Candidate::default()
    };
    let all = std::iter::once(none).chain(known).collect();
    Some(Asked::choice(all).default(Text::default()).note(""))
}
