//! From plan and lines to the model.

use jiff::Timestamp;

use super::model::{
    Afterwards, Begin, Command, Ended, Errand, Errands, Hook, Journal, Mended, Pause, PlanPart,
    Remark, Report, SCHEMA, State, Stated, Suspended, Tone,
};
use super::{Source, order, people, steps};
use crate::domain::run::{Closing, Launch, Line, Record, Run, RunState};
use crate::domain::{ArmId, Text};
use crate::readiness::aftermath::{self, Does};

impl Report {
    /// `None` for a run whose first record is not there: there is nothing to report.
    #[must_use]
    pub fn of(source: &Source<'_>) -> Option<Self> {
        let run = Run::fold(source.lines)?;
        let state = state(&run, source.live);
        let plan = source.plan.as_ref().ok().copied();
        let told = people::told(&run, source.lines);
        let statements = plan.map(|plan| {
            let all = plan.statements.iter();
            all.map(|statement| Stated::new(plan, statement)).collect()
        });
        Some(Self {
            schema: SCHEMA,
            made: super::model::Made {
                at: source.made,
                program: source.program.into(),
            },
            run: run.launch.run.as_str().into(),
            site: run.launch.site.clone(),
            cautions: cautions(&run, &state, source),
            plan: PlanPart {
                name: run.launch.name.clone(),
                slug: run.launch.slug.as_ref().map(|slug| slug.as_str().into()),
                intent: run.launch.intent.clone(),
                document: plan.cloned(),
                unread: source.plan.as_ref().err().map(|why| why.as_str().into()),
            },
            launched: Begin {
                at: run.begun,
                by: run.launch.by.clone(),
                program: run.launch.program.clone(),
            },
            resumed: resumed(source.lines),
            suspended: suspended(source.lines),
            ended: source.lines.iter().find_map(|line| match line.record {
                Record::Closed(how) => Some(Ended { at: line.at, how }),
                _ => None,
            }),
            seconds: run.last.duration_since(run.begun).as_secs(),
            order: order::waves(&run),
            hooks: hooks(&run),
            machines: steps::machines(&run, plan, source.lines, &told.questions),
            questions: told.questions,
            requests: told.requests,
            pauses: pauses(source.lines),
            statements: statements.unwrap_or_default(),
            remarks: remarks(&run.launch, source.lines),
            afterwards: afterwards(source),
            journal: Journal {
                records: run.records,
                head: source.head.clone(),
                sound: source.damage.is_none(),
                damage: source.damage.as_deref().map(Text::from),
                mended: mended(source.lines),
            },
            state,
        })
    }
}

fn state(run: &Run, live: bool) -> State {
    let (word, words, tone): (_, Text, _) = match &run.state {
        RunState::Running => ("running", "running".into(), Tone::Plain),
        RunState::Waiting => ("waiting", "waits for a person".into(), Tone::Amber),
        RunState::Paused(why) => ("paused", format!("paused: {why}").into(), Tone::Amber),
        RunState::Suspended(why) => {
            let words = format!("suspended: {why}");
            ("suspended", words.into(), Tone::Amber)
        }
        RunState::Arrived => {
            let words = "all arrived; left is to look and to commit";
            ("arrived", words.into(), Tone::Amber)
        }
        RunState::Closed(Closing::Done) => ("done", "done".into(), Tone::Well),
        RunState::Closed(Closing::DoneBut) => {
            let words = "done, but not all is as it should be, or was left";
            ("doneBut", words.into(), Tone::Amber)
        }
        RunState::Closed(Closing::Failed) => ("failed", "failed".into(), Tone::Bad),
        RunState::Closed(Closing::Stopped) => {
            ("stopped", "stopped by a person".into(), Tone::Amber)
        }
    };
    let words = match (run.is_closed(), live) {
        (true, _) | (false, true) => words,
        (false, false) => format!("{words}; no process carries it out any more").into(),
    };
    State {
        word,
        words,
        tone,
        live,
    }
}

