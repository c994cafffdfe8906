//! `failback guest compare`: what of a machine is not as it was recorded.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::given::{by_ssh, from_file, machine};
use super::options::Comparing;
use super::{guests, nothing, printed};
use crate::cli::arguments::Arguments;
use crate::cli::exit::Exit;
use crate::cli::output::{self, Complaint, print_json};
use crate::cli::target::{self, Target};
use crate::domain::guest::{Moved, Outcome, Record, Source, System, compare};
use crate::domain::{Failure, Machine, Place, Retry, Text};
use crate::readiness::aftermath::repairs;
use crate::site::Inside;

pub fn run(arguments: &Arguments, options: &Comparing) -> Result<Exit, Complaint> {
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let all = runtime.block_on(target.site.all_machines())?;
    let own = machine(&all, &options.machine)?.clone();
    let still = own.place == Place::Azure;
    if still && options.ssh.is_none() && options.file.is_none() {
        return Err(Complaint::usage(
            format!(
                "{} still runs in Azure; it is compared once it is home.",
                own.name
            ),
            "After the failback say --ssh HOST, or run the script of `failback guest script` in it and say --file FILE.",
        ));
    }
    let Some(records) = guests(&target.name)?
        .load(&own.id)
        .map_err(|trouble| crate::cli::kept::complaint(&trouble))?
    else {
        return Err(nothing(&own.name));
    };
    let moved = match (&own.place, own.last_failover) {
        (Place::Azure, _) => Moved::Away,
        (Place::OnPremises, Some(at)) => Moved::Home(at),
        (Place::OnPremises, None) | (Place::Unknown(_), _) => Moved::NotTold,
    };
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
    let compared = compare(&before, guest);
    let doubt = before.doubt;
    let before = before.record;
    let system = match guest.system {
        System::Unknown => before.guest.as_ref().map_or(System::Unknown, |b| b.system),
        known => known,
    };
    let repairs = repairs(&compared, system, guest);
    if arguments.json {
        print_json(&json!({
            "schema": "failback/guest-comparison/1",
            "site": target.name,
            "name": own.name,
            "id": own.id,
            "runsInAzure": still,
            "before": { "at": before.at, "source": before.source, "spot": before.spot, "doubt": doubt },
            "now": { "at": now.at, "source": now.source, "spot": now.spot },
            "compared": repairs.iter().map(printed::repair_json).collect::<Vec<_>>(),
        }));
    } else {
        let lines = printed::comparison(&own.name, before, &now, &repairs);
        lines.iter().for_each(|line| output::print(line));
        if still {
            output::print("Azure says that it still runs there: repair nothing before it is home.");
        }
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
