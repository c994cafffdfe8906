//! What was asked of runs from here, until their journals answer.

use jiff::Timestamp;

use super::{Monitor, RunView};
use crate::domain::Failure;
use crate::domain::run::{Letter, QuestionId, Request, RunId, RunState};

/// A request of this session.
#[derive(Clone, Debug)]
pub struct Sent {
    pub run: RunId,
    pub request: Request,
    pub fate: Fate,
}

/// How far it is.
#[derive(Clone, Debug)]
pub enum Fate {
    /// On its way into the inbox.
    BeingPut,
    Put(Letter),
    NotPut(Failure),
}

impl Monitor {
    /// What was asked of a run and is not yet taken: when, where that is known. Everybody's, for
    /// the inbox is everybody's.
    #[must_use]
    pub fn pending<'a>(&'a self, run: &'a RunView) -> Vec<(&'a Request, Option<Timestamp>)> {
        let inbox = run.letters.iter();
        let mut all: Vec<_> = inbox
            .map(|letter| (&letter.request, Some(letter.at)))
            .collect();
        for sent in self.sent.iter().filter(|sent| sent.run == run.id) {
            match &sent.fate {
                Fate::BeingPut => all.push((&sent.request, None)),
                Fate::Put(letter) if !run.letters.contains(letter) => {
                    all.push((&sent.request, Some(letter.at)));
                }
                Fate::Put(_) | Fate::NotPut(_) => {}
            }
        }
        all
    }

    /// The answer to a question that is on its way, with its time.
    #[must_use]
    pub fn answer_to(
        &self,
        run: &RunView,
        question: QuestionId,
    ) -> Option<(&crate::domain::run::Answer, Option<Timestamp>)> {
        let own = self.sent.iter().filter(|sent| sent.run == run.id);
        let own = own.filter_map(|sent| match &sent.fate {
            Fate::BeingPut => Some((&sent.request, None)),
            Fate::Put(letter) => Some((&sent.request, Some(letter.at))),
            Fate::NotPut(_) => None,
        });
        let inbox = self.run(&run.id)?.letters.iter();
        let inbox = inbox.map(|letter| (&letter.request, Some(letter.at)));
        own.chain(inbox).find_map(|(request, at)| match request {
            Request::Answer(answer) if answer.question == question => Some((answer, at)),
            _ => None,
        })
    }

    /// Forgets what the journals have answered, and what nobody will answer any more.
    pub(super) fn forget_heard(&mut self) {
        let mut sent = std::mem::take(&mut self.sent);
        sent.retain(|sent| match (&sent.fate, self.run(&sent.run)) {
            (Fate::Put(letter), Some(run)) => !is_heard(letter, run),
            (_, known) => known.is_some(),
        });
        self.sent = sent;
    }
}

/// Whether a letter needs no more waiting: it stands in the journal, or what it wanted is so.
fn is_heard(letter: &Letter, run: &RunView) -> bool {
    let Some(story) = &run.story else {
        return false;
    };
    let same = |heard: &crate::domain::run::Heard| {
        heard.at >= letter.at && heard.by == letter.by && heard.request == letter.request
    };
    let moot = match (&letter.request, &story.state) {
        (_, RunState::Closed(_)) => true,
        (Request::Answer(answer), _) => story.questions.iter().all(|q| q.id != answer.question),
        (Request::Pause, state) => matches!(state, RunState::Paused(_)),
        (Request::GoOn, state) => !matches!(state, RunState::Paused(_)),
        (Request::Stop, _) => false,
    };
    moot || story.heard.iter().any(same)
}
