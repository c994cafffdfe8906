//! What belongs to no machine: the commands before and after the plan and its waves, and the command
//! that calls a person.
//!
//! A command that was begun by a runner that is no more is never run again by itself.

use std::collections::HashSet;
use std::convert::Infallible;

use jiff::{SignedDuration, Timestamp};

use super::command::{self, Facts, Ran};
use super::desk::{Asking, Desk, Halt, Way};
use super::step::choices;
use super::turns::{Hooked, Stand, Turns, hooked, stand};
use crate::domain::plan::{Caller, Hook, Otherwise, Sequence};
use crate::domain::run::{
    Choice, End, HookAt, HookRun, MachineRun, QuestionId, Record, Run, RunState, StepState, Topic,
};
use crate::domain::{Failure, Retry, Text};
use crate::site::Site;

/// What several calls for a person are apart at least.
const APART: SignedDuration = SignedDuration::from_mins(1);

/// Runs the commands of a run that belong to no machine.
pub(super) struct Conductor<'a> {
    pub site: &'a Site,
    pub desk: &'a Desk,
    pub sequence: Option<&'a Sequence<'a>>,
    pub turns: &'a Turns,
}

impl Conductor<'_> {
    /// What comes before everything. `Some`: nothing may begin; why.
    pub async fn begin(&self) -> Way<Option<Text>> {
        let Some(hook) = self.sequence.and_then(|s| s.plan.hooks.before.as_ref()) else {
            return Ok(None);
        };
        self.see_to(HookAt::BeforePlan, hook).await?;
        Ok(self.blocked(HookAt::BeforePlan))
    }

    /// Sees to the waves and to the end of the plan. Returns when nothing is left to be run.
    pub async fn conduct(&self) -> Way<()> {
        let Some(sequence) = self.sequence else {
            return Ok(());
        };
        for (hooks, wave) in sequence.waves.iter().zip(1..) {
            if let Some(hook) = &hooks.before {
                let over = self.until_through(Some(wave));
                let come = tokio::select! {
                    biased;
                    over = over => { over?; false }
                    () = self.turns.has_come(wave) => true,
                };
                // A wave of which no machine comes as far as its door has no cut-over.
                if come {
                    self.see_to(HookAt::BeforeWave(wave), hook).await?;
                }
            }
            if let Some(hook) = &hooks.after {
                let missing = self.until_through(Some(wave)).await?;
                self.see_to_end(HookAt::AfterWave(wave), hook, missing)
                    .await?;
            }
        }
        if let Some(hook) = &sequence.plan.hooks.after {
            let over = |run: &Run| run.machines.iter().all(MachineRun::is_over).then_some(());
            self.desk.until_run(over).await?;
            let missing = self.until_through(None).await?;
            self.see_to_end(HookAt::AfterPlan, hook, missing).await?;
        }
        Ok(())
    }

    /// Waits until nobody of a wave - of the run, for `None` - is on the way any more; tells who did
    /// not come through although the plan counts on them.
    async fn until_through(&self, wave: Option<usize>) -> Way<Vec<Text>> {
        self.desk
            .until_run(|run| {
                let mut missing = Vec::new();
                let own = |m: &&MachineRun| wave.is_none_or(|wave| m.wave == wave);
                for machine in run.machines.iter().filter(own) {
                    match stand(run, machine) {
                        Stand::UnderWay => return None,
                        Stand::Home | Stand::Spared => {}
                        Stand::Missing => missing.push(machine.name.clone()),
                    }
                }
                Some(missing)
            })
            .await
    }

    /// A command after something that may not have come through: a person decides then whether it is
    /// run.
    async fn see_to_end(&self, at: HookAt, hook: &Hook, missing: Vec<Text>) -> Way<()> {
        let is_new = self.last(at).is_none();
        if missing.is_empty() || !is_new {
            return self.see_to(at, hook).await;
        }
        let names: Vec<&str> = missing.iter().map(Text::as_str).collect();
        let reply = self
            .desk
            .ask(Asking {
                topic: Topic::Hook,
                machine: None,
                step: None,
                words: format!(
                    "Not all came through. Run the command {} all the same?",
                    at.words()
                )
                .into(),
                evidence: vec![
                    format!("Not through: {}", names.join(", ")).into(),
                    format!("The command: {}", hook.shown()).into(),
                ],
                choices: vec![
                    super::desk::choice("skip", "do not run it; what comes after it goes on"),
                    Choice {
                        reason: true,
                        ..super::desk::choice("run", "run it all the same")
                    },
                ],
                checks: Vec::new(),
                until: None,
            })
            .await?;
        if reply.is("run") {
            return self.see_to(at, hook).await;
        }
        let but = format!("not run, by {}", reply.signed());
        self.begins(at, hook).await?;
        self.ends(at, End::DoneBut(vec![but.into()])).await
    }

    /// Sees a command to its end, whatever a runner before left of it.
    async fn see_to(&self, at: HookAt, hook: &Hook) -> Way<()> {
        let mut evidence = match self.last(at) {
            None => Vec::new(),
            Some(HookRun {
                state: StepState::Ended(_),
                ..
            }) => return Ok(()),
            Some(begun) => vec![
                format!(
                    "{} was begun at {}, and failback ended meanwhile: how far it came is not known",
                    begun.command, begun.begun
                )
                .into(),
            ],
        };
        loop {
            if evidence.is_empty() {
                self.desk.gate().await?;
                self.begins(at, hook).await?;
                let ran = match command::run(hook, &self.facts(at), self.desk.halted()).await {
                    Ok(ran) => ran,
                    Err(halt) => return Err(self.halted(at, halt).await),
                };
                self.tell(at, hook, &ran).await?;
                let end = match (&ran.trouble, hook.otherwise) {
                    (None, _) => End::Done,
                    (Some(trouble), Otherwise::GoOn) => End::DoneBut(vec![trouble.clone()]),
                    (Some(trouble), Otherwise::Stop) => stopped(at, trouble),
                    (Some(_), Otherwise::Ask) => {
                        evidence = ran.evidence();
                        continue;
                    }
                };
                return self.ends(at, end).await;
            }
            let reply = match self.desk.ask(asking(at, evidence)).await {
                Ok(reply) => reply,
                Err(halt) => return Err(self.halted(at, halt).await),
            };
            let end = match reply.choice.as_str() {
                "retry" => {
                    evidence = Vec::new();
                    continue;
                }
                "done" => {
                    let words = format!("that it was done is the word of {}", reply.signed());
                    End::DoneBut(vec![words.into()])
                }
                _ => End::Left(
                    format!(
                        "the command {} was given up by {}",
                        at.words(),
                        reply.signed()
                    )
                    .into(),
                ),
            };
            return self.ends(at, end).await;
        }
    }

    /// A run that a person stopped stops its commands, too; one whose runner ends leaves them open.
    async fn halted(&self, at: HookAt, halt: Halt) -> Halt {
        if halt != Halt::Stopped {
            return halt;
        }
        let who = self.desk.stopped();
        let who = who.map_or(String::new(), |who| format!(" by {who}"));
        let end = End::Left(format!("the run was stopped{who}").into());
        self.ends(at, end).await.err().unwrap_or(halt)
    }

    async fn begins(&self, at: HookAt, hook: &Hook) -> Way<()> {
        self.desk
            .write(Record::HookBegan {
                at,
                command: hook.shown(),
            })
            .await
    }

    async fn ends(&self, at: HookAt, end: End) -> Way<()> {
        self.desk.write(Record::HookEnded { at, end }).await
    }

    async fn tell(&self, at: HookAt, hook: &Hook, ran: &Ran) -> Way<()> {
        let how = match &ran.trouble {
            None => format!("{} ended well", hook.shown()),
            Some(trouble) => trouble.to_string(),
        };
        let said = ran.said.iter().map(ToString::to_string);
        let all: Vec<String> = std::iter::once(how).chain(said).collect();
        self.desk
            .write(Record::Remark {
                machine: None,
                step: None,
                words: format!("The command {}: {}", at.words(), all.join(". ")).into(),
            })
            .await
    }

    fn last(&self, at: HookAt) -> Option<HookRun> {
        let last = |run: &Run| run.hooks.iter().rev().find(|hook| hook.at == at).cloned();
        self.desk.run(last).flatten()
    }

    fn blocked(&self, at: HookAt) -> Option<Text> {
        match self.desk.run(|run| hooked(run, at)) {
            Some(Hooked::Badly(why)) => Some(why),
            _ => None,
        }
    }

    fn facts(&self, at: HookAt) -> Facts {
        let (word, wave) = match at {
            HookAt::BeforePlan => ("before-plan", None),
            HookAt::AfterPlan => ("after-plan", None),
            HookAt::BeforeWave(wave) => ("before-wave", Some(wave)),
            HookAt::AfterWave(wave) => ("after-wave", Some(wave)),
        };
        let facts = Facts::of(self.desk, word);
        match wave {
            Some(wave) => facts.with("FAILBACK_WAVE", &wave),
            None => facts,
        }
    }

    /// Calls a person as long as one is needed, however that goes.
    pub async fn call(&self) -> Infallible {
        let caller = self.sequence.and_then(|s| s.plan.needs_person.as_ref());
        if let Some(caller) = caller {
            // When the run is halted nobody is called any more.
            let _ = self.call_with(caller).await;
        }
        std::future::pending().await
    }

    async fn call_with(&self, caller: &Caller) -> Way<Infallible> {
        let hook = Hook {
            limit: caller.limit,
            ..Hook::new(caller.command.clone())
        };
        let pause = SignedDuration::from_mins(caller.every.0.max(1).into());
        let mut told: HashSet<Need> = HashSet::new();
        let mut last: Option<Timestamp> = None;
        loop {
            let all = self.desk.until_run(needs).await?;
            let now = self.site.arm().service_now();
            let waited = last.map(|last| now.duration_since(last));
            let is_new = all.iter().any(|(need, _)| !told.contains(need));
            let due = waited.is_none_or(|w| w >= pause || (is_new && w >= APART));
            if !due {
                self.desk.rest(self.site.arm().pace().poll).await?;
                continue;
            }
            // What is asked together is told together.
            self.desk.rest(self.site.arm().pace().poll).await?;
            let Some(all) = self.desk.run(needs).flatten() else {
                continue;
            };
            last = Some(self.site.arm().service_now());
            let questions: Vec<&str> = all.iter().map(|(_, words)| words.as_str()).collect();
            let facts = Facts::of(self.desk, "needs-person")
                .with("FAILBACK_QUESTION", &questions.join("\n"))
                .with("FAILBACK_QUESTIONS", &questions.len());
            let ran = command::run(&hook, &facts, self.desk.halted()).await?;
            let how = match &ran.trouble {
                None => format!("A person was called with {}", hook.shown()),
                Some(_) => {
                    let all: Vec<String> = ran.evidence().iter().map(ToString::to_string).collect();
                    format!("A person could not be called: {}", all.join(". "))
                }
            };
            self.desk
                .write(Record::Remark {
                    machine: None,
                    step: None,
                    words: how.into(),
                })
                .await?;
            told = all.into_iter().map(|(need, _)| need).collect();
        }
    }
}

