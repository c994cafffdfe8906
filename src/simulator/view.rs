//! One machine at one moment: the fold of the estate's word on it and of everything that was done to it since.

use std::sync::Arc;

use jiff::Timestamp;

use super::clock::{after, seconds};
use super::guest::{self, Data};
use super::inputs::Choice;
use super::quirks::Quirk;
use super::scenario::{Scenario, kind};
use super::site::Machine;
use super::stage::{Stage, stage};

/// One machine at one moment.
pub(super) struct View {
    pub stage: &'static Stage,
    pub running: Option<Arc<Scenario>>,
    pub last_failover: Option<Timestamp>,
    pub planned: Option<(Timestamp, &'static str)>,
    /// Empty when there is no VM in Azure.
    pub azure_power: String,
    /// Since when it is so, if that was done while the site ran.
    pub power_since: Option<Timestamp>,
    /// When its agent was last heard, if its power decided that; else it is as the estate says.
    pub heard: Option<Timestamp>,
    /// Since when the Azure VM that should replicate does not run.
    pub off_since: Option<Timestamp>,
    pub point: Option<String>,
    /// How far the synchronisation after a reprotect has come, in percent.
    pub initial: Option<u64>,
    /// Its job has ended and the item does not show it yet: nothing is allowed meanwhile.
    pub settling: bool,
    /// It cannot be found for the moment.
    pub hidden: bool,
    /// How often it was turned round since the site began.
    pub turns: u32,
    pub choice: Choice,
    pub data: Option<Data>,
}

impl View {
    /// Whether the disk at that place replicates.
    pub fn replicates(&self, lun: usize) -> bool {
        let chosen = self.choice.disks.as_ref();
        chosen.is_none_or(|places| places.contains(&lun))
    }
}

/// Everything that is known of a machine.
pub(super) struct Known<'a> {
    pub machine: &'a Machine,
    pub history: &'a [Arc<Scenario>],
    /// What Compute was asked to make of the VM's power: from when on, which state.
    pub powers: &'a [(Timestamp, &'static str)],
    /// From when on its guest writes so many megabytes in a minute.
    pub writes: &'a [(Timestamp, f64)],
    pub started: Timestamp,
    pub quirks: &'a [Quirk],
}

impl Known<'_> {
    fn has(&self, quirk: Quirk) -> bool {
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

    /// The machine at `now`; none when it is not protected.
    pub fn view(&self, now: Timestamp) -> Option<View> {
        let mut at = self.machine.stage?;
        let failed_over = at.active == "Recovery";
        let mut powers: Vec<(Timestamp, &str)> = self.powers.to_vec();
        let mut view = View {
            stage: at,
            running: None,
            last_failover: failed_over.then(|| after(self.started, -86_400.0 * 2.0 - 0.123_456_7)),
            planned: None,
            azure_power: String::new(),
            power_since: None,
            heard: None,
            off_since: None,
            point: None,
            initial: None,
            settling: false,
            hidden: false,
            turns: 0,
            choice: Choice::default(),
            data: guest::data(self, now),
        };
        for scenario in self.history {
            let progress = scenario.progress(now);
            if let Some(off) = progress.source_off {
                powers.push((off, "deallocated"));
            }
            if progress.committed && !scenario.past {
                at = committed(at);
            }
            let Some(end) = progress.end else {
                view.running = Some(Arc::clone(scenario));
                continue;
            };
            let succeeded = progress.state == "Succeeded";
            if scenario.kind.planned {
                let word = if succeeded { "Succeeded" } else { "Failed" };
                view.planned = Some((scenario.started, word));
            }
            if succeeded && scenario.kind.failover {
                view.last_failover = Some(scenario.started);
                view.point.clone_from(&scenario.point);
            }
            // A failback that waited for a person since before the site began, and was cancelled.
            if progress.state == "Cancelled" && at.key == "hyperv-failing-back" {
                at = stage("hyperv-committed").unwrap_or(at);
            }
            let next = scenario.kind.moves.get(at.key).and_then(|k| stage(k));
            let (true, false, Some(next)) = (succeeded, scenario.past, next) else {
                continue;
            };
            let late = seconds(end, now);
            if late < self.lag(scenario) {
                view.settling = true;
                view.hidden =
                    late < 20.0 && scenario.kind.turns && self.has(Quirk::IdsNew404Briefly);
                continue;
            }
            at = next;
            if !scenario.kind.turns {
                continue;
            }
            view.turns += 1;
            view.point = None;
            if let Some(choice) = &scenario.choice {
                view.choice = choice.clone();
            }
            let whole = scenario.kind.initial_seconds * scenario.pace;
            view.initial = None;
            match at.synchronised() {
                Some(ready) if late >= whole => at = ready,
                Some(_) => view.initial = Some((late / whole * 100.0).clamp(0.0, 99.0) as u64),
                None => {}
            }
        }
        view.stage = at;
        // Blank again after a reprotect (asr-rest.md 12).
        if at.active == "Primary" && at.provider != "HyperVReplicaAzure" {
            view.last_failover = None;
        }
        self.power(&mut view, powers, now);
        Some(view)
    }

    /// The last word on the VM's power, whoever spoke it, and what it makes of the agent.
    fn power(&self, view: &mut View, mut powers: Vec<(Timestamp, &str)>, now: Timestamp) {
        if !view.stage.azure_vm {
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
        let alone = view.running.is_none() && !view.stage.on_site;
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

/// How old the last heartbeat of a working agent is.
const HEARTBEAT: f64 = -78.0;
/// How long after the VM's start its agent is heard again; it may take a quarter of an hour \[002\].
const AGENT_RETURNS: f64 = 180.0;

/// Where a pending commit leads to.
fn committed(at: &'static Stage) -> &'static Stage {
    let moves = kind("commit").map(|k| &k.moves);
    moves
        .and_then(|m| m.get(at.key))
        .and_then(|k| stage(k))
        .unwrap_or(at)
}
