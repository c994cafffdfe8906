//! Asking people, and their answers.

use std::time::Duration;

use jiff::Timestamp;

use super::{Desk, Papers, Way};
use crate::domain::run::{Choice, Question, QuestionId, Record, Topic};
use crate::domain::{ArmId, Person, StepKind, Text};

/// A question that is about to be asked; the desk gives it its number.
#[derive(Clone, Debug)]
pub(in crate::runner) struct Asking {
    pub topic: Topic,
    pub machine: Option<ArmId>,
    pub step: Option<StepKind>,
    /// One sentence.
    pub words: Text,
    /// Most important first.
    pub evidence: Vec<Text>,
    /// What to look at before answering.
    pub checks: Vec<Text>,
    /// The harmless one first.
    pub choices: Vec<Choice>,
    /// When the harmless one is taken by itself, by the service's clock.
    pub until: Option<Timestamp>,
}

/// What a person chose.
#[derive(Clone, Debug)]
pub(in crate::runner) struct Reply {
    pub choice: Text,
    pub why: Option<Text>,
    /// The checks of the question that they say they made.
    pub ticked: Vec<Text>,
    pub by: Person,
}

impl Reply {
    pub fn is(&self, choice: &str) -> bool {
        self.choice.as_str() == choice
    }

    /// Who decided it and why, for the words of an end.
    pub fn signed(&self) -> String {
        match &self.why {
            Some(why) => format!("{}: {why}", self.by),
            None => self.by.to_string(),
        }
    }
}

/// A choice that is made by choosing it.
pub(in crate::runner) fn choice(name: &str, words: impl Into<Text>) -> Choice {
    Choice {
        name: name.into(),
        words: words.into(),
        typed: None,
        reason: false,
    }
}

/// What several machines wait for together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::runner) enum Together {
    Wave(usize),
    /// By its place in the run.
    Machine(usize),
}

impl Desk {
    /// Asks, and waits for the answer.
    pub async fn ask(&self, asking: Asking) -> Way<Reply> {
        let id = self.put(asking).await?;
        self.answer(id).await
    }

    /// Asks once for all who wait for the same, and waits for the answer.
    pub async fn ask_once(&self, key: Together, asking: impl FnOnce() -> Asking) -> Way<Reply> {
        let asking = asking();
        let told = self.decide(move |papers| match papers.shared.get(&key) {
            Some(id) => (Vec::new(), *id),
            None => {
                let (id, record) = papers.number(asking);
                papers.shared.insert(key, id);
                (vec![record], id)
            }
        });
        let id = told.await?;
        self.answer(id).await
    }

    /// Asks, without waiting for the answer.
    pub async fn put(&self, asking: Asking) -> Way<QuestionId> {
        let told = self.decide(move |papers| {
            let (id, record) = papers.number(asking);
            (vec![record], id)
        });
        told.await
    }

    /// Takes a question back: its time is over. What was answered before that counts, and is told;
    /// nothing that is answered afterwards is taken.
    pub async fn withdraw(&self, id: QuestionId) -> Way<Option<Reply>> {
        let told = self.decide(move |papers| {
            let reply = papers.answers.get(&id).cloned();
            if reply.is_none() {
                papers.withdrawn.insert(id);
            }
            (Vec::new(), reply)
        });
        told.await
    }

    /// Waits for the next look, or for the answer to what was asked, if anything was: it is looked on
    /// while a person thinks.
    pub async fn answer_or_rest(
        &self,
        asked: Option<QuestionId>,
        pause: Duration,
    ) -> Way<Option<Reply>> {
        let Some(asked) = asked else {
            self.rest(pause).await?;
            return Ok(None);
        };
        tokio::select! {
            biased;
            reply = self.answer(asked) => reply.map(Some),
            rested = self.rest(pause) => rested.map(|()| None),
        }
    }

    /// Waits for the answer to a question.
    pub async fn answer(&self, id: QuestionId) -> Way<Reply> {
        self.until(|papers| papers.answers.get(&id).cloned()).await
    }
}

impl Papers {
    fn number(&mut self, asking: Asking) -> (QuestionId, Record) {
        self.asked += 1;
        let id = QuestionId(self.asked);
        let question = Question {
            id,
            topic: asking.topic,
            machine: asking.machine,
            step: asking.step,
            words: asking.words,
            evidence: asking.evidence,
            checks: asking.checks,
            choices: asking.choices,
            until: asking.until,
        };
        (id, Record::Asked(Box::new(question)))
    }
}
