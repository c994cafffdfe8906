//! A change that is ready to be confirmed. Only a [`Confirmed`] can be sent, and only the machine's
//! name, typed, makes one.

use crate::domain::{Call, Failure, Machine, Retry, Step, Text, Verb};

/// A change with the exact call that would make it.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub machine: Text,
    pub verb: Verb,
    pub step: Step,
    /// What will go out, as it will go out.
    pub call: Call,
    /// What the person must know before confirming, most important first.
    pub warnings: Vec<Text>,
    /// The way back once it is sent.
    pub way_back: Text,
}

/// A change whose machine was named by the person who wants it.
#[derive(Clone, Debug)]
pub struct Confirmed(Prepared);

impl Prepared {
    /// The machine's name exactly as shown, blanks around it forgiven.
    #[must_use]
    pub fn confirm(&self, typed: &str) -> Option<Confirmed> {
        (typed.trim() == self.machine.as_str().trim()).then(|| Confirmed(self.clone()))
    }
}

impl Confirmed {
    #[must_use]
    pub fn prepared(&self) -> &Prepared {
        &self.0
    }
}

/// Readies `verb` for `machine`, or says why it cannot be.
///
/// # Errors
/// A refusal in words: the operation is not offered by Azure now, or this program does not carry it
/// out for such a machine.
pub fn prepare(machine: &Machine, verb: Verb) -> Result<Prepared, Failure> {
    let _ = verb;
    Err(Failure::new(
        format!("{}: not prepared", machine.name),
        "",
        Retry::AfterFixing,
    ))
}
