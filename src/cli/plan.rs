//! `failback plan new|list|show|order|delete|import|export`

mod new;
mod order;

use std::time::Duration;

use serde_json::{Value, json};

use super::arguments::{Arguments, PlanArguments, PlanCommand};
use super::exit::Exit;
use super::kept::{Kept, complaint, no_plan};
use super::output::{self, Complaint, print_json};
use super::target;
use crate::domain::infrastructure::Fabric;
use crate::domain::plan::{Plan, Slug};
use crate::domain::{Failure, Intent, Offers};
use crate::store::plans::written;
use crate::store::{Credential, Plans, SecretSource};
use crate::wizard::summary;

/// How long the names of servers may take that a plan is shown with.
const SOON: Duration = Duration::from_secs(10);

pub fn run(arguments: &Arguments, options: &PlanArguments) -> Result<Exit, Complaint> {
    match &options.command {
        PlanCommand::New(new) => new::run(arguments, new),
        PlanCommand::List => list(arguments),
        PlanCommand::Show { plan } => show(arguments, plan),
        PlanCommand::Order(options) => order::run(arguments, options),
        PlanCommand::Delete { plan } => delete(arguments, plan),
        PlanCommand::Import { file } => {
            changing(arguments)?;
            let plan = plans(arguments)?.import(file);
            kept(arguments, &plan.map_err(|trouble| no_plan(file, &trouble))?)
        }
        PlanCommand::Export { plan, file } => {
            let slug = slug(plan)?;
            let done = plans(arguments)?.export(&slug, file);
            done.map_err(|trouble| complaint(&trouble))?;
            if arguments.json {
                print_json(
                    &json!({ "schema": "failback/plan-exported/1", "slug": slug, "file": file }),
                );
            } else {
                output::print(&format!("Wrote {slug} to {}.", file.display()));
            }
            Ok(Exit::Done)
        }
    }
}

/// The plans of the site that is meant; the site itself is not asked.
fn plans(arguments: &Arguments) -> Result<Plans, Complaint> {
    of_site(&target::site_name(arguments)?)
}

fn of_site(site: &str) -> Result<Plans, Complaint> {
    Plans::of_site(&target::folders()?.data, site).ok_or_else(|| {
        Complaint::usage(
            format!("{site:?} is no site's name."),
            "See failback site list.",
        )
    })
}

fn slug(raw: &str) -> Result<Slug, Complaint> {
    Slug::parse(raw).map_err(|fault| {
        let words = fault.to_string();
        Complaint::usage(format!("{words}."), "See failback plan list.")
    })
}

fn changing(arguments: &Arguments) -> Result<(), Complaint> {
    if arguments.read_only {
        return Err(Complaint::usage(
            "Nothing was kept: this is read-only (--read-only or FAILBACK_READ_ONLY).",
            "Leave read-only out to keep or remove plans.",
        ));
    }
    Ok(())
}

/// A plan as its file holds it.
fn document(plan: &Plan) -> Result<Value, Complaint> {
    let text = written(plan).map_err(|trouble| complaint(&trouble))?;
    serde_json::from_str(&text).map_err(|error| Complaint::usage(error.to_string(), ""))
}

/// Says what is kept now.
fn kept(arguments: &Arguments, plan: &Plan) -> Result<Exit, Complaint> {
    if arguments.json {
        print_json(&document(plan)?);
        return Ok(Exit::Done);
    }
    output::print(&format!("Kept {} as {}.", plan.name, plan.slug()));
    output::print(&format!(
        "See whether it is ready: failback check {}",
        plan.slug()
    ));
    Ok(Exit::Done)
}

