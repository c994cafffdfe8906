//! What has to be looked at after a run, machine by machine. What is known of a machine is read now;
//! where it cannot be read that is told, and the run is shown all the same.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::cli::arguments::Arguments;
use crate::cli::output::Complaint;
use crate::cli::target;
use crate::domain::plan::Recovery;
use crate::domain::run::{End, MachineRun, Run, StepState};
use crate::domain::{Intent, Plan, StepKind, Text};
use crate::readiness::aftermath::{Does, Errand, aftermath};
use crate::store::{Credential, RunFolder, SecretSource};

/// The errands of each machine of a run, as far as they are known.
#[derive(Default)]
pub struct Afterwards {
    machines: Vec<(Text, Vec<Errand>)>,
    /// Why there is nothing about some, or all.
    unread: Vec<String>,
}

/// Reads them, for a run that is over.
pub fn read(arguments: &Arguments, folder: &RunFolder, run: &Run) -> Afterwards {
    let changed: Vec<&MachineRun> = run.machines.iter().filter(|m| is_changed(m)).collect();
    if !run.is_closed() || changed.is_empty() {
        return Afterwards::default();
    }
    let read = folder.plan().map_err(Complaint::from);
    match read.and_then(|plan| errands(arguments, &plan, &changed)) {
        Ok(afterwards) => afterwards,
        Err(complaint) => Afterwards {
            machines: Vec::new(),
            unread: vec![complaint.failure.what.to_string()],
        },
    }
}

/// Whether something was sent for it, and came to be.
fn is_changed(machine: &MachineRun) -> bool {
    machine.steps.iter().any(|step| {
        let done = matches!(step.state, StepState::Ended(End::Done | End::DoneBut(_)));
        let counts = !matches!(step.kind, StepKind::UpdateTarget | StepKind::TemporaryDisk);
        done && step.sent.is_some() && counts
    })
}

fn errands(
    arguments: &Arguments,
    plan: &Plan,
    changed: &[&MachineRun],
) -> Result<Afterwards, Complaint> {
    let name = target::name(arguments)?;
    // Looking at a run asks nobody for anything.
    if let Credential::ClientSecret {
        secret: SecretSource::Prompt,
        ..
    } = target::profile(&name)?.credential
    {
        let why = format!("the secret of site {name} would have to be asked for.");
        return Ok(Afterwards {
            machines: Vec::new(),
            unread: vec![why],
        });
    }
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let reading = changed.iter().map(|own| target.site.machine_now(&own.id));
    let read = runtime.block_on(join_all(reading));
    let mut all = Afterwards::default();
    for (own, machine) in changed.iter().zip(read) {
        match machine {
            Ok(mut machine) => {
                // After a reprotect a classic machine no longer tells it (asr-rest.md 8).
                if let (None, Intent::FailBack(recovery)) = (&machine.azure_vm, plan.intent()) {
                    let planned = Recovery::machine(recovery, &own.id);
                    machine.azure_vm = planned.and_then(|planned| planned.azure_vm.clone());
                }
                let errands = aftermath(plan.intent(), &machine);
                all.machines.push((own.name.clone(), errands));
            }
            Err(failure) => all.unread.push(failure.what.to_string()),
        }
    }
    all.machines.retain(|(_, errands)| !errands.is_empty());
    Ok(all)
}

impl Afterwards {
    /// The errands, by the machine's name.
    pub fn machines(&self) -> &[(Text, Vec<Errand>)] {
        &self.machines
    }

    /// Why some could not be listed.
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    pub fn json(&self) -> Value {
        let errand = |errand: &Errand| {
            let commands = errand.commands.iter().map(|command| {
                json!({
                    "shell": command.shell.word(),
                    "at": command.at,
                    "does": does(command.does),
                    "line": command.line,
                })
            });
            json!({
                "code": errand.code,
                "title": errand.title,
                "known": errand.known,
                "look": errand.look,
                "sources": errand.sources,
                "commands": commands.collect::<Vec<_>>(),
            })
        };
        let machines = self.machines.iter().map(|(name, errands)| {
            json!({
                "machine": name,
                "errands": errands.iter().map(errand).collect::<Vec<_>>(),
            })
        });
        json!({ "machines": machines.collect::<Vec<_>>(), "unread": self.unread })
    }

    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.machines.is_empty() && self.unread.is_empty() {
            return lines;
        }
        lines.extend([
            String::new(),
            "Afterwards: what has to be looked at".to_owned(),
        ]);
        for why in &self.unread {
            lines.push(format!("  ? Could not be listed: {why}"));
        }
        for (name, errands) in &self.machines {
            lines.push(format!("  {name}"));
            lines.extend(errands.iter().flat_map(told));
        }
        lines
    }
}

fn told(errand: &Errand) -> Vec<String> {
    let sources = errand.sources.join(", ");
    let mut lines = vec![
        format!("    {:<8} {} [{sources}]", errand.code, errand.title),
        format!("      known: {}", errand.known),
        format!("      look:  {}", errand.look),
    ];
    for command in &errand.commands {
        let (shell, at) = (command.shell.word(), command.at);
        lines.push(format!("      to {}, {at} ({shell}):", does(command.does)));
        lines.extend(command.line.lines().map(|line| format!("        {line}")));
    }
    lines
}

fn does(what: Does) -> &'static str {
    match what {
        Does::Look => "look",
        Does::Repair => "repair",
    }
}
