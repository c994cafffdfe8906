//! What can be done next with a machine: Azure's `allowedOperations`, narrowed by a table of ours.
//!
//! Nothing is offered that Azure does not list. `CompleteMigration` and `DisableProtection` end the
//! way back and are never offered; what the table does not know is named and not offered
//! (asr-rest.md 4, 9, 13).

use serde::Serialize;

use super::place::{Class, Place};
use super::text::Text;

/// One vocabulary for three generations. The order is the order in which they are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verb {
    FailBack,
    /// Never from `allowedOperations`: a Hyper-V failback whose job waits offers it
    /// (see [`super::refusal`]).
    Complete,
    Commit,
    Cancel,
    Protect,
    ProtectToAzure,
    ChangeRecoveryPoint,
    TestFailoverCleanup,
    Resynchronise,
    FailOverToAzure,
    TestFailover,
}

impl Verb {
    /// Every one that this program carries out, in the order in which they are offered.
    /// [`Self::Resynchronise`] is left to the Azure portal.
    pub const CARRIED: [Self; 10] = [
        Self::FailBack,
        Self::Complete,
        Self::Commit,
        Self::Cancel,
        Self::Protect,
        Self::ProtectToAzure,
        Self::ChangeRecoveryPoint,
        Self::TestFailoverCleanup,
        Self::FailOverToAzure,
        Self::TestFailover,
    ];

    /// As buttons and columns write it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::FailBack => "Fail back",
            Self::Complete => "Complete failover",
            Self::Commit => "Commit",
            Self::Cancel => "Cancel failover",
            Self::Protect => "Protect",
            Self::ProtectToAzure => "Protect to Azure",
            Self::ChangeRecoveryPoint => "Change recovery point",
            Self::TestFailoverCleanup => "Clean up test failover",
            Self::Resynchronise => "Resynchronise",
            Self::FailOverToAzure => "Fail over to Azure",
            Self::TestFailover => "Test failover",
        }
    }
}

/// What a machine can do next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Next {
    /// What may be offered, best first, each once.
    pub verbs: Vec<Verb>,
    /// Operations Azure lists that this program does not know for such a machine: shown, not offered.
    pub unknown: Vec<Text>,
}

impl Next {
    /// Narrows `allowedOperations` for a machine of `class` that runs at `place`.
    #[must_use]
    pub fn of<'a>(
        class: &Class,
        place: &Place,
        allowed: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut next = Self::default();
        for operation in allowed {
            match read(class, place, operation) {
                Reading::Offer(verb) if !next.verbs.contains(&verb) => next.verbs.push(verb),
                Reading::Unknown => next.unknown.push(operation.into()),
                Reading::Offer(_) | Reading::Never => {}
            }
        }
        next.verbs.sort_unstable();
        next
    }

    #[must_use]
    pub fn offers(&self, verb: Verb) -> bool {
        self.verbs.contains(&verb)
    }
}

enum Reading {
    Offer(Verb),
    Never,
    Unknown,
}

/// The table. A pair that no row names is unknown.
fn read(class: &Class, place: &Place, operation: &str) -> Reading {
    use Class::{ClassicHome, ClassicToAzure, HyperV, ModernisedHome, ModernisedToAzure};
    use Place::{Azure, OnPremises};
    let verb = match (operation.to_ascii_lowercase().as_str(), class, place) {
        ("completemigration" | "disableprotection", ..) => return Reading::Never,

        ("unplannedfailover", ClassicHome, Azure)
        | ("plannedfailover", ModernisedHome, Azure)
        | ("failback", HyperV, Azure) => Verb::FailBack,

        ("unplannedfailover", ClassicToAzure | ModernisedToAzure | HyperV, OnPremises)
        | ("plannedfailover", HyperV, OnPremises) => Verb::FailOverToAzure,

        ("switchprotection", ClassicToAzure | ModernisedToAzure, Azure) => Verb::Protect,
        ("switchprotection", ClassicHome | ModernisedHome, OnPremises)
        | ("reversereplicate", HyperV, OnPremises) => Verb::ProtectToAzure,

        (
            // What it ends depends on where the machine is.
            "commit",
            ClassicToAzure | ClassicHome | ModernisedToAzure | ModernisedHome | HyperV,
            Azure | OnPremises,
        )
        | ("finalizefailback", HyperV, OnPremises) => Verb::Commit,
        // Where a cancellation failed Azure is the active side again, and it is cancelled once more \[004\].
        ("cancelfailover", ModernisedHome, OnPremises | Azure) => Verb::Cancel,
        ("changepit", ClassicToAzure | ModernisedToAzure | HyperV, Azure) => {
            Verb::ChangeRecoveryPoint
        }
        (
            "repairreplication",
            ClassicToAzure | ClassicHome | ModernisedToAzure | ModernisedHome | HyperV,
            _,
        ) => Verb::Resynchronise,
        ("testfailover", ClassicToAzure | ModernisedToAzure | HyperV, OnPremises) => {
            Verb::TestFailover
        }
        ("testfailovercleanup", ClassicToAzure | ModernisedToAzure | HyperV, _) => {
            Verb::TestFailoverCleanup
        }
        _ => return Reading::Unknown,
    };
    Reading::Offer(verb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_ends_the_way_back_is_never_offered() {
        let next = Next::of(
            &Class::ClassicToAzure,
            &Place::Azure,
            ["CompleteMigration", "DisableProtection"],
        );
        assert_eq!(next, Next::default());
    }

    #[test]
    fn an_unknown_operation_is_named_and_not_offered() {
        let next = Next::of(&Class::HyperV, &Place::Azure, ["Teleport", "Failback"]);
        assert_eq!(next.verbs, [Verb::FailBack]);
        assert_eq!(next.unknown, [Text::from("Teleport")]);
    }

    #[test]
    fn a_machine_whose_place_is_unknown_is_not_failed_back() {
        let nowhere = Place::Unknown("?".into());
        let next = Next::of(&Class::ClassicHome, &nowhere, ["UnplannedFailover"]);
        assert!(next.verbs.is_empty());
    }

    proptest! {
        #[test]
        fn nothing_is_offered_that_is_not_listed(
            class in "(InMage|InMageAzureV2|InMageRcm|InMageRcmFailback|HyperVReplicaAzure|[A-Za-z0-9]{0,12})",
            active in "(Primary|Recovery|[a-z]{0,6})",
            operations in proptest::collection::vec("[A-Za-z]{0,20}", 0..8),
        ) {
            let class = Class::of(&class);
            let place = Place::of(&class, &active, None);
            let known = |o: &String| !matches!(read(&class, &place, o), Reading::Unknown);
            let next = Next::of(&class, &place, operations.iter().map(String::as_str));
            prop_assert!(next.verbs.len() <= operations.iter().filter(|o| known(o)).count());
        }
    }
}
