//! What can be said to `failback plan order`.

use clap::Args;

/// What is not given stays as it is; what is given with nothing behind its = is taken away.
///
/// MACHINE is its name in the plan, or its whole id. A COMMAND is a program and its arguments, parted
/// as a shell would; before the program can stand limit=MINUTES, well=CODES and else=ask, else=go-on
/// or else=stop. PLACE is plan, wave/2, or a machine.
#[derive(Debug, Args)]
pub struct PlanOrder {
    /// The plan: its slug or name, or a file.
    pub plan: String,

    /// The wave that a machine is in, counted from 1. Repeat for several, as all that follows.
    #[arg(long, value_name = "MACHINE=N")]
    pub wave: Vec<String>,

    /// The machines that one waits for, with commas between them.
    #[arg(long, value_name = "MACHINE=OTHER,...")]
    pub after: Vec<String>,

    /// The others go on without it.
    #[arg(long, value_name = "MACHINE")]
    pub optional: Vec<String>,

    /// The others do not go on without it, unless a person says so.
    #[arg(long, value_name = "MACHINE")]
    pub critical: Vec<String>,

    /// Cut it over only once its replication is healthy; after so many minutes a person is asked.
    #[arg(long, value_name = "MACHINE=MINUTES")]
    pub healthy: Vec<String>,

    /// What must hold after its cut-over: heartbeat, tcp HOST:PORT, http URL [STATUS], delay MINUTES,
    /// confirm WORDS, with ; between them; "within MINUTES" behind one.
    #[arg(long, value_name = "MACHINE=WAITS")]
    pub wait_for: Vec<String>,

    /// A command before the plan, a wave or a machine.
    #[arg(long, value_name = "PLACE=COMMAND")]
    pub command_before: Vec<String>,

    /// A command after the plan, a wave or a machine.
    #[arg(long, value_name = "PLACE=COMMAND")]
    pub command_after: Vec<String>,

    /// Most machines in cut-over at a time; 0 is no limit.
    #[arg(long, value_name = "N")]
    pub at_once: Option<u32>,

    /// The command that calls a person; limit=MINUTES and every=MINUTES can stand before its program.
    #[arg(long, value_name = "COMMAND")]
    pub needs_person: Option<String>,

    /// How long a machine that came home waits for its commit, in minutes; 0: until somebody answers.
    #[arg(long, value_name = "MINUTES")]
    pub commit_window: Option<u32>,

    /// What to look at before a commit, instead of what the plan has.
    #[arg(long, value_name = "TEXT")]
    pub look_at: Vec<String>,
}
