//! Where a vault is.

use crate::domain::ArmId;

/// The ARM id of a Recovery Services vault.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Vault(ArmId);

impl Vault {
    /// Puts the id together; `None` when a part could not stand in an address.
    #[must_use]
    pub fn new(subscription: &str, resource_group: &str, name: &str) -> Option<Self> {
        let parts = [subscription, resource_group, name];
        if parts
            .iter()
            .any(|part| part.is_empty() || part.contains('/'))
        {
            return None;
        }
        ArmId::parse(&format!(
            "/subscriptions/{subscription}/resourceGroups/{resource_group}\
             /providers/Microsoft.RecoveryServices/vaults/{name}"
        ))
        .map(Self)
    }

    #[must_use]
    pub fn id(&self) -> &ArmId {
        &self.0
    }

    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The path of something in this vault: `child("replicationJobs")`.
    #[must_use]
    pub fn child(&self, rest: &str) -> String {
        format!("{}/{rest}", self.0)
    }
}
