//! Which registrations may be one machine: ids first, names as a hint.

mod index;
mod ties;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::candidate::{Candidate, Subject};
use super::group::{Group, Member, Tie, Twin, newest};
use super::host::HostId;
use super::reading::Reading;
use crate::domain::ids::ArmId;
use crate::domain::registration::Discovery;
use crate::domain::text::Text;
use index::{Index, found};
use ties::{Ties, Twins};

pub(super) use index::{label, lower};

/// What was read of the machines' own agents in Azure.
type Readings = HashMap<ArmId, Vec<Reading>>;

/// Groups the registrations of one site's container. `readings` are of the machines' own agents in
/// Azure; those that no longer count `now` tie nothing. Registrations that are nobody's are left out.
#[must_use]
pub fn group(
    subjects: Vec<Subject>,
    candidates: &[Arc<Candidate>],
    mut readings: Readings,
    unread: Option<&Text>,
    now: Timestamp,
) -> Vec<Group> {
    let mut stale = take_stale(&subjects, &mut readings, now);
    if stale.is_empty() {
        return grouped(subjects, candidates, readings, unread);
    }
    let groups = grouped(subjects.clone(), candidates, readings.clone(), unread);
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
        let differs = !stale.is_empty() || own.twins != then.twins || own.rivals != then.rivals;
        Group {
            stale,
            then: differs.then(|| Box::new(then)),
            ..own
        }
    });
    whole.collect()
}

/// Takes out what was read too long ago, or before the machine came to where it runs. Tries that
/// failed then are no news to anybody.
fn take_stale(subjects: &[Subject], readings: &mut Readings, now: Timestamp) -> Readings {
    let mut stale = Readings::new();
    for subject in subjects {
        let Some(own) = readings.get_mut(&subject.id) else {
            continue;
        };
        let counts = |own: &Reading| own.settles(now) && own.outlived(subject).is_none();
        let old = own.extract_if(.., |reading| !counts(reading));
        let old: Vec<Reading> = old.filter(Reading::tells).collect();
        if !old.is_empty() {
            stale.insert(subject.id.clone(), old);
        }
    }
    stale
}

/// Groups by readings that all count.
fn grouped(
    subjects: Vec<Subject>,
    candidates: &[Arc<Candidate>],
    mut readings: Readings,
    unread: Option<&Text>,
) -> Vec<Group> {
    let container = Container::new(&subjects, candidates, &readings);
    let ties = container.ties();
    let found: Vec<(Vec<Member>, [Vec<Twin>; 2])> = ties
        .by_machine(subjects.len())
        .iter()
        .enumerate()
        .map(|(machine, own)| {
            let member = |(at, tie): &(usize, Tie)| Member {
                candidate: Arc::clone(&candidates[*at]),
                tie: *tie,
                is_namesake: container.is_namesake(&ties, machine, *at),
            };
            let others = container.others(&ties, machine, own);
            (own.iter().map(member).collect(), others)
        })
        .collect();
    let whole = subjects.into_iter().zip(found);
    let whole = whole.map(|(subject, (members, [twins, rivals]))| Group {
        readings: readings.remove(&subject.id).unwrap_or_default(),
        stale: Vec::new(),
        then: None,
        lost: None,
        subject,
        members,
        twins,
        rivals,
        unread: unread.cloned(),
    });
    whole.collect()
}

/// The machines and registrations of a container, found by whatever may tie them. Machines and
/// registrations are told by their places in the lists.
struct Container<'a> {
    subjects: &'a [Subject],
    candidates: &'a [Arc<Candidate>],
    index: Index,
    /// By machine: the ids that its files tell, whether its agent can read them or not.
    told: Vec<Vec<HostId>>,
    /// The machines whose files tell an id.
    tellers: HashMap<HostId, Vec<usize>>,
}

impl<'a> Container<'a> {
    fn new(subjects: &'a [Subject], candidates: &'a [Arc<Candidate>], readings: &Readings) -> Self {
        let told = subjects.iter().map(|s| ids_read(readings.get(&s.id)));
        let told: Vec<Vec<HostId>> = told.collect();
        let mut tellers: HashMap<HostId, Vec<usize>> = HashMap::new();
        for (machine, ids) in told.iter().enumerate() {
            for id in ids {
                tellers.entry(id.clone()).or_default().push(machine);
            }
        }
        Self {
            subjects,
            candidates,
            index: Index::of(candidates),
            told,
            tellers,
        }
    }

    fn ties(&self) -> Ties {
        let index = &self.index;
        let mut ties = Ties::new(self.candidates.len());
        for (machine, subject) in self.subjects.iter().enumerate() {
            for at in found(&index.by_item, &subject.id) {
                ties.tie(machine, *at, Tie::Bound);
            }
            for name in &subject.registrations {
                for at in found(&index.by_id, &lower(name.as_str())) {
                    ties.tie(machine, *at, Tie::Named);
                }
            }
            for id in &self.told[machine] {
                for at in found(&index.by_agent, id) {
                    ties.tie(machine, *at, Tie::Told);
                }
            }
        }
        ties.names = self.names(&ties);
        self.hint(&mut ties, Tie::Name, &index.by_name, lower);
        self.hint(&mut ties, Tie::ShortName, &index.by_label, label);
        ties
    }

