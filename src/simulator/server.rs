//! One server: takes a request, lets faults strike, finds the answer, puts ARM's headers on it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body as HttpBody;
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use bytes::Bytes;
use futures::StreamExt;
use http_body_util::BodyExt;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::arm::Arm;
use super::call::{Answer, Body, Call, decode, decode_query};
use super::clock::{Clock, after, http};
use super::control::{Log, control};
use super::faults::{Action, Again, Faults};
use super::options::Announce;
use super::pages::pack;
use super::replay::Replay;
use super::site::guid;
use super::token::{self, Credentials};

/// No request body is longer.
const LONGEST: usize = 4 << 20;

/// What stands behind the server.
pub(super) enum Backend {
    Site(Box<Arm>),
    Replay { replay: Replay, clock: Clock },
}

pub(super) struct Server {
    pub backend: Backend,
    pub announce: Announce,
    pub credentials: Credentials,
    pub faults: Faults,
    pub log: Log,
    pub stop: CancellationToken,
    pub seed: u64,
    pub calls_per_minute: Option<u32>,
    pub count: AtomicU64,
    pub begun: Instant,
    /// Milliseconds from `begun` to the last request.
    pub last: AtomicU64,
    /// The minute that is being counted, and the calls in it.
    pub minute: std::sync::Mutex<(i64, u32)>,
}

/// Marks a response that is not to be sent: the connection ends instead.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    Quietly,
    Reset,
}

impl Server {
    pub fn now(&self) -> Timestamp {
        match &self.backend {
            Backend::Site(arm) => arm.world.clock.now(),
            Backend::Replay { clock, .. } => clock.now(),
        }
    }

    pub fn advance(&self, seconds: f64) {
        match &self.backend {
            Backend::Site(arm) => {
                arm.world.clock.advance(seconds);
                arm.world.touch();
            }
            Backend::Replay { clock, .. } => clock.advance(seconds),
        }
    }

    /// How long nobody has asked for anything.
    pub fn idle(&self) -> Duration {
        self.begun
            .elapsed()
            .saturating_sub(Duration::from_millis(self.last.load(Ordering::Relaxed)))
    }

    pub async fn serve(&self, request: Request<HttpBody>) -> Response<HttpBody> {
        let millis = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(millis, Ordering::Relaxed);
        let (parts, body) = request.into_parts();
        let limited = http_body_util::Limited::new(body, LONGEST);
        let body = match limited.collect().await {
            Ok(body) => body.to_bytes(),
            Err(_) => return cut(Cut::Quietly),
        };
        let target = parts
            .uri
            .path_and_query()
            .map_or("/", |p| p.as_str())
            .to_owned();
        let path = parts.uri.path().to_owned();
        let n = self.count.fetch_add(1, Ordering::Relaxed);
        let mut call = Call {
            method: parts.method.as_str().to_owned(),
            segments: path
                .split('/')
                .filter(|s| !s.is_empty())
                .map(|s| decode(s, false))
                .collect(),
            query: decode_query(parts.uri.query().unwrap_or_default()),
            path,
            headers: parts.headers,
            body,
            now: self.now(),
            base: self.announce.base_url.clone(),
            correlation: guid(self.seed, &format!("correlation of call {n}")),
            doom: None,
            seed: self.seed,
        };
        if call.segments.first().is_some_and(|s| s == "_simulator") {
            return respond(control(self, &call), &call, None);
        }
        let fault = self.faults.strike(&call.method, &target);
        let number = self
            .log
            .begin(&call, &target, fault.as_ref().map(ToString::to_string));
        let action = fault.map(|f| f.action);
        let answer = match &action {
            Some(Action::Reset) => return cut(Cut::Reset),
            Some(Action::Status(status, again)) => strike(*status, again.as_ref(), &call),
            Some(Action::Job(code)) => {
                call.doom = Some(code.clone());
                self.answer(&call)
            }
            Some(Action::Stall(seconds)) => {
                tokio::time::sleep(Duration::from_secs_f64(*seconds)).await;
                call.now = self.now();
                self.answer(&call)
            }
            _ => self.answer(&call),
        };
        if action == Some(Action::Lost) {
            return cut(Cut::Quietly);
        }
        self.log.end(number, answer.status);
        respond(answer, &call, action.as_ref())
    }

    fn answer(&self, call: &Call) -> Answer {
        let lower = call.lower();
        let parts: Vec<&str> = lower.iter().map(String::as_str).collect();
        match (call.method.as_str(), parts.as_slice()) {
            ("POST", [tenant, "oauth2", "v2.0", "token"]) => {
                return token::client_credentials(call, tenant, &self.credentials);
            }
            ("GET", ["metadata", "identity", "oauth2", "token"]) => {
                return token::managed_identity(call, &self.credentials);
            }
            _ => {}
        }
        if let Some(no) = token::check(call) {
            return no;
        }
        if call.query("api-version").is_none_or(str::is_empty) {
            let message =
                "The api-version query parameter (?api-version=) is required for all requests.";
            return Answer::error(400, "MissingApiVersionParameter", message);
        }
        if let Some(no) = self.throttled(call) {
            return no;
        }
        match &self.backend {
            Backend::Site(arm) => arm.answer(call),
            Backend::Replay { replay, .. } => replay.answer(call),
        }
    }

