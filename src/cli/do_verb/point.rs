//! Recovery points by a word, by their name or id, or by a time.

use jiff::Timestamp;

use crate::cli::output::Complaint;
use crate::domain::offers::{Offered, Reading};
use crate::domain::plan::{AzurePoint, PointChoice};
use crate::domain::recovery_point::RecoveryPoint;
use crate::domain::{Generation, Machine};

/// Most points that a complaint names.
const NAMED: usize = 12;

/// The point of a way home.
pub fn home(offered: &Offered, said: &str) -> Result<PointChoice, Complaint> {
    let machine = &*offered.machine;
    let classic = machine.provider().generation() == Some(Generation::Classic);
    match said.trim().to_ascii_lowercase().as_str() {
        "latest" => Ok(PointChoice::Latest),
        "latest-application" => Ok(PointChoice::LatestApplication),
        _ if !classic => Err(Complaint::usage(
            format!(
                "{} makes its own recovery point when it fails back: {said:?} cannot be chosen.",
                machine.name
            ),
            "Say --point latest or --point latest-application. [004] MOD-03",
        )),
        _ => {
            let point = chosen(offered, said)?;
            Ok(PointChoice::Custom {
                name: point.name.clone(),
                time: point.time,
            })
        }
    }
}

/// The point of a failover to Azure, or of a test.
pub fn azure(offered: &Offered, said: &str) -> Result<AzurePoint, Complaint> {
    match said.trim().to_ascii_lowercase().as_str() {
        "latest" => Ok(AzurePoint::Latest),
        "latest-processed" => Ok(AzurePoint::LatestProcessed),
        "latest-application" => Ok(AzurePoint::LatestApplication),
        _ => {
            let point = chosen(offered, said)?;
            let nameless = || {
                Complaint::usage(
                    format!(
                        "Azure gives the point {} no id to choose it by.",
                        point.name
                    ),
                    "Choose another point.",
                )
            };
            Ok(AzurePoint::Custom {
                id: point.id.clone().ok_or_else(nameless)?,
                time: point.time,
            })
        }
    }
}

/// Whether the machine's points must be read for it.
pub fn is_custom(said: &str) -> bool {
    let words = ["latest", "latest-processed", "latest-application"];
    !words
        .iter()
        .any(|word| said.trim().eq_ignore_ascii_case(word))
}

/// The one point that is meant: by name or id, else the last one until a time.
fn chosen<'a>(offered: &'a Offered, said: &str) -> Result<&'a RecoveryPoint, Complaint> {
    let machine = &*offered.machine;
    let points = points(offered)?;
    let said = said.trim();
    let named = |point: &&RecoveryPoint| {
        let is = |text: &str| text.eq_ignore_ascii_case(said);
        let id = point.id.as_ref();
        is(point.name.as_str()) || id.is_some_and(|id| is(id.as_str()) || is(id.name()))
    };
    if let Some(point) = points.iter().find(named) {
        return Ok(point);
    }
    let Ok(until) = said.parse::<Timestamp>() else {
        return Err(Complaint::usage(
            format!("{} has no recovery point called {said:?}.", machine.name),
            there(points),
        ));
    };
    let timed = points.iter().filter(|p| p.time.is_some_and(|t| t <= until));
    timed.max_by_key(|point| point.time).ok_or_else(|| {
        Complaint::usage(
            format!("{} has no recovery point until {until}.", machine.name),
            there(points),
        )
    })
}

fn points(offered: &Offered) -> Result<&[RecoveryPoint], Complaint> {
    let machine: &Machine = &offered.machine;
    let unread = |why: &str| {
        Complaint::usage(
            format!(
                "The recovery points of {} could not be read: {why}",
                machine.name
            ),
            "Try again, or choose --point latest.",
        )
    };
    match &offered.detail {
        Reading::Read(detail) => match (&detail.points_failure, detail.points.as_slice()) {
            (Some(failure), []) => Err(unread(failure.what.as_str())),
            (_, points) => Ok(points),
        },
        Reading::Failed(why) => Err(unread(why.as_str())),
        Reading::NotYet => Err(unread("they were not asked for.")),
    }
}

fn there(points: &[RecoveryPoint]) -> String {
    if points.is_empty() {
        return "Azure lists no recovery point.".into();
    }
    let mut newest: Vec<&RecoveryPoint> = points.iter().collect();
    newest.sort_by_key(|point| std::cmp::Reverse(point.time));
    let words = newest.iter().take(NAMED).map(|point| match point.time {
        Some(time) => format!("{} ({time})", point.name),
        None => format!("{} (its time is not told)", point.name),
    });
    let words: Vec<String> = words.collect();
    format!("There are: {}.", words.join(", "))
}
