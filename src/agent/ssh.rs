//! The system's ssh, so that the person's own configuration, agent, jump hosts and known hosts count.
//!
//! It asks nothing (batch mode), has a deadline, and is killed with whoever waits for it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::guest::{self, NoGuest};
use super::script::{self, NoFile};
use crate::domain::Text;
use crate::domain::guest::Guest;

/// Most bytes that are taken of what the other side prints; a file has some thousand.
const MOST_PRINTED: usize = 2 << 20;

/// Most bytes of a complaint.
const MOST_SAID: usize = 16 << 10;

/// Seconds that a connection may take.
const CONNECT: u32 = 15;

/// What the machine at the other end speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remote {
    Sh,
    PowerShell,
}

/// How to reach machines.
#[derive(Clone, Debug)]
pub struct Ssh {
    /// `ssh`, found as the shell finds it.
    pub program: PathBuf,
    /// Another configuration file than the person's own.
    pub config: Option<PathBuf>,
    pub deadline: Duration,
}

/// Why nothing was read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Trouble {
    #[error("'{0}' is no host name for ssh")]
    NoHost(Text),
    #[error("ssh cannot be started: {0}")]
    NoSsh(Text),
    #[error("the host key of {0} is not known here, or it changed: connect once by hand and look")]
    HostKey(Text),
    #[error("{0} lets nobody in with the keys that are at hand")]
    Denied(Text),
    #[error("{0} cannot be reached: {1}")]
    Unreachable(Text, Text),
    #[error("no answer from {host} within {} s", .after.as_secs())]
    Deadline { host: Text, after: Duration },
    #[error("{0} printed far more than a file has")]
    TooMuch(Text),
    #[error("the script failed on {0}: {1}")]
    Failed(Text, Text),
    #[error("{0}: {1}")]
    NoFile(Text, NoFile),
    #[error("{0}: {1}")]
    NoGuest(Text, NoGuest),
}

impl Ssh {
    #[must_use]
    pub fn new(deadline: Duration) -> Self {
        Self {
            program: "ssh".into(),
            config: None,
            deadline,
        }
    }

    /// Reads drscout.conf on a host, named as the person's own ssh knows it.
    ///
    /// # Errors
    /// Why it was not read.
    pub async fn read(&self, host: &str, remote: Remote) -> Result<Vec<u8>, Trouble> {
        let script = match remote {
            Remote::Sh => script::SH,
            Remote::PowerShell => script::POWERSHELL,
        };
        let printed = self.printed(host, remote, script).await?;
        script::unwrap(&printed).map_err(|why| Trouble::NoFile(host.into(), why))
    }

    /// Looks into a machine, named as the person's own ssh knows it.
    ///
    /// # Errors
    /// Why it was not looked into.
    pub async fn guest(&self, host: &str, remote: Remote) -> Result<Guest, Trouble> {
        let script = match remote {
            Remote::Sh => guest::SH,
            Remote::PowerShell => guest::POWERSHELL,
        };
        let printed = self.printed(host, remote, script).await?;
        guest::unwrap(&printed).map_err(|why| Trouble::NoGuest(host.into(), why))
    }

    /// What a script prints on a host.
    async fn printed(&self, host: &str, remote: Remote, script: &str) -> Result<String, Trouble> {
        let name = Text::from(host);
        // A host that begins with '-' would be an option.
        let bad = |c: char| c.is_control() || c.is_whitespace();
        if host.is_empty() || host.len() > 255 || host.starts_with('-') || host.contains(bad) {
            return Err(Trouble::NoHost(name));
        }
        let run = self.run(host, remote, script, &name);
        match tokio::time::timeout(self.deadline, run).await {
            Ok(printed) => printed,
            Err(_) => Err(Trouble::Deadline {
                host: name,
                after: self.deadline,
            }),
        }
    }

    async fn run(
        &self,
        host: &str,
        remote: Remote,
        script: &str,
        name: &Text,
    ) -> Result<String, Trouble> {
        let command = match remote {
            Remote::Sh => "sh -s",
            // Read to its end first: line by line a block that spans several would not be run.
            Remote::PowerShell => {
                "powershell -NoProfile -NonInteractive -Command \"[Console]::In.ReadToEnd() | Invoke-Expression\""
            }
        };
        let mut ssh = Command::new(&self.program);
        if let Some(config) = &self.config {
            ssh.arg("-F").arg(config);
        }
        ssh.args(["-T", "-o", "BatchMode=yes"])
            .args([
                "-o",
                &format!("ConnectTimeout={CONNECT}"),
                "-o",
                "ForwardAgent=no",
            ])
            .args(["-o", "ClearAllForwardings=yes"])
            // A connection that the person holds open is used; none is left open behind this one, which
            // would hold on to its streams.
            .args(["-o", "ControlMaster=no", "--", host, command])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let no_ssh = |error: std::io::Error| Trouble::NoSsh(error.to_string().into());
        let mut child = ssh.spawn().map_err(no_ssh)?;
        let (input, out, err) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let feed = async {
            if let Some(mut input) = input {
                // A closed pipe tells itself: what ssh says of it counts.
                let _ = input.write_all(script.as_bytes()).await;
            }
        };
        let ((), out, err) = tokio::join!(feed, take(out, MOST_PRINTED), take(err, MOST_SAID));
        if out.len() > MOST_PRINTED {
            return Err(Trouble::TooMuch(name.clone()));
        }
        let status = child.wait().await.map_err(no_ssh)?;
        let said = String::from_utf8_lossy(&err);
        match status.code() {
            Some(0) => {}
            Some(255) => return Err(refused(name, &said)),
            _ => return Err(Trouble::Failed(name.clone(), last_line(&said))),
        }
        Ok(String::from_utf8_lossy(&out).into_owned())
    }
}

