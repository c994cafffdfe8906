//! The order of a plan, read the same way whether its machines go home or to Azure.

use super::graph::{Knot, Node, layers};
use super::order::{Around, MachineOrder, PlanOrder};
use super::recovery::Wave;
use crate::domain::ids::ArmId;
use crate::domain::text::Text;

/// The order of an intent that has one.
#[derive(Clone, Debug)]
pub struct Sequence<'a> {
    pub plan: &'a PlanOrder,
    /// By wave, within a wave as the plan has them.
    pub machines: Vec<Placed<'a>>,
    /// What is done around each wave; the first is wave 1.
    pub waves: Vec<&'a Around>,
}

/// One machine's place.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    pub id: &'a ArmId,
    /// What people call it.
    pub name: &'a Text,
    /// Counted from 1.
    pub wave: usize,
    pub order: &'a MachineOrder,
}

impl<'a> Sequence<'a> {
    pub(super) fn of<M>(
        plan: &'a PlanOrder,
        waves: &'a [Wave<M>],
        place: impl Fn(&'a M) -> (&'a ArmId, &'a Text, &'a MachineOrder),
    ) -> Self {
        let mut machines = Vec::new();
        for (wave, number) in waves.iter().zip(1..) {
            machines.extend(wave.machines.iter().map(|machine| {
                let (id, name, order) = place(machine);
                Placed {
                    id,
                    name,
                    wave: number,
                    order,
                }
            }));
        }
        Self {
            plan,
            machines,
            waves: waves.iter().map(|wave| &wave.hooks).collect(),
        }
    }

    #[must_use]
    pub fn machine(&self, id: &ArmId) -> Option<&Placed<'a>> {
        self.machines.iter().find(|placed| placed.id == id)
    }

    /// What is done around a wave, counted from 1.
    #[must_use]
    pub fn wave(&self, number: usize) -> Option<&'a Around> {
        self.waves.get(number.checked_sub(1)?).copied()
    }

    /// The machines by layers of what can be cut over together.
    ///
    /// # Errors
    /// What a [`Knot`] is; a plan that exists has none.
    pub fn layers(&self) -> Result<Vec<Vec<&Placed<'a>>>, Knot> {
        let layers = layers(&self.nodes())?;
        let placed = |layer: Vec<usize>| layer.into_iter().map(|at| &self.machines[at]).collect();
        Ok(layers.into_iter().map(placed).collect())
    }

    pub(super) fn nodes(&self) -> Vec<Node<'a>> {
        let node = |placed: &Placed<'a>| Node {
            id: placed.id,
            name: placed.name,
            wave: placed.wave,
            after: &placed.order.after,
        };
        self.machines.iter().map(node).collect()
    }

    pub(super) fn fault(&self) -> Option<String> {
        let waves = self.waves.iter().zip(1..);
        let mut waves = waves.map(|(hooks, number)| hooks.fault(&format!("wave {number}")));
        let mut machines = self.machines.iter().map(|m| m.order.fault(m.name));
        self.plan
            .fault()
            .or_else(|| waves.find_map(|fault| fault))
            .or_else(|| machines.find_map(|fault| fault))
    }
}
