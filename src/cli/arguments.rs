//! What can be said on the command line.

mod carrying;
mod doing;
mod ordering;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::ui::look::Theme;

pub use carrying::{
    Format, Launching, ReportArguments, RequestArguments, RequestCommand, ResumeArguments, Run,
    RunsArguments, RunsCommand, VerifyArguments,
};
pub use doing::{
    AzureTargetOptions, Do, DoVerb, FailbackOptions, HomeOptions, Os, ReturnOptions, SyncWhen, word,
};

pub use ordering::PlanOrder;

/// Bring virtual machines home from Azure to VMware or Hyper-V.
///
/// Without a command, shows the screens.
#[derive(Debug, Parser)]
#[command(name = "failback", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The site to work with; `demo` is the built-in one. Not needed when there is only one.
    #[arg(
        long,
        global = true,
        help_heading = "Everywhere",
        value_name = "NAME",
        env = "FAILBACK_SITE"
    )]
    pub site: Option<String>,

    /// Answer from a recording instead of a site.
    #[arg(
        long,
        global = true,
        help_heading = "Everywhere",
        value_name = "FILE",
        conflicts_with = "site"
    )]
    pub replay: Option<PathBuf>,

    /// With --replay: the recording as of its exchange N (counted from 1).
    #[arg(
        long,
        global = true,
        help_heading = "Everywhere",
        value_name = "N",
        requires = "replay"
    )]
    pub at: Option<usize>,

    /// Write every exchange with Azure to a new file, without secrets, for support.
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "FILE")]
    pub record: Option<PathBuf>,

    /// Answer in JSON with stable field names.
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub json: bool,

    /// Change nothing: what would is neither offered nor done.
    #[arg(long, global = true, help_heading = "Everywhere", env = "FAILBACK_READ_ONLY", value_parser = clap::builder::FalseyValueParser::new())]
    pub read_only: bool,

    #[command(flatten)]
    pub look: Look,
}

/// How the screens look and behave.
#[derive(Clone, Debug, Default, Args)]
pub struct Look {
    /// No colours (also: NO_COLOR).
    #[arg(long)]
    pub no_color: bool,

    /// Only ASCII characters (also: a locale that is not UTF-8).
    #[arg(long)]
    pub ascii: bool,

    /// Let the mouse scroll and choose; selecting text then needs Shift.
    #[arg(long)]
    pub mouse: bool,

    /// The colours: terminal or night.
    #[arg(long, value_name = "NAME", env = "FAILBACK_THEME", value_parser = PossibleValuesParser::new(Theme::names()))]
    pub theme: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The screens, on the built-in site: nothing real is touched.
    Demo(Demo),
    /// Every protected machine, its state, and what can be done next.
    Machines,
    /// Which registration of each machine is the one that runs in Azure, and what tells so.
    Identities(Box<super::identities::Identities>),
    /// What machines are before they are protected, and what is not as it was once they are home.
    Guest(Box<super::guest::GuestArguments>),
    /// Whether a plan can be carried out now, and what to do about it.
    Check(Check),
    /// Make and keep plans: what is to be done with which machines.
    Plan(PlanArguments),
    /// Launch a plan: in a process of its own, which this terminal does not hold.
    Run(Run),
    /// One action on some machines, without a plan.
    Do(Box<Do>),
    /// The runs of the site: list, show, watch, and ask something of them.
    Runs(RunsArguments),
    /// Add, list and test sites.
    Site(SiteArguments),
    /// Serve the built-in site on this machine.
    Simulate(Simulate),
    /// Carry out one run; started by a launch.
    #[command(hide = true)]
    Carry {
        #[arg(long, value_name = "FOLDER")]
        run: PathBuf,
    },
    /// Print the completions of a shell.
    Completions { shell: Shell },
}

#[derive(Clone, Debug, Args)]
pub struct Demo {
    /// contoso, recorded, empty, large, or a JSON file.
    #[arg(long, value_name = "NAME|FILE", default_value = "contoso")]
    pub estate: String,

    /// How many machines.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub machines: Option<u32>,

    /// How much faster than real its time passes.
    #[arg(long, value_name = "X", default_value_t = 20.0, value_parser = speed)]
    pub speed: f64,

    /// Begin anew: forget what was done in an earlier demo.
    #[arg(long)]
    pub reset: bool,

    #[command(flatten)]
    pub look: Look,
}

#[derive(Debug, Args)]
pub struct Check {
    /// The plan: its slug or name, or a file.
    pub plan: String,

    /// Consent to a warning, with or without a reason; on one machine alone: CHECK@MACHINE. Repeat for several.
    #[arg(long, value_name = "CHECK[=WHY]")]
    pub consent: Vec<String>,

    /// Attest to what could not be found out: what you looked at. Repeat for several.
    #[arg(long, value_name = "CHECK=TEXT")]
    pub attest: Vec<String>,

    /// Who says so; without it you, as this machine knows you.
    #[arg(long = "as", value_name = "WHO")]
    pub by: Option<String>,
}

#[derive(Debug, Args)]
pub struct PlanArguments {
    #[command(subcommand)]
    pub command: PlanCommand,
}

