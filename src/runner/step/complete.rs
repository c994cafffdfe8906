//! *Complete failover*: a Hyper-V failback that waits after its synchronisation goes on. Azure stops
//! its VM, takes the last changes, and starts the machine at home \[003\].

use super::change::{Beside, Broken};
use super::follow::{self, Until};
use super::held::{self, Held};
use super::look::PATIENCE;
use super::trouble::{self, Decision};
use super::{expect, waiting};
use crate::domain::run::{Choice, End, Mark, Outcome, Topic};
use crate::domain::{Failure, Job, Machine, Place, Retry, Stage, StepKind, Text, Verb};
use crate::runner::carrier::{Carrier, Inheritance, Memory};
use crate::runner::desk::{Asking, Way, choice};

const STEP: StepKind = StepKind::Complete;

/// What one try came to.
enum Tried {
    Ended(End),
    /// Certainly not completed now; the job still waits, or there is none.
    Trouble(Failure),
    /// The job is over, and failed or was cancelled.
    Over(Box<Broken>),
}

pub(super) async fn complete(c: &Carrier<'_>, memory: &mut Memory) -> Way<End> {
    // What a runner before sent here is seen through, though it had come home when that one ended.
    let had = |what| c.has_inherited(STEP, what);
    if memory.home && !had(Inheritance::Action) && !had(Inheritance::Change) {
        let words = "nothing was sent: it had come home already";
        return Ok(End::DoneBut(vec![words.into()]));
    }
    let mut again = had(Inheritance::Change);
    loop {
        c.desk.gate().await?;
        if std::mem::take(&mut again)
            && let Some(change) = held::synchronisation(c)
        {
            // The synchronisation is run again; it waits before this goes on.
            match held::synchronise(c, STEP, change, memory).await? {
                End::Done | End::DoneBut(_) if memory.home => {
                    let words = "Azure did not wait for it to be completed";
                    return Ok(End::DoneBut(vec![words.into()]));
                }
                End::Done | End::DoneBut(_) => {}
                end => return Ok(end),
            }
        }
        let failure = match attempt(c, memory).await? {
            Tried::Ended(end) => {
                memory.home = matches!(end, End::Done | End::DoneBut(_));
                return Ok(end);
            }
            Tried::Trouble(failure) => failure,
            Tried::Over(broken) => {
                memory.held = None;
                again = true;
                broken.failure
            }
        };
        match trouble::decide(c, STEP, &failure, false, memory).await? {
            Decision::Retry => {}
            Decision::GiveUp => return Ok(End::Failed(Box::new(failure))),
        }
    }
}

async fn attempt(c: &Carrier<'_>, memory: &mut Memory) -> Way<Tried> {
    let held = match memory.held.clone() {
        Some(held) => held,
        None => match find(c).await? {
            Found::Job(held) => *held,
            Found::Home(shown) => {
                let words = format!("nothing was sent: it is home already, shown as {shown}");
                return Ok(Tried::Ended(End::DoneBut(vec![words.into()])));
            }
            Found::None(failure) => return Ok(Tried::Trouble(failure)),
        },
    };
    memory.held = Some(held.clone());
    c.keep(memory).await?;
    let before = c.inherited(STEP, Inheritance::Action);
    let mut sent = false;
    if let Some(before) = before {
        sent = match before.outcome {
            Outcome::Accepted(_) => true,
            _ => match it_went_on(c, &held).await? {
                Went::On => true,
                Went::Not => false,
                Went::GivenUp(end) => return Ok(Tried::Ended(end)),
            },
        };
    }
    if sent {
        return Ok(match held::see_through(c, STEP, &held).await? {
            Err(broken) => Tried::Over(broken),
            Ok(end) => Tried::Ended(end),
        });
    }
    // One that was found may still synchronise.
    let job = match follow::until(c, STEP, &held.job, Until::Waiting).await? {
        Ok(job) => job,
        Err(failure) => return Ok(Tried::Trouble(failure)),
    };
    let mut but: Vec<Text> = Vec::new();
    if job.state.is_over() {
        but.push("nothing was sent: somebody else completed it".into());
    } else {
        c.desk.gate().await?;
        if let Some(failure) = elsewhere(c, &held).await? {
            return Ok(Tried::Trouble(failure));
        }
        if let Err(failure) = waiting::resume(c, STEP, &job).await? {
            // What went on meanwhile was let go on by somebody else; what did not is trouble.
            let now = c.job(STEP, PATIENCE, &held.job).await?;
            if now.as_ref().map_or(true, |now| now.allows("Resume")) {
                return Ok(Tried::Trouble(failure));
            }
            but.push("somebody else completed it at the same moment".into());
        }
    }
    Ok(match held::see_through(c, STEP, &held).await? {
        Err(broken) => Tried::Over(broken),
        Ok(End::Done) if !but.is_empty() => Tried::Ended(End::DoneBut(but)),
        Ok(End::DoneBut(words)) => {
            but.extend(words);
            Tried::Ended(End::DoneBut(but))
        }
        Ok(end) => Tried::Ended(end),
    })
}

/// Whether a job went on that a runner before let go on, or may have.
enum Went {
    On,
    /// It waits, and a person wants it to be let go on.
    Not,
    GivenUp(End),
}

