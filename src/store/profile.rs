//! A site profile: where a site is and how to sign in. It names where a secret comes from and
//! never holds one.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One configured site: a subscription, one or more vaults in it, and how to reach them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What people call it; also its file's name: letters, digits, `-`, `_`.
    pub name: String,
    pub tenant: String,
    pub subscription: String,
    pub resource_group: String,
    /// Vault names, all in the resource group; at least one.
    pub vaults: Vec<String>,
    pub credential: Credential,
    /// The ARM endpoint; a custom or sovereign cloud has its own.
    #[serde(default = "Profile::public_arm")]
    pub arm: String,
    /// The sign-in endpoint.
    #[serde(default = "Profile::public_login")]
    pub login: String,
    #[serde(default = "Profile::newest_api_version")]
    pub api_version: String,
    /// PEM file with CAs to trust beside the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    #[serde(default)]
    pub proxy: Proxy,
    /// Most requests in flight at once.
    #[serde(default = "Profile::usual_parallel")]
    pub parallel: usize,
}

/// How to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Credential {
    /// A service principal with a client secret.
    ClientSecret {
        client_id: String,
        secret: SecretSource,
    },
    /// The managed identity of the machine that failback runs on.
    ManagedIdentity {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
    },
    /// Whoever is signed in to the Azure CLI.
    AzureCli,
}

/// Where a secret is fetched from each time it is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretSource {
    /// An environment variable.
    Environment(String),
    /// A file that only its owner can read.
    File(PathBuf),
    /// The first line that a command prints: program and arguments.
    Command(Vec<String>),
    /// Asked for when the program starts.
    Prompt,
}

/// Which proxy requests go through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proxy {
    /// `HTTPS_PROXY`, `NO_PROXY` and their kin.
    #[default]
    System,
    None,
    Url(String),
}

impl Profile {
    /// A profile with the usual endpoints, no CA of its own and the system's proxy.
    #[must_use]
    pub fn new(
        name: String,
        tenant: String,
        subscription: String,
        resource_group: String,
        vaults: Vec<String>,
        credential: Credential,
    ) -> Self {
        Self {
            name,
            tenant,
            subscription,
            resource_group,
            vaults,
            credential,
            arm: Self::public_arm(),
            login: Self::public_login(),
            api_version: Self::newest_api_version(),
            ca_file: None,
            proxy: Proxy::default(),
            parallel: Self::usual_parallel(),
        }
    }

    fn public_arm() -> String {
        "https://management.azure.com".into()
    }

    fn public_login() -> String {
        "https://login.microsoftonline.com".into()
    }

    fn newest_api_version() -> String {
        "2025-08-01".into()
    }

    fn usual_parallel() -> usize {
        8
    }
}
