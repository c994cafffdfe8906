//! A step that failed or was refused: Azure's words, what they mean, and a person who decides.

use jiff::{SignedDuration, Timestamp};

use super::change::Broken;
use super::{azure_vm, power};
use crate::domain::run::{Choice, Mark, Topic};
use crate::domain::{Failure, Job, JobState, StepKind, Text};
use crate::readiness::codes;
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::{Asking, Way, choice};

/// An agent registers up to so long after its machine booted \[002\].
const REGISTERS: SignedDuration = SignedDuration::from_mins(15);

/// A failover of which only the beginning is known has booted its machine after so long at most: one
/// was recorded that took 21 minutes.
const BOOTS: SignedDuration = SignedDuration::from_mins(25);

/// Minutes between two words about how long it takes yet.
const COUNTED: i64 = 5;

pub(super) enum Decision {
    Retry,
    GiveUp,
}

/// Asks what is to become of a step that failed. When this returns [`Decision::Retry`], the new
/// attempt may be sent at once.
pub(super) async fn decide(
    c: &Carrier<'_>,
    step: StepKind,
    failure: &Failure,
    typed: bool,
    memory: &mut Memory,
) -> Way<Decision> {
    loop {
        let registers = agent_registers(c, step, failure).await?;
        let registers = registers.filter(|moment| c.now() < *moment);
        let off = match step {
            StepKind::FailBack | StepKind::Complete => power::is_off(c).await,
            _ => false,
        };
        let mut evidence: Vec<Text> = failure.lines().into_iter().map(Text::from).collect();
        evidence.extend(explained(failure));
        if off {
            evidence.push("The Azure VM is switched off: nobody works on it now".into());
        }
        let reply = c
            .desk
            .ask(asking(c, step, evidence, registers, (off, typed)))
            .await?;
        match reply.choice.as_str() {
            "retry" => {
                if let Some(moment) = registers {
                    c.rest_until(moment).await?;
                }
                return Ok(Decision::Retry);
            }
            "start-again" => {
                c.desk.gate().await?;
                // People may work on it then: it is neither quiet nor drained any more.
                memory.stopped_first = false;
                (memory.quiet, memory.drained, memory.undrained) = (None, false, false);
                c.keep(memory).await?;
                azure_vm::start_again(c, step).await?;
            }
            _ => return Ok(Decision::GiveUp),
        }
    }
}

/// Waits for an agent that has not registered yet, and tells how long. `true`: it may be sent again by
/// itself, for it was sent too early, its job is certainly over and nothing else has changed.
pub(super) async fn registers(c: &Carrier<'_>, step: StepKind, broken: &Broken) -> Way<bool> {
    let moment = match agent_registers(c, step, &broken.failure).await? {
        Some(moment) if broken.sent.is_some_and(|sent| sent < moment) => moment,
        _ => return Ok(false),
    };
    let at = moment.strftime("%H:%M UTC");
    let told = |minutes: i64| {
        format!(
            "The agent of {} has not registered yet, which takes up to 15 minutes after the machine \
             booted. It is sent again by itself at {at}, in {minutes} min.",
            c.name()
        )
    };
    let mut last = i64::MAX;
    if moment <= c.now() {
        let words = format!(
            "The agent of {} had not registered yet when it was sent, and has had the time since: it \
             is sent again by itself.",
            c.name()
        );
        c.remark(step, words).await?;
    }
    loop {
        let left = moment.duration_since(c.now()).as_secs();
        if left <= 0 {
            break;
        }
        let minutes = left / 60 + 1;
        if last.saturating_sub(minutes) >= COUNTED {
            c.remark(step, told(minutes)).await?;
            last = minutes;
        }
        // The clock is read off answers: without one it would stand still.
        let _ = c.site.arm().vault(c.vault).await;
        c.desk.rest(c.poll()).await?;
    }
    let now = c.machine(step, super::look::PATIENCE).await?;
    let same = now.is_ok_and(|(now, _)| now.running.is_none() && Mark::of(&now) == broken.before);
    if !same {
        let words = format!(
            "{} is not what it was before: it is not sent again by itself.",
            c.name()
        );
        c.remark(step, words).await?;
    }
    Ok(same)
}

/// What the table of error codes knows beyond Azure's own words.
fn explained(failure: &Failure) -> Vec<Text> {
    let known = codes::explain(failure).map(codes::Explanation::lines);
    known
        .unwrap_or_default()
        .into_iter()
        .map(Text::from)
        .collect()
}

fn asking(
    c: &Carrier<'_>,
    step: StepKind,
    evidence: Vec<Text>,
    registers: Option<Timestamp>,
    (off, typed): (bool, bool),
) -> Asking {
    let (what, name) = (step.words(), c.name());
    let words = match registers {
        None => format!("\"{what}\" of {name} did not come through. What now?"),
        Some(moment) => format!(
            "The agent of {name} has not registered yet, which takes up to 15 minutes after the \
             machine booted. This is no failure: try again after {}.",
            moment.strftime("%H:%M UTC")
        ),
    };
    let again = match registers {
        None => "send it again, as a new attempt".to_owned(),
        Some(moment) => format!(
            "wait until {}, then send it again",
            moment.strftime("%H:%M UTC")
        ),
    };
    let again = Choice {
        // What ends a failover for good, or takes one back, is confirmed each time.
        typed: typed.then(|| name.clone()),
        ..choice("retry", again)
    };
    let mut choices = vec![
        choice(
            "give-up",
            "leave the machine as it is; nothing more is done with it in this run",
        ),
        again,
    ];
    if off {
        choices.push(choice(
            "start-again",
            "switch the Azure VM on again, so that people can work; then decide",
        ));
    }
    Asking {
        evidence,
        choices,
        ..c.asking(step, Topic::Failed, words)
    }
}

/// When an agent that is not there yet should be there: a quarter of an hour after its machine booted.
async fn agent_registers(
    c: &Carrier<'_>,
    step: StepKind,
    failure: &Failure,
) -> Way<Option<Timestamp>> {
    if !matches!(step, StepKind::Protect | StepKind::ProtectToAzure) || !is_about_agent(failure) {
        return Ok(None);
    }
    let jobs = c.jobs(step, 3).await?.unwrap_or_default();
    let failover = |job: &&Job| {
        let scenario = job.scenario.as_str();
        let known = ["UnplannedFailover", "PlannedFailover"];
        job.state == JobState::Succeeded
            && c.first.is_target_of(job)
            && known.iter().any(|word| scenario.eq_ignore_ascii_case(word))
    };
    // It had booted when its failover was over.
    let booted = jobs.iter().find(failover).and_then(|job| job.end);
    let begun = || c.first.last_failover?.checked_add(BOOTS).ok();
    let booted = booted.or_else(begun);
    Ok(booted.and_then(|booted| booted.checked_add(REGISTERS).ok()))
}

/// "The agent is not installed", which is said of one that has not registered, too \[002\].
pub(super) fn is_about_agent(failure: &Failure) -> bool {
    let said = [&failure.said, &failure.causes].map(|text| text.as_str().to_lowercase());
    said.iter().any(|said| {
        let agent = said.contains("agent") || said.contains("mobility service");
        let missing = ["not installed", "not registered", "not yet registered"];
        agent && missing.iter().any(|word| said.contains(word))
    })
}
