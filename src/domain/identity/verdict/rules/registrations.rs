//! What the registrations of a machine say beside each other.

use std::collections::HashSet;

use super::super::{Case, Leaning, Verdict};
use super::files::{by_hand, under_another_name};
use super::{Found, cannot_tell};
use crate::domain::identity::evidence::{Side, Strength};
use crate::domain::identity::group::{Member, Tie};
use crate::domain::identity::reading::AgentFile;
use crate::domain::registration::Discovery;

pub(super) fn clone(case: &Case<'_>) -> Option<Found> {
    let twins = &case.group.twins;
    let mut why: Vec<String> = twins
        .iter()
        .map(|twin| format!("{} also has the id {}", twin.with, twin.id))
        .collect();
    if why.is_empty() {
        return None;
    }
    let is_twin = |file: &AgentFile| twins.iter().any(|t| Some(&t.id) == file.called.id());
    let mut files = case.group.files().into_iter();
    if files.any(|(own, file)| !own.source.is_vouched_for() && is_twin(file)) {
        why.push("first see that the file handed over is the right machine's".into());
    }
    why.push(
        "give one of the two machines a new id: stop its agent, remove HostId, register it again"
            .into(),
    );
    Some((Verdict::Clone, why))
}

/// One machine that is registered twice under one id: the id does not tell which is which.
pub(super) fn one_id_twice(case: &Case<'_>) -> Option<Found> {
    let mut seen = HashSet::new();
    let members = case.group.members.iter();
    let mut ids = members.filter_map(|own| own.candidate.called().id());
    let twice = ids.find(|id| !seen.insert(*id))?;
    let why = format!("both registrations have the id {twice}: it does not tell them apart");
    Some((Verdict::CannotTell, vec![why]))
}

/// Strong evidence for both sides about one registration.
pub(super) fn torn(case: &Case<'_>) -> Option<Found> {
    let at = case
        .members()
        .find(|at| case.leaning(*at) == Leaning::Torn)?;
    let mut why = vec![format!(
        "{} cannot be both at home and in Azure:",
        case.name(at)
    )];
    let strong = case.evidence[at].iter();
    let strong = strong.filter(|e| e.strength != Strength::Weak);
    why.extend(strong.map(|evidence| evidence.words.to_string()));
    Some((Verdict::Contradiction, why))
}

pub(super) fn contested_name(case: &Case<'_>) -> Option<Found> {
    if case.members().any(|at| case.decided(at)) {
        return None;
    }
    let at = case.members().find(|at| case.tie(*at) == Tie::Contested)?;
    cannot_tell(format!(
        "the name of {} fits several machines",
        case.name(at)
    ))
}

/// What has the machine's name is another's, as that one's agent tells.
pub(super) fn claimed(case: &Case<'_>) -> Option<Found> {
    if case.members().any(|at| case.decided(at)) {
        return None;
    }
    let mut all = case.members();
    let (at, rival) = all.find_map(|at| Some((at, case.rivals(at).next()?)))?;
    cannot_tell(format!(
        "{} has the machine's name, and the agent's file of {rival} has its id",
        case.name(at)
    ))
}

pub(super) fn as_expected(case: &Case<'_>) -> Option<Found> {
    let [one, other] = &case.group.members[..] else {
        return None;
    };
    let kind = |member: &Member| member.candidate.registration.discovery.clone();
    let (home, azure) = match (kind(one), kind(other)) {
        (Discovery::VCenter, Discovery::Physical) => (0, 1),
        (Discovery::Physical, Discovery::VCenter) => (1, 0),
        _ => return None,
    };
    case.group.members[azure].candidate.called().id()?;
    if !case.leans(azure, Side::Azure) || !case.leans(home, Side::Home) {
        return None;
    }
    let by_address = case.evidence[azure].iter().any(|e| e.rule == "address");
    let told = |at: usize| case.tie(at) != Tie::ShortName || (at == azure && by_address);
    if !told(azure) || !told(home) {
        return None;
    }
    let confirmed = case.decided(azure);
    let mut why = vec!["one registration of a vCenter and one in Azure".to_owned()];
    why.push(match confirmed {
        true => format!(
            "the agent of the machine in Azure says the same{}",
            by_hand(case, azure)
        ),
        false => "Azure picks one of them by itself when it is asked to protect".into(),
    });
    why.extend(under_another_name(case, azure));
    Some((
        Verdict::AsExpected {
            azure,
            home,
            confirmed,
        },
        why,
    ))
}

/// After a reprotect: it replicates home from there already.
pub(super) fn the_service_decided(case: &Case<'_>) -> Option<Found> {
    let mut bound = case
        .members()
        .filter(|at| case.tie(*at) == Tie::Bound && case.leaning(*at) == Leaning::Is(Side::Azure));
    let (at, None) = (bound.next()?, bound.next()) else {
        return None;
    };
    case.group.members[at].candidate.called().id()?;
    let why = format!("the service replicates home from {} already", case.name(at));
    Some((Verdict::Keep(at), vec![why]))
}

pub(super) fn none_in_azure(case: &Case<'_>) -> Option<Found> {
    let at_home = |at: usize| case.leaning(at) == Leaning::Is(Side::Home);
    case.members().all(at_home).then(|| {
        let why = vec![
            "no registration of the machine in Azure was found".into(),
            "an agent registers up to 15 minutes after the boot; then look at the mobility service"
                .into(),
        ];
        (Verdict::CannotTell, why)
    })
}

pub(super) fn short_name_alone(case: &Case<'_>) -> Option<Found> {
    let at = case.members().find(|at| case.tie(*at) == Tie::ShortName)?;
    cannot_tell(format!(
        "{} has the machine's name up to the first dot, and nothing else ties it to the machine",
        case.name(at)
    ))
}

pub(super) fn agent_without_id(case: &Case<'_>) -> Option<Found> {
    let at = case.members().find(|at| {
        let own = &case.group.members[*at].candidate;
        own.registration.discovery != Discovery::VCenter && own.called().id().is_none()
    })?;
    let called = case.group.members[at].candidate.called().words();
    cannot_tell(format!("{}: the agent's id {called}", case.name(at)))
}

pub(super) fn too_many(case: &Case<'_>) -> Option<Found> {
    let count = case.group.members.len();
    cannot_tell(format!(
        "{count} registrations may be the machine, and nothing settles which one runs in Azure"
    ))
}
