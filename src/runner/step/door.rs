//! The door between preparation and cut-over: it opens when the waves before are home.

use super::held::{self, Held};
use super::trouble::{self, Decision};
use crate::domain::run::{Choice, End, MachineRun, Run, StepState, Topic};
use crate::domain::{Intent, StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::{Asking, Way, choice};

const STEP: StepKind = StepKind::Door;

/// How a wave stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Before {
    /// Some of it is still on its way.
    UnderWay,
    /// All of it is home.
    Home,
    /// All of it is over, and these did not come home.
    Missing(Vec<Text>),
}

/// The step. A synchronisation that waits at the door is looked after: somebody may complete it or
/// cancel it meanwhile.
pub(super) async fn wait(c: &Carrier<'_>, memory: &mut Memory) -> Way<End> {
    loop {
        if memory.home {
            let words = "it is home already: it did not wait for its turn";
            return Ok(End::DoneBut(vec![words.into()]));
        }
        let Some(held) = memory.held.clone() else {
            return waves(c).await;
        };
        let end = tokio::select! {
            biased;
            end = waves(c) => Some(end?),
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

async fn waves(c: &Carrier<'_>) -> Way<End> {
    for wave in 1..c.recipe.wave {
        let missing = c
            .desk
            .until_run(|run| match before(run, wave) {
                Before::UnderWay => None,
                Before::Home => Some(Vec::new()),
                Before::Missing(names) => Some(names),
            })
            .await?;
        if missing.is_empty() {
            continue;
        }
        let reply = c.desk.ask_once(wave, || asking(c, wave, &missing)).await?;
        if !reply.is("go-on") {
            let words = format!(
                "not cut over, because wave {wave} did not come through: {}",
                reply.signed()
            );
            return Ok(End::Left(words.into()));
        }
    }
    Ok(End::Done)
}

fn before(run: &Run, wave: usize) -> Before {
    let mut missing = Vec::new();
    for machine in run.machines.iter().filter(|m| m.wave == wave) {
        if is_home(machine) {
            continue;
        }
        if !machine.is_over() {
            return Before::UnderWay;
        }
        missing.push(machine.name.clone());
    }
    match missing.is_empty() {
        true => Before::Home,
        false => Before::Missing(missing),
    }
}

/// Whether everything up to looking at the machine was done. What a person leaves after that - the
/// commit - holds nobody up.
fn is_home(machine: &MachineRun) -> bool {
    let cut_over = machine
        .steps
        .iter()
        .filter(|s| !matches!(s.kind, StepKind::VerifySurvivor | StepKind::Commit));
    let done = |state: &StepState| matches!(state, StepState::Ended(End::Done | End::DoneBut(_)));
    cut_over.map(|step| &step.state).all(done)
}

fn asking(c: &Carrier<'_>, wave: usize, missing: &[Text]) -> Asking {
    let names: Vec<&str> = missing.iter().map(Text::as_str).collect();
    let (came, not, stay) = match c.plan.intent() {
        Intent::FailOver(_) => (
            "came to Azure",
            "Not in Azure",
            "leave the machines of the later waves at home",
        ),
        _ => (
            "came home",
            "Not home",
            "leave the machines of the later waves in Azure",
        ),
    };
    let stop = choice("stop", stay);
    let go_on = Choice {
        reason: true,
        ..choice("go-on", "cut the next wave over all the same")
    };
    Asking {
        topic: Topic::Wave,
        machine: None,
        step: None,
        words: format!("Not all of wave {wave} {came}. Go on with the next wave?").into(),
        evidence: vec![format!("{not}: {}", names.join(", ")).into()],
        choices: vec![stop, go_on],
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
            before(&run(&all), 1)
        };
        assert_eq!(with(vec![]), Before::UnderWay);
        assert_eq!(with(home("b")), Before::Home);
        assert_eq!(before(&run(&[]), 1), Before::UnderWay);
        // The commit holds nobody up, however it ends.
        let mut late = home("b");
        late.extend([("b", K::VerifySurvivor, left()), ("b", K::Commit, failed())]);
        assert_eq!(with(late), Before::Home);
        let rest = || vec![("b", K::VerifySurvivor, none()), ("b", K::Commit, none())];
        for end in [failed(), left(), none()] {
            let mut gone = vec![("b", K::Door, End::Done), ("b", K::FailBack, end)];
            gone.extend(rest());
            assert_eq!(with(gone), Before::Missing(vec!["b".into()]));
        }
        // Failed, and a person is still asked about it.
        let asked = vec![("b", K::Door, End::Done)];
        assert_eq!(with(asked), Before::UnderWay);
    }
}
