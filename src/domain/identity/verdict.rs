//! Which registration is the machine in Azure, and whether that is settled.

use serde::Serialize;

use super::evidence::{Evidence, Side, Strength, weigh};
use super::group::{Group, Tie};
use super::ranges::Ranges;
use crate::domain::text::Text;

mod rules;

pub use rules::{READ_FILE, RULES};

use rules::{CLAIMED, FILES_DIFFER, HANDED_OVER, ID_OF_NONE};

/// What is concluded about one machine. Indices are of [`Group::members`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody has to know: the words say why.
    NotApplicable,
    /// One registration of a vCenter and one in Azure: the normal picture, in which the service
    /// finds the right one by itself (asr-rest.md 13).
    AsExpected {
        azure: usize,
        home: usize,
        /// The agent's own configuration says the same.
        confirmed: bool,
    },
    /// Not the normal picture, and this one is the machine in Azure beyond doubt.
    Keep(usize),
    CannotTell,
    /// What is known cannot all be true.
    Contradiction,
    /// One id on two machines.
    Clone,
    /// The agent in Azure has the placeholder for an id.
    NeverRegistered,
}

impl Verdict {
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotApplicable => "not applicable",
            Self::AsExpected { .. } => "as expected",
            Self::Keep(_) => "keep this one",
            Self::CannotTell => "cannot tell",
            Self::Contradiction => "contradiction",
            Self::Clone => "clone",
            Self::NeverRegistered => "never registered",
        }
    }

    /// The registration that is the machine in Azure.
    #[must_use]
    pub fn in_azure(&self) -> Option<usize> {
        match self {
            Self::AsExpected { azure, .. } => Some(*azure),
            Self::Keep(at) => Some(*at),
            _ => None,
        }
    }
}

/// Who chooses between the registrations of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chooser {
    /// The service, when it is asked to protect.
    Arm,
    /// A person, who has the others removed from the configuration server. Nothing here speaks to one
    /// yet: its rule stands beside the other, and is shown by tests, for whoever does.
    ConfigurationServer,
}

/// What a verdict means for going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    Passes,
    /// Somebody may attest to it.
    Unknown,
    Blocks,
    NotApplicable,
}

impl Verdict {
    #[must_use]
    pub fn standing(&self, chooser: Chooser) -> Standing {
        match (self, chooser) {
            (Self::NotApplicable, _) => Standing::NotApplicable,
            (Self::Contradiction | Self::Clone | Self::NeverRegistered, _) => Standing::Blocks,
            (Self::CannotTell, Chooser::Arm) => Standing::Unknown,
            // A person would remove one of them: what nobody knows may not be removed.
            (
                Self::CannotTell
                | Self::AsExpected {
                    confirmed: false, ..
                },
                Chooser::ConfigurationServer,
            ) => Standing::Blocks,
            (Self::AsExpected { .. } | Self::Keep(_), _) => Standing::Passes,
        }
    }
}

/// A verdict with its grounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub verdict: Verdict,
    /// The rule that led to it.
    pub rule: &'static str,
    /// Why, and what to do: sentences without times.
    pub why: Vec<Text>,
    /// Of each member, what speaks for which side.
    pub evidence: Vec<Vec<Evidence>>,
}

impl Judged {
    /// Why it is blocked, in a few words, for a line that has no room for the reasons.
    #[must_use]
    pub fn in_short(&self) -> &'static str {
        match (&self.verdict, self.rule) {
            (Verdict::Clone, _) => "another machine has its agent's id",
            (Verdict::NeverRegistered, _) => "its agent never registered",
            (_, ID_OF_NONE) => "its agent's id is not registered",
            (_, FILES_DIFFER | HANDED_OVER) => "its agent's files differ",
            _ => "its registrations contradict",
        }
    }

    /// Whether the agent's own file says so, and not what is usual, or what the service did, alone.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        let decisive = |e: &Evidence| e.strength == Strength::Decisive && e.side == Side::Azure;
        match self.verdict {
            Verdict::AsExpected { confirmed, .. } => confirmed,
            Verdict::Keep(at) => self
                .evidence
                .get(at)
                .is_some_and(|own| own.iter().any(decisive)),
            _ => false,
        }
    }
}

/// Why a registration stays, whoever would remove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stays {
    /// Over ARM nothing is removed: the service chooses.
    OverArm,
    /// The agent's own configuration holds its id.
    InAgentFile,
    /// Which one is the machine in Azure is not settled.
    Unsettled,
    /// It is the machine in Azure.
    Kept,
}

/// Judges one machine. What its agent said too long ago settles nothing; but where it would have
/// held the machine back, or is lost, nobody may go on as though it had said nothing.
#[must_use]
pub fn judge(group: &Group, at_home: &Ranges) -> Judged {
    let mut judged = judge_by(group, at_home);
    if judged.verdict == Verdict::NotApplicable {
        return judged;
    }
    let then = group.then.as_deref().map(|then| judge_by(then, at_home));
    let has_file = !group.files().is_empty();
    if let Some(why) = group.lost.as_ref().filter(|_| !has_file) {
        let why = format!("what was read of its agent is lost: {why}");
        doubt(&mut judged, "lost", why);
    } else if let Some(then) = then {
        let said = format!("{}: {}", then.verdict.word(), told(&then.why));
        let last = group.stale.iter().max_by_key(|reading| reading.at);
        match last.filter(|_| !has_file) {
            Some(last) => {
                let why = group.why_stale(last);
                let words = format!("its agent {why}, which no longer counts: read it again");
                match then.verdict.standing(Chooser::Arm) == Standing::Passes {
                    true => judged.why.push(words.into()),
                    false => doubt(&mut judged, "too old", format!("{words}; it said: {said}")),
                }
            }
            // What is old is another machine's file, with the same id.
            None if then.verdict == Verdict::Clone || then.rule == CLAIMED => {
                let why = format!("read the other machine's agent again; it said: {said}");
                doubt(&mut judged, "too old", why);
            }
            None => {}
        }
    }
    judged
}

