//! The door between preparation and cut-over: it opens when it is the machine's turn.

use super::held::{self, Held};
use super::ready::{self, Look};
use super::trouble::{self, Decision};
use crate::domain::run::{Choice, End, HookAt, MachineRun, Run, Topic};
use crate::domain::{ArmId, Generation, Intent, StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::{Asking, Together, Way, choice};
use crate::runner::turns::{Hooked, Stand, hooked, stand};

const STEP: StepKind = StepKind::Door;

/// The step. A synchronisation that waits at the door is looked after: somebody may complete it or
/// cancel it meanwhile.
pub(super) async fn wait(c: &Carrier<'_>, memory: &mut Memory) -> Way<End> {
    loop {
        if memory.home {
            let words = "it is home already: it did not wait for its turn";
            return Ok(End::DoneBut(vec![words.into()]));
        }
        let Some(held) = memory.held.clone() else {
            return turn(c).await;
        };
        let end = tokio::select! {
            biased;
            end = turn(c) => Some(end?),
            gone = held::watch(c, STEP, &held) => gone.map(|()| None)?,
        };
        match end {
            Some(End::Left(words)) => return Ok(End::Left(still_waits(&words, &held))),
            Some(end) => return Ok(end),
            None => {}
        }
        let name = c.name();
        c.remark(STEP, format!("The job of {name} does not wait any more"))
            .await?;
        let broken = match held::see_through(c, STEP, &held).await? {
            Ok(end) => return Ok(completed(end, memory)),
            Err(broken) => broken,
        };
        memory.held = None;
        match trouble::decide(c, STEP, &broken.failure, false, memory).await? {
            Decision::GiveUp => return Ok(End::Failed(Box::new(broken.failure))),
            Decision::Retry => {}
        }
        if let Some(change) = held::synchronisation(c) {
            match held::synchronise(c, STEP, change, memory).await? {
                End::Done | End::DoneBut(_) => {}
                end => return Ok(end),
            }
        }
    }
}

/// Somebody else let the job go on before its turn.
fn completed(end: End, memory: &mut Memory) -> End {
    let early = Text::from("somebody completed the failback before its turn");
    memory.home = matches!(end, End::Done | End::DoneBut(_));
    match end {
        End::Done => End::DoneBut(vec![early]),
        End::DoneBut(mut words) => {
            words.insert(0, early);
            End::DoneBut(words)
        }
        end => end,
    }
}

/// What is left at the door still waits in Azure.
fn still_waits(words: &Text, held: &Held) -> Text {
    format!(
        "{words}; its synchronised job {} waits on in Azure: complete it later, and never cancel it",
        held.job
    )
    .into()
}

/// Waits until it is the machine's turn: the waves before, the command before its own, the machines
/// that it waits for, its replication, and room among those in cut-over.
async fn turn(c: &Carrier<'_>) -> Way<End> {
    let (name, own) = (c.name(), c.recipe.wave);
    let sequence = c.plan.intent().sequence();
    let hooks = |wave| sequence.as_ref().and_then(|s| s.wave(wave));
    for wave in 1..own {
        if let Some(end) = passed(c, Before::Wave(wave)).await? {
            return Ok(end);
        }
        if hooks(wave).is_some_and(|hooks| hooks.after.is_some())
            && let Some(end) = ran(c, HookAt::AfterWave(wave)).await?
        {
            return Ok(end);
        }
    }
    if hooks(own).is_some_and(|hooks| hooks.before.is_some()) {
        c.turns.come(own);
        if let Some(end) = ran(c, HookAt::BeforeWave(own)).await? {
            return Ok(end);
        }
    }
    for id in &c.recipe.after {
        if let Some(end) = passed(c, Before::Machine(id)).await? {
            return Ok(end);
        }
    }
    let placed = sequence.as_ref().and_then(|s| s.machine(c.id()));
    let mut but = Vec::new();
    if let Some(limit) = placed.and_then(|placed| placed.order.replication)
        && c.recipe.generation != Generation::HyperV
    {
        let what = Text::from("a healthy replication");
        match ready::until(c, STEP, what, limit, Look::Replication).await? {
            Ok(words) => but.extend(words),
            Err(words) => {
                return Ok(End::Left(
                    format!("{name} was not cut over: {words}").into(),
                ));
            }
        }
    }
    c.desk.until_run(|run| c.turns.take(run, c.id())).await?;
    Ok(match but.is_empty() {
        true => End::Done,
        false => End::DoneBut(but),
    })
}

/// What is waited for.
#[derive(Clone, Copy, Debug)]
enum Before<'a> {
    Wave(usize),
    Machine(&'a ArmId),
}

impl Before<'_> {
    fn holds(self, machine: &MachineRun) -> bool {
        match self {
            Self::Wave(wave) => machine.wave == wave,
            Self::Machine(id) => machine.id == *id,
        }
    }
}

