//! Every run that was ever made for a site, newest first, to be narrowed by words and opened.

use std::sync::Arc;

use super::RunView;
use crate::domain::Failure;
use crate::domain::run::{Run, RunId, RunState};
use crate::ui::effect::Generation;
use crate::ui::field::Field;
use crate::ui::listing::Filter;

/// Machines of a run by whose names it is found.
const MOST_NAMES: usize = 500;

/// A run of the list, with what it is found by.
#[derive(Clone, Debug)]
pub struct Past {
    pub run: Arc<RunView>,
    /// In small letters.
    hay: Box<str>,
}

/// A part of the list, as it is read.
#[derive(Clone, Debug)]
pub enum Told {
    Runs(Vec<Past>),
    /// All of it was told, or why it was not.
    Over(Result<(), Box<Failure>>),
}

/// The list.
#[derive(Debug)]
pub struct History {
    /// Of the reading that counts.
    pub generation: Generation,
    /// Newest first.
    pub all: Vec<Past>,
    /// `None` while it is being read.
    pub read: Option<Result<(), Box<Failure>>>,
    pub field: Field,
    /// Places of those that the words let through.
    pub rows: Vec<usize>,
    pub cursor: usize,
}

impl Past {
    #[must_use]
    pub fn of(view: Arc<RunView>, run: Option<&Run>) -> Self {
        let mut hay = vec![view.id.to_string()];
        if let Some(story) = &view.story {
            hay.push(story.name.to_string());
            hay.push(story.intent.to_string());
            hay.push(story.by.to_string());
            hay.push(word(&view).to_owned());
        }
        let machines = run.iter().flat_map(|run| run.machines.iter());
        hay.extend(machines.take(MOST_NAMES).map(|of| of.name.to_string()));
        Self {
            run: view,
            hay: hay.join("\n").to_lowercase().into(),
        }
    }
}

/// How it stands, as somebody would look for it.
fn word(view: &RunView) -> &'static str {
    use crate::domain::run::Closing::{Done, DoneBut, Failed, Stopped};
    let state = view.story.as_ref().map(|story| &story.state);
    match state {
        _ if view.damage.is_some() => "damaged",
        Some(RunState::Closed(Done)) => "done",
        Some(RunState::Closed(DoneBut)) => "done, but",
        Some(RunState::Closed(Failed)) => "failed",
        Some(RunState::Closed(Stopped)) => "stopped",
        Some(_) if view.live => "running",
        Some(RunState::Suspended(_)) => "suspended",
        Some(_) => "interrupted",
        None => "never began",
    }
}

impl History {
    #[must_use]
    pub fn new(generation: Generation) -> Self {
        Self {
            generation,
            all: Vec::new(),
            read: None,
            field: Field::default(),
            rows: Vec::new(),
            cursor: 0,
        }
    }

    /// Takes what was read.
    pub fn take(&mut self, told: Told) {
        match told {
            Told::Runs(runs) => {
                let here = self.current().map(|run| run.id.clone());
                self.all.extend(runs);
                self.all.sort_by(|a, b| b.run.id.cmp(&a.run.id));
                self.narrow();
                self.go_to(here.as_ref());
            }
            Told::Over(read) => self.read = Some(read),
        }
    }

    /// Makes the rows anew after the words changed.
    pub fn narrow(&mut self) {
        let filter = Filter::new(self.field.text());
        let places = self.all.iter().enumerate();
        let let_through = places.filter(|(_, past)| filter.lets(&past.hay));
        self.rows = let_through.map(|(at, _)| at).collect();
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
    }

    fn go_to(&mut self, run: Option<&RunId>) {
        let is_it = |at: &usize| Some(&self.all[*at].run.id) == run;
        if let Some(at) = self.rows.iter().position(is_it)
            && self.cursor > 0
        {
            self.cursor = at;
        }
    }

    /// The run under the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&Arc<RunView>> {
        let at = *self.rows.get(self.cursor)?;
        self.all.get(at).map(|past| &past.run)
    }
}
