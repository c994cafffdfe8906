//! Waiting until nothing is on its way home any more.
//!
//! Drained is what two looks in a row show: nothing waits at the source, the process server and the
//! target, on any disk, and the copy at home is of a moment later than the quiesce. A number that is
//! not told is never taken for zero.

use jiff::{SignedDuration, Timestamp};

use super::protected::{Scribe, state};
use crate::domain::plan::Drain;
use crate::domain::run::{Choice, End, QuestionId, Topic};
use crate::domain::size::span;
use crate::domain::{Bytes, Class, Detail, Failure, Machine, Place, Stage, StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::{Asking, Way, choice};

/// Looks in a row that must agree.
const LOOKS: u32 = 2;

/// What one look at a machine says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// What speaks against it, most important first; empty when nothing does.
    pub against: Vec<Text>,
    /// The moment of which the copy at home certainly is, by the service's clock.
    pub arrived: Option<Timestamp>,
}

/// Judges one look. `quiet` is the moment of the quiesce, `now` that of the look, both by the
/// service's clock.
pub(super) fn look(machine: &Machine, detail: &Detail, quiet: Timestamp, now: Timestamp) -> Look {
    let mut against: Vec<Text> = Vec::new();
    let replicates = machine.class == Class::ClassicHome
        && machine.place == Place::Azure
        && machine.stage == Stage::Protected;
    if !replicates {
        let shown = super::expect::shown(machine);
        against.push(format!("it does not replicate home: {shown}").into());
    }
    if detail.disks.is_empty() {
        against.push("Azure tells of no disk".into());
    }
    for disk in &detail.disks {
        if disk.resync {
            against.push(format!("{} has to be synchronised again", disk.name).into());
        }
        let stations = [
            ("in Azure", disk.waiting.source),
            ("at the process server", disk.waiting.process_server),
            ("at the target", disk.waiting.target),
        ];
        for (station, waiting) in stations {
            match waiting {
                Some(Bytes(0)) => {}
                Some(bytes) => {
                    against.push(format!("{bytes} of {} wait {station}", disk.name).into());
                }
                None => {
                    let words = format!("what of {} waits {station} is not told", disk.name);
                    against.push(words.into());
                }
            }
        }
    }
    let arrived = arrived(machine, detail, now);
    if arrived.is_none_or(|moment| moment <= quiet) {
        against.push(match arrived {
            None => "of which moment the copy at home is, is not told".into(),
            Some(moment) => {
                let behind = span(quiet.duration_since(moment).as_secs());
                format!("the copy at home is of {behind} before the quiesce").into()
            }
        });
    }
    Look { against, arrived }
}

/// The moment of which the copy at home certainly is: the time at which the RPO was computed, less
/// the RPO; or the newest recovery point, by the time in its tag (asr-rest.md 13). What lies in the
/// future is not believed.
fn arrived(machine: &Machine, detail: &Detail, now: Timestamp) -> Option<Timestamp> {
    let rpo = machine.rpo_seconds.and_then(|rpo| i64::try_from(rpo).ok());
    let computed = detail.rpo_calculated.zip(rpo).and_then(|(at, rpo)| {
        let moment = at.checked_sub(SignedDuration::from_secs(rpo)).ok()?;
        (at <= now).then_some(moment)
    });
    let points = detail.points.iter().filter_map(|point| point.time);
    points.filter(|time| *time <= now).chain(computed).max()
}

/// The step.
pub(super) async fn drain(c: &Carrier<'_>, drain: &Drain, memory: &mut Memory) -> Way<End> {
    let Some(quiet) = memory.quiet else {
        let what = format!("When {} became quiet is not known.", c.name());
        let advice = "Without that moment nobody can say that it is drained. Begin again.";
        let failure = Failure::new(what, advice, crate::domain::Retry::AfterFixing);
        return Ok(End::Failed(Box::new(failure)));
    };
    until_drained(c, StepKind::Drain, drain, quiet, memory).await
}

