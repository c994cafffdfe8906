//! The rules by which a verdict is reached: the first that applies, in this order. What is wrong comes
//! before what is open, and what is open before what is well; what hangs on no registration that is
//! missing, before that one may be.

mod files;
mod registrations;

use super::{Case, Verdict};
use crate::domain::place::{Place, Provider};
use files::{
    another_machines_name, appliances_agent, files_differ, handed_over, id_of_none,
    master_targets_file, never_registered, no_agent, no_id_in_file, no_server, the_file_decides,
    two_forms, unreadable_file,
};
use registrations::{
    agent_without_id, as_expected, claimed, clone, contested_name, none_in_azure, one_id_twice,
    short_name_alone, the_service_decided, too_many, torn,
};

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

/// The rule of a registration that another machine's agent claims.
pub(super) const CLAIMED: &str = "claimed";
/// Rules that have a few words of their own where there is no room for the reasons.
pub(super) const FILES_DIFFER: &str = "files differ";
pub(super) const HANDED_OVER: &str = "handed over";
pub(super) const ID_OF_NONE: &str = "id of none";

pub const RULES: [Rule; 27] = [
    rule("other generation", "asr-rest.md 13", other_generation),
    rule("at home", "[000]", at_home),
    rule("clone", "DUP-01", clone),
    rule(FILES_DIFFER, "DUP-02", files_differ),
    rule(HANDED_OVER, "DUP-02", handed_over),
    rule("no agent", "X-16", no_agent),
    rule("never registered", "X-16", never_registered),
    rule("master target's file", "X-16", master_targets_file),
    rule("appliance's agent", "X-16", appliances_agent),
    rule("unreadable file", "cx-protocol.md 5", unreadable_file),
    rule("no id in the file", "cx-protocol.md 5", no_id_in_file),
    rule("one id twice", "DUP-02", one_id_twice),
    rule("two forms", "cx-protocol.md 5", two_forms),
    rule("torn", "DUP-02, DUP-04", torn),
    rule("unread", "DUP-01", unread),
    rule(ID_OF_NONE, "DUP-02", id_of_none),
    rule("contested name", "asr-rest.md 13", contested_name),
    rule(CLAIMED, "DUP-02", claimed),
    rule("another machine's name", "DUP-02", another_machines_name),
    rule("no server", "X-16", no_server),
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
