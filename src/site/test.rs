//! Testing a site: each thing that must work, in order, with its sentence.

use crate::domain::{Failure, Text};

/// One thing that was tried.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was tried: `sign in`, `vault`, `protected items`...
    pub what: &'static str,
    pub verdict: Verdict,
}

#[derive(Clone, Debug)]
pub enum Verdict {
    /// It worked; the words say what was found.
    Good(Text),
    /// It worked, with a reservation: amber.
    But(Text),
    Bad(Box<Failure>),
    /// Not tried, because something before it failed.
    NotTried,
}
