//! Signing the head of a run that is over, with an SSH key: `ssh-keygen -Y` (ssh-keygen(1)).
//!
//! What is signed is a statement of a few lines: the run, its head, how it was closed. It is made anew
//! from the journal when the signature is checked, so that a signature of another journal is none.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use thiserror::Error;

use super::damage::Damage;
use super::folder::RunFolder;
use super::trouble::RunTrouble;
use super::verify::Verified;
use crate::domain::Text;

/// What the signature is for: it counts for nothing else.
const NAMESPACE: &str = "failback";
const PROGRAM: &str = "ssh-keygen";
/// A person may have to type a passphrase, or touch a key.
const SIGNING: Duration = Duration::from_secs(300);
const CHECKING: Duration = Duration::from_secs(30);
/// Most bytes of what it prints.
const MOST_PRINTED: u64 = 64 << 10;
const PAUSE: Duration = Duration::from_millis(10);

/// Why a run was not signed, or its signature does not hold.
#[derive(Clone, Debug, Error)]
pub enum SealTrouble {
    #[error("only a run that is over is signed; this one is not closed")]
    Open,
    #[error("its journal is damaged: {0}")]
    Damaged(String),
    #[error("it is not signed: there is no {0}")]
    Unsigned(String),
    #[error("{PROGRAM} cannot be used: {0}")]
    Program(String),
    #[error("{PROGRAM} did not answer within {} s", .0.as_secs())]
    Late(Duration),
    #[error("{PROGRAM} refused it: {0}")]
    Refused(Text),
    #[error(transparent)]
    Run(#[from] RunTrouble),
}

impl RunFolder {
    /// Where the signature is.
    #[must_use]
    pub fn seal(&self) -> PathBuf {
        self.path().join("head.sig")
    }

    /// Signs what `verified` found with a key: a private key's file, or a public key's whose private
    /// one an agent holds. A passphrase is asked for at the terminal.
    ///
    /// # Errors
    /// A run that is not closed or damaged; what `ssh-keygen` says.
    pub fn sign(&self, verified: &Verified, key: &Path) -> Result<(), SealTrouble> {
        let statement = self.statement(verified)?;
        let mut command = Command::new(PROGRAM);
        command.args(["-Y", "sign", "-n", NAMESPACE, "-f"]).arg(key);
        let (status, printed, said) = ask(&mut command, &statement, SIGNING)?;
        let signed = status.success() && printed.starts_with(b"-----BEGIN SSH SIGNATURE-----");
        if !signed {
            return Err(refused(status, &said));
        }
        let file = self.seal();
        let written = self.access().write(&file, &printed);
        Ok(written.map_err(|error| RunTrouble::disk(&file, &error))?)
    }

    /// Checks the signature of what `verified` found against a file of those who may sign
    /// (`ALLOWED SIGNERS` of ssh-keygen(1)): by `signer`, or by any of them. Who signed it.
    ///
    /// # Errors
    /// A run that is not signed, a signature that does not hold.
    pub fn signed_by(
        &self,
        verified: &Verified,
        allowed: &Path,
        signer: Option<&str>,
    ) -> Result<Text, SealTrouble> {
        let statement = self.statement(verified)?;
        let seal = self.seal();
        if !seal.is_file() {
            return Err(SealTrouble::Unsigned(seal.display().to_string()));
        }
        let signer = match signer {
            Some(signer) => signer.to_owned(),
            None => {
                let mut command = Command::new(PROGRAM);
                command.args(["-Y", "find-principals", "-f"]).arg(allowed);
                command.arg("-s").arg(&seal);
                let (status, printed, said) = ask(&mut command, b"", CHECKING)?;
                let known = String::from_utf8_lossy(&printed);
                match known.lines().next().map(str::trim) {
                    Some(first) if status.success() && !first.is_empty() => first.to_owned(),
                    _ => return Err(refused(status, &said)),
                }
            }
        };
        let mut command = Command::new(PROGRAM);
        command.args(["-Y", "verify", "-n", NAMESPACE, "-f"]);
        command.arg(allowed).arg("-I").arg(&signer);
        command.arg("-s").arg(&seal);
        let (status, printed, said) = ask(&mut command, &statement, CHECKING)?;
        match status.success() {
            true => Ok(signer.as_str().into()),
            // It tells of a signature that does not hold on either.
            false => Err(refused(status, &[printed, said].concat())),
        }
    }

    /// What is signed.
    fn statement(&self, verified: &Verified) -> Result<Vec<u8>, SealTrouble> {
        // What is usual of a run that is not over is told as that.
        let usual = |damage: &&Damage| damage.is_unfinished() || damage.is_head_behind();
        let open = verified.closing.is_none();
        let damage = verified.damages.iter().find(|d| !(open && usual(d)));
        if let Some(damage) = damage {
            return Err(SealTrouble::Damaged(damage.to_string()));
        }
        let closing = verified.closing.ok_or(SealTrouble::Open)?;
        let closing = serde_json::to_string(&closing).map_err(io::Error::from);
        let closing = closing.map_err(|error| RunTrouble::disk(self.path(), &error))?;
        let statement = format!(
            "failback/head/1\nrun {}\nhead {}\nclosed {}\n",
            self.id(),
            verified.head,
            closing.trim_matches('"')
        );
        Ok(statement.into_bytes())
    }
}

fn refused(status: ExitStatus, said: &[u8]) -> SealTrouble {
    let said = String::from_utf8_lossy(said);
    let said: Vec<&str> = said
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    match said.as_slice() {
        [] => SealTrouble::Refused(status.to_string().into()),
        said => SealTrouble::Refused(said.join("; ").trim_end_matches('.').into()),
    }
}

type Answer = (ExitStatus, Vec<u8>, Vec<u8>);

/// Gives a program its input; how it ended and what it printed, on both.
fn ask(command: &mut Command, input: &[u8], patience: Duration) -> Result<Answer, SealTrouble> {
    let cannot = |error: io::Error| SealTrouble::Program(error.to_string());
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.stderr(Stdio::piped()).spawn().map_err(cannot)?;
    let printed = gather(child.stdout.take());
    let said = gather(child.stderr.take());
    if let Some(mut stdin) = child.stdin.take() {
        // Ignored on purpose: one that does not read it says why, or ends.
        let _ = stdin.write_all(input);
    }
    let end = Instant::now() + patience;
    let status = loop {
        match child.try_wait().map_err(cannot)? {
            Some(status) => break status,
            None if Instant::now() < end => thread::sleep(PAUSE),
            None => {
                stop(&mut child);
                return Err(SealTrouble::Late(patience));
            }
        }
    };
    // Not for ever: what it leaves behind may hold them open.
    let rest = || end.saturating_duration_since(Instant::now()).min(CHECKING);
    let printed = printed.recv_timeout(rest()).unwrap_or_default();
    let said = said.recv_timeout(rest()).unwrap_or_default();
    Ok((status, printed, said))
}

fn gather(from: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (sender, gathered) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(from) = from {
            // Ignored on purpose: what came until then counts.
            let _ = from.take(MOST_PRINTED).read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    gathered
}

fn stop(child: &mut Child) {
    // Ignored on purpose: it has ended by itself then.
    let _ = child.kill();
    let _ = child.wait();
}