    /// So many calls in a simulated minute, when there is a limit.
    fn throttled(&self, call: &Call) -> Option<Answer> {
        let limit = self.calls_per_minute?;
        let now = call.now.as_second();
        let mut minute = self
            .minute
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if minute.0 != now / 60 {
            *minute = (now / 60, 0);
        }
        minute.1 += 1;
        let over = minute.1 > limit;
        over.then(|| {
            strike(
                429,
                Some(&Again::Seconds((60 - now.rem_euclid(60)).unsigned_abs())),
                call,
            )
        })
    }
}

/// The answer of a fault by status.
fn strike(status: u16, again: Option<&Again>, call: &Call) -> Answer {
    let (code, message) = match status {
        401 => ("InvalidAuthenticationToken", "The access token is invalid.".to_owned()),
        403 => ("AuthorizationFailed", format!(
            "The client '6c1f1f0e-5d0a-4b1c-9d3c-7a2a7d1f4c10' with object id '6c1f1f0e-5d0a-4b1c-9d3c-7a2a7d1f4c10' does not have authorization to perform action 'Microsoft.RecoveryServices/vaults/{}' over scope '{}' or the scope is invalid. If access was recently granted, please refresh your credentials. For more information, see https://aka.ms/azure-rbac.",
            action_words(call), call.path
        )),
        404 => return Answer::unknown(call.segments.last().map_or("", String::as_str), call),
        409 => ("Conflict", "Another operation is in progress on the resource.".to_owned()),
        429 => ("TooManyRequests", "The request is being throttled as the limit has been reached. Please retry after some time.".to_owned()),
        503 => ("ServiceUnavailable", "The service is temporarily unavailable. Please retry the request.".to_owned()),
        504 => ("GatewayTimeout", "The gateway did not receive a response from 'Microsoft.RecoveryServices' within the specified time period.".to_owned()),
        500.. => ("InternalServerError", "An internal error occurred.".to_owned()),
        _ => ("BadRequest", "The request is not valid.".to_owned()),
    };
    let answer = Answer::error(status, code, &message);
    match again {
        None => answer,
        Some(Again::Seconds(seconds)) => answer.with("retry-after", seconds.to_string()),
        Some(Again::Date) => answer.with("retry-after", http(after(call.now, 5.0))),
    }
}

/// `replicationFabrics/read`, from the names of the path.
fn action_words(call: &Call) -> String {
    let after = call.segments.iter().skip(8).step_by(2).map(String::as_str);
    let verb = if call.method == "GET" {
        "read"
    } else {
        "action"
    };
    after.chain([verb]).collect::<Vec<_>>().join("/")
}

fn cut(how: Cut) -> Response<HttpBody> {
    let mut response = Response::new(HttpBody::empty());
    response.extensions_mut().insert(how);
    response
}

fn respond(answer: Answer, call: &Call, action: Option<&Action>) -> Response<HttpBody> {
    let mut response = Response::new(HttpBody::empty());
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(HeaderName::from_static(name), value);
        }
    };
    put("date", &http(call.now));
    let own_id = answer.headers.iter().any(|(n, _)| *n == "x-ms-request-id");
    for (name, value) in &answer.headers {
        put(name, value);
    }
    if !own_id {
        put("x-ms-request-id", &call.correlation);
    }
    put("x-ms-correlation-request-id", &call.correlation);
    if let Some(id) = call.header("x-ms-client-request-id") {
        put("x-ms-client-request-id", id);
    }
    if call.method == "GET" {
        put("x-ms-ratelimit-remaining-subscription-reads", "11989");
    }
    put("cache-control", "no-cache");
    let mut bytes = match answer.body {
        Body::Empty => Bytes::new(),
        Body::Json(value) => {
            put("content-type", "application/json; charset=utf-8");
            let plain = Bytes::from(value.to_string());
            match call.gzip().then(|| pack(&plain)).flatten() {
                Some(packed) => {
                    put("content-encoding", "gzip");
                    packed
                }
                None => plain,
            }
        }
        Body::Ready { bytes, gzip } => {
            put("content-type", "application/json; charset=utf-8");
            if gzip {
                put("content-encoding", "gzip");
            }
            bytes
        }
    };
    if action == Some(&Action::Garbage) {
        bytes = Bytes::from_static(b"<html>\xff\xfe{\"value\": [\x00 not what was asked for");
        headers.remove("content-encoding");
        *response.status_mut() = StatusCode::OK;
    }
    *response.body_mut() = match action {
        Some(Action::Truncate) => {
            let length = bytes.len().max(2);
            response
                .headers_mut()
                .insert("content-length", HeaderValue::from(length));
            let half = bytes.slice(..bytes.len() / 2);
            // A moment later, so that the beginning has left by then.
            let broken = async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Err(std::io::Error::other("cut short on purpose"))
            };
            let begin = futures::stream::once(async move { Ok(half) });
            HttpBody::from_stream(begin.chain(futures::stream::once(broken)))
        }
        Some(Action::Slow(rate)) => {
            let chunks: Vec<Bytes> = bytes
                .chunks((*rate / 10).max(1))
                .map(Bytes::copy_from_slice)
                .collect();
            let rate = *rate;
            HttpBody::from_stream(futures::stream::iter(chunks).then(move |chunk| async move {
                tokio::time::sleep(Duration::from_secs_f64(chunk.len() as f64 / rate as f64)).await;
                Ok::<_, std::io::Error>(chunk)
            }))
        }
        _ => HttpBody::from(bytes),
    };
    response
}
