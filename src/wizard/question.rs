//! One field as it is asked now: its candidates, its default, and what may be answered.

use super::field::{Carrier, Field, Row};
use super::form::Form;
use crate::domain::plan::spoken::{line, words};
use crate::domain::plan::{Caller, CommitWindow, Hook};
use crate::domain::{Answer, ArmId, Text};

/// Which field of what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub field: Field,
    /// `None`: the plan, or every machine alike.
    pub machine: Option<ArmId>,
    /// The adapter's id, or the number of the wave.
    pub part: Option<Text>,
}

impl Key {
    #[must_use]
    pub fn plan(field: Field) -> Self {
        Self {
            field,
            machine: None,
            part: None,
        }
    }

    #[must_use]
    pub fn of(field: Field, machine: &ArmId) -> Self {
        Self {
            machine: Some(machine.clone()),
            ..Self::plan(field)
        }
    }

    /// What is asked of a wave, counted from 1.
    #[must_use]
    pub fn wave(field: Field, number: u64) -> Self {
        Self {
            part: Some(number.to_string().into()),
            ..Self::plan(field)
        }
    }

    /// The name under which drafts keep the answer: `cpus`, `network/00-50-56-AB`, `waveAfter/2`.
    #[must_use]
    pub fn name(&self) -> Text {
        match &self.part {
            None => self.field.name().into(),
            Some(part) => format!("{}/{part}", self.field.name()).into(),
        }
    }

    /// The field of such a name, and the adapter or wave.
    #[must_use]
    pub fn parse(name: &str) -> Option<(Field, Option<Text>)> {
        match name.split_once('/') {
            None => Field::named(name).map(|field| (field, None)),
            Some((field, part)) => Field::named(field).map(|field| (field, Some(part.into()))),
        }
    }
}

/// One field as it is asked.
#[derive(Clone, Debug)]
pub struct Question {
    pub key: Key,
    pub kind: Kind,
    /// What counts while nobody answered; `None`: it must be answered, unless it may be empty.
    pub default: Option<Answer>,
    /// Why the default is what it is, or what the answer amounts to: `the only one`.
    pub note: Text,
}

/// What kind of answer it takes.
#[derive(Clone, Debug)]
pub enum Kind {
    /// One of these.
    Choice(Vec<Candidate>),
    /// Any of these machines.
    Machines(Vec<Candidate>),
    /// A line of text; empty where that is allowed.
    Line(Form),
    /// A whole number; `None` where it may be left out.
    Number {
        least: u64,
        most: u64,
        empty: bool,
    },
    YesNo,
}

/// Something that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    /// As drafts keep it.
    pub value: Text,
    /// As people call it; answers files may use it, too.
    pub label: Text,
    /// What helps to choose.
    pub detail: Text,
    /// Why it cannot be chosen.
    pub refused: Option<Text>,
}

impl Candidate {
    /// One of the program's own, which can always be chosen.
    #[must_use]
    pub fn plain(value: &str, label: &str, detail: &str) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            detail: detail.into(),
            refused: None,
        }
    }
}

impl Question {
    #[must_use]
    pub fn field(&self) -> Field {
        self.key.field
    }

    #[must_use]
    pub fn row(&self) -> &'static Row {
        self.key.field.row()
    }

    /// What would have to carry the setting out, when it is one for something beside Azure.
    #[must_use]
    pub fn carrier(&self) -> Option<Carrier> {
        self.row().carrier
    }

    /// Whether it may stay without an answer.
    #[must_use]
    pub fn may_be_empty(&self) -> bool {
        match &self.kind {
            Kind::Line(form) => !matches!(
                form,
                Form::PlanName(_) | Form::Command | Form::VmName(_) | Form::VmSize | Form::Network
            ),
            Kind::Number { empty, .. } => *empty,
            Kind::Choice(_) | Kind::Machines(_) | Kind::YesNo => false,
        }
    }

    /// The answer as drafts keep it.
    ///
    /// # Errors
    /// In words, for under the field: what is wrong and what can be answered.
    pub fn take(&self, answer: &Answer) -> Result<Answer, String> {
        match &self.kind {
            Kind::Choice(candidates) => {
                let words = words_of(answer).ok_or("this takes one answer, not a list")?;
                choose(candidates, &words).map(Answer::Words)
            }
            Kind::Machines(candidates) => {
                let list = match answer {
                    Answer::List(list) => list.clone(),
                    one => vec![words_of(one).unwrap_or_default()],
                };
                machines(candidates, &list)
            }
            Kind::YesNo => match answer.yes() {
                Some(yes) => Ok(Answer::Yes(yes)),
                None => Err(format!("\"{answer}\" is neither yes nor no")),
            },
            Kind::Number { least, most, empty } => {
                let is_empty = matches!(answer, Answer::Words(w) if w.as_str().trim().is_empty());
                match answer.number() {
                    _ if is_empty && *empty => Ok("".into()),
                    Some(number) if (*least..=*most).contains(&number) => {
                        Ok(Answer::Number(number))
                    }
                    _ => Err(format!(
                        "\"{answer}\" will not do: use a whole number from {least} to {most}"
                    )),
                }
            }
            Kind::Line(Form::Hook | Form::Caller | Form::Checks) if is_blank(answer) => {
                Ok("".into())
            }
            Kind::Line(Form::Command) => {
                let words = command(answer)?;
                match words.first() {
                    Some(program) if !program.trim().is_empty() => Ok(listed(&words)),
                    _ => Err("name the program to be run".into()),
                }
            }
            Kind::Line(Form::Hook) => {
                let words = command(answer)?;
                Hook::parse(&words).map(|_| listed(&words))
            }
            Kind::Line(Form::Caller) => {
                let words = command(answer)?;
                Caller::parse(&words).map(|_| listed(&words))
            }
            Kind::Line(Form::Checks) => checks(answer),
            Kind::Line(form @ Form::Machines(_)) => {
                let line = match answer {
                    Answer::List(list) => {
                        let all: Vec<&str> = list.iter().map(Text::as_str).collect();
                        all.join(", ").into()
                    }
                    one => words_of(one).unwrap_or_default(),
                };
                form.take(line.as_str().trim()).map(Answer::Words)
            }
            Kind::Line(form) => {
                let words = words_of(answer).ok_or("this takes one answer, not a list")?;
                form.take(words.as_str().trim()).map(Answer::Words)
            }
        }
    }

    /// An answer as it stands in a line that can be typed into.
    #[must_use]
    pub fn typed(&self, answer: &Answer) -> String {
        match (&self.kind, answer) {
            (Kind::Line(Form::Checks), Answer::List(checks)) => {
                let checks: Vec<&str> = checks.iter().map(Text::as_str).collect();
                checks.join("; ")
            }
            (Kind::Line(_), Answer::List(words)) => {
                let words: Vec<&str> = words.iter().map(Text::as_str).collect();
                line(&words)
            }
            (_, answer) => answer.to_string(),
        }
    }

    /// What an answer is called: a candidate's label, or the answer itself.
    #[must_use]
    pub fn words(&self, answer: &Answer) -> String {
        let (Kind::Choice(all) | Kind::Machines(all)) = &self.kind else {
            return answer.to_string();
        };
        let label = |value: &Text| {
            let known = all.iter().find(|c| same(&c.value, value));
            known.map_or(value, |c| &c.label).to_string()
        };
        match answer {
            Answer::Words(value) => label(value),
            Answer::List(list) => list.iter().map(label).collect::<Vec<_>>().join(", "),
            other => other.to_string(),
        }
    }
}

