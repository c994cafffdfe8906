//! The command line: one file a command.

mod arguments;
mod carry;
mod check;
mod completions;
mod demo;
mod do_verb;
mod dry_run;
mod estimating;
mod exit;
mod findings;
mod guest;
mod identities;
mod kept;
mod launched;
mod launching;
mod log;
mod machines;
mod named;
mod output;
mod plan;
mod ready;
mod run;
mod runs;
mod screens;
mod simulate;
mod sites;
mod table;
mod target;
mod who;

use clap::Parser;

pub use arguments::Arguments;
pub use exit::Exit;

use arguments::Command;
use output::Complaint;

/// Runs the command line and tells how it ended. Errors are printed here.
#[must_use]
pub fn run() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way, too, and go to standard output.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            };
        }
    };
    log::begin();
    let json = arguments.json;
    match sound(&arguments).and_then(|()| dispatch(&arguments)) {
        Ok(exit) => exit,
        Err(complaint) => {
            complaint.print(json);
            complaint.exit
        }
    }
}

/// What the parser lets pass: that one flag wants another counts for nothing there when that one
/// conflicts with a third, which the environment may have set.
fn sound(arguments: &Arguments) -> Result<(), Complaint> {
    match (arguments.at, &arguments.replay) {
        (Some(_), None) => Err(Complaint::usage(
            "--at says which moment of a recording is meant, and there is none.",
            "Name it with --replay FILE, without --site.",
        )),
        _ => Ok(()),
    }
}

fn dispatch(arguments: &Arguments) -> Result<Exit, Complaint> {
    match &arguments.command {
        None => screens::run(arguments),
        Some(Command::Demo(options)) => demo::run(arguments, options),
        Some(Command::Machines) => machines::run(arguments),
        Some(Command::Identities(options)) => identities::run(arguments, options),
        Some(Command::Guest(options)) => guest::run(arguments, options),
        Some(Command::Check(options)) => check::run(arguments, options),
        Some(Command::Plan(options)) => plan::run(arguments, options),
        Some(Command::Run(options)) => run::run(arguments, options),
        Some(Command::Runs(options)) => runs::run(arguments, options),
        Some(Command::Do(options)) => do_verb::run(arguments, options),
        Some(Command::Site(options)) => sites::run(arguments, options),
        Some(Command::Simulate(options)) => simulate::run(arguments, options),
        Some(Command::Carry { run }) => carry::run(run),
        Some(Command::Completions { shell }) => completions::run(*shell),
    }
}
