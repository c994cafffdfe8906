//! What is asked on top of a wizard: a consent, an attestation, which draft to go on with.

use crate::domain::draft::DraftId;
use crate::domain::plan::{StatementKind, Subject};
use crate::ui::field::Field;

/// A consent or an attestation that is being given.
#[derive(Debug)]
pub struct Stating {
    pub about: About,
    pub kind: StatementKind,
    /// The check's id.
    pub check: &'static str,
    /// Whom it is about; those that say the same are answered together.
    pub subjects: Vec<Subject>,
    pub field: Field,
    pub focus: StatingFocus,
    pub error: Option<String>,
    pub top: usize,
}

/// What somebody's word is given about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// What was found out about the plan of the open wizard.
    Plan,
    /// The action that is being launched below it.
    Launch,
    /// Which registration a machine is, before there is a plan.
    Identity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatingFocus {
    Why,
    Cancel,
    State,
}

/// The drafts that wait.
#[derive(Debug, Default)]
pub struct DraftsView {
    pub cursor: usize,
    /// The draft that the next press discards.
    pub discarding: Option<DraftId>,
}

impl Stating {
    /// The verb on the button.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self.kind {
            StatementKind::Consent => "Consent",
            StatementKind::Attestation => "Attest",
        }
    }
}
