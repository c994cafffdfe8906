//! From a plan to a run that is watched: the way that `run` and `do` share.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use serde_json::json;
use tokio::runtime::Runtime;

use super::arguments::{Arguments, Launching};
use super::check;
use super::exit::Exit;
use super::kept::Kept;
use super::output::{self, Complaint, print_json_line};
use super::ready;
use super::runs::{seal, watch};
use super::target::{Changing, Target};
use super::who;
use crate::domain::{Failure, Plan, Retry, Text};
use crate::runner::{self, Errand, NotLaunched, Outlives, Standing, Task};

/// What is launched, and how.
pub struct Launch<'a> {
    pub changing: Changing,
    pub target: &'a Target,
    pub what: What,
    pub options: &'a Launching,
    /// What is said to checks: `--consent` and `--attest`.
    pub said: Vec<check::Said>,
    pub standing: Vec<Standing>,
    /// What is left to be typed.
    pub open: Vec<Confirmation>,
}

/// A kept plan, or the one behind a single action.
pub enum What {
    Kept(Box<Kept>),
    Action(Box<Plan>),
}

/// Refuses what would change something where nothing may be changed.
pub fn may_change(arguments: &Arguments) -> Result<(), Complaint> {
    let (what, advice) = match (arguments.replay.is_some(), arguments.read_only) {
        (true, _) => (
            "Nothing was sent: a recording cannot be changed.",
            "See the calls with --dry-run; send them to a site.",
        ),
        (_, true) => (
            "Nothing was sent: this is read-only (--read-only or FAILBACK_READ_ONLY).",
            "See the calls with --dry-run; send them without read-only.",
        ),
        (false, false) => return Ok(()),
    };
    Err(not_ready(Failure::new(what, advice, Retry::AfterFixing)))
}

/// Nothing was changed, and cannot be now.
pub fn not_ready(failure: Failure) -> Complaint {
    Complaint {
        failure,
        exit: Exit::NotReady,
    }
}

/// A name that must be typed before anything is sent.
pub struct Confirmation {
    /// `the plan`, `the machine`.
    pub what: &'static str,
    pub name: Text,
    /// Another name that counts: a plan's slug, the item of a machine whose name this keyboard
    /// cannot write.
    pub also: Option<String>,
}

impl Confirmation {
    /// Blanks around it are forgiven, another letter is not.
    pub fn is(&self, typed: &str) -> bool {
        let typed = typed.trim();
        let also = self.also.as_deref() == Some(typed);
        !typed.is_empty() && (typed == self.name.as_str().trim() || also)
    }

    /// The complaint about a name that is not the one wanted.
    fn mistyped(&self, typed: &str) -> Complaint {
        let (what, name) = (self.what, output::quoted(self.name.as_str()));
        Complaint::usage(
            format!("Nothing was sent: {typed:?} is not {what}'s name."),
            format!("Say --confirm {name} when you are sure."),
        )
    }
}

/// What is left to be typed at the terminal, after what flags said. A name that none of them is, and
/// the lack of both flag and terminal, end it here.
pub fn unconfirmed(
    all: Vec<Confirmation>,
    said: &[String],
) -> Result<Vec<Confirmation>, Complaint> {
    let stray = said.iter().find(|typed| !all.iter().any(|c| c.is(typed)));
    if let (Some(stray), Some(first)) = (stray, all.first()) {
        return Err(first.mistyped(stray));
    }
    let open = all
        .into_iter()
        .filter(|c| !said.iter().any(|typed| c.is(typed)));
    let open: Vec<_> = open.collect();
    match open.first() {
        Some(first) if !std::io::stdin().is_terminal() => Err(Complaint {
            failure: Failure::new(
                "Nothing was sent: this wants to be confirmed.",
                format!(
                    "Say --confirm {}, or run it at a terminal.",
                    output::quoted(first.name.as_str())
                ),
                Retry::AfterFixing,
            ),
            exit: Exit::NeedsPerson,
        }),
        _ => Ok(open),
    }
}

