//! What can be chosen: accounts, and the policies that containers are mapped with
//! (asr-rest.md 2, 3).

use serde::Deserialize;

use crate::domain::ArmId;
use crate::domain::offers::{Account, Mapping};

use super::leaf::{Many, Part, Word};

/// A fabric, of which only the accounts are wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Accounts {
    id: Word,
    properties: Part<Properties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Properties {
    custom_details: Part<Custom>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Custom {
    run_as_accounts: Many<Part<RunAs>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RunAs {
    account_id: Word,
    account_name: Word,
}

impl Accounts {
    /// The fabric's accounts; `None` when the answer does not say which fabric it is.
    #[must_use]
    pub fn accounts(self) -> Option<Vec<Account>> {
        let fabric = self.id.id()?;
        let custom = self.properties.or_empty().custom_details.or_empty();
        let all = custom.run_as_accounts.0.into_iter().map(Part::or_empty);
        let named = all.filter(|account| !account.account_id.is_empty());
        let account = |raw: RunAs| Account {
            fabric: fabric.clone(),
            id: raw.account_id.text(),
            name: raw.account_name.text(),
        };
        Some(named.map(account).collect())
    }
}

/// A policy that a container is mapped with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ContainerMapping {
    id: Word,
    properties: Part<MappingProperties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct MappingProperties {
    target_protection_container_id: Word,
    policy_id: Word,
}

impl ContainerMapping {
    /// `None` when the answer does not say which container or which policy.
    #[must_use]
    pub fn mapping(self) -> Option<Mapping> {
        let container = self.id.id()?.up_to("replicationProtectionContainers")?;
        let properties = self.properties.or_empty();
        // The way to Azure is mapped to the literal "Microsoft Azure", which is no id.
        let target: Option<ArmId> = properties.target_protection_container_id.id();
        Some(Mapping {
            home: target.as_ref() == Some(&container),
            policy: properties.policy_id.id()?,
            container,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTAINER: &str =
        "/Subscriptions/s/vaults/v/replicationFabrics/f/replicationProtectionContainers/c";

    fn mapping(target: &str) -> Option<Mapping> {
        let text = format!(
            r#"{{"id":"{CONTAINER}/replicationProtectionContainerMappings/m","properties":
               {{"targetProtectionContainerId":"{target}","policyId":"/subscriptions/s/policies/p"}}}}"#
        );
        serde_json::from_str::<ContainerMapping>(&text)
            .unwrap()
            .mapping()
    }

    #[test]
    fn a_container_mapped_to_itself_is_the_way_home() {
        assert!(mapping(&CONTAINER.to_lowercase()).unwrap().home);
        assert!(!mapping("Microsoft Azure").unwrap().home);
        assert!(!mapping("").unwrap().home);
    }

    #[test]
    fn accounts_without_an_id_are_left_out() {
        let text = r#"{"id":"/s/f","properties":{"customDetails":{"runAsAccounts":
            [{"accountId":"1","accountName":"windows"},{"accountName":"nobody"}]}}}"#;
        let read: Accounts = serde_json::from_str(text).unwrap();
        assert_eq!(read.accounts().unwrap().len(), 1);
    }
}
