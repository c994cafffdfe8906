//! The one sending place.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url};
use tokio::sync::{OnceCell, Semaphore};

use super::connection::{Connection, Proxying};
use super::endpoint::Endpoint;
use super::error::{Distrust, Error, Kind, Sent};
use super::record::{Exchange, Recorder};
use super::retry::{self, Intent, Pace};
use super::token::{Clients, SignIn, Tokens};
use super::wire::ServiceError;
use crate::domain::{Call, Method, RequestId};

/// Most bytes of an answer, after decompression.
const MOST_BYTES: usize = 64 << 20;

/// Azure Resource Manager behind one endpoint. Every request of this program to Azure goes out
/// through [`Arm::read`] or [`Arm::change`].
pub struct Arm {
    endpoint: Endpoint,
    api_version: String,
    connection: Connection,
    reader: Client,
    /// Made when the first change is sent: each client holds the system's CAs in memory.
    changer: OnceCell<Client>,
    /// Made when the identity endpoint of this machine is asked.
    direct: OnceCell<Client>,
    tokens: Tokens,
    slots: Semaphore,
    pace: Pace,
    recorder: Option<Arc<Recorder>>,
    /// Seconds by which the service's clock is ahead of ours, as of its last answer.
    ahead: AtomicI64,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// What to send, once everything about it is settled.
struct Outgoing<'a> {
    doing: &'a str,
    method: Method,
    url: &'a Url,
    body: Option<&'a str>,
    intent: Intent,
    request_id: RequestId,
}

impl Arm {
    /// # Errors
    /// In words: an unreadable CA file, an unusable proxy.
    pub fn new(
        endpoint: Endpoint,
        api_version: String,
        sign_in: SignIn,
        connection: &Connection,
        parallel: usize,
        pace: Pace,
        recorder: Option<Arc<Recorder>>,
    ) -> Result<Self, String> {
        Ok(Self {
            tokens: Tokens::new(sign_in, endpoint.audience().to_owned()),
            endpoint,
            api_version,
            connection: connection.clone(),
            reader: connection.reader()?,
            changer: OnceCell::new(),
            direct: OnceCell::new(),
            slots: Semaphore::new(parallel.clamp(1, 64)),
            pace,
            recorder,
            ahead: AtomicI64::new(0),
        })
    }

    #[must_use]
    pub fn host(&self) -> &str {
        self.endpoint.host()
    }

