//! What the past runs of a site teach about how long steps take.

use super::Runs;
use super::folder::RunFolder;
use crate::domain::estimate::{Beforehand, History, Known, Lesson};

/// Most runs that are read, the newest first: older ones tell of another vault, line and service.
const MOST_RUNS: usize = 40;
/// Most lines that are read of all of them together.
const MOST_LINES: usize = 200_000;
/// Lines that are kept at a time.
const AT_ONCE: usize = 4096;

impl Runs {
    /// Learns from the newest runs. Reads disks, for a while where there are many: not for a screen's
    /// own thread. A run that cannot be read, or whose journal is damaged, teaches nothing.
    #[must_use]
    pub fn history(&self) -> History {
        self.learnt(|_| true)
    }

    /// The same of runs that nobody carries out: one that goes on teaches whoever shows it by itself.
    #[must_use]
    pub fn past(&self) -> History {
        self.learnt(|run| !run.is_live())
    }

    fn learnt(&self, from: impl Fn(&RunFolder) -> bool) -> History {
        let mut history = History::default();
        let mut room = MOST_LINES;
        // What cannot be listed teaches nothing: whoever lists the runs says so.
        let all = self.list().unwrap_or_default();
        for folder in all.iter().filter(|run| from(run)).take(MOST_RUNS) {
            if let Some(lesson) = lesson(folder, &mut room) {
                history.keep(lesson);
            }
            if room == 0 {
                break;
            }
        }
        history
    }
}

impl RunFolder {
    /// What an estimate of this run stands on: the site's other runs, and its plan; one that cannot be
    /// read tells nothing. Reads disks as [`Runs::history`] does.
    #[must_use]
    pub fn beforehand(&self) -> Beforehand {
        let others = self.neighbours().learnt(|run| run.id() != self.id());
        let known = self.plan().as_ref().map(Known::of).unwrap_or_default();
        Beforehand::new(others, known)
    }
}

/// What one run teaches; `None` where its journal is not sound, or longer than there is room for.
fn lesson(folder: &RunFolder, room: &mut usize) -> Option<Lesson> {
    let mut follow = folder.follow();
    let mut lesson = Lesson::default();
    loop {
        let reading = follow.part(AT_ONCE.min(*room)).ok()?;
        if reading.damage.is_some_and(|damage| !damage.is_unfinished()) || reading.anew {
            return None;
        }
        *room -= reading.lines.len();
        reading.lines.iter().for_each(|line| lesson.take(line));
        if !reading.more {
            return Some(lesson);
        }
        if *room == 0 {
            return None;
        }
    }
}
