//! The fold of the estate's word on a machine and of everything that was done to it since.

use std::sync::Arc;

use jiff::Timestamp;

use super::asked::{Choice, Target};
use super::clock::{after, seconds};
use super::failure::Failure;
use super::guest;
use super::kind::{Effect, committed};
use super::quirks::Quirk;
use super::scenario::{Progress, Scenario};
use super::site::{Machine, guid};
use super::stage::{Stage, stage};
use super::view::{TestState, View};

/// Everything that is known of a machine.
pub(super) struct Known<'a> {
    pub machine: &'a Machine,
    /// What was done to it, and what the service did by itself, in order.
    pub history: &'a [Arc<Scenario>],
    /// What Compute was asked to make of the VM's power: from when on, which state.
    pub powers: &'a [(Timestamp, &'static str)],
    /// From when on its guest writes so many megabytes in a minute.
    pub writes: &'a [(Timestamp, f64)],
    pub started: Timestamp,
    pub quirks: &'a [Quirk],
    pub seed: u64,
}

/// What the VM in Azure was told to be, and when.
type Powers = Vec<(Timestamp, &'static str)>;

/// How old the last heartbeat of a working agent is.
const HEARTBEAT: f64 = -78.0;
/// How long after the VM's start its agent is heard again; it may take a quarter of an hour \[002\].
const AGENT_RETURNS: f64 = 180.0;
/// For how many days a machine has been in Azure when the estate does not say.
const DAYS_IN_AZURE: f64 = 2.0;

impl Known<'_> {
    pub fn has(&self, quirk: Quirk) -> bool {
        self.quirks.contains(&quirk)
    }

    /// How long after the end of a job the item follows it.
    fn lag(&self, scenario: &Scenario) -> f64 {
        if self.has(Quirk::StateBehindJob) {
            60.0
        } else if self.has(Quirk::IdsNew404Briefly) && scenario.kind.turns {
            40.0
        } else {
            0.0
        }
    }

    /// As the estate has it.
    fn begin(&self, at: &'static Stage, now: Timestamp) -> View {
        let spec = &self.machine.spec;
        let days = spec.days_in_azure.unwrap_or(DAYS_IN_AZURE);
        let failed_over = at.active == "Recovery";
        let untested = spec.problems.iter().any(|p| p == "no-test-failover");
        let tested = !at.homeward && !failed_over && !untested;
        View {
            stage: at,
            active: at.active,
            running: None,
            last_failover: failed_over.then(|| after(self.started, -86_400.0 * days - 0.123_456_7)),
            last_test: tested.then(|| after(self.started, -86_400.0 * 20.0)),
            test: if at.tested() {
                TestState::Waits
            } else {
                TestState::Never
            },
            planned: None,
            azure_vm: at.azure_vm,
            azure_name: None,
            made: None,
            lives: 0,
            azure_power: String::new(),
            power_since: None,
            heard: None,
            off_since: None,
            site_since: None,
            site_whole: true,
            site_made: None,
            stranded: false,
            point: None,
            points_until: None,
            initial: None,
            settling: false,
            hidden: false,
            turns: 0,
            choice: Choice::default(),
            target: Target::default(),
            data: guest::data(self, now),
        }
    }

    /// The machine at `now`; none when it is not protected.
    pub fn view(&self, now: Timestamp) -> Option<View> {
        let mut view = self.begin(self.machine.stage?, now);
        let mut powers: Powers = self.powers.to_vec();
        for scenario in self.history {
            self.step(&mut view, &mut powers, scenario, now);
        }
        // Blank again after a reprotect (asr-rest.md 12).
        if view.stage.active == "Primary" && !view.stage.hyperv() {
            view.last_failover = None;
        }
        view.active = match view.stage.key {
            "hyperv-failed-back" if self.has(Quirk::HypervActiveLate) => "Recovery",
            _ => view.stage.active,
        };
        if view.active == "Recovery" && !view.stage.homeward {
            view.points_until = view.last_failover;
        }
        let kept = view.stage.key != "modern-home" || !self.has(Quirk::ModernCommitDeletes);
        view.azure_vm = view.stage.azure_vm && kept;
        self.power(&mut view, powers, now);
        Some(view)
    }

    fn step(&self, view: &mut View, powers: &mut Powers, scenario: &Arc<Scenario>, now: Timestamp) {
        let kind = scenario.kind;
        for (time, effect) in scenario.happened(now) {
            match effect {
                Effect::AzureOff => powers.push((time, "deallocated")),
                Effect::AzureOn => powers.push((time, "running")),
                Effect::SiteOn if !scenario.past => view.site_since = Some(time),
                Effect::Syncing => view.site_whole = false,
                Effect::Whole => view.site_whole = true,
                Effect::Commits if !scenario.past => {
                    let next = committed(view.stage.key).and_then(stage);
                    view.stage = next.unwrap_or(view.stage);
                }
                _ => {}
            }
        }
        let progress = scenario.progress(now);
        // A test that waits to be stopped keeps its machine from nothing.
        let waits = kind.tests && ["Suspended", "Other"].contains(&progress.state);
        let Some(end) = progress.end.or_else(|| waits.then_some(scenario.started)) else {
            view.running = Some(Arc::clone(scenario));
            return;
        };
        let succeeded = waits || progress.state == "Succeeded";
        self.planned(view, scenario, &progress);
        if succeeded {
            self.done(view, scenario, &progress, end);
        } else if kind.makes_vm && progress.state == "Cancelled" && progress.broke_off() {
            view.stranded = true;
        }
        if scenario.past {
            return;
        }
        let from = view.stage.key;
        let next = match kind.moves.get(from) {
            Some(next) if succeeded => Some(next.as_str()),
            _ if succeeded => None,
            moved if scenario.by_itself || (moved.is_some() && progress.broke_off()) => {
                let fallen = kind.fails_to.as_deref();
                fallen.or_else(|| self.cancelled_sync(view))
            }
            _ => None,
        };
        let Some(next) = next.and_then(stage) else {
            return;
        };
        let late = seconds(end, now);
        if late < self.lag(scenario) {
            view.settling = true;
            view.hidden = late < 20.0 && kind.turns && self.has(Quirk::IdsNew404Briefly);
            return;
        }
        view.stage = next;
        if kind.turns {
            self.turned(view, scenario, late);
        }
    }

    /// Where a Hyper-V failback that was cancelled, or failed, in its synchronisation leaves its machine [I].
    fn cancelled_sync(&self, view: &View) -> Option<&'static str> {
        let here = view.stage.hyperv() && !view.site_whole;
        match view.stage.key {
            _ if here && self.has(Quirk::CancelledSyncStays) => Some("hyperv-sync-cancelled"),
            "hyperv-failing-back" => Some("hyperv-committed"),
            _ => None,
        }
    }

    /// What is remembered of the last planned failover to the site.
    fn planned(&self, view: &mut View, scenario: &Scenario, progress: &Progress) {
        let done = progress.state == "Succeeded";
        if scenario.kind.planned {
            let word = match progress.state {
                "Succeeded" => "Succeeded",
                "Cancelled" => "Cancelled",
                _ => "Failed",
            };
            view.planned = Some((scenario.started, word));
        }
        let told = !scenario.by_itself || self.has(Quirk::PlannedStatusCancelled);
        if scenario.kind.key == "cancel-modern" && done && told {
            view.planned = view.planned.map(|(start, _)| (start, "Cancelled"));
        }
    }

    /// What a success leaves behind, apart from the stage.
    fn done(&self, view: &mut View, scenario: &Scenario, progress: &Progress, end: Timestamp) {
        let (kind, asked) = (scenario.kind, &scenario.asked);
        if kind.failover {
            view.last_failover = Some(scenario.started);
            view.stranded = false;
        }
        if kind.failover || kind.repoints {
            view.point.clone_from(&asked.point);
        }
        if kind.tests {
            view.last_test = Some(scenario.started);
            view.test = TestState::Waits;
        }
        if kind.cleans {
            view.test = TestState::Cleaned;
        }
        if let Some(target) = &asked.target {
            view.target.changed(target);
        }
        if kind.makes_vm && !scenario.past {
            view.lives += 1;
            view.made = Some(end);
            let mut name = view.target_name(self.machine).to_owned();
            let error = progress.error.as_ref();
            if error.is_some_and(|(code, _)| Failure::of(code).renames()) {
                name = renamed(&name, &scenario.job);
            }
            view.azure_name = Some(name);
        }
        if let Some(host) = &asked.create {
            let id = guid(self.seed, &format!("made by {}", scenario.job));
            view.site_made = Some((id, host.clone()));
        }
    }

    /// The direction was turned round, and the first synchronisation goes its course.
    fn turned(&self, view: &mut View, scenario: &Scenario, late: f64) {
        view.turns += 1;
        (view.point, view.planned) = (None, None);
        if let Some(choice) = &scenario.asked.choice {
            view.choice = choice.clone();
        }
        // A reversed Hyper-V machine is protected as soon as its job has ended, says the public specification.
        let at_once = view.stage.hyperv() && !self.has(Quirk::ReverseSynchronises);
        let whole = scenario.kind.initial_seconds * scenario.pace;
        let share = if at_once || whole <= 0.0 {
            f64::INFINITY
        } else {
            late / whole
        };
        let course = view.stage.course();
        let reached = course.iter().rev().find(|(_, at)| share >= *at);
        view.stage = reached
            .and_then(|(key, _)| stage(key))
            .unwrap_or(view.stage);
        let first = course.first().map_or(1.0, |(_, at)| *at);
        view.initial = view
            .stage
            .initial()
            .then(|| (share / first * 100.0).clamp(0.0, 99.0) as u64);
    }

    /// The last word on the VM's power, whoever spoke it, and what it makes of the agent.
    fn power(&self, view: &mut View, mut powers: Powers, now: Timestamp) {
        if !view.azure_vm {
            return;
        }
        let off = self.machine.stage.is_some_and(Stage::azure_off);
        let own = self.machine.spec.power.as_deref();
        let usual = if off { "deallocated" } else { "running" };
        powers.retain(|(time, _)| *time <= now);
        powers.sort_by_key(|(time, _)| *time);
        let stopped = |powers: &[(Timestamp, &str)]| {
            let off = powers.iter().rev().take_while(|p| p.1 != "running");
            off.last().map(|p| p.0)
        };
        let word = powers.last().map_or(own.unwrap_or(usual), |p| p.1);
        word.clone_into(&mut view.azure_power);
        view.power_since = powers.last().map(|p| p.0);
        // A VM that came from Hyper-V has no agent of Site Recovery.
        let alone = view.running.is_none() && !view.stage.on_site && !view.stage.hyperv();
        view.off_since = stopped(&powers).filter(|_| alone);
        let old = self.has(Quirk::OldHeartbeats);
        let ago = if old { -660.0 } else { HEARTBEAT };
        view.heard = match (word, powers.split_last()) {
            ("running", Some((on, before))) => {
                if seconds(on.0, now) < AGENT_RETURNS {
                    stopped(before).map(|off| after(off, ago))
                } else {
                    Some(after(now, ago))
                }
            }
            _ => stopped(&powers).map(|off| after(off, ago)),
        };
    }
}

/// What a VM is called whose name was taken (recorded).
pub(super) fn renamed(name: &str, job: &str) -> String {
    format!("{name}-{job}")
}
