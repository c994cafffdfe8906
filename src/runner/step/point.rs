//! What a recovery point belongs to: failover to Azure, another point, a test. Which point is the
//! newest is told by those that are there when it is sent.

use super::change::{self, Making, Until};
use super::look::PATIENCE;
use crate::domain::plan::AzurePoint;
use crate::domain::recovery_point::{RecoveryPoint, newest, resolve};
use crate::domain::run::End;
use crate::domain::{ArmId, Call, Change, Failure, Retry, Step, StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::Way;

/// What is to be sent.
#[derive(Clone, Copy)]
pub(super) enum Wish<'a> {
    Known(&'a Change),
    /// Known once the recovery points are.
    Point(&'a Step),
}

pub(super) async fn make(c: &Carrier<'_>, step: &Step, memory: &mut Memory) -> Way<End> {
    let making = Making {
        step: step.kind(),
        wish: Wish::Point(step),
        confirmed: None,
        // The job of a test may wait while the test is there.
        until: match step.kind() {
            StepKind::TestFailover => Until::Waiting,
            _ => Until::Over,
        },
    };
    change::make_so(c, making, memory).await
}

impl Wish<'_> {
    /// The change that was sent as `call`, as far as following and judging it needs.
    pub(super) fn sent(self, call: &Call) -> Option<Change> {
        let wanted = match self {
            Self::Known(change) => return Some(change.clone()),
            Self::Point(wanted) => wanted,
        };
        let point = call.body.as_deref().and_then(point_in);
        Some(match wanted {
            Step::FailOver(to) => Change::FailOver {
                item: to.item.clone(),
                generation: to.generation,
                point,
                shut_down: to.shut_down,
            },
            Step::TestFailover {
                item,
                generation,
                network,
                ..
            } => Change::TestFailover {
                item: item.clone(),
                generation: *generation,
                network: network.clone(),
                point,
            },
            Step::ChangePoint {
                item, generation, ..
            } => Change::ChangePoint {
                item: item.clone(),
                generation: *generation,
                point: point?,
            },
            _ => return None,
        })
    }

    /// The change, whole. `Err`: why there is none now; nothing was sent.
    pub(super) async fn change(
        self,
        c: &Carrier<'_>,
        step: StepKind,
    ) -> Way<Result<Change, Failure>> {
        let wanted = match self {
            Self::Known(change) => return Ok(Ok(change.clone())),
            Self::Point(wanted) => wanted,
        };
        let points = match needs_points(wanted) {
            false => Vec::new(),
            true => {
                let read = || c.site.arm().recovery_points(c.id());
                match c.read(step, PATIENCE, read).await? {
                    Ok(points) => points,
                    Err(error) => return Ok(Err(error.into())),
                }
            }
        };
        let change = match in_full(wanted, &points) {
            Ok(change) => change,
            Err(why) => return Ok(Err(refused(c, &why))),
        };
        if let Some(point) = point_of(&change) {
            c.remark(
                step,
                format!("The recovery point is {}", told(point, &points)),
            )
            .await?;
        }
        Ok(Ok(change))
    }
}

/// The recovery point that a body names.
fn point_in(body: &str) -> Option<ArmId> {
    let (_, rest) = body.split_once("\"recoveryPointId\"")?;
    let mut quoted = rest.split('"');
    ArmId::parse(quoted.nth(1)?)
}

fn refused(c: &Carrier<'_>, why: &Text) -> Failure {
    let what = format!(
        "Nothing was sent: {} has no such point, for {why}.",
        c.name()
    );
    let advice = "Choose another recovery point in the plan, or look again when there is one.";
    Failure::new(what, advice, Retry::AfterFixing)
}

/// Whether the points must be read for it.
pub(in crate::runner) fn needs_points(step: &Step) -> bool {
    match step {
        Step::FailOver(to) => to.point != AzurePoint::Latest,
        Step::TestFailover { point, .. } => *point != AzurePoint::Latest,
        Step::ChangePoint { .. } => true,
        _ => false,
    }
}

/// The change that such a step sends, with these points there. Of what failed over already the latest
/// is the newest: nothing more was sent. `Err`: which point there is not.
pub(in crate::runner) fn in_full(step: &Step, points: &[RecoveryPoint]) -> Result<Change, Text> {
    let why = |why: crate::domain::recovery_point::NoPoint| Text::from(why.to_string());
    let found = |wanted: &AzurePoint| {
        let point = resolve(points, wanted).map_err(why)?;
        Ok::<Option<ArmId>, Text>(point.and_then(|point| point.id.clone()))
    };
    Ok(match step {
        Step::FailOver(to) => Change::FailOver {
            item: to.item.clone(),
            generation: to.generation,
            point: found(&to.point)?,
            shut_down: to.shut_down,
        },
        Step::TestFailover {
            item,
            generation,
            network,
            point,
        } => Change::TestFailover {
            item: item.clone(),
            generation: *generation,
            network: network.clone(),
            point: found(point)?,
        },
        Step::ChangePoint {
            item,
            generation,
            point,
        } => {
            let point = match found(point)? {
                Some(point) => point,
                None => {
                    let newest = newest(points).map_err(why)?;
                    newest.id.clone().ok_or("it has no recovery point")?
                }
            };
            Change::ChangePoint {
                item: item.clone(),
                generation: *generation,
                point,
            }
        }
        other => {
            let word = other.kind().words();
            return Err(format!("\"{word}\" takes none").into());
        }
    })
}

fn point_of(change: &Change) -> Option<&ArmId> {
    match change {
        Change::FailOver { point, .. } | Change::TestFailover { point, .. } => point.as_ref(),
        Change::ChangePoint { point, .. } => Some(point),
        _ => None,
    }
}

fn told(id: &ArmId, points: &[RecoveryPoint]) -> String {
    let point = points.iter().find(|point| point.id.as_ref() == Some(id));
    match point.and_then(|point| point.time) {
        Some(time) => format!("{}, by Azure of {time}", id.name()),
        None => id.name().to_owned(),
    }
}
