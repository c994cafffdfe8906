//! A choice of one machine: what a flag says, else the only candidate. Where there are several a
//! person says which.

use crate::cli::output::Complaint;
use crate::domain::{ArmId, Machine, Offers, Text};

/// One choice of one machine.
pub struct Wanted<'a> {
    pub machine: &'a Machine,
    pub flag: &'static str,
    pub what: &'static str,
    /// What could not be read, and may be why there is no candidate.
    pub unread: &'a [Text],
}

impl<'a> Wanted<'a> {
    pub fn of(
        offers: &'a Offers,
        machine: &'a Machine,
        flag: &'static str,
        what: &'static str,
    ) -> Self {
        let choices = offers.choices.as_ref();
        Self {
            machine,
            flag,
            what,
            unread: choices.map_or(&[], |c| c.unread.as_slice()),
        }
    }

    /// The id of what was said, or of the only candidate. Candidates are ids with their names.
    pub fn pick(
        &self,
        said: Option<&str>,
        candidates: impl IntoIterator<Item = (Text, Text)>,
    ) -> Result<Text, Complaint> {
        let all: Vec<_> = candidates.into_iter().collect();
        let is = |text: &Text, said: &str| text.as_str().eq_ignore_ascii_case(said.trim());
        let meant: Vec<_> = match said {
            Some(said) => all
                .iter()
                .filter(|(id, name)| is(id, said) || is(name, said))
                .collect(),
            None => all.iter().collect(),
        };
        let (what, flag, name) = (self.what, self.flag, &self.machine.name);
        let there = || self.there(&all);
        match (meant.as_slice(), said) {
            ([(id, _)], _) => Ok(id.clone()),
            ([], Some(said)) => Err(Complaint::usage(
                format!("There is no {what} called {said:?} for {name}."),
                there(),
            )),
            ([], None) => Err(self.none()),
            (_, Some(said)) => Err(Complaint::usage(
                format!("Several {what}s are called {said:?}; say which by its id: {flag} ID."),
                there(),
            )),
            (_, None) => Err(Complaint::usage(
                format!("Which {what} for {name}? Say it: {flag} NAME."),
                there(),
            )),
        }
    }

    /// As [`Self::pick`], of what ARM names.
    pub fn pick_id(
        &self,
        said: Option<&str>,
        candidates: impl IntoIterator<Item = (ArmId, Text)>,
    ) -> Result<ArmId, Complaint> {
        let named = |(id, name): (ArmId, Text)| (Text::from(id.as_str()), name);
        let id = self.pick(said, candidates.into_iter().map(named))?;
        ArmId::parse(id.as_str()).ok_or_else(|| self.none())
    }

    fn there(&self, all: &[(Text, Text)]) -> String {
        let name = &self.machine.name;
        let names: Vec<_> = all.iter().map(|(id, name)| told(id, name)).collect();
        match (names.as_slice(), self.unread) {
            ([], []) => format!("Azure lists none for {name}."),
            ([], unread) => format!("It may not have been read: {}", joined(unread)),
            (names, _) => format!("There are: {}.", names.join(", ")),
        }
    }

    pub fn none(&self) -> Complaint {
        let what = self.what;
        let article = match what.starts_with(['a', 'e', 'i', 'o', 'u']) {
            true => "an",
            false => "a",
        };
        let advice = match self.unread {
            [] => format!("Install {article} {what} and register it, then wait until it appears."),
            unread => format!("It may not have been read: {}", joined(unread)),
        };
        Complaint::usage(
            format!("Azure lists no {what} for {}.", self.machine.name),
            advice,
        )
    }
}

fn joined(words: &[Text]) -> String {
    let words: Vec<&str> = words.iter().map(Text::as_str).collect();
    words.join(" ")
}

fn told(id: &Text, name: &Text) -> String {
    match id == name {
        true => name.to_string(),
        false => format!("{name} ({id})"),
    }
}

/// A flag that none of the machines has a use for.
pub fn stray(flag: &str, why: &str) -> Complaint {
    Complaint::usage(format!("{flag} does not fit here."), why)
}
