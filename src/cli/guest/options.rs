//! What can be said to `failback guest`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::site::USUAL_DEADLINE;

#[derive(Debug, Args)]
pub struct GuestArguments {
    #[command(subcommand)]
    pub command: GuestCommand,
}

#[derive(Debug, Subcommand)]
pub enum GuestCommand {
    /// Record what machines are, before they are protected: from Azure, and from inside by Run Command.
    Record(Recording),
    /// What was recorded of a machine.
    Show {
        /// Name, Azure VM or protected item.
        machine: String,
    },
    /// Compare a machine with what was recorded of it; what is not as it was is listed with commands.
    Compare(Comparing),
    /// Print the script that looks into a machine, to be run there by hand.
    Script { system: ScriptOf },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ScriptOf {
    Windows,
    Linux,
}

#[derive(Debug, Args)]
pub struct Recording {
    /// Name, Azure VM or protected item.
    #[arg(required_unless_present = "plan")]
    pub machines: Vec<String>,

    /// Every machine of this plan, too.
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<String>,

    /// Look into a machine by ssh on this host, as your own ssh knows it. Repeat for several.
    #[arg(long, value_name = "MACHINE=HOST")]
    pub ssh: Vec<String>,

    /// What the script printed in a machine lies here. Repeat for several.
    #[arg(long, value_name = "MACHINE=FILE")]
    pub file: Vec<String>,

    /// How long a machine may take, in seconds.
    #[arg(long, value_name = "N", default_value_t = USUAL_DEADLINE.as_secs(), value_parser = clap::value_parser!(u64).range(1..=1800))]
    pub seconds: u64,

    /// How many machines are looked at once.
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub at_once: usize,
}

#[derive(Debug, Args)]
pub struct Comparing {
    /// Name, Azure VM or protected item.
    pub machine: String,

    /// Look into it by ssh on this host, as your own ssh knows it.
    #[arg(long, value_name = "HOST", group = "how")]
    pub ssh: Option<String>,

    /// What the script printed in it lies here; - reads standard input.
    #[arg(long, value_name = "FILE", group = "how")]
    pub file: Option<PathBuf>,

    /// How long it may take, in seconds.
    #[arg(long, value_name = "N", default_value_t = USUAL_DEADLINE.as_secs(), value_parser = clap::value_parser!(u64).range(1..=1800))]
    pub seconds: u64,
}
