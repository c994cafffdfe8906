//! An answer: read whole and bounded, and what its status means.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, Url};

use super::error::{Kind, Sent};
use super::retry;
use super::transport::kind_of;
use super::wire::ServiceError;

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The service's time of the answer.
    #[must_use]
    pub fn date(&self) -> Option<Timestamp> {
        retry::http_date(self.header("date")?)
    }

    /// Whether the list was put together from single recorded answers.
    #[must_use]
    pub fn is_composed(&self) -> bool {
        self.header("x-failback-composed").is_some()
    }

    #[must_use]
    pub fn correlation(&self) -> Option<String> {
        let id = self.header("x-ms-correlation-request-id").or_else(|| {
            self.header("x-ms-request-id")
                .filter(|id| !id.contains('/'))
        })?;
        Some(id.chars().take(128).collect())
    }
}

/// What an answer's status means; `None`: it is good.
pub(super) fn judge(answer: &Answer) -> Option<(Kind, Sent)> {
    let status = answer.status;
    if (200..300).contains(&status) {
        return None;
    }
    if (300..400).contains(&status) {
        let to = answer
            .header("location")
            .and_then(|link| Url::parse(link).ok());
        let host = to
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default();
        return Some((Kind::Redirected(host), Sent::Answered));
    }
    if status == 429 {
        let asked = answer.header(RETRY_AFTER.as_str());
        let asked = asked.and_then(|header| retry::retry_after(header, answer.date()));
        return Some((
            Kind::Throttled(asked.unwrap_or(Duration::from_secs(1))),
            Sent::No,
        ));
    }
    let error = ServiceError::read(&answer.body).unwrap_or_default();
    // After 408 and 5xx nobody knows whether a change was begun.
    let sent = if status == 408 || status >= 500 {
        Sent::Unknown
    } else {
        Sent::Answered
    };
    Some((
        Kind::Refused {
            status,
            error: Box::new(error),
        },
        sent,
    ))
}

/// Reads a body, at most `most` bytes of it after decompression.
pub(super) async fn bounded(mut answer: Response, most: usize) -> Result<Vec<u8>, Kind> {
    let expected = answer
        .content_length()
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(0);
    let host = answer.url().host_str().unwrap_or_default().to_owned();
    let mut body = Vec::with_capacity(expected.min(most));
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| kind_of(&error, &host))?
    {
        if body.len() + chunk.len() > most {
            return Err(Kind::TooLarge(most));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
