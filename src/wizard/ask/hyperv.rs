//! What Hyper-V alone asks: how the data comes home, to which host, and whether the VM is made there.

use jiff::Timestamp;

use super::Asked;
use crate::domain::offers::{Offered, Provider};
use crate::domain::size::span;
use crate::domain::{Answer, Bytes, Generation, Place, Text};
use crate::wizard::field::Field;
use crate::wizard::question::{Candidate, Kind};
use crate::wizard::remark::Remark;
use crate::wizard::walk::Walk;

pub const BEFORE_FAILOVER: &str = "beforeFailover";
pub const FULL_DOWNLOAD: &str = "fullDownload";

/// From so many days in Azure document 003 recommends the full download.
const A_MONTH: i64 = 30;
const DAY: i64 = 86_400;

/// The lines for which an estimate is given, in bits a second: nobody knows the real one.
const SLOW: u64 = 100_000_000;
const FAST: u64 = 1_000_000_000;

pub(super) fn data_sync(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let all = vec![
        Candidate::plain(
            BEFORE_FAILOVER,
            "before the failover",
            "short downtime; waits to be completed",
        ),
        Candidate::plain(
            FULL_DOWNLOAD,
            "during it: full download",
            "the VM is off for all of it",
        ),
    ];
    let asked = Asked::new(Kind::Choice(all));
    let now = walk.offers.now;
    let long: Vec<bool> = match machine {
        Some(own) => vec![is_long_away(own, now)],
        None => walk
            .of_generation(Generation::HyperV)
            .map(|own| is_long_away(own, now))
            .collect(),
    };
    match (long.iter().any(|long| *long), long.iter().all(|long| *long)) {
        (true, true) => asked
            .default(Text::from(FULL_DOWNLOAD))
            .note("a month or more in Azure"),
        (true, false) => asked.note("each machine its own"),
        (false, _) => asked.default(Text::from(BEFORE_FAILOVER)),
    }
}

/// Since when a machine runs in Azure; `None` where that is not known.
fn days_in_azure(machine: &Offered, now: Option<Timestamp>) -> Option<i64> {
    let since = machine.machine.last_failover?;
    let seconds = now?.as_second() - since.as_second();
    let there = machine.machine.place == Place::Azure && seconds >= 0;
    there.then_some(seconds / DAY)
}

fn is_long_away(machine: &Offered, now: Option<Timestamp>) -> bool {
    days_in_azure(machine, now).is_some_and(|days| days >= A_MONTH)
}

/// Everything on the machine's disks; `None` where a size is not known.
fn size(machine: &Offered) -> Option<u64> {
    let disks = &machine.detail()?.disks;
    let sizes = disks.iter().map(|disk| disk.capacity.map(|size| size.0));
    let sizes: Option<Vec<u64>> = sizes.collect();
    sizes
        .filter(|all| !all.is_empty())
        .map(|all| all.iter().sum())
}

/// How long so many bytes take on a line; whole seconds.
fn seconds(bytes: u64, bits: u64) -> i64 {
    i64::try_from(bytes.saturating_mul(8) / bits).unwrap_or(i64::MAX)
}

/// Both ways beside each other, with what each costs, and the rule.
pub fn remarks(walk: &Walk<'_>) -> Vec<Remark> {
    let machines: Vec<&Offered> = walk.of_generation(Generation::HyperV).collect();
    let total: Option<u64> = machines.iter().map(|own| size(own)).sum();
    let (all, time) = match total {
        Some(bytes) => (
            format!("{} of disks", Bytes(bytes)),
            format!(
                "{} on a free line of 1 Gbit/s, {} at 100 Mbit/s",
                span(seconds(bytes, FAST)),
                span(seconds(bytes, SLOW))
            ),
        ),
        None => ("the disks".into(), "how long is unknown".into()),
    };
    let mut remarks = vec![
        Remark::saying(format!(
            "Before the failover: the VM runs on in Azure while {all} are compared and what differs \
             comes home (how long is unknown), then it waits for Complete failover. It is down for \
             the last changes alone."
        )),
        Remark::saying(format!(
            "During it, full download: the VM is off while {all} come home: {time}."
        )),
        Remark::saying(
            "Full download is recommended after a month or more in Azure, or where the VM at home \
             was deleted; for another host, before the failover [003].",
        ),
        Remark::warning(
            "Once it began it must not be cancelled, or the VM at home is corrupt [003].",
        ),
    ];
    let known = machines
        .iter()
        .map(|own| (own, days_in_azure(own, walk.offers.now)));
    let long: Vec<String> = known
        .filter_map(|(own, days)| match days {
            Some(days) if days >= A_MONTH => Some(format!("{}: {days} days", own.machine.name)),
            Some(_) => None,
            None => Some(format!("{}: unknown", own.machine.name)),
        })
        .collect();
    if !long.is_empty() {
        let words = format!("Time in Azure: {}.", long.join(", "));
        remarks.push(Remark::warning(words));
    }
    remarks
}

pub(super) fn host(walk: &Walk<'_>, machine: Option<&Offered>) -> Asked {
    let same = Candidate {
        label: "where it was".into(),
        ..Candidate::default()
    };
    let all: Vec<&Provider> = match machine {
        Some(own) => walk.offers.other_hosts(own),
        None => {
            let known = walk.offers.choices.as_ref().map(|c| c.providers.as_slice());
            let known = known.unwrap_or_default().iter();
            known.filter(|provider| provider.hyper_v).collect()
        }
    };
    let candidate = |provider: &Provider| {
        let fabric = provider.id.up_to("replicationFabrics");
        let fabric = fabric.and_then(|id| walk.offers.fabric(&id));
        let site = fabric.map_or_else(Text::default, |fabric| fabric.name.clone());
        let connected = match provider.is_connected() {
            true => "the VM is made there".to_owned(),
            false => format!("! {}", provider.connection),
        };
        Candidate {
            value: provider.id.as_str().into(),
            label: provider.name.clone(),
            detail: super::target::joined([site.to_string(), connected]),
            refused: None,
        }
    };
    let others = all.into_iter().map(candidate);
    let all = std::iter::once(same).chain(others).collect();
    Asked::new(Kind::Choice(all)).default(Text::default())
}

/// On another host the VM is made in any case.
pub(super) fn create_vm(walk: &Walk<'_>, machine: Option<&Offered>) -> Option<Asked> {
    let elsewhere = !walk.words(Field::Host, machine.map(Offered::id)).is_empty();
    (!elsewhere).then(|| Asked::new(Kind::YesNo).default(Answer::Yes(false)))
}