/// What a stream holds, and at most one byte more than `most`; the rest is left where it is, and the
/// other side stops when nobody reads it.
async fn take(stream: Option<impl AsyncRead + Unpin>, most: usize) -> Vec<u8> {
    let mut all = Vec::new();
    if let Some(stream) = stream {
        let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        // What came until it broke is what there is.
        let _ = stream.take(most).read_to_end(&mut all).await;
    }
    all
}

/// 255 is ssh's own failure; which one only its words tell.
fn refused(host: &Text, said: &str) -> Trouble {
    let has = |words: &str| said.contains(words);
    if has("Host key verification failed") || has("REMOTE HOST IDENTIFICATION HAS CHANGED") {
        return Trouble::HostKey(host.clone());
    }
    if has("Permission denied") || has("Too many authentication failures") {
        return Trouble::Denied(host.clone());
    }
    Trouble::Unreachable(host.clone(), last_line(said))
}

fn last_line(said: &str) -> Text {
    let last = said.lines().rev().find(|line| !line.trim().is_empty());
    last.unwrap_or("it said nothing").trim().into()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::*;

    /// A program in ssh's place.
    fn fake(folder: &Path, body: &str, deadline: Duration) -> Ssh {
        let path = folder.join("ssh");
        std::fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        Ssh {
            program: path,
            config: None,
            deadline,
        }
    }

    async fn tried(body: &str) -> Result<Vec<u8>, Trouble> {
        let folder = tempfile::tempdir().unwrap();
        let ssh = fake(folder.path(), body, Duration::from_secs(20));
        ssh.read("web-01", Remote::Sh).await
    }

    #[tokio::test]
    async fn the_script_goes_in_and_the_file_comes_out() {
        let folder = tempfile::tempdir().unwrap();
        let conf = folder.path().join("drscout.conf");
        std::fs::write(&conf, "[vxagent]\nHostId=x\n").unwrap();
        // What the person's machine would run there, with the file in another place.
        let body = format!(
            "sed 's#/usr/local/drscout.conf#{}#' | sh -s",
            conf.display()
        );
        assert_eq!(tried(&body).await.unwrap(), b"[vxagent]\nHostId=x\n");
    }

    #[tokio::test]
    async fn it_asks_nothing_and_a_host_is_never_an_option() {
        let Err(Trouble::Failed(_, said)) = tried("cat >/dev/null; echo \"$@\" >&2; exit 3").await
        else {
            panic!()
        };
        assert!(said.as_str().contains("BatchMode=yes"), "{said}");
        assert!(said.as_str().ends_with("-- web-01 sh -s"), "{said}");
        let ssh = Ssh::new(Duration::from_secs(1));
        for host in ["", "-oProxyCommand=x", "a b", "a\u{1b}"] {
            let read = ssh.read(host, Remote::Sh).await;
            assert!(matches!(read, Err(Trouble::NoHost(_))), "{host:?}");
        }
    }

    #[tokio::test]
    async fn each_refusal_is_told_apart() {
        let says = |words: &str| format!("echo '{words}' >&2; exit 255");
        let key = tried(&says("Host key verification failed.")).await;
        assert_eq!(key, Err(Trouble::HostKey("web-01".into())));
        let denied = tried(&says("root@web-01: Permission denied (publickey).")).await;
        assert_eq!(denied, Err(Trouble::Denied("web-01".into())));
        let refused = tried(&says("connect to host web-01 port 22: Connection refused")).await;
        assert!(matches!(refused, Err(Trouble::Unreachable(_, _))));
        let Err(Trouble::Unreachable(_, said)) = tried("printf '\\033[2Jx\\n' >&2; exit 255").await
        else {
            panic!()
        };
        assert_eq!(said.as_str(), "\\x1b[2Jx");
    }

    #[tokio::test]
    async fn garbage_and_a_flood_are_no_file() {
        let garbage = tried("cat >/dev/null; echo hello").await;
        assert_eq!(
            garbage,
            Err(Trouble::NoFile("web-01".into(), NoFile::NothingOfOurs))
        );
        let flood = tried("yes 2>/dev/null").await;
        assert_eq!(flood, Err(Trouble::TooMuch("web-01".into())));
    }

    #[tokio::test]
    async fn one_that_hangs_ends_at_its_deadline_and_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("pid");
        let body = format!("echo $$ > {}; exec sleep 600", mark.display());
        let deadline = Duration::from_millis(1500);
        let ssh = fake(folder.path(), &body, deadline);
        let read = ssh.read("web-01", Remote::Sh).await;
        assert_eq!(
            read,
            Err(Trouble::Deadline {
                host: "web-01".into(),
                after: deadline
            })
        );
        let pid: u32 = std::fs::read_to_string(&mark)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let gone = || !Path::new(&format!("/proc/{pid}")).exists();
        let until = std::time::Instant::now() + Duration::from_secs(10);
        while !gone() && std::time::Instant::now() < until {
            tokio::task::yield_now().await;
        }
        assert!(gone(), "the process was left behind");
    }
}
