//! The recovery's own steps: to which moment, how quiesced, in which order.

use jiff::Timestamp;

use super::Asked;
use crate::domain::offers::{Offered, Reading};
use crate::domain::plan::{Intent, Minutes};
use crate::domain::recovery_point::{Consistency, RecoveryPoint};
use crate::domain::size::span;
use crate::domain::{Answer, ArmId, Text};
use crate::wizard::field::Field;
use crate::wizard::form::Form;
use crate::wizard::question::{Candidate, Key, Kind};
use crate::wizard::walk::Walk;

pub const LATEST: &str = "latest";
pub const LATEST_APPLICATION: &str = "latestApplication";
pub const PERSON: &str = "person";
pub const HOOK: &str = "command";

/// Most Azure VMs that are offered for one machine.
const MOST_VMS: usize = 200;
/// A week: longer than any drain that still makes sense.
const MOST_MINUTES: u64 = 7 * 24 * 60;

pub(super) fn point(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let now = walk.offers.now;
    let application = match machine {
        Some(own) => own_application(own, now),
        None => common_application(walk),
    };
    let mut all = vec![
        Candidate {
            value: LATEST.into(),
            label: "latest".into(),
            detail: "everything that was drained; crash-consistent".into(),
            refused: None,
        },
        application,
    ];
    let points = machine
        .and_then(Offered::detail)
        .map(|d| d.points.as_slice());
    let custom = points.unwrap_or_default().iter().map(|point| Candidate {
        value: point.name.clone(),
        label: point.name.clone(),
        detail: format!("{}, {}", age(point, now), consistency(point)).into(),
        refused: None,
    });
    all.extend(custom);
    Asked::new(Kind::Choice(all)).default(Text::from(LATEST))
}

fn consistency(point: &RecoveryPoint) -> &str {
    match &point.consistency {
        Consistency::Crash => "crash-consistent",
        Consistency::Application => "application-consistent",
        Consistency::Other(word) => word.as_str(),
    }
}

/// How old a point is. A time that the service's own clock has not reached yet is none.
fn age(point: &RecoveryPoint, now: Option<Timestamp>) -> String {
    let seconds = point
        .time
        .zip(now)
        .map(|(time, now)| now.as_second() - time.as_second());
    match seconds {
        Some(seconds @ 0..) => format!("{} old", span(seconds)),
        _ => "age unknown".into(),
    }
}

/// The newest application-consistent point of a machine.
pub fn newest_application(machine: &Offered) -> Option<&RecoveryPoint> {
    let points = machine.detail()?.points.iter();
    points
        .filter(|point| point.consistency == Consistency::Application)
        .max_by_key(|point| point.time)
}

fn application(detail: String, refused: Option<String>) -> Candidate {
    Candidate {
        value: LATEST_APPLICATION.into(),
        label: "latest application-consistent".into(),
        detail: detail.into(),
        refused: refused.map(Into::into),
    }
}

fn own_application(machine: &Offered, now: Option<Timestamp>) -> Candidate {
    match (&machine.detail, newest_application(machine)) {
        (_, Some(point)) => {
            let age = age(point, now);
            application(format!("{age}: what was written since is lost"), None)
        }
        (Reading::Read(_), None) => {
            application(String::new(), Some("the machine has no such point".into()))
        }
        (Reading::NotYet, None) => application("being read".into(), None),
        (Reading::Failed(why), None) => application(format!("not known: {why}"), None),
    }
}

/// For all: as old as the oldest of the machines' newest ones.
fn common_application(walk: &Walk<'_>) -> Candidate {
    let machines = walk.machines();
    let lacking: Vec<&str> = machines
        .iter()
        .filter(|m| matches!(m.detail, Reading::Read(_)) && newest_application(m).is_none())
        .map(|m| m.machine.name.as_str())
        .collect();
    let unread = machines
        .iter()
        .any(|m| !matches!(m.detail, Reading::Read(_)));
    let newest = machines.iter().filter_map(|m| newest_application(m));
    let oldest = newest.min_by_key(|point| point.time);
    let loss = match oldest {
        Some(point) if unread => format!("at least {}", age(point, walk.offers.now)),
        Some(point) => format!("up to {}", age(point, walk.offers.now)),
        None => "age not known yet".into(),
    };
    let all_lack = !machines.is_empty() && lacking.len() == machines.len();
    match lacking.as_slice() {
        _ if all_lack => application(String::new(), Some("no machine has such a point".into())),
        [] => application(format!("{loss}: what was written since is lost"), None),
        some => application(format!("{loss}; without: {}", some.join(", ")), None),
    }
}

pub(super) fn quiesce() -> Asked {
    let candidate = |value: &str, label: &str, detail: &str| Candidate {
        value: value.into(),
        label: label.into(),
        detail: detail.into(),
        refused: None,
    };
    let all = vec![
        candidate(PERSON, "a person", "is asked, and says when it is done"),
        candidate(HOOK, "a command", "of yours, run on this machine"),
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
        refused: None,
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
    let of_group = |id: &ArmId| format!("in {}", id.segment("resourceGroups").unwrap_or_default());
    let sorted = others()
        .filter(alike)
        .chain(others().filter(|id| !alike(id)));
    all.extend(sorted.take(MOST_VMS).map(|id| candidate(id, &of_group(id))));
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
