//! What a machine's guest writes and how much of it arrives at the other side. Nothing is lost by waiting; what is
//! still on its way when the machine is switched off, or when a failover skips the synchronisation, is lost and
//! counted, as is what was written after the recovery point that was chosen, and what was written on the site before
//! a failover was cancelled. The service keeps no such account: it is here so that a test can tell the right order of
//! steps from the wrong one.

mod account;

use jiff::Timestamp;

use super::clock::seconds;
use super::fold::Known;
use super::kind::Effect;
use super::scenario::Scenario;
use super::stage::Stage;
use account::{BACKLOG_MINUTES, Event, Place};
pub(super) use account::{Data, LEAST_LAG};

/// The account at `now`; none for a machine that nothing was ever said or done about.
pub(super) fn data(known: &Known<'_>, now: Timestamp) -> Option<Data> {
    let spec = &known.machine.spec;
    let said = spec.pending_mb.is_some() || spec.writes_mb_per_minute.is_some();
    let quiet = known.powers.is_empty() && known.writes.is_empty();
    if !said && quiet && known.history.iter().all(|s| s.past) {
        return None;
    }
    let stage = known.machine.stage?;
    let pending = spec.pending_mb.unwrap_or(0.0) * spec.disks.len() as f64;
    let running = spec.power.as_deref().unwrap_or("running") == "running";
    let mut data = Data {
        // A backlog that the estate tells of stands where it is.
        per_minute: spec
            .writes_mb_per_minute
            .unwrap_or(pending / BACKLOG_MINUTES),
        as_told: spec.pending_mb.is_some() && known.writes.is_empty(),
        azure_on: running && !stage.azure_off(),
        site_on: stage.on_site,
        ..Data::default()
    };
    if let Some(source) = replicates_from(stage) {
        data.meet(Event::Begin(source, pending), known.started);
    }
    // It came home before the site began: what is written there is counted from now on.
    data.failed_over = stage.homeward && stage.on_site;
    let mut events: Vec<(Timestamp, Event)> = Vec::new();
    events.extend(known.writes.iter().map(|(at, x)| (*at, Event::Writes(*x))));
    for (at, state) in known.powers {
        match *state {
            "running" => events.push((*at, Event::On)),
            "deallocated" | "stopped" => events.push((*at, Event::Off)),
            _ => {}
        }
    }
    for scenario in known.history.iter().filter(|s| !s.past) {
        of_scenario(scenario, stage, now, &mut events);
    }
    events.retain(|(at, _)| *at <= now);
    events.sort_by_key(|(at, _)| *at);
    let mut at = known.started;
    for (time, event) in events {
        data.pass(seconds(at, time) / 60.0);
        data.meet(event, time);
        at = time.max(at);
    }
    data.pass(seconds(at, now) / 60.0);
    Some(data)
}

/// From which side a machine replicates, if it does. From Hyper-V's Azure VM nothing does until it fails back.
fn replicates_from(stage: &Stage) -> Option<Place> {
    match (stage.homeward, stage.on_site) {
        (true, false) => Some(Place::Azure),
        (false, true) => Some(Place::Site),
        _ => None,
    }
}

/// What a job means for the account.
fn of_scenario(
    scenario: &Scenario,
    stage: &Stage,
    now: Timestamp,
    events: &mut Vec<(Timestamp, Event)>,
) {
    let (kind, progress) = (scenario.kind, scenario.progress(now));
    let point = scenario.asked.point.as_ref().and_then(|p| p.time);
    for (at, effect) in scenario.happened(now) {
        let event = match effect {
            Effect::AzureOff => Event::ShutDown(Place::Azure),
            Effect::AzureOn => Event::On,
            Effect::SiteOff => Event::ShutDown(Place::Site),
            Effect::SiteOn => Event::SiteOn,
            Effect::Synchronised => Event::Synchronised,
            Effect::FailedOver => Event::FailedOver(point),
            // Hyper-V replicates homewards only while it fails back.
            Effect::Syncing => Event::Begin(Place::Azure, 0.0),
            Effect::Reverted => Event::Reverted,
            Effect::Commits | Effect::Whole => continue,
        };
        events.push((at, event));
    }
    let Some(end) = progress.end.filter(|_| progress.state == "Succeeded") else {
        // A synchronisation that was broken off replicates nothing.
        if stage.hyperv() && progress.broke_off() && kind.option.is_some() {
            events.extend(progress.end.map(|end| (end, Event::Gone)));
        }
        return;
    };
    let home = scenario.homeward;
    if kind.turns {
        let source = if home { Place::Site } else { Place::Azure };
        events.push((end, Event::Begin(source, 0.0)));
    } else if kind.verb.as_deref() == Some("failoverCommit") && home {
        events.push((end, Event::Gone));
    }
}
