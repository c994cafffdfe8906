//! One run as it is shown: made of its journal off the loop, shared with the screens.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::domain::estimate::Lesson;
use crate::domain::plan::Slug;
use crate::domain::run::{
    Closing, End, Heard, Letter, MachineRun, Planned, Question, Run, RunId, RunState, StepState,
};
use crate::domain::text::columns;
use crate::domain::{ArmId, Person, Plan, Text};

/// Most remarks and requests that a screen shows.
const MOST_SAID: usize = 60;

/// One run as the watcher last saw it.
#[derive(Clone, Debug)]
pub struct RunView {
    pub id: RunId,
    /// Whether a process on this machine carries it out.
    pub live: bool,
    /// What its journal comes to; `None` while nothing of it could be read.
    pub story: Option<Story>,
    /// Why the journal was not read to its end.
    pub damage: Option<Text>,
    /// Letters in its inbox that nobody has taken yet.
    pub letters: Vec<Letter>,
}

/// What a journal comes to. Cheap to clone: what can be large is shared.
#[derive(Clone, Debug)]
pub struct Story {
    pub name: Text,
    pub slug: Option<Slug>,
    /// The intent's word.
    pub intent: Text,
    pub by: Person,
    pub program: Text,
    pub state: RunState,
    /// The wave in which it is, and how many there are.
    pub wave: (Option<usize>, usize),
    /// Steps that were done, of all.
    pub done: (usize, usize),
    /// How many machines it has, with how many a step failed or is not known, and with how many
    /// one is done with a reservation.
    pub count: usize,
    pub failed: usize,
    pub amber: usize,
    pub questions: Vec<Arc<Question>>,
    /// The place of the oldest open question about a machine.
    asked: HashMap<ArmId, usize>,
    /// Newest last.
    pub remarks: Vec<(Timestamp, Text)>,
    /// Newest last.
    pub heard: Vec<Heard>,
    pub begun: Timestamp,
    /// Of the last record.
    pub last: Timestamp,
    /// How far the service's clock was ahead of the runner's, as far as that is known.
    pub ahead: Option<SignedDuration>,
    /// The machines; left out of a run that ended until somebody looks at it.
    pub crew: Option<Crew>,
}

/// The machines of a run, and the lines in which they are shown.
#[derive(Clone, Debug)]
pub struct Crew {
    /// What the run carries out; `None` where its copy could not be read.
    pub plan: Option<Arc<Plan>>,
    pub machines: Vec<Arc<MachineRun>>,
    /// What was planned for each, in the same order.
    pub planned: Arc<[Planned]>,
    /// What the run itself taught so far about how long steps take.
    pub own: Arc<Lesson>,
    /// By wave; never changes while a run goes on.
    pub rows: Arc<[CrewRow]>,
    /// The first row whose machine is not through: what is interesting begins there.
    pub first_open: usize,
    /// Columns of the widest name.
    pub widest: usize,
}

/// A line of a run's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrewRow {
    Wave(usize),
    /// A place in the machines.
    Machine(usize),
}

impl RunView {
    #[must_use]
    pub fn slug(&self) -> Option<&Slug> {
        self.story.as_ref()?.slug.as_ref()
    }

    /// How it ended, when it did.
    #[must_use]
    pub fn closing(&self) -> Option<Closing> {
        match self.story.as_ref()?.state {
            RunState::Closed(closing) => Some(closing),
            _ => None,
        }
    }

    /// Whether anything is still expected of it, or of somebody who looks after it: a run whose
    /// journal is damaged or was never closed is open, whatever its age.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closing().is_none() || self.damage.is_some()
    }

    /// What to call it: the plan's name, or the run's own.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.story {
            Some(story) => story.name.as_str(),
            None => self.id.as_str(),
        }
    }
}

