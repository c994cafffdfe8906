//! Replication policies.

use serde::Serialize;

use super::ids::ArmId;
use super::text::Text;

/// A policy, as far as a failback cares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    pub id: ArmId,
    pub name: Text,
    /// Its `instanceType`: `InMage` is a classic failback policy.
    pub kind: Text,
    /// In minutes; a machine further behind than this is late. Not every kind has one.
    pub threshold: Option<u64>,
}
