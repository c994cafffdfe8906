//! `failback do VERB MACHINE...`: one action on some machines, without a kept plan.
//!
//! It makes the unnamed plan behind the action and takes the way of every plan: readiness, a run in
//! a process of its own, its journal.

mod action;
mod azure_vm;
mod target;

use std::sync::Arc;

use super::arguments::{Arguments, Do, DoVerb};
use super::check;
use super::dry_run;
use super::exit::Exit;
use super::launching::{self, Confirmation, Launch, What, not_ready, unconfirmed};
use super::machines;
use super::output::{self, Complaint};
use super::target::changing;
use crate::domain::run::Topic;
use crate::domain::{Machine, Text};
use crate::runner::{self, Standing};
use crate::site::{Estate, PartName, PartState};

/// What `--attest` calls the question that it answers beforehand.
const QUIESCE: &str = "quiesce";
const SURVIVOR: &str = "survivor";

pub fn run(arguments: &Arguments, options: &Do) -> Result<Exit, Complaint> {
    let runtime = super::target::runtime()?;
    let dry = options.launching.dry_run;
    if !dry {
        launching::may_change(arguments)?;
    }
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
    let chosen = chosen(&estate, &options.machines)?;
    for machine in &chosen {
        action::allowed(options.verb, machine)?;
    }
    let runs = super::target::runs(&target.name).ok();
    let plan = action::plan(options, site, &estate, &chosen, runs.as_ref());
    let plan = runtime.block_on(plan)?;
    let version = site.arm().api_version();
    let steps = runner::preview(&plan, &estate.machines, version).map_err(not_ready)?;
    // Of a group, those that come along need no word.
    let along = |m: &&Arc<Machine>| chosen.iter().any(|own| own.id == m.id);
    let others: Vec<_> = estate
        .machines
        .iter()
        .filter(|m| !along(m))
        .cloned()
        .collect();
    let warnings: Vec<(Text, Vec<Text>)> = chosen
        .iter()
        .map(|machine| {
            let verb = action::verb(options.verb);
            let words = runner::warnings(verb, machine, &others);
            (machine.name.clone(), words)
        })
        .collect();
    let Some(changing) = changing else {
        dry_run::print(&plan, &target.name, &steps, &warnings, arguments.json);
        return Ok(Exit::Done);
    };
    if !arguments.json {
        summary(options.verb, &warnings);
    }
    let confirmations = chosen.iter().map(confirmation).collect();
    let open = unconfirmed(confirmations, &options.confirm)?;
    let attested = Attested::of(options)?;
    let launch = Launch {
        changing,
        target: &target,
        what: What::Action(Box::new(plan)),
        options: &options.launching,
        said: check::wanted(&options.launching.consent, &attested.checks)?,
        standing: attested.standing(options, &chosen),
        open,
    };
    launch.begin(&runtime, arguments)
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

/// The one machine that is meant.
fn find(estate: &Estate, wanted: &str) -> Result<Arc<Machine>, Complaint> {
    let matches = |machine: &&Arc<Machine>| {
        machine.name.as_str().eq_ignore_ascii_case(wanted)
            || machine.id.name().eq_ignore_ascii_case(wanted)
            || machine.id.as_str().eq_ignore_ascii_case(wanted)
    };
    let found: Vec<_> = estate.machines.iter().filter(matches).collect();
    match found.as_slice() {
        [one] => Ok(Arc::clone(one)),
        [] => Err(Complaint::usage(
            format!("No protected machine is called {wanted:?} here."),
            "See their names: failback machines",
        )),
        several => {
            let ids: Vec<_> = several.iter().map(|m| m.id.to_string()).collect();
            Err(Complaint::usage(
                format!("{} machines are called {wanted:?}.", several.len()),
                format!("Say which by its whole id: {}", ids.join(" or ")),
            ))
        }
    }
}

fn summary(verb: DoVerb, warnings: &[(Text, Vec<Text>)]) {
    for (name, words) in warnings {
        output::print(&format!("{}: {name}", action::verb(verb).words()));
        words
            .iter()
            .for_each(|words| output::print(&format!("  ! {words}")));
        output::print(&format!("  Way back: {}", action::way_back(verb)));
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

/// What `--attest` says: to checks, and beforehand to what the run will ask.
struct Attested {
    checks: Vec<String>,
    asked: Option<(Topic, &'static str, Text)>,
}

impl Attested {
    fn of(options: &Do) -> Result<Self, Complaint> {
        let mut all = Self {
            checks: Vec::new(),
            asked: None,
        };
        for raw in &options.launching.attest {
            let (head, words) = raw.split_once('=').unwrap_or((raw, ""));
            let (topic, verb, choice) = match head.trim() {
                QUIESCE => (Topic::Quiesce, DoVerb::Failback, "quiesced"),
                SURVIVOR => (Topic::Survivor, DoVerb::Commit, "verified"),
                _ => {
                    all.checks.push(raw.clone());
                    continue;
                }
            };
            if verb != options.verb || words.trim().is_empty() {
                return Err(Complaint::usage(
                    format!("--attest {raw} does not fit here."),
                    "Say quiesce=TEXT with do failback, survivor=TEXT with do commit: what you saw.",
                ));
            }
            all.asked = Some((topic, choice, words.trim().into()));
        }
        Ok(all)
    }

    /// The answers to what the run will ask about each machine, as far as they were given now.
    fn standing(&self, options: &Do, chosen: &[Arc<Machine>]) -> Vec<Standing> {
        let mut all = Vec::new();
        for machine in chosen {
            if let Some((topic, choice, why)) = &self.asked {
                all.push(Standing {
                    machine: machine.id.clone(),
                    topic: *topic,
                    choice: (*choice).into(),
                    typed: None,
                    why: Some(why.clone()),
                });
            }
            // Its name was typed already; somebody must still have looked at it.
            if options.verb == DoVerb::Commit {
                all.push(Standing {
                    machine: machine.id.clone(),
                    topic: Topic::Commit,
                    choice: "commit".into(),
                    typed: Some(machine.name.clone()),
                    why: None,
                });
            }
        }
        all
    }
}
