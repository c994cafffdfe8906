//! What can be said to carry something out, and to look at what is being carried out.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::store::runs::Head;

#[derive(Debug, Args)]
pub struct Run {
    /// The plan: its file's name, or its own.
    pub plan: String,

    /// The plan's name again, instead of being asked for it.
    #[arg(long, value_name = "NAME")]
    pub confirm: Option<String>,

    #[command(flatten)]
    pub launching: Launching,
}

/// How a launch goes on.
#[derive(Debug, Default, Args)]
pub struct Launching {
    /// Show every call and send nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Launch it and leave; it goes on by itself.
    #[arg(long)]
    pub detach: bool,

    /// Stop watching, with exit code 5, when it waits for a person.
    #[arg(long, conflicts_with = "detach")]
    pub no_wait: bool,

    /// When it is over, sign the head of its journal with this SSH key (ssh-keygen -Y): a private key,
    /// or the public one of a key that an agent holds.
    #[arg(long, value_name = "KEY", conflicts_with = "detach")]
    pub sign_with: Option<PathBuf>,

    /// Consent to a warning, with or without a reason; on one machine alone: CHECK@MACHINE. Repeat for
    /// several.
    #[arg(long, value_name = "CHECK[=WHY]")]
    pub consent: Vec<String>,

    /// Attest to what could not be found out: what you looked at. Repeat for several. Answers
    /// beforehand, too, what the run will ask: quiesce=TEXT (do failback), survivor=TEXT (do commit).
    #[arg(long, value_name = "CHECK=TEXT")]
    pub attest: Vec<String>,

    /// Who you are, for the record; the user, and the one behind sudo, when not given.
    #[arg(long = "as", value_name = "WHO")]
    pub who: Option<String>,
}

#[derive(Debug, Args)]
pub struct RunsArguments {
    #[command(subcommand)]
    pub command: RunsCommand,
}

#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// Every run of the site, the newest first.
    List {
        /// Only those that are not over.
        #[arg(long)]
        open: bool,

        /// Only those of this plan, by its name or file.
        #[arg(long, value_name = "PLAN")]
        plan: Option<String>,
    },
    /// How a run stands, what it asks, what it remarked.
    Show {
        /// Its id, or `last`.
        run: String,
    },
    /// What happens, as it happens, until the run ends.
    Watch {
        /// Its id, or `last`.
        run: String,

        /// Stop watching, with exit code 5, when it waits for a person.
        #[arg(long)]
        no_wait: bool,

        /// When it is over, sign the head of its journal with this SSH key.
        #[arg(long, value_name = "KEY")]
        sign_with: Option<PathBuf>,
    },
    /// Go on with a run whose process ended before it: a new one finds out first what was done.
    Resume(ResumeArguments),
    /// Check the journal of a run from its first byte to its last.
    ///
    /// It finds every changed byte, every gap and a lost end. It does not find a journal that was
    /// written anew: who may write the folder can do that. A head that was kept elsewhere (--head) or a
    /// signature (--signed-by) does.
    Verify(VerifyArguments),
    /// Sign the head of a run that is over with an SSH key (ssh-keygen -Y), as `head.sig` in its folder.
    Sign {
        /// Its id, or `last`.
        run: String,

        /// A private key, or the public one of a key that an agent holds.
        #[arg(long, value_name = "KEY", required = true)]
        sign_with: PathBuf,
    },
    /// Ask something of a run that is under way.
    Request(RequestArguments),
    /// A run on paper: plan, order, who, when, steps, jobs, errors, answers, and the journal's head.
    Report(ReportArguments),
}

#[derive(Debug, Args)]
pub struct ReportArguments {
    /// Its id, or `last`.
    pub run: String,

    /// How it is written; json, too, by --json.
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<Format>,

    /// Write it to this file, which only you may read, instead of to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// With --out: replace the file that is there.
    #[arg(long, requires = "out")]
    pub force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Markdown.
    Md,
    /// One file that a browser shows and prints.
    Html,
    /// With stable field names: failback/report/1.
    Json,
}

#[derive(Debug, Args)]
pub struct ResumeArguments {
    /// Its id, or `last`.
    pub run: String,

    /// Resume it and leave; it goes on by itself.
    #[arg(long)]
    pub detach: bool,

    /// Stop watching, with exit code 5, when it waits for a person.
    #[arg(long, conflicts_with = "detach")]
    pub no_wait: bool,

    /// When it is over, sign the head of its journal with this SSH key.
    #[arg(long, value_name = "KEY", conflicts_with = "detach")]
    pub sign_with: Option<PathBuf>,

    /// Who you are, for the record; the user, and the one behind sudo, when not given.
    #[arg(long = "as", value_name = "WHO")]
    pub who: Option<String>,
}

#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// Its id, `last`, or its folder.
    pub run: String,

    /// A head that was kept elsewhere: as it was printed when the run ended.
    #[arg(long, value_name = "NUMBER:HASH")]
    pub head: Option<Head>,

    /// Check its signature: a file of those who may sign (ALLOWED SIGNERS of ssh-keygen).
    #[arg(long, value_name = "FILE")]
    pub signed_by: Option<PathBuf>,

    /// Who must have signed it; any of them when not given.
    #[arg(long, value_name = "WHO", requires = "signed_by")]
    pub signer: Option<String>,
}

#[derive(Debug, Args)]
pub struct RequestArguments {
    /// Its id, or `last`.
    pub run: String,

    /// Who you are, for the record; the user, and the one behind sudo, when not given.
    #[arg(long = "as", value_name = "WHO", global = true)]
    pub who: Option<String>,

    #[command(subcommand)]
    pub request: RequestCommand,
}

#[derive(Debug, Subcommand)]
pub enum RequestCommand {
    /// Begin nothing new; what runs in Azure goes on and is watched.
    Pause,
    /// Go on after a pause.
    GoOn,
    /// Send nothing more and end. What runs in Azure goes on there.
    Stop,
    /// Answer a question.
    Answer {
        /// Its number.
        question: u32,

        /// One of its choices.
        choice: String,

        /// The name that the choice wants typed.
        #[arg(long, value_name = "NAME")]
        typed: Option<String>,

        /// Why, for the record.
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,

        /// Which of its checks you have made, by their numbers: 1,2,5.
        #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
        ticked: Vec<usize>,
    },
}
