//! `failback guest`: what a machine is before it is protected, and what of it is not as it was once it
//! is home.

mod options;
mod printed;

use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tokio::runtime::Runtime;

use super::arguments::Arguments;
use super::exit::Exit;
use super::output::{self, Complaint, print_json};
use super::target::{self, Target};
use crate::agent::guest::{MOST_BYTES, POWERSHELL, SH, unwrap};
use crate::agent::{Remote, Ssh};
use crate::domain::guest::{Guest, Outcome, Record, Source, System, compare};
use crate::domain::{ArmId, Failure, Machine, Place, Retry, Text};
use crate::readiness::aftermath::repairs;
use crate::site::Inside;
use crate::store::{Guests, KeptTrouble};

pub use options::GuestArguments;
use options::{Comparing, GuestCommand, Recording, ScriptOf};

pub fn run(arguments: &Arguments, options: &GuestArguments) -> Result<Exit, Complaint> {
    match &options.command {
        GuestCommand::Record(recording) => record(arguments, recording),
        GuestCommand::Show { machine } => show(arguments, machine),
        GuestCommand::Compare(comparing) => compared(arguments, comparing),
        GuestCommand::Script { system } => {
            let script = match system {
                ScriptOf::Windows => POWERSHELL,
                ScriptOf::Linux => SH,
            };
            output::print(script.trim_end());
            Ok(Exit::Done)
        }
    }
}

fn record(arguments: &Arguments, options: &Recording) -> Result<Exit, Complaint> {
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
    let mut done: Vec<(Machine, Record, Result<(), KeptTrouble>)> = Vec::new();
    runtime.block_on(async {
        let keep = |machine: Machine, record: Record| {
            // Kept as soon as it is there: what is stopped later has lost nothing.
            let kept = guests.add(&machine.id, &machine.name, record.clone()).map(|_| ());
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
                "notKept": kept.as_ref().err().map(ToString::to_string),
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
            if let Err(trouble) = kept {
                output::print(&format!(
                    "    not kept: {}",
                    Text::from(trouble.to_string())
                ));
            }
        }
    }
    let failed = done.iter().any(|(_, _, kept)| kept.is_err());
    let open = done.iter().any(|(_, record, _)| record.guest.is_none());
    Ok(match (failed, open) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::NeedsPerson,
        (false, false) => Exit::Done,
    })
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
    for given in &options.ssh {
        let (name, host) = pair(given)?;
        let own = machine(all, name)?;
        let guest = runtime.block_on(by_ssh(own, host, deadline));
        told.push((
            own.id.clone(),
            Inside::Told(Source::Ssh(host.into()), Box::new(guest)),
        ));
    }
    Ok(told)
}

async fn by_ssh(machine: &Machine, host: &str, deadline: Duration) -> Result<Guest, Text> {
    let remote = match machine.os.as_str().to_ascii_lowercase().contains("windows") {
        true => Remote::PowerShell,
        false => Remote::Sh,
    };
    let read = Ssh::new(deadline).guest(host, remote).await;
    read.map_err(|trouble| trouble.to_string().into())
}

/// What the script printed. A file that cannot be read is a mistake of the command line; one that holds
/// something else tells nothing.
fn from_file(path: &Path) -> Result<Result<Guest, Text>, Complaint> {
    let most = MOST_BYTES as u64 * 2;
    let mut bytes = Vec::new();
    let read = match path == Path::new("-") {
        true => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
        false => std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)),
    };
    read.map_err(|error| {
        let what = format!("{} cannot be read: {error}.", path.display());
        Complaint::usage(what, "Name a readable file.")
    })?;
    let printed = text(&bytes);
    Ok(unwrap(&printed).map_err(|why| why.to_string().into()))
}

