//! Opening what people ask of the run.

use std::convert::Infallible;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::clerk::Order;
use super::{Desk, Papers, Reply};
use crate::domain::run::{Answer, Choice, Letter, Record, Request};
use crate::domain::{Person, Text};

impl Desk {
    /// Has letters opened as they arrive, looking every `interval`.
    pub async fn attend(&self, interval: Duration) -> Infallible {
        loop {
            let (tell, told) = oneshot::channel();
            if self.hand(Order::Letters(tell)).await.is_ok() {
                // Ignored on purpose: a clerk that ended wrote down why.
                let _ = told.await;
            }
            tokio::time::sleep(interval).await;
        }
    }
}

impl Papers {
    /// What a letter comes to.
    pub(super) fn take(&mut self, letter: Letter) -> Vec<Record> {
        let Letter { by, at, request } = letter;
        if let Some(who) = &self.stopped {
            let why = format!("the run was stopped by {who}");
            return vec![refused(by, at, request, why)];
        }
        match request {
            Request::Answer(answer) => match self.choice(&answer) {
                Ok(choice) => vec![self.answered(answer, &choice, by, at)],
                Err(why) => vec![refused(by, at, Request::Answer(answer), why)],
            },
            Request::Pause if self.paused.is_some() => {
                vec![refused(
                    by,
                    at,
                    Request::Pause,
                    "it is paused already".into(),
                )]
            }
            Request::Pause => {
                let why = Text::from(format!("{by} paused it"));
                self.paused = Some(why.clone());
                vec![granted(by, at, Request::Pause), Record::Paused { why }]
            }
            Request::GoOn => match (&self.paused, self.denied.is_empty()) {
                (None, true) => vec![refused(by, at, Request::GoOn, "it is not paused".into())],
                (None, false) => {
                    let why = "Azure does not let it look; it goes on by itself when it does";
                    vec![refused(by, at, Request::GoOn, why.into())]
                }
                (Some(_), free) => {
                    self.paused = None;
                    let why = "Azure does not let it look at the machines now".into();
                    let then = match free {
                        true => Record::WentOn,
                        false => Record::Paused { why },
                    };
                    vec![granted(by, at, Request::GoOn), then]
                }
            },
            Request::Stop => {
                self.stopped = Some(by.clone());
                vec![granted(by, at, Request::Stop)]
            }
        }
    }

    /// The choice that an answer makes, of a question that is open.
    fn choice(&self, answer: &Answer) -> Result<Choice, String> {
        if self.withdrawn.contains(&answer.question) {
            return Err(format!(
                "the time for question {} is over",
                answer.question.0
            ));
        }
        let question = self
            .run
            .as_ref()
            .and_then(|run| run.question(answer.question));
        let question = question.ok_or_else(|| {
            let number = answer.question.0;
            format!("there is no open question {number}; it may have been answered already")
        })?;
        question.choose(answer).cloned()
    }

    fn answered(&mut self, answer: Answer, choice: &Choice, by: Person, at: Timestamp) -> Record {
        let reply = Reply {
            choice: choice.name.clone(),
            why: answer.why.clone(),
            ticked: answer.ticked.clone(),
            by: by.clone(),
        };
        self.answers.insert(answer.question, reply);
        Record::Answered {
            answer,
            by,
            asked: Some(at),
        }
    }
}

fn granted(by: Person, at: Timestamp, request: Request) -> Record {
    Record::Requested {
        by,
        request,
        refused: None,
        asked: Some(at),
    }
}

fn refused(by: Person, at: Timestamp, request: Request, why: String) -> Record {
    Record::Requested {
        by,
        request,
        refused: Some(why.into()),
        asked: Some(at),
    }
}
