//! One run that is followed: its journal is folded as it grows, and only the machines that a new
//! line is about are copied for the screens.

use std::collections::HashSet;
use std::sync::Arc;

use crate::domain::estimate::Lesson;
use crate::domain::run::{Letter, Line, Run};
use crate::domain::{Failure, Plan, Retry, Text};
use crate::store::runs::Follow;
use crate::store::{RunFolder, RunTrouble};
use crate::ui::model::monitor::{Crew, Past, RunView, Story};

/// Lines read at a time: a journal may be larger than memory.
const AT_ONCE: usize = 4096;

/// A run, as far as it was read.
pub(super) struct Following {
    folder: RunFolder,
    follow: Follow,
    /// `None` before its first line, and of one that had ended when it was first read.
    run: Option<Run>,
    crew: Option<Crew>,
    /// What it taught so far about how long steps take.
    own: Arc<Lesson>,
    story: Option<Story>,
    damage: Option<Text>,
    live: bool,
    letters: Vec<Letter>,
    was_read: bool,
}

impl Following {
    pub(super) fn new(folder: RunFolder) -> Self {
        Self {
            follow: folder.follow(),
            folder,
            run: None,
            crew: None,
            own: Arc::default(),
            story: None,
            damage: None,
            live: false,
            letters: Vec::new(),
            was_read: false,
        }
    }

    pub(super) fn folder(&self) -> &RunFolder {
        &self.folder
    }

    pub(super) fn is_live(&self) -> bool {
        self.live
    }

    /// Whether anything may still change in it.
    pub(super) fn is_open(&self) -> bool {
        !self.story.as_ref().is_some_and(Story::is_closed) || self.damage.is_some()
    }

    /// Reads what is new; whether anything is. Blocks as the disk does.
    pub(super) fn read_on(&mut self) -> bool {
        let first = !self.was_read;
        self.was_read = true;
        // Before the journal: whoever had ended by then had written everything.
        let live = self.folder.is_live();
        let letters = self.folder.letters();
        let mut changed = first || live != self.live || letters != self.letters;
        (self.live, self.letters) = (live, letters);
        let (lines, damage) = self.journal();
        changed |= lines || damage != self.damage;
        self.damage = damage;
        if lines {
            self.tell();
        }
        if first && !self.is_open() {
            // Nobody looks at the machines of most runs that ended: they are read when somebody does.
            (self.run, self.crew) = (None, None);
            if let Some(story) = &mut self.story {
                story.crew = None;
            }
        }
        changed
    }

    /// Folds the new lines; whether there were any, and what is wrong with the journal.
    fn journal(&mut self) -> (bool, Option<Text>) {
        let mut any = false;
        loop {
            let reading = match self.follow.part(AT_ONCE) {
                Ok(reading) => reading,
                Err(trouble) => return (any, Some(trouble.to_string().into())),
            };
            if reading.anew {
                (self.run, self.crew, any) = (None, None, true);
            }
            any |= !reading.lines.is_empty();
            self.fold(&reading.lines);
            // Half a line is being written, or its writer died while it did: the lock tells which.
            let damage = reading.damage.filter(|damage| !damage.is_unfinished());
            if let Some(damage) = damage {
                return (any, Some(damage.to_string().into()));
            }
            if !reading.more {
                return (any, None);
            }
        }
    }

    fn fold(&mut self, lines: &[Line]) {
        let mut lines = lines.iter();
        if self.run.is_none() {
            self.own = Arc::default();
        }
        let own = Arc::make_mut(&mut self.own);
        lines.clone().for_each(|line| own.take(line));
        if self.run.is_none() {
            self.run = lines.next().and_then(|first| Run::fold([first]));
            self.crew = None;
        }
        let Some(run) = &mut self.run else {
            return;
        };
        let mut touched = HashSet::new();
        for line in lines {
            run.apply(line);
            touched.extend(line.record.machine().and_then(|id| run.place(id)));
        }
        match &mut self.crew {
            Some(crew) => {
                for place in touched {
                    crew.machines[place] = Arc::new(run.machines[place].clone());
                }
            }
            None => {
                self.crew = Some(Crew {
                    plan: plan(&self.folder),
                    ..Crew::of(run)
                });
            }
        }
    }

    fn tell(&mut self) {
        if let Some(crew) = &mut self.crew {
            crew.look_for_open();
            crew.own = Arc::clone(&self.own);
        }
        self.story = self
            .run
            .as_ref()
            .map(|run| Story::of(run).with_crew(self.crew.clone()));
    }

    pub(super) fn view(&self) -> Arc<RunView> {
        Arc::new(RunView {
            id: self.folder.id().clone(),
            live: self.live,
            story: self.story.clone(),
            damage: self.damage.clone(),
            letters: self.letters.clone(),
        })
    }
}

/// A run for the list of all: without its machines, but found by their names.
pub(super) fn past(folder: RunFolder) -> Past {
    let mut following = Following::new(folder);
    following.live = following.folder.is_live();
    let (_, damage) = following.journal();
    following.damage = damage;
    following.crew = None;
    following.tell();
    let view = following.view();
    Past::of(view, following.run.as_ref())
}

/// What a run carries out; what cannot be read is not known.
fn plan(folder: &RunFolder) -> Option<Arc<Plan>> {
    folder.plan().ok().map(Arc::new)
}

/// Reads a run whole, machines and all.
pub(super) fn whole(folder: &RunFolder) -> Result<Story, Failure> {
    let mut follow = folder.follow();
    let mut run: Option<Run> = None;
    loop {
        let reading = follow.part(AT_ONCE).map_err(|trouble| unread(&trouble))?;
        if reading.anew {
            run = None;
        }
        let mut lines = reading.lines.iter();
        if run.is_none() {
            run = lines.next().and_then(|first| Run::fold([first]));
        }
        if let Some(run) = &mut run {
            lines.for_each(|line| run.apply(line));
        }
        if !reading.more {
            break;
        }
    }
    let plan = plan(folder);
    let told = run.as_ref().map(|run| Story::whole(run, plan));
    told.ok_or_else(|| {
        let what = format!("Run {} has no record.", folder.id());
        Failure::new(what, "", Retry::AfterFixing)
    })
}

pub(super) fn unread(trouble: &RunTrouble) -> Failure {
    let advice = "Put right what it says; r reads everything again.";
    Failure::new(format!("{trouble}."), advice, Retry::MayHelp)
}
