//! What is known of the inside of a machine from before: information, which is never counted as passed,
//! because a machine goes on changing once it was looked at.

use crate::readiness::ask::{Machine, Verdict, doubt, failed, not_for};
use crate::readiness::facts::Temporary;

/// After so many seconds a record is told to be old: a week.
const OLD: i64 = 7 * 24 * 3600;

pub fn kept(m: &Machine<'_>) -> Verdict {
    let (recorded, now) = m.recorded()?;
    let Some(recorded) = recorded else {
        return failed("nothing was recorded of it: once it is home nothing can be compared");
    };
    let day = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    match recorded.inside {
        None => failed(format!(
            "it was recorded on {}, and never looked into",
            day(recorded.at)
        )),
        Some(at) if now.as_second() - at.as_second() > OLD => failed(format!(
            "it was last looked into on {}; what changed since is not recorded",
            day(at)
        )),
        Some(at) => not_for(format!("it was last looked into on {}", day(at))),
    }
}

/// Nothing here proves that it is out of use now: the step of the run looks itself.
pub fn temporary_disk(m: &Machine<'_>) -> Verdict {
    if m.protected()?.offline_temporary {
        return not_for("the plan takes it out of use before it protects the machine");
    }
    let recorded = m.recorded()?.0.map(|own| &own.temporary);
    match recorded {
        Some(Temporary::InUse(at)) => failed(format!(
            "it was in use at {at} when the machine was recorded, and the plan leaves it so"
        )),
        Some(Temporary::OutOfUse) => doubt(
            "it was out of use when the machine was recorded; whether it still is was not looked at",
        ),
        Some(Temporary::None) => doubt(
            "there was none when the machine was recorded; whether there is one was not looked at",
        ),
        Some(Temporary::NotTold) | None => doubt("nobody looked whether it has one in use"),
    }
}
