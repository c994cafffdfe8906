//! `failback guest record`: what machines are before they are protected, several at once.

use std::path::Path;
use std::time::Duration;

use futures::StreamExt as _;
use serde_json::json;
use tokio::runtime::Runtime;

use super::given::{by_ssh, from_file, machine, pair};
use super::options::Recording;
use super::{guests, printed};
use crate::cli::arguments::Arguments;
use crate::cli::exit::Exit;
use crate::cli::kept::Kept;
use crate::cli::output::{self, Complaint, print_json};
use crate::cli::target;
use crate::domain::guest::{Record, Source};
use crate::domain::{ArmId, Failure, Machine, Retry, Text};
use crate::site::{Inside, MOST_AT_ONCE, keep};

pub fn run(arguments: &Arguments, options: &Recording) -> Result<Exit, Complaint> {
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let guests = guests(&target.name)?;
    let all = runtime.block_on(target.site.all_machines())?;
    let mut wanted = Vec::new();
    for name in &options.machines {
        let own = machine(&all, name)?;
        if wanted.iter().all(|known: &&Machine| known.id != own.id) {
            wanted.push(own);
        }
    }
    if let Some(plan) = &options.plan {
        let plan = Kept::load(&target.name, plan)?.plan;
        for id in plan.machines() {
            let own = all.iter().find(|known| known.id == *id).ok_or_else(|| {
                let name = plan.machine_name(id);
                Complaint::usage(
                    format!("{name} of the plan is not protected at this site any more."),
                    "Make the plan anew, or name the machines that are to be recorded.",
                )
            })?;
            if wanted.iter().all(|known: &&Machine| known.id != own.id) {
                wanted.push(own);
            }
        }
    }
    let deadline = Duration::from_secs(options.seconds);
    let mut told = told(&runtime, &all, options, deadline)?;
    let mut asked = Vec::new();
    for own in wanted {
        let at = told.iter().position(|(id, _)| *id == own.id);
        let inside = match at {
            Some(at) => told.swap_remove(at).1,
            None if arguments.read_only => {
                return Err(Complaint::usage(
                    "Nothing was recorded: Run Command executes a script in the VM, and this is read-only.",
                    "Say --ssh MACHINE=HOST or --file MACHINE=FILE.",
                ));
            }
            None => Inside::RunCommand,
        };
        asked.push((own.clone(), inside));
    }
    if let Some((id, _)) = told.first() {
        return Err(Complaint::usage(
            format!(
                "{} is not among the machines to be recorded.",
                Text::from(id.name())
            ),
            "Name it as a machine, too.",
        ));
    }
    let mut done: Vec<(Machine, Record, Result<(), Text>)> = Vec::new();
    runtime.block_on(async {
        let keep = |machine: Machine, record: Record| {
            // Kept as soon as it is there: what is stopped later has lost nothing.
            let kept = keep(&guests, &machine, record.clone()).kept;
            done.push((machine, record, kept));
        };
        let looking = target.site.look_at(asked, deadline, options.at_once, keep);
        tokio::select! {
            () = looking => Ok(()),
            _ = tokio::signal::ctrl_c() => Err(Complaint::failed(Failure::new(
                "Recording was stopped.",
                "What was recorded is kept. Scripts that run in the VMs already end by themselves; they only read.",
                Retry::MayHelp,
            ))),
        }
    })?;
    done.sort_by(|a, b| a.0.name.cmp(&b.0.name));
    if arguments.json {
        let machines = done.iter().map(|(machine, record, kept)| {
            json!({
                "name": machine.name,
                "id": machine.id,
                "record": record,
                "kept": kept.is_ok(),
                "notKept": kept.as_ref().err(),
            })
        });
        print_json(&json!({
            "schema": "failback/guest-records/1",
            "site": target.name,
            "machines": machines.collect::<Vec<_>>(),
        }));
    } else {
        for (machine, record, kept) in &done {
            let lines = printed::record(&machine.name, record);
            lines.iter().for_each(|line| output::print(line));
            if let Err(why) = kept {
                output::print(&format!("  not kept: {why}"));
            }
        }
        summary(&done);
    }
    let is_read = |record: &Record| record.guest.is_some() || record.azure.is_some();
    let mut failed = done.iter().filter(|(_, record, _)| is_read(record));
    let failed = failed.any(|(_, _, kept)| kept.is_err());
    let open = done.iter().any(|(_, record, _)| record.guest.is_none());
    Ok(match (failed, open) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::NeedsPerson,
        (false, false) => Exit::Done,
    })
}

/// How many were looked into, and what comes next.
fn summary(done: &[(Machine, Record, Result<(), Text>)]) {
    let kept = done.iter().filter(|(_, _, kept)| kept.is_ok());
    let (inside, outside): (Vec<_>, Vec<_>) =
        kept.partition(|(_, record, _)| record.guest.is_some());
    let not = done.len() - inside.len() - outside.len();
    output::print(&format!(
        "Recorded from inside: {} of {}; from outside alone: {}; not recorded: {not}.",
        inside.len(),
        done.len(),
        outside.len(),
    ));
    if !inside.is_empty() {
        output::print("Once they are home: failback guest compare MACHINE --ssh HOST");
    }
}

/// What was told by another way than Run Command, by machine.
fn told(
    runtime: &Runtime,
    all: &[Machine],
    options: &Recording,
    deadline: Duration,
) -> Result<Vec<(ArmId, Inside)>, Complaint> {
    let mut told = Vec::new();
    for given in &options.file {
        let (name, path) = pair(given)?;
        let own = machine(all, name)?;
        let guest = from_file(Path::new(path))?;
        told.push((
            own.id.clone(),
            Inside::Told(Source::File(path.into()), Box::new(guest)),
        ));
    }
    let mut hosts = Vec::new();
    for given in &options.ssh {
        let (name, host) = pair(given)?;
        hosts.push((machine(all, name)?, host));
    }
    let reading = hosts.into_iter().map(async |(own, host)| {
        let guest = by_ssh(own, host, deadline).await;
        (
            own.id.clone(),
            Inside::Told(Source::Ssh(host.into()), Box::new(guest)),
        )
    });
    let at_once = options.at_once.clamp(1, MOST_AT_ONCE);
    let reading = futures::stream::iter(reading).buffer_unordered(at_once);
    told.extend(runtime.block_on(reading.collect::<Vec<_>>()));
    Ok(told)
}
