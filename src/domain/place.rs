//! Which generation protects a machine, in which direction, and where the machine runs.

use serde::{Deserialize, Serialize};

use super::text::Text;

/// The generation of Site Recovery that protects a machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Provider {
    /// VMware or physical, by a configuration server and process servers.
    Classic,
    /// VMware or physical, by the replication appliance.
    Modernised,
    /// Hyper-V, a site or System Center VMM.
    HyperV,
    /// Something this program does not know; shown, never acted upon.
    Other(Text),
}

/// A generation that this program carries. [`Provider`] also knows what it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Generation {
    Classic,
    Modernised,
    HyperV,
}

impl Provider {
    /// `None` for a provider that this program does not know.
    #[must_use]
    pub fn generation(&self) -> Option<Generation> {
        match self {
            Self::Classic => Some(Generation::Classic),
            Self::Modernised => Some(Generation::Modernised),
            Self::HyperV => Some(Generation::HyperV),
            Self::Other(_) => None,
        }
    }

    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Classic => "classic",
            Self::Modernised => "modernised",
            Self::HyperV => "Hyper-V",
            Self::Other(name) => name.as_str(),
        }
    }
}

impl From<Generation> for Provider {
    fn from(generation: Generation) -> Self {
        match generation {
            Generation::Classic => Self::Classic,
            Generation::Modernised => Self::Modernised,
            Generation::HyperV => Self::HyperV,
        }
    }
}

/// The class of a protected item: `providerSpecificDetails.instanceType`, which names the
/// generation and, but for Hyper-V, the direction (asr-rest.md 4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// `InMageAzureV2`: classic, on-premises to Azure.
    ClassicToAzure,
    /// `InMage`: classic, Azure to on-premises, and after a fail back.
    ClassicHome,
    /// `InMageRcm`: modernised, on-premises to Azure.
    ModernisedToAzure,
    /// `InMageRcmFailback`: modernised, Azure to on-premises, and after a fail back.
    ModernisedHome,
    /// `HyperVReplicaAzure`: both directions.
    HyperV,
    /// Any other instance type.
    Other(Text),
}

impl Class {
    /// Reads an instance type as the service spells it, in any case.
    #[must_use]
    pub fn of(instance_type: &str) -> Self {
        match instance_type.to_ascii_lowercase().as_str() {
            "inmageazurev2" => Self::ClassicToAzure,
            "inmage" => Self::ClassicHome,
            "inmagercm" => Self::ModernisedToAzure,
            "inmagercmfailback" => Self::ModernisedHome,
            "hypervreplicaazure" => Self::HyperV,
            _ => Self::Other(instance_type.into()),
        }
    }

    /// As the service spells it.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::ClassicToAzure => "InMageAzureV2",
            Self::ClassicHome => "InMage",
            Self::ModernisedToAzure => "InMageRcm",
            Self::ModernisedHome => "InMageRcmFailback",
            Self::HyperV => "HyperVReplicaAzure",
            Self::Other(name) => name.as_str(),
        }
    }

    #[must_use]
    pub fn provider(&self) -> Provider {
        match self {
            Self::ClassicToAzure | Self::ClassicHome => Provider::Classic,
            Self::ModernisedToAzure | Self::ModernisedHome => Provider::Modernised,
            Self::HyperV => Provider::HyperV,
            Self::Other(name) => Provider::Other(name.clone()),
        }
    }
}

/// Where a machine runs now.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    OnPremises,
    Azure,
    /// The answer does not say, or says two things; the words say which.
    Unknown(Text),
}

impl Place {
    /// Computes the place from the item's class, `activeLocation` and, for the classic direction
    /// home, `activeSiteType`. After a reprotect Azure is *Primary* (asr-rest.md 4.2, 13).
    #[must_use]
    pub fn of(class: &Class, active_location: &str, active_site_type: Option<&str>) -> Self {
        let primary = match active_location.to_ascii_lowercase().as_str() {
            "primary" => true,
            "recovery" => false,
            "" => return Self::Unknown("the answer does not say".into()),
            _ => return Self::Unknown(active_location.into()),
        };
        let at_home = match class {
            Class::ClassicToAzure | Class::ModernisedToAzure | Class::HyperV => primary,
            Class::ClassicHome | Class::ModernisedHome => !primary,
            Class::Other(_) => return Self::Unknown("an unknown kind of protection".into()),
        };
        let said = active_site_type.map(str::to_ascii_lowercase);
        match (at_home, class, said.as_deref()) {
            (false, Class::ClassicHome, Some("onprem"))
            | (true, Class::ClassicHome, Some("azure")) => {
                Self::Unknown("activeLocation and activeSiteType contradict each other".into())
            }
            (true, ..) => Self::OnPremises,
            (false, ..) => Self::Azure,
        }
    }

    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::OnPremises => "on-prem",
            Self::Azure => "Azure",
            Self::Unknown(_) => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_reprotect_azure_is_the_primary() {
        for class in [Class::ClassicHome, Class::ModernisedHome] {
            assert_eq!(Place::of(&class, "Primary", None), Place::Azure);
            assert_eq!(Place::of(&class, "Recovery", None), Place::OnPremises);
        }
        for class in [
            Class::ClassicToAzure,
            Class::ModernisedToAzure,
            Class::HyperV,
        ] {
            assert_eq!(Place::of(&class, "Primary", None), Place::OnPremises);
            assert_eq!(Place::of(&class, "recovery", None), Place::Azure);
        }
    }

    #[test]
    fn a_contradiction_is_unknown() {
        let place = Place::of(&Class::ClassicHome, "Primary", Some("OnPrem"));
        assert!(matches!(place, Place::Unknown(_)));
        assert!(matches!(
            Place::of(&Class::HyperV, "", None),
            Place::Unknown(_)
        ));
        assert!(matches!(
            Place::of(&Class::of("A2A"), "Primary", None),
            Place::Unknown(_)
        ));
    }
}
