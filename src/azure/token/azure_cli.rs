//! Whoever is signed in to the Azure CLI: `az account get-access-token`.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::{Fresh, refused};
use crate::azure::error::{Error, SignInProblem};
use crate::azure::wire::Word;
use crate::domain::Text;

/// The CLI is a large Python program; on a cold disk it takes its time.
const LONGEST: Duration = Duration::from_secs(60);
const MOST_BYTES: u64 = 64 << 10;

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct CliAnswer {
    #[serde(rename = "accessToken")]
    access_token: Word,
    /// Seconds since 1970; only since version 2.54 of the CLI.
    expires_on: Word,
}

pub(super) async fn fetch(tenant: &str, audience: &str) -> Result<Fresh, Error> {
    let doing = "sign in with the Azure CLI";
    let source = |why: String| refused(doing, SignInProblem::Source(why));
    let mut command = Command::new("az");
    command.args([
        "account",
        "get-access-token",
        "--output",
        "json",
        "--resource",
        audience,
    ]);
    if !tenant.is_empty() {
        command.args(["--tenant", tenant]);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => source("the Azure CLI (az) is not installed".into()),
        _ => source(format!("az does not start: {error}")),
    })?;
    let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(source("az has no output".into()));
    };
    let (mut printed, mut complaint) = (Vec::new(), Vec::new());
    let (mut out, mut err) = (out.take(MOST_BYTES), err.take(MOST_BYTES));
    let all = async {
        let read = tokio::try_join!(
            out.read_to_end(&mut printed),
            err.read_to_end(&mut complaint)
        );
        read.and(child.wait().await)
    };
    let status = tokio::time::timeout(LONGEST, all)
        .await
        .map_err(|_| source(format!("az gave no token within {} s", LONGEST.as_secs())))?
        .map_err(|error| source(format!("az cannot be read: {error}")))?;
    if !status.success() {
        // The complaint never holds a token; it holds advice such as `az login`.
        let words = Text::from_outside(String::from_utf8_lossy(&complaint).trim());
        return Err(source(format!("az says: {words}")));
    }
    let answer: CliAnswer = serde_json::from_slice(&printed)
        .map_err(|_| source("az printed something that is not a token".into()))?;
    let answer = crate::azure::wire::TokenAnswer {
        access_token: answer.access_token,
        expires_on: answer.expires_on,
        expires_in: Word::default(),
    };
    super::fresh(doing, &answer)
}
