//! Waiting until a machine really is protected: the end of the reprotect's job is not it
//! (asr-rest.md 13).

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::expect;
use crate::domain::run::{End, Record, Synchronisation};
use crate::domain::{
    Bytes, Class, Detail, Failure, Health, Machine, Place, Stage, Step, StepKind, Text,
};
use crate::runner::carrier::Carrier;
use crate::runner::desk::Way;

const STEP: StepKind = StepKind::AwaitProtected;

/// An old view of the item after its reprotect is worth a word after so long.
const OLD_VIEW: SignedDuration = SignedDuration::from_mins(15);

/// How often what changes with every look is written down.
const OFTEN: SignedDuration = SignedDuration::from_secs(60);

/// Waits as long as it takes; a person may stop the run.
pub(super) async fn wait(c: &Carrier<'_>) -> Way<End> {
    let begun = c.now();
    let (class, place) = to_be(c);
    let mut worries = Worries::default();
    let mut scribe = Scribe::new(STEP);
    let mut told_old = false;
    let mut unread = 0;
    loop {
        match c.machine(STEP, 1).await? {
            Ok((machine, detail)) if machine.class == class && machine.place == place => {
                unread = 0;
                scribe.note(c, state(&machine, &detail)).await?;
                worries.tell(c, &machine).await?;
                if let Some(end) = over(&machine, &detail) {
                    return Ok(end);
                }
            }
            Ok((machine, _)) => {
                unread = 0;
                let late = c.now().duration_since(begun) > OLD_VIEW;
                if late && !std::mem::replace(&mut told_old, true) {
                    let words = format!(
                        "{} is still shown as {}: what was done does not show in it yet.",
                        c.name(),
                        super::expect::shown(&machine)
                    );
                    c.remark(STEP, words).await?;
                }
            }
            Err(error) => {
                // After a reprotect it may not be found for a while.
                unread += 1;
                if unread == super::look::PATIENCE {
                    c.remark(STEP, Failure::from(error).what).await?;
                }
            }
        }
        c.desk.rest(c.poll()).await?;
    }
}

/// The class and the place that the machine has when it is protected in the direction of the recipe.
/// After a cancelled failback it replicates home as before.
fn to_be(c: &Carrier<'_>) -> (Class, Place) {
    let generation = c.recipe.generation;
    let to_azure = |step: &Step| matches!(step, Step::ProtectToAzure(_));
    match c.recipe.steps.iter().any(to_azure) {
        true => (expect::to_azure(generation), Place::OnPremises),
        false => (expect::home(generation), Place::Azure),
    }
}

/// `None`: not yet.
pub(super) fn over(machine: &Machine, detail: &Detail) -> Option<End> {
    if machine.stage != Stage::Protected {
        return None;
    }
    let again: Vec<Text> = detail
        .disks
        .iter()
        .filter(|disk| disk.resync)
        .map(|disk| format!("{} has to be synchronised again", disk.name).into())
        .collect();
    Some(match again.is_empty() {
        true => End::Done,
        false => End::DoneBut(again),
    })
}

/// How far the machine's replication is.
pub(super) fn state(machine: &Machine, detail: &Detail) -> Synchronisation {
    let pending: Vec<u64> = detail
        .disks
        .iter()
        .filter_map(|disk| disk.pending.map(|pending| pending.0))
        .collect();
    let sum = pending
        .iter()
        .fold(0, |sum: u64, one| sum.saturating_add(*one));
    // A sum with a part that is not told would say too little.
    let whole = !pending.is_empty() && pending.len() == detail.disks.len();
    Synchronisation {
        percent: machine.sync_percent,
        pending: whole.then_some(Bytes(sum)),
        rpo_seconds: machine.rpo_seconds,
    }
}

/// Writes down how far it is, when it is news: each percent, and otherwise once a minute.
pub(super) struct Scribe {
    step: StepKind,
    last: Option<(Timestamp, Synchronisation)>,
}

impl Scribe {
    pub fn new(step: StepKind) -> Self {
        Self { step, last: None }
    }

    pub async fn note(&mut self, c: &Carrier<'_>, state: Synchronisation) -> Way<()> {
        let now = c.now();
        if !is_news(self.last.as_ref(), now, &state) {
            return Ok(());
        }
        self.last = Some((now, state.clone()));
        let record = Record::Synchronising {
            machine: c.id().clone(),
            step: self.step,
            state,
        };
        c.desk.write(record).await
    }
}

pub(super) fn is_news(
    last: Option<&(Timestamp, Synchronisation)>,
    now: Timestamp,
    state: &Synchronisation,
) -> bool {
    let Some((at, old)) = last else {
        return true;
    };
    let empty = |state: &Synchronisation| state.pending == Some(Bytes(0));
    let leap = old.percent != state.percent || empty(old) != empty(state);
    leap || (old != state && now.duration_since(*at) >= OFTEN)
}

/// What is wrong with a machine, each told once.
#[derive(Default)]
pub(super) struct Worries(HashSet<(Text, Text)>);

impl Worries {
    async fn tell(&mut self, c: &Carrier<'_>, machine: &Machine) -> Way<()> {
        if !matches!(machine.health, Health::Critical | Health::Warning) {
            // What comes back is told again.
            self.0.clear();
            return Ok(());
        }
        let mut all: Vec<(Text, Text)> = machine
            .problems
            .iter()
            // That no test failover was done says nothing about the way home (asr-rest.md 13).
            .filter(|problem| problem.code.as_str() != "161011")
            .map(|problem| (problem.code.clone(), problem.message.clone()))
            .collect();
        if machine.problems.is_empty() {
            all.push((
                machine.health.word().into(),
                "Azure does not say why".into(),
            ));
        }
        for (code, message) in all {
            if self.0.insert((code.clone(), message.clone())) {
                let health = machine.health.word();
                let words = format!("The health of {} is {health}: {message} ({code})", c.name());
                c.remark(STEP, words).await?;
            }
        }
        Ok(())
    }
}
