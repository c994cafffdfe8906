//! The rules by which a verdict is reached: the first that applies, in this order. What is wrong comes
//! before what is open, and what is open before what is well.

use super::{Case, Leaning, Verdict};
use crate::domain::identity::evidence::Side;
use crate::domain::identity::group::Tie;
use crate::domain::identity::host::Called;
use crate::domain::identity::reading::{AgentFile, Reading, Role, Server, Stack};
use crate::domain::place::{Place, Provider};
use crate::domain::registration::Discovery;

/// A verdict and why, in sentences.
type Found = (Verdict, Vec<String>);

pub struct Rule {
    pub name: &'static str,
    pub source: &'static str,
    pub(super) applies: fn(&Case<'_>) -> Option<Found>,
}

const fn rule(
    name: &'static str,
    source: &'static str,
    applies: fn(&Case<'_>) -> Option<Found>,
) -> Rule {
    Rule {
        name,
        source,
        applies,
    }
}

pub const RULES: [Rule; 24] = [
    rule("other generation", "asr-rest.md 13", other_generation),
    rule("at home", "[000]", at_home),
    rule("unread", "DUP-01", unread),
    rule("clone", "DUP-01", clone),
    rule("files differ", "DUP-02", files_differ),
    rule("handed over", "DUP-02", handed_over),
    rule("no agent", "X-16", no_agent),
    rule("never registered", "X-16", never_registered),
    rule("master target's file", "X-16", master_targets_file),
    rule("appliance's agent", "X-16", appliances_agent),
    rule("unreadable file", "cx-protocol.md 5", unreadable_file),
    rule("no id in the file", "cx-protocol.md 5", no_id_in_file),
    rule("one id twice", "DUP-02", one_id_twice),
    rule("two forms", "cx-protocol.md 5", two_forms),
    rule("torn", "DUP-02, DUP-04", torn),
    rule("id of none", "DUP-02", id_of_none),
    rule("contested name", "asr-rest.md 13", contested_name),
    rule("as expected", "asr-rest.md 13", as_expected),
    rule("the file decides", "DUP-03", the_file_decides),
    rule("the service decided", "asr-rest.md 3", the_service_decided),
    rule("none in Azure", "AZVM-02", none_in_azure),
    rule("short name alone", "asr-rest.md 13", short_name_alone),
    rule("agent without id", "DUP-02", agent_without_id),
    rule("too many", "DUP-01", too_many),
];

/// What a person does next when evidence is missing.
pub const READ_FILE: &str = "read drscout.conf in the machine in Azure";

fn cannot_tell(why: impl Into<String>) -> Option<Found> {
    Some((Verdict::CannotTell, vec![why.into(), READ_FILE.into()]))
}

fn other_generation(case: &Case<'_>) -> Option<Found> {
    let provider = case.group.subject.class.provider();
    let why = match provider {
        Provider::Classic => return None,
        Provider::Modernised => "the appliance knows each machine once".to_owned(),
        Provider::HyperV => "a Hyper-V machine has no agent that registers".to_owned(),
        Provider::Other(name) => format!("how {name} registers machines is not known"),
    };
    Some((Verdict::NotApplicable, vec![why]))
}

fn at_home(case: &Case<'_>) -> Option<Found> {
    match &case.group.subject.place {
        Place::Azure => None,
        Place::OnPremises => Some((
            Verdict::NotApplicable,
            vec!["the machine runs on-premises".into()],
        )),
        Place::Unknown(why) => Some((
            Verdict::CannotTell,
            vec![format!("where the machine runs is not known: {why}")],
        )),
    }
}

fn unread(case: &Case<'_>) -> Option<Found> {
    let why = case.group.unread.as_ref()?;
    Some((
        Verdict::CannotTell,
        vec![format!("the registrations are not all known: {why}")],
    ))
}

fn clone(case: &Case<'_>) -> Option<Found> {
    let twins = &case.group.twins;
    let mut why: Vec<String> = twins
        .iter()
        .map(|twin| format!("{} also has the id {}", twin.with, twin.id))
        .collect();
    if why.is_empty() {
        return None;
    }
    why.push(
        "give one of the two machines a new id: stop its agent, remove HostId, register it again"
            .into(),
    );
    Some((Verdict::Clone, why))
}

fn files_differ(case: &Case<'_>) -> Option<Found> {
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
fn handed_over(case: &Case<'_>) -> Option<Found> {
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

fn no_agent(case: &Case<'_>) -> Option<Found> {
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

fn never_registered(case: &Case<'_>) -> Option<Found> {
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

fn master_targets_file(case: &Case<'_>) -> Option<Found> {
    let (reading, file) = newest(case)?;
    (file.role == Role::MasterTarget)
        .then(|| of_another_kind(reading, "the file is a master target's"))
}

fn appliances_agent(case: &Case<'_>) -> Option<Found> {
    let (reading, file) = newest(case)?;
    (file.stack == Stack::Prime)
        .then(|| of_another_kind(reading, "the agent speaks to a replication appliance"))
}

fn unreadable_file(case: &Case<'_>) -> Option<Found> {
    let (reading, file) = newest(case)?;
    let line = file.refused_at?;
    let how = reading.source.words();
    let why = vec![
        format!("{how}: the agent itself refuses its configuration at line {line}"),
        "mend the file on the machine in Azure, and restart its mobility service".into(),
    ];
    Some((Verdict::CannotTell, why))
}

fn no_id_in_file(case: &Case<'_>) -> Option<Found> {
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

/// One machine that is registered twice under one id: the id does not tell which is which.
fn one_id_twice(case: &Case<'_>) -> Option<Found> {
    let ids: Vec<_> = case
        .members()
        .map(|at| case.group.members[at].candidate.called())
        .collect();
    let twice = ids.iter().enumerate().find_map(|(at, called)| {
        let id = called.id()?;
        ids[at + 1..]
            .iter()
            .any(|other| other.id() == Some(id))
            .then_some(id)
    })?;
    let why = format!("both registrations have the id {twice}: it does not tell them apart");
    Some((Verdict::CannotTell, vec![why]))
}

fn two_forms(case: &Case<'_>) -> Option<Found> {
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

/// Strong evidence for both sides about one registration.
fn torn(case: &Case<'_>) -> Option<Found> {
    let at = case
        .members()
        .find(|at| case.leaning(*at) == Leaning::Torn)?;
    let mut why = vec![format!(
        "{} cannot be both at home and in Azure:",
        case.name(at)
    )];
    let strong = case.evidence[at].iter();
    let strong = strong.filter(|e| e.strength != super::Strength::Weak);
    why.extend(strong.map(|evidence| evidence.words.to_string()));
    Some((Verdict::Contradiction, why))
}

/// The agent's id is on no registration of the machine, and one of them seems to be it.
fn id_of_none(case: &Case<'_>) -> Option<Found> {
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

fn contested_name(case: &Case<'_>) -> Option<Found> {
    if case.members().any(|at| case.decided(at)) {
        return None;
    }
    let at = case.members().find(|at| case.tie(*at) == Tie::Contested)?;
    cannot_tell(format!(
        "the name of {} fits several machines",
        case.name(at)
    ))
}

fn as_expected(case: &Case<'_>) -> Option<Found> {
    let [one, other] = &case.group.members[..] else {
        return None;
    };
    let kind =
        |member: &super::super::group::Member| member.candidate.registration.discovery.clone();
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
        false => "the service finds the one in Azure when it is asked to protect".into(),
    });
    Some((
        Verdict::AsExpected {
            azure,
            home,
            confirmed,
        },
        why,
    ))
}

/// Said behind what rests on a file of which nobody vouches that it is the machine's.
fn by_hand(case: &Case<'_>, at: usize) -> &'static str {
    match case.group.is_by_hand(at) {
        true => ", by a file handed over by a person",
        false => "",
    }
}

fn the_file_decides(case: &Case<'_>) -> Option<Found> {
    let mut decided = case.members().filter(|at| case.decided(*at));
    let (at, None) = (decided.next()?, decided.next()) else {
        return None;
    };
    let why = format!(
        "the agent of the machine in Azure has the id of {}{}",
        case.name(at),
        by_hand(case, at)
    );
    Some((Verdict::Keep(at), vec![why]))
}

/// After a reprotect: it replicates home from there already.
fn the_service_decided(case: &Case<'_>) -> Option<Found> {
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

fn none_in_azure(case: &Case<'_>) -> Option<Found> {
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

fn short_name_alone(case: &Case<'_>) -> Option<Found> {
    let at = case.members().find(|at| case.tie(*at) == Tie::ShortName)?;
    cannot_tell(format!(
        "{} has the machine's name up to the first dot, and nothing else ties it to the machine",
        case.name(at)
    ))
}

fn agent_without_id(case: &Case<'_>) -> Option<Found> {
    let at = case.members().find(|at| {
        let own = &case.group.members[*at].candidate;
        own.registration.discovery != Discovery::VCenter && own.called().id().is_none()
    })?;
    let called = case.group.members[at].candidate.called().words();
    cannot_tell(format!("{}: the agent's id {called}", case.name(at)))
}

fn too_many(case: &Case<'_>) -> Option<Found> {
    let count = case.group.members.len();
    cannot_tell(format!(
        "{count} registrations may be the machine, and nothing settles which one runs in Azure"
    ))
}
