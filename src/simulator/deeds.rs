//! What was done that is no job: to the power of VMs, in their guests, to jobs. Like a scenario, each is a record
//! from which everything else is computed.

use jiff::Timestamp;

use super::world::World;

/// One long-running operation of Compute.
pub(super) struct ComputeOp {
    pub id: String,
    pub machine: usize,
    pub at: Timestamp,
    pub done: Timestamp,
    pub effect: Effect,
}

pub(super) enum Effect {
    /// The power state meanwhile and at the end.
    Power(&'static str, &'static str),
    /// What the script prints on both streams, or why it could not run: code and message.
    Run(Result<(String, String), (&'static str, String)>),
}

#[derive(Default)]
pub(super) struct Deeds {
    pub compute: Vec<std::sync::Arc<ComputeOp>>,
    /// From when on a machine's temporary disk is offline.
    pub temporary: Vec<(usize, Timestamp)>,
    /// From when on a machine's guest writes so many megabytes in a minute.
    pub writes: Vec<(usize, Timestamp, f64)>,
    /// What a person asked of a job: the operation, the job, when.
    pub asked: Vec<(String, String, Timestamp)>,
}

impl Deeds {
    /// The states of a VM's power that Compute was asked for, as they begin.
    pub fn powers(&self, machine: usize) -> Vec<(Timestamp, &'static str)> {
        let mut powers = Vec::new();
        for op in self.compute.iter().filter(|o| o.machine == machine) {
            if let Effect::Power(during, then) = op.effect {
                powers.extend([(op.at, during), (op.done, then)]);
            }
        }
        powers
    }

    pub fn writes(&self, machine: usize) -> Vec<(Timestamp, f64)> {
        let own = self.writes.iter().filter(|w| w.0 == machine);
        own.map(|w| (w.1, w.2)).collect()
    }
}

impl World {
    pub fn add_compute(&self, op: ComputeOp) {
        self.deeds_mut().compute.push(std::sync::Arc::new(op));
        self.touch();
    }

    pub fn compute(&self, id: &str) -> Option<std::sync::Arc<ComputeOp>> {
        let deeds = self.deeds();
        let found = deeds.compute.iter().find(|o| o.id.eq_ignore_ascii_case(id));
        found.cloned()
    }

    /// Whether a script runs on the VM.
    pub fn commanded(&self, machine: usize, now: Timestamp) -> bool {
        let runs = |o: &std::sync::Arc<ComputeOp>| {
            o.machine == machine && matches!(o.effect, Effect::Run(_)) && now < o.done
        };
        self.deeds().compute.iter().any(runs)
    }

    pub fn take_temporary_offline(&self, machine: usize, at: Timestamp) {
        self.deeds_mut().temporary.push((machine, at));
    }

    pub fn temporary_offline(&self, machine: usize, now: Timestamp) -> bool {
        let deeds = self.deeds();
        deeds
            .temporary
            .iter()
            .any(|(own, at)| *own == machine && *at <= now)
    }

    pub fn guest_writes(&self, machine: usize, at: Timestamp, per_minute: f64) {
        self.deeds_mut().writes.push((machine, at, per_minute));
        self.touch();
    }

    pub fn asked(&self, id: &str) -> Option<(String, Timestamp)> {
        let deeds = self.deeds();
        let found = deeds.asked.iter().find(|a| a.0.eq_ignore_ascii_case(id));
        found.map(|(_, job, at)| (job.clone(), *at))
    }
}
