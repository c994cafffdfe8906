//! The page of one run.

use super::{Crew, CrewRow};
use crate::domain::run::RunId;
use crate::ui::paint::window;

/// A run that is looked at whole: a line for the run itself, then its machines by wave.
#[derive(Clone, Debug)]
pub struct RunPage {
    pub run: RunId,
    /// 0 is the run itself; from 1 on a place in the crew's rows.
    pub cursor: usize,
    pub top: usize,
}

/// What the cursor of a run's page is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    Run,
    /// A place in the machines.
    Machine(usize),
}

impl RunPage {
    #[must_use]
    pub fn of(run: RunId) -> Self {
        Self {
            run,
            cursor: 0,
            top: 0,
        }
    }

    /// How many lines it has.
    #[must_use]
    pub fn len(crew: Option<&Crew>) -> usize {
        1 + crew.map_or(0, |crew| crew.rows.len())
    }

    #[must_use]
    pub fn spot(&self, crew: Option<&Crew>) -> Spot {
        let row = self.cursor.checked_sub(1);
        match row.and_then(|row| crew?.rows.get(row)) {
            Some(CrewRow::Machine(at)) => Spot::Machine(*at),
            Some(CrewRow::Wave(_)) | None => Spot::Run,
        }
    }

    /// Moves to the line `to`, or beyond the head of a wave.
    pub fn go(&mut self, to: usize, crew: Option<&Crew>) {
        let up = to < self.cursor;
        let is_head = |line: usize| {
            let row = line.checked_sub(1).and_then(|row| crew?.rows.get(row));
            matches!(row, Some(CrewRow::Wave(_)))
        };
        let last = Self::len(crew) - 1;
        let to = to.min(last);
        // Behind every head stands a machine, and before the first one the run.
        self.cursor = match is_head(to) {
            false => to,
            true if up => to.saturating_sub(1),
            true => (to + 1).min(last),
        };
    }

    pub fn keep_in_sight(&mut self, height: usize, crew: Option<&Crew>) {
        let len = Self::len(crew);
        self.cursor = self.cursor.min(len - 1);
        self.top = window(self.top, self.cursor, len, height);
    }
}
