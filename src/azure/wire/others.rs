//! The smaller answers.

use serde::Deserialize;

use crate::domain::infrastructure::{Component, Role};
use crate::domain::recovery_point::{self, Consistency};
use crate::domain::{Health, Problem};

use super::item::HealthError;
use super::leaf::{Many, Part, Word};

/// Any resource, of which only the name is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Resource {
    pub id: Word,
    pub name: Word,
}

/// The body behind `Azure-AsyncOperation` (asr-rest.md 0.1). `error` can be filled even when the
/// operation succeeded.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Operation {
    pub status: Word,
    pub error: Part<OperationError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OperationError {
    pub code: Word,
    pub message: Word,
}

/// A recovery point that has an address of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RecoveryPoint {
    id: Word,
    name: Word,
    properties: Part<PointProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PointProperties {
    recovery_point_time: Word,
    recovery_point_type: Word,
    provider_specific_details: Part<PointDetails>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PointDetails {
    is_multi_vm_sync_point: Word,
}

impl RecoveryPoint {
    #[must_use]
    pub fn point(self) -> recovery_point::RecoveryPoint {
        let p = self.properties.or_empty();
        recovery_point::RecoveryPoint {
            id: self.id.id(),
            name: self.name.text(),
            time: p.recovery_point_time.time(),
            consistency: match p.recovery_point_type.as_str().to_ascii_lowercase().as_str() {
                "crashconsistent" => Consistency::Crash,
                "applicationconsistent" => Consistency::Application,
                _ => Consistency::Other(p.recovery_point_type.text()),
            },
            multi_vm: p
                .provider_specific_details
                .or_empty()
                .is_multi_vm_sync_point
                .is("true"),
        }
    }
}

/// A vCenter that a fabric knows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct VCenter {
    id: Word,
    name: Word,
    properties: Part<VCenterProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct VCenterProperties {
    friendly_name: Word,
    ip_address: Word,
    last_heartbeat: Word,
    discovery_status: Word,
    health_errors: Many<HealthError>,
}

impl VCenter {
    /// The vCenter as a component, with the name of the fabric in whose path it lies.
    #[must_use]
    pub fn component(self) -> (String, Component) {
        let fabric = self
            .id
            .id()
            .and_then(|id| id.segment("replicationFabrics").map(Into::into));
        let p = self.properties.or_empty();
        let problems: Vec<Problem> = p
            .health_errors
            .0
            .into_iter()
            .map(HealthError::problem)
            .collect();
        let name = if p.friendly_name.is_empty() {
            &self.name
        } else {
            &p.friendly_name
        };
        let component = Component {
            role: Role::VCenter {
                discovery: p.discovery_status.text(),
            },
            id: self.name.text(),
            name: name.text(),
            address: p.ip_address.text(),
            version: "".into(),
            heartbeat: p.last_heartbeat.time(),
            // No health of its own: what its problems say, else unknown.
            health: if problems.is_empty() {
                Health::Unknown
            } else {
                Health::Warning
            },
            problems,
        };
        (fabric.unwrap_or_default(), component)
    }
}

/// An answer that carries a token: of sign-in, or of the identity endpoint.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TokenAnswer {
    pub access_token: Word,
    pub expires_in: Word,
    pub expires_on: Word,
}

/// `replicationVaultHealth`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct VaultHealth {
    properties: Part<VaultHealthProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct VaultHealthProperties {
    vault_errors: Many<HealthError>,
}

impl VaultHealth {
    /// `None` when the answer has no properties: it does not say that the vault is well.
    #[must_use]
    pub fn problems(self) -> Option<Vec<Problem>> {
        let errors = self.properties.0?.vault_errors.0;
        Some(errors.into_iter().map(HealthError::problem).collect())
    }
}
