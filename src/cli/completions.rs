//! `failback completions SHELL`

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::arguments::Arguments;
use super::exit::Exit;
use super::output::{self, Complaint};

#[allow(clippy::unnecessary_wraps, reason = "every command has this form")]
pub fn run(shell: Shell) -> Result<Exit, Complaint> {
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "failback", &mut script);
    output::print(String::from_utf8_lossy(&script).trim_end());
    Ok(Exit::Done)
}
