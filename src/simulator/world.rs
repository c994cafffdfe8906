//! The site and what was done to it: a machine's state is a pure function of the estate, the records of what was
//! done to the machine, and the clock.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use jiff::Timestamp;

use super::clock::{Clock, after, seconds};
use super::deeds::Deeds;
use super::estate::{EstateFile, JobSpec};
use super::faults::{Fault, Faults};
use super::quirks::{self, Quirk};
use super::scenario::{Scenario, kind};
use super::site::{Site, guid};
use super::view::Known;
pub(super) use super::view::View;

pub(super) struct World {
    pub site: Site,
    pub clock: Clock,
    pub started: Timestamp,
    pub pace: f64,
    pub quirks: Vec<Quirk>,
    /// Which jobs are to fail is asked of them when a job begins.
    pub faults: Arc<Faults>,
    records: RwLock<Records>,
    deeds: RwLock<Deeds>,
    /// Grows with every change, so that cached pages know that they are old.
    changes: AtomicU64,
}

#[derive(Default)]
struct Records {
    all: Vec<Arc<Scenario>>,
    by_job: HashMap<String, usize>,
    by_machine: HashMap<usize, Vec<usize>>,
    /// The jobs within jobs, by their names: their parents.
    children: HashMap<String, usize>,
}

impl World {
    pub fn new(
        mut estate: EstateFile,
        seed: u64,
        clock: Clock,
        pace: f64,
        quirks: Vec<Quirk>,
        faults: Arc<Faults>,
    ) -> Result<Self, String> {
        quirks::apply(&mut estate, &quirks);
        let jobs = std::mem::take(&mut estate.jobs);
        let site = Site::build(estate, seed)?;
        let started = clock.now();
        let world = Self {
            site,
            clock,
            started,
            pace,
            quirks,
            faults,
            records: RwLock::default(),
            deeds: RwLock::default(),
            changes: AtomicU64::new(0),
        };
        for (index, job) in jobs.into_iter().enumerate() {
            let past = world.past(index, job)?;
            world.record(past);
        }
        for machine in &world.site.machines {
            for rule in &machine.spec.fails {
                let rule = Fault::of_machine(&machine.name, rule);
                world.faults.add(rule.map_err(|error| error.to_string())?);
            }
        }
        Ok(world)
    }

