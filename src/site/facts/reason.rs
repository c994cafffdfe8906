//! Why a fact is unknown, in words that stay the same while the reason does: attestations are tied
//! to them, so they hold no times, no waits and no request ids.

use crate::azure::{Coverage, Error, Kind};
use crate::domain::Text;

pub(super) const NOT_NEEDED: &str = "it is not needed for this plan";
pub(super) const NO_VAULT: &str = "it lies in no vault of this site";

/// The reason of a failed reading.
pub(in crate::site) fn of(error: &Error) -> Text {
    let why = match &error.kind {
        _ if error.is_not_recorded() => "it was not recorded".into(),
        Kind::NameUnknown(_) | Kind::Unreachable(_) | Kind::Proxy(_) => {
            "Azure cannot be reached".into()
        }
        Kind::Untrusted { .. } | Kind::NoTls(_) | Kind::Redirected(_) => {
            "what answers is not trusted".into()
        }
        Kind::Timeout(_) | Kind::Cut => "there was no whole answer".to_owned(),
        Kind::TooLarge(_) | Kind::Garbage(_) => "the answer cannot be understood".into(),
        Kind::Throttled(_) => "Azure is busy".into(),
        Kind::SignIn(_) => "sign-in failed".into(),
        Kind::Refused { status: 403, .. } => "this identity has no role that allows it".into(),
        Kind::Refused { status, error } if error.code.is_empty() => format!("HTTP {status}"),
        Kind::Refused { status, error } => format!("HTTP {status}, {}", error.code),
    };
    format!("could not {}: {why}", error.doing).into()
}

/// Why a list that was read is not the whole list; `None` when it is.
pub(in crate::site) fn incomplete(coverage: &Coverage) -> Option<Text> {
    if coverage.composed {
        return Some("only single answers of the list were recorded".into());
    }
    (coverage.dropped > 0).then(|| "entries of the list have ids that cannot be used".into())
}
