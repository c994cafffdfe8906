//! `failback check PLAN`: whether a plan can be carried out now, and what is to be done about it.

use jiff::Timestamp;

use super::arguments::{Arguments, Check};
use super::exit::Exit;
use super::findings;
use super::kept::Kept;
use super::launched::Launched;
use super::output::{self, Complaint, print_json};
use super::{target, who};
use crate::domain::plan::{Statement, StatementKind};
use crate::domain::{Person, Plan, Subject};
use crate::readiness::{self, Findings, Wish};
use crate::site::Site;

pub fn run(arguments: &Arguments, options: &Check) -> Result<Exit, Complaint> {
    let site = target::site_name(arguments)?;
    let mut kept = Kept::load(&site, &options.plan)?;
    let words = wanted(&options.consent, &options.attest)?;
    if arguments.read_only && !words.is_empty() {
        return Err(Complaint::usage(
            "Nothing was kept: this is read-only (--read-only or FAILBACK_READ_ONLY).",
            "Check without --consent and --attest, or without read-only.",
        ));
    }
    let launched = match arguments.replay {
        None => Launched::look(&target::runs(&site)?, &kept.plan)?,
        Some(_) => Launched::Never,
    };
    let ran = match launched {
        Launched::Never => None,
        Launched::Ran(ran) => Some(ran),
        Launched::UnderWay(run) => {
            if arguments.json {
                print_json(&findings::not_judged(&site, &kept.plan, &run));
            } else {
                run.lines().iter().for_each(|line| output::print(line));
            }
            if !words.is_empty() {
                output::remark("failback: Nothing was kept: the plan is under way.");
            }
            return Ok(Exit::Conflict);
        }
    };
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let facts = runtime.block_on(async {
        tell_lost(&target.site).await;
        target.site.facts(&kept.plan).await
    });
    let ran = ran.map(|ran| ran.seen(&kept.plan, &facts));
    let mut found = readiness::evaluate(&kept.plan, &facts);
    if !words.is_empty() {
        let person = who::person(options.by.as_deref());
        let said = state(
            &kept.plan,
            &found,
            &words,
            &person,
            target.site.arm().service_now(),
        )?;
        kept.add(said)?;
        found = readiness::evaluate(&kept.plan, &facts);
    }
    if arguments.json {
        print_json(&findings::whole(
            &target.name,
            &kept.plan,
            &found,
            ran.as_ref(),
        ));
    } else {
        findings::lines(&kept.plan, &found, ran.as_ref())
            .iter()
            .for_each(|line| output::print(line));
    }
    Ok(if found.ready() {
        Exit::Done
    } else {
        Exit::NotReady
    })
}

/// Says which of the readings that were kept cannot be read.
pub async fn tell_lost(site: &Site) {
    for why in site.kept_troubles().await {
        output::remark(&format!("failback: {why}"));
    }
}

/// A consent or an attestation as the command line gives it: `CHECK`, `CHECK@NAME`, `CHECK=WORDS`.
#[derive(Clone, Debug)]
pub struct Said {
    kind: StatementKind,
    check: String,
    subject: Option<String>,
    words: String,
}

/// What `--consent` and `--attest` say.
pub fn wanted(consents: &[String], attestations: &[String]) -> Result<Vec<Said>, Complaint> {
    let consents = consents.iter().map(|raw| {
        let said = parse(StatementKind::Consent, raw);
        Ok(said)
    });
    let attestations = attestations.iter().map(|raw| {
        let said = parse(StatementKind::Attestation, raw);
        if said.words.trim().is_empty() {
            return Err(Complaint::usage(
                format!("--attest {raw} does not say what was looked at."),
                "Say it: --attest 'CHECK=what you saw'",
            ));
        }
        Ok(said)
    });
    consents.chain(attestations).collect()
}

fn parse(kind: StatementKind, raw: &str) -> Said {
    let (head, words) = raw.split_once('=').unwrap_or((raw, ""));
    let (check, subject) = match head.split_once('@') {
        Some((check, subject)) => (check, Some(subject.trim().to_owned())),
        None => (head, None),
    };
    Said {
        kind,
        check: check.trim().to_owned(),
        subject,
        words: words.trim().to_owned(),
    }
}

/// The statements that what was said makes, on what was found.
pub fn state(
    plan: &Plan,
    found: &Findings,
    said: &[Said],
    who: &Person,
    when: Timestamp,
) -> Result<Vec<Statement>, Complaint> {
    let mut all = Vec::new();
    for one in said {
        let subject = one.subject.as_deref();
        let subject = subject
            .map(|name| subject_of(plan, found, name))
            .transpose()?;
        let wish = Wish {
            kind: one.kind,
            check: &one.check,
            subject: subject.as_ref(),
            who,
            when,
            why: one.words.as_str().into(),
        };
        let made = found.state(plan, &wish).map_err(|why| {
            Complaint::usage(format!("Nothing was kept: {why}."), "See failback check.")
        })?;
        all.extend(made);
    }
    Ok(all)
}

/// What a name on the command line means: a machine of the plan, or a server that it names.
fn subject_of(plan: &Plan, found: &Findings, name: &str) -> Result<Subject, Complaint> {
    let mut subjects: Vec<&Subject> = Vec::new();
    for finding in &found.0 {
        let id = match &finding.subject {
            Subject::Machine(id) => id.as_str(),
            Subject::Server(id) => id.as_str(),
            Subject::Plan => "plan",
        };
        let called = plan.subject_name(&finding.subject);
        let meant = [called.as_str(), id]
            .iter()
            .any(|n| n.eq_ignore_ascii_case(name));
        if meant && !subjects.contains(&&finding.subject) {
            subjects.push(&finding.subject);
        }
    }
    match subjects.as_slice() {
        [only] => Ok((*only).clone()),
        [] => Err(Complaint::usage(
            format!("Nothing was kept: the plan has nothing called {name:?}."),
            "Name a machine of the plan, or its whole id.",
        )),
        _ => Err(Complaint::usage(
            format!("Nothing was kept: several things of the plan are called {name:?}."),
            "Say which by its whole id.",
        )),
    }
}
