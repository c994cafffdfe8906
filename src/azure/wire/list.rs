//! A page of a list: `{"value":[...],"nextLink":null|"url"}`.

use serde::Deserialize;

use super::leaf::Word;

/// A page read whole. `value` must be there: an answer without it is no list.
#[derive(Debug, Deserialize)]
pub struct List<T> {
    pub value: Vec<T>,
    #[serde(rename = "nextLink", default)]
    pub next_link: Word,
}