impl Story {
    /// All of a run but its machines.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        let launch = &run.launch;
        let newest = |len: usize| len.saturating_sub(MOST_SAID);
        Self {
            name: launch.name.clone(),
            slug: launch.slug.clone(),
            intent: launch.intent.clone(),
            by: launch.by.clone(),
            program: launch.program.clone(),
            state: run.state.clone(),
            wave: run.wave(),
            done: done(run),
            count: run.machines.len(),
            failed: having(run, |end| matches!(end, End::Failed(_) | End::Unknown(_))),
            amber: having(run, |end| matches!(end, End::DoneBut(_) | End::Left(_))),
            questions: run.questions.iter().cloned().map(Arc::new).collect(),
            asked: asked(&run.questions),
            remarks: run.remarks[newest(run.remarks.len())..].to_vec(),
            heard: run.heard[newest(run.heard.len())..].to_vec(),
            begun: run.begun,
            last: run.last,
            ahead: run.ahead,
            crew: None,
        }
    }

    /// All of a run.
    #[must_use]
    pub fn whole(run: &Run, plan: Option<Arc<Plan>>) -> Self {
        let crew = Crew {
            plan,
            ..Crew::of(run)
        };
        Self::of(run).with_crew(Some(crew))
    }

    #[must_use]
    pub fn with_crew(self, crew: Option<Crew>) -> Self {
        Self { crew, ..self }
    }

    /// The oldest open question about a machine.
    #[must_use]
    pub fn asked_of(&self, machine: &ArmId) -> Option<&Arc<Question>> {
        self.questions.get(*self.asked.get(machine)?)
    }

    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self.state, RunState::Closed(_))
    }

    /// How far it is. A hundred only when every step is done.
    #[must_use]
    pub fn percent(&self) -> u8 {
        let (done, all) = self.done;
        match all {
            0 => 0,
            _ => u8::try_from(done * 100 / all).unwrap_or(100),
        }
    }
}

impl Crew {
    #[must_use]
    pub fn of(run: &Run) -> Self {
        let machines = &run.machines;
        let mut order: Vec<usize> = (0..machines.len()).collect();
        order.sort_by_key(|at| machines[*at].wave);
        let waves = machines.iter().map(|m| m.wave).max().unwrap_or(1);
        let mut rows = Vec::with_capacity(order.len() + waves.min(order.len()));
        let mut wave = None;
        for at in order {
            if waves > 1 && wave != Some(machines[at].wave) {
                wave = Some(machines[at].wave);
                rows.push(CrewRow::Wave(machines[at].wave));
            }
            rows.push(CrewRow::Machine(at));
        }
        let mut crew = Self {
            plan: None,
            machines: machines.iter().cloned().map(Arc::new).collect(),
            planned: run.launch.machines.as_slice().into(),
            own: Arc::default(),
            rows: rows.into(),
            first_open: 0,
            widest: machines
                .iter()
                .map(|m| columns(m.name.as_str()))
                .max()
                .unwrap_or(0),
        };
        crew.look_for_open();
        crew
    }

    /// Finds the first row that is interesting, with the head of its wave.
    pub fn look_for_open(&mut self) {
        let is_open = |row: &CrewRow| match row {
            CrewRow::Wave(_) => false,
            CrewRow::Machine(at) => self.machines.get(*at).is_some_and(|m| !m.is_over()),
        };
        let at = self.rows.iter().position(is_open).unwrap_or(0);
        let head = at
            .checked_sub(1)
            .filter(|head| matches!(self.rows[*head], CrewRow::Wave(_)));
        self.first_open = head.unwrap_or(at);
    }

    #[must_use]
    pub fn find(&self, id: &ArmId) -> Option<&MachineRun> {
        let found = self.machines.iter().find(|machine| machine.id == *id);
        found.map(AsRef::as_ref)
    }
}

fn asked(questions: &[Question]) -> HashMap<ArmId, usize> {
    // Backwards, so that the oldest of several is the one that stays.
    let about = questions.iter().enumerate().rev();
    let about = about.filter_map(|(at, question)| Some((question.machine.clone()?, at)));
    about.collect()
}

/// Machines with a step that ended so.
fn having(run: &Run, so: impl Fn(&End) -> bool) -> usize {
    let has = |machine: &&MachineRun| {
        let mut steps = machine.steps.iter();
        steps.any(|step| matches!(&step.state, StepState::Ended(end) if so(end)))
    };
    run.machines.iter().filter(has).count()
}

/// Steps that were done - not those that only ended - of all.
fn done(run: &Run) -> (usize, usize) {
    let steps = || run.machines.iter().flat_map(|machine| &machine.steps);
    let done = steps().filter(|step| {
        matches!(
            step.state,
            StepState::Ended(End::Done | End::DoneBut(_) | End::Left(_))
        )
    });
    (done.count(), steps().count())
}
