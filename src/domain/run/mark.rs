//! What an item looked like when a change was about to be sent, to tell later whether it moved.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::machine::Machine;
use crate::domain::stage::Stage;
use crate::domain::text::Text;

/// The fields of an item that move when a change was made (asr-rest.md 12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    pub class: Text,
    pub state: Text,
    pub place: Text,
    /// New after a reprotect; stays over failover and commit.
    pub correlation: Text,
    /// Internal ids; new after a reprotect.
    pub ids: Vec<Text>,
    pub last_failover: Option<Timestamp>,
    /// `None` in what an older program wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Failed over, and not committed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncommitted: bool,
}

impl Mark {
    /// Where it was and its state.
    #[must_use]
    pub fn shown(&self) -> Text {
        format!("{}, {}", self.place, self.state).into()
    }

    #[must_use]
    pub fn of(machine: &Machine) -> Self {
        Self {
            class: machine.class.word().into(),
            state: machine.stage.words(&machine.place).into(),
            place: machine.place.word().into(),
            correlation: machine.event_correlation_id.clone(),
            ids: machine.service_ids.to_vec(),
            last_failover: machine.last_failover,
            stage: Some(machine.stage.clone()),
            uncommitted: machine.commit_pending(),
        }
    }
}