    /// Fetches a token and does nothing with it.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn sign_in(&self) -> Result<(), Error> {
        self.token().await.map(drop)
    }

    #[must_use]
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    #[must_use]
    pub fn api_version(&self) -> &str {
        &self.api_version
    }

    /// Seconds by which the service's clock was ahead of this machine's at its last answer.
    #[must_use]
    pub fn clock_ahead(&self) -> i64 {
        self.ahead.load(Ordering::Relaxed)
    }

    /// The service's time now, as far as its last answer tells.
    #[must_use]
    pub fn service_now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.checked_add(jiff::SignedDuration::from_secs(self.clock_ahead()))
            .unwrap_or(now)
    }

    /// Reads `path` (which begins with `/` and may have a query); the api version is added.
    ///
    /// # Errors
    /// After the repetitions that [`Pace`] allows.
    pub async fn read(&self, doing: &str, path: &str) -> Result<Answer, Error> {
        self.read_versioned(doing, path, &self.api_version).await
    }

    /// As [`Self::read`], for a provider with an api version of its own.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn read_versioned(
        &self,
        doing: &str,
        path: &str,
        version: &str,
    ) -> Result<Answer, Error> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let url = self.url(doing, &format!("{path}{joint}api-version={version}"))?;
        self.read_url(doing, &url).await
    }

    /// Reads an address that the service gave, exactly as given.
    ///
    /// # Errors
    /// As [`Self::read`]; also when the address leads away from this service.
    pub async fn follow(&self, doing: &str, link: &str) -> Result<Answer, Error> {
        let url = Url::parse(link)
            .ok()
            .filter(|url| self.endpoint.covers(url))
            .ok_or_else(|| {
                let host = Url::parse(link)
                    .ok()
                    .and_then(|u| u.host_str().map(str::to_owned));
                Error::new(
                    doing,
                    Kind::Redirected(host.unwrap_or_default()),
                    Sent::Answered,
                )
            })?;
        self.read_url(doing, &url).await
    }

    async fn read_url(&self, doing: &str, url: &Url) -> Result<Answer, Error> {
        self.send(Outgoing {
            doing,
            method: Method::Get,
            url,
            body: None,
            intent: Intent::Read,
            request_id: RequestId::random(),
        })
        .await
    }

    /// Sends a change. It is repeated only when it certainly never left or was turned away at the
    /// door; [`Error::sent`] tells whether a failed one may have been made.
    ///
    /// # Errors
    /// As said.
    pub async fn change(
        &self,
        doing: &str,
        call: &Call,
        request_id: RequestId,
    ) -> Result<Answer, Error> {
        let url = self.url(doing, &call.path)?;
        self.send(Outgoing {
            doing,
            method: call.method,
            url: &url,
            body: call.body.as_deref(),
            intent: Intent::Change,
            request_id,
        })
        .await
    }

    fn url(&self, doing: &str, path: &str) -> Result<Url, Error> {
        self.endpoint.join(path).ok_or_else(|| {
            Error::new(
                doing,
                Kind::Garbage("an id is not part of an address".into()),
                Sent::No,
            )
        })
    }

    async fn send(&self, out: Outgoing<'_>) -> Result<Answer, Error> {
        let mut renewed = false;
        let mut attempt = 1;
        loop {
            let token = match self.token().await {
                Ok(token) => token,
                Err(error) => {
                    // Signing in changes nothing at the site: it is repeated like a read.
                    let jitter = fastrand::f64();
                    match retry::pause(&self.pace, Intent::Read, &error, attempt, jitter) {
                        Some(pause) => tokio::time::sleep(pause).await,
                        None => return Err(error),
                    }
                    attempt += 1;
                    continue;
                }
            };
            let error = match self.once(&out, &token).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            // An expired token is turned away at the door: nothing was done.
            if error.status() == Some(401) && !renewed {
                renewed = true;
                self.tokens.forget(&token).await;
                continue;
            }
            let jitter = fastrand::f64();
            let Some(pause) = retry::pause(&self.pace, out.intent, &error, attempt, jitter) else {
                return Err(error);
            };
            tracing::info!(doing = out.doing, attempt, ?pause, %error, "sending again");
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }

    async fn token(&self) -> Result<HeaderValue, Error> {
        let direct = if self.tokens.asks_this_machine() {
            let connection = Connection {
                proxy: Proxying::None,
                ..self.connection.clone()
            };
            self.direct
                .get_or_try_init(|| made(move || connection.reader()))
                .await?
        } else {
            &self.reader
        };
        self.tokens
            .header(&Clients {
                ordinary: &self.reader,
                direct,
            })
            .await
    }

    async fn client(&self, intent: Intent) -> Result<&Client, Error> {
        match intent {
            Intent::Read => Ok(&self.reader),
            Intent::Change => {
                let connection = self.connection.clone();
                self.changer
                    .get_or_try_init(|| made(move || connection.changer()))
                    .await
            }
        }
    }

    /// Sends once and reads the answer whole.
    async fn once(&self, out: &Outgoing<'_>, token: &HeaderValue) -> Result<Answer, Error> {
        let failed = |kind: Kind| {
            let sent = match (&kind, out.intent) {
                (Kind::NameUnknown(_) | Kind::Unreachable(_), _) => Sent::No,
                (Kind::Proxy(_) | Kind::Untrusted { .. } | Kind::NoTls(_), _) => Sent::No,
                _ => Sent::Unknown,
            };
            Error::new(out.doing, kind, sent)
        };
        let Ok(_slot) = self.slots.acquire().await else {
            return Err(failed(Kind::Cut));
        };
        let client = self.client(out.intent).await?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(AUTHORIZATION, token.clone());
        if let Ok(id) = HeaderValue::from_str(&out.request_id.to_string()) {
            headers.insert("x-ms-client-request-id", id);
        }
        let mut request = match out.method {
            Method::Get => client.get(out.url.clone()),
            Method::Post => client.post(out.url.clone()),
        };
        if let Some(body) = out.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            request = request.body(body.to_owned());
        } else if out.method == Method::Post {
            headers.insert("content-length", HeaderValue::from_static("0"));
        }
        let answer = request
            .headers(headers.clone())
            .send()
            .await
            .map_err(|error| failed(self.timed(kind_of(&error, self.endpoint.host()))))?;
        self.note_clock(&answer);
        let status = answer.status();
        let answer_headers = answer.headers().clone();
        let body = match bounded(answer, MOST_BYTES).await {
            // The status of a change is there already, and 202 needs no body.
            Err(_) if out.intent == Intent::Change && status == StatusCode::ACCEPTED => Vec::new(),
            read => read.map_err(|kind| failed(self.timed(kind)))?,
        };
        if let Some(recorder) = &self.recorder {
            recorder.add(&Exchange {
                method: &out.method.to_string(),
                url: out.url,
                request_headers: &headers,
                request_body: out.body,
                status: status.as_u16(),
                headers: &answer_headers,
                body: &body,
            });
        }
        let answer = Answer {
            status: status.as_u16(),
            headers: answer_headers,
            body,
        };
        match judge(&answer) {
            None => Ok(answer),
            Some((kind, sent)) => Err(Error {
                correlation: answer.correlation(),
                ..Error::new(out.doing, kind, sent)
            }),
        }
    }

    /// Says how long was waited, which the HTTP library does not know.
    fn timed(&self, kind: Kind) -> Kind {
        match kind {
            Kind::Timeout(_) => Kind::Timeout(self.pace.timeout),
            other => other,
        }
    }

    fn note_clock(&self, answer: &Response) {
        let date = answer
            .headers()
            .get("date")
            .and_then(|date| date.to_str().ok());
        if let Some(theirs) = date.and_then(retry::http_date) {
            let ahead = theirs.as_second() - Timestamp::now().as_second();
            self.ahead.store(ahead, Ordering::Relaxed);
        }
    }
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