fn told(why: &[Text]) -> String {
    let all: Vec<&str> = why.iter().map(Text::as_str).collect();
    all.join("; ")
}

/// What would pass cannot be told; what does not pass keeps its verdict and gets a reason more.
fn doubt(judged: &mut Judged, rule: &'static str, why: String) {
    if judged.verdict.standing(Chooser::Arm) == Standing::Passes {
        judged.verdict = Verdict::CannotTell;
        judged.rule = rule;
        judged.why.clear();
    }
    judged.why.push(why.into());
}

fn judge_by(group: &Group, at_home: &Ranges) -> Judged {
    let evidence: Vec<Vec<Evidence>> = group
        .members
        .iter()
        .map(|member| weigh(group, member, at_home))
        .collect();
    let case = Case::new(group, &evidence);
    let found = RULES
        .iter()
        .find_map(|rule| Some((rule.name, (rule.applies)(&case)?)));
    let (rule, (verdict, why)) = found.unwrap_or_else(|| {
        let why = "nothing settles which registration is the machine in Azure".into();
        ("open", (Verdict::CannotTell, vec![why]))
    });
    let why = why.into_iter().map(Text::from).collect();
    Judged {
        verdict,
        rule,
        why,
        evidence,
    }
}

/// Whether a registration may be taken away: over ARM never; on a configuration server only when it
/// is settled, and never the one whose id the agent has. Nothing removes registrations yet; whatever
/// will has to ask here.
///
/// # Errors
/// Why it stays.
pub fn may_remove(
    group: &Group,
    judged: &Judged,
    at: usize,
    chooser: Chooser,
) -> Result<(), Stays> {
    if chooser == Chooser::Arm {
        return Err(Stays::OverArm);
    }
    let own = group.members.get(at);
    let own = own.and_then(|own| own.candidate.called().id());
    let mut told = group
        .readings
        .iter()
        .chain(&group.stale)
        .filter_map(|reading| reading.file.as_ref().ok()?.called.id());
    if told.any(|id| own.is_none_or(|own| own == id || own.resembles(id))) {
        return Err(Stays::InAgentFile);
    }
    match judged.verdict.in_azure() {
        Some(kept) if kept == at => Err(Stays::Kept),
        Some(_) if judged.verdict.standing(chooser) == Standing::Passes => Ok(()),
        _ => Err(Stays::Unsettled),
    }
}

/// A group with what is known of each member, for the rules.
struct Case<'a> {
    group: &'a Group,
    evidence: &'a [Vec<Evidence>],
}

/// Where the evidence of a registration points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaning {
    /// By decisive or strong evidence, none of it to the contrary.
    Is(Side),
    /// Decisive or strong evidence for both.
    Torn,
    /// More weak evidence for than against.
    Seems(Side),
    Open,
}

impl<'a> Case<'a> {
    fn new(group: &'a Group, evidence: &'a [Vec<Evidence>]) -> Self {
        Self { group, evidence }
    }

    fn leaning(&self, at: usize) -> Leaning {
        let own = self.evidence.get(at).map_or(&[][..], Vec::as_slice);
        let count = |side: Side, weak: bool| {
            let kind = |e: &&Evidence| e.side == side && (e.strength == Strength::Weak) == weak;
            own.iter().filter(kind).count()
        };
        match (count(Side::Azure, false), count(Side::Home, false)) {
            (1.., 1..) => return Leaning::Torn,
            (1.., 0) => return Leaning::Is(Side::Azure),
            (0, 1..) => return Leaning::Is(Side::Home),
            (0, 0) => {}
        }
        match count(Side::Azure, true).cmp(&count(Side::Home, true)) {
            std::cmp::Ordering::Greater => Leaning::Seems(Side::Azure),
            std::cmp::Ordering::Less => Leaning::Seems(Side::Home),
            std::cmp::Ordering::Equal => Leaning::Open,
        }
    }

    fn members(&self) -> std::ops::Range<usize> {
        0..self.group.members.len()
    }

    fn tie(&self, at: usize) -> Tie {
        self.group.members[at].tie
    }

    /// Whether it lies on one side, surely or by what is usual.
    fn leans(&self, at: usize, side: Side) -> bool {
        matches!(self.leaning(at), Leaning::Is(s) | Leaning::Seems(s) if s == side)
    }

    /// The agent's own file decides for it.
    fn decided(&self, at: usize) -> bool {
        let decisive = |e: &Evidence| e.strength == Strength::Decisive && e.side == Side::Azure;
        self.evidence
            .get(at)
            .is_some_and(|own| own.iter().any(decisive))
    }

    /// The machines of which one has its id by a file, and the other by name.
    fn rivals(&self, at: usize) -> impl Iterator<Item = &Text> {
        let own = self.group.members[at].candidate.called().id();
        let all = self.group.rivals.iter();
        all.filter(move |rival| Some(&rival.id) == own)
            .map(|rival| &rival.with)
    }

    /// A registration as a sentence names it.
    fn name(&self, at: usize) -> String {
        let own = &self.group.members[at].candidate;
        match own.called().id() {
            Some(id) => format!("{} ({id})", own.registration.name),
            None => format!(
                "{} (registration {})",
                own.registration.name, own.registration.id
            ),
        }
    }
}
