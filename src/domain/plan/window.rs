//! How long a machine that came home waits for its commit, and what is looked at meanwhile.

use serde::{Deserialize, Serialize};

use super::recovery::Minutes;
use crate::domain::text::Text;

/// The commit window of a plan: from the end of a machine's failback on. When it is over the machine
/// is left as it is; nothing is ever committed or cancelled by time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommitWindow {
    /// Its length, and by how much a person who asks for more time makes it longer. `None`: the
    /// question stays open until somebody answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<Minutes>,
    /// What to look at before the commit, one line each, beside what is looked at on every machine
    /// of its kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Text>,
}

impl CommitWindow {
    /// Shorter, nobody could look at a machine and at what runs on it.
    pub const LEAST: Minutes = Minutes(5);
    /// A week: longer, Azure's VM would be paid for and nobody would remember why.
    pub const MOST: Minutes = Minutes(7 * 24 * 60);
    /// How much longer a window becomes that a person makes longer, where the plan does not say.
    pub const USUAL: Minutes = Minutes(30);
    /// Most checks of a plan.
    pub const MOST_CHECKS: usize = 40;

    /// A window of so many minutes.
    #[must_use]
    pub fn of(minutes: Minutes) -> Self {
        Self {
            minutes: Some(minutes),
            checks: Vec::new(),
        }
    }

    /// How long it is, and what comes then.
    #[must_use]
    pub fn words(&self) -> String {
        match self.minutes {
            Some(minutes) => format!("{} min, then the machine is left as it is", minutes.0),
            None => "open until somebody answers".to_owned(),
        }
    }

    /// What is wrong with it, in a sentence.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let (least, most) = (Self::LEAST, Self::MOST);
        if let Some(minutes) = self.minutes
            && !(least..=most).contains(&minutes)
        {
            return Some(format!(
                "a commit window lasts {} to {} minutes, not {}",
                least.0, most.0, minutes.0
            ));
        }
        let blank = |check: &Text| check.as_str().trim().is_empty();
        if self.checks.iter().any(blank) {
            return Some("a check of the commit window is empty; remove it".into());
        }
        (self.checks.len() > Self::MOST_CHECKS).then(|| {
            let most = Self::MOST_CHECKS;
            format!("the commit window has more than {most} checks; nobody would go through them")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_as_long_as_somebody_needs_to_look_and_no_longer_than_a_week() {
        for (minutes, is_well) in [
            (0, false),
            (4, false),
            (5, true),
            (10_080, true),
            (10_081, false),
        ] {
            let window = CommitWindow::of(Minutes(minutes));
            assert_eq!(window.fault().is_none(), is_well, "{minutes}");
        }
    }

    #[test]
    fn a_window_without_an_end_holds_checks_alone_and_no_empty_one() {
        let checks = |checks: &[&str]| CommitWindow {
            minutes: None,
            checks: checks.iter().map(|check| Text::from(*check)).collect(),
        };
        assert_eq!(checks(&["the shop takes an order"]).fault(), None);
        assert!(checks(&["the shop", "  "]).fault().is_some());
        assert!(checks(&["again"; 41]).fault().is_some());
        let written = serde_json::to_string(&checks(&["a"])).unwrap();
        assert_eq!(written, r#"{"checks":["a"]}"#);
    }
}
