//! Lists in pages: page n is read while page n+1 is being fetched, and what a page held is dropped
//! as soon as the domain's values are made of it.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::answer::Answer;
use super::error::{Error, Kind, Sent};
use super::send::Arm;
use super::wire::List;

/// Most pages of one list; a service that gives more is going round in circles.
const MOST_PAGES: usize = 20_000;

/// How well a list is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The service's time of the last page.
    pub read_at: Option<Timestamp>,
    /// Put together from single recorded answers.
    pub composed: bool,
}

impl Arm {
    /// Reads a list page by page. `door` makes a domain value of each entry, away from the async
    /// threads, and drops what it cannot name; `deliver` gets each page in order.
    ///
    /// # Errors
    /// The first failure; the pages before it were delivered.
    pub async fn pages<W, D>(
        &self,
        doing: &str,
        path: &str,
        door: fn(W) -> Option<D>,
        deliver: impl FnMut(Vec<D>) + Send,
    ) -> Result<Coverage, Error>
    where
        W: DeserializeOwned + 'static,
        D: Send + 'static,
    {
        let first = self.read(doing, path).await?;
        self.pages_from(doing, first, door, deliver).await
    }

    /// As [`Self::pages`], from a first page that is there already.
    ///
    /// # Errors
    /// As [`Self::pages`].
    pub async fn pages_from<W, D>(
        &self,
        doing: &str,
        first: Answer,
        door: fn(W) -> Option<D>,
        mut deliver: impl FnMut(Vec<D>) + Send,
    ) -> Result<Coverage, Error>
    where
        W: DeserializeOwned + 'static,
        D: Send + 'static,
    {
        let mut seen = HashSet::new();
        let mut answer = first;
        loop {
            let coverage = Coverage {
                read_at: answer.date().or_else(|| Some(self.service_now())),
                composed: answer.is_composed(),
            };
            let hint = link_hint(&answer.body);
            let work = tokio::task::spawn_blocking(move || read_list(&answer.body, door));
            let ahead = async {
                let link = hint?;
                let fetched = self.follow(doing, &link).await;
                Some((link, fetched))
            };
            let (read, ahead) = tokio::join!(work, ahead);
            let (page, next) = read
                .map_err(|_| broken(doing, "reading it failed"))?
                .map_err(|why| broken(doing, &why))?;
            deliver(page);
            let Some(next) = next else {
                return Ok(coverage);
            };
            if seen.len() >= MOST_PAGES || !seen.insert(next.clone()) {
                return Err(broken(doing, "its pages lead in a circle"));
            }
            answer = match ahead {
                Some((link, fetched)) if link == next => fetched?,
                _ => self.follow(doing, &next).await?,
            };
        }
    }
}

/// Where the list seems to go on, found without reading the page, so that the next page is on its
/// way while this one is read. Only a hint: what the page itself says counts.
fn link_hint(body: &[u8]) -> Option<String> {
    const FIELD: &[u8] = b"\"nextLink\"";
    let after = memchr::memmem::find(body, FIELD)? + FIELD.len();
    let rest = body.get(after..)?.trim_ascii_start().strip_prefix(b":")?;
    let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<Option<String>>();
    values.next()?.ok()?.filter(|link| !link.is_empty())
}

/// Reads a page: what stands on it, and where the list goes on.
fn read_list<W: DeserializeOwned, D>(
    body: &[u8],
    door: fn(W) -> Option<D>,
) -> Result<(Vec<D>, Option<String>), String> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let list: List<W> = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        match path.as_str() {
            // The page as a whole: there is no place to tell.
            "." => syntax(error.inner()),
            _ => format!("{} at {path}", syntax(error.inner())),
        }
    })?;
    json.end().map_err(|error| syntax(&error))?;
    let next = list.next_link.as_str();
    let next = (!next.is_empty()).then(|| next.to_owned());
    Ok((list.value.into_iter().filter_map(door).collect(), next))
}

/// What stands on a page.
pub(super) fn read_page<W: DeserializeOwned, D>(
    body: &[u8],
    door: fn(W) -> Option<D>,
) -> Result<Vec<D>, String> {
    read_list(body, door).map(|(page, _)| page)
}

fn broken(doing: &str, why: &str) -> Error {
    Error::new(doing, Kind::Garbage(why.into()), Sent::Answered)
}

/// Where JSON broke, without quoting what was there.
pub(super) fn syntax(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Data => "it lacks what such an answer has",
        _ => "it is not JSON",
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

/// Reads a single resource.
pub(super) fn one<W: DeserializeOwned>(doing: &str, body: &[u8]) -> Result<W, Error> {
    serde_json::from_slice(body).map_err(|error| broken(doing, &syntax(&error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_is_found_before_and_after_the_entries() {
        for body in [
            &br#"{"nextLink":"https://h/a?b\u0026c","value":[]}"#[..],
            br#"{"value":[{"id":1}], "nextLink" : "https://h/a?b&c"}"#,
        ] {
            assert_eq!(link_hint(body).as_deref(), Some("https://h/a?b&c"));
        }
        for body in [
            &br#"{"nextLink":null,"value":[]}"#[..],
            b"{}",
            b"\"nextLink\"",
            b"",
        ] {
            assert_eq!(link_hint(body), None);
        }
    }

    #[test]
    fn what_the_page_says_counts_more_than_the_hint() {
        let body = br#"{"value":[{"nextLink":"https://h/inner"}],"nextLink":null}"#;
        assert!(link_hint(body).is_some());
        let (_, next) = read_list(body, |w: super::super::wire::Resource| Some(w)).unwrap();
        assert_eq!(next, None);
    }
}
