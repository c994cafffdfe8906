//! A local command that a plan names, run within limits: no shell, no input, a bounded output, an
//! end. It sees none of this program's secrets.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use crate::domain::plan::Minutes;
use crate::domain::{StepKind, Text};
use crate::runner::carrier::Carrier;
use crate::runner::desk::{Halt, Way};

/// Most bytes that are kept of each stream.
const MOST: usize = 2048;

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

pub(super) enum Ran {
    Well,
    /// Why not, most important first.
    Badly(Vec<Text>),
}

/// Runs the command. What it printed is written down.
pub(super) async fn run(
    c: &Carrier<'_>,
    step: StepKind,
    command: &[String],
    limit: Minutes,
) -> Way<Ran> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(Ran::Badly(vec!["The plan names no command".into()]));
    };
    let shown = Text::from(command.join(" "));
    let mut prepared = Command::new(program);
    prepared
        .args(arguments)
        .env_clear()
        .envs(
            KEPT.iter()
                .filter_map(|name| Some((name, std::env::var_os(name)?))),
        )
        .env("FAILBACK_MACHINE", c.name().as_str())
        .env("FAILBACK_RUN", c.run.as_str())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // What it starts ends with it.
        .process_group(0)
        .kill_on_drop(true);
    let mut child = match prepared.spawn() {
        Ok(child) => child,
        Err(error) => {
            let words = format!("{shown} cannot be started: {error}");
            return Ok(Ran::Badly(vec![words.into()]));
        }
    };
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let out = tokio::spawn(kept(out));
    let err = tokio::spawn(kept(err));
    let limit_time = Duration::from_secs(60 * u64::from(limit.0));
    let ended = tokio::select! {
        biased;
        halt = c.desk.halted() => Err(halt),
        ended = tokio::time::timeout(limit_time, child.wait()) => Ok(ended),
    };
    let verdict = match ended {
        Err(halt) => {
            kill(&mut child).await;
            return Err::<Ran, Halt>(halt);
        }
        Ok(Ok(Ok(status))) if status.success() => None,
        Ok(Ok(Ok(status))) => Some(format!("{shown} ended with {status}")),
        Ok(Ok(Err(error))) => Some(format!("{shown} cannot be waited for: {error}")),
        Ok(Err(_)) => {
            kill(&mut child).await;
            let minutes = limit.0;
            Some(format!(
                "{shown} was not over after {minutes} min and was ended"
            ))
        }
    };
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
    for words in &said {
        c.remark(step, words.clone()).await?;
    }
    Ok(match verdict {
        None => Ran::Well,
        Some(words) => Ran::Badly(std::iter::once(words.into()).chain(said).collect()),
    })
}

/// Ends the command and what it started.
async fn kill(child: &mut Child) {
    let group = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        // It may be gone already.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill().await;
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
