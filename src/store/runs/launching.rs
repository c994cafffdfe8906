//! One run at a time for a plan and for a machine.

use std::fmt;
use std::fs::File;
use std::time::Duration;

use super::Runs;
use super::folder::RunFolder;
use super::lock::{Life, RunLock, exclusive};
use super::trouble::RunTrouble;
use crate::domain::run::{MachineRun, Run, RunId};
use crate::domain::{ArmId, Person, Plan, Text};

/// How long a launch waits for the launches before it; each holds the gate for milliseconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// A run that stands in the way of a launch: one that is under way, or one that no process carries
/// out any more and that sent something of which nobody knows what became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rival {
    pub run: RunId,
    /// What it sent may have been taken, and it has no process that looks.
    pub unsettled: bool,
    /// `None` where nobody noted it.
    pub by: Option<Person>,
    /// What it carries out.
    pub name: Text,
    /// The machine that both are about; `None` when it is a run of the same plan.
    pub machine: Option<Text>,
}

impl fmt::Display for Rival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.machine, self.unsettled) {
            (None, _) => write!(f, "{} is being run already", self.name)?,
            (Some(machine), false) => write!(f, "{machine} is in a run already ({})", self.name)?,
            (Some(machine), true) => write!(
                f,
                "what became of a change of {machine} is not known: {} was interrupted in it",
                self.name
            )?,
        }
        match &self.by {
            Some(by) => write!(f, " by {by}, run {}", self.run),
            None => write!(f, ", run {}", self.run),
        }
    }
}

impl Runs {
    /// The run, other than `own`, that stands in the way of carrying out `plan`: one under way of the
    /// same plan or with a machine of it that is not through, or one that nobody carries out and
    /// that sent a change of such a machine whose end it never saw. That one is resumed first: it
    /// finds out, and a new run would perhaps send the change again.
    ///
    /// # Errors
    /// When the runs cannot be read.
    pub fn rival(&self, plan: &Plan, own: Option<&RunId>) -> Result<Option<Rival>, RunTrouble> {
        for folder in self.list()? {
            if own == Some(folder.id()) || folder.seems_closed() {
                continue;
            }
            let dead = matches!(folder.life(), Life::Dead);
            if let Some(rival) = in_the_way(&folder, plan, dead) {
                return Ok(Some(rival));
            }
        }
        Ok(None)
    }
}

impl RunFolder {
    /// Takes the right to carry the run out for `by`, unless a rival has begun: of a hundred launches of one
    /// plan at the same moment one gets it.
    ///
    /// # Errors
    /// [`RunTrouble::Rival`]; another process that carries this run out; a disk that cannot be
    /// written.
    pub fn lock_alone(&self, plan: &Plan, by: &Person) -> Result<RunLock, RunTrouble> {
        let runs = Runs(self.siblings().to_path_buf());
        let _gate = runs.gate()?;
        match runs.rival(plan, Some(self.id()))? {
            Some(rival) => Err(RunTrouble::Rival(Box::new(rival))),
            None => self.lock_for(Some(by)),
        }
    }
}

impl Runs {
    /// Held while a run begins; the lock falls with the file.
    fn gate(&self) -> Result<File, RunTrouble> {
        self.make()?;
        let path = self.0.join(".gate");
        let gate = exclusive(&path, PATIENCE).map_err(|error| RunTrouble::disk(&path, &error))?;
        gate.ok_or_else(|| RunTrouble::Busy {
            file: path.display().to_string(),
            waited: PATIENCE,
        })
    }
}

/// `dead`: nobody carries it out.
fn in_the_way(folder: &RunFolder, plan: &Plan, dead: bool) -> Option<Rival> {
    let theirs = folder.plan().ok();
    let lines = folder.read().map(|reading| reading.lines);
    let run = lines.ok().and_then(|lines| Run::fold(&lines));
    let launch = run.as_ref().map(|run| &run.launch);
    let rival = |machine| Rival {
        run: folder.id().clone(),
        unsettled: dead,
        by: match launch {
            Some(launch) => Some(launch.by.clone()),
            None => folder.holder().and_then(|holder| holder.by),
        },
        name: match (launch, &theirs) {
            (Some(launch), _) => launch.name.clone(),
            (None, Some(plan)) => plan.name.as_str().into(),
            (None, None) => "a plan".into(),
        },
        machine,
    };
    if dead {
        // Of a journal without a first record nothing was sent.
        let unsettled = |id: &&ArmId| {
            let machine = run.as_ref().and_then(|run| run.machine(id));
            machine.is_some_and(MachineRun::is_unsettled)
        };
        let both = plan.machines().into_iter().find(unsettled)?;
        return Some(rival(Some(plan.machine_name(both))));
    }
    // A single action's plan has a name made for it, which is nobody's: its machines count.
    let named = launch.map_or_else(
        || theirs.as_ref().map(|plan| plan.slug().clone()),
        |launch| launch.slug.clone(),
    );
    if named.as_ref() == Some(plan.slug()) {
        return Some(rival(None));
    }
    let busy = |id: &&ArmId| match &run {
        Some(run) => run.machine(id).is_some_and(|machine| !machine.is_over()),
        None => theirs.as_ref().is_some_and(|p| p.machines().contains(id)),
    };
    let both = plan.machines().into_iter().find(busy)?;
    Some(rival(Some(plan.machine_name(both))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rival_says_who_and_which_run() {
        let rival = Rival {
            run: RunId::parse("20261121-091500-3f2a7c").unwrap(),
            by: Some(Person {
                name: "kim".into(),
                host: "jump-01".into(),
                from: None,
            }),
            unsettled: false,
            name: "ERP home".into(),
            machine: None,
        };
        let words = "ERP home is being run already by kim on jump-01, run 20261121-091500-3f2a7c";
        assert_eq!(rival.to_string(), words);
        let machine = Rival {
            machine: Some("web-01".into()),
            by: None,
            ..rival
        };
        let words = "web-01 is in a run already (ERP home), run 20261121-091500-3f2a7c";
        assert_eq!(machine.to_string(), words);
        let unsettled = Rival {
            unsettled: true,
            ..machine
        };
        let words = "what became of a change of web-01 is not known: ERP home was interrupted in \
                     it, run 20261121-091500-3f2a7c";
        assert_eq!(unsettled.to_string(), words);
    }
}