/// The job's own state tells: two looks, some time apart, before it is taken to wait still.
async fn it_went_on(c: &Carrier<'_>, held: &Held) -> Way<Went> {
    loop {
        for look in 0..2 {
            if look > 0 {
                c.desk.rest(c.site.arm().pace().apart).await?;
            }
            match c.job(STEP, PATIENCE, &held.job).await? {
                Ok(job) if job.allows("Resume") => {}
                // What cannot be read is told where it is followed.
                _ => return Ok(Went::On),
            }
        }
        let reply = c.desk.ask(still_waits(c, held)).await?;
        match reply.choice.as_str() {
            "send-again" => return Ok(Went::Not),
            "give-up" => {
                let words = format!("not completed, given up by {}", reply.signed());
                return Ok(Went::GivenUp(End::Left(words.into())));
            }
            _ => {}
        }
    }
}

fn still_waits(c: &Carrier<'_>, held: &Held) -> Asking {
    let name = c.name();
    Asking {
        topic: Topic::Unknown,
        machine: Some(c.id().clone()),
        step: Some(STEP),
        words: format!(
            "The runner ended as the failover of {name} was about to be completed. Shall it be \
             completed now?"
        )
        .into(),
        evidence: vec![
            format!(
                "Its job waits to be completed, as two looks said: {}",
                held.job
            )
            .into(),
            "Azure stops its VM, takes the last changes, and starts the machine at home".into(),
        ],
        checks: Vec::new(),
        choices: vec![
            choice("look-again", "look again, and change nothing"),
            choice(
                "give-up",
                "leave the job waiting; nothing more is done with the machine in this run",
            ),
            Choice {
                typed: Some(name.clone()),
                ..choice("send-again", "complete the failover")
            },
        ],
        until: None,
    }
}

/// Right before it goes on: it must still be in Azure, or nothing is where this run left it.
async fn elsewhere(c: &Carrier<'_>, held: &Held) -> Way<Option<Failure>> {
    let now = match c.machine(STEP, PATIENCE).await? {
        Ok((now, _)) => now,
        Err(error) => return Ok(Some(error.into())),
    };
    if now.place == Place::Azure && now.class.word() == held.before.class.as_str() {
        return Ok(None);
    }
    let what = format!(
        "Nothing was sent: {} is not in Azure any more, though its job waits.",
        c.name()
    );
    let advice = format!(
        "It is now: {}. Look at it and at its jobs, then decide.",
        expect::shown(&now)
    );
    Ok(Some(Failure::new(what, advice, Retry::AfterFixing)))
}

#[derive(Debug)]
pub(super) enum Found {
    Job(Box<Held>),
    /// Nothing waits, and it is home.
    Home(Text),
    None(Failure),
}

/// The machine's job that waits to be completed, or will.
async fn find(c: &Carrier<'_>) -> Way<Found> {
    let unread = |error: crate::azure::Error| Ok(Found::None(error.into()));
    let jobs = match c.jobs(STEP, PATIENCE).await? {
        Ok(jobs) => jobs,
        Err(error) => return unread(error),
    };
    let machine = match c.machine(STEP, PATIENCE).await? {
        Ok((machine, _)) => machine,
        Err(error) => return unread(error),
    };
    Ok(choose(&machine, &jobs))
}

pub(super) fn choose(machine: &Machine, jobs: &[Job]) -> Found {
    let failback = |job: &&Job| {
        !job.state.is_over()
            && machine.is_target_of(job)
            && job
                .scenario
                .as_str()
                .eq_ignore_ascii_case("PlannedFailover")
    };
    let candidates: Vec<&Job> = jobs.iter().filter(failback).collect();
    let name = &machine.name;
    let none =
        |what: String, advice: &str| Found::None(Failure::new(what, advice, Retry::AfterFixing));
    match (candidates.as_slice(), &machine.place) {
        ([one], Place::Azure) => Found::Job(Box::new(Held {
            job: one.name.clone(),
            before: Mark::of(machine),
            beside: Beside::NotOurs,
        })),
        ([], Place::OnPremises) if machine.commit_pending() => Found::Home(expect::shown(machine)),
        // It may be shown as active in Azure until its commit, in words that nobody has named: a
        // failover to Azure that is not committed has known ones (asr-rest.md 9).
        ([], Place::Azure)
            if matches!(machine.stage, Stage::Other(_)) && machine.next.offers(Verb::Commit) =>
        {
            Found::Home(expect::shown(machine))
        }
        ([], _) => none(
            format!("No job of {name} waits to be completed."),
            "If its synchronisation was cancelled, do not boot it at home: run the failback again [003].",
        ),
        ([one], _) => none(
            format!(
                "Nothing was sent: {name} is not in Azure, and job {} is another one.",
                one.name
            ),
            "Look at the machine and at its jobs in the portal.",
        ),
        (several, _) => {
            let ids: Vec<String> = several.iter().map(|job| job.name.to_string()).collect();
            none(
                format!("Several jobs of {name} are under way: {}.", ids.join(", ")),
                "Look in the portal which of them is its failback, and complete it there.",
            )
        }
    }
}
