//! When nobody here knows whether a change was made: what is known is laid before a person. Nothing
//! is ever sent again by itself.

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

/// The answer was lost, and our job was not found. `None`: look again.
pub(super) async fn not_found(
    c: &Carrier<'_>,
    step: StepKind,
    change: &Change,
    made: &Made,
    search: &Search,
    failure: &Failure,
    told: &mut Vec<Text>,
) -> Way<Option<Fate>> {
    let now = c.machine(step, PATIENCE).await?;
    let now = now.map(|(machine, _)| machine).map_err(Failure::from);
    let mut evidence = told.clone();
    evidence.push(failure.what.clone());
    evidence.extend(of_jobs(search, made));
    evidence.push(of_machine(now.as_ref(), made));
    evidence.push(format!("Our request id: {}", made.request).into());
    let mut choices = choices(c);
    let untouched = matches!(search, Search::NotThere { others } if others.is_empty())
        && now.as_ref().is_ok_and(|now| untouched(now, change, made));
    if untouched && is_reversible(change, made) {
        choices.push(choice(
            "send-again",
            "send it again: no job carries our id, and the machine has not moved",
        ));
    }
    let words = format!(
        "Whether \"{}\" of {} was begun is not known. Look at the machine and at the vault's jobs \
         in the Azure portal before you decide.",
        step.words(),
        c.name()
    );
    let reply = ask(c, step, words, evidence, choices).await?;
    decided(c, step, change, &reply, failure, told).await
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
        topic: Topic::Unknown,
        machine: Some(c.id().clone()),
        step: Some(step),
        words: words.into(),
        evidence,
        choices,
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
        "send-again" => Ok(Some(Fate::Again)),
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

fn of_jobs(search: &Search, made: &Made) -> Vec<Text> {
    match search {
        Search::Found(job) => vec![format!("Job {job} carries our request id").into()],
        Search::NotThere { others } if others.is_empty() => {
            vec!["No job in the vault carries our request id".into()]
        }
        Search::NotThere { others } => {
            let mut lines = vec!["No job in the vault carries our request id".into()];
            lines.extend(others.iter().map(|job| {
                let name = &made.seen.name;
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

fn of_machine(now: Result<&Machine, &Failure>, made: &Made) -> Text {
    match now {
        Err(why) => format!("The machine could not be looked at: {}", why.what).into(),
        Ok(now) if Mark::of(now) == Mark::of(&made.seen) => {
            let shown = expect::shown(now);
            format!("The machine has not moved: {shown}").into()
        }
        Ok(now) => {
            let (was, is) = (expect::shown(&made.seen), expect::shown(now));
            format!("The machine has moved: it was {was}; it is {is}").into()
        }
    }
}

fn untouched(now: &Machine, change: &Change, made: &Made) -> bool {
    let offered = expect::verb(change).is_some_and(|verb| now.next.offers(verb));
    Mark::of(now) == Mark::of(&made.seen) && now.running.is_none() && offered
}

/// A commit and a failover cannot be taken back, and a reprotect of an uncommitted machine is a
/// commit (asr-rest.md 13).
fn is_reversible(change: &Change, made: &Made) -> bool {
    match change {
        Change::Protect { .. } | Change::ProtectToAzure { .. } => {
            made.seen.stage == Stage::Committed
        }
        // Asking once more for what is there changes nothing; a test touches no machine.
        Change::UpdateTarget { .. } | Change::TestFailover { .. } | Change::CleanUpTest { .. } => {
            true
        }
        _ => false,
    }
}
