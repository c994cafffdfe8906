//! Why something could not be read or done, for the person at the keyboard.

use serde::{Deserialize, Serialize};

use super::text::Text;

/// Whether trying again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Retry {
    /// It may pass by itself.
    MayHelp,
    /// Something must be changed first.
    AfterFixing,
    /// Never by itself: the change may have been made. Look before sending again.
    LookFirst,
}

/// What failed, what the service said, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// One sentence: what failed, on what.
    pub what: Text,
    /// The service's error code; empty when it gave none.
    pub code: Text,
    /// The service's own words; empty when it said nothing.
    pub said: Text,
    pub causes: Text,
    /// What the service recommends.
    pub recommended: Text,
    /// For Microsoft's support: the activity or correlation id; empty when there is none.
    pub activity_id: Text,
    /// What to do now, in our words.
    pub advice: Text,
    pub retry: Retry,
}

impl Failure {
    /// A failure that no service commented on.
    #[must_use]
    pub fn new(what: impl Into<Text>, advice: impl Into<Text>, retry: Retry) -> Self {
        Self {
            what: what.into(),
            code: Text::default(),
            said: Text::default(),
            causes: Text::default(),
            recommended: Text::default(),
            activity_id: Text::default(),
            advice: advice.into(),
            retry,
        }
    }

    /// The lines that tell it, most important first; no line is empty.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.what.to_string()];
        let said = match (self.code.is_empty(), self.said.is_empty()) {
            (true, true) => None,
            (true, false) => Some(format!("Azure says: {}", self.said)),
            (false, true) => Some(format!("Azure says: {}", self.code)),
            (false, false) => Some(format!("Azure says: {} ({})", self.said, self.code)),
        };
        lines.extend(said);
        let labelled = [
            ("Possible causes", &self.causes),
            ("Azure recommends", &self.recommended),
            ("What to do", &self.advice),
            ("Activity id", &self.activity_id),
        ];
        lines.extend(
            labelled
                .iter()
                .filter(|(_, t)| !t.is_empty())
                .map(|(label, t)| format!("{label}: {t}")),
        );
        lines
    }
}
