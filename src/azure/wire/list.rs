//! A page of a list: `{"value":[...],"nextLink":null|"url"}`.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};

use super::leaf::Word;

/// Most entries of a page. The service's own pages hold some hundred; one of 64 MiB could hold 21
/// million `{}`, which would be gigabytes once read.
const MOST_ENTRIES: usize = 50_000;

/// Said of a page that has more. [`crate::azure`] passes it on.
pub const TOO_MANY: &str = "too many entries";

/// A page read whole. `value` must be there: an answer without it is no list.
#[derive(Debug, serde::Deserialize)]
pub struct List<T> {
    #[serde(
        bound(deserialize = "T: Deserialize<'de>"),
        deserialize_with = "entries"
    )]
    pub value: Vec<T>,
    #[serde(rename = "nextLink", default)]
    pub next_link: Word,
}

fn entries<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    from.deserialize_seq(Entries(PhantomData))
}

struct Entries<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = seq.next_element()? {
            if all.len() >= MOST_ENTRIES {
                return Err(A::Error::custom(TOO_MANY));
            }
            all.push(one);
        }
        Ok(all)
    }
}
