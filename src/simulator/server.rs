//! One server: takes a request, lets faults strike, finds the answer, puts ARM's headers on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body as HttpBody;
use axum::http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::arm::Arm;
use super::call::{Answer, Call, decode, decode_query};
use super::clock::Clock;
use super::control::{Log, control};
use super::faults::{Action, Again, Faults};
use super::options::Announce;
use super::replay::Replay;
use super::respond::{Cut, cut, respond, strike};
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
    pub faults: Arc<Faults>,
    pub log: Log,
    pub stop: CancellationToken,
    pub seed: u64,
    pub calls_per_minute: Option<u32>,
    pub seconds_a_call: f64,
    pub count: AtomicU64,
    pub begun: Instant,
    /// Milliseconds from `begun` to the last request.
    pub last: AtomicU64,
    /// The minute that is being counted, and the calls in it.
    pub minute: std::sync::Mutex<(i64, u32)>,
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
            Err(_) => return too_long(),
        };
        let target = parts
            .uri
            .path_and_query()
            .map_or("/", |p| p.as_str())
            .to_owned();
        let path = parts.uri.path().to_owned();
        if self.seconds_a_call > 0.0 && !path.starts_with("/_simulator/") {
            self.advance(self.seconds_a_call);
        }
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
            number: n,
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
        self.log.end(number, answer.status);
        if action == Some(Action::Lost) {
            return cut(Cut::Quietly);
        }
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

fn too_long() -> Response<HttpBody> {
    let mut response = Response::new(HttpBody::empty());
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    response
}
