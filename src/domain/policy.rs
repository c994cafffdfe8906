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
    /// `multiVmSyncStatus`.
    pub multi_vm: Text,
    /// In minutes; a machine further behind than this is late. Not every kind has one.
    pub threshold: Option<u64>,
    /// How long recovery points are kept, in minutes.
    pub history: Option<u64>,
    /// How often an application-consistent point is made, in minutes.
    pub application: Option<u64>,
}
