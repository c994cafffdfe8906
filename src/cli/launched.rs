//! Whether a plan was launched before. What readiness says to do is meant for machines that nothing
//! was done with yet: of one that is under way, or that a run brought where it is, the same words
//! would do harm - to start the Azure VM of a machine that is home makes it run twice.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::runs::list::local;
use super::runs::state::Standing;
use super::runs::teller::end_words;
use crate::domain::caution::verb_of;
use crate::domain::run::{MachineRun, Run, RunId, StepState};
use crate::domain::{ArmId, Plan, Situation, StepKind, Subject, Text};
use crate::readiness::facts::Item;
use crate::readiness::{Fact, Facts};
use crate::store::runs::Rival;
use crate::store::{RunFolder, RunTrouble, Runs};

/// Most machines that are named.
const NAMED: usize = 12;

/// What the runs of a site say of a plan.
pub enum Launched {
    Never,
    /// A run of it, or of a machine of it, is not over: it is not judged.
    UnderWay(Box<UnderWay>),
    /// Its last run is over.
    Ran(Ran),
}

impl Launched {
    /// Looks among the runs. Reads disks, nothing else.
    ///
    /// # Errors
    /// Runs that cannot be read.
    pub fn look(runs: &Runs, plan: &Plan) -> Result<Self, RunTrouble> {
        if let Some(rival) = runs.rival(plan, None)? {
            let folder = runs.open(&rival.run)?;
            let run = Run::fold(&folder.read()?.lines);
            return Ok(Self::UnderWay(Box::new(UnderWay::of(
                plan,
                &folder,
                run,
                Some(&rival),
            ))));
        }
        Ok(match newest(runs, plan)? {
            None => Self::Never,
            Some((_, run)) if run.is_closed() => Self::Ran(Ran::of(&run)),
            Some((folder, run)) => {
                Self::UnderWay(Box::new(UnderWay::of(plan, &folder, Some(run), None)))
            }
        })
    }
}

/// The newest run of a plan that began.
fn newest(runs: &Runs, plan: &Plan) -> Result<Option<(RunFolder, Run)>, RunTrouble> {
    for folder in runs.list()? {
        // The copy of the plan is small; journals are read of its own runs alone.
        if !folder.plan().is_ok_and(|own| own.slug() == plan.slug()) {
            continue;
        }
        let run = Run::fold(&folder.read()?.lines);
        // The plan behind a single action has a name that is nobody's.
        if let Some(run) = run.filter(|run| run.launch.slug.as_ref() == Some(plan.slug())) {
            return Ok(Some((folder, run)));
        }
    }
    Ok(None)
}

/// A run that is not over.
pub struct UnderWay {
    run: RunId,
    /// How it stands, in one sentence.
    head: String,
    /// The plan's machines that the run has, and how each stands.
    machines: Vec<(ArmId, Text, String)>,
    questions: usize,
    advice: Option<String>,
}

impl UnderWay {
    fn of(plan: &Plan, folder: &RunFolder, run: Option<Run>, rival: Option<&Rival>) -> Self {
        let id = folder.id().clone();
        let own = rival.is_none_or(|rival| rival.machine.is_none());
        let subject = match rival {
            Some(rival) if !own => rival.to_string(),
            _ => format!("{} is under way: run {id}", plan.name),
        };
        let Some(run) = run else {
            return Self {
                run: id,
                head: format!("{subject}; it has not begun yet."),
                machines: Vec::new(),
                questions: 0,
                advice: None,
            };
        };
        let standing = Standing::of(&run, folder);
        let (ended, steps) = run.progress();
        let shared = plan.machines().into_iter().filter_map(|id| run.machine(id));
        Self {
            run: id,
            head: format!("{subject}, {ended} of {steps} steps; {}.", standing.words),
            machines: shared
                .map(|own| (own.id.clone(), own.name.clone(), stands(&run, own)))
                .collect(),
            questions: run.questions.len(),
            advice: standing.advice,
        }
    }

