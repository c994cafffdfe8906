//! The form of the connect screen: its fields, what is wrong with each, and the profile they make.
//! Secrets are never typed here; a field only names where one comes from.

mod profile;

use super::effect::Generation;
use super::field::Field;
use crate::site::{Finding, Verdict};

/// What a line of the form is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    Name,
    Tenant,
    Subscription,
    ResourceGroup,
    Vaults,
    SignIn,
    ClientId,
    SecretFrom,
    Secret,
    Arm,
    Login,
    CaFile,
    ProxyKind,
    ProxyUrl,
    Test,
    Save,
}

/// How to sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignIn {
    /// As `failback site add` does unless it is told otherwise: nothing more is asked.
    #[default]
    AzureCli,
    ClientSecret,
    ManagedIdentity,
}

/// Where the secret comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretFrom {
    #[default]
    Environment,
    File,
    Command,
    Prompt,
}

/// Which proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProxyKind {
    #[default]
    System,
    None,
    Url,
}

/// The variable that is suggested for the client secret.
const USUAL_VARIABLE: &str = "FAILBACK_CLIENT_SECRET";

/// The form as it stands.
#[derive(Debug)]
pub struct Form {
    pub focus: Entry,
    pub sign_in: SignIn,
    pub secret_from: SecretFrom,
    pub proxy: ProxyKind,
    /// Every text ever typed, also of entries that do not apply now.
    texts: [(Entry, Field); 11],
    /// What is wrong, by entry; shown under it.
    pub errors: Vec<(Entry, String)>,
    pub testing: Option<Generation>,
    pub findings: Vec<Finding>,
    pub saving: bool,
    pub save_failure: Option<crate::domain::Failure>,
    /// Where the screen is scrolled to beyond the focus.
    pub scroll: Option<usize>,
}

impl Default for Form {
    fn default() -> Self {
        use Entry as E;
        let empty = |entry| (entry, Field::default());
        Self {
            focus: E::Name,
            sign_in: SignIn::default(),
            secret_from: SecretFrom::default(),
            proxy: ProxyKind::default(),
            texts: [
                empty(E::Name),
                empty(E::Tenant),
                empty(E::Subscription),
                empty(E::ResourceGroup),
                empty(E::Vaults),
                empty(E::ClientId),
                (E::Secret, Field::holding(USUAL_VARIABLE)),
                (E::Arm, Field::holding("https://management.azure.com")),
                (
                    E::Login,
                    Field::holding("https://login.microsoftonline.com"),
                ),
                empty(E::CaFile),
                empty(E::ProxyUrl),
            ],
            errors: Vec::new(),
            testing: None,
            findings: Vec::new(),
            saving: false,
            save_failure: None,
            scroll: None,
        }
    }
}

