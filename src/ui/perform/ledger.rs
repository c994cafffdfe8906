//! What lies on disk for a site, as last read: its plans, and its runs as they are followed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::following::{Following, unread};
use crate::domain::run::RunId;
use crate::domain::{Failure, Retry};
use crate::store::watch::Changes;
use crate::store::{PlanTrouble, Plans, RunFolder, Runs};
use crate::ui::model::monitor::{Damaged, RunView, Watched};

/// Runs that ended, newest first, beyond which only their number is told.
const MOST_ENDED: usize = 100;

/// The plans and runs of one site.
pub(super) struct Ledger {
    plans: Plans,
    runs: Runs,
    followed: BTreeMap<RunId, Following>,
    /// Runs that ended and are left out.
    older: HashSet<RunId>,
    /// Why a plan was set aside, by the name that it has now.
    aside: HashMap<String, String>,
}

impl Ledger {
    pub(super) fn new(plans: Plans, runs: Runs) -> Self {
        Self {
            plans,
            runs,
            followed: BTreeMap::new(),
            older: HashSet::new(),
            aside: HashMap::new(),
        }
    }

    /// The folders whose changes matter: of plans, of runs, of each run that is open.
    pub(super) fn folders(&self) -> Vec<PathBuf> {
        let open = self.followed.values().filter(|run| run.is_open());
        let open = open.flat_map(|run| {
            let folder = run.folder();
            [folder.path().to_path_buf(), folder.inbox()]
        });
        let both = [self.plans.path(), self.runs.path()];
        both.into_iter().map(PathBuf::from).chain(open).collect()
    }

    /// Whether a run's process may have ended without a word.
    pub(super) fn has_live(&self) -> bool {
        self.followed.values().any(Following::is_live)
    }

    /// The plans, and a line for each file that cannot be used: one that was set aside is told as
    /// long as it is there.
    pub(super) fn read_plans(&mut self) -> Watched {
        let listing = match self.plans.list() {
            Ok(listing) => listing,
            Err(trouble) => return Watched::Trouble(Box::new(plans_unread(&trouble))),
        };
        let mut damaged = Vec::new();
        for trouble in listing.troubles {
            let why = trouble.to_string();
            match trouble {
                PlanTrouble::Damaged { aside, .. } => drop(self.aside.insert(aside, why)),
                trouble => damaged.push(Damaged {
                    name: trouble.file().map_or("a plan", name_of).into(),
                    why: why.into(),
                }),
            }
        }
        for file in self.plans.set_aside() {
            let file = file.display().to_string();
            let why = self.aside.get(&file).cloned().unwrap_or_else(|| {
                format!(
                    "{file} was set aside: it could not be read as a plan. Mend it and import it, \
                     or remove it"
                )
            });
            damaged.push(Damaged {
                name: name_of(&file).into(),
                why: why.into(),
            });
        }
        let plans = listing.plans.into_iter().map(Arc::new).collect();
        Watched::Plans { plans, damaged }
    }

    /// Everything about the runs, a part at a time: those that go on first.
    pub(super) fn read_runs(&mut self, mut tell: impl FnMut(Watched)) {
        let folders = match self.runs.list() {
            Ok(folders) => folders,
            Err(trouble) => {
                tell(Watched::Trouble(Box::new(unread(&trouble))));
                return tell(Watched::Read { older: 0 });
            }
        };
        let (live, others): (Vec<_>, Vec<_>) = folders.into_iter().partition(RunFolder::is_live);
        let mut views = Vec::new();
        for folder in live {
            views.extend(self.follow(folder));
        }
        tell(Watched::Runs(std::mem::take(&mut views)));
        let mut ended = 0;
        self.older.clear();
        for folder in others {
            if ended >= MOST_ENDED && folder.seems_closed() {
                self.older.insert(folder.id().clone());
                continue;
            }
            let view = self.follow(folder);
            ended += usize::from(view.as_ref().is_some_and(|view| !view.is_open()));
            views.extend(view);
            if views.len() >= 16 {
                tell(Watched::Runs(std::mem::take(&mut views)));
            }
        }
        tell(Watched::Runs(views));
        tell(Watched::Read {
            older: self.older.len(),
        });
    }

    fn follow(&mut self, folder: RunFolder) -> Option<Arc<RunView>> {
        let id = folder.id().clone();
        let run = self
            .followed
            .entry(id)
            .or_insert_with(|| Following::new(folder));
        run.read_on().then(|| run.view())
    }

    /// What changed: reads only where something did.
    pub(super) fn read_changes(&mut self, changes: &Changes) -> Vec<Watched> {
        let mut news = Vec::new();
        let in_plans = changes.folders.get(self.plans.path());
        let is_plan = |name: &std::ffi::OsString| name.to_string_lossy().contains(".json");
        if changes.all || in_plans.is_some_and(|names| names.iter().any(is_plan)) {
            news.push(self.read_plans());
        }
        let listed = changes.all || changes.folders.contains_key(self.runs.path());
        if listed
            || changes
                .gone
                .iter()
                .any(|gone| gone.starts_with(self.runs.path()))
        {
            news.extend(self.list_anew());
        }
        let mut views = Vec::new();
        for run in self.followed.values_mut() {
            let path = run.folder().path().to_path_buf();
            let inbox = run.folder().inbox();
            let touched = changes.touch(&path, "journal.jsonl")
                || changes.touch(&path, "lock")
                || changes.folders.contains_key(&inbox);
            if touched && run.is_open() && run.read_on() {
                views.push(run.view());
            }
        }
        if !views.is_empty() {
            news.push(Watched::Runs(views));
        }
        news
    }

    /// Looks at everything that is open, though nobody said that it changed: a process that ended may
    /// have left no other trace than its lock, and a folder may have changed before it was watched.
    pub(super) fn look(&mut self) -> Option<Watched> {
        let mut views = Vec::new();
        for run in self.followed.values_mut().filter(|run| run.is_open()) {
            if run.read_on() {
                views.push(run.view());
            }
        }
        (!views.is_empty()).then_some(Watched::Runs(views))
    }

    /// Runs that came and went.
    fn list_anew(&mut self) -> Vec<Watched> {
        let folders = match self.runs.list() {
            Ok(folders) => folders,
            Err(trouble) => return vec![Watched::Trouble(Box::new(unread(&trouble)))],
        };
        let there: HashSet<RunId> = folders.iter().map(|folder| folder.id().clone()).collect();
        let gone: Vec<RunId> = self
            .followed
            .keys()
            .filter(|id| !there.contains(id))
            .cloned()
            .collect();
        let mut news = Vec::new();
        for id in &gone {
            self.followed.remove(id);
        }
        if !gone.is_empty() {
            news.push(Watched::Gone(gone));
        }
        let is_new = |folder: &RunFolder| {
            !self.followed.contains_key(folder.id()) && !self.older.contains(folder.id())
        };
        let new: Vec<RunFolder> = folders.into_iter().filter(is_new).collect();
        let views: Vec<_> = new
            .into_iter()
            .filter_map(|folder| self.follow(folder))
            .collect();
        if !views.is_empty() {
            news.push(Watched::Runs(views));
        }
        news
    }
}

fn name_of(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

fn plans_unread(trouble: &PlanTrouble) -> Failure {
    let advice = "Put right what it says; r reads everything again.";
    Failure::new(format!("{trouble}."), advice, Retry::MayHelp)
}