    /// What a person is told instead of findings.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.head.clone()];
        let named = self.machines.iter().take(NAMED);
        lines.extend(named.map(|(_, name, words)| format!("  {name}: {words}")));
        if self.machines.len() > NAMED {
            lines.push(format!("  and {} more", self.machines.len() - NAMED));
        }
        lines.push(
            "Readiness is for plans that are not launched: nothing was judged, and nothing is to be \
             put right for it."
                .into(),
        );
        lines.extend(self.advice.clone());
        lines.push(format!("See: failback runs show {}", self.run));
        lines
    }

    pub fn json(&self) -> Value {
        let machines = self.machines.iter();
        let machines = machines
            .map(|(id, name, words)| json!({ "machine": name, "id": id, "words": words }))
            .collect::<Vec<_>>();
        json!({
            "run": self.run,
            "words": self.head,
            "machines": machines,
            "questions": self.questions,
        })
    }
}

/// How a machine stands in a run, in a few words.
fn stands(run: &Run, machine: &MachineRun) -> String {
    let Some(step) = machine.telling() else {
        return "nothing is done with it".into();
    };
    let kind = step.kind.words();
    let words = match &step.state {
        StepState::Ended(_) if machine.is_over() && machine.has_arrived() => {
            return "is through".into();
        }
        StepState::Ended(end) => format!("{kind}: {}", end_words(end).1),
        StepState::Waits | StepState::Runs => {
            let mut asked = run.questions.iter();
            match asked.find(|q| q.machine.as_ref() == Some(&machine.id)) {
                Some(question) => format!("{kind}: question {} waits", question.id.0),
                None if step.state == StepState::Waits => format!("{kind}: waits"),
                None => format!("{kind}: runs"),
            }
        }
    };
    match machine.has_arrived() && step.kind == StepKind::Commit {
        true => format!("is where it should be; {words}"),
        false => words,
    }
}

/// The last run of a plan, which nobody carries out any more.
pub struct Ran {
    run: RunId,
    head: String,
    /// The machines that it brought where they should be.
    through: HashSet<ArmId>,
}

impl Ran {
    fn of(run: &Run) -> Self {
        let id = run.launch.run.clone();
        let (_, words) = super::runs::state::said(run);
        let through = run.machines.iter().filter(|own| own.has_arrived());
        Self {
            head: format!(
                "{} was launched before: run {id}, {words}, {}. What follows judges launching it again.",
                run.launch.name,
                local(run.last),
            ),
            run: id,
            through: through.map(|own| own.id.clone()).collect(),
        }
    }

    /// The last run of a plan, if it has one.
    ///
    /// # Errors
    /// Runs that cannot be read.
    pub fn last(runs: &Runs, plan: &Plan) -> Result<Option<Self>, RunTrouble> {
        Ok(newest(runs, plan)?.map(|(_, run)| Self::of(&run)))
    }

    /// Leaves only those machines that are still where the run brought them: the others can be carried
    /// once more, and what is said of them counts. One that cannot be seen counts as the run left it.
    pub fn seen(mut self, plan: &Plan, facts: &Facts) -> Self {
        let verb = verb_of(plan.intent());
        self.through.retain(|id| {
            let item = facts.machines.get(id).map(|own| &own.item);
            match item {
                Some(Fact::Known {
                    value: Item::Protected(machine),
                    ..
                }) => Situation::of(machine, &[]).verdict(verb).is_err(),
                _ => true,
            }
        });
        self
    }

    pub fn head(&self) -> &str {
        &self.head
    }

    pub fn run(&self) -> &RunId {
        &self.run
    }

    /// What is to be done about a machine that is where it should be; `None` for any other.
    pub fn to_do(&self, subject: &Subject) -> Option<String> {
        let Subject::Machine(id) = subject else {
            return None;
        };
        self.through.contains(id).then(|| {
            let run = &self.run;
            format!("nothing for this plan: run {run} brought it where it is.")
        })
    }
}
