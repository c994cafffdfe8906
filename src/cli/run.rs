//! `failback run PLAN`: launches a kept plan, and watches it.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::join_all;

use super::arguments::{Arguments, Run};
use super::check;
use super::dry_run::{self, Dry};
use super::estimating;
use super::exit::Exit;
use super::kept::Kept;
use super::launching::{self, Confirmation, Launch, What, not_ready, unconfirmed};
use super::output::{self, Complaint};
use super::ready::Outlook;
use super::{target, who};
use crate::domain::caution::TEMPORARY_DISK;
use crate::domain::text::counted;
use crate::domain::{ArmId, Detail, Failure, Intent, Machine, Plan, Retry};
use crate::runner;
use crate::site::Site;
use crate::store::RunTrouble;

/// Most machines that a summary names.
const NAMED: usize = 12;

pub fn run(arguments: &Arguments, options: &Run) -> Result<Exit, Complaint> {
    let runtime = target::runtime()?;
    if options.launching.dry_run {
        let target = target::open(arguments, &runtime)?;
        let plan = Kept::load(&target.name, &options.plan)?.plan;
        let (machines, details) = runtime.block_on(machines(&target.site, &plan))?;
        let version = target.site.arm().api_version();
        let steps = runner::preview(&plan, &machines, version).map_err(not_ready)?;
        let runs = target::runs(&target.name).ok();
        let said = check::wanted(&options.launching.consent, &options.launching.attest)?;
        let by = who::person(options.launching.who.as_deref());
        let outlook = Outlook::of(&target.site, runs.as_ref(), true, &plan, &said, &by);
        let outlook = runtime.block_on(outlook)?;
        let dry = Dry {
            plan: &plan,
            site: &target.name,
            steps: &steps,
            warnings: &[],
            forecast: &estimating::of_plan(&plan, &machines, &details, runs.as_ref()),
            outlook: &outlook,
        };
        dry_run::print(&dry, arguments.json);
        return Ok(Exit::Done);
    }
    launching::may_change(arguments)?;
    let said = check::wanted(&options.launching.consent, &options.launching.attest)?;
    let kept = Kept::load(&target::name(arguments)?, &options.plan)?;
    let name = kept.plan.name.clone();
    if !arguments.json {
        summary(&kept.plan);
    }
    let confirmation = Confirmation {
        what: "the plan",
        name: name.as_str().into(),
        also: Some(kept.plan.slug().to_string()),
    };
    let open = unconfirmed(vec![confirmation], options.confirm.as_slice())?;
    let changing = target::changing(arguments)?;
    let target = changing.open()?;
    let launch = Launch {
        changing,
        target: &target,
        what: What::Kept(Box::new(kept)),
        options: &options.launching,
        said,
        standing: Vec::new(),
        open,
    };
    launch.begin(&runtime, arguments)
}

/// The machines of a plan as they are now, with what only a deep read tells.
async fn machines(
    site: &Site,
    plan: &Plan,
) -> Result<(Vec<Arc<Machine>>, HashMap<ArmId, Detail>), Failure> {
    let reading = plan.machines().into_iter().map(|id| site.machine_told(id));
    let read: Result<Vec<_>, Failure> = join_all(reading).await.into_iter().collect();
    let told = |(machine, detail): (Machine, Detail)| {
        let id = machine.id.clone();
        (Arc::new(machine), (id, detail))
    };
    Ok(read?.into_iter().map(told).unzip())
}

fn summary(plan: &Plan) {
    let machines = plan.machines();
    let count = counted(machines.len(), "machine");
    output::print(&format!("{}: {}, {count}", plan.name, plan.intent().word()));
    for id in machines.iter().take(NAMED) {
        output::print(&format!("  {}", plan.machine_name(id)));
    }
    if machines.len() > NAMED {
        output::print(&format!("  and {} more", machines.len() - NAMED));
    }
    if let Intent::Protect(protection) = plan.intent() {
        let all = protection.machines.iter();
        let count = all.filter(|own| own.offline_temporary).count();
        if count > 0 {
            let of = counted(count, "machine");
            output::print(&format!("  ! {of}: {TEMPORARY_DISK}"));
        }
    }
    output::print("Every call is shown by --dry-run.");
}

impl From<RunTrouble> for Complaint {
    fn from(trouble: RunTrouble) -> Self {
        let file = match &trouble {
            RunTrouble::Disk { file, .. } => Some(file.as_str()),
            _ => None,
        };
        let what = output::sentence(&trouble.to_string(), file);
        match trouble {
            RunTrouble::Unknown(_) => Self::usage(what, ""),
            _ => Self::failed(Failure::new(what, "", Retry::AfterFixing)),
        }
    }
}