/// Waits until what stands before is through; asks whether to go on where it is not. `Some`: it is
/// not gone on.
async fn passed(c: &Carrier<'_>, before: Before<'_>) -> Way<Option<End>> {
    let missing = c.desk.until_run(|run| missing(run, before)).await?;
    if missing.is_empty() {
        return Ok(None);
    }
    let key = match before {
        Before::Wave(wave) => Together::Wave(wave),
        Before::Machine(id) => {
            // A machine of a wave before was asked about with its wave.
            let place = c
                .desk
                .run(|run| Some((run.place(id)?, run.machine(id)?.wave)));
            match place.flatten() {
                Some((place, wave)) if wave == c.recipe.wave => Together::Machine(place),
                _ => return Ok(None),
            }
        }
    };
    let asking = || asking(c, before, &missing);
    let reply = c.desk.ask_once(key, asking).await?;
    if reply.is("go-on") {
        return Ok(None);
    }
    let what = match before {
        Before::Wave(wave) => format!("wave {wave}"),
        Before::Machine(_) => names(&missing),
    };
    let words = format!(
        "not cut over, because {what} did not come through: {}",
        reply.signed()
    );
    Ok(Some(End::Left(words.into())))
}

/// Waits for a command of a wave. `Some`: what comes after it is not begun.
async fn ran(c: &Carrier<'_>, at: HookAt) -> Way<Option<End>> {
    let ended = |run: &Run| match hooked(run, at) {
        Hooked::Open => None,
        ended => Some(ended),
    };
    Ok(match c.desk.until_run(ended).await? {
        Hooked::Badly(why) => Some(End::Left(format!("not cut over: {why}").into())),
        Hooked::Open | Hooked::Well => None,
    })
}

/// Who of those before did not come through although the plan counts on them; `None` while somebody is
/// on the way.
fn missing(run: &Run, before: Before<'_>) -> Option<Vec<Text>> {
    let mut missing = Vec::new();
    for machine in run.machines.iter().filter(|m| before.holds(m)) {
        match stand(run, machine) {
            Stand::UnderWay => return None,
            Stand::Home | Stand::Spared => {}
            Stand::Missing => missing.push(machine.name.clone()),
        }
    }
    Some(missing)
}

fn names(missing: &[Text]) -> String {
    let names: Vec<&str> = missing.iter().map(Text::as_str).collect();
    names.join(", ")
}

