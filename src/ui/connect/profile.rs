//! From the form to a profile, with a sentence for each entry that is wrong.

use std::path::PathBuf;

use super::{Entry, Form, ProxyKind, SecretFrom, SignIn};
use crate::store::{Credential, Profile, Proxy, SecretSource};

impl Form {
    /// What is wrong with one entry, as a sentence.
    #[must_use]
    pub fn wrong(&self, entry: Entry) -> Option<String> {
        if !self.entries().contains(&entry) {
            return None;
        }
        let text = self.text(entry);
        let missing = |what: &str| text.is_empty().then(|| format!("{what} is missing."));
        match entry {
            Entry::Name => missing("The name").or_else(|| {
                let ok = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
                let bad = text.chars().find(|c| !ok(*c));
                bad.map(|c| format!("{c:?} cannot stand in a name; letters, digits, - and _ can."))
            }),
            Entry::Tenant => missing("The tenant").or_else(|| host_like(text, "a tenant")),
            Entry::Subscription => missing("The subscription id").or_else(|| {
                let bad = uuid::Uuid::try_parse(text).is_err();
                bad.then(|| {
                    "A subscription id looks like 00000000-0000-0000-0000-000000000000.".into()
                })
            }),
            Entry::ResourceGroup => {
                missing("The resource group").or_else(|| segment(text, "a resource group"))
            }
            Entry::Vaults => missing("At least one vault").or_else(|| {
                self.vaults()
                    .iter()
                    .find_map(|vault| segment(vault, "a vault name"))
            }),
            Entry::ClientId => {
                let needed = self.sign_in == SignIn::ClientSecret;
                let bad = !text.is_empty() && uuid::Uuid::try_parse(text).is_err();
                missing("The client id")
                    .filter(|_| needed)
                    .or_else(|| bad.then(|| "A client id is a GUID.".into()))
            }
            Entry::Secret => match self.secret_from {
                SecretFrom::Environment => missing("The variable's name").or_else(|| {
                    let ok = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                    (!ok).then(|| {
                        "That is no variable's name. The secret itself is never typed here.".into()
                    })
                }),
                SecretFrom::File => missing("The file"),
                SecretFrom::Command => missing("The command"),
                SecretFrom::Prompt => None,
            },
            Entry::Arm | Entry::Login => missing("The endpoint").or_else(|| {
                let loopback = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
                let ok = text.starts_with("https://")
                    || loopback.iter().any(|head| text.starts_with(head));
                (!ok).then(|| "The endpoint begins with https://.".into())
            }),
            Entry::ProxyUrl => missing("The proxy's address").or_else(|| {
                let ok = text.starts_with("http://") || text.starts_with("https://");
                (!ok).then(|| "The address begins with http:// or https://.".into())
            }),
            Entry::SignIn
            | Entry::SecretFrom
            | Entry::CaFile
            | Entry::ProxyKind
            | Entry::Test
            | Entry::Save => None,
        }
    }

    /// The profile that the form makes.
    ///
    /// # Errors
    /// Every entry that is wrong, with its sentence.
    pub fn profile(&self) -> Result<Profile, Vec<(Entry, String)>> {
        let wrong: Vec<_> = self
            .entries()
            .into_iter()
            .filter_map(|entry| Some((entry, self.wrong(entry)?)))
            .collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut profile = self.essentials();
        let text = |entry| self.text(entry).to_owned();
        profile.arm = text(Entry::Arm).trim_end_matches('/').to_owned();
        profile.login = text(Entry::Login).trim_end_matches('/').to_owned();
        profile.ca_file =
            Some(PathBuf::from(text(Entry::CaFile))).filter(|path| !path.as_os_str().is_empty());
        profile.proxy = match self.proxy {
            ProxyKind::System => Proxy::System,
            ProxyKind::None => Proxy::None,
            ProxyKind::Url => Proxy::Url(text(Entry::ProxyUrl)),
        };
        Ok(profile)
    }

    fn essentials(&self) -> Profile {
        let text = |entry| self.text(entry).to_owned();
        Profile {
            tenant: text(Entry::Tenant),
            subscription: text(Entry::Subscription),
            resource_group: text(Entry::ResourceGroup),
            vaults: self.vaults(),
            ..Profile::new(self.text(Entry::Name), self.credential())
        }
    }

    fn credential(&self) -> Credential {
        let client_id = self.text(Entry::ClientId).to_owned();
        match self.sign_in {
            SignIn::AzureCli => Credential::AzureCli,
            SignIn::ManagedIdentity => Credential::ManagedIdentity {
                client_id: Some(client_id).filter(|id| !id.is_empty()),
                endpoint: None,
            },
            SignIn::ClientSecret => Credential::ClientSecret {
                client_id,
                secret: self.secret(),
            },
        }
    }

    fn secret(&self) -> SecretSource {
        let text = self.text(Entry::Secret);
        match self.secret_from {
            SecretFrom::Environment => SecretSource::Environment(text.into()),
            SecretFrom::File => SecretSource::File(text.into()),
            SecretFrom::Command => {
                SecretSource::Command(text.split_whitespace().map(Into::into).collect())
            }
            SecretFrom::Prompt => SecretSource::Prompt,
        }
    }

    fn vaults(&self) -> Vec<String> {
        self.text(Entry::Vaults)
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
            .filter(|vault| !vault.is_empty())
            .map(Into::into)
            .collect()
    }
}

/// What could not stand in a request's path.
fn segment(text: &str, what: &str) -> Option<String> {
    let ok = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '(' | ')');
    let bad = text.chars().find(|c| !ok(*c));
    bad.map(|c| format!("{c:?} cannot stand in {what}."))
}

fn host_like(text: &str, what: &str) -> Option<String> {
    let ok = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let bad = text.chars().find(|c| !ok(*c));
    bad.map(|c| format!("{c:?} cannot stand in {what}."))
}
