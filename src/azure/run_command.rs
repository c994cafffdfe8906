//! Run Command: a script in an Azure VM (asr-rest.md 8, X-17).
//!
//! Its guest agent is looked at first: without one Azure itself waits for an hour and a half. One script
//! at a time runs in a VM; a 409 for another one is waited for. Whoever calls sets the deadline, by
//! dropping what waits: the script in the guest is then left to end by itself, which a script that only
//! reads may.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::RETRY_AFTER;
use serde::Deserialize;
use serde_json::json;
use thiserror::Error;

use super::answer::Answer;
use super::compute::API_VERSION;
use super::error::{Error, Kind};
use super::pages::one;
use super::send::Arm;
use super::wire::{Many, Part, Word};
use crate::domain::{ArmId, Call, Method, RequestId, Text};

/// Most bytes of what a script printed that are taken. Azure itself keeps the last 4,096.
const MOST_PRINTED: usize = 256 << 10;

/// What runs a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    PowerShell,
    Sh,
}

/// What a script printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// As it came: to be read, never shown.
    pub out: String,
    pub err: Text,
    /// By the service's clock.
    pub at: Timestamp,
}

/// Why a script printed nothing.
#[derive(Clone, Debug, Error)]
pub enum NotRun {
    #[error("the VM is {0}, not running")]
    NotRunning(Text),
    #[error("the VM has no guest agent that answers")]
    NoGuestAgent,
    #[error("the script failed: {0}")]
    Failed(Text),
    #[error("it printed more than {} KiB", MOST_PRINTED >> 10)]
    TooMuch,
    #[error(transparent)]
    Arm(#[from] Error),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Operation {
    status: Word,
    error: Part<Said>,
    properties: Part<Properties>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Properties {
    output: Part<Output>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Output {
    value: Many<Said>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    code: Word,
    message: Word,
}

impl Arm {
    /// Runs a script that only reads in an Azure VM, and waits for what it prints.
    ///
    /// # Errors
    /// Why it printed nothing.
    pub async fn run_script(
        &self,
        vm: &ArmId,
        shell: Shell,
        script: &str,
    ) -> Result<Printed, NotRun> {
        let view = self.instance(vm).await?;
        if !view.power.as_str().eq_ignore_ascii_case("running") {
            let power = match view.power.is_empty() {
                true => "in an unknown state".into(),
                false => view.power,
            };
            return Err(NotRun::NotRunning(power));
        }
        if view.responsive != Some(true) {
            return Err(NotRun::NoGuestAgent);
        }
        let doing = format!("run a script on Azure VM {}", vm.name());
        let call = script_call(vm, shell, script);
        let accepted = loop {
            match self.change(&doing, &call, RequestId::random()).await {
                Ok(answer) => break answer,
                Err(error) => match wait(&error, self.pace().poll) {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => return Err(error.into()),
                },
            }
        };
        self.printed(&doing, accepted).await
    }

    async fn printed(&self, doing: &str, accepted: Answer) -> Result<Printed, NotRun> {
        let link = |name: &str| {
            let header = accepted.headers.get(name)?.to_str().ok()?;
            Some(header.to_owned())
        };
        let (status, result) = (link("azure-asyncoperation"), link("location"));
        if accepted.status != 202 {
            let output: Output = one(doing, &accepted.body)?;
            return read(&output, self.service_now());
        }
        if let Some(status) = status {
            loop {
                let answer = self.follow(doing, &status).await?;
                let operation: Operation = one(doing, &answer.body)?;
                match operation.status.as_str().to_ascii_lowercase().as_str() {
                    "succeeded" => {
                        let output = operation.properties.or_empty().output;
                        if let (None, Some(result)) = (&output.0, &result) {
                            return self.result(doing, result).await;
                        }
                        return read(&output.or_empty(), self.service_now());
                    }
                    "failed" | "canceled" | "cancelled" => {
                        let error = operation.error.or_empty();
                        let words = format!("{} ({})", error.message.as_str(), error.code.as_str());
                        return Err(NotRun::Failed(words.into()));
                    }
                    _ => tokio::time::sleep(self.next_look(&answer)).await,
                }
            }
        }
        match result {
            Some(result) => self.result(doing, &result).await,
            None => Err(NotRun::Failed(
                "Azure did not say where its output is".into(),
            )),
        }
    }

    async fn result(&self, doing: &str, link: &str) -> Result<Printed, NotRun> {
        loop {
            let answer = self.follow(doing, link).await?;
            if answer.status != 202 {
                let output: Output = one(doing, &answer.body)?;
                return read(&output, self.service_now());
            }
            tokio::time::sleep(self.next_look(&answer)).await;
        }
    }

    /// What the answer asks for, no longer than our own pause.
    fn next_look(&self, answer: &Answer) -> Duration {
        let asked = answer
            .headers
            .get(RETRY_AFTER)
            .and_then(|v| v.to_str().ok());
        let asked = asked
            .and_then(|v| v.trim().parse().ok())
            .map(Duration::from_secs);
        asked.unwrap_or(self.pace().poll).min(self.pace().poll)
    }
}

/// How long to wait before a script is offered again: another one runs, or Azure is busy.
fn wait(error: &Error, poll: Duration) -> Option<Duration> {
    match &error.kind {
        Kind::Throttled(asked) => Some((*asked).max(poll)),
        _ if error.another_script_runs() => Some(poll),
        _ => None,
    }
}

fn read(output: &Output, at: Timestamp) -> Result<Printed, NotRun> {
    let part = |name: &str| {
        let of = |said: &&Said| said.code.as_str().contains(name);
        let said = output.value.0.iter().find(of);
        said.map(|said| said.message.as_str())
    };
    let (out, err) = match part("StdOut") {
        Some(out) => (out, part("StdErr").unwrap_or_default()),
        // Of Linux both come in one message.
        None => streams(
            output
                .value
                .0
                .first()
                .map_or("", |said| said.message.as_str()),
        ),
    };
    if out.len() > MOST_PRINTED {
        return Err(NotRun::TooMuch);
    }
    Ok(Printed {
        out: out.to_owned(),
        err: err.into(),
        at,
    })
}

/// Both streams out of `Enable succeeded: \n[stdout]\n...\n[stderr]\n...`. What a script prints may hold
/// such lines, too: the first and the last one count.
fn streams(message: &str) -> (&str, &str) {
    let (_, rest) = message.split_once("[stdout]\n").unwrap_or(("", message));
    match rest.rsplit_once("[stderr]") {
        Some((out, err)) => (out, err.trim()),
        None => (rest, ""),
    }
}

/// The call that runs a script in a VM.
#[must_use]
pub fn script_call(vm: &ArmId, shell: Shell, script: &str) -> Call {
    let command = match shell {
        Shell::PowerShell => "RunPowerShellScript",
        Shell::Sh => "RunShellScript",
    };
    let lines: Vec<&str> = script.lines().collect();
    let body = json!({ "commandId": command, "script": lines });
    Call {
        method: Method::Post,
        path: format!("{vm}/runCommand?api-version={API_VERSION}"),
        // A line of the script a line: people read it before it is sent.
        body: Some(format!("{body:#}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(out: &str) -> Output {
        let value = json!({"value": [
            {"code": "ComponentStatus/StdOut/succeeded", "message": out},
            {"code": "ComponentStatus/StdErr/succeeded", "message": "\u{1b}[2Jno"},
        ]});
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn both_streams_are_read_and_the_one_to_be_shown_is_safe() {
        let printed = read(&output("a\n"), Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(
            (printed.out.as_str(), printed.err.as_str()),
            ("a\n", "\\x1b[2Jno")
        );
    }

    #[test]
    fn the_one_message_of_linux_holds_both_streams() {
        for (message, out, err) in [
            (
                "Enable succeeded: \n[stdout]\na\nb\n\n[stderr]\n",
                "a\nb\n\n",
                "",
            ),
            (
                "Enable succeeded: \n[stdout]\n\n[stderr]\n\u{1b}no\n",
                "\n",
                "\\x1bno",
            ),
            ("[stdout]\n[stderr]\nx\n[stderr]\ny", "[stderr]\nx\n", "y"),
            ("cut off by Azure\n[stderr]\n", "cut off by Azure\n", ""),
        ] {
            let value =
                json!({"value": [{"code": "ProvisioningState/succeeded", "message": message}]});
            let output: Output = serde_json::from_value(value).unwrap();
            let printed = read(&output, Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!((printed.out.as_str(), printed.err.as_str()), (out, err));
        }
    }

    #[test]
    fn more_than_anybody_needs_is_not_taken() {
        let long = "x".repeat(5 << 20);
        let read = read(&output(&long), Timestamp::UNIX_EPOCH);
        assert!(matches!(read, Err(NotRun::TooMuch)));
    }
}
