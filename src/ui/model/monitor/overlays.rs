//! What is asked on top of the Monitor: a question to be answered, a plan to be launched, a run to
//! be stopped.

use std::sync::Arc;

use crate::domain::run::{Answer, Choice, Question, QuestionId, RunId};
use crate::domain::{Failure, Plan, Text};
use crate::readiness::Findings;
use crate::runner::Previewed;
use crate::ui::effect::Generation;
use crate::ui::field::Field;

/// A question that is being answered.
#[derive(Debug)]
pub struct Asking {
    pub run: RunId,
    pub question: QuestionId,
    /// As it was asked: it may be answered elsewhere meanwhile.
    pub asked: Arc<Question>,
    /// The choice that is marked; at first none, so that Enter leaves the question open.
    pub choice: Option<usize>,
    pub focus: AskingFocus,
    pub typed: Field,
    pub reason: Field,
    /// What is wrong with the answer.
    pub error: Option<String>,
    pub top: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskingFocus {
    Choices,
    Typed,
    Reason,
}

impl Asking {
    #[must_use]
    pub fn new(run: RunId, asked: Arc<Question>) -> Self {
        Self {
            run,
            question: asked.id,
            asked,
            choice: None,
            focus: AskingFocus::Choices,
            typed: Field::default(),
            reason: Field::default(),
            error: None,
            top: 0,
        }
    }

    #[must_use]
    pub fn chosen(&self) -> Option<&Choice> {
        self.asked.choices.get(self.choice?)
    }

    /// The answer as it stands.
    #[must_use]
    pub fn answer(&self) -> Option<Answer> {
        let choice = self.chosen()?;
        let text = |field: &Field| Text::from(field.text().trim());
        Some(Answer {
            question: self.question,
            choice: choice.name.clone(),
            typed: choice.typed.as_ref().map(|_| text(&self.typed)),
            why: choice.reason.then(|| text(&self.reason)),
        })
    }

    /// Goes to what the marked choice still wants. Only who was there already is told off; `why` says
    /// what is wrong.
    pub fn lacks(&mut self, why: &str) {
        let (named, wants_reason) = match self.chosen() {
            Some(choice) => {
                let typed = Text::from(self.typed.text().trim());
                let wanted = choice.typed.as_ref();
                (wanted.is_none_or(|wanted| *wanted == typed), choice.reason)
            }
            None => (true, false),
        };
        let to = match (named, wants_reason) {
            (false, _) => AskingFocus::Typed,
            (true, true) => AskingFocus::Reason,
            (true, false) => AskingFocus::Choices,
        };
        let is_wrong = !named && !self.typed.text().trim().is_empty();
        let told_off = is_wrong || self.focus == to;
        self.error = told_off.then(|| format!("Not answered: {why}."));
        self.focus = to;
    }

    /// Where the keys go next: leaving it open, then through the choices, then what the marked one wants.
    pub fn step(&mut self, forward: bool) {
        use AskingFocus::{Choices, Reason, Typed};
        let (typed, reason) = self
            .chosen()
            .map_or((false, false), |c| (c.typed.is_some(), c.reason));
        let mut stops = vec![(Choices, None)];
        for choice in (0..self.asked.choices.len()).map(Some) {
            stops.push((Choices, choice));
            if choice == self.choice {
                stops.extend(typed.then_some((Typed, choice)));
                stops.extend(reason.then_some((Reason, choice)));
            }
        }
        let here = (self.focus, self.choice);
        let at = stops.iter().position(|stop| *stop == here).unwrap_or(0);
        let to = match forward {
            true => (at + 1) % stops.len(),
            false => (at + stops.len() - 1) % stops.len(),
        };
        (self.focus, self.choice) = stops[to];
        self.error = None;
    }
}

/// A plan that waits for its name.
#[derive(Debug)]
pub struct Launching {
    pub plan: Arc<Plan>,
    pub generation: Generation,
    pub ready: ReadyState,
    pub field: Field,
    pub focus: LaunchingFocus,
    pub error: Option<String>,
    pub top: usize,
}

/// Whether the plan may be launched, as far as that is known.
#[derive(Debug)]
pub enum ReadyState {
    Checking,
    Known(Box<Readied>),
    /// Why it could not be found out: nothing is launched then.
    Unknown(Box<Failure>),
    /// Being launched.
    Launching,
}

/// What was found out about a plan just now.
#[derive(Debug)]
pub struct Readied {
    pub findings: Findings,
    /// What would be done, with the exact calls; or why that cannot be said.
    pub calls: Result<Vec<Previewed>, Failure>,
}

impl Readied {
    #[must_use]
    pub fn may_launch(&self) -> bool {
        self.findings.ready() && self.calls.is_ok()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaunchingFocus {
    Name,
    Cancel,
    Launch,
}

impl Launching {
    #[must_use]
    pub fn new(plan: Arc<Plan>, generation: Generation) -> Self {
        Self {
            plan,
            generation,
            ready: ReadyState::Checking,
            field: Field::default(),
            focus: LaunchingFocus::Name,
            error: None,
            top: 0,
        }
    }

    /// Whether readiness lets it through.
    #[must_use]
    pub fn may_launch(&self) -> bool {
        matches!(&self.ready, ReadyState::Known(readied) if readied.may_launch())
    }

    /// Whether the plan's name stands in the field, letter for letter.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.field.text().trim() == self.plan.name.as_str()
    }
}

/// A run that is to be stopped, or to go on: not by one key.
#[derive(Debug)]
pub struct Stopping {
    pub run: RunId,
    pub stop: bool,
    pub focus: Button,
    pub top: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    Cancel,
    Do,
}
