//! Lists in pages: page n is read while page n+1 is being fetched, and what a page held is dropped
//! as soon as the domain's values are made of it.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::error::{Error, Kind, Sent};
use super::send::{Answer, Arm};
use super::wire::{Head, List};

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
            let mut coverage = Coverage {
                read_at: answer.date(),
                composed: answer.is_composed(),
            };
            let (answer_back, next) = next_link(doing, answer).await?;
            let work = tokio::task::spawn_blocking(move || read_page(&answer_back.body, door));
            let Some(next) = next else {
                deliver(joined(doing, work.await)?);
                coverage.read_at = coverage.read_at.or_else(|| Some(self.service_now()));
                return Ok(coverage);
            };
            if seen.len() >= MOST_PAGES || !seen.insert(next.clone()) {
                let why = "its pages lead in a circle".to_owned();
                return Err(Error::new(doing, Kind::Garbage(why), Sent::Answered));
            }
            let (page, fetched) = tokio::join!(work, self.follow(doing, &next));
            deliver(joined(doing, page)?);
            answer = fetched?;
        }
    }
}

/// Finds where the list goes on before the page itself is read, so that both can happen at once.
async fn next_link(doing: &str, answer: Answer) -> Result<(Answer, Option<String>), Error> {
    let work = tokio::task::spawn_blocking(move || {
        let head = serde_json::from_slice::<Head>(&answer.body);
        (answer, head)
    });
    let (answer, head) = work.await.map_err(|_| broken(doing, "reading it failed"))?;
    let head = head.map_err(|error| broken(doing, &syntax(&error)))?;
    let link = head.next_link.as_str();
    Ok((answer, (!link.is_empty()).then(|| link.to_owned())))
}

pub(super) fn read_page<W: DeserializeOwned, D>(
    body: &[u8],
    door: fn(W) -> Option<D>,
) -> Result<Vec<D>, String> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let list: List<W> = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        format!("{} at {path}", syntax(error.inner()))
    })?;
    Ok(list.value.into_iter().filter_map(door).collect())
}

fn joined<D>(
    doing: &str,
    work: Result<Result<Vec<D>, String>, tokio::task::JoinError>,
) -> Result<Vec<D>, Error> {
    work.map_err(|_| broken(doing, "reading it failed"))?
        .map_err(|why| broken(doing, &why))
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
