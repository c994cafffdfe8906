//! What an action wants to know before its plan can be made: which recovery point, which network,
//! which servers. One choice after the other; what has one answer alone is not asked.

mod questions;

use std::sync::Arc;

use crate::domain::offers::{Offered, Reading};
use crate::domain::plan::{
    AzurePoint, Fault, PlanName, Repointed, Repointing, ReturnTarget, Returned, Returning,
    Selected, Selection, Testing,
};
use crate::domain::text::fit;
use crate::domain::{Generation as Kind, Intent, Machine, Offers, Plan, Verb};
use crate::ui::effect::Generation;

use questions::{About, Value};
pub use questions::{Candidate, Question, Told};

/// An action that is being made ready.
#[derive(Debug)]
pub struct Picking {
    pub verb: Verb,
    pub machines: Vec<Arc<Machine>>,
    /// Of what is read for it.
    pub generation: Generation,
    pub offers: Offers,
    /// What was chosen so far, in the order of the questions.
    chosen: Vec<(About, Value)>,
    pub cursor: usize,
    pub top: usize,
}

/// What comes next.
#[derive(Debug)]
pub enum Next {
    /// What Azure offers is still being read.
    Reading,
    Ask(Question),
    /// Everything is known: the plan.
    Made(Box<Plan>),
    /// It cannot be done; why, and what to do.
    Stuck(String),
}

/// Whether an action wants choices before its plan can be made.
#[must_use]
pub fn wants_choices(verb: Verb) -> bool {
    matches!(
        verb,
        Verb::ChangeRecoveryPoint | Verb::TestFailover | Verb::ProtectToAzure
    )
}

impl Picking {
    #[must_use]
    pub fn new(
        verb: Verb,
        machines: Vec<Arc<Machine>>,
        offers: Offers,
        generation: Generation,
    ) -> Self {
        Self {
            verb,
            machines,
            generation,
            offers,
            chosen: Vec::new(),
            cursor: 0,
            top: 0,
        }
    }

    /// What is to be read deeply for it.
    #[must_use]
    pub fn unread(&self) -> Vec<Arc<Machine>> {
        let own = self.machines.iter().filter(|machine| {
            let known = self.offers.machine(&machine.id);
            known.is_none_or(|known| matches!(known.detail, Reading::NotYet))
        });
        own.cloned().collect()
    }

    fn own(&self) -> impl Iterator<Item = &Offered> {
        self.machines
            .iter()
            .filter_map(|machine| self.offers.machine(&machine.id))
    }

    /// The question that stands open, or what has become of it all. Questions with one answer alone
    /// are answered by it.
    #[must_use]
    pub fn next(&self) -> Next {
        if !wants_choices(self.verb) {
            return self.made(&[]);
        }
        if self.offers.choices.is_none() || !self.unread().is_empty() {
            return Next::Reading;
        }
        let mut chosen = self.chosen.clone();
        loop {
            let question = match questions::next(self, &chosen) {
                Ok(Some(question)) => question,
                Ok(None) => return self.made(&chosen),
                Err(why) => return Next::Stuck(why),
            };
            match question.candidates.as_slice() {
                [only] if question.goes_without_saying => {
                    chosen.push((question.about, only.value.clone()));
                }
                _ => return Next::Ask(question),
            }
        }
    }

    /// Takes what the cursor is on. What went without saying is not kept: it is found again.
    pub fn choose(&mut self) {
        let Next::Ask(question) = self.next() else {
            return;
        };
        let at = self.cursor.min(question.candidates.len().saturating_sub(1));
        if let Some(candidate) = question.candidates.get(at) {
            self.chosen.push((question.about, candidate.value.clone()));
            self.to_preferred();
        }
    }

    /// Takes the last choice back; whether there was one.
    pub fn back(&mut self) -> bool {
        let went = self.chosen.pop().is_some();
        self.to_preferred();
        went
    }

