//! What must hold after a machine's cut-over before those that come after it go on. Everything here
//! only looks, and may be looked at again.

use jiff::{SignedDuration, Timestamp};

use super::protected;
use crate::domain::plan::{Minutes, Ready};
use crate::domain::run::{Answer, Choice, End, QuestionId, Record, Topic};
use crate::domain::{Failure, Health, Person, StepKind, Text};
use crate::runner::carrier::Carrier;
use crate::runner::desk::{Asking, Way, choice};
use crate::runner::probe;

const STEP: StepKind = StepKind::Ready;

/// The step: each in its turn.
pub(super) async fn wait(c: &Carrier<'_>, waits: &[Ready]) -> Way<End> {
    let since = c.now();
    let mut but = Vec::new();
    for wait in waits {
        let came = match wait {
            Ready::Delay(minutes) => {
                c.rest_until(after(c.now(), *minutes)).await?;
                Ok(None)
            }
            Ready::Confirm(words) => confirm(c, words).await?,
            Ready::Heartbeat { limit } => {
                until(c, STEP, wait.words(), *limit, Look::Heartbeat(since)).await?
            }
            Ready::Tcp { host, port, limit } => {
                let look = Look::Tcp(host.as_str(), *port);
                until(c, STEP, wait.words(), *limit, look).await?
            }
            Ready::Http { url, status, limit } => {
                let look = Look::Http(url.as_str(), *status);
                until(c, STEP, wait.words(), *limit, look).await?
            }
        };
        match came {
            Ok(words) => but.extend(words),
            Err(words) => return Ok(End::Left(words)),
        }
    }
    Ok(match but.is_empty() {
        true => End::Done,
        false => End::DoneBut(but),
    })
}

fn after(moment: Timestamp, Minutes(minutes): Minutes) -> Timestamp {
    let minutes = SignedDuration::from_mins(minutes.into());
    moment.checked_add(minutes).unwrap_or(Timestamp::MAX)
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Look<'a> {
    /// A heartbeat after that moment, by the service's clock.
    Heartbeat(Timestamp),
    Tcp(&'a str, u16),
    Http(&'a str, u16),
    Replication,
}

impl Look<'_> {
    /// `Err`: it is not so yet, in words.
    async fn at(self, c: &Carrier<'_>) -> Way<Result<(), Text>> {
        match self {
            Self::Heartbeat(since) => heartbeat(c, since).await,
            Self::Tcp(host, port) => Ok(probe::tcp(host, port).await),
            Self::Http(url, status) => Ok(probe::http(url, status).await),
            Self::Replication => replicates(c).await,
        }
    }
}

/// Whether the machine's replication is well. What is not told is not well.
async fn replicates(c: &Carrier<'_>) -> Way<Result<(), Text>> {
    Ok(match c.machine(StepKind::Door, 1).await? {
        Ok((machine, detail)) => {
            let whole = matches!(protected::over(&machine, &detail), Some(End::Done));
            let well = machine.health == Health::Normal && machine.sync_percent.is_none();
            match whole && well {
                true => Ok(()),
                false => {
                    let (state, health) = (machine.state_words(), machine.health.word());
                    Err(format!("It is shown as: {state}, health {health}").into())
                }
            }
        }
        Err(error) => Err(Failure::from(error).what),
    })
}

/// Whether the machine's agent reported after `since`, by the service's clock. What is not told is
/// not there.
async fn heartbeat(c: &Carrier<'_>, since: Timestamp) -> Way<Result<(), Text>> {
    Ok(match c.machine(STEP, 1).await? {
        Ok((_, detail)) => match detail.agent_heartbeat {
            Some(beat) if beat > since => Ok(()),
            Some(beat) => Err(format!("The last heartbeat of its agent is of {beat}").into()),
            None => Err("Azure tells no heartbeat of its agent".into()),
        },
        Err(error) => Err(Failure::from(error).what),
    })
}

/// A person says so. `Err`: they gave up, in words.
async fn confirm(c: &Carrier<'_>, words: &Text) -> Way<Result<Option<Text>, Text>> {
    let reply = c
        .desk
        .ask(Asking {
            evidence: Vec::new(),
            choices: vec![
                choice("give-up", "it is not so: the machine did not come through"),
                choice("confirm", "it is so: go on"),
            ],
            ..c.asking(
                STEP,
                Topic::Ready,
                format!(
                    "Those that come after {} wait for a person: {words}",
                    c.name()
                ),
            )
        })
        .await?;
    if reply.is("confirm") {
        let by = reply.signed();
        c.remark(STEP, format!("Confirmed by {by}: {words}"))
            .await?;
        return Ok(Ok(None));
    }
    Ok(Err(
        format!("not confirmed by {}: {words}", reply.signed()).into()
    ))
}

/// Looks until `look` finds it so. After the limit a person is asked, and it is looked on meanwhile.
/// `Ok`: it is so, or a person goes on without it, in words. `Err`: they gave up, in words.
pub(super) async fn until(
    c: &Carrier<'_>,
    step: StepKind,
    what: Text,
    limit: Minutes,
    look: Look<'_>,
) -> Way<Result<Option<Text>, Text>> {
    let mut end = after(c.now(), limit);
    let mut asked: Option<QuestionId> = None;
    loop {
        let came = look.at(c).await?;
        let is_open = |id| c.desk.run(|run| run.question(id).is_some()) == Some(true);
        match (came, asked) {
            (Ok(()), None) => return Ok(Ok(None)),
            (Ok(()), Some(question)) if is_open(question) => {
                moot(c, question, &what).await?;
                return Ok(Ok(None));
            }
            // It was answered meanwhile, and that counts.
            (Ok(()), Some(_)) => {}
            (Err(why), asked_before) => {
                // The clock is read off answers: without one it would stand still.
                let _ = c.site.arm().vault(c.vault).await;
                if asked_before.is_none() && c.now() >= end {
                    let asking = asking(c, step, &what, limit, why);
                    asked = Some(c.desk.put(asking).await?);
                }
            }
        }
        let Some(reply) = c.desk.answer_or_rest(asked, c.poll()).await? else {
            continue;
        };
        match reply.choice.as_str() {
            "go-on" => {
                let words = format!("not waited any longer for {what}: {}", reply.signed());
                return Ok(Ok(Some(words.into())));
            }
            "give-up" => {
                let words = format!("{what} did not come: given up by {}", reply.signed());
                return Ok(Err(words.into()));
            }
            _ => {
                asked = None;
                end = after(c.now(), limit);
            }
        }
    }
}

/// What was asked came by itself: nobody has to answer any more.
async fn moot(c: &Carrier<'_>, question: QuestionId, what: &Text) -> Way<()> {
    c.desk
        .write(Record::Answered {
            answer: Answer {
                question,
                choice: "wait".into(),
                typed: None,
                ticked: Vec::new(),
                why: Some(format!("there is {what} now").into()),
            },
            by: Person {
                name: "failback".into(),
                host: "".into(),
                from: None,
            },
            asked: None,
        })
        .await
}

fn asking(c: &Carrier<'_>, step: StepKind, what: &Text, limit: Minutes, why: Text) -> Asking {
    let (name, minutes) = (c.name(), limit.0);
    Asking {
        evidence: vec![why],
        choices: vec![
            choice("wait", format!("wait on; ask again after {minutes} min")),
            Choice {
                reason: true,
                ..choice("go-on", "go on without it")
            },
            choice("give-up", "the machine did not come through"),
        ],
        ..c.asking(
            step,
            Topic::Ready,
            format!("{name} has been waited for {minutes} min, without {what}. What now?"),
        )
    }
}
