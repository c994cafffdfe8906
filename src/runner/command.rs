//! A local command that a plan names, run within limits: no shell, no input, a bounded output, an
//! end. It sees what it is run for, and none of this program's secrets.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use super::desk::{Desk, Halt, Way};
use crate::domain::Text;
use crate::domain::plan::{Hook, Minutes};

/// Most bytes that are kept of each stream.
const MOST: usize = 2048;

/// Most bytes of one fact.
const MOST_FACT: usize = 4096;

/// How long output is waited for once the command itself is over: a child of it may hold it open.
const AFTERWARDS: Duration = Duration::from_millis(500);

/// What of the environment a command gets; what else there is may hold secrets.
const KEPT: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TMPDIR",
    "TZ",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "SSH_AUTH_SOCK",
    "KRB5CCNAME",
    "XDG_RUNTIME_DIR",
];

/// What a command is told, in its environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts(Vec<(&'static str, String)>);

impl Facts {
    /// Of the whole run; `at` says when the command is run.
    pub fn of(desk: &Desk, at: &str) -> Self {
        let launch = desk.run(|run| run.launch.clone());
        let facts = Self::default().with("FAILBACK_AT", at);
        match launch {
            None => facts,
            Some(launch) => facts
                .with("FAILBACK_RUN", &launch.run)
                .with("FAILBACK_SITE", &launch.site)
                .with("FAILBACK_PLAN", &launch.name)
                .with("FAILBACK_INTENT", &launch.intent)
                .with("FAILBACK_BY", &launch.by),
        }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        let mut value = value.to_string();
        let mut end = value.len().min(MOST_FACT);
        while !value.is_char_boundary(end) {
            end -= 1;
        }
        value.truncate(end);
        self.0.push((name, value));
        self
    }
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ran {
    /// Why it did not end well.
    pub trouble: Option<Text>,
    /// What it printed, and what it complained of.
    pub said: Vec<Text>,
}

impl Ran {
    fn not(trouble: String) -> Self {
        Self {
            trouble: Some(trouble.into()),
            said: Vec::new(),
        }
    }

    /// Everything that is known, most important first.
    pub fn evidence(&self) -> Vec<Text> {
        self.trouble.iter().chain(&self.said).cloned().collect()
    }
}

/// Runs a command of a plan, unless `halted` is first: it is ended then.
pub(super) async fn run(
    hook: &Hook,
    facts: &Facts,
    halted: impl Future<Output = Halt>,
) -> Way<Ran> {
    let Some((program, arguments)) = hook.command.split_first() else {
        return Ok(Ran::not("The plan names no command".into()));
    };
    let shown = hook.shown();
    let mut prepared = Command::new(program);
    prepared
        .args(arguments)
        .env_clear()
        .envs(
            KEPT.iter()
                .filter_map(|name| Some((name, std::env::var_os(name)?))),
        )
        .envs(facts.0.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // What it starts ends with it.
        .process_group(0)
        .kill_on_drop(true);
    let mut child = match prepared.spawn() {
        Ok(child) => Group(child),
        Err(error) => return Ok(Ran::not(format!("{shown} cannot be started: {error}"))),
    };
    let out = tokio::spawn(kept(child.0.stdout.take()));
    let err = tokio::spawn(kept(child.0.stderr.take()));
    let Minutes(minutes) = hook.limit;
    let limit = Duration::from_secs(60 * u64::from(minutes));
    let ended = tokio::select! {
        biased;
        halt = halted => return Err(halt),
        ended = tokio::time::timeout(limit, child.0.wait()) => ended,
    };
    let trouble = match ended {
        Ok(Ok(status)) if is_well(status, &hook.well) => None,
        Ok(Ok(status)) => Some(format!("{shown} ended with {status}")),
        Ok(Err(error)) => Some(format!("{shown} cannot be waited for: {error}")),
        Err(_) => Some(format!(
            "{shown} was not over after {minutes} min and was ended"
        )),
    };
    drop(child);
    let mut said = Vec::new();
    for (stream, reading) in [("printed", out), ("complained", err)] {
        let abort = reading.abort_handle();
        match tokio::time::timeout(AFTERWARDS, reading).await {
            Ok(Ok(text)) if !text.is_empty() => {
                said.push(Text::from(format!("It {stream}: {text}")));
            }
            Ok(_) => {}
            Err(_) => abort.abort(),
        }
    }
    Ok(Ran {
        trouble: trouble.map(Text::from),
        said,
    })
}

fn is_well(status: ExitStatus, well: &[u8]) -> bool {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.is_some_and(|code| well.contains(&code))
}

/// A command and what it started, which end with it.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        // None once it was waited for: the number may be another's by then.
        let group = self
            .0
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(rustix::process::Pid::from_raw);
        if let Some(group) = group {
            // It may be gone already.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

/// Reads to the end, keeping the beginning: who prints without end is not held up by a full pipe.
async fn kept(stream: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut stream) = stream else {
        return String::new();
    };
    let (mut kept, mut buffer, mut more) = (Vec::new(), [0; 4096], false);
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        let room = MOST.saturating_sub(kept.len()).min(read);
        kept.extend_from_slice(&buffer[..room]);
        more |= room < read;
    }
    let text = String::from_utf8_lossy(&kept).trim().to_owned();
    match more {
        true => format!("{text} [cut]"),
        false => text,
    }
}
