//! The plan behind a single action.

use std::sync::Arc;

use super::pick::{Wanted, stray};
use super::{azure, azure_vm, point, target};
use crate::cli::arguments::{DoVerb, FailbackOptions, SyncWhen};
use crate::cli::output::Complaint;
use crate::domain::offers::Offered;
use crate::domain::plan::{
    CommitWindow, FailedOver, Failover, HyperVReturn, Minutes, PlanName, PlanOrder, Protection,
    Recovered, Recovery, Repointed, Repointing, Returned, Returning, Selected, Selection,
    Synchronisation, Testing, Wave,
};
use crate::domain::text::fit;
use crate::domain::{ArmId, Generation, Intent, Machine, Offers, Plan};
use crate::site::{Estate, Site};
use crate::store::Runs;

/// Most columns of a plan's name.
const NAME: usize = 60;

/// What the action is made from. `runs` are the site's; a recording has none.
pub struct Ground<'a> {
    pub site: &'a Site,
    pub estate: &'a Estate,
    pub chosen: &'a [Arc<Machine>],
    pub runs: Option<&'a Runs>,
}

/// The plan behind the action, and what was read for it.
pub async fn plan(ground: &Ground<'_>, verb: &DoVerb) -> Result<(Plan, Offers), Complaint> {
    let offers = offers(ground, verb).await;
    let name = PlanName::parse(&name(verb, ground.chosen));
    let intent = intent(ground, verb, &offers)?;
    let plan = name.and_then(|name| Plan::new(name, intent));
    let plan = plan.map_err(|fault| Complaint::usage(format!("{fault}."), ""))?;
    Ok((plan, offers))
}

/// What can be chosen, as far as the action wants it: the estate's own knowledge, what stands beside
/// it, and the chosen machines read deeply.
async fn offers(ground: &Ground<'_>, verb: &DoVerb) -> Offers {
    let (beside, deep) = match verb {
        DoVerb::Protect { .. } | DoVerb::ProtectToAzure { .. } => (true, true),
        DoVerb::Failback { way, .. } => {
            let custom = way.point.as_deref().is_some_and(point::is_custom);
            (way.host.is_some(), way.host.is_some() || custom)
        }
        DoVerb::FailoverToAzure { point, target, .. } => {
            let deep = !target.is_empty() || !point.trim().eq_ignore_ascii_case("latest");
            (!target.is_empty(), deep)
        }
        DoVerb::ChangeRecoveryPoint { .. } => (false, true),
        DoVerb::TestFailover { point, .. } => (true, !point.trim().eq_ignore_ascii_case("latest")),
        DoVerb::Complete { .. }
        | DoVerb::Cancel { .. }
        | DoVerb::Commit { .. }
        | DoVerb::CleanUpTest { .. } => (false, false),
    };
    let mut offers = ground.estate.offers();
    let choices = async {
        match beside {
            true => Some(ground.site.choices().await),
            false => None,
        }
    };
    let read = async {
        match deep {
            true => ground.site.offered(ground.chosen).await,
            false => Vec::new(),
        }
    };
    let (choices, read) = tokio::join!(choices, read);
    offers.choices = choices;
    offers.learn(read);
    offers
}

fn intent(ground: &Ground<'_>, verb: &DoVerb, offers: &Offers) -> Result<Intent, Complaint> {
    let chosen: Vec<&Offered> = ground
        .chosen
        .iter()
        .filter_map(|machine| offers.machine(&machine.id))
        .collect();
    Ok(match verb {
        DoVerb::Protect { target: said, .. } => {
            let one = |m: &&Offered| target::protected(offers, m, said);
            let machines: Result<Vec<_>, Complaint> = chosen.iter().map(one).collect();
            Intent::Protect(Protection {
                replication: crate::domain::plan::Replication::default(),
                nat: crate::domain::plan::Nat::default(),
                machines: machines?,
            })
        }
        DoVerb::Failback { way, .. } => Intent::FailBack(recovery(ground, way, offers, &chosen)?),
        DoVerb::Complete { .. } => Intent::Complete(selection(&chosen)),
        DoVerb::Cancel { .. } => Intent::Cancel(selection(&chosen)),
        DoVerb::Commit { .. } => Intent::Commit(selection(&chosen)),
        DoVerb::CleanUpTest { .. } => Intent::CleanUpTest(selection(&chosen)),
        DoVerb::ProtectToAzure { target: said, .. } => {
            let one = |m: &&Offered| -> Result<Returned, Complaint> {
                Ok(Returned {
                    id: m.machine.id.clone(),
                    name: m.machine.name.clone(),
                    target: target::returning(offers, m, said)?,
                })
            };
            let machines: Result<Vec<_>, Complaint> = chosen.iter().map(one).collect();
            Intent::ProtectToAzure(Returning {
                machines: machines?,
            })
        }
        DoVerb::FailoverToAzure {
            point: said,
            no_shut_down,
            target,
            ..
        } => {
            target.fit(chosen.len())?;
            let one = |m: &&Offered| -> Result<FailedOver, Complaint> {
                Ok(FailedOver {
                    point: Some(point::azure(m, said)?),
                    target: azure::target(offers, m, target)?,
                    ..FailedOver::new(m.machine.id.clone(), m.machine.name.clone())
                })
            };
            let machines: Result<Vec<_>, Complaint> = chosen.iter().map(one).collect();
            Intent::FailOver(Failover {
                point: crate::domain::plan::AzurePoint::Latest,
                shut_down: !no_shut_down,
                order: PlanOrder::default(),
                waves: vec![Wave::of(machines?)],
            })
        }
        DoVerb::ChangeRecoveryPoint { point, .. } => Intent::ChangePoint(Repointing {
            machines: repointed(&chosen, point)?,
        }),
        DoVerb::TestFailover { network, point, .. } => {
            let first = chosen.first().map(|m| azure::network(offers, m, network));
            Intent::TestFailover(Testing {
                network: first.unwrap_or_else(|| Err(stray("--network", "Name a machine.")))?,
                machines: repointed(&chosen, point)?,
            })
        }
    })
}

