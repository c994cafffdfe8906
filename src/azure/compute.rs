//! The calls of Compute that read.

use serde::Deserialize;

use crate::domain::{ArmId, Text};

use super::error::Error;
use super::pages::one;
use super::send::Arm;
use super::wire::{Many, Word};

/// Compute has api versions of its own (asr-rest.md 8).
pub(super) const API_VERSION: &str = "2024-03-01";

#[derive(Default, Deserialize)]
#[serde(default)]
struct InstanceView {
    statuses: Many<Status>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    code: Word,
    display_status: Word,
}

impl Arm {
    /// Whether an Azure VM runs, in the service's word: `running`, `deallocated`, `stopped`...
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn power_state(&self, vm: &ArmId) -> Result<Text, Error> {
        let doing = format!("read the power state of Azure VM {}", vm.name());
        let path = format!("{vm}/instanceView");
        let answer = self.read_versioned(&doing, &path, API_VERSION).await?;
        let view: InstanceView = one(&doing, &answer.body)?;
        let state = view.statuses.0.iter().find_map(|status| {
            let word = status.code.as_str().strip_prefix("PowerState/")?;
            Some(if word.is_empty() {
                status.display_status.text()
            } else {
                word.into()
            })
        });
        Ok(state.unwrap_or_else(|| "unknown".into()))
    }
}
