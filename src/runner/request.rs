//! Asking something of a run that is under way.

use crate::domain::run::{Letter, Request, Run};
use crate::domain::{Failure, Retry};
use crate::store::{RunFolder, RunTrouble};

/// Why a letter was not put into a run's inbox.
#[derive(Clone, Debug)]
pub enum NotAsked {
    /// What was asked for is not possible: an unknown choice, a name that was not typed.
    Wrong(Failure),
    /// The run is over, or no process carries it out.
    Over(Failure),
    Failed(Failure),
}

impl From<RunTrouble> for NotAsked {
    fn from(trouble: RunTrouble) -> Self {
        Self::Failed(Failure::new(format!("{trouble}."), "", Retry::AfterFixing))
    }
}

/// Puts a letter into a run's inbox. What becomes of it stands in the journal; a request that
/// cannot be one is refused here, in words.
///
/// # Errors
/// What [`NotAsked`] lists; nothing was asked then.
pub fn request(folder: &RunFolder, letter: &Letter) -> Result<(), NotAsked> {
    let id = folder.id();
    let lines = folder.read()?.lines;
    let run = Run::fold(&lines);
    let over = |what: String, advice: &str| {
        let failure = Failure::new(what, advice, Retry::AfterFixing);
        Err(NotAsked::Over(failure))
    };
    let Some(run) = run else {
        return over(format!("Run {id} has not begun."), "");
    };
    if run.is_closed() {
        return over(format!("Run {id} is over; nothing can be asked of it."), "");
    }
    if !folder.is_live() {
        let what = format!("No process carries out run {id} any more: nobody would read it.");
        let advice = format!("Go on with it first: failback runs resume {id}");
        return over(what, &advice);
    }
    if let Request::Answer(answer) = &letter.request {
        let wrong = |what: String| {
            let advice = format!("See its questions: failback runs show {id}");
            NotAsked::Wrong(Failure::new(what, advice, Retry::AfterFixing))
        };
        let question = run.question(answer.question).ok_or_else(|| {
            let open: Vec<_> = run.questions.iter().map(|q| q.id.0.to_string()).collect();
            let open = match open.as_slice() {
                [] => "none is".into(),
                open => format!("open are: {}", open.join(", ")),
            };
            wrong(format!(
                "Question {} is not open; {open}.",
                answer.question.0
            ))
        })?;
        question
            .choose(answer)
            .map_err(|why| wrong(format!("Nothing was answered: {why}.")))?;
    }
    Ok(folder.put(letter)?)
}
