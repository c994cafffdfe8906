//! A page of a list: `{"value":[...],"nextLink":null|"url"}`.

use serde::Deserialize;

use super::leaf::Word;

/// A page read whole. `value` must be there: an answer without it is no list.
#[derive(Debug, Deserialize)]
pub struct List<T> {
    pub value: Vec<T>,
}

/// What must be known of a page before the rest of it is read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Head {
    #[serde(rename = "nextLink", alias = "NextLink")]
    pub next_link: Word,
}
