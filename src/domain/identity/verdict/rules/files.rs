//! What the agents' own files say, and what is amiss with them.

use super::super::{Case, Verdict};
use super::Found;
use crate::domain::identity::group::Tie;
use crate::domain::identity::host::Called;
use crate::domain::identity::reading::{AgentFile, Reading, Role, Server, Stack};
use crate::domain::registration::Discovery;

pub(super) fn files_differ(case: &Case<'_>) -> Option<Found> {
    let files = case.group.files();
    let (first, own) = files.first()?;
    let id = own.called.id()?;
    let other = files.iter().find(|(_, file)| {
        file.called
            .id()
            .is_some_and(|other| other != id && !other.resembles(id))
    });
    let (second, file) = other?;
    let told = |reading: &Reading, file: &AgentFile| {
        format!(
            "{}: the agent's id {}",
            reading.source.words(),
            file.called.words()
        )
    };
    let mut why = vec![told(first, own), told(second, file)];
    why.push("one of the files is another machine's; read it again".into());
    Some((Verdict::Contradiction, why))
}

/// Why a file cannot tell which registration is the machine in Azure.
fn amiss(file: &AgentFile) -> Option<&'static str> {
    match &file.called {
        Called::NeverRegistered => Some("its agent never registered"),
        _ if file.role == Role::MasterTarget => Some("the file is a master target's"),
        _ if file.stack == Stack::Prime => Some("its agent speaks to an appliance"),
        _ if file.refused_at.is_some() => Some("its agent refuses the file"),
        Called::Id(_) => None,
        _ => Some("the file has no id"),
    }
}

/// What Azure vouches for is not put right by another file that a person hands over afterwards.
pub(super) fn handed_over(case: &Case<'_>) -> Option<Found> {
    let files = case.group.files().into_iter();
    let files = files.map(|(own, file)| (own, amiss(file)));
    let none = case
        .group
        .readings
        .iter()
        .filter(|own| own.found_no_agent());
    let none = none.map(|own| (own, Some("no mobility agent is installed")));
    let (vouched, handed): (Vec<_>, Vec<_>) = files
        .chain(none)
        .partition(|(own, _)| own.source.is_vouched_for());
    let newest = |(own, _): &(&Reading, Option<&str>)| own.at;
    let (vouched, why) = vouched.into_iter().max_by_key(newest)?;
    let (handed, other) = handed.into_iter().max_by_key(newest)?;
    let why = why.filter(|_| handed.at > vouched.at && other != why)?;
    let (how, by_hand) = (vouched.source.words(), handed.source.words());
    let other = other.unwrap_or("its agent has an id");
    let why = vec![
        format!("{how}: {why}"),
        format!("{by_hand}, handed over by a person: {other}"),
        "read it by Run Command again".into(),
    ];
    Some((Verdict::Contradiction, why))
}

pub(super) fn no_agent(case: &Case<'_>) -> Option<Found> {
    let none = case.group.no_agent()?;
    let why = none.file.as_ref().err()?;
    let why = vec![
        format!("{}: {why}", none.source.words()),
        "install the mobility service on the machine in Azure, then read it again".into(),
    ];
    Some((Verdict::CannotTell, why))
}

/// The newest file, which counts where several were read.
fn newest<'a>(case: &Case<'a>) -> Option<(&'a Reading, &'a AgentFile)> {
    case.group.files().into_iter().next()
}

pub(super) fn never_registered(case: &Case<'_>) -> Option<Found> {
    let (reading, file) = newest(case)?;
    if file.called != Called::NeverRegistered {
        return None;
    }
    let mut why = vec![format!(
        "{}: the agent of the machine in Azure never registered",
        reading.source.words()
    )];
    why.extend(match &file.server {
        Server::None => Some("it names no configuration server".to_owned()),
        Server::NotOfTheSite(other) => Some(format!("it reports to {other}")),
        _ => None,
    });
    why.push(
        "it registers up to 15 minutes after the boot; then look at the mobility service".into(),
    );
    Some((Verdict::NeverRegistered, why))
}

/// A file that somebody handed over may simply be the wrong one.
fn of_another_kind(reading: &Reading, what: &str) -> Found {
    let how = reading.source.words();
    let verdict = match reading.source.is_vouched_for() {
        true => Verdict::Contradiction,
        false => Verdict::CannotTell,
    };
    (
        verdict,
        vec![
            format!("{how}: {what}"),
            "see that it is the right machine's file".into(),
        ],
    )
}

pub(super) fn master_targets_file(case: &Case<'_>) -> Option<Found> {
    let (reading, file) = newest(case)?;
    (file.role == Role::MasterTarget)
        .then(|| of_another_kind(reading, "the file is a master target's"))
}

pub(super) fn appliances_agent(case: &Case<'_>) -> Option<Found> {
    let (reading, file) = newest(case)?;
    (file.stack == Stack::Prime)
        .then(|| of_another_kind(reading, "the agent speaks to a replication appliance"))
}

