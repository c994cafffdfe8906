//! Plans and runs, as the Monitor shows them: what the watcher told, the list made of it, and what
//! was asked of runs from here.

mod countdown;
mod cursor;
mod foresight;
mod history;
mod letters;
mod lines;
mod overlays;
mod page;
mod story;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub use countdown::Countdown;
pub use foresight::{Foreseen, Foresight};
pub use history::{History, Past, Told};
pub use letters::{Fate, Sent};
pub use lines::{Key, Row};
pub use overlays::{
    Asking, AskingFocus, Button, Launching, LaunchingFocus, Readied, ReadyState, RunDeed, Stopping,
};
pub use page::{RunPage, Spot};
pub use story::{Crew, CrewRow, RunView, Story};

use crate::domain::plan::Slug;
use crate::domain::run::{MachineRun, Question, QuestionId, RunId};
use crate::domain::{ArmId, Failure, Plan, Text};
use crate::runner::Outlives;
use crate::ui::effect::Generation;

/// Everything about plans and runs.
#[derive(Debug, Default)]
pub struct Monitor {
    /// Of the watching that counts; what an older one tells is dropped.
    pub watching: Generation,
    /// Whether everything was read once.
    pub is_read: bool,
    /// Why plans or runs cannot be read, or changes are not noticed by themselves.
    pub troubles: Vec<Failure>,
    plans: Vec<Arc<Plan>>,
    /// Plans' files that cannot be used.
    damaged: Vec<Damaged>,
    /// Newest first.
    runs: Vec<Arc<RunView>>,
    /// Runs that ended, beyond those that are shown.
    pub older: usize,
    /// Told of since the watching began.
    seen: HashSet<RunId>,
    pub rows: Vec<Row>,
    /// A place in `rows` on which the cursor can stand.
    pub cursor: usize,
    pub top: usize,
    /// What stood under the cursor when the rows were last made.
    here: Option<Key>,
    /// The person has moved the cursor: until then it stays on what is most urgent.
    moved: bool,
    /// The run that is looked at whole.
    pub page: Option<RunPage>,
    /// The list of all runs from which the run that is looked at was opened.
    pub history: Option<Box<History>>,
    /// The run that was opened from there: it may be too old to be among the others.
    pub visited: Option<Arc<RunView>>,
    /// A run that ended, read whole because the cursor is on it.
    pub looked: Option<Looked>,
    /// Which open run has a machine, and where in it.
    held: HashMap<ArmId, (RunId, usize)>,
    pub sent: Vec<Sent>,
    /// Runs for which a new process is being started from here.
    pub resuming: HashSet<RunId>,
    /// How long the runs that are carried out still take.
    pub foresight: Foresight,
    /// Whether what is launched here outlives its session; `None` before that was looked at.
    pub outlives: Option<Outlives>,
    /// Runs show their machines as bars over time.
    pub timeline: bool,
}

/// A run that ended: its machines are read when somebody looks.
#[derive(Debug)]
pub struct Looked {
    pub id: RunId,
    pub generation: Generation,
    /// `None` while it is being read.
    pub read: Option<Result<Story, Failure>>,
}

/// A plan's file that cannot be used.
#[derive(Clone, Debug)]
pub struct Damaged {
    /// The file's name.
    pub name: Text,
    /// What is wrong, and what to do.
    pub why: Text,
}

/// News of plans and runs.
#[derive(Clone, Debug)]
pub enum Watched {
    /// Everything is read from the start.
    Begun,
    Plans {
        plans: Vec<Arc<Plan>>,
        damaged: Vec<Damaged>,
    },
    /// Runs that are new, or changed.
    Runs(Vec<Arc<RunView>>),
    /// Runs whose folder is gone.
    Gone(Vec<RunId>),
    /// Everything was told; so many runs that ended are left out.
    Read { older: usize },
    /// Whether what is launched here outlives its session.
    Outlives(Outlives),
    /// Something cannot be read, or is no longer noticed.
    Trouble(Box<Failure>),
}

impl Monitor {
    #[must_use]
    pub fn plans(&self) -> &[Arc<Plan>] {
        &self.plans
    }

    #[must_use]
    pub fn runs(&self) -> &[Arc<RunView>] {
        &self.runs
    }

    #[must_use]
    pub fn damaged(&self) -> &[Damaged] {
        &self.damaged
    }

    #[must_use]
    pub fn run(&self, id: &RunId) -> Option<&Arc<RunView>> {
        let mut all = self.runs.iter().chain(&self.visited);
        all.find(|run| run.id == *id)
    }

    #[must_use]
    pub fn plan(&self, slug: &Slug) -> Option<&Arc<Plan>> {
        self.plans.iter().find(|plan| plan.slug() == slug)
    }

    /// The newest run of a plan.
    #[must_use]
    pub fn latest(&self, slug: &Slug) -> Option<&Arc<RunView>> {
        self.runs.iter().find(|run| run.slug() == Some(slug))
    }