fn cautions(run: &Run, state: &State, source: &Source<'_>) -> Vec<Text> {
    let mut cautions = Vec::new();
    if !run.is_closed() {
        let words = format!(
            "This run is not over: {}. What follows is how it stood at its last record.",
            state.words
        );
        cautions.push(words.into());
    }
    if let Some(damage) = &source.damage {
        let words = format!(
            "The journal of this run is not sound: {damage}. What follows is what stands before \
             that; what happened after it nobody can tell from here."
        );
        cautions.push(words.into());
    }
    if let Err(why) = &source.plan {
        let words = format!(
            "The plan cannot be read ({why}): what it asked for, and who consented or attested to \
             what, is not known."
        );
        cautions.push(words.into());
    }
    cautions
}

fn resumed(lines: &[Line]) -> Vec<Begin> {
    let resumed = lines.iter().filter_map(|line| match &line.record {
        Record::Resumed { by, program, .. } => Some(Begin {
            at: line.at,
            by: by.clone(),
            program: program.clone(),
        }),
        _ => None,
    });
    resumed.collect()
}

fn suspended(lines: &[Line]) -> Vec<Suspended> {
    let suspended = lines.iter().filter_map(|line| match &line.record {
        Record::Suspended { cause, why, .. } => Some(Suspended {
            at: line.at,
            cause: *cause,
            why: why.clone(),
        }),
        _ => None,
    });
    suspended.collect()
}

fn mended(lines: &[Line]) -> Vec<Mended> {
    let mended = lines.iter().filter_map(|line| match &line.record {
        Record::Mended { bytes, kept, .. } => Some(Mended {
            at: line.at,
            bytes: *bytes,
            kept: kept.clone(),
        }),
        _ => None,
    });
    mended.collect()
}

/// Each pause with its end: it went on, was resumed, or was closed.
fn pauses(lines: &[Line]) -> Vec<Pause> {
    let mut pauses: Vec<Pause> = Vec::new();
    let end = |pauses: &mut Vec<Pause>, at: Timestamp| {
        if let Some(pause) = pauses.last_mut().filter(|pause| pause.to.is_none()) {
            pause.to = Some(at);
        }
    };
    for line in lines {
        match &line.record {
            Record::Paused { why, .. } => {
                end(&mut pauses, line.at);
                pauses.push(Pause {
                    from: line.at,
                    to: None,
                    why: why.clone(),
                });
            }
            Record::WentOn | Record::Closed(_) => end(&mut pauses, line.at),
            _ => {}
        }
    }
    pauses
}

fn remarks(launch: &Launch, lines: &[Line]) -> Vec<Remark> {
    let remarks = lines.iter().filter_map(|line| match &line.record {
        Record::Remark {
            machine,
            step,
            words,
            ..
        } => Some(Remark {
            at: line.at,
            machine: machine.as_ref().map(|id| name(launch, id)),
            step: *step,
            words: words.clone(),
        }),
        _ => None,
    });
    remarks.collect()
}

/// What people call a machine of a run; its id's last segment for one that it does not have.
pub(super) fn name(launch: &Launch, id: &ArmId) -> Text {
    let own = launch.machines.iter().find(|own| own.id == *id);
    own.map_or_else(|| id.name().into(), |own| own.name.clone())
}

fn hooks(run: &Run) -> Vec<Hook> {
    let hook = |hook: &crate::domain::run::HookRun| Hook {
        at: hook.at,
        words: hook.at.words().into(),
        command: hook.command.clone(),
        begun: hook.begun,
        ended: hook.ended,
        end: steps::end(&hook.state),
    };
    run.hooks.iter().map(hook).collect()
}

fn afterwards(source: &Source<'_>) -> Afterwards {
    let machines = source.errands.iter().map(|(name, errands)| Errands {
        machine: name.clone(),
        errands: errands.iter().map(errand).collect(),
    });
    Afterwards {
        machines: machines.collect(),
        unread: source
            .unread
            .iter()
            .map(|why| why.as_str().into())
            .collect(),
    }
}

fn errand(errand: &aftermath::Errand) -> Errand {
    let commands = errand.commands.iter().map(|command| Command {
        shell: command.shell.word(),
        at: command.at,
        does: match command.does {
            Does::Look => "look",
            Does::Repair => "repair",
        },
        line: command.line.clone(),
    });
    Errand {
        code: errand.code,
        title: errand.title,
        known: errand.known.clone(),
        look: errand.look,
        sources: errand.sources.to_vec(),
        commands: commands.collect(),
    }
}
