//! `failback plan new`: the wizard, walked by an answers file.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::super::arguments::{Arguments, PlanNew, WizardName};
use super::super::exit::Exit;
use super::super::kept::complaint;
use super::super::output::{self, Complaint, print_json};
use super::super::{machines, target};
use super::{changing, kept, of_site};
use crate::domain::{Answer, ArmId, Draft, Machine, Offers, Text, WizardKind};
use crate::site::{PartName, PartState, Site};
use crate::store::drafts::{parse_answers, read_answers, written};
use crate::store::plans::Overwrite;
use crate::wizard::{self, Field, Refusal, Walk};

/// Most bytes of answers that are taken from standard input.
const MOST_BYTES: u64 = 8 << 20;

pub fn run(arguments: &Arguments, options: &PlanNew) -> Result<Exit, Complaint> {
    if let Some(name) = options.print_template {
        return template(arguments, name, &options.machines);
    }
    changing(arguments)?;
    let mut document = match &options.answers {
        Some(file) => answers(file)?,
        None => {
            return Err(Complaint::usage(
                "There are no answers.",
                "Give --answers FILE.",
            ));
        }
    };
    if let Some(minutes) = options.commit_window {
        let name = Field::CommitWindow.name().into();
        let minutes = Answer::Number(minutes.into());
        document.answers.insert(name, minutes);
    }
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let plans = of_site(&target.name)?;
    let mut offers = offers(&target.site, &target.name, &runtime)?;
    let replayed = wizard::machines_of(&document, &offers).and_then(|ids| {
        learn(&target.site, &runtime, &mut offers, &ids);
        wizard::replay(&document, &offers)
    });
    let draft = match replayed {
        Ok(draft) => draft,
        Err(refusals) => return Ok(refuse(arguments, &refusals)),
    };
    let finished = Walk::new(&draft, &offers).finish();
    let finished = finished.map_err(|faults| {
        Complaint::usage(
            format!("No plan was made. {}.", faults.join("; ")),
            "Correct the answers.",
        )
    })?;
    let saved = plans.save(&finished.plan, Overwrite::Never);
    saved.map_err(|trouble| complaint(&trouble))?;
    let exit = kept(arguments, &finished.plan)?;
    if finished.now {
        let slug = finished.plan.slug();
        let words = format!("Nothing was started: failback run {slug} starts it.");
        output::remark(&words);
    }
    Ok(exit)
}

fn answers(file: &Path) -> Result<Draft, Complaint> {
    let read = if file.as_os_str() == "-" {
        let mut text = String::new();
        let input = std::io::stdin().lock();
        let read = input.take(MOST_BYTES).read_to_string(&mut text);
        read.map_err(|error| Complaint::usage(format!("Standard input: {error}."), ""))?;
        parse_answers(&text, "standard input")
    } else {
        read_answers(file)
    };
    read.map_err(|trouble| complaint(&trouble))
}

/// What the site offers: the estate, what is read beside it, and the plans that are kept.
fn offers(
    site: &Arc<Site>,
    name: &str,
    runtime: &tokio::runtime::Runtime,
) -> Result<Offers, Complaint> {
    let read = async { tokio::join!(machines::gather(site), site.choices()) };
    let (estate, choices) = runtime.block_on(read);
    for part in [PartName::Machines, PartName::Infrastructure] {
        if let Some(PartState::Failed(failure)) = estate.part(part).map(|p| &p.state) {
            return Err(Complaint::failed(failure.as_ref().clone()));
        }
    }
    for unread in &choices.unread {
        output::remark(&format!("failback: {unread}"));
    }
    let mut offers = estate.offers();
    offers.choices = Some(choices);
    let listing = of_site(name)?.list();
    let listing = listing.map_err(|trouble| complaint(&trouble))?;
    for trouble in &listing.troubles {
        output::remark(&format!("failback: {trouble}"));
    }
    offers.plans = listing.plans;
    Ok(offers)
}

fn learn(site: &Arc<Site>, runtime: &tokio::runtime::Runtime, offers: &mut Offers, ids: &[ArmId]) {
    let known = ids.iter().filter_map(|id| offers.machine(id));
    let machines: Vec<Arc<Machine>> = known.map(|m| Arc::clone(&m.machine)).collect();
    let read = runtime.block_on(site.offered(&machines));
    offers.learn(read);
}

/// Every refusal at once: a file is mended in one go.
fn refuse(arguments: &Arguments, refusals: &[Refusal]) -> Exit {
    if arguments.json {
        let one = |r: &Refusal| json!({ "field": r.field, "machine": r.machine, "why": r.why });
        print_json(&json!({
            "schema": "failback/refusals/1",
            "refusals": refusals.iter().map(one).collect::<Vec<_>>(),
        }));
    }
    output::remark("failback: No plan was made; these answers cannot be taken:");
    for refusal in refusals {
        output::remark(&format!("  {refusal}"));
    }
    Exit::Usage
}

fn template(arguments: &Arguments, name: WizardName, wanted: &[String]) -> Result<Exit, Complaint> {
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let mut offers = offers(&target.site, &target.name, &runtime)?;
    let mut draft = Draft::new(match name {
        WizardName::Protect => WizardKind::Protect,
        WizardName::Recover => WizardKind::Recover,
        WizardName::FailOver => WizardKind::FailOver,
    });
    if !wanted.is_empty() {
        let list = wanted
            .iter()
            .map(|name| Text::from(name.as_str()))
            .collect();
        draft.answers.insert("machines".into(), Answer::List(list));
        let ids = match wizard::machines_of(&draft, &offers) {
            Ok(ids) => ids,
            Err(refusals) => return Ok(refuse(arguments, &refusals)),
        };
        learn(&target.site, &runtime, &mut offers, &ids);
        let ids = ids.iter().map(|id| id.as_str().into()).collect();
        draft.answers.insert("machines".into(), Answer::List(ids));
    }
    let document = wizard::template(&draft, &offers);
    let text = written(&document).map_err(|trouble| complaint(&trouble))?;
    output::print(text.trim_end());
    Ok(Exit::Done)
}
