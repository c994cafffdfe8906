//! What people ask of a run that is under way.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::question::Answer;
use crate::domain::person::Person;

/// One request with its sender: a file in the run's inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Letter {
    pub by: Person,
    /// By the sender's clock.
    pub at: Timestamp,
    pub request: Request,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Request {
    Answer(Answer),
    /// Begin nothing new; what runs in Azure goes on and is watched.
    Pause,
    /// Go on after a pause.
    GoOn,
    /// Send nothing more and end. What runs in Azure goes on there; nothing is cancelled in Azure.
    Stop,
}
