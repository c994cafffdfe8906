//! The list of machines as it is shown: filtered, sorted, grouped. The index is made when the
//! estate, the filter, the order or the grouping changes, never for a frame or for a key that
//! only moves: a key on ten thousand rows costs what it costs on twenty.

mod filter;
mod group;
mod sort;
mod widths;

use std::collections::HashSet;
use std::sync::Arc;

pub use filter::Filter;
pub use group::Grouping;
pub use sort::{Order, natural};
pub use widths::Widths;

use crate::domain::{ArmId, Machine};

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The head of a group: its title and how many machines it has.
    Head(String, usize),
    /// A place in the estate's machines.
    Machine(usize),
}

/// The list with its cursor and marks.
#[derive(Debug, Default)]
pub struct Listing {
    pub filter: Filter,
    pub order: Order,
    pub reversed: bool,
    pub grouping: Grouping,
    pub marks: HashSet<ArmId>,
    /// Where a range of marks began.
    pub anchor: Option<ArmId>,
    pub cursor: usize,
    pub top: usize,
    pub rows: Vec<Row>,
    /// How many machines the filter lets through.
    pub shown: usize,
    pub widths: Widths,
    /// The machine under the cursor when the rows last fitted the machines.
    here: Option<ArmId>,
    /// Per machine of the estate, what the filter looks in.
    haystacks: Vec<String>,
    /// Every machine in the wished order.
    sorted: Vec<usize>,
}

impl Listing {
    /// The estate changed: everything is made anew; cursor and marks stay on their machines.
    pub fn estate_changed(&mut self, machines: &[Arc<Machine>]) {
        // The rows still point into the machines of before: only the remembered id is sound.
        let at = self.here.clone();
        self.haystacks = machines.iter().map(|m| filter::haystack(m)).collect();
        self.widths = Widths::of(machines);
        if !self.marks.is_empty() {
            let known: HashSet<&ArmId> = machines.iter().map(|machine| &machine.id).collect();
            self.marks.retain(|id| known.contains(id));
        }
        self.sort(machines);
        self.narrow(machines);
        self.go_to(at.as_ref(), machines);
    }

    /// The order changed.
    pub fn order_changed(&mut self, machines: &[Arc<Machine>]) {
        let at = self.current(machines).map(|machine| machine.id.clone());
        self.sort(machines);
        self.narrow(machines);
        self.go_to(at.as_ref(), machines);
    }

    /// The filter or the grouping changed.
    pub fn view_changed(&mut self, machines: &[Arc<Machine>]) {
        let at = self.current(machines).map(|machine| machine.id.clone());
        self.narrow(machines);
        self.go_to(at.as_ref(), machines);
    }

    /// The machine under the cursor.
    #[must_use]
    pub fn current<'a>(&self, machines: &'a [Arc<Machine>]) -> Option<&'a Arc<Machine>> {
        match self.rows.get(self.cursor)? {
            Row::Machine(index) => machines.get(*index),
            Row::Head(..) => None,
        }
    }

    /// Keeps in mind where the cursor is, for when the estate changes under it.
    pub fn remember(&mut self, machines: &[Arc<Machine>]) {
        let here = self.current(machines).map(|machine| &machine.id);
        if here != self.here.as_ref() {
            self.here = here.cloned();
        }
    }

    /// Turns the mark of the machine under the cursor, or of every machine under a group's head.
    pub fn mark(&mut self, machines: &[Arc<Machine>]) {
        let ids: Vec<ArmId> = match self.rows.get(self.cursor) {
            Some(Row::Machine(index)) => machines
                .get(*index)
                .map(|m| m.id.clone())
                .into_iter()
                .collect(),
            Some(Row::Head(..)) => self.rows[self.cursor + 1..]
                .iter()
                .map_while(|row| match row {
                    Row::Machine(index) => machines.get(*index).map(|m| m.id.clone()),
                    Row::Head(..) => None,
                })
                .collect(),
            None => return,
        };
        self.turn(ids);
    }

    /// Marks every machine the filter shows, or unmarks them when all are marked.
    pub fn mark_all(&mut self, machines: &[Arc<Machine>]) {
        let ids = self.ids(0, self.rows.len(), machines);
        self.turn(ids);
    }

    /// Begins a range, or marks from where it began to here.
    pub fn range(&mut self, machines: &[Arc<Machine>]) {
        let Some(anchor) = self.anchor.take() else {
            self.anchor = self.current(machines).map(|machine| machine.id.clone());
            return;
        };
        let Some(from) = self.position(&anchor, machines) else {
            return;
        };
        let (low, high) = (from.min(self.cursor), from.max(self.cursor));
        let ids = self.ids(low, high + 1, machines);
        self.marks.extend(ids);
    }

    fn turn(&mut self, ids: Vec<ArmId>) {
        if ids.iter().all(|id| self.marks.contains(id)) {
            for id in &ids {
                self.marks.remove(id);
            }
        } else {
            self.marks.extend(ids);
        }
    }

    fn ids(&self, from: usize, to: usize, machines: &[Arc<Machine>]) -> Vec<ArmId> {
        self.rows[from..to.min(self.rows.len())]
            .iter()
            .filter_map(|row| match row {
                Row::Machine(index) => machines.get(*index).map(|m| m.id.clone()),
                Row::Head(..) => None,
            })
            .collect()
    }

    fn position(&self, id: &ArmId, machines: &[Arc<Machine>]) -> Option<usize> {
        self.rows.iter().position(
            |row| matches!(row, Row::Machine(i) if machines.get(*i).is_some_and(|m| m.id == *id)),
        )
    }

    fn sort(&mut self, machines: &[Arc<Machine>]) {
        self.sorted = sort::sorted(machines, self.order, self.reversed);
    }

    fn narrow(&mut self, machines: &[Arc<Machine>]) {
        let passing: Vec<usize> = self
            .sorted
            .iter()
            .copied()
            .filter(|index| {
                self.haystacks
                    .get(*index)
                    .is_some_and(|hay| self.filter.lets(hay))
            })
            .collect();
        self.shown = passing.len();
        self.rows = group::grouped(passing, machines, self.grouping);
    }

    fn go_to(&mut self, id: Option<&ArmId>, machines: &[Arc<Machine>]) {
        let known = id.and_then(|id| self.position(id, machines));
        let first = usize::from(matches!(self.rows.first(), Some(Row::Head(..))) && id.is_none());
        self.cursor = known
            .unwrap_or(self.cursor.max(first))
            .min(self.rows.len().saturating_sub(1));
    }
}
