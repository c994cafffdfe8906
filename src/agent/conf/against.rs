//! What the values that count mean, and whether the agent reports to the site.

use std::net::IpAddr;

use super::{Conf, Finding, Key, Value, What};
use crate::domain::Text;
use crate::domain::identity::{AgentFile, MOST_REMARKS, Platform, Remark, Role, Server, Stack};

/// What is wrong with the value of a key, as far as the file alone tells.
pub(super) fn wrong(key: Key, value: Option<&Value>) -> Option<What> {
    let text = value.map(|value| value.text.clone());
    let word = text.as_ref().map_or("", |text| text.as_str());
    let named = |what: fn(Text) -> What| text.clone().map(what);
    match key {
        Key::HostId => value.is_none().then_some(What::NoId),
        Key::Role => match role(word) {
            Role::MasterTarget => Some(What::MasterTarget),
            Role::Other(_) => named(What::UnknownRole),
            Role::Agent | Role::NotTold => None,
        },
        Key::CsType => match stack(word) {
            Stack::Prime => Some(What::Prime),
            Stack::Other(_) => named(What::UnknownStack),
            Stack::Legacy => None,
        },
        Key::VmPlatform => match platform(word, "") {
            Platform::Other(_) => named(What::UnknownPlatform),
            _ => None,
        },
        Key::PlatformChange => None,
        Key::Hostname => word.is_empty().then_some(What::NoServer),
        Key::Port => match word.parse::<u16>() {
            Ok(1..) => None,
            _ => named(What::BadPort),
        },
        Key::Https => match word {
            "0" | "1" => None,
            _ => named(What::BadHttps),
        },
    }
}

/// Case counts in none of the agent's own comparisons that are known of; a word in another case is
/// taken for the word.
fn role(word: &str) -> Role {
    match word.to_ascii_lowercase().as_str() {
        "" => Role::NotTold,
        "agent" => Role::Agent,
        "mastertarget" => Role::MasterTarget,
        _ => Role::Other(word.into()),
    }
}

/// Missing is a configuration server (cx-protocol.md 5).
fn stack(word: &str) -> Stack {
    match word.to_ascii_lowercase().as_str() {
        "" | "cslegacy" => Stack::Legacy,
        "csprime" => Stack::Prime,
        _ => Stack::Other(word.into()),
    }
}

fn platform(word: &str, change: &str) -> Platform {
    match (word.to_ascii_lowercase().as_str(), change) {
        ("azure", _) => Platform::Azure,
        (_, change) if change.eq_ignore_ascii_case("VmWareToAzure") => Platform::Azure,
        ("vmware", _) => Platform::VmWare,
        ("", _) => Platform::NotTold,
        _ => Platform::Other(word.into()),
    }
}

impl Conf {
    /// What counts of the file, and what is wrong with it at this site: `servers` are the names and
    /// addresses of its configuration servers, as far as they are known.
    #[must_use]
    pub fn against(&self, servers: &[Text]) -> (AgentFile, Vec<Finding>) {
        let server = self.server(servers);
        let mut findings = self.findings.clone();
        if let (Server::NotOfTheSite(other), Some(value)) = (&server, self.value(Key::Hostname)) {
            let at = findings.partition_point(|f| f.line.is_some_and(|line| line <= value.line));
            let finding = Finding {
                line: Some(value.line),
                what: What::OtherServer(other.clone()),
            };
            findings.insert(at, finding);
        }
        let file = AgentFile {
            sha256: self.sha256.clone(),
            called: self.called(),
            refused_at: self.refused_at,
            role: role(self.text(Key::Role)),
            platform: platform(self.text(Key::VmPlatform), self.text(Key::PlatformChange)),
            stack: stack(self.text(Key::CsType)),
            server,
            findings: findings
                .iter()
                .take(MOST_REMARKS)
                .map(Remark::from)
                .collect(),
            more: self.more + findings.len().saturating_sub(MOST_REMARKS),
        };
        (file, findings)
    }

    fn server(&self, servers: &[Text]) -> Server {
        let own = self.text(Key::Hostname);
        if own.is_empty() {
            return Server::None;
        }
        let servers: Vec<_> = servers.iter().filter(|s| !s.is_empty()).collect();
        if servers.is_empty() {
            return Server::NotCompared(own.into());
        }
        match servers.iter().any(|server| same_host(own, server.as_str())) {
            true => Server::OfTheSite(own.into()),
            false => Server::NotOfTheSite(own.into()),
        }
    }
}

/// Addresses compare as addresses, names without case and closing dot.
fn same_host(one: &str, other: &str) -> bool {
    let bare = |host: &str| host.trim().trim_end_matches('.').to_ascii_lowercase();
    let address = |host: &str| bare(host).parse::<IpAddr>().ok();
    match (address(one), address(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => bare(one) == bare(other),
        _ => false,
    }
}
