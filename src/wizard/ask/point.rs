//! To which moment: on the way home by generation, on the way to Azure alike for all. Every point
//! shows its age; what lies apart within a replication group is said.

use jiff::Timestamp;

use super::Asked;
use crate::domain::offers::{Offered, Reading};
use crate::domain::recovery_point::{Consistency, RecoveryPoint};
use crate::domain::size::span;
use crate::domain::{Generation, Text, WizardKind};
use crate::wizard::question::{Candidate, Kind};
use crate::wizard::remark::Remark;
use crate::wizard::walk::Walk;

pub const LATEST: &str = "latest";
pub const LATEST_PROCESSED: &str = "latestProcessed";
pub const LATEST_APPLICATION: &str = "latestApplication";

const MADE_THEN: &str = "made when the failback begins";

fn candidate(value: &str, label: &str, detail: impl Into<Text>) -> Candidate {
    Candidate {
        value: value.into(),
        label: label.into(),
        detail: detail.into(),
        refused: None,
    }
}

/// On the way home. Classic machines choose among points that are there, modernised ones have theirs
/// made, and Hyper-V goes to the last change.
pub(super) fn home(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let classic: Vec<&Offered> = match machine {
        Some(own) => vec![own],
        None => walk.of_generation(Generation::Classic).collect(),
    };
    let classic: Vec<&Offered> = classic
        .into_iter()
        .filter(|own| own.machine.provider().generation() == Some(Generation::Classic))
        .collect();
    let made = match machine {
        Some(_) => classic.is_empty(),
        None => walk.generations().contains(&Generation::Modernised),
    };
    let all = match (classic.is_empty(), made) {
        (true, true) => vec![
            candidate(LATEST, "latest", format!("crash-consistent, {MADE_THEN}")),
            application(MADE_THEN.into(), None),
        ],
        (_, false) => {
            let drained = "everything that was drained; crash-consistent";
            let mut all = vec![
                candidate(LATEST, "latest", drained),
                newest_of(&classic, walk.offers.now, &Consistency::Application),
            ];
            all.extend(custom(machine, walk.offers.now));
            all
        }
        (false, true) => {
            let latest = format!("classic: everything drained; modernised: {MADE_THEN}");
            let classic = newest_of(&classic, walk.offers.now, &Consistency::Application);
            let detail = match &classic.refused {
                Some(why) => format!("classic: {why}; modernised: {MADE_THEN}"),
                None => format!("classic: {}; modernised: {MADE_THEN}", classic.detail),
            };
            vec![
                candidate(LATEST, "latest", latest),
                application(detail, None),
            ]
        }
    };
    Asked::new(Kind::Choice(all)).default(Text::from(LATEST))
}

/// On the way to Azure \[004\].
pub(super) fn azure(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let now = walk.offers.now;
    let machines: Vec<&Offered> = match machine {
        Some(own) => vec![own],
        None => walk.machines().to_vec(),
    };
    let latest = "all that was sent is processed first: loses least, takes longest";
    let mut all = vec![
        candidate(LATEST, "latest", latest),
        newest_of(&machines, now, &Consistency::Crash),
        newest_of(&machines, now, &Consistency::Application),
    ];
    all.extend(custom(machine, now));
    Asked::new(Kind::Choice(all)).default(Text::from(LATEST))
}

/// The points of one machine.
fn custom(machine: Option<&Offered>, now: Option<Timestamp>) -> Vec<Candidate> {
    let points = machine.and_then(Offered::detail).map(|d| &d.points);
    let points = points.map_or(&[][..], Vec::as_slice).iter();
    let one = |point: &RecoveryPoint| Candidate {
        value: point.name.clone(),
        // On the way to Azure points are called by GUIDs, which nobody knows.
        label: match (&point.id, point.time) {
            (Some(_), Some(time)) => format!("{time:.0}").into(),
            _ => point.name.clone(),
        },
        detail: format!("{}, {}", age(point, now), consistency(point)).into(),
        refused: None,
    };
    points.map(one).collect()
}

fn consistency(point: &RecoveryPoint) -> &str {
    match &point.consistency {
        Consistency::Crash => "crash-consistent",
        Consistency::Application => "application-consistent",
        Consistency::Other(word) => word.as_str(),
    }
}

/// The time of a point, where it can be trusted: one that the service's own clock has not reached
/// yet is none.
fn seconds_old(point: &RecoveryPoint, now: Option<Timestamp>) -> Option<i64> {
    let (time, now) = point.time.zip(now)?;
    let seconds = now.as_second() - time.as_second();
    (seconds >= 0).then_some(seconds)
}

fn age(point: &RecoveryPoint, now: Option<Timestamp>) -> String {
    match seconds_old(point, now) {
        Some(seconds) => format!("{} old", span(seconds)),
        None => "age unknown".into(),
    }
}

/// The newest point of a machine; application-consistent ones alone where that is wanted.
fn newest<'a>(machine: &'a Offered, wanted: &Consistency) -> Option<&'a RecoveryPoint> {
    let points = machine.detail()?.points.iter();
    let any = *wanted != Consistency::Application;
    points
        .filter(|point| any || point.consistency == *wanted)
        .max_by_key(|point| point.time)
}

