//! Which registrations may be one machine: ids first, names as a hint.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use jiff::Timestamp;

use super::candidate::{Candidate, Subject};
use super::host::HostId;
use super::reading::{AgentFile, Reading};
use crate::domain::ids::ArmId;
use crate::domain::registration::Discovery;
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
    /// Why not every registration is known; then nothing is concluded from one that is missing.
    pub unread: Option<Text>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub candidate: Candidate,
    pub tie: Tie,
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

/// An id that two machines have.
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
        let id = self.members.get(at).map(|own| own.candidate.called());
        let id = id.as_ref().and_then(|called| called.id());
        let mut files = self.files().into_iter();
        files.all(|(own, file)| !own.source.is_vouched_for() || file.called.id() != id)
    }
}

/// The newest file of each kind of source, the newest of all first. A reading that failed takes
/// nothing away; one that found no agent takes the older files away, those that Azure vouches for
/// only if it vouches for that too.
fn newest(readings: &[Reading]) -> Vec<(&Reading, &AgentFile)> {
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

/// Groups the registrations of one site's container. `readings` are of the machines' own agents in
/// Azure; those that no longer count `now` tie nothing. Registrations that are nobody's are left out.
#[must_use]
pub fn group(
    subjects: Vec<Subject>,
    candidates: &[Candidate],
    readings: HashMap<ArmId, Vec<Reading>>,
    unread: Option<&Text>,
    now: Timestamp,
) -> Vec<Group> {
    let mut stale: HashMap<ArmId, Vec<Reading>> = HashMap::new();
    let mut readings = readings;
    for subject in &subjects {
        let Some(own) = readings.get_mut(&subject.id) else {
            continue;
        };
        let counts = |own: &Reading| own.settles(now) && own.outlived(subject).is_none();
        let old: Vec<Reading> = own.extract_if(.., |reading| !counts(reading)).collect();
        if !old.is_empty() {
            stale.insert(subject.id.clone(), old);
        }
    }
    let groups = match stale.is_empty() {
        true => return grouped(subjects, candidates, readings, unread),
        false => grouped(subjects.clone(), candidates, readings.clone(), unread),
    };
    // What was read anew takes the place of what is stale.
    for (machine, old) in &stale {
        let own = readings.entry(machine.clone()).or_default();
        if newest(own).is_empty() {
            own.extend(old.iter().cloned());
        }
    }
    let before = grouped(subjects, candidates, readings, unread);
    let both = groups.into_iter().zip(before);
    let whole = both.map(|(own, then)| {
        let stale = stale.remove(&own.subject.id).unwrap_or_default();
        let differs = !stale.is_empty() || own.twins != then.twins;
        Group {
            stale,
            then: differs.then(|| Box::new(then)),
            ..own
        }
    });
    whole.collect()
}

/// Groups by readings that all count.
fn grouped(
    subjects: Vec<Subject>,
    candidates: &[Candidate],
    mut readings: HashMap<ArmId, Vec<Reading>>,
    unread: Option<&Text>,
) -> Vec<Group> {
    let index = Index::of(candidates);
    let told: Vec<Vec<HostId>> = subjects
        .iter()
        .map(|s| ids_read(readings.get(&s.id)))
        .collect();
    let mut ties = Ties::new(candidates.len());
    for (machine, subject) in subjects.iter().enumerate() {
        for at in index.by_item.get(&subject.id).into_iter().flatten() {
            ties.tie(machine, *at, Tie::Bound);
        }
        for name in &subject.registrations {
            for at in index.by_id.get(&lower(name.as_str())).into_iter().flatten() {
                ties.tie(machine, *at, Tie::Named);
            }
        }
        for id in &told[machine] {
            for at in index.by_agent.get(id).into_iter().flatten() {
                ties.tie(machine, *at, Tie::Told);
            }
        }
    }
    hint(&subjects, &mut ties, Tie::Name, |subject| {
        index.named(subject, &index.by_name, lower)
    });
    hint(&subjects, &mut ties, Tie::ShortName, |subject| {
        index.named(subject, &index.by_label, label)
    });
    let members = ties.by_machine(subjects.len());
    let teller: HashMap<&HostId, Vec<usize>> = {
        let mut all: HashMap<&HostId, Vec<usize>> = HashMap::new();
        for (machine, ids) in told.iter().enumerate() {
            for id in ids {
                all.entry(id).or_default().push(machine);
            }
        }
        all
    };
    let twins: Vec<Vec<Twin>> = (0..subjects.len())
        .map(|machine| {
            let own = &members[machine];
            let mut twins = Twins::default();
            let ids: HashSet<HostId> = own
                .iter()
                .filter_map(|(at, _)| candidates[*at].called().id().cloned())
                .chain(told[machine].iter().cloned())
                .collect();
            for id in &ids {
                let having = index.by_agent.get(id).map_or(&[][..], Vec::as_slice);
                for at in having
                    .iter()
                    .filter(|at| own.iter().all(|(mine, _)| mine != *at))
                {
                    twins.add(id, &candidates[*at].registration.name);
                }
                for other in teller.get(id).into_iter().flatten() {
                    if *other != machine {
                        twins.add(id, &subjects[*other].name);
                    }
                }
                let at_home = having.iter().filter(|at| {
                    candidates[**at].registration.discovery == Discovery::VCenter
                        && own.iter().any(|(mine, _)| mine == *at)
                });
                // Two machines of the vCenter are two machines.
                if let [_, second, ..] = at_home.collect::<Vec<_>>()[..] {
                    twins.add(id, &candidates[*second].registration.name);
                }
            }
            for (at, _) in own {
                let Some(id) = candidates[*at].called().id().cloned() else {
                    continue;
                };
                for other in ties.owners(*at).filter(|other| *other != machine) {
                    twins.add(&id, &subjects[other].name);
                }
            }
            twins.sorted()
        })
        .collect();
    let parts = subjects.into_iter().zip(members).zip(twins);
    let whole = parts.map(|((subject, own), twins)| Group {
        readings: readings.remove(&subject.id).unwrap_or_default(),
        stale: Vec::new(),
        then: None,
        lost: None,
        subject,
        members: own
            .into_iter()
            .map(|(at, tie)| Member {
                candidate: candidates[at].clone(),
                tie,
            })
            .collect(),
        twins,
        unread: unread.cloned(),
    });
    whole.collect()
}

/// The ids that a machine's files tell, whether its agent can read them or not.
fn ids_read(readings: Option<&Vec<Reading>>) -> Vec<HostId> {
    let mut ids: Vec<HostId> = Vec::new();
    for (_, file) in newest(readings.map_or(&[], Vec::as_slice)) {
        let id = file.called.id();
        ids.extend(id.filter(|id| !ids.contains(id)).cloned());
    }
    ids
}

/// Ties what has a machine's name and is not tied to a machine by an id.
fn hint(subjects: &[Subject], ties: &mut Ties, tie: Tie, named: impl Fn(&Subject) -> Vec<usize>) {
    let mut wanted: HashMap<usize, Vec<usize>> = HashMap::new();
    for (machine, subject) in subjects.iter().enumerate() {
        for at in named(subject) {
            if !ties.is_tied(at) {
                wanted.entry(at).or_default().push(machine);
            }
        }
    }
    for (at, machines) in wanted {
        let tie = if machines.len() == 1 {
            tie
        } else {
            Tie::Contested
        };
        for machine in machines {
            ties.tie(machine, at, tie);
        }
    }
}

/// Registrations by what they may be found by.
struct Index {
    by_item: HashMap<ArmId, Vec<usize>>,
    by_id: HashMap<String, Vec<usize>>,
    by_agent: HashMap<HostId, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    by_label: HashMap<String, Vec<usize>>,
}

impl Index {
    fn of(candidates: &[Candidate]) -> Self {
        let mut index = Self {
            by_item: HashMap::new(),
            by_id: HashMap::new(),
            by_agent: HashMap::new(),
            by_name: HashMap::new(),
            by_label: HashMap::new(),
        };
        for (at, candidate) in candidates.iter().enumerate() {
            let own = &candidate.registration;
            if let Some(item) = &own.item {
                index.by_item.entry(item.clone()).or_default().push(at);
            }
            if let Some(id) = candidate.called().id() {
                index.by_agent.entry(id.clone()).or_default().push(at);
            }
            index
                .by_id
                .entry(lower(own.id.as_str()))
                .or_default()
                .push(at);
            if !own.name.is_empty() {
                index
                    .by_name
                    .entry(lower(own.name.as_str()))
                    .or_default()
                    .push(at);
                index
                    .by_label
                    .entry(label(own.name.as_str()))
                    .or_default()
                    .push(at);
            }
        }
        index
    }

    fn named(
        &self,
        subject: &Subject,
        by: &HashMap<String, Vec<usize>>,
        key: fn(&str) -> String,
    ) -> Vec<usize> {
        let keys: HashSet<String> = subject.names().map(key).collect();
        let found: HashSet<usize> = keys
            .iter()
            .filter_map(|key| by.get(key))
            .flatten()
            .copied()
            .collect();
        found.into_iter().collect()
    }
}

/// What is tied to what.
struct Ties {
    /// By registration: the machines that it is tied to.
    of: Vec<Vec<(usize, Tie)>>,
}

impl Ties {
    fn new(registrations: usize) -> Self {
        Self {
            of: vec![Vec::new(); registrations],
        }
    }

    fn tie(&mut self, machine: usize, at: usize, tie: Tie) {
        match self.of[at].iter_mut().find(|(tied, _)| *tied == machine) {
            Some((_, known)) => *known = tie.min(*known),
            None => self.of[at].push((machine, tie)),
        }
    }

    fn is_tied(&self, at: usize) -> bool {
        !self.of[at].is_empty()
    }

    /// The machines that it is tied to by an id.
    fn owners(&self, at: usize) -> impl Iterator<Item = usize> {
        self.of[at]
            .iter()
            .filter(|(_, tie)| tie.by_id())
            .map(|(machine, _)| *machine)
    }

    /// In the order of the list.
    fn by_machine(&self, machines: usize) -> Vec<Vec<(usize, Tie)>> {
        let mut all = vec![Vec::new(); machines];
        for (at, tied) in self.of.iter().enumerate() {
            for (machine, tie) in tied {
                all[*machine].push((at, *tie));
            }
        }
        all
    }
}

#[derive(Default)]
struct Twins(Vec<Twin>);

impl Twins {
    fn add(&mut self, id: &HostId, with: &Text) {
        let twin = Twin {
            id: id.clone(),
            with: with.clone(),
        };
        if !self.0.contains(&twin) {
            self.0.push(twin);
        }
    }

    fn sorted(mut self) -> Vec<Twin> {
        self.0
            .sort_by(|a, b| (&a.with, a.id.as_str()).cmp(&(&b.with, b.id.as_str())));
        self.0
    }
}

pub(super) fn lower(name: &str) -> String {
    name.trim().trim_end_matches('.').to_lowercase()
}

/// A name up to its first dot; an address is no name and stays whole.
#[must_use]
pub fn label(name: &str) -> String {
    let whole = lower(name);
    if whole.parse::<IpAddr>().is_ok() {
        return whole;
    }
    whole.split('.').next().unwrap_or_default().to_owned()
}
