//! What a runner is told when it is started: one JSON document on its standard input, so that a
//! secret stands in no argument, environment or file.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::domain::run::{Answer, Question, QuestionId, Topic};
use crate::domain::{ArmId, Person, Text};
use crate::store::Profile;

/// `failback/errand/1`.
const SCHEMA: &str = "failback/errand/1";

/// Most bytes of an errand.
pub const MOST_ERRAND: u64 = 1 << 20;

/// An answer that is given before the question is asked: what the person who launches knows already.
/// It is recorded as theirs when it is used; the question must be about this and allow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Standing {
    pub machine: ArmId,
    pub topic: Topic,
    pub choice: Text,
    pub typed: Option<Text>,
    pub why: Option<Text>,
}

impl Standing {
    pub(super) fn answers(&self, question: &Question) -> bool {
        question.topic == self.topic
            && question.machine.as_ref() == Some(&self.machine)
            && question.choose(&self.answer(question.id)).is_ok()
    }

    pub(super) fn answer(&self, question: QuestionId) -> Answer {
        Answer {
            question,
            choice: self.choice.clone(),
            typed: self.typed.clone(),
            why: self.why.clone(),
            ticked: Vec::new(),
        }
    }
}

/// What a runner is to do with its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Task {
    /// Begin it.
    Begin,
    /// Go on where the runner before ended.
    Resume,
}

/// Whom a runner works for, and how it signs in.
#[derive(Debug)]
pub struct Errand {
    pub task: Task,
    pub profile: Profile,
    /// The client secret; `None` where signing in needs none.
    pub secret: Option<SecretString>,
    pub by: Person,
    /// Whether the plan is one that was kept under its name, not the one behind a single action.
    pub named: bool,
    pub standing: Vec<Standing>,
    /// The new file to which a support recording of the run goes.
    pub record: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    schema: &'static str,
    task: Task,
    profile: &'a Profile,
    secret: Option<&'a str>,
    by: &'a Person,
    named: bool,
    standing: &'a [Standing],
    record: Option<&'a Path>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Read {
    schema: String,
    task: Task,
    profile: Profile,
    secret: Option<SecretString>,
    by: Person,
    named: bool,
    standing: Vec<Standing>,
    record: Option<PathBuf>,
}

impl Errand {
    /// The document; its memory is wiped when it goes.
    ///
    /// # Errors
    /// None that a profile could cause.
    pub fn written(&self) -> Result<Zeroizing<Vec<u8>>, String> {
        let written = Written {
            schema: SCHEMA,
            task: self.task,
            profile: &self.profile,
            secret: self.secret.as_ref().map(ExposeSecret::expose_secret),
            by: &self.by,
            named: self.named,
            standing: &self.standing,
            record: self.record.as_deref(),
        };
        // Room beforehand: growing would leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(64 << 10));
        serde_json::to_writer(&mut *bytes, &written).map_err(|error| error.to_string())?;
        Ok(bytes)
    }

    /// Reads a document.
    ///
    /// # Errors
    /// In words, and never with what it holds.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        // The words of a parser may quote what it read.
        let read: Read = serde_json::from_slice(bytes)
            .map_err(|error| format!("it is no errand (at byte {})", error.column()))?;
        if read.schema != SCHEMA {
            return Err("it is the errand of another failback".into());
        }
        Ok(Self {
            task: read.task,
            profile: read.profile,
            secret: read.secret,
            by: read.by,
            named: read.named,
            standing: read.standing,
            record: read.record,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Credential;

    fn errand() -> Errand {
        Errand {
            task: Task::Resume,
            profile: Profile::new("lab", Credential::AzureCli),
            secret: Some("hush-hush".to_owned().into()),
            by: Person {
                name: "kim".into(),
                host: "jump-01".into(),
                from: None,
            },
            named: true,
            standing: Vec::new(),
            record: None,
        }
    }

    #[test]
    fn an_errand_comes_back_as_it_was_written() {
        let back = Errand::read(&errand().written().unwrap()).unwrap();
        assert_eq!(back.profile, errand().profile);
        assert_eq!(back.by, errand().by);
        assert_eq!(back.task, Task::Resume);
        assert!(back.named);
        let secret = back.secret.unwrap();
        assert_eq!(secret.expose_secret(), "hush-hush");
    }

    #[test]
    fn neither_a_print_nor_an_error_holds_the_secret() {
        assert!(!format!("{:?}", errand()).contains("hush"));
        let written = String::from_utf8(errand().written().unwrap().to_vec()).unwrap();
        let bad = [
            written.replace("\"by\"", "\"bye\""),
            written.replace("\"hush-hush\"", "[\"hush-hush\"]"),
            written.replace("errand/1", "errand/2"),
            written[..written.len() - 9].to_owned(),
        ];
        for text in bad {
            let words = Errand::read(text.as_bytes()).unwrap_err();
            assert!(!words.contains("hush"), "{words}");
        }
    }
}
