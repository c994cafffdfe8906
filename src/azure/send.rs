//! The one sending place.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode, Url};
use tokio::sync::{OnceCell, Semaphore};

use super::answer::{Answer, bounded, judge};
use super::connection::{Connection, Proxying};
use super::endpoint::Endpoint;
use super::error::{Error, Kind, Sent};
use super::record::{Exchange, Recorder};
use super::retry::{self, Intent, Pace};
use super::token::{Clients, SignIn, Tokens};
use super::transport::kind_of;
use crate::domain::{Call, Method, RequestId};

/// Most bytes of an answer, after decompression.
const MOST_BYTES: usize = 64 << 20;

/// A whole answer to a read may take so many times the longest silence.
const WHOLE: u32 = 10;

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
    /// Changes have slots of their own: no slow list holds one up.
    change_slots: Semaphore,
    pace: Pace,
    recorder: Option<Arc<Recorder>>,
    /// Seconds by which the service's clock is ahead of ours, as of its last answer.
    ahead: AtomicI64,
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
            change_slots: Semaphore::new(parallel.clamp(1, 64)),
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

    /// Sends a change. It is repeated only when it certainly never left, or once with a new token.
    /// A busy service (429) is told at once: what is changed has to be looked at again after the
    /// wait. [`Error::sent`] tells whether a failed one may have been made.
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
        .map_err(|error| error.of(Intent::Change))
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
        let slots = match out.intent {
            Intent::Read => &self.slots,
            Intent::Change => &self.change_slots,
        };
        let Ok(_slot) = slots.acquire().await else {
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
            Method::Patch => client.patch(out.url.clone()),
        };
        if out.intent == Intent::Read {
            // A body that trickles is never silent: it would hold its slot for ever.
            request = request.timeout(self.pace.timeout.saturating_mul(WHOLE));
        }
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

/// Makes a client away from the async threads: loading the CAs takes its milliseconds.
async fn made(
    make: impl FnOnce() -> Result<Client, String> + Send + 'static,
) -> Result<Client, Error> {
    let unusable = |why| Error::new("open a connection", Kind::Garbage(why), Sent::No);
    let made = tokio::task::spawn_blocking(make).await;
    made.map_err(|_| unusable("setting it up failed".into()))?
        .map_err(unusable)
}
