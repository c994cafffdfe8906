//! What a machine's guest writes in Azure and how much of it arrives at the site. Nothing is lost by waiting; what is
//! still on its way when the VM is switched off, or when a failover skips the synchronisation, is lost and counted.
//! The service keeps no such account: it is here so that a test can tell the right order of steps from the wrong one.

use jiff::Timestamp;

use super::clock::seconds;
use super::view::Known;

/// So many minutes of writing are on their way at most.
const BACKLOG_MINUTES: f64 = 10.0;
/// How many megabytes a minute the replication gains on a backlog.
const DRAIN: f64 = 120.0;

/// Below so many megabytes nothing is on its way: the shares are rounded to hundredths.
const NOTHING: f64 = 0.005;
/// The recovery point is never younger than so many seconds.
pub(super) const LEAST_LAG: u64 = 30;

/// The account of one machine, in megabytes, since replication to the site began.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Data {
    pub written: f64,
    pub replicated: f64,
    pub lost: f64,
    /// On its way.
    pub pending: f64,
    /// What was on its way when the VM went off: shown still, and lost unless the VM is started again.
    pub stuck: f64,
    pub per_minute: f64,
    /// Nobody has said since the beginning how much the guest writes: it is as the estate tells.
    pub as_told: bool,
    /// How long the guest wrote how much, in minutes and megabytes a minute, oldest first.
    written_when: Vec<(f64, f64)>,
    on: bool,
    begun: bool,
    failed_over: bool,
}

#[derive(Clone, Copy)]
enum Event {
    Begin(f64),
    Writes(f64),
    Off,
    On,
    /// The service itself shuts the VM down: what is on its way stays on its way.
    ShutDown,
    Synchronised,
    FailedOver,
    /// The VM is deleted, or replication to the site is over.
    Gone,
}

impl Data {
    /// Recovery point objective: how old the oldest byte on its way is. It is never nothing: 242 seconds were
    /// recorded with no byte on its way.
    pub fn lag_seconds(&self) -> u64 {
        let (mut left, mut minutes) = (self.pending + self.stuck, 0.0);
        if left < NOTHING {
            return LEAST_LAG;
        }
        // What is on its way was written last.
        for (length, rate) in self.written_when.iter().rev() {
            if rate * length >= left {
                minutes += left / rate;
                left = 0.0;
                break;
            }
            left -= rate * length;
            minutes += length;
        }
        // What was on its way already when this account began.
        minutes += left / DRAIN;
        LEAST_LAG + (60.0 * minutes) as u64
    }

    fn pass(&mut self, minutes: f64) {
        if !self.begun || minutes <= 0.0 {
            return;
        }
        let written = if self.on {
            self.per_minute * minutes
        } else {
            0.0
        };
        self.written += written;
        self.written_when.push((minutes, written / minutes));
        if self.failed_over {
            self.lost += written;
            return;
        }
        if !self.on {
            return;
        }
        // The backlog goes towards its level: half of what is written adds to it, or it drains.
        let level = self.per_minute * BACKLOG_MINUTES;
        let before = self.pending;
        self.pending = if before < level {
            (before + self.per_minute / 2.0 * minutes).min(level)
        } else {
            (before - DRAIN * minutes).max(level)
        };
        self.replicated += written - (self.pending - before);
    }

    fn lose(&mut self) {
        self.lost += self.pending;
        self.stuck = self.pending;
        self.pending = 0.0;
    }

    fn meet(&mut self, event: Event) {
        match event {
            Event::Begin(pending) => {
                (self.begun, self.failed_over) = (true, false);
                (self.pending, self.stuck) = (pending, 0.0);
                self.written_when.clear();
            }
            Event::Writes(rate) => self.per_minute = rate,
            Event::Off if self.on => {
                self.on = false;
                self.lose();
            }
            Event::Off => {}
            // Its disks are as they were: the agent sends what it had not sent.
            Event::On => {
                self.lost -= self.stuck;
                self.pending += self.stuck;
                (self.on, self.stuck) = (true, 0.0);
            }
            Event::ShutDown => self.on = false,
            Event::Synchronised => {
                self.replicated += self.pending;
                self.pending = 0.0;
            }
            Event::FailedOver => {
                self.lose();
                (self.failed_over, self.stuck) = (true, 0.0);
            }
            Event::Gone => (self.begun, self.on) = (false, false),
        }
    }
}

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
    let mut data = Data {
        // A backlog that the estate tells of stands where it is.
        per_minute: spec
            .writes_mb_per_minute
            .unwrap_or(pending / BACKLOG_MINUTES),
        as_told: spec.pending_mb.is_some() && known.writes.is_empty(),
        on: spec.power.as_deref().unwrap_or("running") == "running",
        ..Data::default()
    };
    if stage.provider == "InMage" && !stage.on_site {
        data.meet(Event::Begin(pending));
    }
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
        let progress = scenario.progress(now);
        if scenario.kind.key == "failback-classic" {
            for (task, at) in scenario.kind.tasks.iter().zip(&progress.tasks) {
                let done = at.end.filter(|_| at.state == "Succeeded");
                match (task.name.as_str(), done) {
                    ("VmShutdownVmOnPrimary", Some(end)) => events.push((end, Event::ShutDown)),
                    ("VmPrepareForUnPlannedFailover", Some(end)) => {
                        events.push((end, Event::Synchronised));
                    }
                    ("VmFailover", Some(_)) => {
                        events.extend(at.start.map(|s| (s, Event::FailedOver)));
                    }
                    _ => {}
                }
            }
        }
        if let (true, "Succeeded", Some(end)) = (scenario.kind.turns, progress.state, progress.end)
        {
            let event = if scenario.homeward {
                Event::Gone
            } else {
                Event::Begin(0.0)
            };
            events.push((end, event));
        }
        let settled = scenario.kind.key == "commit" && progress.state == "Succeeded";
        if let (true, true, Some(end)) = (settled, scenario.homeward, progress.end) {
            events.push((end, Event::Gone));
        }
    }
    events.retain(|(at, _)| *at <= now);
    events.sort_by_key(|(at, _)| *at);
    let mut at = known.started;
    for (time, event) in events {
        data.pass(seconds(at, time) / 60.0);
        data.meet(event);
        at = time.max(at);
    }
    data.pass(seconds(at, now) / 60.0);
    Some(data)
}