/// Asks at the terminal.
fn ask(open: &[Confirmation]) -> Result<(), Complaint> {
    for one in open {
        let mut err = std::io::stderr().lock();
        // Ignored on purpose: what cannot be shown is not answered.
        let _ = write!(err, "Type the name of {} to go on: ", one.what);
        let _ = err.flush();
        let mut line = String::new();
        let _ = std::io::stdin().lock().read_line(&mut line);
        if !one.is(&line) {
            return Err(one.mistyped(line.trim()));
        }
    }
    Ok(())
}

impl Launch<'_> {
    /// Judges the plan, launches it, and watches it unless told otherwise.
    pub fn begin(mut self, runtime: &Runtime, arguments: &Arguments) -> Result<Exit, Complaint> {
        let by = who::person(self.options.who.as_deref());
        let mut plan = self.plan().clone();
        let site = &self.target.site;
        let runs = &self.changing.runs;
        // Before it is judged: what readiness says to do is not for a machine that is under way.
        runner::is_free(runs, &plan).map_err(not_launched)?;
        let named = matches!(self.what, What::Kept(_));
        let last = named.then_some(runs);
        let judged = runtime.block_on(ready::judge(site, last, &mut plan, &self.said, &by))?;
        if let Some(exit) = judged.refusal(&self.target.name, &plan, arguments.json) {
            return Ok(exit);
        }
        ask(&self.open)?;
        let errand = Errand {
            task: Task::Begin,
            secret: self.changing.secret,
            profile: self.changing.profile,
            by,
            named,
            standing: self.standing,
            record: record(arguments)?,
        };
        seal::usable(self.options.sign_with.as_deref())?;
        let folder = runner::launch(&self.changing.runs, &plan, &errand).map_err(not_launched)?;
        // Only the one that launched it: others who tried at the same moment said the same.
        if let What::Kept(kept) = &mut self.what
            && !judged.said.is_empty()
            && let Err(complaint) = kept.add(judged.said)
        {
            output::remark("failback: it runs; what you vouched for stands in the run alone:");
            complaint.print(false);
        }
        let outlives = runner::outlives();
        if arguments.json {
            print_json_line(&json!({
                "schema": "failback/launched/1",
                "run": folder.id(),
                "plan": plan.name,
                "site": self.target.name,
                "folder": folder.path(),
                "outlives": outlives.word(),
            }));
        } else {
            let id = folder.id();
            output::print(&format!(
                "Launched: run {id}. Closing this terminal is safe."
            ));
        }
        tell_outlives(&outlives);
        if self.options.detach {
            return Ok(Exit::Done);
        }
        let way = watch::Way {
            json: arguments.json,
            no_wait: self.options.no_wait,
            sign_with: self.options.sign_with.clone(),
        };
        runtime.block_on(watch::watch(&folder, way))
    }

    fn plan(&self) -> &Plan {
        match &self.what {
            What::Kept(kept) => &kept.plan,
            What::Action(plan) => plan,
        }
    }
}

/// Says it when a run ends with the session of whoever launched it.
pub fn tell_outlives(outlives: &Outlives) {
    for line in outlives.lines() {
        output::remark(&format!("failback: {line}"));
    }
}

/// Where the recording of the run goes: the runner may work elsewhere.
pub fn record(arguments: &Arguments) -> Result<Option<PathBuf>, Complaint> {
    let Some(file) = &arguments.record else {
        return Ok(None);
    };
    let cannot = |why: &str| {
        let what = format!("{} cannot be written: {why}.", file.display());
        Complaint::usage(what, "Name a file that does not exist yet.")
    };
    if file.exists() {
        return Err(cannot("it is there already"));
    }
    let whole = std::path::absolute(file).map_err(|error| cannot(&error.to_string()))?;
    Ok(Some(whole))
}

pub fn not_launched(why: NotLaunched) -> Complaint {
    match why {
        NotLaunched::Conflict(failure) => Complaint {
            failure,
            exit: Exit::Conflict,
        },
        NotLaunched::Refused(failure) => not_ready(failure),
        NotLaunched::Failed(failure) => Complaint::failed(failure),
    }
}