fn application(detail: String, refused: Option<String>) -> Candidate {
    Candidate {
        refused: refused.map(Into::into),
        ..candidate(LATEST_APPLICATION, "latest application-consistent", detail)
    }
}

/// The newest points of these machines: as old as the oldest of them.
fn newest_of(machines: &[&Offered], now: Option<Timestamp>, wanted: &Consistency) -> Candidate {
    let processed = *wanted != Consistency::Application;
    let made = |detail: String, refused: Option<String>| match processed {
        true => Candidate {
            refused: refused.map(Into::into),
            ..candidate(LATEST_PROCESSED, "latest processed", detail)
        },
        false => application(detail, refused),
    };
    let is_read = |m: &&&Offered| matches!(m.detail, Reading::Read(_));
    let lacking: Vec<&str> = machines
        .iter()
        .filter(is_read)
        .filter(|m| newest(m, wanted).is_none())
        .map(|m| m.machine.name.as_str())
        .collect();
    let alone = machines.len() == 1;
    if !machines.is_empty() && lacking.len() == machines.len() {
        let whose = if alone {
            "the machine has"
        } else {
            "no machine has"
        };
        let what = if alone {
            "no such point"
        } else {
            "such a point"
        };
        return made(String::new(), Some(format!("{whose} {what}")));
    }
    let newest = machines.iter().filter_map(|m| newest(m, wanted));
    let unread = !machines.iter().all(|m| is_read(&m));
    let failed = machines.iter().find_map(|m| match &m.detail {
        Reading::Failed(why) => Some(why),
        _ => None,
    });
    let loss = match (newest.min_by_key(|point| point.time), failed) {
        (None, Some(why)) => return made(format!("not known: {why}"), None),
        (None, None) if machines.is_empty() => "age not known yet".into(),
        (None, None) => return made("being read".into(), None),
        (Some(point), _) if unread => format!("at least {}", age(point, now)),
        (Some(point), _) if alone => age(point, now),
        (Some(point), _) => format!("up to {}", age(point, now)),
    };
    let meaning = match processed {
        true => "ready at once: shortest time; what came since is lost",
        false => "what was written since is lost",
    };
    match lacking.as_slice() {
        [] => made(format!("{loss}: {meaning}"), None),
        some => made(format!("{loss}; without: {}", some.join(", ")), None),
    }
}

/// What must be known of the replication groups: each machine goes to a point of its own.
pub fn remarks(walk: &Walk<'_>) -> Vec<Remark> {
    let mut groups: Vec<(&Text, Vec<&Offered>)> = Vec::new();
    for own in walk.machines() {
        let machine = &own.machine;
        let at_home = machine.provider().generation() == Some(Generation::HyperV)
            && walk.wizard() == WizardKind::Recover;
        if machine.group_id.is_empty() || at_home {
            continue;
        }
        match groups.iter_mut().find(|(id, _)| **id == machine.group_id) {
            Some((_, members)) => members.push(own),
            None => groups.push((&machine.group_id, vec![own])),
        }
    }
    let many = groups.into_iter().filter(|(_, members)| members.len() > 1);
    many.map(|(_, members)| of_group(walk, &members)).collect()
}

fn of_group(walk: &Walk<'_>, members: &[&Offered]) -> Remark {
    let name = members.first().map(|m| m.machine.group_name.to_string());
    let spread = |wanted| apart(members, walk.offers.now, &wanted);
    let made = members
        .iter()
        .all(|m| m.machine.provider().generation() == Some(Generation::Modernised))
        && walk.wizard() == WizardKind::Recover;
    let apart = match made {
        true => String::new(),
        false => format!(
            " Newest points: {}; application-consistent: {}.",
            spread(Consistency::Crash),
            spread(Consistency::Application)
        ),
    };
    Remark::warning(format!(
        "{}, a replication group of {}: each machine goes to a point of its own; what was written in \
         between is there on one and missing on another.{apart} A common point exists only through \
         a recovery plan of Azure itself.",
        name.unwrap_or_default(),
        members.len()
    ))
}

/// How far the newest points of machines lie apart.
fn apart(members: &[&Offered], now: Option<Timestamp>, wanted: &Consistency) -> String {
    if members.iter().any(|m| matches!(m.detail, Reading::NotYet)) {
        return "being read".into();
    }
    let ages = members
        .iter()
        .map(|m| newest(m, wanted).and_then(|point| seconds_old(point, now)));
    let ages: Option<Vec<i64>> = ages.collect();
    match ages
        .as_deref()
        .map(|all| (all.iter().min(), all.iter().max()))
    {
        Some((Some(least), Some(most))) if least == most => {
            format!("all {} old", span(*least))
        }
        Some((Some(least), Some(most))) => {
            format!(
                "{} to {} old, {} apart",
                span(*least),
                span(*most),
                span(most - least)
            )
        }
        _ => "unknown how far apart".into(),
    }
}