    /// What a run comes to with its machines, as far as that is known: of one that ended only while
    /// somebody looks at it.
    #[must_use]
    pub fn story(&self, id: &RunId) -> Option<&Story> {
        let story = self.run(id)?.story.as_ref()?;
        if story.crew.is_some() {
            return Some(story);
        }
        let looked = self.looked.as_ref().filter(|looked| looked.id == *id);
        match looked.and_then(|looked| looked.read.as_ref()) {
            Some(Ok(whole)) => Some(whole),
            _ => Some(story),
        }
    }

    /// The open run that has a machine.
    #[must_use]
    pub fn run_with(&self, machine: &ArmId) -> Option<(&Arc<RunView>, &Arc<MachineRun>)> {
        let (id, place) = self.held.get(machine)?;
        let run = self.run(id)?;
        let machine = run.story.as_ref()?.crew.as_ref()?.machines.get(*place)?;
        Some((run, machine))
    }

    /// Every open question of the runs that are carried out, of the newest first, with its run. What a
    /// run asked that nobody carries out any more nobody would hear the answer to.
    pub fn questions(&self) -> impl Iterator<Item = (&Arc<RunView>, &Arc<Question>)> {
        let live = self.runs.iter().filter(|run| run.live && run.is_open());
        live.flat_map(|run| {
            let story = run.story.iter();
            story.flat_map(move |story| story.questions.iter().map(move |q| (run, q)))
        })
    }

    /// The open questions that nobody has answered from here.
    pub fn waiting(&self) -> impl Iterator<Item = (&Arc<RunView>, &Arc<Question>)> {
        self.questions()
            .filter(|(run, question)| self.answer_to(run, question.id).is_none())
    }

    #[must_use]
    pub fn question(&self, run: &RunId, id: QuestionId) -> Option<&Arc<Question>> {
        let story = self.run(run)?.story.as_ref()?;
        story.questions.iter().find(|question| question.id == id)
    }

    /// Whether a run is being carried out now.
    #[must_use]
    pub fn is_any_live(&self) -> bool {
        self.runs.iter().any(|run| run.live && run.is_open())
    }

    /// Begins anew; what is known stays until it was read again.
    pub fn begin(&mut self) -> Generation {
        self.watching.advance()
    }

    /// Forgets everything: another site is shown.
    pub fn forget(&mut self) {
        let watching = self.watching;
        *self = Self {
            watching,
            ..Self::default()
        };
    }

    /// Takes news.
    pub fn apply(&mut self, news: Watched) {
        match news {
            Watched::Begun => {
                self.seen.clear();
                self.troubles.clear();
                return;
            }
            Watched::Outlives(outlives) => {
                self.outlives = Some(outlives);
                return;
            }
            Watched::Plans { plans, damaged } => {
                self.plans = plans;
                self.damaged = damaged;
            }
            Watched::Runs(runs) => {
                for run in runs {
                    self.seen.insert(run.id.clone());
                    self.put(run);
                }
            }
            Watched::Gone(ids) => self.runs.retain(|run| !ids.contains(&run.id)),
            Watched::Read { older } => {
                let seen = std::mem::take(&mut self.seen);
                self.runs.retain(|run| seen.contains(&run.id));
                self.is_read = true;
                self.older = older;
            }
            Watched::Trouble(failure) => {
                self.is_read = true;
                self.troubles.push(*failure);
                return;
            }
        }
        self.changed();
    }

    fn put(&mut self, run: Arc<RunView>) {
        // Newest first, as their names sort.
        match self.runs.binary_search_by(|known| run.id.cmp(&known.id)) {
            Ok(at) => self.runs[at] = run,
            Err(at) => self.runs.insert(at, run),
        }
    }

    /// Makes the list anew; the cursor stays on what it was on.
    pub fn changed(&mut self) {
        self.forget_heard();
        self.hold();
        self.rows = lines::rows(self);
        let at = self.here.as_ref().and_then(|key| lines::find(self, key));
        self.cursor = match self.moved {
            true => at.unwrap_or(self.cursor),
            false => 0,
        };
        self.settle_cursor();
        self.remember();
    }

    fn hold(&mut self) {
        // A machine is in one open run at a time; of two, the older one told first.
        let crews = self.runs.iter().rev().filter(|run| run.is_open());
        let open: Vec<_> = crews
            .filter_map(|run| Some((run, run.story.as_ref()?.crew.as_ref()?)))
            .collect();
        let count: usize = open.iter().map(|(_, crew)| crew.machines.len()).sum();
        let same = count == self.held.len()
            && open.iter().all(|(run, crew)| {
                let first = crew.machines.first();
                first.is_none_or(|m| self.held.get(&m.id).is_some_and(|(id, _)| *id == run.id))
            });
        if same {
            return;
        }
        self.held = open
            .into_iter()
            .flat_map(|(run, crew)| {
                let places = crew.machines.iter().enumerate();
                places.map(move |(at, machine)| (machine.id.clone(), (run.id.clone(), at)))
            })
            .collect();
    }
}
