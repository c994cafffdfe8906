//! `failback simulate`: the built-in site, served on this machine.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::arguments::{Arguments, Simulate};
use super::exit::Exit;
use super::output::{self, Complaint, print_json};
use super::target;
use crate::simulator::{self, Announce, Estate, Fault, Options, Quirk};

pub fn run(arguments: &Arguments, options: &Simulate) -> Result<Exit, Complaint> {
    if options.detached {
        // Not a leader of a process group yet, as a freshly started child: this cannot fail.
        let _ = rustix::process::setsid();
    }
    let quirks: Result<Vec<Quirk>, _> = options.quirks.iter().map(|name| name.parse()).collect();
    let faults: Result<Vec<Fault>, _> = options.faults.iter().map(|rule| rule.parse()).collect();
    let settings = Options {
        listen: options.listen,
        estate: estate(&options.estate, arguments),
        machines: options.machines.map(|n| n as usize),
        seed: options.seed,
        speed: options.speed,
        job_pace: options.job_pace,
        page_size: options.page_size as usize,
        tls: options.tls,
        faults: faults.map_err(|error| {
            Complaint::usage(
                format!("--fault: {error}."),
                "For example: 'GET replicationJobs 2-3 429:1', 'JOB web-01/reProtect once 95226'",
            )
        })?,
        quirks: quirks.map_err(|_| {
            let names: Vec<String> = Quirk::ALL.iter().map(ToString::to_string).collect();
            Complaint::usage(
                "--quirk wants a name that is known.",
                format!("Known are: {}.", names.join(", ")),
            )
        })?,
        clock_offset: options.clock_offset,
        idle_exit: options.idle_exit.map(Duration::from_secs),
        ..Options::default()
    };
    let runtime = target::runtime()?;
    runtime.block_on(async {
        let mut running = simulator::start(settings).await.map_err(|error| {
            Complaint::usage(format!("The built-in site does not start: {error}."), "")
        })?;
        announce(arguments, options.announce.as_deref(), &running.announce)?;
        let mut stop =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
        let terminated = async {
            match &mut stop {
                Some(signal) => drop(signal.recv().await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = running.finished() => {}
            _ = tokio::signal::ctrl_c() => {}
            () = terminated => {}
        }
        Ok(Exit::Done)
    })
}

/// Which estate is meant by a name, or by `--replay`.
fn estate(name: &str, arguments: &Arguments) -> Estate {
    match (&arguments.replay, name) {
        (Some(file), _) => Estate::Replay {
            file: file.clone(),
            at: arguments.at,
        },
        (None, "contoso") => Estate::Contoso,
        (None, "recorded") => Estate::Recorded,
        (None, "empty") => Estate::Empty,
        (None, "large") => Estate::Large,
        (None, file) => Estate::File(PathBuf::from(file)),
    }
}

fn announce(
    arguments: &Arguments,
    file: Option<&Path>,
    announce: &Announce,
) -> Result<(), Complaint> {
    let value = serde_json::to_value(announce).unwrap_or_default();
    if let Some(file) = file {
        crate::store::write_private(file, value.to_string().as_bytes()).map_err(|error| {
            Complaint::usage(
                format!("{} cannot be written: {error}.", file.display()),
                "",
            )
        })?;
    }
    if arguments.json {
        print_json(&value);
        return Ok(());
    }
    if file.is_some() {
        return Ok(());
    }
    let vaults: Vec<_> = announce
        .vaults
        .iter()
        .map(|vault| vault.name.as_str())
        .collect();
    output::print(&format!(
        "The built-in site listens on {}.",
        announce.base_url
    ));
    output::print(&format!("  {}", announce.about));
    output::print(&format!(
        "  vaults: {}   machines: {}",
        vaults.join(", "),
        announce.items
    ));
    output::print("  Everything about it, how to sign in too: failback simulate --json");
    output::print("  What was asked of it: /_simulator/requests   End it: Ctrl-C");
    Ok(())
}
