//! What was done to machines, and where to find it.

use std::collections::HashMap;
use std::sync::Arc;

use super::scenario::Scenario;
use super::site::guid;

#[derive(Default)]
pub(super) struct Records {
    pub all: Vec<Arc<Scenario>>,
    pub by_job: HashMap<String, usize>,
    by_machine: HashMap<usize, Vec<usize>>,
    /// The jobs within jobs, by their names: their parents.
    pub children: HashMap<String, usize>,
}

impl Records {
    pub fn add(&mut self, scenario: &Arc<Scenario>, seed: u64) {
        let index = self.all.len();
        if scenario.kind.tasks.iter().any(|t| t.child.is_some()) {
            self.children.insert(child_name(seed, &scenario.job), index);
        }
        self.by_job.insert(scenario.job.to_lowercase(), index);
        let own = self.by_machine.entry(scenario.machine).or_default();
        own.push(index);
        self.all.push(Arc::clone(scenario));
    }

    /// Everything that was done to one machine, in order.
    pub fn of_machine(&self, machine: usize) -> Vec<Arc<Scenario>> {
        let indexes = self.by_machine.get(&machine).into_iter().flatten();
        indexes.map(|i| Arc::clone(&self.all[*i])).collect()
    }
}

/// The name of the job within a job.
pub(super) fn child_name(seed: u64, job: &str) -> String {
    guid(seed, &format!("child {job}"))
}
