//! What a step has to say before it asks.

use super::ask;
use super::step::{Row, StepId};
use super::walk::Walk;
use crate::domain::{Provider, Text, WizardKind};

/// A sentence or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Something may be lost, or must be weighed.
    pub warns: bool,
    pub words: Text,
}

impl Remark {
    pub(super) fn warning(words: impl Into<Text>) -> Self {
        Self {
            warns: true,
            words: words.into(),
        }
    }

    pub(super) fn saying(words: impl Into<Text>) -> Self {
        Self {
            warns: false,
            words: words.into(),
        }
    }
}

impl Walk<'_> {
    /// What a step has to say, in the order to be shown.
    #[must_use]
    pub fn remarks(&self, step: &Row) -> Vec<Remark> {
        match (step.id, self.wizard()) {
            (StepId::Machines, WizardKind::Protect) => self.needless().into_iter().collect(),
            (StepId::Point, _) => ask::point_remarks(self),
            (StepId::HyperV, _) => ask::hyperv_remarks(self),
            (StepId::Target, WizardKind::FailOver) => ask::azure_remarks(self),
            _ => Vec::new(),
        }
    }

    /// Hyper-V machines need no protection before they come home.
    fn needless(&self) -> Option<Remark> {
        let hyperv = |m: &crate::domain::offers::Offered| m.machine.provider() == Provider::HyperV;
        self.offers.machines.iter().any(hyperv).then(|| {
            Remark::saying(
                "Hyper-V machines need no protection before they come home: Recover takes them as \
                 they are.",
            )
        })
    }
}