impl Form {
    /// The entries that apply, in order. What Azure or the system knows is not asked.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        use Entry as E;
        let mut entries = vec![
            E::Name,
            E::Tenant,
            E::Subscription,
            E::ResourceGroup,
            E::Vaults,
            E::SignIn,
        ];
        match self.sign_in {
            SignIn::ClientSecret => {
                entries.extend([E::ClientId, E::SecretFrom]);
                if self.secret_from != SecretFrom::Prompt {
                    entries.push(E::Secret);
                }
            }
            SignIn::ManagedIdentity => entries.push(E::ClientId),
            SignIn::AzureCli => {}
        }
        entries.extend([E::Arm, E::Login, E::CaFile, E::ProxyKind]);
        if self.proxy == ProxyKind::Url {
            entries.push(E::ProxyUrl);
        }
        entries.extend([E::Test, E::Save]);
        entries
    }

    #[must_use]
    pub fn label(&self, entry: Entry) -> &'static str {
        match entry {
            Entry::Name => "Name of the site",
            Entry::Tenant => "Tenant",
            Entry::Subscription => "Subscription id",
            Entry::ResourceGroup => "Resource group",
            Entry::Vaults => "Vaults",
            Entry::SignIn => "Sign in with",
            Entry::ClientId => "Client id",
            Entry::SecretFrom => "Secret comes from",
            Entry::Secret => match self.secret_from {
                SecretFrom::Environment | SecretFrom::Prompt => "Variable",
                SecretFrom::File => "File",
                SecretFrom::Command => "Command",
            },
            Entry::Arm => "ARM endpoint",
            Entry::Login => "Sign-in endpoint",
            Entry::CaFile => "CA file (PEM)",
            Entry::ProxyKind => "Proxy",
            Entry::ProxyUrl => "Proxy address",
            Entry::Test => "Test",
            Entry::Save => "Save",
        }
    }

    /// One line for the entry in focus: what belongs there.
    #[must_use]
    pub fn help(&self, entry: Entry) -> &'static str {
        match entry {
            Entry::Name => "What you call it; letters, digits, - and _.",
            Entry::Tenant => "The directory: an id, or a domain such as contoso.onmicrosoft.com.",
            Entry::Subscription => "The subscription that the vaults are in.",
            Entry::ResourceGroup => "The resource group of the vaults.",
            Entry::Vaults => "Recovery Services vaults, with blanks or commas between them.",
            Entry::SignIn | Entry::SecretFrom | Entry::ProxyKind => "Space, Left and Right choose.",
            Entry::ClientId => match self.sign_in {
                SignIn::ManagedIdentity => {
                    "Of a user-assigned identity; empty for the machine's own."
                }
                _ => "The application id of the service principal.",
            },
            Entry::Secret => match self.secret_from {
                SecretFrom::Environment | SecretFrom::Prompt => {
                    "Name of an environment variable; the secret itself is never kept."
                }
                SecretFrom::File => "A file only you can read; its first line is the secret.",
                SecretFrom::Command => {
                    "Program and arguments; the first line it prints is the secret."
                }
            },
            Entry::Arm | Entry::Login => "Leave it unless your cloud has its own.",
            Entry::CaFile => "More CAs to trust, for a proxy that opens TLS; empty for none.",
            Entry::ProxyUrl => "Such as http://proxy.contoso.com:8080.",
            Entry::Test => "Signs in and reads a little of everything; changes nothing.",
            Entry::Save => "Keeps the site, without secrets, and reads it.",
        }
    }

    /// The words of a choice, `None` for a text entry or a button.
    #[must_use]
    pub fn choice(&self, entry: Entry) -> Option<&'static str> {
        Some(match entry {
            Entry::SignIn => match self.sign_in {
                SignIn::ClientSecret => "service principal with a client secret",
                SignIn::ManagedIdentity => "managed identity of this machine",
                SignIn::AzureCli => "Azure CLI, as signed in here",
            },
            Entry::SecretFrom => match self.secret_from {
                SecretFrom::Environment => "environment variable",
                SecretFrom::File => "private file",
                SecretFrom::Command => "command",
                SecretFrom::Prompt => "asked when the program starts",
            },
            Entry::ProxyKind => match self.proxy {
                ProxyKind::System => "as the environment says (HTTPS_PROXY)",
                ProxyKind::None => "none",
                ProxyKind::Url => "this one",
            },
            _ => return None,
        })
    }

    /// Turns the choice in focus one on, or back; whether there was one.
    pub fn turn(&mut self, forward: bool) -> bool {
        fn step<T: Copy + PartialEq>(all: &[T], now: T, forward: bool) -> T {
            let at = all.iter().position(|one| *one == now).unwrap_or(0);
            let by = if forward { 1 } else { all.len() - 1 };
            all[(at + by) % all.len()]
        }
        match self.focus {
            Entry::SignIn => {
                use SignIn::{AzureCli, ClientSecret, ManagedIdentity};
                let all = [AzureCli, ClientSecret, ManagedIdentity];
                self.sign_in = step(&all, self.sign_in, forward);
                // What one way wants, another does not.
                let of_sign_in = |entry: &Entry| matches!(entry, Entry::ClientId | Entry::Secret);
                self.errors.retain(|(entry, _)| !of_sign_in(entry));
            }
            Entry::SecretFrom => {
                use SecretFrom::{Command, Environment, File, Prompt};
                let all = [Environment, File, Command, Prompt];
                self.secret_from = step(&all, self.secret_from, forward);
                self.suggest_variable();
            }
            Entry::ProxyKind => {
                use ProxyKind::{None, System, Url};
                self.proxy = step(&[System, None, Url], self.proxy, forward);
            }
            _ => return false,
        }
        true
    }

    /// The usual variable is suggested where a variable is asked for, and only there; what was typed
    /// stays.
    fn suggest_variable(&mut self) {
        let suggestion = match (self.secret_from, self.text(Entry::Secret)) {
            (SecretFrom::Environment, "") => USUAL_VARIABLE,
            (SecretFrom::Environment, _) => return,
            (_, USUAL_VARIABLE) => "",
            _ => return,
        };
        if let Some((_, field)) = self.texts.iter_mut().find(|(of, _)| *of == Entry::Secret) {
            *field = Field::holding(suggestion);
        }
    }

    #[must_use]
    pub fn field(&self, entry: Entry) -> Option<&Field> {
        let found = self.texts.iter().find(|(of, _)| *of == entry);
        found.map(|(_, field)| field)
    }

    /// The text field in focus.
    pub fn field_mut(&mut self) -> Option<&mut Field> {
        let found = self.texts.iter_mut().find(|(of, _)| *of == self.focus);
        found.map(|(_, field)| field)
    }

    #[must_use]
    pub fn text(&self, entry: Entry) -> &str {
        self.field(entry).map_or("", |field| field.text().trim())
    }

    #[must_use]
    pub fn error(&self, entry: Entry) -> Option<&str> {
        let found = self.errors.iter().find(|(of, _)| *of == entry);
        found.map(|(_, words)| words.as_str())
    }

    /// Moves the focus. What was left is checked, but nothing holds the person back.
    pub fn go(&mut self, forward: bool) {
        let entries = self.entries();
        let at = entries.iter().position(|e| *e == self.focus).unwrap_or(0);
        let by = if forward { 1 } else { entries.len() - 1 };
        let left = self.focus;
        self.focus = entries[(at + by) % entries.len()];
        self.scroll = None;
        self.errors.retain(|(entry, _)| *entry != left);
        self.errors
            .extend(self.wrong(left).map(|words| (left, words)));
    }

    /// Whether the last test went through without a failure.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.testing.is_none()
            && !self.findings.is_empty()
            && self
                .findings
                .iter()
                .all(|finding| matches!(finding.verdict, Verdict::Good(_) | Verdict::But(_)))
    }
}
