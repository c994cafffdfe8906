//! Asking people, and their answers.

use super::{Desk, Way};
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
    /// The harmless one first.
    pub choices: Vec<Choice>,
}

/// What a person chose.
#[derive(Clone, Debug)]
pub(in crate::runner) struct Reply {
    pub choice: Text,
    pub why: Option<Text>,
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

impl Desk<'_> {
    /// Asks, and waits for the answer.
    pub async fn ask(&self, asking: Asking) -> Way<Reply> {
        let id = self.put(asking)?;
        self.answer(id).await
    }

    /// Asks once for all who ask with this `key`, and waits for the answer.
    pub async fn ask_once(&self, key: usize, asking: impl FnOnce() -> Asking) -> Way<Reply> {
        let known = self.papers().shared.get(&key).copied();
        let id = match known {
            Some(id) => id,
            None => {
                let id = self.put(asking())?;
                self.papers().shared.insert(key, id);
                id
            }
        };
        self.answer(id).await
    }

    /// Asks, without waiting.
    pub fn put(&self, asking: Asking) -> Way<QuestionId> {
        let mut papers = self.papers();
        let id = papers
            .run
            .as_ref()
            .map_or(QuestionId(1), crate::domain::run::Run::next_question);
        let question = Question {
            id,
            topic: asking.topic,
            machine: asking.machine,
            step: asking.step,
            words: asking.words,
            evidence: asking.evidence,
            checks: Vec::new(),
            choices: asking.choices,
            until: None,
        };
        let done = papers.write(Record::Asked(Box::new(question)));
        drop(papers);
        self.changed();
        done.map(|()| id)
    }

    /// Waits for the answer to a question.
    pub async fn answer(&self, id: QuestionId) -> Way<Reply> {
        self.until(|papers| papers.answers.get(&id).cloned()).await
    }
}
