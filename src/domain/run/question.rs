//! What a run asks people, and what they answer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::ids::ArmId;
use crate::domain::recipe::StepKind;
use crate::domain::text::Text;

/// Counts the questions of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct QuestionId(pub u32);

/// Something that a person must decide. The machine waits; the others go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    pub id: QuestionId,
    pub topic: Topic,
    /// `None` for a question about the whole run.
    pub machine: Option<ArmId>,
    pub step: Option<StepKind>,
    /// One sentence.
    pub words: Text,
    /// What is known, one line each, most important first.
    pub evidence: Vec<Text>,
    /// What to look at before answering, one line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Text>,
    /// At least one; the harmless one first.
    pub choices: Vec<Choice>,
    /// When the harmless choice is taken by itself, by the service's clock: the end of a commit
    /// window. `None`: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// Are the applications quiet?
    Quiesce,
    /// The drain's limit is over.
    Drain,
    /// A step failed, or was refused.
    Failed,
    /// Whether a change was made is not known.
    Unknown,
    /// A job in Azure waits for a person.
    Waiting,
    /// A machine of an earlier wave did not come through.
    Wave,
    /// Is the temporary disk out of use?
    TemporaryDisk,
    /// Is the Azure VM off?
    AzureOff,
    /// Is the machine that survives as it should be?
    Survivor,
    /// Commit, or leave it as it is. A reprotect of what is not committed is one, too.
    Commit,
    /// Take a failback back, or leave it as it is.
    Cancel,
    /// A local command of the plan did not end well, or was begun by a runner that is no more.
    Hook,
    /// What must hold after a machine's cut-over does not, or a person is to confirm it.
    Ready,
}

/// One way to answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// What commands call it: `quiesced`, `wait`, `go-on`, `retry`, `give-up`, `commit`, `leave`...
    pub name: Text,
    /// What it does, in one sentence.
    pub words: Text,
    /// What must be typed for it: the machine's name. `None` when choosing is enough.
    pub typed: Option<Text>,
    /// Whether a reason is wanted, for the record.
    pub reason: bool,
}

/// A person's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    pub question: QuestionId,
    pub choice: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typed: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Text>,
    /// Which of the question's checks this person says they have made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticked: Vec<Text>,
}

/// How many of a question's checks were ticked, in words; `None` where it has none.
#[must_use]
pub fn made(checks: &[Text], ticked: &[Text]) -> Option<String> {
    let made = checks.iter().filter(|check| ticked.contains(check)).count();
    match checks.len() {
        0 => None,
        all => Some(format!("{made} of {all} checks ticked")),
    }
}

impl Question {
    /// The choice that an answer makes, or what is wrong with the answer, for its sender.
    ///
    /// # Errors
    /// An unknown choice, a name that was not typed as it is, a reason that is missing, a tick at what
    /// nobody asked for.
    pub fn choose(&self, answer: &Answer) -> Result<&Choice, String> {
        let known = || {
            let names: Vec<_> = self.choices.iter().map(|c| c.name.as_str()).collect();
            names.join(", ")
        };
        let choice = self
            .choices
            .iter()
            .find(|choice| choice.name == answer.choice)
            .ok_or_else(|| format!("there is no choice {:?}: {}", answer.choice, known()))?;
        let typed = answer.typed.as_ref().map(|t| t.as_str().trim());
        if let Some(wanted) = &choice.typed
            && typed != Some(wanted.as_str().trim())
        {
            return Err(format!("{} wants the name {wanted} typed", choice.name));
        }
        let why = answer.why.as_ref().map(|w| w.as_str().trim());
        if choice.reason && why.unwrap_or_default().is_empty() {
            return Err(format!("{} wants a reason, for the record", choice.name));
        }
        // What was ticked stands in the report as what somebody has seen.
        let unasked = |tick: &&Text| !self.checks.contains(tick);
        if let Some(tick) = answer.ticked.iter().find(unasked) {
            return Err(format!("{tick:?} is not among what is to be looked at"));
        }
        Ok(choice)
    }
}
