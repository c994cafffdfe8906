//! The commit window: how long a machine that came home is waited for, and what can be done with it
//! meanwhile. When it is over the machine is left as it is; nothing is sent by time.

use jiff::{SignedDuration, Timestamp};

use super::{azure_vm, checklist};
use crate::domain::plan::{CommitWindow, Minutes};
use crate::domain::run::{Choice, End, Run};
use crate::domain::{Generation, StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::{Asking, Reply, Way, choice};

/// What a person decided, or time did.
pub(super) enum Decided {
    Reply(Reply),
    /// To cancel the failback, under the machine's name.
    Cancel(Reply),
    /// The window is over.
    Over(Timestamp),
}

impl Decided {
    /// The end of a step that is not what it asked about; `None` where the reply is.
    pub fn left(&self, memory: &mut Memory) -> Option<End> {
        let words = match self {
            Self::Reply(reply) if reply.is("leave") => {
                format!("left uncommitted by {}", reply.signed())
            }
            Self::Reply(_) => return None,
            Self::Cancel(reply) => {
                memory.cancelled = Some(reply.by.to_string().into());
                format!("not committed: {} cancels its failback", reply.signed())
            }
            Self::Over(until) => {
                let until = until.strftime("%H:%M UTC");
                format!("left uncommitted: the commit window was over at {until}")
            }
        };
        Some(End::Left(words.into()))
    }
}

/// The plan's window of a machine that it brings home.
fn planned<'a>(c: &Carrier<'a>) -> Option<&'a CommitWindow> {
    let plan = c.plan;
    match plan.intent() {
        crate::domain::Intent::FailBack(recovery) => recovery.commit_window.as_ref(),
        _ => None,
    }
}

/// What to look at before somebody vouches for the machine.
pub(super) fn checks(c: &Carrier<'_>, at_home: bool) -> Vec<Text> {
    let own = planned(c).map_or(&[][..], |window| &window.checks);
    checklist::checks(own, c.recipe.generation, &c.first.os, at_home)
}

/// When the window of a machine at home is over, by the service's clock: so long after the end of its
/// failback, and not before somebody had time to look. Told once, and kept: it does not begin anew
/// with another runner. `None`: never.
async fn until(c: &Carrier<'_>, memory: &mut Memory) -> Way<Option<Timestamp>> {
    let Some(minutes) = planned(c).and_then(|window| window.minutes) else {
        return Ok(None);
    };
    if memory.window.is_none() {
        let ended = c.desk.run(|run| came_home(run, c)).flatten();
        let now = c.now();
        memory.window = begins(ended, now, minutes);
        c.keep(memory).await?;
    }
    Ok(memory.window)
}

fn begins(ended: Option<Timestamp>, now: Timestamp, minutes: Minutes) -> Option<Timestamp> {
    let by = |moment: Timestamp, minutes: Minutes| {
        let span = SignedDuration::from_mins(minutes.0.into());
        moment.checked_add(span).ok()
    };
    // A job that ended in the future is a clock that is not to be trusted.
    let begun = ended.filter(|ended| *ended <= now).unwrap_or(now);
    by(begun, minutes).max(by(now, CommitWindow::LEAST))
}

/// When the job that brought the machine home ended.
fn came_home(run: &Run, c: &Carrier<'_>) -> Option<Timestamp> {
    let machine = run.machine(c.id())?;
    let steps = [StepKind::Complete, StepKind::FailBack];
    let jobs = steps
        .iter()
        .filter_map(|kind| machine.step(*kind)?.job.as_ref());
    jobs.filter_map(|job| job.end).max()
}

/// Asks until the question is answered or the window is over. A person may make it longer, and cancel
/// the failback where its generation can; meanwhile it is watched that the VM in Azure of a machine
/// that is home stays off.
pub(super) async fn ask(
    c: &Carrier<'_>,
    asking: Asking,
    at_home: bool,
    memory: &mut Memory,
) -> Way<Decided> {
    let longer = planned(c)
        .and_then(|window| window.minutes)
        .unwrap_or(CommitWindow::USUAL);
    loop {
        let until = match at_home {
            true => until(c, memory).await?,
            false => None,
        };
        // Nobody was there when it ended.
        if let Some(until) = until.filter(|until| *until <= c.now()) {
            return Ok(Decided::Over(until));
        }
        let mut asking = asking.clone();
        asking.until = until;
        if until.is_some() {
            let words = format!("make the commit window {} minutes longer", longer.0);
            asking.choices.push(choice("longer", words));
        }
        let cancels = at_home && cancels(c);
        if cancels {
            asking.choices.push(Choice {
                typed: Some(c.name().clone()),
                ..choice("cancel", CANCEL)
            });
        }
        let reply = match answered(c, asking, at_home, until).await? {
            Ok(reply) => reply,
            Err(until) => return Ok(Decided::Over(until)),
        };
        if reply.is("longer") {
            let span = SignedDuration::from_mins(longer.0.into());
            memory.window = until.and_then(|until| until.max(c.now()).checked_add(span).ok());
            c.keep(memory).await?;
            continue;
        }
        return Ok(match cancels && reply.is("cancel") {
            true => Decided::Cancel(reply),
            false => Decided::Reply(reply),
        });
    }
}

const CANCEL: &str = "cancel the failback: what was written at home since is lost, the machine at home goes back to its \
     snapshot, and the VM in Azure is started again [004]";

/// Only a modernised failback is taken back \[004\].
fn cancels(c: &Carrier<'_>) -> bool {
    c.recipe.generation == Generation::Modernised && c.recovered().is_some()
}

/// The answer, or when the time for it was over.
async fn answered(
    c: &Carrier<'_>,
    asking: Asking,
    at_home: bool,
    until: Option<Timestamp>,
) -> Way<Result<Reply, Timestamp>> {
    let step = asking.step.unwrap_or(StepKind::VerifySurvivor);
    let id = c.desk.put(asking).await?;
    let watch = async {
        match at_home {
            true => azure_vm::watch(c, step).await,
            false => Err(c.desk.halted().await),
        }
    };
    let over = async {
        match until {
            Some(until) => c.rest_until(until).await.map(|()| until),
            None => Err(c.desk.halted().await),
        }
    };
    tokio::select! {
        biased;
        reply = c.desk.answer(id) => reply.map(Ok),
        over = over => {
            let over = over?;
            // What was answered before nobody listened any more counts.
            let reply = c.desk.withdraw(id).await?;
            Ok(reply.ok_or(over))
        }
        halt = watch => match halt {
            Err(halt) => Err(halt),
            Ok(never) => match never {},
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2026-03-02T{time}Z").parse().unwrap()
    }

    #[test]
    fn a_window_is_counted_from_the_end_of_the_failback_and_leaves_time_to_look() {
        let now = at("09:10:00");
        let until = |ended, minutes| begins(ended, now, Minutes(minutes)).unwrap();
        assert_eq!(until(Some(at("09:00:00")), 30), at("09:30:00"));
        // It came home long ago, and nobody could be asked: not left without a word.
        assert_eq!(until(Some(at("07:00:00")), 30), at("09:15:00"));
        assert_eq!(until(None, 30), at("09:40:00"));
        assert_eq!(until(Some(at("23:00:00")), 30), at("09:40:00"));
    }
}
