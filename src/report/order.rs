//! The order in which machines were to be cut over, and what the plan asked of their recovery points.

use super::model::{Place, Wave};
use crate::domain::plan::{AzurePoint, PointChoice, Synchronisation};
use crate::domain::run::{MachineRun, Run};
use crate::domain::{ArmId, Generation, Intent, Plan, Text};

/// The waves, in their order.
pub(super) fn waves(run: &Run) -> Vec<Wave> {
    let mut waves: Vec<Wave> = Vec::new();
    let mut machines: Vec<&MachineRun> = run.machines.iter().collect();
    machines.sort_by_key(|machine| machine.wave);
    for own in machines {
        if waves.last().is_none_or(|wave| wave.wave != own.wave) {
            waves.push(Wave {
                wave: own.wave,
                machines: Vec::new(),
            });
        }
        let place = Place {
            machine: own.name.clone(),
            id: own.id.clone(),
            after: after(run, own),
            optional: own.optional,
        };
        if let Some(wave) = waves.last_mut() {
            wave.machines.push(place);
        }
    }
    waves
}

/// The names of those that a machine waits for.
pub(super) fn after(run: &Run, own: &MachineRun) -> Vec<Text> {
    own.after.iter().map(|id| run.name_of(id)).collect()
}

/// The recovery point that the plan asks for; `None` where it has no say in it.
pub(super) fn asked(plan: &Plan, id: &ArmId, generation: Option<Generation>) -> Option<Text> {
    match plan.intent() {
        Intent::FailBack(recovery) => {
            let own = recovery.machine(id)?;
            if generation == Some(Generation::HyperV) {
                let way = own.hyper_v.as_ref().map(|way| way.synchronisation);
                return Some(match way {
                    Some(Synchronisation::FullDownload) => {
                        "none to choose: all data, with the machine off".into()
                    }
                    _ => "none to choose: the last changes, with the machine off".into(),
                });
            }
            Some(match recovery.point_of(own) {
                PointChoice::Latest => "latest".into(),
                PointChoice::LatestApplication => "latest application-consistent".into(),
                PointChoice::Custom { name, time } => custom(name.as_str(), *time),
            })
        }
        Intent::FailOver(failover) => {
            let own = failover.machine(id)?;
            Some(azure(failover.point_of(own)))
        }
        Intent::ChangePoint(all) => all.machine(id).map(|own| azure(&own.point)),
        Intent::TestFailover(all) => all.machine(id).map(|own| azure(&own.point)),
        _ => None,
    }
}

fn azure(point: &AzurePoint) -> Text {
    match point {
        AzurePoint::Latest => "latest: all data that was sent is processed first".into(),
        AzurePoint::LatestProcessed => "latest processed".into(),
        AzurePoint::LatestApplication => "latest application-consistent".into(),
        AzurePoint::Custom { id, time } => custom(id.name(), *time),
    }
}

fn custom(name: &str, time: Option<jiff::Timestamp>) -> Text {
    match time {
        Some(time) => format!("{name} of {time}").into(),
        None => format!("{name}, of a time that is not known").into(),
    }
}