fn is_blank(answer: &Answer) -> bool {
    match answer {
        Answer::List(list) => list.is_empty(),
        other => words_of(other).is_some_and(|words| words.as_str().trim().is_empty()),
    }
}

/// A scalar answer as text.
fn words_of(answer: &Answer) -> Option<Text> {
    match answer {
        Answer::List(_) => None,
        Answer::Words(words) => Some(words.clone()),
        other => Some(other.to_string().into()),
    }
}

fn same(a: &Text, b: &Text) -> bool {
    a.as_str().eq_ignore_ascii_case(b.as_str())
}

/// The value of the candidate that is meant: by its value, else by a label that is its alone.
fn choose(candidates: &[Candidate], wanted: &Text) -> Result<Text, String> {
    let by_value = candidates.iter().find(|c| same(&c.value, wanted));
    let labelled = candidates.iter().filter(|c| same(&c.label, wanted));
    let labelled: Vec<&Candidate> = labelled.collect();
    let found: &Candidate = match (by_value, labelled.as_slice()) {
        (Some(found), _) => found,
        (None, [found]) => found,
        (None, []) => {
            return Err(format!(
                "\"{wanted}\" is not here; {}",
                there_are(candidates)
            ));
        }
        (None, several) => {
            let values: Vec<_> = several.iter().map(|c| c.value.as_str()).collect();
            return Err(format!(
                "{} are called \"{wanted}\": say which by its id: {}",
                several.len(),
                values.join(" or ")
            ));
        }
    };
    match &found.refused {
        None => Ok(found.value.clone()),
        Some(why) => Err(format!("{} cannot be chosen: {why}", found.label)),
    }
}

/// The candidates in words, for an error.
fn there_are(candidates: &[Candidate]) -> String {
    const SHOWN: usize = 8;
    let free: Vec<_> = candidates.iter().filter(|c| c.refused.is_none()).collect();
    let names = free.iter().take(SHOWN).map(|c| c.label.as_str());
    let names = names.collect::<Vec<_>>().join(", ");
    match free.len() {
        0 => "there is nothing to choose from".into(),
        1..=SHOWN => format!("choose one of: {names}"),
        many => format!("choose one of: {names} and {} more", many - SHOWN),
    }
}

fn machines(candidates: &[Candidate], wanted: &[Text]) -> Result<Answer, String> {
    let mut chosen: Vec<Text> = Vec::new();
    for one in wanted {
        let value = choose(candidates, one)?;
        if chosen.iter().any(|known| same(known, &value)) {
            return Err(format!("\"{one}\" stands there twice"));
        }
        chosen.push(value);
    }
    if chosen.is_empty() {
        return Err("mark at least one machine".into());
    }
    Ok(Answer::List(chosen))
}

/// A command, as the words of its argument vector.
fn command(answer: &Answer) -> Result<Vec<String>, String> {
    match answer {
        Answer::List(list) => Ok(list.iter().map(ToString::to_string).collect()),
        other => words(words_of(other).unwrap_or_default().as_str()),
    }
}

fn listed(words: &[String]) -> Answer {
    Answer::List(words.iter().map(|word| Text::from(word.as_str())).collect())
}

/// What to look at, one sentence each.
fn checks(answer: &Answer) -> Result<Answer, String> {
    let all = match answer {
        Answer::List(list) => list.clone(),
        one => words_of(one).into_iter().collect(),
    };
    let each = all.iter().flat_map(|line| line.as_str().split(';'));
    let each = each.map(str::trim).filter(|check| !check.is_empty());
    let checks: Vec<Text> = each.map(Text::from).collect();
    let window = CommitWindow {
        minutes: None,
        checks,
    };
    match window.fault() {
        Some(why) => Err(why),
        None => Ok(Answer::List(window.checks)),
    }
}
