//! The order of a plan's cut-overs, and what is done and waited for around them.
//!
//! Waves come one after another; within a wave, and across them, a machine may wait for others. What
//! is waited for *after* a machine's own cut-over - a heartbeat, an answer on a port, a person - must
//! hold before those that depend on it go on.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::recovery::Minutes;
use crate::domain::ids::ArmId;
use crate::domain::text::Text;

/// What a plan says about all its machines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanOrder {
    /// Most machines in cut-over at a time; `None` is no limit but the waves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_once: Option<NonZeroU32>,
    #[serde(default, skip_serializing_if = "Around::is_empty")]
    pub hooks: Around,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs_person: Option<Caller>,
}

/// What a plan says about one machine's place in the order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MachineOrder {
    /// The machines whose cut-over it waits for, beside the waves before its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<ArmId>,
    /// Whether the others go on without a question when it does not come through.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// Wait, before its own cut-over, until its replication is healthy; a person is asked after so
    /// long. Not for Hyper-V, whose synchronisation is that wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replication: Option<Minutes>,
    /// What must hold after its cut-over before its dependants and the next wave go on, in this
    /// order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ready: Vec<Ready>,
    /// Around its cut-over: after the waits of the door, and after `ready`.
    #[serde(default, skip_serializing_if = "Around::is_empty")]
    pub hooks: Around,
}

/// Local commands before and after something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Around {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Hook>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Hook>,
}

/// A local command: no shell, no input, a bounded output, an end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Hook {
    /// The argument vector, the program first. It stands in the plan and in the journal: no place for
    /// a secret.
    pub command: Vec<String>,
    /// After which it is ended.
    #[serde(default = "Hook::usual_limit")]
    pub limit: Minutes,
    /// The exit codes that are well.
    #[serde(default = "Hook::usual_codes", skip_serializing_if = "Hook::is_usual")]
    pub well: Vec<u8>,
    /// What becomes of any other end.
    #[serde(default, skip_serializing_if = "Otherwise::is_ask")]
    pub otherwise: Otherwise,
}

/// What becomes of a command that did not end well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Otherwise {
    /// A person is asked.
    #[default]
    Ask,
    /// It goes on, and is amber.
    GoOn,
    /// What comes after it is not begun.
    Stop,
}

/// A command that is run when the run needs a person, again and again until nobody is waited for.
/// How it ends never harms the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Caller {
    /// The argument vector, the program first.
    pub command: Vec<String>,
    /// After which it is ended.
    #[serde(default = "Caller::usual_limit")]
    pub limit: Minutes,
    /// The pause until it is run again.
    #[serde(default = "Caller::usual_pause")]
    pub every: Minutes,
}

/// What is waited for after a machine's cut-over. Each limit is that after which a person is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Ready {
    /// The machine's agent reported after the cut-over, by the service's clock. Reports are up to
    /// eleven minutes late as a matter of course (asr-rest.md 13).
    Heartbeat { limit: Minutes },
    /// Somebody accepts connections there.
    Tcp {
        host: Text,
        port: u16,
        limit: Minutes,
    },
    /// A GET is answered with this status. Certificates are verified.
    Http {
        url: Text,
        #[serde(default = "ok", skip_serializing_if = "is_ok")]
        status: u16,
        limit: Minutes,
    },
    /// So long, by the service's clock.
    Delay(Minutes),
    /// A person says so.
    Confirm(Text),
}

fn ok() -> u16 {
    200
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_ok(status: &u16) -> bool {
    *status == 200
}

impl PlanOrder {
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// What counts for whoever agreed to a machine of the plan.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        words.extend(self.at_once.map(|most| format!("at once {most}")));
        words.extend(self.hooks.words("plan"));
        words
    }

    pub(super) fn fault(&self) -> Option<String> {
        let caller = self.needs_person.as_ref();
        let bad = caller.filter(|caller| !is_command(&caller.command));
        self.hooks.fault("the plan").or_else(|| {
            bad.map(|_| "the command that calls a person names no program; name one".into())
        })
    }
}

impl MachineOrder {
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Every word of it, in a fixed order; none where it is as usual.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        for id in &self.after {
            words.push(format!("after {}", id.as_str().to_ascii_lowercase()));
        }
        if self.optional {
            words.push("optional".into());
        }
        let replication = self.replication.map(|limit| limit.0);
        words.extend(replication.map(|limit| format!("replication {limit} min")));
        words.extend(self.ready.iter().map(|ready| format!("ready {ready:?}")));
        words.extend(self.hooks.words("machine"));
        words
    }

    pub(super) fn fault(&self, name: &Text) -> Option<String> {
        let ready = self.ready.iter().find_map(Ready::fault);
        let ready = ready.map(|why| format!("what is waited for after {name} {why}"));
        ready.or_else(|| self.hooks.fault(name.as_str()))
    }
}