fn repointed(chosen: &[&Offered], said: &str) -> Result<Vec<Repointed>, Complaint> {
    let one = |m: &&Offered| -> Result<Repointed, Complaint> {
        Ok(Repointed {
            id: m.machine.id.clone(),
            name: m.machine.name.clone(),
            point: point::azure(m, said)?,
        })
    };
    chosen.iter().map(one).collect()
}

fn selection(chosen: &[&Offered]) -> Selection {
    let one = |m: &&Offered| Selected {
        id: m.machine.id.clone(),
        name: m.machine.name.clone(),
    };
    Selection {
        machines: chosen.iter().map(one).collect(),
    }
}

/// `Commit web-01`, `Fail back 3 machines`.
fn name(wanted: &DoVerb, chosen: &[Arc<Machine>]) -> String {
    let words = wanted.verb().words();
    let all = match chosen {
        [one] => format!("{words} {}", one.name),
        several => format!("{words} {} machines", several.len()),
    };
    fit(&all, NAME, "~").into_owned()
}

fn recovery(
    ground: &Ground<'_>,
    way: &FailbackOptions,
    offers: &Offers,
    chosen: &[&Offered],
) -> Result<Recovery, Complaint> {
    let is = |m: &&Offered, generation| m.machine.provider().generation() == Some(generation);
    let hyper_v = |m: &&Offered| is(m, Generation::HyperV);
    if way.point.is_some() && chosen.iter().all(&hyper_v) {
        let why =
            "A Hyper-V failback takes the last changes once its VM in Azure is off. [003] HV-02";
        return Err(stray("--point", why));
    }
    let own = [
        ("--sync", way.sync.is_some()),
        ("--create-vm", way.create_vm),
        ("--host", way.host.is_some()),
    ];
    let meant = own.iter().find(|(_, said)| *said);
    if let (Some((flag, _)), false) = (meant, chosen.iter().any(&hyper_v)) {
        return Err(stray(flag, "It belongs to Hyper-V machines."));
    }
    let said = said_vm(way, chosen.len())?;
    let one = |m: &&Offered| -> Result<Recovered, Complaint> {
        let machine = &*m.machine;
        let azure_vm = match (&said, ground.runs) {
            (Some(said), _) => Some(said.clone()),
            (None, Some(runs)) => azure_vm::of(runs, ground.estate, machine)?,
            (None, None) => machine.azure_vm.clone(),
        };
        let point = match &way.point {
            Some(said) if !hyper_v(m) => Some(point::home(m, said)?),
            _ => None,
        };
        Ok(Recovered {
            azure_vm,
            point,
            hyper_v: match hyper_v(m) {
                true => Some(hyper_v_return(way, offers, m)?),
                false => None,
            },
            ..Recovered::new(machine.id.clone(), machine.name.clone())
        })
    };
    let machines: Result<_, Complaint> = chosen.iter().map(one).collect();
    Ok(Recovery {
        commit_window: way
            .commit_window
            .map(|minutes| CommitWindow::of(Minutes(minutes))),
        ..Recovery::new(vec![Wave::of(machines?)])
    })
}

fn hyper_v_return(
    way: &FailbackOptions,
    offers: &Offers,
    offered: &Offered,
) -> Result<HyperVReturn, Complaint> {
    let host = match &way.host {
        None => None,
        Some(said) => {
            let all = offers.other_hosts(offered).into_iter();
            let all = all.map(|host| (host.id.clone(), host.name.clone()));
            let wanted = Wanted::of(offers, &offered.machine, "--host", "other Hyper-V host");
            Some(wanted.pick_id(Some(said), all)?)
        }
    };
    let usual = HyperVReturn::usual();
    Ok(HyperVReturn {
        synchronisation: match way.sync {
            None => usual.synchronisation,
            Some(SyncWhen::BeforeFailover) => Synchronisation::BeforeFailover,
            Some(SyncWhen::FullDownload) => Synchronisation::FullDownload,
        },
        create_vm: way.create_vm,
        host,
    })
}

/// The Azure VM that the command line names.
fn said_vm(way: &FailbackOptions, machines: usize) -> Result<Option<ArmId>, Complaint> {
    let Some(raw) = &way.azure_vm else {
        return Ok(None);
    };
    let id = ArmId::parse(raw).filter(|id| id.segment("virtualMachines").is_some());
    match (id, machines) {
        (Some(id), 1) => Ok(Some(id)),
        (None, _) => Err(Complaint::usage(
            format!("--azure-vm {raw} is no VM's id."),
            "It looks like /subscriptions/.../providers/Microsoft.Compute/virtualMachines/NAME.",
        )),
        _ => Err(stray("--azure-vm", "It goes with one machine.")),
    }
}
