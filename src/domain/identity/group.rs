//! A machine with what may be its registrations, and what its agent said.

use std::sync::Arc;

use super::candidate::{Candidate, Subject};
use super::host::HostId;
use super::reading::{AgentFile, Reading};
use crate::domain::source::Source;
use crate::domain::text::Text;

/// A machine, and what may be its registrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub subject: Subject,
    pub members: Vec<Member>,
    /// What its agent's configuration said and is young enough to count, in any order.
    pub readings: Vec<Reading>,
    /// What it said too long ago, or before the machine came to where it runs now: it settles
    /// nothing, and what it contradicts is in doubt.
    pub stale: Vec<Reading>,
    /// The group with what is stale of it or of others, where that makes a difference: an id that two
    /// machines have is still on both after a day.
    pub then: Option<Box<Self>>,
    /// Why what was kept of its readings cannot be read: what they said is not known.
    pub lost: Option<Text>,
    /// Ids of it that are also somebody else's.
    pub twins: Vec<Twin>,
    /// Ids that one of two machines has by its agent's file, and the other by its name.
    pub rivals: Vec<Twin>,
    /// Why not every registration is known; then nothing is concluded from one that is missing.
    pub unread: Option<Text>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub candidate: Arc<Candidate>,
    pub tie: Tie,
    /// Whether it bears a name of the machine, up to the first dot, or that of a registration which
    /// an id ties to it.
    pub is_namesake: bool,
}

/// Why a registration is held to be the machine's, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// The registration names the protected item.
    Bound,
    /// The protected item names the registration.
    Named,
    /// The agent's own configuration in the machine holds its id.
    Told,
    /// It has the machine's name, or its VM's, and nothing else has. A hint.
    Name,
    /// The same up to the first dot.
    ShortName,
    /// The name is that of several machines.
    Contested,
}

impl Tie {
    #[must_use]
    pub fn by_id(self) -> bool {
        matches!(self, Self::Bound | Self::Named | Self::Told)
    }

    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Bound => "bound to the protected item",
            Self::Named => "named by the protected item",
            Self::Told => "told by the agent's own configuration",
            Self::Name => "has its name",
            Self::ShortName => "has its name up to the first dot",
            Self::Contested => "has a name that fits several machines",
        }
    }
}

/// An id that another machine has, or claims, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    pub id: HostId,
    /// The other one.
    pub with: Text,
}

impl Group {
    /// The files that count: the newest of each kind of source.
    #[must_use]
    pub fn files(&self) -> Vec<(&Reading, &AgentFile)> {
        newest(&self.readings)
    }

    /// The newest file of all, whether it still counts or not.
    #[must_use]
    pub fn newest_file(&self) -> Option<&AgentFile> {
        let own = self.files().into_iter().next();
        let older = || newest(&self.stale).into_iter().next();
        own.or_else(older).map(|(_, file)| file)
    }

    /// The newest look that found no agent, unless a file is newer. Where Azure vouches for it, a
    /// file that was handed over since does not count.
    #[must_use]
    pub fn no_agent(&self) -> Option<&Reading> {
        let files = self.files();
        let stands = |none: &&Reading| {
            let by_azure = none.source.is_vouched_for();
            let counts = |file: &Reading| file.source.is_vouched_for() || !by_azure;
            let newer = |(file, _): &(&Reading, &AgentFile)| file.at > none.at && counts(file);
            none.found_no_agent() && !files.iter().any(newer)
        };
        let standing = self.readings.iter().filter(stands);
        standing.max_by_key(|none| none.at)
    }

    /// Why a reading that is stale no longer counts, as a sentence goes on behind "its agent".
    #[must_use]
    pub fn why_stale(&self, reading: &Reading) -> &'static str {
        let outlived = reading.outlived(&self.subject);
        outlived.unwrap_or(match reading.source {
            Source::File(_) => "has a file that was written more than 24 hours ago",
            _ => "was read more than 24 hours ago",
        })
    }

    /// Whether a member's id is told by files alone that a person handed over: nobody vouches that
    /// they are of the machine.
    #[must_use]
    pub fn is_by_hand(&self, at: usize) -> bool {
        let own = self.members.get(at);
        let id = own.and_then(|own| own.candidate.called().id());
        let mut files = self.files().into_iter();
        files.all(|(own, file)| !own.source.is_vouched_for() || file.called.id() != id)
    }
}

/// The newest file of each kind of source, the newest of all first. A reading that failed takes
/// nothing away; one that found no agent takes the older files away, those that Azure vouches for
/// only if it vouches for that too.
pub(super) fn newest(readings: &[Reading]) -> Vec<(&Reading, &AgentFile)> {
    let mut newest: Vec<(&Reading, &AgentFile)> = Vec::new();
    for reading in readings {
        let Ok(file) = &reading.file else { continue };
        let kind = std::mem::discriminant(&reading.source);
        let same =
            |(old, _): &&mut (&Reading, &AgentFile)| std::mem::discriminant(&old.source) == kind;
        match newest.iter_mut().find(same) {
            Some(old) if old.0.at <= reading.at => *old = (reading, file),
            Some(_) => {}
            None => newest.push((reading, file)),
        }
    }
    newest.retain(|(file, _)| {
        let gone = |none: &&Reading| {
            let surer = none.source.is_vouched_for() || !file.source.is_vouched_for();
            none.found_no_agent() && none.at >= file.at && surer
        };
        !readings.iter().any(|none| gone(&none))
    });
    newest.sort_by_key(|(reading, _)| std::cmp::Reverse(reading.at));
    newest
}
