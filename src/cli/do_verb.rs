//! `failback do VERB MACHINE...`: one action on some machines, without a kept plan.
//!
//! It makes the unnamed plan behind the action and takes the way of every plan: readiness, a run in
//! a process of its own, its journal.

mod action;
mod allowed;
mod azure;
mod azure_vm;
mod pick;
mod point;
mod standing;
mod target;

use std::collections::HashMap;
use std::sync::Arc;

use super::arguments::{Arguments, Do, DoVerb};
use super::check;
use super::dry_run::{self, Dry};
use super::estimating;
use super::exit::Exit;
use super::launching::{self, Confirmation, Launch, What, not_ready, unconfirmed};
use super::machines;
use super::named::{Names, the_one};
use super::output::{self, Complaint};
use super::ready::Outlook;
use super::target::changing;
use super::who;
use crate::domain::caution::TEMPORARY_DISK;
use crate::domain::offers::Offered;
use crate::domain::{Course, Machine, Text};
use crate::runner;
use crate::site::{Estate, PartName, PartState};
use action::Ground;
use standing::Attested;

pub fn run(arguments: &Arguments, options: &Do) -> Result<Exit, Complaint> {
    let verb = &options.verb;
    let common = verb.common();
    let runtime = super::target::runtime()?;
    let dry = common.launching.dry_run;
    if !dry {
        launching::may_change(arguments)?;
    }
    let attested = Attested::of(verb)?;
    let changing = if dry {
        None
    } else {
        Some(changing(arguments)?)
    };
    let target = match &changing {
        Some(changing) => changing.open()?,
        None => super::target::open(arguments, &runtime)?,
    };
    let site = &target.site;
    let estate = runtime.block_on(machines::gather(site));
    if let Some(PartState::Failed(failure)) = estate.part(PartName::Machines).map(|p| &p.state) {
        return Err(Complaint::failed(failure.as_ref().clone()));
    }
    let chosen = chosen(&estate, &common.machines)?;
    for machine in &chosen {
        allowed::allowed(verb.verb(), machine, &estate)?;
    }
    let runs = super::target::runs(&target.name).ok();
    let ground = Ground {
        site,
        estate: &estate,
        chosen: &chosen,
        runs: runs.as_ref(),
    };
    let (plan, offers) = runtime.block_on(action::plan(&ground, verb))?;
    let version = site.arm().api_version();
    let points = |own: &Offered| Some((own.id().clone(), own.detail()?.points.clone()));
    let points: HashMap<_, _> = offers.machines.iter().filter_map(points).collect();
    let steps =
        runner::preview_with(&plan, &estate.machines, &points, version).map_err(not_ready)?;
    let warnings = warnings(verb, &chosen, &estate);
    let said = check::wanted(&common.launching.consent, &attested.checks)?;
    let Some(changing) = changing else {
        let by = who::person(common.launching.who.as_deref());
        let outlook = Outlook::of(site, runs.as_ref(), false, &plan, &said, &by);
        let outlook = runtime.block_on(outlook)?;
        let told = |own: &Offered| Some((own.id().clone(), own.detail()?.clone()));
        let details = offers.machines.iter().filter_map(told).collect();
        let dry = Dry {
            plan: &plan,
            site: &target.name,
            steps: &steps,
            warnings: &warnings,
            forecast: &estimating::of_plan(&plan, &estate.machines, &details, runs.as_ref()),
            outlook: &outlook,
        };
        dry_run::print(&dry, arguments.json);
        return Ok(Exit::Done);
    };
    if !arguments.json {
        summary(verb, &chosen, &warnings);
    }
    let confirmations = chosen.iter().map(confirmation).collect();
    let open = unconfirmed(confirmations, &common.confirm)?;
    let launch = Launch {
        changing,
        target: &target,
        what: What::Action(Box::new(plan)),
        options: &common.launching,
        said,
        standing: attested.standing(verb, &chosen),
        open,
    };
    launch.begin(&runtime, arguments)
}

/// What must be known about each machine. Of a group, those that come along need no word.
fn warnings(verb: &DoVerb, chosen: &[Arc<Machine>], estate: &Estate) -> Vec<(Text, Vec<Text>)> {
    let along = |m: &&Arc<Machine>| chosen.iter().any(|own| own.id == m.id);
    let others = estate.machines.iter().filter(|m| !along(m));
    let others: Vec<_> = others.cloned().collect();
    let one = |machine: &Arc<Machine>| {
        let mut words = runner::warnings(verb.verb(), machine, &others);
        if matches!(verb, DoVerb::Protect { target, .. } if target.offline_temporary_disk) {
            words.push(TEMPORARY_DISK.into());
        }
        (machine.name.clone(), words)
    };
    chosen.iter().map(one).collect()
}

/// The machines that are meant, each once.
fn chosen(estate: &Estate, wanted: &[String]) -> Result<Vec<Arc<Machine>>, Complaint> {
    let mut chosen: Vec<Arc<Machine>> = Vec::new();
    for name in wanted {
        let machine = find(estate, name)?;
        if chosen.iter().any(|known| known.id == machine.id) {
            return Err(Complaint::usage(
                format!("{} is named twice.", machine.name),
                "Name each machine once.",
            ));
        }
        chosen.push(machine);
    }
    Ok(chosen)
}

/// The one machine that is meant. What acts is not called by the name of a VM in Azure, which may be another
/// machine's own.
fn find(estate: &Estate, wanted: &str) -> Result<Arc<Machine>, Complaint> {
    let none = format!("No protected machine is called {wanted:?} here.");
    let none = (none, "See their names: failback machines");
    the_one(&estate.machines, wanted, |own| Names::own(own), none).map(Arc::clone)
}

fn summary(verb: &DoVerb, chosen: &[Arc<Machine>], warnings: &[(Text, Vec<Text>)]) {
    for (machine, (name, words)) in chosen.iter().zip(warnings) {
        output::print(&format!("{}: {name}", verb.verb().words()));
        words
            .iter()
            .for_each(|words| output::print(&format!("  ! {words}")));
        if let Some(step) = allowed::step(verb.verb()) {
            let course = Course {
                generation: machine.provider().generation(),
                steps: &[step],
            };
            output::print(&format!("  Way back: {}", course.way_back(step)));
        }
    }
    output::print("Every call is shown by --dry-run.\n");
}

/// Every machine's name is typed; or the name of its protected item, for names that this keyboard or
/// terminal cannot write.
fn confirmation(machine: &Arc<Machine>) -> Confirmation {
    let name = machine.name.as_str();
    Confirmation {
        what: "the machine",
        name: machine.name.clone(),
        also: (!name.is_ascii()).then(|| machine.id.name().to_owned()),
    }
}
