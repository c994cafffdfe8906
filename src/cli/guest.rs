//! `failback guest`: what a machine is before it is protected, and what of it is not as it was once it
//! is home.
//!
//! As JSON: `failback/guest-records/1` (`record`: `site`, `machines[]` with `name`, `id`, `record`, `kept`,
//! `notKept`), `failback/guest/1` (`show`: what is kept, `records[]` oldest first) and
//! `failback/guest-comparison/1` (`compare`: `name`, `id`, `runsInAzure`, `before` and `now` with `at`,
//! `source`, `spot`, and `compared[]` with `code`, `title`, `outcome` - `same`, `lost`, `unknown` -, `why`,
//! `errands[]` with `known`, `look`, `commands[]`). Exit codes: 0 done, and as it was; 1 not kept, or the
//! machine could not be looked into; 2 nothing to compare with; 5 something was not read, lost or not
//! known.

mod compare;
mod given;
mod options;
mod printed;
mod record;

use serde_json::json;

use super::arguments::Arguments;
use super::exit::Exit;
use super::output::{self, Complaint, print_json};
use super::target;
use crate::agent::guest::{POWERSHELL, SH};
use crate::domain::Text;
use crate::store::Guests;

pub use options::GuestArguments;
use options::{GuestCommand, ScriptOf};

pub fn run(arguments: &Arguments, options: &GuestArguments) -> Result<Exit, Complaint> {
    match &options.command {
        GuestCommand::Record(recording) => record::run(arguments, recording),
        GuestCommand::Show { machine } => show(arguments, machine),
        GuestCommand::Compare(comparing) => compare::run(arguments, comparing),
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

fn show(arguments: &Arguments, name: &str) -> Result<Exit, Complaint> {
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let all = runtime.block_on(target.site.all_machines())?;
    let own = given::machine(&all, name)?;
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
