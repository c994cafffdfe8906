//! When nobody here knows whether a change was made: what is known is laid before a person.

use super::change::Fate;
use super::expect;
use super::follow;
use super::look::PATIENCE;
use super::search::Search;
use super::send::Made;
use crate::domain::run::{Choice, End, Mark, Topic};
use crate::domain::{Change, Failure, JobId, Machine, Stage, StepKind, Text};
use crate::runner::carrier::Carrier;
use crate::runner::desk::{Asking, Reply, Way, choice};

/// What a search and a look at the machine say about a change that may have been made.
pub(super) struct Found {
    evidence: Vec<Text>,
    /// The machine now; `None` where it could not be looked at.
    now: Option<Machine>,
    /// No job of it and none of its kind, the machine as it was, nothing under way, and what was to
    /// be sent is offered still.
    pub nobody_made_it: bool,
    /// It can be taken back, or changes nothing when it is made twice.
    pub reversible: bool,
}

impl Found {
    pub async fn look(
        c: &Carrier<'_>,
        step: StepKind,
        change: &Change,
        made: &Made,
        search: Search,
    ) -> Way<Self> {
        let now = c.machine(step, PATIENCE).await?;
        let now = now.map(|(machine, _)| machine).map_err(Failure::from);
        let mut evidence = of_jobs(c, &search);
        evidence.extend(of_machine(now.as_ref(), made));
        evidence.push(format!("Our request id: {}", made.request).into());
        let alone = matches!(&search, Search::NotThere { others } if others.is_empty());
        Ok(Self {
            evidence,
            nobody_made_it: alone && now.as_ref().is_ok_and(|now| untouched(now, change, made)),
            reversible: is_reversible(change, made),
            now: now.ok(),
        })
    }
}

/// It may have been made, and our job was not found. `None`: look again.
pub(super) async fn not_found(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    found: &Found,
    failure: &Failure,
    told: &mut Vec<Text>,
) -> Way<Option<Fate>> {
    let mut evidence = told.clone();
    evidence.push(failure.what.clone());
    evidence.extend(found.evidence.iter().cloned());
    let mut choices = choices(c);
    if found.nobody_made_it {
        choices.push(Choice {
            typed: (!found.reversible).then(|| c.name().clone()),
            ..choice(
                "send-again",
                "send it again: no job carries our id, and the machine has not moved",
            )
        });
    }
    let words = format!(
        "Whether \"{}\" of {} was begun is not known. Look at the machine and at the vault's jobs \
         in the Azure portal before you decide.",
        step.words(),
        c.name()
    );
    let reply = ask(c, step, words, evidence, choices).await?;
    let fate = decided(c, step, change, &reply, failure, told).await?;
    Ok(fate.map(|fate| match fate {
        Fate::Again(_) => Fate::Again(found.now.clone().map(Box::new)),
        other => other,
    }))
}

/// The job cannot be read any more; it goes on in Azure. `None`: look again.
pub(super) async fn out_of_sight(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    job: &JobId,
    failure: &Failure,
    told: &mut Vec<Text>,
) -> Way<Option<Fate>> {
    let mut evidence = told.clone();
    evidence.extend(failure.lines().into_iter().map(Text::from));
    evidence.push(format!("The job: {job}").into());
    let words = format!(
        "How \"{}\" of {} fares is not known: its job cannot be read. It goes on in Azure.",
        step.words(),
        c.name()
    );
    let reply = ask(c, step, words, evidence, choices(c)).await?;
    decided(c, step, change, &reply, failure, told).await
}

fn choices(c: &Carrier<'_>) -> Vec<Choice> {
    vec![
        choice("look-again", "look again, and change nothing"),
        Choice {
            reason: true,
            ..choice(
                "it-happened",
                format!("it was done: go on when {} shows it", c.name()),
            )
        },
        choice(
            "give-up",
            "leave the machine as it is; nothing more is done with it in this run",
        ),
    ]
}

async fn ask(
    c: &Carrier<'_>,
    step: StepKind,
    words: String,
    evidence: Vec<Text>,
    choices: Vec<Choice>,
) -> Way<Reply> {
    let asking = Asking {
        evidence,
        choices,
        ..c.asking(step, Topic::Unknown, words)
    };
    c.desk.ask(asking).await
}

async fn decided(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    reply: &Reply,
    failure: &Failure,
    told: &mut Vec<Text>,
) -> Way<Option<Fate>> {
    match reply.choice.as_str() {
        "send-again" => Ok(Some(Fate::Again(None))),
        "give-up" => Ok(Some(Fate::Ended(End::Unknown(Box::new(failure.clone()))))),
        "it-happened" => {
            let who = reply.signed();
            // What follows must not begin while it may still be under way.
            match follow::settled(c, step, change, true).await? {
                Some(machine) if expect::shows(&machine, change) => {
                    let words = format!("that it was done is the word of {who}");
                    Ok(Some(Fate::Ended(End::DoneBut(vec![words.into()]))))
                }
                _ => {
                    let words =
                        format!("{who} says that it was done; the machine does not show it");
                    told.push(words.into());
                    Ok(None)
                }
            }
        }
        _ => Ok(None),
    }
}

fn of_jobs(c: &Carrier<'_>, search: &Search) -> Vec<Text> {
    match search {
        Search::Found(job) => vec![format!("Job {job} carries our request id").into()],
        Search::NotThere { others } => {
            let mut lines = vec!["No job in the vault carries our request id".into()];
            lines.extend(others.iter().map(|job| {
                let name = c.name();
                Text::from(format!(
                    "Another job of this kind runs or ran on {name}: {job}"
                ))
            }));
            lines
        }
        Search::CouldNotLook(why) => {
            vec![format!("The jobs could not be looked through: {}", why.what).into()]
        }
    }
}

/// What the machine shows: asr-rest.md 12 tells which of it are witnesses.
fn of_machine(now: Result<&Machine, &Failure>, made: &Made) -> Vec<Text> {
    let was = &made.before;
    let now = match now {
        Err(why) => {
            return vec![format!("The machine could not be looked at: {}", why.what).into()];
        }
        Ok(now) => now,
    };
    let is = Mark::of(now);
    if is == *was {
        let shown = expect::shown(now);
        return vec![format!("The machine has not moved: {shown}").into()];
    }
    let mut lines = vec![Text::from(format!(
        "The machine has moved: it was {}; it is {}",
        was.shown(),
        expect::shown(now)
    ))];
    if is.correlation != was.correlation {
        lines.push("Its event correlation id is a new one: it was reprotected since".into());
    }
    if let Some(at) = is
        .last_failover
        .filter(|_| is.last_failover != was.last_failover)
    {
        lines.push(format!("Its last failover began at {at:.0}, by Azure's clock").into());
    }
    lines
}

fn untouched(now: &Machine, change: &Change, made: &Made) -> bool {
    let offered = expect::verb(change).is_none_or(|verb| now.next.offers(verb));
    Mark::of(now) == made.before && now.running.is_none() && offered
}

/// A commit and a failover cannot be taken back, and a reprotect of an uncommitted machine is a
/// commit (asr-rest.md 13).
fn is_reversible(change: &Change, made: &Made) -> bool {
    match change {
        Change::Protect { .. } | Change::ProtectToAzure { .. } => {
            made.before.stage == Some(Stage::Committed)
        }
        // Asking once more for what is there changes nothing; a test touches no machine.
        Change::UpdateTarget { .. } | Change::TestFailover { .. } | Change::CleanUpTest { .. } => {
            true
        }
        _ => false,
    }
}
