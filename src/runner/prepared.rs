//! A change that is ready to be confirmed. Only a [`Confirmed`] can be sent, and only the machine's
//! name, typed, makes one.

use std::sync::Arc;

use super::warnings::warnings;
use crate::azure::call_for;
use crate::domain::plan::PointChoice;
use crate::domain::{Call, Change, Class, Failure, Machine, Place, Retry, Text, Verb};

/// A change with the exact call that would make it.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub machine: Text,
    pub verb: Verb,
    pub step: Change,
    /// What will go out, as it will go out.
    pub call: Call,
    /// What the person must know before confirming, most important first.
    pub warnings: Vec<Text>,
    /// The way back once it is sent.
    pub way_back: Text,
    /// The machine as it was when this was prepared: it must still be so when the call is sent.
    pub(super) seen: Machine,
}

/// A change whose machine was named by the person who wants it.
#[derive(Clone, Debug)]
pub struct Confirmed(Prepared);

impl Prepared {
    /// The name of the protected item, which Azure keeps to what any keyboard writes.
    #[must_use]
    pub fn item_name(&self) -> &str {
        self.seen.id.name()
    }

    /// The machine's name exactly as shown, blanks around it forgiven; or the name of its protected
    /// item, for names that this keyboard or terminal cannot write.
    #[must_use]
    pub fn confirm(&self, typed: &str) -> Option<Confirmed> {
        let typed = typed.trim();
        let name = self.machine.as_str().trim();
        let named = typed == name || (!name.is_ascii() && typed == self.item_name());
        (named && !typed.is_empty()).then(|| Confirmed(self.clone()))
    }
}

impl Confirmed {
    #[must_use]
    pub fn prepared(&self) -> &Prepared {
        &self.0
    }
}

/// Readies `verb` for `machine`, or says why it cannot be. `others` is the whole estate: machines
/// of one replication group belong together. `api_version` is what the site speaks.
///
/// # Errors
/// A refusal in words: the operation is not offered by Azure now, or this program does not carry it
/// out for such a machine.
pub fn prepare(
    machine: &Machine,
    others: &[Arc<Machine>],
    verb: Verb,
    api_version: &str,
) -> Result<Prepared, Failure> {
    if verb != Verb::FailBack {
        return Err(refusal(
            format!(
                "{}: failback does not carry out {} yet.",
                machine.name,
                verb.words()
            ),
            "Use the Azure portal for it.",
        ));
    }
    if !machine.next.offers(verb) {
        return Err(refusal(
            format!(
                "{} cannot be failed back now: Azure does not offer it.",
                machine.name
            ),
            &not_offered(machine),
        ));
    }
    if machine.class != Class::ClassicHome {
        return Err(refusal(
            format!(
                "{}: failback carries out Fail back for classic VMware machines so far; this one is {}.",
                machine.name,
                machine.provider().word()
            ),
            "Use the Azure portal for this machine.",
        ));
    }
    let step = Change::FailBackClassic {
        item: machine.id.clone(),
        point: PointChoice::Latest,
    };
    Ok(Prepared {
        machine: machine.name.clone(),
        verb,
        call: call_for(&step, api_version),
        step,
        warnings: warnings(verb, machine, others),
        way_back: "none once Fail back is sent".into(),
        seen: machine.clone(),
    })
}

fn refusal(what: String, advice: &str) -> Failure {
    Failure::new(what, advice, Retry::AfterFixing)
}

/// What has to happen before a fail back is offered.
fn not_offered(machine: &Machine) -> String {
    let state = machine.state_words();
    if machine.running.is_some() {
        return format!("It is busy ({state}): wait until that is over, then refresh.");
    }
    if machine.place == Place::OnPremises {
        return format!("It runs on-premises already ({state}).");
    }
    match machine.next.verbs.first() {
        Some(next) => format!(
            "Its state is: {state}. What can be done next: {}.",
            next.words()
        ),
        None => format!("Its state is: {state}. Azure offers nothing now; refresh in a minute."),
    }
}