/// Waits until it is drained, or a person decides otherwise, within `step`.
pub(super) async fn until_drained(
    c: &Carrier<'_>,
    step: StepKind,
    drain: &Drain,
    quiet: Timestamp,
    memory: &mut Memory,
) -> Way<End> {
    let limit = SignedDuration::from_mins(i64::from(drain.limit.0));
    let mut wait = Wait {
        c,
        step,
        quiet,
        limit,
        until: later(c.now(), limit),
        scribe: Scribe::new(step),
        agreed: 0,
        last: None,
        asked: None,
    };
    let end = wait.until_drained().await?;
    memory.drained = end == End::Done;
    memory.undrained = matches!(end, End::DoneBut(_));
    Ok(end)
}

fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// Whether two looks in a row say that nothing is on its way, now.
pub(super) async fn still_drained(c: &Carrier<'_>, step: StepKind, quiet: Timestamp) -> Way<bool> {
    for turn in 0..LOOKS {
        if turn > 0 {
            c.desk.rest(c.poll()).await?;
        }
        match c.machine(step, super::look::PATIENCE).await? {
            Ok((machine, detail)) if look(&machine, &detail, quiet, c.now()).against.is_empty() => {
            }
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// A wait that is under way.
struct Wait<'a, 'b> {
    c: &'a Carrier<'b>,
    step: StepKind,
    quiet: Timestamp,
    limit: SignedDuration,
    /// When a person is asked.
    until: Timestamp,
    scribe: Scribe,
    agreed: u32,
    /// What the last look said, or why there was none.
    last: Option<Result<Look, Failure>>,
    asked: Option<QuestionId>,
}

impl Wait<'_, '_> {
    async fn until_drained(&mut self) -> Way<End> {
        loop {
            self.look().await?;
            if self.agreed >= LOOKS {
                return Ok(End::Done);
            }
            if self.asked.is_none() && self.c.now() >= self.until {
                self.asked = Some(self.c.desk.put(self.asking()).await?);
            }
            let pause = self.c.poll();
            match self.c.desk.answer_or_rest(self.asked, pause).await? {
                None => {}
                Some(reply) if reply.is("wait") => {
                    self.asked = None;
                    self.until = later(self.c.now(), self.limit);
                }
                Some(reply) if reply.is("go-on") => {
                    let who = reply.signed();
                    let words = format!("not drained, {}: {who}", self.loss());
                    return Ok(End::DoneBut(vec![words.into()]));
                }
                Some(reply) => {
                    let words = format!("not drained, given up by {}", reply.signed());
                    return Ok(End::Left(words.into()));
                }
            }
        }
    }

    async fn look(&mut self) -> Way<()> {
        let c = self.c;
        match c.machine(self.step, 1).await? {
            Ok((machine, detail)) => {
                self.scribe.note(c, state(&machine, &detail)).await?;
                let look = look(&machine, &detail, self.quiet, c.now());
                self.agreed = match look.against.is_empty() {
                    true => self.agreed + 1,
                    false => 0,
                };
                self.last = Some(Ok(look));
            }
            Err(error) => {
                self.agreed = 0;
                self.last = Some(Err(error.into()));
            }
        }
        Ok(())
    }

    fn loss(&self) -> String {
        let arrived = match &self.last {
            Some(Ok(look)) => look.arrived,
            _ => None,
        };
        match arrived {
            None => "losing an amount that nobody can tell".into(),
            Some(moment) => {
                let seconds = self.c.now().duration_since(moment).as_secs().max(0);
                format!("losing up to {} min", seconds / 60 + 1)
            }
        }
    }

    fn asking(&self) -> Asking {
        let c = self.c;
        let minutes = self.limit.as_mins();
        let evidence = match &self.last {
            Some(Ok(look)) => look.against.clone(),
            Some(Err(failure)) => vec![failure.what.clone()],
            None => Vec::new(),
        };
        let choices = vec![
            choice("wait", format!("wait {minutes} min more")),
            choice(
                "give-up",
                "leave the machine in Azure; nothing more is done with it in this run",
            ),
            Choice {
                reason: true,
                ..choice("go-on", format!("go on, {}", self.loss()))
            },
        ];
        Asking {
            evidence,
            choices,
            ..c.asking(
                self.step,
                Topic::Drain,
                format!("{} is not drained after {minutes} min. Wait on?", c.name()),
            )
        }
    }
}
