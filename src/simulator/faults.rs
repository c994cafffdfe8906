//! Faults by rule: `METHOD PATH-PART [NTH] ACTION`, or `JOB MACHINE/VERB [NTH] CODE`.
//!
//! `GET replicationProtectedItems 1-3 429:2` answers the first three such calls with 429 and `Retry-After: 2`.
//! NTH is `n`, `n-m`, `n-`, `once` (1) or `always` and `*` (the default). ACTION is one of
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
//! | `job:CODE` | the job that the call starts fails with that Site Recovery error |
//!
//! # Jobs that fail
//!
//! `JOB web-01/reProtect 95226` makes the next reprotect of the machine web-01 fail with error 95226; the one after
//! it, or a restart of the failed job, succeeds. `JOB web-01/* always 8061` makes every job of it fail. What is
//! counted are jobs, those that are restarted too: a call that is refused is none.
//!
//! - MACHINE is the name that people read, in any case, `%20` for a space; `*` is every machine.
//! - VERB is `reProtect`, `unplannedFailover`, `failoverCommit`, or `*`.
//! - NTH is `once` when it is not said: the next such job.
//! - CODE is the code of `serviceErrorDetails`; `78007/95226` is a service error whose `providerErrorDetails` hold
//!   the second code. The words and the tasks in which an error strikes are rows of
//!   `assets/templates/failures.json`; none of it was recorded. A code without a row fails the last task with
//!   general words. A row may be a warning: the job then ends `PartiallySucceeded`.
//!
//! A machine of an estate file may have rules of its own (`fails`), without `JOB` and its name.

use std::str::FromStr;
use std::sync::Mutex;

use super::call::decode;
use super::scenario::kinds;

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    aim: Aim,
    first: u64,
    last: u64,
    pub(super) action: Action,
    text: String,
}

/// What a rule strikes; in lower case, `*` is anything.
#[derive(Clone, Debug, PartialEq)]
enum Aim {
    Calls { method: String, part: String },
    Jobs { machine: String, verb: String },
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
#[error(
    "'{rule}' is not a fault rule (METHOD PATH-PART [NTH] ACTION, or JOB MACHINE/VERB [NTH] CODE): {reason}"
)]
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
        let (what, aim, nth, action) = match words.as_slice() {
            [what, aim, action] => (*what, *aim, None, *action),
            [what, aim, nth, action] => (*what, *aim, Some(*nth), *action),
            _ => return Err(no("it has three or four words".into())),
        };
        let jobs = what.eq_ignore_ascii_case("job");
        let nth = nth.unwrap_or(if jobs { "once" } else { "*" });
        let Some((first, last)) = times(nth) else {
            return Err(no(format!("'{nth}' is not n, n-m, n-, once, always or *")));
        };
        let (aim, action) = if jobs {
            (job_aim(aim).map_err(no)?, job_error(action))
        } else {
            let (method, part) = (what.to_uppercase(), aim.to_lowercase());
            (Aim::Calls { method, part }, action_of(action))
        };
        let action = action.ok_or_else(|| {
            let last = words.last().copied().unwrap_or_default();
            no(format!("there is no action '{last}'"))
        })?;
        Ok(Self {
            aim,
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

impl Fault {
    /// A rule of one machine, as estate files have it: `[VERB] [NTH] CODE` behind its name.
    pub(super) fn of_machine(machine: &str, rule: &str) -> Result<Self, NotAFault> {
        let mut name = String::new();
        for c in machine.chars() {
            if "%/".contains(c) || c.is_whitespace() {
                let bytes = c.to_string().into_bytes();
                name.extend(bytes.iter().map(|b| format!("%{b:02X}")));
            } else {
                name.push(c);
            }
        }
        format!("JOB {name}/{}", rule.trim_start()).parse()
    }

    /// The machine that the rule names, in lower case; none for `*` and for rules about calls.
    pub(super) fn machine(&self) -> Option<&str> {
        match &self.aim {
            Aim::Jobs { machine, .. } if machine != "*" => Some(machine),
            _ => None,
        }
    }
}

/// The first and the last that are struck.
fn times(nth: &str) -> Option<(u64, u64)> {
    let number = |t: &str| t.parse::<u64>().ok().filter(|n| *n > 0);
    Some(match (nth, nth.split_once('-')) {
        ("*" | "always", _) => (1, u64::MAX),
        ("once", _) => (1, 1),
        (_, None) => (number(nth)?, number(nth)?),
        (_, Some((first, ""))) => (number(first)?, u64::MAX),
        (_, Some((first, last))) => (number(first)?, number(last)?),
    })
}

fn job_aim(text: &str) -> Result<Aim, String> {
    let Some((machine, verb)) = text.split_once('/') else {
        return Err(format!("'{text}' is not MACHINE/VERB"));
    };
    if machine.is_empty() {
        return Err("it names no machine; * is every one".into());
    }
    let mut verbs: Vec<&str> = kinds().iter().filter_map(|k| k.verb.as_deref()).collect();
    verbs.dedup();
    if verb != "*" && !verbs.iter().any(|v| v.eq_ignore_ascii_case(verb)) {
        let known = verbs.join(", ");
        return Err(format!("there is no verb '{verb}'; there are {known}, *"));
    }
    Ok(Aim::Jobs {
        machine: decode(machine, false).to_lowercase(),
        verb: verb.to_lowercase(),
    })
}

/// `95226`, or `78007/95226`.
fn job_error(code: &str) -> Option<Action> {
    let whole = !code.is_empty() && code.split('/').count() <= 2;
    let fits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
    // The provider's code is a number on the wire.
    let provider = code
        .split_once('/')
        .is_none_or(|(_, p)| p.parse::<i32>().is_ok());
    (whole && provider && code.split('/').all(fits)).then(|| Action::Job(code.to_owned()))
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
        ("job", Some(code)) => return job_error(code),
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

/// The rules in force, each with the number of calls or jobs it has seen.
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
        self.first(|aim| match aim {
            Aim::Calls { method: m, part } => {
                (m == "*" || m == method) && (part == "*" || target.contains(part))
            }
            Aim::Jobs { .. } => false,
        })
    }

    /// The error that strikes a job which begins now; every rule that fits counts it.
    pub fn doom(&self, machine: &str, verb: &str) -> Option<String> {
        let (machine, verb) = (machine.to_lowercase(), verb.to_lowercase());
        let struck = self.first(|aim| match aim {
            Aim::Jobs {
                machine: m,
                verb: v,
            } => (m == "*" || *m == machine) && (v == "*" || *v == verb),
            Aim::Calls { .. } => false,
        });
        match struck?.action {
            Action::Job(code) => Some(code),
            _ => None,
        }
    }

    fn first(&self, fits: impl Fn(&Aim) -> bool) -> Option<Fault> {
        let mut struck = None;
        for (rule, seen) in self.lock().iter_mut().filter(|(rule, _)| fits(&rule.aim)) {
            *seen += 1;
            if struck.is_none() && (rule.first..=rule.last).contains(seen) {
                struck = Some(rule.clone());
            }
        }
        struck
    }
}
