//! `failback runs verify RUN`: whether a journal is as it was written, and what that proves.

use serde_json::json;

use super::state::closed;
use crate::cli::arguments::VerifyArguments;
use crate::cli::exit::Exit;
use crate::cli::output::{self, Complaint, print_json};
use crate::domain::Text;
use crate::store::RunFolder;
use crate::store::runs::{SealTrouble, Verified};

/// What is said of a journal whose head nobody kept elsewhere.
const NO_PROOF: &str = "Who may write its folder can write all of it anew. Only a head that was kept \
                        elsewhere (--head) or a signature (--signed-by) shows that nobody did.";

pub fn run(folder: &RunFolder, options: &VerifyArguments, json: bool) -> Result<Exit, Complaint> {
    let verified = folder.verify(options.head.as_ref())?;
    let signed = options.signed_by.as_ref().map(|allowed| {
        let signed = folder.signed_by(&verified, allowed, options.signer.as_deref());
        signed.map_err(|trouble: SealTrouble| trouble.to_string())
    });
    let sound = verified.is_sound() && !matches!(signed, Some(Err(_)));
    let vouched = options.head.is_some() || signed.is_some();
    if json {
        print_json(&json!({
            "schema": "failback/verified/1",
            "run": folder.id(),
            "folder": folder.path(),
            "sound": sound,
            "lines": verified.head.number,
            "head": verified.head.to_string(),
            "closed": verified.closing.map(|closing| closed(closing).0),
            "beingWritten": verified.being_written,
            "damages": verified.damages.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "comparedWith": options.head.as_ref().map(ToString::to_string),
            "signedBy": signed.as_ref().and_then(|signed| signed.as_ref().ok()),
            "signature": signed.as_ref().and_then(|signed| signed.as_ref().err()),
            "provesAuthorship": sound && vouched,
        }));
    } else {
        let signed = signed.as_ref();
        let lines = lines(folder, &verified, options, signed, sound && !vouched);
        lines.iter().for_each(|line| output::print(line));
    }
    Ok(match sound {
        true => Exit::Done,
        false => Exit::Failed,
    })
}

fn lines(
    folder: &RunFolder,
    verified: &Verified,
    options: &VerifyArguments,
    signed: Option<&Result<Text, String>>,
    unproven: bool,
) -> Vec<String> {
    let mut lines = vec![
        format!("Run {}: {} lines", folder.id(), verified.head.number),
        format!("  head {}", verified.head),
    ];
    lines.push(match verified.closing {
        Some(closing) => format!("  closed: {}", closed(closing).1),
        None => "  not closed: it may be shorter than it was, and nothing would show it".into(),
    });
    if verified.being_written {
        lines.push("  a line is being written now; it is not counted".into());
    }
    match verified.damages.as_slice() {
        [] => {
            lines
                .push("+ Every line is sound and follows the one before; head is the last.".into());
        }
        damages => lines.extend(damages.iter().map(|damage| format!("x {damage}"))),
    }
    if let Some(head) = &options.head
        && verified.is_sound()
    {
        lines.push(format!(
            "+ Line {} is the one of which the head tells.",
            head.number
        ));
    }
    match signed {
        Some(Ok(who)) => lines.push(format!("+ Signed by {who}.")),
        Some(Err(why)) => lines.push(format!("x The signature does not hold: {why}")),
        None => {}
    }
    if unproven {
        lines.push(NO_PROOF.into());
    }
    lines
}
