//! What is asked on top of the Monitor: a question to be answered, a plan to be launched, a run to
//! be stopped.

use std::sync::Arc;

use crate::domain::plan::StatementKind;
use crate::domain::run::{Answer, Choice, Question, QuestionId, RunId, Topic};
use crate::domain::{Failure, Intent, Machine, Plan, Text};
use crate::readiness::{Finding, Findings};
use crate::runner::{Outlives, Previewed, Standing};
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
    /// Which of the checks the person has made, for the record.
    pub ticks: Vec<bool>,
    pub typed: Field,
    pub reason: Field,
    /// What is wrong with the answer.
    pub error: Option<String>,
    pub top: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskingFocus {
    /// A place among the checks.
    Check(usize),
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
            ticks: vec![false; asked.checks.len()],
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

    /// The checks that were made.
    fn ticked(&self) -> Vec<Text> {
        let made = self.asked.checks.iter().zip(&self.ticks);
        let made = made.filter(|(_, is_made)| **is_made);
        made.map(|(check, _)| check.clone()).collect()
    }

    /// Ticks the check that the keys are on, or takes the tick away; whether they are on one.
    pub fn tick(&mut self) -> bool {
        let AskingFocus::Check(at) = self.focus else {
            return false;
        };
        if let Some(tick) = self.ticks.get_mut(at) {
            *tick = !*tick;
        }
        true
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
            ticked: self.ticked(),
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

    /// Where the keys go next: leaving it open, then through the choices, then what the marked one
    /// wants; the checks stand before all of it.
    pub fn step(&mut self, forward: bool) {
        use AskingFocus::{Check, Choices, Reason, Typed};
        let (typed, reason) = self
            .chosen()
            .map_or((false, false), |c| (c.typed.is_some(), c.reason));
        // What was chosen stays chosen while somebody goes back to the checks.
        let checks = (0..self.asked.checks.len()).map(|at| (Check(at), self.choice));
        let mut stops: Vec<_> = checks.collect();
        let first = stops.len();
        stops.push((Choices, None));
        for choice in (0..self.asked.choices.len()).map(Some) {
            stops.push((Choices, choice));
            if choice == self.choice {
                stops.extend(typed.then_some((Typed, choice)));
                stops.extend(reason.then_some((Reason, choice)));
            }
        }
        let here = (self.focus, self.choice);
        let at = stops.iter().position(|stop| *stop == here);
        let at = at.unwrap_or(first);
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
    /// Whether it is kept under its name. The one behind a single action is not: what is said to its
    /// findings goes with it alone.
    pub named: bool,
    /// What was said to its findings is being kept in the plan.
    pub is_keeping: bool,
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
    /// The machines as they were read for it, those that could be.
    pub machines: Vec<Arc<Machine>>,
    /// Whether a run that is launched here outlives the session it is launched from.
    pub outlives: Outlives,
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
    /// What waits for a person's word.
    Say,
    Launch,
}

impl Launching {
    /// A plan that is kept under its name.
    #[must_use]
    pub fn new(plan: Arc<Plan>, generation: Generation) -> Self {
        Self {
            plan,
            named: true,
            is_keeping: false,
            generation,
            ready: ReadyState::Checking,
            field: Field::default(),
            focus: LaunchingFocus::Name,
            error: None,
            top: 0,
        }
    }

    /// The plan behind a single action.
    #[must_use]
    pub fn action(plan: Arc<Plan>, generation: Generation) -> Self {
        Self {
            named: false,
            ..Self::new(plan, generation)
        }
    }

    /// Whether readiness lets it through.
    #[must_use]
    pub fn may_launch(&self) -> bool {
        matches!(&self.ready, ReadyState::Known(readied) if readied.may_launch())
    }

    /// What is to be typed: the plan's name; of an action on one machine the machine's.
    #[must_use]
    pub fn wanted(&self) -> Text {
        match (self.named, self.plan.machines().as_slice()) {
            (false, [one]) => self.plan.machine_name(one),
            _ => Text::from(self.plan.name.as_str()),
        }
    }

    /// Whether the name stands in the field, letter for letter. For a machine's name that not every
    /// keyboard writes its item's does, too.
    #[must_use]
    pub fn is_named(&self) -> bool {
        let typed = self.field.text().trim();
        let also = match (self.named, self.plan.machines().as_slice()) {
            (false, [one]) if !self.wanted().as_str().is_ascii() => typed == one.name(),
            _ => false,
        };
        typed == self.wanted().as_str().trim() || also
    }

    /// The findings that the next word is about: those that say the same.
    #[must_use]
    pub fn waits(&self) -> Option<(StatementKind, Vec<&Finding>)> {
        let ReadyState::Known(readied) = &self.ready else {
            return None;
        };
        let waits = |f: &&Finding| f.blocks() && f.wants().is_some();
        let all: Vec<&Finding> = readied.findings.0.iter().filter(waits).collect();
        let first = all.first()?;
        let kind = first.wants()?;
        let alike = all
            .iter()
            .filter(|f| f.row.id == first.row.id && f.words == first.words);
        Some((kind, alike.copied().collect()))
    }

    /// Whether the name is asked for: not where it would be refused.
    #[must_use]
    pub fn asks_name(&self) -> bool {
        match &self.ready {
            ReadyState::Checking | ReadyState::Launching => true,
            ReadyState::Known(_) => self.may_launch(),
            ReadyState::Unknown(_) => false,
        }
    }

    /// What the keys can be on, in order.
    #[must_use]
    pub fn stops(&self) -> Vec<LaunchingFocus> {
        use LaunchingFocus::{Cancel, Launch, Name, Say};
        match self.asks_name() {
            true => vec![Name, Cancel, Launch],
            false => {
                let say = self.waits().map(|_| Say);
                std::iter::once(Cancel).chain(say).collect()
            }
        }
    }

    /// Where the keys go from here.
    #[must_use]
    pub fn stop(&self, forward: bool) -> LaunchingFocus {
        let stops = self.stops();
        let at = stops.iter().position(|stop| *stop == self.focus);
        let by = if forward { 1 } else { stops.len() - 1 };
        stops[(at.unwrap_or(0) + by) % stops.len()]
    }

    /// Brings the keys back to something that is there: to the name, else to what waits for a word.
    pub fn settle(&mut self) {
        use LaunchingFocus::{Cancel, Name, Say};
        let stops = self.stops();
        if !stops.contains(&self.focus) {
            let best = [Name, Say].into_iter().find(|stop| stops.contains(stop));
            self.focus = best.unwrap_or(Cancel);
        }
    }

    /// What the person has answered by typing the machine's name: the run asks for it once more only
    /// where several machines go.
    #[must_use]
    pub fn standing(&self) -> Vec<Standing> {
        let one = match (self.named, self.plan.machines().as_slice()) {
            (false, [one]) => (*one).clone(),
            _ => return Vec::new(),
        };
        let typed = Some(self.plan.machine_name(&one));
        let topic = match self.plan.intent() {
            Intent::Commit(_) => (Topic::Commit, "commit"),
            Intent::Cancel(_) => (Topic::Cancel, "cancel"),
            _ => return Vec::new(),
        };
        vec![Standing {
            machine: one,
            topic: topic.0,
            choice: topic.1.into(),
            typed,
            why: None,
        }]
    }
}

/// A run with which something is to be done: not by one key.
#[derive(Debug)]
pub struct Stopping {
    pub run: RunId,
    pub deed: RunDeed,
    pub focus: Button,
    pub top: usize,
}

/// What is to be done with a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunDeed {
    Stop,
    /// It is paused, and is to go on.
    GoOn,
    /// Nobody carries it out any more; a new process is to.
    Resume,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    Cancel,
    Do,
}
