//! The state of a machine in words. For people only: what can be done next never comes from here
//! but from `allowedOperations` (see [`super::verb`]).

use serde::{Deserialize, Serialize};

use super::place::Place;
use super::text::Text;

/// How far a machine is on its way round the circle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// The first copy is being made.
    InitialSync,
    /// The first copy is made; the first recovery point is awaited.
    AwaitingFirstPoint,
    /// Replicating.
    Protected,
    /// Failed over, in the direction that the place tells, and not committed.
    CommitPending,
    /// Failed over and committed.
    Committed,
    /// A state this program does not know, in the service's own words.
    Other(Text),
}

impl Stage {
    /// Reads `protectionState`; `description` is what is shown for a state that is not known.
    #[must_use]
    pub fn of(protection_state: &str, description: &str) -> Self {
        match protection_state.to_ascii_lowercase().as_str() {
            "protected" => Self::Protected,
            "initialreplicationrecoverycompletionpending" => Self::AwaitingFirstPoint,
            "initialreplicationinprogress"
            | "initialreplicationprimarycompletionpending"
            | "enablingprotection"
            | "enableprotectioninprogress" => Self::InitialSync,
            "unplannedfailovercommitpendingstatesbegin"
            | "commitpendingstatesbegin"
            | "plannedfailovercommitrequired"
            | "unplannedfailovercommitrequired" => Self::CommitPending,
            "unplannedfailovercommitted"
            | "plannedfailoverstatesbegin"
            | "plannedfailovercommitted"
            | "restorefinalized" => Self::Committed,
            _ if description.is_empty() => Self::Other(protection_state.into()),
            _ => Self::Other(description.into()),
        }
    }

    /// The state as a column shows it; `place` tells which way it was gone.
    #[must_use]
    pub fn words(&self, place: &Place) -> String {
        match (self, place) {
            (Self::InitialSync, _) => "Initial sync".into(),
            (Self::AwaitingFirstPoint, _) => "First recovery point".into(),
            (Self::Protected, Place::Azure) => "Replicating home".into(),
            (Self::Protected, Place::OnPremises) => "Replicating to Azure".into(),
            (Self::Protected, Place::Unknown(_)) => "Protected".into(),
            (Self::CommitPending, _) => "Commit pending".into(),
            (Self::Committed, Place::Azure) => "Committed in Azure".into(),
            (Self::Committed, Place::OnPremises) => "Failed back, committed".into(),
            (Self::Committed, Place::Unknown(_)) => "Committed".into(),
            (Self::Other(words), _) => words.as_str().into(),
        }
    }
}