    /// By machine: its names up to the first dot, and those of the registrations that an id ties to
    /// it, for a guest may be called otherwise than its item.
    fn names(&self, ties: &Ties) -> Vec<HashSet<String>> {
        let own = |subject: &Subject| subject.names().map(label).collect();
        let mut names: Vec<HashSet<String>> = self.subjects.iter().map(own).collect();
        for (at, tied) in ties.of.iter().enumerate() {
            let by_id = tied.iter().filter(|(_, tie)| *tie < Tie::Told);
            for (machine, _) in by_id {
                names[*machine].insert(self.label(at));
            }
        }
        names
    }

    fn label(&self, at: usize) -> String {
        label(self.candidates[at].registration.name.as_str())
    }

    fn is_namesake(&self, ties: &Ties, machine: usize, at: usize) -> bool {
        let label = self.label(at);
        !label.is_empty() && ties.names[machine].contains(&label)
    }

    /// Whether nothing ties a registration to a machine but a file that speaks of another name: who
    /// has that name does not lose it.
    fn is_open(&self, ties: &Ties, at: usize) -> bool {
        let mut tied = ties.of[at].iter();
        tied.all(|(machine, tie)| *tie == Tie::Told && !self.is_namesake(ties, *machine, at))
    }

    /// Ties what has a machine's name and is open.
    fn hint(
        &self,
        ties: &mut Ties,
        tie: Tie,
        by: &HashMap<String, Vec<usize>>,
        key: fn(&str) -> String,
    ) {
        let mut wanted: HashMap<usize, Vec<usize>> = HashMap::new();
        for (machine, subject) in self.subjects.iter().enumerate() {
            let names: HashSet<String> = subject.names().map(key).collect();
            let named: HashSet<usize> = names.iter().flat_map(|n| found(by, n)).copied().collect();
            for at in named.into_iter().filter(|at| self.is_open(ties, *at)) {
                wanted.entry(at).or_default().push(machine);
            }
        }
        for (at, machines) in wanted {
            let tie = match machines.len() {
                1 => tie,
                _ => Tie::Contested,
            };
            for machine in machines {
                ties.tie(machine, at, tie);
            }
        }
    }

    /// What has an id of the machine and is not the machine, and what claims one. `own` are its
    /// registrations.
    fn others(&self, ties: &Ties, machine: usize, own: &[(usize, Tie)]) -> [Vec<Twin>; 2] {
        let (mut twins, mut rivals) = (Twins::default(), Twins::default());
        let is_own = |at: &usize| own.iter().any(|(mine, _)| mine == at);
        let registered = |at: &usize| self.candidates[*at].called().id();
        let ids = |tied: fn(Tie) -> bool| -> HashSet<&HostId> {
            let of_own = own.iter().filter(|(_, tie)| tied(*tie));
            let of_own = of_own.filter_map(|(at, _)| registered(at));
            of_own.chain(&self.told[machine]).collect()
        };
        let surely = ids(Tie::by_id);
        for id in ids(|_| true) {
            let having = found(&self.index.by_agent, id);
            // What has the id of one that is surely the machine's, and another name, is another's.
            let is_sure = |at: &usize| {
                let told = own.contains(&(*at, Tie::Told));
                is_own(at) && (!told || self.is_namesake(ties, machine, *at))
            };
            let is_known = having.iter().any(is_sure);
            let is_strange = |at: &&usize| !is_own(at) || (is_known && !is_sure(at));
            for at in having.iter().filter(is_strange) {
                twins.add(id, &self.candidates[*at].registration.name);
            }
            let others = found(&self.tellers, id).iter();
            for other in others.filter(|other| **other != machine && surely.contains(id)) {
                twins.add(id, &self.subjects[*other].name);
            }
            let of_vcenter = |at: &&usize| {
                self.candidates[**at].registration.discovery == Discovery::VCenter && is_own(at)
            };
            // Two machines of the vCenter are two machines.
            if let Some(second) = having.iter().filter(of_vcenter).nth(1) {
                twins.add(id, &self.candidates[*second].registration.name);
            }
        }
        for (at, tie) in own {
            let Some(id) = registered(at) else { continue };
            for (other, theirs) in ties.of[*at].iter().filter(|(other, _)| *other != machine) {
                let with = &self.subjects[*other].name;
                match (tie.by_id(), theirs.by_id()) {
                    (true, true) => twins.add(id, with),
                    (false, false) => {}
                    _ => rivals.add(id, with),
                }
            }
        }
        [twins.sorted(), rivals.sorted()]
    }
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
