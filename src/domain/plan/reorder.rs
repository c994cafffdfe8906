//! Changing the order of a plan that is there, without making it anew.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;

use super::Intent;
use super::forward::FailedOver;
use super::order::{Around, Caller, Hook, MachineOrder, PlanOrder, Ready};
use super::recovery::{Minutes, Recovered, Wave};
use super::window::CommitWindow;
use crate::domain::ids::ArmId;
use crate::domain::text::Text;

/// One thing that is to be other than it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reorder {
    /// The wave that a machine is in, counted from 1.
    Wave(ArmId, usize),
    After(ArmId, Vec<ArmId>),
    Optional(ArmId, bool),
    Healthy(ArmId, Option<Minutes>),
    WaitFor(ArmId, Vec<Ready>),
    CommandBefore(What, Option<Hook>),
    CommandAfter(What, Option<Hook>),
    AtOnce(Option<NonZeroU32>),
    NeedsPerson(Option<Caller>),
    CommitWindow(Option<Minutes>),
    Checks(Vec<Text>),
}

/// What a command stands before or after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Plan,
    /// Counted from 1, once the machines are in the waves that they are to be in.
    Wave(usize),
    Machine(ArmId),
}

/// A machine that has a place in an order.
trait Ordered {
    fn id(&self) -> &ArmId;
    fn order(&mut self) -> &mut MachineOrder;
}

impl Ordered for Recovered {
    fn id(&self) -> &ArmId {
        &self.id
    }

    fn order(&mut self) -> &mut MachineOrder {
        &mut self.order
    }
}

impl Ordered for FailedOver {
    fn id(&self) -> &ArmId {
        &self.id
    }

    fn order(&mut self) -> &mut MachineOrder {
        &mut self.order
    }
}

impl Intent {
    /// The same with another order. Machines are moved first, whatever stands first.
    ///
    /// # Errors
    /// In words: an intent without an order, a machine or a wave that is not in the plan, a wave whose
    /// commands would be lost.
    pub fn reordered(&self, changes: &[Reorder]) -> Result<Self, String> {
        let mut intent = self.clone();
        match &mut intent {
            Self::FailBack(r) => {
                let window = Some(&mut r.commit_window);
                change(&mut r.order, &mut r.waves, window, changes)?;
            }
            Self::FailOver(f) => change(&mut f.order, &mut f.waves, None, changes)?,
            other => {
                let word = other.word();
                return Err(format!(
                    "a plan to {word} has no order: its machines go together"
                ));
            }
        }
        Ok(intent)
    }
}

fn change<M: Ordered>(
    order: &mut PlanOrder,
    waves: &mut Vec<Wave<M>>,
    mut window: Option<&mut Option<CommitWindow>>,
    changes: &[Reorder],
) -> Result<(), String> {
    moved(waves, changes)?;
    for change in changes {
        match change {
            // Moved already.
            Reorder::Wave(id, _) => {
                own(waves, id)?;
            }
            Reorder::After(id, after) => own(waves, id)?.after.clone_from(after),
            Reorder::Optional(id, optional) => own(waves, id)?.optional = *optional,
            Reorder::Healthy(id, limit) => own(waves, id)?.replication = *limit,
            Reorder::WaitFor(id, ready) => own(waves, id)?.ready.clone_from(ready),
            Reorder::CommandBefore(what, hook) => {
                around(order, waves, what)?.before.clone_from(hook);
            }
            Reorder::CommandAfter(what, hook) => {
                around(order, waves, what)?.after.clone_from(hook);
            }
            Reorder::AtOnce(most) => order.at_once = *most,
            Reorder::NeedsPerson(caller) => order.needs_person.clone_from(caller),
            Reorder::CommitWindow(minutes) => {
                windowed(window.as_deref_mut(), |w| w.minutes = *minutes)?;
            }
            Reorder::Checks(checks) => {
                windowed(window.as_deref_mut(), |w| w.checks.clone_from(checks))?;
            }
        }
    }
    Ok(())
}

/// A window that says nothing is none.
fn windowed(
    window: Option<&mut Option<CommitWindow>>,
    change: impl FnOnce(&mut CommitWindow),
) -> Result<(), String> {
    let all = window.ok_or("a commit window belongs to a plan that brings machines home")?;
    let mut window = all.take().unwrap_or(CommitWindow {
        minutes: None,
        checks: Vec::new(),
    });
    change(&mut window);
    *all = (window.minutes.is_some() || !window.checks.is_empty()).then_some(window);
    Ok(())
}

/// Puts machines into other waves. Waves that hold nobody any more close up.
fn moved<M: Ordered>(waves: &mut Vec<Wave<M>>, changes: &[Reorder]) -> Result<(), String> {
    let mut to: HashMap<&ArmId, usize> = HashMap::new();
    for change in changes {
        if let Reorder::Wave(machine, number) = change {
            to.insert(machine, *number);
        }
    }
    if to.is_empty() {
        return Ok(());
    }
    let mut hooks: BTreeMap<usize, Around> = BTreeMap::new();
    let mut anew: BTreeMap<usize, Vec<M>> = BTreeMap::new();
    for (number, wave) in (1..).zip(std::mem::take(waves)) {
        hooks.insert(number, wave.hooks);
        for machine in wave.machines {
            let number = to.get(machine.id()).copied().unwrap_or(number);
            anew.entry(number).or_default().push(machine);
        }
    }
    for (number, around) in &hooks {
        if !around.is_empty() && !anew.contains_key(number) {
            return Err(format!(
                "wave {number} would hold no machine, and its commands would be lost; take them \
                 away first"
            ));
        }
    }
    let wave = |(number, machines)| Wave {
        machines,
        hooks: hooks.remove(&number).unwrap_or_default(),
    };
    *waves = anew.into_iter().map(wave).collect();
    Ok(())
}

fn own<'a, M: Ordered>(
    waves: &'a mut [Wave<M>],
    wanted: &ArmId,
) -> Result<&'a mut MachineOrder, String> {
    let mut all = waves.iter_mut().flat_map(|wave| &mut wave.machines);
    let found = all.find(|machine| machine.id() == wanted);
    let found = found.ok_or_else(|| format!("{} is not in the plan", wanted.name()))?;
    Ok(found.order())
}

fn around<'a, M: Ordered>(
    order: &'a mut PlanOrder,
    waves: &'a mut [Wave<M>],
    what: &What,
) -> Result<&'a mut Around, String> {
    match what {
        What::Plan => Ok(&mut order.hooks),
        What::Machine(id) => own(waves, id).map(|own| &mut own.hooks),
        What::Wave(number) => {
            let last = waves.len();
            let wave = number.checked_sub(1).and_then(|at| waves.get_mut(at));
            let wave =
                wave.ok_or_else(|| format!("there is no wave {number}: the last one is {last}"))?;
            Ok(&mut wave.hooks)
        }
    }
}

#[cfg(test)]
mod tests;
