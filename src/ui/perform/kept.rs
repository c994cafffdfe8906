//! Where the plans and runs of the site that is shown are kept, and for whom they are asked.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use tokio::sync::watch;

use super::following::{past, unread, whole};
use super::ledger::Ledger;
use super::{Reply, broken, watching};
use crate::domain::estimate::History;
use crate::domain::run::{Letter, Request, RunId};
use crate::domain::{Failure, Person, Retry};
use crate::runner::{NotAsked, request};
use crate::store::{Folders, Plans, Runs};
use crate::ui::effect::{Generation, Message};
use crate::ui::model::monitor::{Story, Told};

/// Runs of the list of all that are told together.
const AT_ONCE: usize = 32;

/// The plans and runs of a site, and the person at the screen.
#[derive(Clone, Debug)]
pub struct Kept {
    folders: Folders,
    pub(super) by: Person,
    site: Arc<Mutex<Option<String>>>,
    /// The watching that counts: an older one ends when it sees a newer.
    newest: Arc<watch::Sender<Generation>>,
}

impl Kept {
    /// Those of `site`; `None` while there is none.
    #[must_use]
    pub fn new(folders: Folders, site: Option<String>, by: Person) -> Self {
        Self {
            folders,
            by,
            site: Arc::new(Mutex::new(site)),
            newest: Arc::new(watch::Sender::new(Generation::default())),
        }
    }

    /// Another site is shown from now on.
    pub(super) fn is_of(&self, site: &str) {
        if let Ok(mut own) = self.site.lock() {
            *own = Some(site.to_owned());
        }
    }

    pub(super) fn folders(&self) -> &Folders {
        &self.folders
    }

    pub(super) fn site_name(&self) -> Option<String> {
        self.site.lock().ok()?.clone()
    }

    pub(super) fn both(&self) -> Result<(Plans, Runs), Failure> {
        let site = self.site.lock().map_err(|_| broken())?.clone();
        let both = site.as_ref().and_then(|site| {
            let plans = Plans::of_site(&self.folders.data, site)?;
            Some((plans, Runs::of_site(&self.folders.runs, site)?))
        });
        both.ok_or_else(|| {
            let what = "This site has no folder for plans and runs.";
            Failure::new(what, "Give the site a name.", Retry::AfterFixing)
        })
    }

    pub(super) async fn watch(&self, generation: Generation, reply: Reply) {
        let Ok((plans, runs)) = self.both() else {
            return;
        };
        // Two that begin at once may come in the other order.
        self.newest.send_if_modified(|newest| {
            let is_newer = generation.0 > newest.0;
            if is_newer {
                *newest = generation;
            }
            is_newer
        });
        let ledger = Ledger::new(plans, runs);
        watching::watch(ledger, generation, self.newest.subscribe(), reply).await;
    }

    /// A run that ended, whole.
    pub(super) async fn run(&self, id: RunId) -> Result<Story, Failure> {
        let (_, runs) = self.both()?;
        let read = move || {
            let folder = runs.open(&id).map_err(|trouble| unread(&trouble))?;
            whole(&folder)
        };
        let read = tokio::task::spawn_blocking(read).await;
        read.unwrap_or_else(|_| Err(broken()))
    }

    /// Every run, newest first, some at a time.
    pub(super) async fn history(&self, generation: Generation, reply: Reply) {
        let tell = |told| reply.send(Message::History(generation, told));
        let (_, runs) = match self.both() {
            Ok(both) => both,
            Err(failure) => return tell(Told::Over(Err(Box::new(failure)))),
        };
        let list = tokio::task::spawn_blocking(move || runs.list()).await;
        let mut folders = match list {
            Ok(Ok(folders)) => folders,
            Ok(Err(trouble)) => return tell(Told::Over(Err(Box::new(unread(&trouble))))),
            Err(_) => return tell(Told::Over(Err(Box::new(broken())))),
        };
        folders.sort_by(|a, b| b.id().cmp(a.id()));
        let mut folders = folders.into_iter();
        loop {
            let some: Vec<_> = folders.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                return tell(Told::Over(Ok(())));
            }
            let read = move || some.into_iter().map(past).collect();
            let Ok(read) = tokio::task::spawn_blocking(read).await else {
                return tell(Told::Over(Err(Box::new(broken()))));
            };
            tell(Told::Runs(read));
        }
    }

    /// What past runs teach; nothing where they cannot be read.
    pub(super) async fn past(&self) -> History {
        let Ok((_, runs)) = self.both() else {
            return History::default();
        };
        let read = tokio::task::spawn_blocking(move || runs.past()).await;
        read.unwrap_or_default()
    }

    /// Puts a letter into a run's inbox; hands it back as it lies there.
    pub(super) async fn put(&self, run: RunId, asked: Request) -> Result<Letter, Failure> {
        let (_, runs) = self.both()?;
        let letter = Letter {
            by: self.by.clone(),
            at: Timestamp::now(),
            request: asked,
        };
        let put = move || {
            let folder = runs.open(&run).map_err(|trouble| unread(&trouble))?;
            request(&folder, &letter).map_err(|why| match why {
                NotAsked::Wrong(failure) | NotAsked::Over(failure) | NotAsked::Failed(failure) => {
                    failure
                }
            })?;
            Ok(letter)
        };
        let put = tokio::task::spawn_blocking(put).await;
        put.unwrap_or_else(|_| Err(broken()))
    }
}
