//! How a job fails: rows of `assets/templates/failures.json`, and the shape of its error (asr-rest.md 0.2). No failed
//! job was recorded: the shape is the public specification's, the words are our own.

use serde_json::{Value, json};

use super::template::{Vars, raw};

/// The words for a code that no row tells of.
const GENERAL: (&str, &str, &str) = (
    "The operation failed.",
    "The operation failed due to an internal error.",
    "Retry the last action. If the issue persists, contact Support.",
);

/// A service error, and the provider's own one behind it if there is any.
pub(super) struct Failure<'a> {
    pub code: &'a str,
    provider: Option<&'a str>,
}

fn row(code: &str) -> &'static Value {
    raw("failures").get(code).unwrap_or(&Value::Null)
}

impl<'a> Failure<'a> {
    /// `95226`, or `78007/95226`. A row may name the provider's error that comes with it.
    pub fn of(code: &'a str) -> Self {
        match code.split_once('/') {
            Some((code, provider)) => Self {
                code,
                provider: Some(provider),
            },
            None => Self {
                code,
                provider: row(code)["provider"].as_str(),
            },
        }
    }

    /// The names of the tasks that it can strike, the likeliest first.
    pub fn tasks(&self) -> &'static [Value] {
        let of = |code: &str| row(code)["tasks"].as_array().map(Vec::as_slice);
        let own = self.provider.and_then(of);
        own.or_else(|| of(self.code)).unwrap_or_default()
    }

    pub fn is_warning(&self) -> bool {
        row(self.code)["level"] == "Warning"
    }

    /// What went wrong, in one sentence about the machine called `name`.
    pub fn message(&self, v: &Vars) -> String {
        texts(self.code, v).0
    }

    /// The entry of `errors`, of the job and of its task.
    pub fn error(&self, v: &Vars, task: &str, time: String) -> Value {
        let (message, causes, action) = texts(self.code, v);
        let mut error = v.clone();
        error
            .set("message", message)
            .set("causes", causes)
            .set("action", action);
        error.set("code", self.code);
        let level = if self.is_warning() {
            "Warning"
        } else {
            "Error"
        };
        error.set("level", level);
        error.set("time", time).set("taskId", task);
        let provider = self.provider.map(|code| {
            let (message, causes, action) = texts(code, v);
            json!({"errorCode": code.parse::<i32>().unwrap_or_default(), "errorMessage": message,
                   "errorId": code, "possibleCauses": causes, "recommendedAction": action})
        });
        error.set("provider", provider);
        error.fill("job-error")
    }
}

/// Message, possible causes, recommended action.
fn texts(code: &str, v: &Vars) -> (String, String, String) {
    let mut named = v.clone();
    named.set("name", v.get("objectName").cloned().unwrap_or_default());
    let of = |key: &str, general: &str| named.text(row(code)[key].as_str().unwrap_or(general));
    (
        of("message", GENERAL.0),
        of("causes", GENERAL.1),
        of("action", GENERAL.2),
    )
}