    /// A job of the estate's past.
    fn past(&self, index: usize, job: JobSpec) -> Result<Scenario, String> {
        let site = &self.site;
        let machine = site
            .machines
            .iter()
            .position(|m| m.spec.name == job.machine);
        let machine = machine
            .ok_or_else(|| format!("jobs[{index}].machine: there is no '{}'", job.machine))?;
        let kind = kind(&job.scenario)
            .ok_or_else(|| format!("jobs[{index}].scenario: there is no '{}'", job.scenario))?;
        let back = ["failback-classic", "failback-modern", "cancel-modern"];
        let home = site.machines[machine].stage.is_some_and(|s| s.homeward);
        Ok(Scenario {
            kind,
            job: job
                .name
                .unwrap_or_else(|| site.guid(&format!("job {index}"))),
            machine,
            started: after(self.started, -job.hours_ago * 3600.0),
            client: site.guid(&format!("client {index}")),
            correlation: site.guid(&format!("correlation {index}")),
            required: job.required,
            error: job.error,
            hold: job.hold,
            unnamed: job.hold && self.has(Quirk::SuspendedUnnamed),
            past: true,
            pace: 1.0,
            point: None,
            committed: true,
            homeward: back.contains(&kind.key.as_str()) || (kind.key == "commit" && home),
            choice: None,
            cancelled: None,
            resumed: None,
            superseded: false,
        })
    }

    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// Something other than a record changed, such as the clock.
    pub fn touch(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Records> {
        self.records
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn record(&self, scenario: Scenario) -> Arc<Scenario> {
        let scenario = Arc::new(scenario);
        let mut records = self
            .records
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        add(&mut records, &scenario, self.site.seed);
        drop(records);
        self.touch();
        scenario
    }

    pub fn deeds(&self) -> std::sync::RwLockReadGuard<'_, Deeds> {
        self.deeds
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn deeds_mut(&self) -> std::sync::RwLockWriteGuard<'_, Deeds> {
        self.deeds
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Puts what `make` makes of a job in its place; false when it makes nothing, or when there is no such record.
    pub fn change(&self, job: &str, make: impl FnOnce(&Scenario) -> Option<Scenario>) -> bool {
        let mut records = self
            .records
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let index = records.by_job.get(&job.to_lowercase()).copied();
        let Some((index, changed)) = index.and_then(|i| Some((i, make(&records.all[i])?))) else {
            return false;
        };
        records.all[index] = Arc::new(changed);
        drop(records);
        self.touch();
        true
    }

    /// Puts what `make` makes of a job beside it, as the same job's next attempt: what the first one did, stays done.
    pub fn again(&self, job: &str, make: impl FnOnce(&Scenario) -> Option<Scenario>) -> bool {
        let mut records = self
            .records
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let index = records.by_job.get(&job.to_lowercase()).copied();
        let Some((index, next)) = index.and_then(|i| Some((i, make(&records.all[i])?))) else {
            return false;
        };
        let mut first = records.all[index].as_ref().clone();
        first.superseded = true;
        records.all[index] = Arc::new(first);
        add(&mut records, &Arc::new(next), self.site.seed);
        drop(records);
        self.touch();
        true
    }

    /// Whether there is a machine that people call so, in any case.
    pub fn knows(&self, machine: &str) -> bool {
        let machines = &self.site.machines;
        machines.iter().any(|m| m.name.to_lowercase() == machine)
    }

    pub fn ask(&self, id: &str, job: &str, now: Timestamp) {
        let asked = (id.to_owned(), job.to_owned(), now);
        self.deeds_mut().asked.push(asked);
    }

    pub fn has(&self, quirk: Quirk) -> bool {
        self.quirks.contains(&quirk)
    }

    /// Records what `make` makes of the machine's view, with nobody in between.
    pub fn begin<E>(
        &self,
        machine: usize,
        now: Timestamp,
        make: impl FnOnce(Option<&View>) -> Result<Scenario, E>,
    ) -> Result<Arc<Scenario>, E> {
        let mut records = self
            .records
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let view = self.seen(&records, machine, now);
        let scenario = Arc::new(make(view.as_ref())?);
        add(&mut records, &scenario, self.site.seed);
        drop(records);
        self.touch();
        Ok(scenario)
    }

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

    pub fn job(&self, name: &str, now: Timestamp) -> Option<Arc<Scenario>> {
        let (records, name) = (self.read(), name.to_lowercase());
        if let Some(index) = records.by_job.get(&name) {
            return Some(Arc::clone(&records.all[*index]));
        }
        let parent = records.children.get(&name)?;
        self.child(&records.all[*parent], &name, now).map(Arc::new)
    }

    /// The machine at `now`; none for one that is not protected.
    pub fn view(&self, machine: usize, now: Timestamp) -> Option<View> {
        self.seen(&self.read(), machine, now)
    }

    /// Those of the items that are there: one that was just reprotected may not be found for a moment.
    pub fn found(&self, items: &[usize], now: Timestamp) -> Vec<usize> {
        let hidden = |i: &usize| {
            self.has(Quirk::IdsNew404Briefly) && self.view(*i, now).is_some_and(|v| v.hidden)
        };
        items.iter().copied().filter(|i| !hidden(i)).collect()
    }

    fn seen(&self, records: &Records, machine: usize, now: Timestamp) -> Option<View> {
        let deeds = self.deeds();
        let (powers, writes) = (deeds.powers(machine), deeds.writes(machine));
        drop(deeds);
        Known {
            machine: &self.site.machines[machine],
            history: &history(records, machine),
            powers: &powers,
            writes: &writes,
            started: self.started,
            quirks: &self.quirks,
        }
        .view(now)
    }

    /// Whether any job is under way, and pages must not be kept.
    pub fn busy(&self, now: Timestamp) -> bool {
        let unsettled = |s: &Arc<Scenario>| {
            let lag = s.kind.initial_seconds * s.pace + 120.0;
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

/// The name of the job within a job.
pub(super) fn child_name(seed: u64, job: &str) -> String {
    guid(seed, &format!("child {job}"))
}

fn add(records: &mut Records, scenario: &Arc<Scenario>, seed: u64) {
    let index = records.all.len();
    if scenario.kind.tasks.iter().any(|t| t.child.is_some()) {
        records
            .children
            .insert(child_name(seed, &scenario.job), index);
    }
    records.by_job.insert(scenario.job.to_lowercase(), index);
    records
        .by_machine
        .entry(scenario.machine)
        .or_default()
        .push(index);
    records.all.push(Arc::clone(scenario));
}

fn history(records: &Records, machine: usize) -> Vec<Arc<Scenario>> {
    let indexes = records
        .by_machine
        .get(&machine)
        .map(Vec::as_slice)
        .unwrap_or_default();
    indexes
        .iter()
        .map(|i| Arc::clone(&records.all[*i]))
        .collect()
}