fn asking(c: &Carrier<'_>, before: Before<'_>, missing: &[Text]) -> Asking {
    let names = names(missing);
    let to_azure = matches!(c.plan.intent(), Intent::FailOver(_));
    let (came, not, stay) = match to_azure {
        true => ("came to Azure", "Not in Azure", "at home"),
        false => ("came home", "Not home", "in Azure"),
    };
    let (words, stop, go_on) = match before {
        Before::Wave(wave) => (
            format!("Not all of wave {wave} {came}. Go on with the next wave?"),
            format!("leave the machines of the later waves {stay}"),
            "cut the next wave over all the same",
        ),
        Before::Machine(_) => (
            format!("{names} did not come through. Go on with what waits for it?"),
            format!("leave the machines that wait for it {stay}"),
            "cut them over all the same",
        ),
    };
    let go_on = Choice {
        reason: true,
        ..choice("go-on", go_on)
    };
    Asking {
        topic: Topic::Wave,
        machine: None,
        step: None,
        words: words.into(),
        evidence: vec![format!("{not}: {names}").into()],
        choices: vec![choice("stop", stop), go_on],
        checks: Vec::new(),
        until: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::run::{Launch, Line, Planned, Record, RunId};
    use crate::domain::{ArmId, Failure, Person, Retry};

    const STEPS: [StepKind; 4] = [
        StepKind::Door,
        StepKind::FailBack,
        StepKind::VerifySurvivor,
        StepKind::Commit,
    ];

    fn id(name: &str) -> ArmId {
        ArmId::parse(&format!("/s/x/vaults/v/items/{name}")).unwrap()
    }

    /// Two machines in wave 1, and how their steps ended.
    fn run(ends: &[(&str, StepKind, End)]) -> Run {
        let planned = |name: &str| Planned {
            id: id(name),
            name: name.into(),
            wave: 1,
            generation: None,
            after: Vec::new(),
            optional: false,
            disks: None,
            pending: None,
            steps: STEPS.to_vec(),
        };
        let launch = Record::Launched(Box::new(Launch {
            schema: "failback/run/1".into(),
            run: RunId::new(jiff::Timestamp::UNIX_EPOCH, 1),
            site: "lab".into(),
            name: "p".into(),
            slug: None,
            intent: "fail back".into(),
            by: Person {
                name: "kim".into(),
                host: "jump".into(),
                from: None,
            },
            program: "failback".into(),
            machines: vec![planned("a"), planned("b")],
        }));
        let ended = |(name, step, end): &(&str, StepKind, End)| Record::StepEnded {
            machine: id(name),
            step: *step,
            end: end.clone(),
        };
        let records = std::iter::once(launch).chain(ends.iter().map(ended));
        let lines: Vec<Line> = records
            .zip(1..)
            .map(|(record, number)| Line {
                number,
                at: jiff::Timestamp::UNIX_EPOCH,
                before: "".into(),
                record,
            })
            .collect();
        Run::fold(&lines).unwrap()
    }

    #[test]
    fn the_door_opens_when_all_are_home_and_asks_when_one_never_will_be() {
        use StepKind as K;
        let failed = || End::Failed(Box::new(Failure::new("no", "", Retry::LookFirst)));
        let left = || End::Left("by kim".into());
        let none = || End::NotBegun("no".into());
        let home = |name| {
            vec![
                (name, K::Door, End::Done),
                (name, K::FailBack, End::DoneBut(vec!["amber".into()])),
            ]
        };
        let with = |more: Vec<(&'static str, K, End)>| {
            let mut all = home("a");
            all.extend(more);
            missing(&run(&all), Before::Wave(1))
        };
        assert_eq!(with(vec![]), None);
        assert_eq!(with(home("b")), Some(vec![]));
        assert_eq!(missing(&run(&[]), Before::Wave(1)), None);
        // The commit holds nobody up, however it ends.
        let mut late = home("b");
        late.extend([("b", K::VerifySurvivor, left()), ("b", K::Commit, failed())]);
        assert_eq!(with(late), Some(vec![]));
        let rest = || vec![("b", K::VerifySurvivor, none()), ("b", K::Commit, none())];
        for end in [failed(), left(), none()] {
            let mut gone = vec![("b", K::Door, End::Done), ("b", K::FailBack, end)];
            gone.extend(rest());
            assert_eq!(with(gone), Some(vec!["b".into()]));
        }
        // Failed, and a person is still asked about it.
        let asked = vec![("b", K::Door, End::Done)];
        assert_eq!(with(asked), None);
    }
}
