//! `failback runs list|show|watch|resume|verify|sign|request|report`

mod afterwards;
pub mod list;
mod report;
mod request;
mod resume;
pub mod seal;
mod show;
pub mod state;
pub mod teller;
mod verify;
pub mod watch;

use std::path::Path;

use super::arguments::{Arguments, RunsArguments, RunsCommand};
use super::exit::Exit;
use super::output::Complaint;
use super::target;
use crate::domain::run::RunId;
use crate::store::{RunFolder, Runs};

pub fn run(arguments: &Arguments, options: &RunsArguments) -> Result<Exit, Complaint> {
    if let RunsCommand::Verify(options) = &options.command
        && options.run.contains('/')
    {
        let folder = RunFolder::by_path(Path::new(&options.run))?;
        return verify::run(&folder, options, arguments.json);
    }
    let site = target::name(arguments)?;
    let runs = target::runs(&site)?;
    match &options.command {
        RunsCommand::List { open, plan } => {
            let wanted = list::Wanted {
                open: *open,
                plan: plan.as_deref(),
            };
            list::run(&runs, &site, &wanted, arguments.json)
        }
        RunsCommand::Show { run } => show::run(arguments, &find(&runs, run)?),
        RunsCommand::Resume(resume) => resume::run(arguments, &find(&runs, &resume.run)?, resume),
        RunsCommand::Verify(verify) => {
            verify::run(&find(&runs, &verify.run)?, verify, arguments.json)
        }
        RunsCommand::Sign { run, sign_with } => {
            seal::run(&find(&runs, run)?, sign_with, arguments.json)
        }
        RunsCommand::Watch {
            run,
            no_wait,
            sign_with,
        } => {
            let way = watch::Way {
                json: arguments.json,
                no_wait: *no_wait,
                sign_with: sign_with.clone(),
            };
            seal::usable(way.sign_with.as_deref())?;
            let folder = find(&runs, run)?;
            target::runtime()?.block_on(watch::watch(&folder, way))
        }
        RunsCommand::Report(options) => {
            report::run(arguments, &find(&runs, &options.run)?, options)
        }
        RunsCommand::Request(request) => {
            request::run(arguments, &find(&runs, &request.run)?, request)
        }
    }
}

/// The run that is meant: by its id, or the last that began.
fn find(runs: &Runs, wanted: &str) -> Result<RunFolder, Complaint> {
    if wanted.eq_ignore_ascii_case("last") {
        let begun = |run: &RunFolder| run.has_begun();
        let last = runs.list()?.into_iter().find(begun);
        return last.ok_or_else(|| {
            Complaint::usage(
                "There is no run at this site yet.",
                "Launch one: failback run PLAN",
            )
        });
    }
    match RunId::parse(wanted) {
        Some(id) => Ok(runs.open(&id)?),
        None => Err(Complaint::usage(
            format!("{wanted:?} is no run's id."),
            "See them with: failback runs list; the newest is called last.",
        )),
    }
}
