//! `failback plan order`: the order of a plan that is there, and its commit window.

use std::num::NonZeroU32;

use super::super::arguments::{Arguments, PlanOrder};
use super::super::exit::Exit;
use super::super::kept::Kept;
use super::super::output::{self, Complaint, print_json};
use super::super::target;
use super::{changing, document, tell};
use crate::domain::plan::spoken::words;
use crate::domain::plan::{Caller, Hook, Minutes, Ready, Reorder, What};
use crate::domain::{ArmId, Plan, Text};

pub fn run(arguments: &Arguments, options: &PlanOrder) -> Result<Exit, Complaint> {
    changing(arguments)?;
    let mut kept = Kept::load(&target::site_name(arguments)?, &options.plan)?;
    let changes = changes(&kept.plan, options).map_err(|why| refused(&why))?;
    if changes.is_empty() {
        return Err(Complaint::usage(
            "Nothing was said about the order.",
            "See what can be: failback plan order --help",
        ));
    }
    let intent = kept
        .plan
        .intent()
        .reordered(&changes)
        .map_err(|why| refused(&why))?;
    let counted = counting(&kept.plan);
    kept.decide(intent)?;
    let lost = counted.saturating_sub(counting(&kept.plan));
    if arguments.json {
        print_json(&document(&kept.plan)?);
    } else {
        tell(arguments, &kept.plan);
    }
    if lost > 0 {
        let what = match lost {
            1 => "1 consent or attestation no longer counts".to_owned(),
            many => format!("{many} consents and attestations no longer count"),
        };
        let slug = kept.plan.slug();
        output::remark(&format!(
            "failback: {what}: the plan says something else now. See failback check {slug}"
        ));
    }
    Ok(Exit::Done)
}

fn refused(why: &str) -> Complaint {
    Complaint::usage(format!("The plan stays as it was: {why}."), "")
}

/// How many statements are about what the plan still says.
fn counting(plan: &Plan) -> usize {
    let all = plan.statements.iter();
    all.filter(|said| said.part == plan.part(&said.subject))
        .count()
}

fn changes(plan: &Plan, options: &PlanOrder) -> Result<Vec<Reorder>, String> {
    let mut all = Vec::new();
    let of = |raw: &str, flag: &str| -> Result<(ArmId, String), String> {
        let (name, value) = parted(raw, flag)?;
        Ok((machine(plan, name)?, value.to_owned()))
    };
    for raw in &options.wave {
        let (id, value) = of(raw, "wave")?;
        let number = value.parse().ok().filter(|number| *number >= 1);
        let number = number.ok_or_else(|| format!("--wave {raw}: write a number from 1"))?;
        all.push(Reorder::Wave(id, number));
    }
    for raw in &options.after {
        let (id, value) = of(raw, "after")?;
        let names = value.split(',').map(str::trim).filter(|n| !n.is_empty());
        let others = names.map(|name| machine(plan, name));
        all.push(Reorder::After(id, others.collect::<Result<_, _>>()?));
    }
    for (names, optional) in [(&options.optional, true), (&options.critical, false)] {
        for name in names {
            all.push(Reorder::Optional(machine(plan, name)?, optional));
        }
    }
    for raw in &options.healthy {
        let (id, value) = of(raw, "healthy")?;
        let limit = match value.trim() {
            "" => None,
            given => Some(minutes(given).map_err(|why| format!("--healthy {raw}: {why}"))?),
        };
        all.push(Reorder::Healthy(id, limit));
    }
    for raw in &options.wait_for {
        let (id, value) = of(raw, "wait-for")?;
        all.push(Reorder::WaitFor(id, Ready::parse_all(&value)?));
    }
    for raw in &options.command_before {
        let (place, hook) = command(plan, raw, "command-before")?;
        all.push(Reorder::CommandBefore(place, hook));
    }
    for raw in &options.command_after {
        let (place, hook) = command(plan, raw, "command-after")?;
        all.push(Reorder::CommandAfter(place, hook));
    }
    all.extend(
        options
            .at_once
            .map(|most| Reorder::AtOnce(NonZeroU32::new(most))),
    );
    if let Some(line) = &options.needs_person {
        let words = words(line)?;
        let caller = match words.is_empty() {
            true => None,
            false => Some(Caller::parse(&words).map_err(|why| format!("--needs-person: {why}"))?),
        };
        all.push(Reorder::NeedsPerson(caller));
    }
    if let Some(minutes) = options.commit_window {
        let minutes = (minutes > 0).then_some(Minutes(minutes));
        all.push(Reorder::CommitWindow(minutes));
    }
    if !options.look_at.is_empty() {
        let checks = options.look_at.iter().map(|check| check.trim());
        let checks = checks.filter(|check| !check.is_empty()).map(Text::from);
        all.push(Reorder::Checks(checks.collect()));
    }
    Ok(all)
}

fn parted<'a>(raw: &'a str, flag: &str) -> Result<(&'a str, &'a str), String> {
    let parts = raw.split_once('=');
    parts.ok_or_else(|| format!("--{flag} {}: a = is missing in it", Text::from(raw)))
}

fn command(plan: &Plan, raw: &str, flag: &str) -> Result<(What, Option<Hook>), String> {
    let (place, line) = parted(raw, flag)?;
    let wave = place.strip_prefix("wave/");
    let place = match (place, wave.and_then(|number| number.parse().ok())) {
        ("plan", _) => What::Plan,
        (_, Some(number)) => What::Wave(number),
        (name, None) => What::Machine(machine(plan, name)?),
    };
    let words = words(line).map_err(|why| format!("--{flag} {}: {why}", Text::from(raw)))?;
    if words.is_empty() {
        return Ok((place, None));
    }
    let hook = Hook::parse(&words);
    let hook = hook.map_err(|why| format!("--{flag} {}: {why}", Text::from(raw)))?;
    Ok((place, Some(hook)))
}

fn minutes(raw: &str) -> Result<Minutes, String> {
    let minutes = raw.parse().ok().filter(|minutes| *minutes >= 1);
    minutes
        .map(Minutes)
        .ok_or_else(|| "write a whole number of minutes".into())
}

/// The machine of the plan that is meant: by its name there, by its item's name, or by its id.
fn machine(plan: &Plan, wanted: &str) -> Result<ArmId, String> {
    let called = |id: &&&ArmId| {
        id.as_str().eq_ignore_ascii_case(wanted)
            || id.name().eq_ignore_ascii_case(wanted)
            || plan.machine_name(id).as_str().eq_ignore_ascii_case(wanted)
    };
    let all = plan.machines();
    let found: Vec<&ArmId> = all.iter().filter(called).copied().collect();
    let shown = Text::from(wanted);
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let names: Vec<String> = all
                .iter()
                .map(|id| plan.machine_name(id).to_string())
                .collect();
            let names = names.join(", ");
            Err(format!(
                "no machine of the plan is called \"{shown}\"; there are {names}"
            ))
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|id| id.as_str()).collect();
            Err(format!(
                "{} machines are called \"{shown}\": say which by its id: {}",
                several.len(),
                ids.join(" or ")
            ))
        }
    }
}
