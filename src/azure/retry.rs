//! When a request is sent again, and how long to wait before. Pure.

use std::time::Duration;

use jiff::Timestamp;

use super::error::{Error, Kind, Sent};

/// How patiently a site is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The first pause before a repetition; each further one is twice as long.
    pub retry_base: Duration,
    /// Most times one request is sent.
    pub attempts: u32,
    /// Longest `Retry-After` that is waited for.
    pub patience: Duration,
    /// Longest silence on a connection.
    pub timeout: Duration,
    /// Pause between two looks at a job.
    pub poll: Duration,
    /// Between two searches for what may have been made before nobody is found to have made it.
    pub apart: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retry_base: Duration::from_millis(500),
            attempts: 5,
            patience: Duration::from_secs(120),
            timeout: Duration::from_secs(30),
            poll: Duration::from_secs(10),
            apart: Duration::from_secs(180),
        }
    }
}

/// Whether a request only reads, or changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    Read,
    /// Repeated only when it certainly never left.
    Change,
}

/// The pause before sending again, or `None`: do not. `attempt` counts from 1; `jitter` lies in 0..1.
#[must_use]
pub fn pause(
    pace: &Pace,
    intent: Intent,
    error: &Error,
    attempt: u32,
    jitter: f64,
) -> Option<Duration> {
    if attempt >= pace.attempts {
        return None;
    }
    // After a wait that a busy service asked for, the machine may be another one than was confirmed:
    // whoever sends the change looks again first, and sends it again himself.
    let never_left = error.sent == Sent::No && matches!(error.kind, Kind::Unreachable(_));
    if intent == Intent::Change && !never_left {
        return None;
    }
    let step = pace.retry_base.saturating_mul(1 << (attempt - 1).min(10));
    let spread = step.mul_f64(0.5 + jitter);
    match &error.kind {
        Kind::Throttled(asked) if *asked > pace.patience => None,
        Kind::Throttled(asked) => Some((*asked).max(spread)),
        Kind::Refused {
            status: 408 | 500 | 502 | 503 | 504,
            ..
        }
        | Kind::Unreachable(_)
        | Kind::Timeout(_)
        | Kind::Cut => Some(spread),
        _ => None,
    }
}

/// What a `Retry-After` header asks for: seconds, or an HTTP date measured against the service's
/// own `Date`.
#[must_use]
pub fn retry_after(header: &str, service_now: Option<Timestamp>) -> Option<Duration> {
    if let Ok(seconds) = header.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = http_date(header)?;
    let now = service_now.unwrap_or_else(Timestamp::now);
    Some(Duration::from_secs(
        u64::try_from(at.as_second() - now.as_second()).unwrap_or(0),
    ))
}

/// Reads an HTTP date (`Sat, 21 Nov 2026 08:14:00 GMT`).
#[must_use]
pub fn http_date(header: &str) -> Option<Timestamp> {
    let parsed = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(header.trim());
    parsed.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::wire::ServiceError;

    fn refused(status: u16, sent: Sent) -> Error {
        Error::new(
            "x",
            Kind::Refused {
                status,
                error: Box::new(ServiceError::default()),
            },
            sent,
        )
    }

    #[test]
    fn reads_are_repeated_on_what_may_pass() {
        let pace = Pace::default();
        for status in [408, 500, 502, 503, 504] {
            assert!(pause(&pace, Intent::Read, &refused(status, Sent::Unknown), 1, 0.5).is_some());
        }
        for status in [400, 401, 403, 404, 409] {
            assert!(
                pause(
                    &pace,
                    Intent::Read,
                    &refused(status, Sent::Answered),
                    1,
                    0.5
                )
                .is_none()
            );
        }
    }

    #[test]
    fn a_change_is_repeated_only_when_it_never_left() {
        let pace = Pace::default();
        let again = |kind, sent| {
            pause(&pace, Intent::Change, &Error::new("x", kind, sent), 1, 0.5).is_some()
        };
        assert!(again(Kind::Unreachable("h".into()), Sent::No));
        assert!(!again(Kind::Throttled(Duration::from_secs(1)), Sent::No));
        assert!(!again(Kind::Cut, Sent::Unknown));
        assert!(!again(Kind::Timeout(Duration::from_secs(1)), Sent::Unknown));
        assert!(pause(&pace, Intent::Change, &refused(503, Sent::Unknown), 1, 0.5).is_none());
    }

    #[test]
    fn the_service_is_given_the_time_it_asks_for() {
        let pace = Pace::default();
        let busy = |s| Error::new("x", Kind::Throttled(Duration::from_secs(s)), Sent::No);
        assert_eq!(
            pause(&pace, Intent::Read, &busy(17), 1, 0.5),
            Some(Duration::from_secs(17))
        );
        assert_eq!(pause(&pace, Intent::Read, &busy(9999), 1, 0.5), None);
        assert_eq!(pause(&pace, Intent::Read, &busy(1), 5, 0.5), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = http_date("Sat, 21 Nov 2026 08:14:00 GMT");
        assert_eq!(retry_after("30", now), Some(Duration::from_secs(30)));
        assert_eq!(
            retry_after("Sat, 21 Nov 2026 08:14:20 GMT", now),
            Some(Duration::from_secs(20))
        );
        assert_eq!(
            retry_after("Sat, 21 Nov 2026 08:00:00 GMT", now),
            Some(Duration::ZERO)
        );
        assert_eq!(retry_after("soon", now), None);
    }
}
