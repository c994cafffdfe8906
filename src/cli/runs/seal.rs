//! `failback runs sign RUN --sign-with KEY`: the head of a run that is over, signed with an SSH key.

use std::path::Path;

use serde_json::json;

use crate::cli::exit::Exit;
use crate::cli::output::{self, Complaint, print_json};
use crate::domain::{Failure, Retry};
use crate::store::RunFolder;
use crate::store::runs::{Head, SealTrouble};

pub fn run(folder: &RunFolder, key: &Path, json: bool) -> Result<Exit, Complaint> {
    usable(Some(key))?;
    let head = sign(folder, key)?;
    if json {
        print_json(&json!({
            "schema": "failback/signed/1",
            "run": folder.id(),
            "head": head.to_string(),
            "signature": folder.seal(),
        }));
    } else {
        output::print(&signed(folder, &head));
    }
    Ok(Exit::Done)
}

/// Says so early when there is no such key: a run takes hours.
pub fn usable(key: Option<&Path>) -> Result<(), Complaint> {
    match key {
        Some(key) if !key.is_file() => Err(Complaint::usage(
            format!("There is no key {}.", key.display()),
            "Name an SSH key: a private one, or the public one of a key that an agent holds.",
        )),
        _ => Ok(()),
    }
}

/// Signs the head of a run that is over.
pub fn sign(folder: &RunFolder, key: &Path) -> Result<Head, Complaint> {
    let verified = folder.verify(None)?;
    folder.sign(&verified, key).map_err(|trouble| {
        let what = format!("Run {} was not signed: {trouble}.", folder.id());
        let exit = match trouble {
            SealTrouble::Open => Exit::NotReady,
            _ => Exit::Failed,
        };
        let advice = match trouble {
            SealTrouble::Open => "Sign it when it is over.",
            SealTrouble::Damaged(_) => "See what is wrong: failback runs verify",
            _ => "",
        };
        let failure = Failure::new(what, advice, Retry::AfterFixing);
        Complaint { failure, exit }
    })?;
    Ok(verified.head)
}

pub fn signed(folder: &RunFolder, head: &Head) -> String {
    format!("Signed: head {head}, in {}", folder.seal().display())
}
