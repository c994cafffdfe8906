//! The recovery's own steps: how quiesced, which VM in Azure, in which order.

use super::Asked;
use crate::domain::offers::Offered;
use crate::domain::plan::{CommitWindow, Intent, Minutes};
use crate::domain::{Answer, ArmId, Text};
use crate::wizard::field::Field;
use crate::wizard::form::Form;
use crate::wizard::question::{Candidate, Key, Kind};
use crate::wizard::walk::Walk;

pub const PERSON: &str = "person";
pub const HOOK: &str = "command";

/// Most Azure VMs that are offered for one machine.
const MOST_VMS: usize = 200;
/// A week: longer than any drain that still makes sense.
pub(super) const MOST_MINUTES: u64 = 7 * 24 * 60;

pub(super) fn quiesce() -> Asked {
    let all = vec![
        Candidate::plain(PERSON, "a person", "is asked, and says when it is done"),
        Candidate::plain(HOOK, "a command", "of yours, run on this machine"),
    ];
    Asked::new(Kind::Choice(all)).default(Text::from(PERSON))
}

fn is_hooked(walk: &Walk<'_>, key: &Key) -> bool {
    let key = Key {
        field: Field::Quiesce,
        ..key.clone()
    };
    matches!(walk.value(&key), Some(Answer::Words(word)) if word.as_str() == HOOK)
}

pub(super) fn command(walk: &Walk<'_>, key: &Key) -> Option<Asked> {
    is_hooked(walk, key).then(|| Asked::new(Kind::Line(Form::Command)))
}

pub(super) fn command_limit(walk: &Walk<'_>, key: &Key) -> Option<Asked> {
    is_hooked(walk, key).then(|| minutes(10))
}

fn minutes(usual: u64) -> Asked {
    let kind = Kind::Number {
        least: 1,
        most: MOST_MINUTES,
        empty: false,
    };
    Asked::new(kind).default(Answer::Number(usual))
}

pub(super) fn drain_limit() -> Asked {
    minutes(Minutes::default().0.into())
}

pub(super) fn stop_first() -> Asked {
    Asked::new(Kind::YesNo).default(Answer::Yes(false))
}

pub(super) fn commit_window() -> Asked {
    Asked::new(Kind::Number {
        least: CommitWindow::LEAST.0.into(),
        most: CommitWindow::MOST.0.into(),
        empty: true,
    })
}

pub(super) fn checks() -> Asked {
    Asked::new(Kind::Line(Form::Checks))
}

/// The other machine in hand that this VM was said to be: no VM is two machines.
fn whose(walk: &Walk<'_>, machine: &Offered, vm: &ArmId) -> Option<Text> {
    let others = walk.machines().iter().filter(|m| m.id() != machine.id());
    let mut said = others.filter(|other| {
        let key = Key::of(Field::AzureVm, other.id());
        let own = other.machine.azure_vm.as_ref().map(ArmId::as_str);
        let given = walk.given(&key).map(ToString::to_string);
        [own, given.as_deref()]
            .into_iter()
            .flatten()
            .any(|own| own.eq_ignore_ascii_case(vm.as_str()))
    });
    said.next().map(|other| other.machine.name.clone())
}

/// Not asked where Azure still tells it. Else: the one that the protection plan remembers, which is
/// preselected; never one by its name alone (asr-rest.md 13).
pub(super) fn azure_vm(walk: &Walk<'_>, machine: &Offered) -> Option<Asked> {
    if machine.machine.azure_vm.is_some() {
        return None;
    }
    let none = Candidate {
        label: "not known".into(),
        detail: "a person sees that it is off".into(),
        ..Candidate::default()
    };
    let candidate = |id: &ArmId, detail: &str| Candidate {
        value: id.as_str().into(),
        label: id.name().into(),
        detail: detail.into(),
        refused: whose(walk, machine, id).map(|name| format!("it is {name}").into()),
    };
    let remembered = remembered(walk, machine.id());
    let mut all = vec![none];
    all.extend(
        remembered
            .iter()
            .map(|id| candidate(id, "from the plan that protected it")),
    );
    let name = machine.machine.name.as_str().to_lowercase();
    let host = name.split('.').next().unwrap_or_default().to_owned();
    let alike = |id: &&ArmId| id.name().to_lowercase().contains(&host);
    let read = walk.offers.choices.as_ref();
    let read = read.map_or(&[][..], |choices| &choices.azure_vms);
    let others = || read.iter().filter(|id| Some(*id) != remembered.as_ref());
    let of_group = |id: &ArmId| {
        let same = if id.name().eq_ignore_ascii_case(&host) {
            "the same name, "
        } else {
            ""
        };
        format!(
            "{same}in {}",
            id.segment("resourceGroups").unwrap_or_default()
        )
    };
    let mut sorted: Vec<&ArmId> = others().collect();
    sorted.sort_by_cached_key(|id| (!alike(id), id.name().to_lowercase()));
    let sorted = sorted.into_iter().take(MOST_VMS);
    all.extend(sorted.map(|id| candidate(id, &of_group(id))));
    let default = remembered.map_or_else(Text::default, |id| id.as_str().into());
    Some(Asked::new(Kind::Choice(all)).default(default))
}

/// The Azure VM of a machine, as a plan that protected it knew it.
fn remembered(walk: &Walk<'_>, machine: &ArmId) -> Option<ArmId> {
    let plans = walk.offers.plans.iter().rev();
    plans
        .filter_map(|plan| match plan.intent() {
            Intent::Protect(protection) => protection.machine(machine)?.azure_vm.clone(),
            _ => None,
        })
        .next()
}

pub(super) fn wave(walk: &Walk<'_>) -> Asked {
    let kind = Kind::Number {
        least: 1,
        most: walk.machines().len().max(1) as u64,
        empty: false,
    };
    Asked::new(kind).default(Answer::Number(1))
}
