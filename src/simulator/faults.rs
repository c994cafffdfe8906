//! Faults by rule: `METHOD PATH-PART [NTH] ACTION`.
//!
//! `GET replicationProtectedItems 1-3 429:2` answers the first three such calls with 429 and `Retry-After: 2`.
//! NTH is `n`, `n-m`, `n-` or `*` (the default). ACTION is one of
//!
//! | action | effect |
//! |---|---|
//! | `400`, `401`, `403`, `404`, `409`, `429`, `500`, `502`, `503`, `504` | that answer; `429:2` and `503:1` with `Retry-After`, `429:date` with it as a date |
//! | `lost` | the call is carried out, then the connection is dropped without a byte of answer |
//! | `reset` | the connection is reset before the call is looked at |
//! | `stall:30` | the answer comes after 30 real seconds |
//! | `garbage` | 200 with bytes that are no JSON |
//! | `truncate` | the body ends before its Content-Length |
//! | `slow:BYTES` | so many bytes a second |
//! | `job:78093` | the job that the call starts fails with that Site Recovery error |

use std::str::FromStr;
use std::sync::Mutex;

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    method: String,
    part: String,
    first: u64,
    last: u64,
    pub(super) action: Action,
    text: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    Status(u16, Option<Again>),
    Lost,
    Reset,
    Stall(f64),
    Garbage,
    Truncate,
    Slow(usize),
    Job(String),
}

/// How `Retry-After` is said.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Again {
    Seconds(u64),
    Date,
}

/// Why a text is not a rule.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("'{rule}' is not a fault rule (METHOD PATH-PART [NTH] ACTION): {reason}")]
pub struct NotAFault {
    rule: String,
    reason: String,
}

impl FromStr for Fault {
    type Err = NotAFault;

    fn from_str(text: &str) -> Result<Self, NotAFault> {
        let no = |reason: String| NotAFault {
            rule: text.to_owned(),
            reason,
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        let (method, part, nth, action) = match words.as_slice() {
            [method, part, action] => (*method, *part, "*", *action),
            [method, part, nth, action] => (*method, *part, *nth, *action),
            _ => return Err(no("it has three or four words".into())),
        };
        let number = |t: &str| t.parse::<u64>().ok().filter(|n| *n > 0);
        let (first, last) = match nth.split_once('-') {
            _ if nth == "*" => (Some(1), Some(u64::MAX)),
            None => (number(nth), number(nth)),
            Some((a, "")) => (number(a), Some(u64::MAX)),
            Some((a, b)) => (number(a), number(b)),
        };
        let (Some(first), Some(last)) = (first, last) else {
            return Err(no(format!("'{nth}' is not n, n-m, n- or *")));
        };
        let action =
            action_of(action).ok_or_else(|| no(format!("there is no action '{action}'")))?;
        Ok(Self {
            method: method.to_uppercase(),
            part: part.to_lowercase(),
            first,
            last,
            action,
            text: words.join(" "),
        })
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

fn action_of(text: &str) -> Option<Action> {
    let (name, value) = text
        .split_once(':')
        .map_or((text, None), |(n, v)| (n, Some(v)));
    let seconds = value
        .and_then(|v| v.parse::<f64>().ok())
        .filter(|s| *s >= 0.0 && s.is_finite());
    Some(match (name, value) {
        ("lost", None) => Action::Lost,
        ("reset", None) => Action::Reset,
        ("garbage", None) => Action::Garbage,
        ("truncate", None) => Action::Truncate,
        ("stall", Some(_)) => Action::Stall(seconds?.min(86_400.0)),
        ("slow", Some(v)) => Action::Slow(v.parse().ok().filter(|n| *n > 0)?),
        ("job", Some(code)) if !code.is_empty() => Action::Job(code.to_owned()),
        (status, again) => {
            let status = status.parse().ok().filter(|s| (400..600).contains(s))?;
            let again = match again {
                None => None,
                Some("date") => Some(Again::Date),
                Some(seconds) => Some(Again::Seconds(seconds.parse().ok()?)),
            };
            Action::Status(status, again)
        }
    })
}

/// The rules in force, each with the number of calls it has seen.
#[derive(Default)]
pub(super) struct Faults(Mutex<Vec<(Fault, u64)>>);

impl Faults {
    pub fn new(rules: Vec<Fault>) -> Self {
        Self(Mutex::new(rules.into_iter().map(|r| (r, 0)).collect()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(Fault, u64)>> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn add(&self, rule: Fault) {
        let mut rules = self.lock();
        if rules.len() < 1000 {
            rules.push((rule, 0));
        }
    }

    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The first rule that strikes this call; every rule that fits counts it.
    pub fn strike(&self, method: &str, target: &str) -> Option<Fault> {
        let target = target.to_lowercase();
        let mut struck = None;
        for (rule, seen) in self.lock().iter_mut() {
            let fits = (rule.method == "*" || rule.method == method)
                && (rule.part == "*" || target.contains(&rule.part));
            if fits {
                *seen += 1;
                if struck.is_none() && (rule.first..=rule.last).contains(seen) {
                    struck = Some(rule.clone());
                }
            }
        }
        struck
    }
}
