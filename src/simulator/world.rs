//! The site and what was done to it: a machine's state is a pure function of the estate, the records of what was
//! done to the machine, and the clock.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use jiff::Timestamp;

use super::clock::{Clock, after};
use super::estate::{EstateFile, JobSpec};
use super::scenario::{Scenario, kind};
use super::site::{Machine, Site};
use super::stage::{Stage, stage};

pub(super) struct World {
    pub site: Site,
    pub clock: Clock,
    pub started: Timestamp,
    pub pace: f64,
    records: RwLock<Records>,
    /// Grows with every change, so that cached pages know that they are old.
    changes: AtomicU64,
}

#[derive(Default)]
struct Records {
    all: Vec<Arc<Scenario>>,
    by_job: HashMap<String, usize>,
    by_machine: HashMap<usize, Vec<usize>>,
}

/// One machine at one moment.
pub(super) struct View {
    pub stage: &'static Stage,
    pub running: Option<Arc<Scenario>>,
    pub last_failover: Option<Timestamp>,
    pub planned: Option<(Timestamp, &'static str)>,
    pub azure_power: String,
    pub point: Option<String>,
}

impl World {
    pub fn new(mut estate: EstateFile, seed: u64, clock: Clock, pace: f64) -> Result<Self, String> {
        let jobs = std::mem::take(&mut estate.jobs);
        let site = Site::build(estate, seed)?;
        let started = clock.now();
        let world = Self {
            site,
            clock,
            started,
            pace,
            records: RwLock::default(),
            changes: AtomicU64::new(0),
        };
        for (index, job) in jobs.into_iter().enumerate() {
            let past = world.past(index, job)?;
            world.record(past);
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
        Ok(Scenario {
            kind: kind(&job.scenario)
                .ok_or_else(|| format!("jobs[{index}].scenario: there is no '{}'", job.scenario))?,
            job: job
                .name
                .unwrap_or_else(|| site.guid(&format!("job {index}"))),
            machine: machine
                .ok_or_else(|| format!("jobs[{index}].machine: there is no '{}'", job.machine))?,
            started: after(self.started, -job.hours_ago * 3600.0),
            client: site.guid(&format!("client {index}")),
            correlation: site.guid(&format!("correlation {index}")),
            required: job.required,
            error: job.error,
            hold: job.hold,
            past: true,
            pace: 1.0,
            point: None,
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
        add(&mut records, &scenario);
        drop(records);
        self.touch();
        scenario
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
        let at = &self.site.machines[machine];
        let view = view(at, &history(&records, machine), now, self.started);
        let scenario = Arc::new(make(view.as_ref())?);
        add(&mut records, &scenario);
        drop(records);
        self.touch();
        Ok(scenario)
    }

    pub fn jobs(&self) -> Vec<Arc<Scenario>> {
        let mut all = self.read().all.clone();
        all.sort_by_key(|s| std::cmp::Reverse(s.started));
        all
    }

    pub fn job(&self, name: &str) -> Option<Arc<Scenario>> {
        let records = self.read();
        records
            .by_job
            .get(&name.to_lowercase())
            .map(|i| Arc::clone(&records.all[*i]))
    }

    /// The machine at `now`; none for one that is not protected.
    pub fn view(&self, machine: usize, now: Timestamp) -> Option<View> {
        let history = history(&self.read(), machine);
        view(&self.site.machines[machine], &history, now, self.started)
    }

    /// Whether any job is under way, and pages must not be kept.
    pub fn busy(&self, now: Timestamp) -> bool {
        self.read().all.iter().any(|s| !s.past && s.running(now))
    }
}

fn add(records: &mut Records, scenario: &Arc<Scenario>) {
    let index = records.all.len();
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

/// The fold: the stage of the estate, moved by every scenario that has succeeded.
fn view(
    machine: &Machine,
    history: &[Arc<Scenario>],
    now: Timestamp,
    started: Timestamp,
) -> Option<View> {
    let mut stage_now = machine.stage?;
    let failed_over = stage_now.active == "Recovery";
    let off = stage_now.azure_off();
    let mut view = View {
        stage: stage_now,
        running: None,
        last_failover: failed_over.then(|| after(started, -86_400.0 * 2.0 - 0.123_456_7)),
        planned: None,
        azure_power: if off { "deallocated" } else { "running" }.to_owned(),
        point: None,
    };
    if let Some(power) = &machine.spec.power {
        view.azure_power.clone_from(power);
    }
    for scenario in history {
        let progress = scenario.progress(now);
        if progress.source_off {
            "deallocated".clone_into(&mut view.azure_power);
        }
        if progress.end.is_none() {
            view.running = Some(Arc::clone(scenario));
            continue;
        }
        let succeeded = progress.state == "Succeeded";
        if scenario.kind.planned {
            let word = if succeeded { "Succeeded" } else { "Failed" };
            view.planned = Some((scenario.started, word));
        }
        if succeeded && scenario.kind.failover {
            view.last_failover = Some(scenario.started);
            view.point.clone_from(&scenario.point);
        }
        if succeeded
            && !scenario.past
            && let Some(next) = scenario
                .kind
                .moves
                .get(stage_now.key)
                .and_then(|k| stage(k))
        {
            stage_now = next;
        }
    }
    view.stage = stage_now;
    // Blank again after a reprotect (asr-rest.md 12).
    if stage_now.active == "Primary" && stage_now.provider != "HyperVReplicaAzure" {
        view.last_failover = None;
    }
    Some(view)
}