/// What a person is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Need {
    Question(QuestionId),
    Pause,
}

/// Everything that a person is needed for, in words; `None` where there is nothing. A pause that a
/// person made needs none.
fn needs(run: &Run) -> Option<Vec<(Need, Text)>> {
    let asked = run.questions.iter();
    let mut all: Vec<(Need, Text)> = asked
        .map(|question| (Need::Question(question.id), question.words.clone()))
        .collect();
    if let (RunState::Paused(why), None) = (&run.state, &run.paused_by) {
        all.push((Need::Pause, format!("The run is paused: {why}").into()));
    }
    (!all.is_empty()).then_some(all)
}

fn stopped(at: HookAt, trouble: &Text) -> End {
    let what = format!(
        "The command {} stopped what comes after it: {trouble}.",
        at.words()
    );
    let advice = "The plan says that nothing more is begun then.";
    End::Failed(Box::new(Failure::new(what, advice, Retry::AfterFixing)))
}

fn asking(at: HookAt, evidence: Vec<Text>) -> Asking {
    let give_up = match at {
        HookAt::BeforePlan => "begin nothing",
        HookAt::AfterPlan => "leave it",
        HookAt::BeforeWave(_) => "cut over neither this wave nor those after it",
        HookAt::AfterWave(_) => "do not cut over the waves after it",
    };
    Asking {
        topic: Topic::Hook,
        machine: None,
        step: None,
        words: format!(
            "The command {} did not come to a good end. What now?",
            at.words()
        )
        .into(),
        evidence,
        choices: choices(give_up),
        checks: Vec::new(),
        until: None,
    }
}
