//! The simulated clock: everything the site shows is computed from it, so that a test can turn it and a person can
//! speed it up. Nothing ticks in the background.

use std::sync::Mutex;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// The real instant from which simulated time is reckoned, and the simulated time it stood for.
pub(super) struct Clock {
    speed: f64,
    anchor: Mutex<(Instant, Timestamp)>,
}

impl Clock {
    /// A clock that is `offset_seconds` off the real time and runs `speed` times as fast.
    pub fn new(speed: f64, offset_seconds: i64) -> Self {
        let now = after(Timestamp::now(), offset_seconds as f64);
        Self {
            speed,
            anchor: Mutex::new((Instant::now(), now)),
        }
    }

    /// The simulated time, in the service's ticks of 100 ns.
    pub fn now(&self) -> Timestamp {
        let anchor = self
            .anchor
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        after(anchor.1, anchor.0.elapsed().as_secs_f64() * self.speed)
    }

    /// How many real seconds, at least one, a wait of so many simulated ones is: what a client is told to wait.
    pub fn wait(&self, seconds: f64) -> u64 {
        (seconds / self.speed).ceil().clamp(1.0, 1e9) as u64
    }

    /// Turns the clock forward (or back, with a negative number).
    pub fn advance(&self, seconds: f64) {
        let mut anchor = self
            .anchor
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        anchor.1 = after(anchor.1, seconds);
    }
}

/// `time` plus some seconds, cut to ticks; saturating at the ends of time.
pub(super) fn after(time: Timestamp, seconds: f64) -> Timestamp {
    let nanos = (seconds.clamp(-1e10, 1e10) * 1e7).round() as i128 * 100;
    let moved = time.as_nanosecond().saturating_add(nanos) / 100 * 100;
    Timestamp::from_nanosecond(moved).unwrap_or(time)
}

/// Seconds from `a` to `b`.
pub(super) fn seconds(a: Timestamp, b: Timestamp) -> f64 {
    let length: SignedDuration = b.duration_since(a);
    length.as_secs_f64()
}

/// The service's usual form: `2023-08-26T04:22:13.1215306Z`.
pub(super) fn ticks(time: Timestamp) -> String {
    let nanos = time.as_nanosecond().rem_euclid(1_000_000_000) / 100;
    format!("{}.{nanos:07}Z", time.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// The form with whole seconds, as heartbeats and the ends of jobs have it.
pub(super) fn whole(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The form of the HTTP `Date` and `Retry-After` headers.
pub(super) fn http(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