pub(super) fn unreadable_file(case: &Case<'_>) -> Option<Found> {
    let (reading, file) = newest(case)?;
    let line = file.refused_at?;
    let how = reading.source.words();
    let why = vec![
        format!("{how}: the agent itself refuses its configuration at line {line}"),
        "mend the file on the machine in Azure, and restart its mobility service".into(),
    ];
    Some((Verdict::CannotTell, why))
}

pub(super) fn no_id_in_file(case: &Case<'_>) -> Option<Found> {
    let (reading, file) = newest(case)?;
    if file.called.id().is_some() {
        return None;
    }
    let how = reading.source.words();
    Some((
        Verdict::CannotTell,
        vec![format!("{how}: the agent's id {}", file.called.words())],
    ))
}

pub(super) fn two_forms(case: &Case<'_>) -> Option<Found> {
    let (_, file) = newest(case)?;
    let told = file.called.id()?;
    let alike = case.members().find(|at| {
        let own = case.group.members[*at].candidate.called();
        own.id().is_some_and(|own| own.resembles(told))
    })?;
    let name = case.name(alike);
    let why = format!("the agent writes its id {told}, with the digits of {name} in another form");
    Some((Verdict::CannotTell, vec![why]))
}

/// The agent's id is on no registration of the machine, and one of them seems to be it.
pub(super) fn id_of_none(case: &Case<'_>) -> Option<Found> {
    let (reading, file) = newest(case)?;
    let told = file.called.id()?;
    if case.members().any(|at| case.decided(at)) {
        return None;
    }
    let mut why = vec![format!(
        "{}: the agent's id is {told}, and no registration of the machine has it",
        reading.source.words()
    )];
    if let Server::NotOfTheSite(other) = &file.server {
        why.push(format!(
            "it reports to {other}, which is not known as this site's"
        ));
    }
    let seeming = case.members().find(|at| {
        let own = &case.group.members[*at].candidate;
        own.called().id().is_some() && own.registration.discovery != Discovery::VCenter
    });
    let Some(at) = seeming else {
        why.push("an agent registers up to 15 minutes after the boot".into());
        return Some((Verdict::CannotTell, why));
    };
    why.push(format!(
        "{} would be the one in Azure, and has another id",
        case.name(at)
    ));
    Some((Verdict::Contradiction, why))
}

/// A file that a person handed over is perhaps another machine's: the registration that has its id
/// bears none of the machine's names.
pub(super) fn another_machines_name(case: &Case<'_>) -> Option<Found> {
    let strange = |at: &usize| {
        let own = &case.group.members[*at];
        own.tie == Tie::Told && !own.is_namesake && case.group.is_by_hand(*at)
    };
    let at = case.members().find(|at| case.decided(*at) && strange(at))?;
    let name = case.name(at);
    let ends = "read it by Run Command, or see that it is the right machine's file";
    let rival = case.rivals(at).next();
    let (verdict, what) = match rival {
        Some(rival) => (
            Verdict::Contradiction,
            format!("which has the name of another machine, {rival}"),
        ),
        None => (
            Verdict::CannotTell,
            "which has none of the machine's names".to_owned(),
        ),
    };
    let why = format!("a file that a person handed over has the id of {name}, {what}");
    Some((verdict, vec![why, ends.into()]))
}

/// The id is the machine's, and its agent reports to nobody: a registration that failed leaves that
/// blank. A file that is not whole has none, either. What Azure vouches for counts before what was
/// handed over.
pub(super) fn no_server(case: &Case<'_>) -> Option<Found> {
    let files = case.group.files();
    let vouched = files.iter().find(|(own, _)| own.source.is_vouched_for());
    let (reading, file) = vouched.or(files.first())?;
    if file.server != Server::None {
        return None;
    }
    let why = vec![
        format!(
            "{}: the agent names no configuration server: its registration failed, or the file is \
             not whole",
            reading.source.words()
        ),
        "look at the mobility service on the machine in Azure, then read the whole file again"
            .into(),
    ];
    Some((Verdict::CannotTell, why))
}

/// Said behind what rests on a file of which nobody vouches that it is the machine's.
pub(super) fn by_hand(case: &Case<'_>, at: usize) -> &'static str {
    match case.group.is_by_hand(at) {
        true => ", by a file handed over by a person",
        false => "",
    }
}

/// Azure vouches for its id; its registration may be called like another machine all the same.
pub(super) fn under_another_name(case: &Case<'_>, at: usize) -> Option<String> {
    let rival = case.rivals(at).next()?;
    Some(format!("it is registered under the name of {rival}"))
}

pub(super) fn the_file_decides(case: &Case<'_>) -> Option<Found> {
    let mut decided = case.members().filter(|at| case.decided(*at));
    let (at, None) = (decided.next()?, decided.next()) else {
        return None;
    };
    let mut why = vec![format!(
        "the agent of the machine in Azure has the id of {}{}",
        case.name(at),
        by_hand(case, at)
    )];
    why.extend(under_another_name(case, at));
    Some((Verdict::Keep(at), why))
}
