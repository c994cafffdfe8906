//! A site profile: where a site is and how to sign in. It names where a secret comes from and
//! never holds one.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::domain::identity::Ranges;

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
    /// Longest silence on a connection.
    #[serde(default = "Profile::usual_timeout")]
    pub timeout_seconds: u64,
    /// The first pause before a request is sent again; each further one is twice as long.
    #[serde(default = "Profile::usual_retry_base")]
    pub retry_base_ms: u64,
    /// Pause between two looks at a job.
    #[serde(default = "Profile::usual_poll")]
    pub poll_ms: u64,
    /// Between two searches for a change that may have been made, before it is taken for not made;
    /// `None`: eighteen times `poll_ms`, three minutes at the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconcile_ms: Option<u64>,
    /// Address ranges of the site at home, such as `192.168.0.0/16`: what tells which registration is
    /// not the one in Azure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at_home: Vec<String>,
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
        /// Another identity endpoint than the usual 169.254.169.254 (Arc, a pod's sidecar).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        endpoint: Option<String>,
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
    /// A profile with everything usual, for the public cloud.
    #[must_use]
    pub fn new(name: &str, credential: Credential) -> Self {
        Self {
            name: name.into(),
            tenant: String::new(),
            subscription: String::new(),
            resource_group: String::new(),
            vaults: Vec::new(),
            credential,
            arm: Self::public_arm(),
            login: Self::public_login(),
            api_version: Self::newest_api_version(),
            ca_file: None,
            proxy: Proxy::default(),
            parallel: Self::usual_parallel(),
            timeout_seconds: Self::usual_timeout(),
            retry_base_ms: Self::usual_retry_base(),
            poll_ms: Self::usual_poll(),
            reconcile_ms: None,
            at_home: Vec::new(),
        }
    }

    /// Fetches the client secret, where signing in needs one. Blocks: a command may take its time,
    /// a person too.
    ///
    /// # Errors
    /// In words: which variable, file or command did not give one.
    pub fn fetch_secret(&self) -> Result<Option<SecretString>, String> {
        match &self.credential {
            Credential::ClientSecret { secret, .. } => secret.fetch().map(Some),
            Credential::ManagedIdentity { .. } | Credential::AzureCli => Ok(None),
        }
    }

    /// What is wrong with the profile, field by field, in words; empty when nothing is.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let mut want = |field, ok: bool, words: &str| {
            if !ok {
                faults.push((field, words.to_owned()));
            }
        };
        want(
            "name",
            is_site_name(&self.name),
            "use 1 to 40 letters, digits, - and _",
        );
        let signed_in = matches!(self.credential, Credential::ClientSecret { .. });
        want(
            "tenant",
            !signed_in || !self.tenant.is_empty(),
            "the tenant id is needed",
        );
        let id = |text: &str| !text.is_empty() && !text.contains(['/', '?', '#', ' ']);
        let guid = uuid::Uuid::try_parse(&self.subscription).is_ok();
        want(
            "subscription",
            guid,
            "a subscription id looks like 00000000-0000-0000-0000-000000000000",
        );
        let open = match &self.proxy {
            Proxy::Url(url) => !url.contains('@'),
            Proxy::System | Proxy::None => true,
        };
        want(
            "proxy",
            open,
            "a password is not kept here; use HTTPS_PROXY in the environment",
        );
        want(
            "resource_group",
            id(&self.resource_group),
            "the vault's resource group is needed",
        );
        let vaults = !self.vaults.is_empty() && self.vaults.iter().all(|vault| id(vault));
        want("vaults", vaults, "name at least one vault");
        if let Credential::ClientSecret { client_id, .. } = &self.credential {
            want(
                "client_id",
                !client_id.is_empty(),
                "the application's client id is needed",
            );
        }
        let date = self
            .api_version
            .get(..10)
            .is_some_and(|d| d.parse::<jiff::civil::Date>().is_ok());
        want("api_version", date, "use a date like 2025-08-01");
        want("parallel", (1..=64).contains(&self.parallel), "use 1 to 64");
        want(
            "timeout_seconds",
            (1..=600).contains(&self.timeout_seconds),
            "use 1 to 600",
        );
        want(
            "retry_base_ms",
            (1..=60_000).contains(&self.retry_base_ms),
            "use 1 to 60000",
        );
        want(
            "poll_ms",
            (10..=600_000).contains(&self.poll_ms),
            "use 10 to 600000",
        );
        want(
            "reconcile_ms",
            self.reconcile_ms
                .is_none_or(|ms| (self.poll_ms..=3_600_000).contains(&ms)),
            "use poll_ms to 3600000",
        );
        if let Err(why) = Ranges::parse(self.at_home.iter().map(String::as_str)) {
            want("at_home", false, &why);
        }
        faults
    }

    /// [`Self::reconcile_ms`], or what stands for it.
    #[must_use]
    pub fn apart_ms(&self) -> u64 {
        self.reconcile_ms
            .unwrap_or_else(|| self.poll_ms.saturating_mul(18))
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

    fn usual_timeout() -> u64 {
        30
    }

    fn usual_retry_base() -> u64 {
        500
    }

    fn usual_poll() -> u64 {
        10_000
    }
}

/// Whether a site may be called so: the name is a file's name, too.
#[must_use]
pub fn is_site_name(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