/// Makes a client away from the async threads: loading the CAs takes its milliseconds.
async fn made(
    make: impl FnOnce() -> Result<Client, String> + Send + 'static,
) -> Result<Client, Error> {
    let unusable = |why| Error::new("open a connection", Kind::Garbage(why), Sent::No);
    let made = tokio::task::spawn_blocking(make).await;
    made.map_err(|_| unusable("setting it up failed".into()))?
        .map_err(unusable)
}

/// What an answer's status means; `None`: it is good.
fn judge(answer: &Answer) -> Option<(Kind, Sent)> {
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

/// What a failure of the HTTP library means. Its own text is not used: it may hold a query.
pub(super) fn kind_of(error: &reqwest::Error, host: &str) -> Kind {
    let mut tls = None;
    let mut words = String::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words.push_str(&inner.to_string());
        words.push('\n');
        tls = tls.or_else(|| tls_error(inner));
        cause = inner.source();
    }
    let words = words.to_ascii_lowercase();
    if let Some(why) = tls.and_then(untrusted) {
        Kind::Untrusted {
            host: host.into(),
            why,
        }
    } else if error.is_connect() && tls.is_some() {
        Kind::NoTls(host.into())
    } else if error.is_connect() && (words.contains("tunnel") || words.contains("proxy")) {
        Kind::Proxy(host.into())
    } else if error.is_connect() && words.contains("dns") {
        Kind::NameUnknown(host.into())
    } else if error.is_connect() {
        Kind::Unreachable(host.into())
    } else if error.is_timeout() {
        Kind::Timeout(Duration::ZERO)
    } else {
        Kind::Cut
    }
}

/// The TLS error that a cause carries: the layers between wrap it in I/O errors, one in another.
fn tls_error<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = cause;
    loop {
        if let Some(tls) = cause.downcast_ref() {
            return Some(tls);
        }
        cause = cause.downcast_ref::<std::io::Error>()?.get_ref()?;
    }
}

fn untrusted(error: &rustls::Error) -> Option<Distrust> {
    use rustls::CertificateError as C;
    let rustls::Error::InvalidCertificate(why) = error else {
        return None;
    };
    Some(match why {
        // A bad signature: a CA of that name is known here, and it is another one.
        C::UnknownIssuer | C::BadSignature => Distrust::Issuer,
        C::NotValidForName | C::NotValidForNameContext { .. } => Distrust::Name,
        C::Expired | C::ExpiredContext { .. } | C::NotValidYet | C::NotValidYetContext { .. } => {
            Distrust::Dates
        }
        other => Distrust::Other(other.to_string()),
    })
}
