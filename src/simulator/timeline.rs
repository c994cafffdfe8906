//! The jobs of the site in time: those that were asked for, those within them, and those that the service begins by
//! itself.

use std::sync::Arc;

use jiff::Timestamp;

use super::clock::seconds;
use super::quirks::Quirk;
use super::scenario::Scenario;
use super::world::World;

impl World {
    /// Every job there is at `now`, newest first; a job within a job once its task has begun.
    pub fn jobs(&self, now: Timestamp) -> Vec<Arc<Scenario>> {
        let records = self.read();
        let shown = |s: &&Arc<Scenario>| !s.superseded;
        let mut all: Vec<_> = records.all.iter().filter(shown).cloned().collect();
        let made = records.children.iter().filter_map(|(name, parent)| {
            let parent = &records.all[*parent];
            let child = self.child(parent, name, now).filter(|_| !parent.past)?;
            Some(Arc::new(child))
        });
        all.extend(made);
        let undone = records.all.iter().filter_map(|s| self.undoing(s, now));
        all.extend(undone.map(Arc::new));
        all.sort_by_key(|s| std::cmp::Reverse(s.started));
        all
    }

    /// Whether lists show this job yet.
    pub fn listed(&self, job: &Scenario, now: Timestamp) -> bool {
        job.past || !self.has(Quirk::JobsListedLate) || seconds(job.started, now) >= 90.0
    }

    fn child(&self, parent: &Scenario, name: &str, now: Timestamp) -> Option<Scenario> {
        let client = if self.has(Quirk::ChildJobSameId) {
            parent.client.clone()
        } else {
            self.site.guid(&format!("client of {name}"))
        };
        parent.child(name, now, client)
    }

    /// What the service does by itself when that broke off.
    pub fn undoing(&self, scenario: &Scenario, now: Timestamp) -> Option<Scenario> {
        let mut undoing = scenario.undoing(now, |what| self.site.guid(what))?;
        if self.has(Quirk::ChildJobSameId) {
            undoing.client.clone_from(&scenario.client);
        }
        Some(undoing)
    }

    pub fn job(&self, name: &str, now: Timestamp) -> Option<Arc<Scenario>> {
        let (records, name) = (self.read(), name.to_lowercase());
        if let Some(index) = records.by_job.get(&name) {
            return Some(Arc::clone(&records.all[*index]));
        }
        if let Some(parent) = records.children.get(&name) {
            return self.child(&records.all[*parent], &name, now).map(Arc::new);
        }
        let mut undone = records.all.iter().filter_map(|s| self.undoing(s, now));
        undone.find(|s| s.job == name).map(Arc::new)
    }

    /// A test failover that waits to be stopped has been.
    pub fn stop_test(&self, machine: usize, now: Timestamp) {
        let waiting = self.jobs(now).into_iter().find(|s| {
            s.machine == machine && s.kind.tests && s.progress(now).end.is_none() && !s.past
        });
        if let Some(waiting) = waiting {
            self.change(&waiting.job, |scenario| {
                let mut stopped = scenario.clone();
                stopped.resumed = Some(now);
                Some(stopped)
            });
        }
    }

    /// Whether any job is under way, and pages must not be kept.
    pub fn busy(&self, now: Timestamp) -> bool {
        let unsettled = |s: &Arc<Scenario>| {
            let undone = if s.kind.undone_by.is_some() {
                600.0
            } else {
                0.0
            };
            let lag = (s.kind.initial_seconds + undone) * s.pace + 120.0;
            let end = s.progress(now).end;
            end.is_none_or(|end| seconds(end, now) < lag)
        };
        let deeds = self.deeds();
        let powered = deeds.compute.iter().any(|o| seconds(o.done, now) < 120.0);
        powered
            || !deeds.writes.is_empty()
            || self.read().all.iter().any(|s| !s.past && unsettled(s))
    }
}
