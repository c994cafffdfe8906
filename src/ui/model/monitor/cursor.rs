//! The cursor of the list: it stays on what it is on, whatever comes and goes, and passes heads by.

use std::sync::Arc;

use super::lines::Key;
use super::{Monitor, Row, RunView};
use crate::domain::Plan;
use crate::domain::plan::Slug;
use crate::ui::paint::window;

impl Monitor {
    /// Keeps in mind what the cursor is on.
    pub fn remember(&mut self) {
        self.here = self.rows.get(self.cursor).and_then(|row| self.key(row));
    }

    /// Brings the cursor back onto a line that it can stand on.
    pub fn settle_cursor(&mut self) {
        let last = self.rows.len().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        let stands = |row: &Row| row.is_for_cursor();
        if self.rows.get(self.cursor).is_some_and(|row| !stands(row)) {
            let down = self.rows[self.cursor..].iter().position(stands);
            let up = self.rows[..self.cursor].iter().rposition(stands);
            self.cursor = down
                .map(|by| self.cursor + by)
                .or(up)
                .unwrap_or(self.cursor);
        }
    }

    /// Moves the cursor to the line `to`, or the next one beyond it on which it can stand.
    pub fn go(&mut self, to: usize) {
        self.moved = true;
        let up = to < self.cursor;
        let stands = |row: &Row| row.is_for_cursor();
        let to = to.min(self.rows.len().saturating_sub(1));
        let found = if up {
            self.rows[..=to].iter().rposition(stands)
        } else {
            let below = self.rows.get(to..).unwrap_or_default().iter();
            below.clone().position(stands).map(|by| to + by)
        };
        if let Some(at) = found {
            self.cursor = at;
        }
        self.remember();
    }

    /// Moves the cursor to the line of a plan, where there is one.
    pub fn go_to_plan(&mut self, slug: &Slug) {
        let is_it = |row: &Row| match row {
            Row::Plan(plan, _) => self.plans.get(*plan).is_some_and(|p| p.slug() == slug),
            _ => false,
        };
        if let Some(at) = self.rows.iter().position(is_it) {
            self.go(at);
        }
    }

    /// Keeps the cursor's line in a window of `height` lines.
    pub fn keep_in_sight(&mut self, height: usize) {
        self.settle_cursor();
        self.top = window(self.top, self.cursor, self.rows.len(), height);
        self.remember();
    }

    /// The run that the keys are about: the one that is looked at, or the one under the cursor.
    #[must_use]
    pub fn subject(&self) -> Option<&Arc<RunView>> {
        match &self.page {
            Some(page) => self.run(&page.run),
            None => self.run_at(self.cursor),
        }
    }

    /// The run of a line: the run itself, that of a question, a plan's latest.
    #[must_use]
    pub fn run_at(&self, row: usize) -> Option<&Arc<RunView>> {
        match self.rows.get(row)? {
            Row::Run(run) | Row::Question(run, _) | Row::More(run, _) => self.runs.get(*run),
            Row::Plan(_, run) => run.and_then(|run| self.runs.get(run)),
            Row::Head(_) | Row::Damaged(_) | Row::Older(_) => None,
        }
    }

    /// The plan that a launch would be about: that of the cursor's line.
    #[must_use]
    pub fn plan_at_cursor(&self) -> Option<&Arc<Plan>> {
        match self.rows.get(self.cursor)? {
            Row::Plan(plan, _) => self.plans.get(*plan),
            _ => {
                let slug = self.run_at(self.cursor)?.slug()?;
                self.plan(slug)
            }
        }
    }

    pub(super) fn key(&self, row: &Row) -> Option<Key> {
        Some(match row {
            Row::Plan(plan, _) => Key::Plan(self.plans.get(*plan)?.slug().clone()),
            Row::Run(run) => Key::Run(self.runs.get(*run)?.id.clone()),
            Row::Question(run, at) => {
                let run = self.runs.get(*run)?;
                let question = run.story.as_ref()?.questions.get(*at)?;
                Key::Question(run.id.clone(), question.id)
            }
            Row::More(run, _) => Key::More(self.runs.get(*run)?.id.clone()),
            Row::Damaged(at) => Key::Damaged(*at),
            Row::Head(_) | Row::Older(_) => return None,
        })
    }
}
