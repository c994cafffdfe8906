//! What somebody answered so far in a wizard: a draft that is kept, and the answers file that makes
//! a plan without questions. Both are the same document, made to be read and written by people.
//!
//! ```json
//! { "schema": "failback/draft/1", "wizard": "protect",
//!   "answers": { "machines": ["web-01", "web-02"], "masterTarget": "mt-win-01" },
//!   "own": { "web-02": { "datastore": "DS-VMFS-02" } } }
//! ```
//!
//! `answers` counts for the plan and for every machine; `own` is what one machine has of its own.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ids::ArmId;
use super::plan::{Fingerprint, Statement};
use super::text::Text;

/// Which wizard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WizardKind {
    /// *New protection*: replicate from Azure to the ground.
    Protect,
    /// *Recover*: bring machines home.
    Recover,
    /// *Fail over to Azure*.
    FailOver,
}

impl WizardKind {
    pub const ALL: [Self; 3] = [Self::Protect, Self::Recover, Self::FailOver];

    /// As titles write it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Protect => "New protection",
            Self::Recover => "Recover",
            Self::FailOver => "Fail over",
        }
    }

    /// From where to where.
    #[must_use]
    pub fn direction(self) -> &'static str {
        match self {
            Self::Protect | Self::Recover => "Azure -> on-premises",
            Self::FailOver => "on-premises -> Azure",
        }
    }
}

/// One answer, in whatever way JSON says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    Yes(bool),
    Number(u64),
    Words(Text),
    List(Vec<Text>),
}

/// By the field's name.
pub type Answers = BTreeMap<Text, Answer>;

/// The answers of a wizard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Draft {
    pub wizard: WizardKind,
    /// The step in which the person was.
    pub step: Option<Text>,
    /// When it was kept, by this machine's clock.
    pub saved: Option<Timestamp>,
    /// For the plan, and for every machine that has none of its own.
    pub answers: Answers,
    /// By machine: its id; in an answers file also its name.
    pub own: BTreeMap<Text, Answers>,
    /// Consents and attestations, oldest first; they go into the plan.
    pub statements: Vec<Statement>,
    /// What was attested to before there was a plan to be judged. It becomes a statement whenever the
    /// plan is found to wait for just that: what the plan says of the machine does not matter to it.
    pub early: Vec<Early>,
}

/// Somebody's word about a machine, given before there was a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Early {
    pub check: Text,
    pub machine: ArmId,
    pub who: Text,
    pub when: Timestamp,
    pub why: Text,
    /// What could not be found out.
    pub fact: Fingerprint,
}

/// Names a draft, and its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DraftId(Uuid);

/// The word that opens the document.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
enum Schema {
    #[default]
    #[serde(rename = "failback/draft/1")]
    One,
}

/// Unknown fields are refused: writing the file back would lose them.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    schema: Schema,
    wizard: WizardKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    saved: Option<Timestamp>,
    #[serde(default)]
    answers: Answers,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    own: BTreeMap<Text, Answers>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    statements: Vec<Statement>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    early: Vec<Early>,
}

impl From<Draft> for Written {
    fn from(draft: Draft) -> Self {
        Self {
            schema: Schema::One,
            wizard: draft.wizard,
            step: draft.step,
            saved: draft.saved,
            answers: draft.answers,
            own: draft.own,
            statements: draft.statements,
            early: draft.early,
        }
    }
}

impl From<Written> for Draft {
    fn from(written: Written) -> Self {
        Self {
            wizard: written.wizard,
            step: written.step,
            saved: written.saved,
            answers: written.answers,
            own: written.own,
            statements: written.statements,
            early: written.early,
        }
    }
}

impl Draft {
    /// Nothing is answered yet.
    #[must_use]
    pub fn new(wizard: WizardKind) -> Self {
        Self {
            wizard,
            step: None,
            saved: None,
            answers: Answers::new(),
            own: BTreeMap::new(),
            statements: Vec::new(),
            early: Vec::new(),
        }
    }

    /// How many machines it names.
    #[must_use]
    pub fn machines(&self) -> &[Text] {
        match self.answers.get(&Text::from("machines")) {
            Some(Answer::List(machines)) => machines,
            _ => &[],
        }
    }
}

impl DraftId {
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// Takes a file's name, without `.json`.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        Uuid::try_parse(raw).ok().map(Self)
    }
}

impl fmt::Display for DraftId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl Answer {
    /// A number, however it is said.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Words(words) => words.as_str().trim().parse().ok(),
            Self::Yes(_) | Self::List(_) => None,
        }
    }

    /// Yes or no, however it is said.
    #[must_use]
    pub fn yes(&self) -> Option<bool> {
        match self {
            Self::Yes(yes) => Some(*yes),
            Self::Words(words) => match words.as_str().trim().to_ascii_lowercase().as_str() {
                "yes" | "true" => Some(true),
                "no" | "false" => Some(false),
                _ => None,
            },
            Self::Number(_) | Self::List(_) => None,
        }
    }
}

impl From<&str> for Answer {
    fn from(words: &str) -> Self {
        Self::Words(words.into())
    }
}

impl From<Text> for Answer {
    fn from(words: Text) -> Self {
        Self::Words(words)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yes(true) => f.write_str("yes"),
            Self::Yes(false) => f.write_str("no"),
            Self::Number(number) => number.fmt(f),
            Self::Words(words) => words.fmt(f),
            Self::List(list) => {
                let words: Vec<&str> = list.iter().map(Text::as_str).collect();
                f.write_str(&words.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answers_file_as_people_write_it_is_read_and_written_back() {
        let text = r#"{"schema":"failback/draft/1","wizard":"protect","answers":{"cpus":4,"machines":["a"],"stopFirst":true},"own":{"a":{"datastore":"DS"}}}"#;
        let draft: Draft = serde_json::from_str(text).unwrap();
        assert_eq!(draft.machines(), [Text::from("a")]);
        assert_eq!(serde_json::to_string(&draft).unwrap(), text);
    }

    #[test]
    fn what_is_not_known_is_refused_not_lost() {
        let text = r#"{"schema":"failback/draft/1","wizard":"protect","anwsers":{}}"#;
        assert!(serde_json::from_str::<Draft>(text).is_err());
        let newer = r#"{"schema":"failback/draft/2","wizard":"protect"}"#;
        assert!(serde_json::from_str::<Draft>(newer).is_err());
    }

    #[test]
    fn numbers_and_yes_are_understood_as_words_too() {
        assert_eq!(Answer::from(" 4 ").number(), Some(4));
        assert_eq!(Answer::from("-4").number(), None);
        assert_eq!(Answer::from("Yes").yes(), Some(true));
        assert_eq!(Answer::from("1").yes(), None);
    }
}
