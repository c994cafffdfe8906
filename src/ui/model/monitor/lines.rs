//! The lines of the Monitor's list: what is under way first, with the questions that wait; then the
//! plans, then what ended earlier.

use super::Monitor;
use crate::domain::plan::Slug;
use crate::domain::run::{QuestionId, RunId};

/// Most questions of a run that stand under it; the others are counted.
const MOST_QUESTIONS: usize = 4;

/// A line of the list: places in the monitor's plans and runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The head of a part; the cursor passes it by.
    Head(&'static str),
    /// A plan that is not being carried out, with its latest run.
    Plan(usize, Option<usize>),
    Run(usize),
    /// A question of a run.
    Question(usize, usize),
    /// So many more questions of a run.
    More(usize, usize),
    /// A plan's file that cannot be used.
    Damaged(usize),
    /// So many more runs that ended; the cursor passes it by.
    Older(usize),
}

/// What a line is about, whatever its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    Plan(Slug),
    Run(RunId),
    Question(RunId, QuestionId),
    More(RunId),
    Damaged(usize),
}

impl Row {
    #[must_use]
    pub fn is_for_cursor(&self) -> bool {
        !matches!(self, Self::Head(_) | Self::Older(_))
    }
}

pub(super) fn rows(monitor: &Monitor) -> Vec<Row> {
    let mut rows = Vec::new();
    let runs = || monitor.runs.iter().enumerate();
    let mut open: Vec<usize> = (0..monitor.runs.len())
        .filter(|at| is_under_way(monitor, *at))
        .collect();
    // What is carried out now comes before what was left lying.
    open.sort_by_key(|at| !monitor.runs[*at].live);
    for at in open.iter().copied() {
        let run = &monitor.runs[at];
        rows.push(Row::Run(at));
        let story = run.story.as_ref().filter(|_| run.live);
        let questions = story.map_or(0, |story| story.questions.len());
        let shown = match questions {
            // A line that counts one more would take the place of that one.
            all if all <= MOST_QUESTIONS => all,
            _ => MOST_QUESTIONS - 1,
        };
        rows.extend((0..shown).map(|question| Row::Question(at, question)));
        if questions > shown {
            rows.push(Row::More(at, questions - shown));
        }
    }
    let under_way = rows.len();
    let mut shown = Vec::new();
    let mut plans: Vec<usize> = (0..monitor.plans.len()).collect();
    plans.sort_by_key(|at| monitor.plans[*at].name.as_str().to_lowercase());
    for plan in plans {
        let slug = monitor.plans[plan].slug();
        let own = |at: &usize| monitor.runs[*at].slug() == Some(slug);
        if !open.iter().any(own) {
            let latest = (0..monitor.runs.len()).find(own);
            shown.extend(latest);
            rows.push(Row::Plan(plan, latest));
        }
    }
    rows.extend((0..monitor.damaged.len()).map(Row::Damaged));
    if under_way > 0 && rows.len() > under_way {
        rows.insert(under_way, Row::Head("PLANS"));
    }
    let earlier: Vec<Row> = runs()
        .map(|(at, _)| at)
        .filter(|at| !open.contains(at) && !shown.contains(at))
        .map(Row::Run)
        .collect();
    if !earlier.is_empty() || monitor.older > 0 {
        rows.push(Row::Head("EARLIER RUNS"));
    }
    rows.extend(earlier);
    if monitor.older > 0 {
        rows.push(Row::Older(monitor.older));
    }
    rows
}

/// Whether a run belongs to what is under way: it is carried out, or was left lying - interrupted, or
/// with a damaged journal - and its plan was not launched again since.
fn is_under_way(monitor: &Monitor, at: usize) -> bool {
    let run = &monitor.runs[at];
    let slug = run.slug();
    let mut newer = monitor.runs[..at].iter();
    let again = slug.is_some() && newer.any(|newer| newer.slug() == slug);
    run.is_open() && (run.live || !again)
}

/// The line that is about `key` now: a run that ended may be shown by its plan, a plan that was
/// launched by its run, a question that was answered is its run.
pub(super) fn find(monitor: &Monitor, key: &Key) -> Option<usize> {
    let at = |wanted: &Key| {
        let mut rows = monitor.rows.iter();
        rows.position(|row| monitor.key(row).as_ref() == Some(wanted))
    };
    at(key).or_else(|| match key {
        Key::Question(run, _) | Key::More(run) => at(&Key::Run(run.clone())),
        Key::Run(id) => monitor.rows.iter().position(|row| {
            matches!(row, Row::Plan(_, Some(run))
                if monitor.runs.get(*run).is_some_and(|run| run.id == *id))
        }),
        Key::Plan(slug) => monitor.rows.iter().position(|row| {
            matches!(row, Row::Run(run)
                if monitor.runs.get(*run).is_some_and(|run| run.slug() == Some(slug)))
        }),
        Key::Damaged(_) => None,
    })
}
