//! What an agent calls itself.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::text::Text;

/// What stands where an agent that never registered would have its id (cx-protocol.md 5).
pub const PLACEHOLDER: &str = "1234_45466_67689";

/// The id of a mobility agent, `HostId` in its configuration: 36 characters as 8-4-4-4-12, or the
/// classic 35 as 8-4-4-16. Compares without regard to case and braces, and keeps its spelling
/// (cx-protocol.md 5).
#[derive(Clone)]
pub struct HostId(Box<str>);

/// Lengths of the groups between the dashes of the two legal forms.
const FORMS: [&[usize]; 2] = [&[8, 4, 4, 4, 12], &[8, 4, 4, 16]];

impl HostId {
    /// Takes an id from outside. `None` for what is of neither form, and for the id that is all
    /// zeros, which nobody was given.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let bare = match (raw.strip_prefix('{'), raw.strip_suffix('}')) {
            (Some(_), Some(_)) => raw.get(1..raw.len() - 1)?,
            (None, None) => raw,
            _ => return None,
        };
        let nobody = bare.bytes().all(|b| matches!(b, b'0' | b'-'));
        let whole = FORMS.iter().any(|form| fits(bare, form) == Some(true));
        (whole && !nobody).then(|| Self(bare.into()))
    }

    /// As its first spelling had it, without braces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both have the same digits, one in each form: neither the same id to those who compare
    /// spellings, nor another one for certain.
    #[must_use]
    pub fn resembles(&self, other: &Self) -> bool {
        let digits = |id: &Self| id.0.replace('-', "").to_ascii_lowercase();
        self != other && digits(self) == digits(other)
    }
}

/// Whether `text` is of a form: `Some(true)` whole, `Some(false)` as far as it goes.
fn fits(text: &str, form: &[usize]) -> Option<bool> {
    let mut rest = text.as_bytes();
    for (place, length) in form.iter().enumerate() {
        if place > 0 {
            match rest.split_first() {
                Some((b'-', behind)) => rest = behind,
                Some(_) => return None,
                None => return Some(false),
            }
        }
        let digits = rest
            .iter()
            .take(*length)
            .take_while(|b| b.is_ascii_hexdigit())
            .count();
        rest = &rest[digits..];
        if digits < *length {
            return rest.is_empty().then_some(false);
        }
    }
    rest.is_empty().then_some(true)
}

impl PartialEq for HostId {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for HostId {}

impl Hash for HostId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
    }
}

impl fmt::Display for HostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for HostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl Serialize for HostId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for HostId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Text::deserialize(deserializer)?;
        Self::parse(raw.as_str()).ok_or_else(|| serde::de::Error::custom("it is no agent's id"))
    }
}

/// What stands where an agent's id is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "value")]
pub enum Called {
    Id(HostId),
    /// The placeholder of an agent that never registered.
    NeverRegistered,
    /// The beginning of an id.
    Truncated(Text),
    /// Something that is no id.
    Malformed(Text),
    /// Nothing.
    Nothing,
}

impl Called {
    /// Nothing is trimmed: an agent whose id has a blank in it has another id.
    #[must_use]
    pub fn of(raw: &str) -> Self {
        if raw.is_empty() {
            return Self::Nothing;
        }
        if raw == PLACEHOLDER {
            return Self::NeverRegistered;
        }
        if let Some(id) = HostId::parse(raw) {
            return Self::Id(id);
        }
        let bare = raw.strip_prefix('{').unwrap_or(raw);
        let begun = FORMS.iter().any(|form| fits(bare, form) == Some(false));
        match begun {
            true => Self::Truncated(raw.into()),
            false => Self::Malformed(raw.into()),
        }
    }

    #[must_use]
    pub fn id(&self) -> Option<&HostId> {
        match self {
            Self::Id(id) => Some(id),
            _ => None,
        }
    }

    /// As a sentence goes on behind "the agent's id".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Id(id) => format!("is {id}"),
            Self::NeverRegistered => "is the placeholder of one that never registered".into(),
            Self::Truncated(raw) => format!("is cut off: {raw}"),
            Self::Malformed(raw) => format!("is no id: {raw}"),
            Self::Nothing => "is missing".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NEW: &str = "9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4";
    const CLASSIC: &str = "5CD9A161-43C4-8F42-9951DF9131773F18";

    #[test]
    fn both_forms_are_ids_in_either_case_and_with_braces() {
        for raw in [NEW, CLASSIC] {
            let id = HostId::parse(raw).unwrap();
            assert_eq!(id.as_str(), raw);
            assert_eq!(HostId::parse(&raw.to_uppercase()), Some(id.clone()));
            assert_eq!(
                HostId::parse(&format!("{{{}}}", raw.to_lowercase())),
                Some(id)
            );
        }
    }

    #[test]
    fn what_is_of_neither_form_is_no_id() {
        for raw in [
            "",
            "{",
            "{}",
            "}{",
            PLACEHOLDER,
            "{9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4",
            "9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4}",
            "9b0c2f6e41d74a558c3e7f2d10b6e8a4",
            "9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a",
            "9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a41",
            "5CD9A161-43C4-8F42-9951DF9131773F1",
            "5CD9A161-43C4-8F42-9951DF9131773F188",
            "9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8ag",
            "00000000-0000-0000-0000-000000000000",
        ] {
            assert_eq!(HostId::parse(raw), None, "{raw:?}");
        }
    }

    #[test]
    fn an_id_that_was_cut_off_is_told_from_one_that_is_none() {
        for raw in ["9b0c2f6e-41d7-4a55-8c3e", &NEW[..35], &CLASSIC[..34], "9"] {
            assert_eq!(Called::of(raw), Called::Truncated(raw.into()), "{raw}");
        }
        for raw in [
            "web-01",
            "9b0c2f6e_41d7",
            " ",
            "9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a41",
        ] {
            assert_eq!(Called::of(raw), Called::Malformed(raw.into()), "{raw}");
        }
        assert_eq!(Called::of(""), Called::Nothing);
        assert_eq!(Called::of(PLACEHOLDER), Called::NeverRegistered);
    }

    #[test]
    fn the_same_digits_in_the_other_form_are_neither_the_same_nor_another_id() {
        let one = HostId::parse("5CD9A161-43C4-8F42-9951DF9131773F18").unwrap();
        let other = HostId::parse("5cd9a161-43c4-8f42-9951-df9131773f18").unwrap();
        assert!(one != other && one.resembles(&other));
        assert!(!one.resembles(&one));
        assert!(!one.resembles(&HostId::parse(NEW).unwrap()));
    }

    proptest! {
        #[test]
        fn whatever_stands_there_is_called_something(raw in any::<String>()) {
            if let Called::Id(id) = Called::of(&raw) {
                prop_assert!([35, 36].contains(&id.as_str().len()));
            }
        }
    }
}