#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// Make a plan from answers, without the screens.
    New(PlanNew),
    /// The plans that are kept for the site.
    List,
    /// What a plan says.
    Show {
        /// The plan: its slug or name, or a file.
        plan: String,
    },
    /// Change the order of a plan that is there, and its commit window.
    Order(Box<PlanOrder>),
    /// Remove a plan; what was done by it stays done.
    Delete {
        /// Its slug.
        plan: String,
    },
    /// Keep a plan that lies in a file elsewhere.
    Import { file: PathBuf },
    /// Write a plan to a new file.
    Export {
        /// Its slug.
        plan: String,
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("how").required(true).args(["answers", "print_template"]))]
pub struct PlanNew {
    /// The answers that the wizard would ask for; - reads standard input.
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,

    /// How long a machine that came home waits for its commit, in minutes, whatever the answers say.
    #[arg(long, value_name = "MINUTES", requires = "answers")]
    pub commit_window: Option<u32>,

    /// Print an answers file to begin with, and keep nothing.
    #[arg(long, value_name = "WIZARD", value_enum)]
    pub print_template: Option<WizardName>,

    /// With --print-template: machines to fill in.
    #[arg(value_name = "MACHINE", requires = "print_template")]
    pub machines: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum WizardName {
    /// New protection: replicate from Azure to the ground.
    Protect,
    /// Recover: bring machines home.
    Recover,
    /// Fail over to Azure.
    FailOver,
}

#[derive(Debug, Args)]
pub struct SiteArguments {
    #[command(subcommand)]
    pub command: SiteCommand,
}

#[derive(Debug, Subcommand)]
pub enum SiteCommand {
    /// Keep a new site.
    Add(Box<SiteAdd>),
    /// The sites that are known here.
    List,
    /// Try everything a site needs; changes nothing.
    Test { name: String },
}

#[derive(Debug, Args)]
pub struct SiteAdd {
    /// What to call it: letters, digits, - and _.
    pub name: String,

    #[arg(long)]
    pub subscription: String,

    #[arg(long)]
    pub resource_group: String,

    /// The Recovery Services vault; repeat for several in the same resource group.
    #[arg(long = "vault", required = true)]
    pub vaults: Vec<String>,

    /// The tenant's id; needed to sign in with a client secret.
    #[arg(long, default_value = "")]
    pub tenant: String,

    /// How to sign in.
    #[arg(long, value_enum, default_value = "azure-cli")]
    pub sign_in: SignInKind,

    /// The application's client id; of a managed identity, when it is user-assigned.
    #[arg(long)]
    pub client_id: Option<String>,

    /// The environment variable that holds the client secret.
    #[arg(long, value_name = "VARIABLE", group = "secret")]
    pub secret_env: Option<String>,

    /// The file that holds the client secret; only you may read it.
    #[arg(long, value_name = "FILE", group = "secret")]
    pub secret_file: Option<PathBuf>,

    /// The command that prints the client secret, its words separated by blanks.
    #[arg(long, value_name = "COMMAND", group = "secret")]
    pub secret_command: Option<String>,

    /// PEM file with CAs to trust beside the system's.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,

    /// A proxy's address, `none`, or `system` (HTTPS_PROXY and NO_PROXY).
    #[arg(long, default_value = "system")]
    pub proxy: String,

    /// The ARM endpoint of another cloud.
    #[arg(long, value_name = "URL")]
    pub arm: Option<String>,

    /// The sign-in endpoint of another cloud.
    #[arg(long, value_name = "URL")]
    pub login: Option<String>,

    /// Addresses of the site at home, such as 192.168.0.0/16. Repeat for several.
    #[arg(long = "at-home", value_name = "RANGE")]
    pub at_home: Vec<String>,

    /// The api version to speak.
    #[arg(long, value_name = "DATE")]
    pub api_version: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SignInKind {
    ClientSecret,
    ManagedIdentity,
    AzureCli,
}

#[derive(Clone, Debug, Args)]
pub struct Simulate {
    /// Where to listen; this machine only.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8480")]
    pub listen: SocketAddr,

    /// contoso, recorded, empty, large, or a JSON file.
    #[arg(long, value_name = "NAME|FILE", default_value = "contoso")]
    pub estate: String,

    /// How many machines.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub machines: Option<u32>,

    /// What generated estates are made from.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// How much faster than real its time passes.
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,

    /// Factor on how long jobs take: 0.1 makes ten minutes one.
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed)]
    pub job_pace: f64,

    /// Entries on a page of a list.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub page_size: u32,

    /// Serve https with a CA of its own.
    #[arg(long)]
    pub tls: bool,

    /// Go wrong by rule: 'GET replicationJobs 2-3 429:1', 'JOB web-01/reProtect once 95226'. Repeat
    /// for several.
    #[arg(long = "fault", value_name = "RULE")]
    pub faults: Vec<String>,

    /// Behave as some sites do: `--quirk help` lists how. Repeat for several.
    #[arg(long = "quirk", value_name = "NAME")]
    pub quirks: Vec<String>,

    /// Seconds by which its clock is off.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    pub clock_offset: i64,

    /// End when nobody has asked anything for this long.
    #[arg(long, value_name = "SECONDS")]
    pub idle_exit: Option<u64>,

    /// Write where it is and how to sign in to this file, private, once it listens.
    #[arg(long, value_name = "FILE")]
    pub announce: Option<PathBuf>,

    /// Become independent of the terminal it was started from.
    #[arg(long, hide = true)]
    pub detached: bool,
}

fn speed(raw: &str) -> Result<f64, String> {
    let speed: f64 = raw.parse().map_err(|_| "it is not a number".to_owned())?;
    if (0.01..=100_000.0).contains(&speed) {
        Ok(speed)
    } else {
        Err("use 0.01 to 100000".into())
    }
}
