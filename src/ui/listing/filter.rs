//! The filter: every word must stand in a machine's line, `!word` must not. Case does not count.

use crate::domain::Machine;

/// What the person typed, and its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    text: String,
    wanted: Vec<String>,
    unwanted: Vec<String>,
}

impl Filter {
    #[must_use]
    pub fn new(text: &str) -> Self {
        let words = || text.split_whitespace().map(str::to_lowercase);
        Self {
            text: text.into(),
            wanted: words().filter(|word| !word.starts_with('!')).collect(),
            unwanted: words()
                .filter_map(|word| word.strip_prefix('!').map(str::to_owned))
                .filter(|word| !word.is_empty())
                .collect(),
        }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    #[must_use]
    pub fn lets(&self, haystack: &str) -> bool {
        self.wanted.iter().all(|word| haystack.contains(word))
            && !self.unwanted.iter().any(|word| haystack.contains(word))
    }
}

/// Everything of a machine that a filter looks in, in small letters.
pub(super) fn haystack(machine: &Machine) -> String {
    let azure = machine.azure_name();
    let mut hay = [
        machine.name.as_str(),
        azure.as_ref().map_or("", |name| name.as_str()),
        machine.provider().word(),
        machine.place.word(),
        &machine.state_words(),
        machine.health.word(),
        machine.group_name.as_str(),
        machine.policy.as_str(),
        machine.address.as_str(),
        machine.os.as_str(),
        machine.id.segment("vaults").unwrap_or_default(),
    ]
    .join("\n");
    for verb in &machine.next.verbs {
        hay.push('\n');
        hay.push_str(verb.words());
    }
    for problem in &machine.problems {
        hay.push('\n');
        hay.push_str(problem.code.as_str());
    }
    hay.to_lowercase()
}
