//! Leaves that never refuse: the service writes booleans and numbers as strings, leaves fields out,
//! adds others, and changes its mind between versions (asr-rest.md 0). A field of the wrong kind
//! reads as absent; only broken JSON is an error.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::domain::{ArmId, Bytes, Text};

/// A scalar of any kind, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word(Option<Box<str>>);

impl Word {
    /// The word, empty when absent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }

    #[must_use]
    pub fn text(&self) -> Text {
        Text::from_outside(self.as_str())
    }

    #[must_use]
    pub fn id(&self) -> Option<ArmId> {
        ArmId::parse(self.as_str())
    }

    /// A whole number, also out of `"2"`, `2.0` and `"0%"`.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        let value = self.decimal()?;
        (0.0..=9.0e18).contains(&value).then_some(value as u64)
    }

    #[must_use]
    pub fn decimal(&self) -> Option<f64> {
        let value: f64 = self.as_str().trim().trim_end_matches('%').parse().ok()?;
        value.is_finite().then_some(value)
    }

    /// A percentage from 0 to 100.
    #[must_use]
    pub fn percent(&self) -> Option<u8> {
        self.number()
            .map(|n| u8::try_from(n.min(100)).unwrap_or(100))
    }

    #[must_use]
    pub fn bytes(&self) -> Option<Bytes> {
        self.number().map(Bytes)
    }

    /// A count of another unit, as bytes: `439.5` GB of a data store.
    #[must_use]
    pub fn scaled(&self, unit: u64) -> Option<Bytes> {
        let bytes = self.decimal()? * unit as f64;
        (0.0..=9.0e18)
            .contains(&bytes)
            .then_some(Bytes(bytes as u64))
    }

    /// A point in time; the "never" dates (years 1, 1753 and 9999) are none, and a time without a
    /// zone is UTC (asr-rest.md 0).
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        let raw = self.as_str();
        let time = match raw.parse::<Timestamp>() {
            Ok(time) => time,
            Err(_) => raw
                .parse::<DateTime>()
                .ok()?
                .to_zoned(TimeZone::UTC)
                .ok()?
                .timestamp(),
        };
        let year = time.to_zoned(TimeZone::UTC).year();
        (1754..9999).contains(&year).then_some(time)
    }

    #[must_use]
    pub fn is(&self, word: &str) -> bool {
        self.as_str().eq_ignore_ascii_case(word)
    }
}

struct WordVisitor;

impl<'de> Visitor<'de> for WordVisitor {
    type Value = Word;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, v: &str) -> Result<Word, E> {
        Ok(Word(Some(v.into())))
    }

    fn visit_string<E>(self, v: String) -> Result<Word, E> {
        Ok(Word(Some(v.into_boxed_str())))
    }

    fn visit_bool<E>(self, v: bool) -> Result<Word, E> {
        Ok(Word(Some(if v { "true" } else { "false" }.into())))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Word, E> {
        Ok(Word(Some(v.to_string().into())))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Word, E> {
        Ok(Word(Some(v.to_string().into())))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Word, E> {
        Ok(Word(Some(v.to_string().into())))
    }

    fn visit_unit<E>(self) -> Result<Word, E> {
        Ok(Word(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Word, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Word(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Word, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Word(None))
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor)
    }
}

/// Ignores scalars, for visitors that want a list or an object.
macro_rules! scalars_are_absent {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("anything")
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
}

/// Most entries of a list inside an answer that are kept: far more than a machine has disks. A page
/// of 64 MiB holds 21 million `{}`, which would be gigabytes once read.
const MOST_ENTRIES: usize = 10_000;

/// A list, empty when absent, and cut short when it has no end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Many<T>(pub Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

struct ManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    scalars_are_absent!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Many<T>, A::Error> {
        let mut all = Vec::new();
        while all.len() < MOST_ENTRIES {
            match seq.next_element()? {
                Some(one) => all.push(one),
                None => return Ok(Many(all)),
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Many(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Many<T>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Many::default())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}

/// An object, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<T>(pub Option<Box<T>>);

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Default> Part<T> {
    /// What is there, or what an empty object would read as.
    #[must_use]
    pub fn or_empty(self) -> T {
        self.0.map(|part| *part).unwrap_or_default()
    }
}

struct PartVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PartVisitor<T> {
    type Value = Part<T>;

    scalars_are_absent!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Part<T>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Part(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Part<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|part| Part(Some(Box::new(part))))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Part<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PartVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(json: &str) -> Word {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_scalar_of_any_kind_is_read() {
        assert_eq!(word("\"2\"").number(), Some(2));
        assert_eq!(word("2").number(), Some(2));
        assert_eq!(word("\"0%\"").number(), Some(0));
        assert!(word("true").is("true") && word("\"True\"").is("true"));
        assert_eq!(
            word("\"439.5\"").scaled(1 << 30),
            Some(Bytes(471_909_531_648))
        );
        for absent in ["null", "[1,{}]", "{\"a\":[1]}"] {
            assert!(word(absent).is_empty(), "{absent}");
        }
        assert_eq!(word("-1").number(), None);
        assert_eq!(word("\"NaN\"").number(), None);
        assert_eq!(word("1e300").number(), None);
    }

    #[test]
    fn never_is_no_time() {
        for never in [
            "0001-01-01T00:00:00",
            "1753-01-01T01:01:01Z",
            "9999-12-31T23:59:59.9999999",
            "",
        ] {
            assert_eq!(word(&format!("{never:?}")).time(), None, "{never}");
        }
        let utc = word("\"2021-04-06T15:03:38.7688454Z\"").time().unwrap();
        assert_eq!(word("\"2021-04-06T15:03:38.7688454\"").time(), Some(utc));
        assert_eq!(
            word("\"2021-04-06T20:33:38.7688454+05:30\"").time(),
            Some(utc)
        );
    }

    #[test]
    fn a_list_without_end_is_cut_short() {
        let json = format!("[{}1]", "1,".repeat(MOST_ENTRIES + 7));
        let many: Many<Word> = serde_json::from_str(&json).unwrap();
        assert_eq!(many.0.len(), MOST_ENTRIES);
    }

    #[test]
    fn lists_and_objects_of_the_wrong_kind_are_absent() {
        for json in ["null", "3", "\"x\"", "{\"a\":1}", "true"] {
            assert!(
                serde_json::from_str::<Many<Word>>(json)
                    .unwrap()
                    .0
                    .is_empty()
            );
        }
        for json in ["null", "3", "\"x\"", "[1]", "true"] {
            assert!(
                serde_json::from_str::<Part<Many<Word>>>(json)
                    .unwrap()
                    .0
                    .is_none()
            );
        }
        assert!(serde_json::from_str::<Word>("{\"a\":").is_err());
    }
}