/// PowerShell writes UTF-16 when its output goes to a file.
fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => {
            let units = rest
                .chunks_exact(2)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            char::decode_utf16(units)
                .map(|c| c.unwrap_or('\u{fffd}'))
                .collect()
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn show(arguments: &Arguments, name: &str) -> Result<Exit, Complaint> {
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let all = runtime.block_on(target.site.all_machines())?;
    let own = machine(&all, name)?;
    let Some(records) = guests(&target.name)?
        .load(&own.id)
        .map_err(|trouble| super::kept::complaint(&trouble))?
    else {
        return Err(nothing(&own.name));
    };
    if arguments.json {
        print_json(&json!(records));
    } else {
        for record in &records.records {
            let lines = printed::record(&own.name, record);
            lines.iter().for_each(|line| output::print(line));
        }
    }
    Ok(Exit::Done)
}

fn compared(arguments: &Arguments, options: &Comparing) -> Result<Exit, Complaint> {
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let all = runtime.block_on(target.site.all_machines())?;
    let own = machine(&all, &options.machine)?.clone();
    let Some(records) = guests(&target.name)?
        .load(&own.id)
        .map_err(|trouble| super::kept::complaint(&trouble))?
    else {
        return Err(nothing(&own.name));
    };
    // What was recorded once it was home again is no "before".
    let moved = own.last_failover.filter(|_| own.place == Place::OnPremises);
    let Some(before) = records.before(moved) else {
        return Err(Complaint::usage(
            format!(
                "Nothing was recorded of the inside of {} before it last moved.",
                own.name
            ),
            "See `failback guest show`, and look by the general list: `failback runs show`.",
        ));
    };
    let deadline = Duration::from_secs(options.seconds);
    let now = runtime.block_on(look_now(arguments, &target, &own, options, deadline))?;
    let Some(guest) = &now.guest else {
        let why = now.not_read.last().map_or("", Text::as_str);
        return Err(Complaint::failed(Failure::new(
            format!("{} could not be looked into: {why}.", own.name),
            "Say --ssh HOST, or run the script of `failback guest script` in it and say --file FILE.",
            Retry::AfterFixing,
        )));
    };
    let compared = compare(before, guest);
    let system = match guest.system {
        System::Unknown => before.guest.as_ref().map_or(System::Unknown, |b| b.system),
        known => known,
    };
    let repairs = repairs(&compared, system);
    if arguments.json {
        print_json(&json!({
            "schema": "failback/guest-comparison/1",
            "site": target.name,
            "name": own.name,
            "id": own.id,
            "before": { "at": before.at, "source": before.source, "spot": before.spot },
            "now": { "at": now.at, "source": now.source, "spot": now.spot },
            "compared": repairs.iter().map(printed::repair_json).collect::<Vec<_>>(),
        }));
    } else {
        let lines = printed::comparison(&own.name, before, &now, &repairs);
        lines.iter().for_each(|line| output::print(line));
    }
    let same = compared.iter().all(|own| own.outcome == Outcome::Same);
    Ok(if same { Exit::Done } else { Exit::NeedsPerson })
}

async fn look_now(
    arguments: &Arguments,
    target: &Target,
    own: &Machine,
    options: &Comparing,
    deadline: Duration,
) -> Result<Record, Complaint> {
    let inside = match (&options.ssh, &options.file) {
        (Some(host), _) => {
            let guest = by_ssh(own, host, deadline).await;
            Inside::Told(Source::Ssh(host.as_str().into()), Box::new(guest))
        }
        (None, Some(path)) => {
            let guest = from_file(path)?;
            let source = match path == Path::new("-") {
                true => Source::Paste,
                false => Source::File(path.display().to_string().into()),
            };
            Inside::Told(source, Box::new(guest))
        }
        (None, None) if arguments.read_only => {
            return Err(Complaint::usage(
                "Nothing was looked at: Run Command executes a script in the VM, and this is read-only.",
                "Say --ssh HOST or --file FILE.",
            ));
        }
        (None, None) => Inside::RunCommand,
    };
    let mut found = None;
    let asked = vec![(own.clone(), inside)];
    let looking = target
        .site
        .look_at(asked, deadline, 1, |_, record| found = Some(record));
    looking.await;
    found.ok_or_else(|| Complaint::usage("Nothing was looked at.", ""))
}

/// The records of a site.
pub fn guests(site: &str) -> Result<Guests, Complaint> {
    Guests::of_site(&target::folders()?.data, site).ok_or_else(|| {
        let what = format!("{site:?} is no site's name.");
        Complaint::usage(what, "See failback site list.")
    })
}

fn nothing(name: &Text) -> Complaint {
    Complaint::usage(
        format!("Nothing was recorded of {name}."),
        "Record it before it is protected: failback guest record MACHINE.",
    )
}

/// The one machine of that name, or with that protected item.
fn machine<'a>(all: &'a [Machine], name: &str) -> Result<&'a Machine, Complaint> {
    let same = |own: &&Machine| {
        let vm = own.azure_vm.as_ref().map(ArmId::name);
        let names = [Some(own.name.as_str()), Some(own.id.name()), vm];
        names
            .into_iter()
            .flatten()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let found: Vec<_> = all.iter().filter(same).collect();
    match found[..] {
        [only] => Ok(only),
        [] => Err(Complaint::usage(
            format!("No machine is called {name}."),
            "See `failback machines`.",
        )),
        _ => Err(Complaint::usage(
            format!("{} machines are called {name}.", found.len()),
            "Say the name of the protected item: `failback machines --json` has it.",
        )),
    }
}

fn pair(given: &str) -> Result<(&str, &str), Complaint> {
    let found = given
        .split_once('=')
        .filter(|(name, of)| !name.is_empty() && !of.is_empty());
    found.ok_or_else(|| {
        Complaint::usage(
            format!("'{given}' does not say of which machine."),
            "Say MACHINE=...",
        )
    })
}
