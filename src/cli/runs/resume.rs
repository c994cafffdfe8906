//! `failback runs resume RUN`: a new process for a run that none carries out any more.

use serde_json::json;

use super::{seal, watch};
use crate::cli::arguments::{Arguments, ResumeArguments};
use crate::cli::exit::Exit;
use crate::cli::launching::{may_change, not_launched, record, tell_outlives};
use crate::cli::output::{self, Complaint, print_json_line};
use crate::cli::{target, who};
use crate::runner::{self, Errand, Task};
use crate::store::RunFolder;

pub fn run(
    arguments: &Arguments,
    folder: &RunFolder,
    options: &ResumeArguments,
) -> Result<Exit, Complaint> {
    may_change(arguments)?;
    seal::usable(options.sign_with.as_deref())?;
    let changing = target::changing(arguments)?;
    let errand = Errand {
        task: Task::Resume,
        secret: changing.secret,
        profile: changing.profile,
        by: who::person(options.who.as_deref()),
        named: false,
        standing: Vec::new(),
        record: record(arguments)?,
    };
    runner::resume(&changing.runs, folder, &errand).map_err(not_launched)?;
    let outlives = runner::outlives();
    let id = folder.id();
    if arguments.json {
        print_json_line(&json!({
            "schema": "failback/resumed/1",
            "run": id,
            "folder": folder.path(),
            "outlives": outlives.word(),
        }));
    } else {
        output::print(&format!(
            "Resumed: run {id}. Closing this terminal is safe."
        ));
    }
    tell_outlives(&outlives);
    if options.detach {
        return Ok(Exit::Done);
    }
    let way = watch::Way {
        json: arguments.json,
        no_wait: options.no_wait,
        sign_with: options.sign_with.clone(),
    };
    target::runtime()?.block_on(watch::watch(folder, way))
}