impl Around {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.before.is_none() && self.after.is_none()
    }

    pub(super) fn words(&self, what: &str) -> Vec<String> {
        let one = |when: &str, hook: &Option<Hook>| {
            hook.as_ref().map(|hook| format!("{when} {what}: {hook:?}"))
        };
        let both = [one("before", &self.before), one("after", &self.after)];
        both.into_iter().flatten().collect()
    }

    pub(super) fn fault(&self, what: &str) -> Option<String> {
        let both = [("before", &self.before), ("after", &self.after)];
        both.into_iter().find_map(|(when, hook)| {
            let hook = hook.as_ref()?;
            let why = match () {
                () if !is_command(&hook.command) => "names no program; name one",
                () if hook.well.is_empty() => {
                    "has no exit code that is well; name one, 0 as a rule"
                }
                () => return None,
            };
            Some(format!("the command {when} {what} {why}"))
        })
    }
}

fn is_command(command: &[String]) -> bool {
    let whole = command.iter().all(|word| !word.contains('\0'));
    whole
        && command
            .first()
            .is_some_and(|program| !program.trim().is_empty())
}

impl Hook {
    /// A command as it usually is: ten minutes, 0 is well, anything else asks a person.
    #[must_use]
    pub fn new(command: Vec<String>) -> Self {
        Self {
            command,
            limit: Self::usual_limit(),
            well: Self::usual_codes(),
            otherwise: Otherwise::Ask,
        }
    }

    /// As a person writes it.
    #[must_use]
    pub fn shown(&self) -> Text {
        self.command.join(" ").into()
    }

    fn usual_limit() -> Minutes {
        Minutes(10)
    }

    fn usual_codes() -> Vec<u8> {
        vec![0]
    }

    #[allow(clippy::ptr_arg, reason = "serde asks for the field's own type")]
    fn is_usual(well: &Vec<u8>) -> bool {
        *well == [0]
    }
}

impl Otherwise {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Ask => "else a person is asked",
            Self::GoOn => "else it goes on, amber",
            Self::Stop => "else it stops there",
        }
    }

    #[allow(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde asks for a reference"
    )]
    fn is_ask(&self) -> bool {
        *self == Self::Ask
    }
}

impl Caller {
    /// A command as it usually is: a minute, again after a quarter of an hour.
    #[must_use]
    pub fn new(command: Vec<String>) -> Self {
        Self {
            command,
            limit: Self::usual_limit(),
            every: Self::usual_pause(),
        }
    }

    fn usual_limit() -> Minutes {
        Minutes(1)
    }

    fn usual_pause() -> Minutes {
        Minutes(15)
    }
}

impl Ready {
    /// After which a person is asked; `None` where that is the wait itself.
    #[must_use]
    pub fn limit(&self) -> Option<Minutes> {
        match self {
            Self::Heartbeat { limit } | Self::Tcp { limit, .. } | Self::Http { limit, .. } => {
                Some(*limit)
            }
            Self::Delay(_) | Self::Confirm(_) => None,
        }
    }

    /// What is waited for, as it stands after "wait for".
    #[must_use]
    pub fn words(&self) -> Text {
        match self {
            Self::Heartbeat { .. } => "a heartbeat of its agent".into(),
            Self::Tcp { host, port, .. } => format!("an answer at {host} port {port}").into(),
            Self::Http { url, status, .. } => format!("status {status} of {url}").into(),
            Self::Delay(Minutes(minutes)) => format!("{minutes} min").into(),
            Self::Confirm(words) => format!("a person: {words}").into(),
        }
    }

    pub(super) fn fault(&self) -> Option<&'static str> {
        match self {
            Self::Tcp { host, .. } if !is_host(host.as_str()) => {
                Some("names no host; write a name or an address, without a port")
            }
            Self::Tcp { port: 0, .. } => Some("names port 0; write 1 to 65535"),
            Self::Http { url, .. } if !is_address(url.as_str()) => {
                Some("names no address; write http:// or https://, without a user or a password")
            }
            Self::Http { status, .. } if !(100..600).contains(status) => {
                Some("names no status of HTTP; write 100 to 599")
            }
            Self::Confirm(words) if words.as_str().trim().is_empty() => {
                Some("asks a person nothing; write what they are to confirm")
            }
            _ => None,
        }
    }
}

fn is_host(host: &str) -> bool {
    let foreign = |c: char| c.is_whitespace() || c.is_control() || "/@?#[]".contains(c);
    !host.is_empty() && host.len() <= 253 && !host.contains(foreign)
}

/// An address that holds no password: it stands in plans and journals.
fn is_address(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| lower.strip_prefix(scheme));
    rest.is_some_and(|rest| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let clean = !url.contains(|c: char| c.is_whitespace() || c.is_control());
        clean && url.len() <= 2048 && !authority.is_empty() && !authority.contains(['@', '\\'])
    })
}
