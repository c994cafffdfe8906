//! The account of one machine: an event at a time, and the minutes between them.

use jiff::Timestamp;

use super::super::clock::seconds;

/// So many minutes of writing are on their way at most.
pub(super) const BACKLOG_MINUTES: f64 = 10.0;
/// How many megabytes a minute the replication gains on a backlog.
const DRAIN: f64 = 120.0;
/// Below so many megabytes nothing is on its way: the shares are rounded to hundredths.
const NOTHING: f64 = 0.005;
/// The recovery point is never younger than so many seconds.
pub(in super::super) const LEAST_LAG: u64 = 30;

/// Where a machine runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Azure,
    Site,
}

/// The account of one machine, in megabytes, since its replication began.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in super::super) struct Data {
    pub written: f64,
    pub replicated: f64,
    pub lost: f64,
    /// On its way.
    pub pending: f64,
    /// What was on its way when the VM went off: shown still, and lost unless the VM is started again.
    pub stuck: f64,
    pub per_minute: f64,
    /// What was written on the site since the machine came home, and what a cancelled failover took of it.
    pub site_written: f64,
    pub site_lost: f64,
    /// Nobody has said since the beginning how much the guest writes: it is as the estate tells.
    pub as_told: bool,
    /// Something replicates, or did until the failover.
    pub begun: bool,
    /// How long the guest wrote how much, in minutes and megabytes a minute, oldest first.
    pub(super) written_when: Vec<(f64, f64)>,
    pub(super) source: Place,
    pub(super) azure_on: bool,
    pub(super) site_on: bool,
    pub(super) failed_over: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// Replication begins from that side, with so much on its way.
    Begin(Place, f64),
    Writes(f64),
    /// Somebody switches the VM in Azure off, or on.
    Off,
    On,
    /// The service itself shuts a machine down: what is on its way stays on its way.
    ShutDown(Place),
    SiteOn,
    Synchronised,
    /// To the newest state, or to that of a time.
    FailedOver(Option<Timestamp>),
    /// What was written on the site is undone, and replication goes on.
    Reverted,
    /// The VM is deleted, or replication is over.
    Gone,
}

impl Data {
    fn on(&self) -> bool {
        match self.source {
            Place::Azure => self.azure_on,
            Place::Site => self.site_on,
        }
    }

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

    /// The machine on the site runs.
    pub fn site_runs(&self) -> bool {
        self.site_on
    }

    /// How much was written in the last so many minutes.
    fn written_within(&self, minutes: f64) -> f64 {
        let (mut left, mut sum) = (minutes.max(0.0), 0.0);
        for (length, rate) in self.written_when.iter().rev() {
            let part = length.min(left);
            sum += part * rate;
            left -= part;
        }
        sum
    }

    pub(super) fn pass(&mut self, minutes: f64) {
        if minutes <= 0.0 {
            return;
        }
        if self.failed_over && self.source == Place::Azure && self.site_on {
            self.site_written += self.per_minute * minutes;
        }
        if !self.begun {
            return;
        }
        let written = if self.on() {
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
        if !self.on() {
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

    pub(super) fn meet(&mut self, event: Event, at: Timestamp) {
        match event {
            Event::Begin(source, pending) => {
                (self.begun, self.failed_over) = (true, false);
                (self.pending, self.stuck) = (pending, 0.0);
                self.source = source;
                self.site_on = source == Place::Site;
                self.written_when.clear();
            }
            Event::Writes(rate) => self.per_minute = rate,
            Event::Off => {
                if self.azure_on && self.begun && self.source == Place::Azure {
                    self.lose();
                }
                self.azure_on = false;
            }
            Event::On => {
                // Its disks are as they were: the agent sends what it had not sent.
                if self.source == Place::Azure {
                    self.lost -= self.stuck;
                    self.pending += self.stuck;
                    self.stuck = 0.0;
                }
                self.azure_on = true;
            }
            Event::ShutDown(Place::Azure) => self.azure_on = false,
            Event::ShutDown(Place::Site) => self.site_on = false,
            Event::SiteOn => self.site_on = true,
            Event::Synchronised => {
                self.replicated += self.pending;
                self.pending = 0.0;
            }
            Event::FailedOver(point) => {
                let since = point.map_or(0.0, |p| seconds(p, at) / 60.0);
                let behind = (self.written_within(since) - self.pending).max(0.0);
                let behind = behind.min(self.replicated);
                self.replicated -= behind;
                self.lost += behind;
                self.lose();
                (self.failed_over, self.stuck) = (true, 0.0);
            }
            Event::Reverted => {
                self.site_lost += self.site_written;
                self.site_written = 0.0;
                (self.failed_over, self.site_on) = (false, false);
            }
            Event::Gone => self.begun = false,
        }
    }
}
