//! The keys that count, and what could be taken for one of them.

/// A key that this program looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    HostId,
    Role,
    VmPlatform,
    PlatformChange,
    CsType,
    Hostname,
    Port,
    Https,
}

const MAIN: &str = "vxagent";
const TRANSPORT: &str = "vxagent.transport";

/// Where each stands and how it is written; case counts (cx-protocol.md 5).
pub const KEYS: [(Key, &str, &str); 8] = [
    (Key::HostId, MAIN, "HostId"),
    (Key::Role, MAIN, "Role"),
    (Key::VmPlatform, MAIN, "VmPlatform"),
    (Key::PlatformChange, MAIN, "PlatformChange"),
    (Key::CsType, MAIN, "CSType"),
    (Key::Hostname, TRANSPORT, "Hostname"),
    (Key::Port, TRANSPORT, "Port"),
    (Key::Https, TRANSPORT, "Https"),
];

/// The sections that an agent's file has (cx-protocol.md 5).
const SECTIONS: [&str; 10] = [
    MAIN,
    TRANSPORT,
    "vxagent.account",
    "vxagent.virtualvolumes",
    "vxagent.filterdriver",
    "vxagent.replicatedvolumecapacity",
    "vxagent.volumemountpoint",
    "vxagent.volumefilesystem",
    "application",
    "appagent",
];

/// What a key turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Key(Key),
    /// Written so that a person would take it for one.
    LookAlike(&'static str),
    /// Written right, in a section in which nobody looks for it.
    Elsewhere(&'static str, &'static str),
    Nothing,
}

impl Key {
    #[must_use]
    pub fn word(self) -> &'static str {
        KEYS.iter()
            .find(|(key, ..)| *key == self)
            .map_or("", |(.., word)| word)
    }

    pub(super) fn index(self) -> usize {
        KEYS.iter().position(|(key, ..)| *key == self).unwrap_or(0)
    }
}

/// What `key` in `section` is, both as the agent reads them.
#[must_use]
pub fn known(section: &[u8], key: &[u8]) -> Known {
    let exact =
        |(_, home, word): &&(Key, &str, &str)| home.as_bytes() == section && word.as_bytes() == key;
    if let Some((key, ..)) = KEYS.iter().find(exact) {
        return Known::Key(*key);
    }
    // The two that people search the whole file for.
    for (at, home, word) in KEYS {
        if word.as_bytes() == key && matches!(at, Key::HostId | Key::Hostname) {
            return Known::Elsewhere(word, home);
        }
    }
    // "ID" of a volume and the like are far from any of them.
    let alike = |(_, home, word): &&(Key, &str, &str)| {
        (home.as_bytes() == section || *word == "HostId") && resembles(key, word)
    };
    match KEYS.iter().find(alike) {
        Some((.., word)) => Known::LookAlike(word),
        None => Known::Nothing,
    }
}

/// Whether an agent's file has a section of that name.
#[must_use]
pub fn is_section(name: &[u8]) -> bool {
    SECTIONS.iter().any(|known| known.as_bytes() == name)
}

/// The section that a person would take `name` for, where it is another one to the agent.
#[must_use]
pub fn section_meant(name: &[u8]) -> Option<&'static str> {
    if is_section(name) {
        return None;
    }
    SECTIONS.into_iter().find(|known| resembles(name, known))
}

/// Whether a person would read `written` as `meant`: another case, blanks or dashes inside, letters
/// of another script in the place of its own, or characters that are not seen.
fn resembles(written: &[u8], meant: &str) -> bool {
    // No key is far longer than what it resembles.
    if written.len() > meant.len() * 4 + 16 || written == meant.as_bytes() {
        return false;
    }
    let text = String::from_utf8_lossy(written);
    let letters = |text: &str| {
        let keep = |c: &char| c.is_ascii_alphanumeric();
        text.chars()
            .filter(keep)
            .collect::<String>()
            .to_ascii_lowercase()
    };
    if letters(&text) == letters(meant) {
        return true;
    }
    let seen: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let own: Vec<char> = meant.chars().collect();
    let same = |(a, b): (&char, &char)| !a.is_ascii() || a.eq_ignore_ascii_case(b);
    seen.len() == own.len()
        && seen.iter().any(char::is_ascii_alphanumeric)
        && seen.iter().zip(&own).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_would_take_for_a_key_is_told() {
        for written in [
            "hostid",
            "HOSTID",
            "Host Id",
            "Host_Id",
            "\u{41d}ostId",
            "Host\u{200b}Id",
        ] {
            assert_eq!(
                known(b"vxagent", written.as_bytes()),
                Known::LookAlike("HostId"),
                "{written}"
            );
        }
        assert_eq!(known(b"vxagent", b"HostId"), Known::Key(Key::HostId));
        for other in [
            "HostAgentName",
            "HostIds",
            "ConfiguredHostname",
            "",
            "\u{41d}\u{41d}",
        ] {
            assert_eq!(
                known(b"vxagent", other.as_bytes()),
                Known::Nothing,
                "{other}"
            );
        }
        assert_eq!(known(b"vxagent.virtualvolumes", b"ID"), Known::Nothing);
    }

    #[test]
    fn a_key_in_another_section_is_not_the_key() {
        assert_eq!(
            known(b"vxagent.transport", b"HostId"),
            Known::Elsewhere("HostId", "vxagent")
        );
        assert_eq!(
            known(b"vxagent", b"Hostname"),
            Known::Elsewhere("Hostname", "vxagent.transport")
        );
        assert_eq!(known(b"application", b"Port"), Known::Nothing);
    }

    #[test]
    fn a_section_in_another_case_is_another_section() {
        assert_eq!(section_meant(b"VxAgent"), Some("vxagent"));
        assert_eq!(section_meant(b" vxagent "), Some("vxagent"));
        assert_eq!(section_meant(b"vxagent"), None);
        assert_eq!(section_meant(b"other"), None);
    }
}
