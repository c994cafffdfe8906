//! `failback runs report RUN`

use std::io;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::afterwards;
use crate::cli::arguments::{Arguments, Format, ReportArguments};
use crate::cli::exit::Exit;
use crate::cli::output::{self, Complaint};
use crate::domain::run::Run;
use crate::domain::{Failure, Retry};
use crate::report::{Head, Look, Report, Source, html, markdown};
use crate::store::{RunFolder, write_out};

pub fn run(
    arguments: &Arguments,
    folder: &RunFolder,
    options: &ReportArguments,
) -> Result<Exit, Complaint> {
    let format = match (options.format, arguments.json) {
        (Some(format), false) => format,
        (None, false) => Format::Md,
        (None | Some(Format::Json), true) => Format::Json,
        (Some(_), true) => {
            return Err(Complaint::usage(
                "--json and another --format were asked for.",
                "Leave one of the two out.",
            ));
        }
    };
    // Before the journal: a runner that has ended has written its last line by now.
    let live = folder.is_live();
    let mut follow = folder.follow();
    let reading = follow.news()?;
    let damage = reading.damage.filter(|d| !(live && d.is_unfinished()));
    let damage = damage.map(|damage| damage.to_string());
    let Some(run) = Run::fold(&reading.lines) else {
        return Err(nothing(folder, damage));
    };
    let plan = folder.plan().map_err(|trouble| trouble.to_string());
    let after = afterwards::read(arguments, folder, &run);
    let head = follow.head();
    let report = Report::of(&Source {
        lines: &reading.lines,
        plan: plan.as_ref().map_err(Clone::clone),
        head: Some(Head {
            number: head.number,
            hash: head.hash.as_ref().into(),
        }),
        damage: damage.clone(),
        live,
        errands: after.machines(),
        unread: after.unread(),
        made: Timestamp::now(),
        program: concat!("failback ", env!("CARGO_PKG_VERSION")),
    });
    let Some(report) = report else {
        return Err(nothing(folder, damage));
    };
    let look = Look {
        zone: TimeZone::system(),
    };
    let text = match format {
        Format::Md => markdown::write(&report, &look),
        Format::Html => html::write(&report, &look),
        Format::Json => in_json(&report)?,
    };
    match &options.out {
        Some(file) => {
            write_out(file, text.as_bytes(), options.force)
                .map_err(|error| not_written(file, &error))?;
            if arguments.json {
                let schema = "failback/report-written/1";
                let run = folder.id();
                output::print_json(&json!({ "schema": schema, "run": run, "file": file }));
            } else {
                output::print(&format!("Report written to {}.", file.display()));
            }
        }
        None => output::print(text.trim_end()),
    }
    Ok(match damage {
        None => Exit::Done,
        Some(_) => Exit::Failed,
    })
}

fn in_json(report: &Report) -> Result<String, Complaint> {
    let text = serde_json::to_string_pretty(report);
    text.map(|text| text + "\n").map_err(|error| {
        let what = format!("The report cannot be written as JSON: {error}.");
        Complaint::failed(Failure::new(what, "", Retry::AfterFixing))
    })
}

fn nothing(folder: &RunFolder, damage: Option<String>) -> Complaint {
    let why = damage.unwrap_or_else(|| "it never began".into());
    let what = format!("Run {} has nothing to report: {why}.", folder.id());
    let advice = format!("Its log: {}", folder.log().display());
    Complaint::failed(Failure::new(what, advice, Retry::AfterFixing))
}

fn not_written(file: &Path, error: &io::Error) -> Complaint {
    let name = file.display();
    if error.kind() == io::ErrorKind::AlreadyExists {
        return Complaint::usage(
            format!("{name} is there already; nothing was written."),
            "Name another file, or replace it with --force.",
        );
    }
    let what = format!("The report cannot be written to {name}: {error}.");
    let advice = "Nothing was written. Name a file in a folder that you can write.";
    Complaint::failed(Failure::new(what, advice, Retry::AfterFixing))
}
