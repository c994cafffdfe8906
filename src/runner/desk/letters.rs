//! Opening what people ask of the run.

use std::convert::Infallible;
use std::time::Duration;

use jiff::Timestamp;

use super::{Desk, Papers, Reply, Way};
use crate::domain::run::{Answer, Choice, Letter, Record, Request};
use crate::domain::{Person, Text};

impl Desk<'_> {
    /// Opens letters as they arrive, looking every `interval`.
    pub async fn attend(&self, interval: Duration) -> Infallible {
        loop {
            self.open_letters();
            tokio::time::sleep(interval).await;
        }
    }

    fn open_letters(&self) {
        let mut papers = self.papers();
        let letters = papers.ledger.letters();
        if letters.is_empty() {
            return;
        }
        for letter in letters {
            // What could not be written is known to the papers; the letters stay where they are.
            if papers.take(letter).is_err() {
                break;
            }
        }
        if papers.broken.is_none() {
            papers.ledger.settle();
        }
        drop(papers);
        self.changed();
    }
}

impl Papers<'_> {
    fn take(&mut self, letter: Letter) -> Way<()> {
        let Letter { by, at, request } = letter;
        if let Some(who) = &self.stopped {
            let why = format!("the run was stopped by {who}");
            return self.refuse(by, at, request, why);
        }
        match request {
            Request::Answer(answer) => match self.choice(&answer) {
                Ok(choice) => self.answered(answer, &choice, by, at),
                Err(why) => self.refuse(by, at, Request::Answer(answer), why),
            },
            Request::Pause if self.paused.is_some() => {
                self.refuse(by, at, Request::Pause, "it is paused already".into())
            }
            Request::Pause => {
                let why = Text::from(format!("{by} paused it"));
                self.granted(by, at, Request::Pause)?;
                self.paused = Some(why.clone());
                self.write(Record::Paused { why })
            }
            Request::GoOn => match (&self.paused, self.denied.is_empty()) {
                (None, true) => self.refuse(by, at, Request::GoOn, "it is not paused".into()),
                (None, false) => {
                    let why = "Azure does not let it look; it goes on by itself when it does";
                    self.refuse(by, at, Request::GoOn, why.into())
                }
                (Some(_), free) => {
                    self.granted(by, at, Request::GoOn)?;
                    self.paused = None;
                    if free {
                        return self.write(Record::WentOn);
                    }
                    let why = "Azure does not let it look at the machines now".into();
                    self.write(Record::Paused { why })
                }
            },
            Request::Stop => {
                self.granted(by.clone(), at, Request::Stop)?;
                self.stopped = Some(by);
                Ok(())
            }
        }
    }

    /// The choice that an answer makes, of a question that is open.
    fn choice(&self, answer: &Answer) -> Result<Choice, String> {
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

    fn answered(&mut self, answer: Answer, choice: &Choice, by: Person, at: Timestamp) -> Way<()> {
        let id = answer.question;
        let reply = Reply {
            choice: choice.name.clone(),
            why: answer.why.clone(),
            by: by.clone(),
        };
        self.write(Record::Answered {
            answer,
            by,
            asked: Some(at),
        })?;
        self.answers.insert(id, reply);
        Ok(())
    }

    fn granted(&mut self, by: Person, at: Timestamp, request: Request) -> Way<()> {
        self.write(Record::Requested {
            by,
            request,
            refused: None,
            asked: Some(at),
        })
    }

    fn refuse(&mut self, by: Person, at: Timestamp, request: Request, why: String) -> Way<()> {
        self.write(Record::Requested {
            by,
            request,
            refused: Some(why.into()),
            asked: Some(at),
        })
    }
}