    /// Puts the cursor on what is recommended.
    pub fn to_preferred(&mut self) {
        self.top = 0;
        self.cursor = match self.next() {
            Next::Ask(question) => question.preferred,
            _ => 0,
        };
    }

    fn made(&self, chosen: &[(About, Value)]) -> Next {
        match self.plan(chosen) {
            Ok(plan) => Next::Made(Box::new(plan)),
            Err(why) => Next::Stuck(why),
        }
    }

    fn plan(&self, chosen: &[(About, Value)]) -> Result<Plan, String> {
        let fault = |fault: Fault| format!("{fault}.");
        let find = |about: &About| {
            let own = chosen.iter().find(|(of, _)| of == about);
            own.map(|(_, value)| value)
        };
        let point = || match find(&About::Point) {
            Some(Value::Point(point)) => point.clone(),
            _ => AzurePoint::Latest,
        };
        let repointed = || {
            let all = self.machines.iter().map(|m| Repointed {
                id: m.id.clone(),
                name: m.name.clone(),
                point: point(),
            });
            all.collect::<Vec<_>>()
        };
        let selection = || Selection {
            machines: self.machines.iter().map(|m| selected(m)).collect(),
        };
        let intent = match self.verb {
            Verb::Commit => Intent::Commit(selection()),
            Verb::Complete => Intent::Complete(selection()),
            Verb::Cancel => Intent::Cancel(selection()),
            Verb::TestFailoverCleanup => Intent::CleanUpTest(selection()),
            Verb::ChangeRecoveryPoint => Intent::ChangePoint(Repointing {
                machines: repointed(),
            }),
            Verb::TestFailover => match find(&About::Network) {
                Some(Value::Id(network)) => Intent::TestFailover(Testing {
                    network: network.clone(),
                    machines: repointed(),
                }),
                _ => return Err("No network is chosen.".into()),
            },
            Verb::ProtectToAzure => {
                let one = |machine: &Arc<Machine>| {
                    Ok::<_, String>(Returned {
                        id: machine.id.clone(),
                        name: machine.name.clone(),
                        target: self.returning(machine, chosen)?,
                    })
                };
                Intent::ProtectToAzure(Returning {
                    machines: self.machines.iter().map(one).collect::<Result<_, _>>()?,
                })
            }
            Verb::FailBack | Verb::Protect | Verb::FailOverToAzure | Verb::Resynchronise => {
                return Err("It has a way of its own.".into());
            }
        };
        let name = PlanName::parse(&name(self.verb, &self.machines)).map_err(fault)?;
        Plan::new(name, intent).map_err(fault)
    }

    fn returning(
        &self,
        machine: &Machine,
        chosen: &[(About, Value)],
    ) -> Result<ReturnTarget, String> {
        let mut target = ReturnTarget::default();
        let site = questions::site(machine);
        for (about, value) in chosen {
            match (about, value) {
                (About::ProcessServer(of), Value::Text(id)) if *of == site => {
                    target.process_server = Some(id.clone());
                }
                (About::Account(of), Value::Text(id)) if *of == site && !id.is_empty() => {
                    target.account = Some(id.clone());
                }
                (About::Policy(of), Value::Id(id)) if *of == site => {
                    target.policy = Some(id.clone());
                }
                _ => {}
            }
        }
        if machine.provider().generation() == Some(Kind::HyperV) {
            questions::on_host(&self.offers, machine, &mut target)?;
        }
        Ok(target)
    }
}

fn selected(machine: &Machine) -> Selected {
    Selected {
        id: machine.id.clone(),
        name: machine.name.clone(),
    }
}

/// Most columns of a plan's name.
const NAME: usize = 60;

/// `Commit web-01`, `Commit 3 machines`: what the run of a single action is called.
#[must_use]
pub fn name(verb: Verb, machines: &[Arc<Machine>]) -> String {
    let words = verb.words();
    let all = match machines {
        [one] => format!("{words} {}", one.name),
        several => format!("{words} {} machines", several.len()),
    };
    fit(&all, NAME, "~").into_owned()
}