fn list(arguments: &Arguments) -> Result<Exit, Complaint> {
    let site = target::site_name(arguments)?;
    let listing = of_site(&site)?.list();
    let listing = listing.map_err(|trouble| complaint(&trouble))?;
    let exit = match listing.troubles.is_empty() {
        true => Exit::Done,
        false => Exit::Failed,
    };
    let troubles: Vec<String> = listing.troubles.iter().map(ToString::to_string).collect();
    if arguments.json {
        let one = |plan: &Plan| {
            let machines = plan.machines();
            let machine = |id| json!({ "id": id, "name": plan.machine_name(id) });
            json!({
                "name": plan.name,
                "slug": plan.slug(),
                "kind": plan.intent().word(),
                "machines": machines.into_iter().map(machine).collect::<Vec<_>>(),
                "statements": plan.statements.len(),
            })
        };
        print_json(&json!({
            "schema": "failback/plans/1",
            "site": site,
            "plans": listing.plans.iter().map(one).collect::<Vec<_>>(),
            "troubles": troubles,
        }));
        return Ok(exit);
    }
    if listing.plans.is_empty() && troubles.is_empty() {
        output::print("No plan is kept for this site yet.");
        output::print("Make one on the screens, or: failback plan new --print-template protect");
    }
    for plan in &listing.plans {
        let names = plan
            .machines()
            .into_iter()
            .map(|id| plan.machine_name(id).to_string());
        let names: Vec<String> = names.collect();
        output::print(&format!(
            "{:<24} {:<10} {}",
            plan.slug().as_str(),
            plan.intent().word(),
            names.join(", ")
        ));
    }
    for trouble in &troubles {
        output::remark(&format!("failback: {trouble}"));
    }
    Ok(exit)
}

fn show(arguments: &Arguments, raw: &str) -> Result<Exit, Complaint> {
    let plan = Kept::load(&target::site_name(arguments)?, raw)?.plan;
    if arguments.json {
        print_json(&document(&plan)?);
        return Ok(Exit::Done);
    }
    tell(arguments, &plan);
    Ok(Exit::Done)
}

/// The servers of the site, for their names: a plan holds their ids alone. Where they cannot be read
/// soon that is told, and the plan is shown all the same.
fn servers(arguments: &Arguments, plan: &Plan) -> Vec<Fabric> {
    if !matches!(plan.intent(), Intent::Protect(_)) {
        return Vec::new();
    }
    let read = || -> Result<Vec<Fabric>, Complaint> {
        let prompts = |credential: &Credential| {
            let secret = SecretSource::Prompt;
            matches!(credential, Credential::ClientSecret { secret: own, .. } if *own == secret)
        };
        // Showing a plan asks nobody for anything.
        let name = target::site_name(arguments)?;
        if arguments.replay.is_none() && prompts(&target::profile(&name)?.credential) {
            let what = format!("the secret of site {name} would have to be asked for");
            return Err(Complaint::usage(what, ""));
        }
        let runtime = target::runtime()?;
        let target = target::open(arguments, &runtime)?;
        let arm = target.site.arm();
        let read = async {
            let mut all = Vec::new();
            for vault in target.site.vaults() {
                all.extend(arm.fabrics(vault).await.map_err(Failure::from)?.0);
            }
            Ok::<_, Failure>(all)
        };
        let soon = async { tokio::time::timeout(SOON, read).await };
        match runtime.block_on(soon) {
            Ok(read) => Ok(read?),
            Err(_) => Err(Complaint::usage("Azure does not answer", "")),
        }
    };
    read().unwrap_or_else(|why| {
        let why = why.failure.what;
        output::remark(&format!(
            "failback: The names of servers were not read: {why}"
        ));
        Vec::new()
    })
}

/// A plan in words.
fn tell(arguments: &Arguments, plan: &Plan) {
    let offers = Offers {
        fabrics: servers(arguments, plan),
        ..Offers::default()
    };
    output::print(&format!("{}: {}", plan.name, plan.intent().word()));
    for line in summary(plan, &offers) {
        let indent = "  ".repeat(line.indent + 1);
        output::print(&format!("{indent}{:<18} {}", line.label, line.words));
    }
}

fn delete(arguments: &Arguments, raw: &str) -> Result<Exit, Complaint> {
    changing(arguments)?;
    let slug = slug(raw)?;
    let done = plans(arguments)?.delete(&slug);
    done.map_err(|trouble| complaint(&trouble))?;
    if arguments.json {
        print_json(&json!({ "schema": "failback/plan-deleted/1", "slug": slug }));
    } else {
        output::print(&format!("Removed the plan {slug}."));
    }
    Ok(Exit::Done)
}
