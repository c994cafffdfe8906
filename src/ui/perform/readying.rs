//! Whether a plan may be launched now, and exactly what would go out.

use std::sync::Arc;

use futures::future::join_all;

use super::Performer;
use crate::domain::{Failure, Machine, Plan};
use crate::runner::{Deed, Previewed, preview};
use crate::site::Site;
use crate::ui::model::monitor::{Readied, ShownCall};

impl Performer {
    pub(super) async fn ready(&self, plan: &Plan) -> Result<Readied, Failure> {
        let site = self.site().await?;
        let (findings, machines) = tokio::join!(site.check(plan), machines(&site, plan));
        let version = site.arm().api_version();
        let calls = machines.and_then(|machines| preview(plan, &machines, version));
        let calls = calls.map(|all| all.into_iter().filter_map(shown).collect());
        Ok(Readied { findings, calls })
    }
}

/// The plan's machines as they are now.
async fn machines(site: &Site, plan: &Plan) -> Result<Vec<Arc<Machine>>, Failure> {
    let ids = plan.machines().into_iter();
    let read = join_all(ids.map(|id| site.machine_now(id))).await;
    read.into_iter().map(|read| read.map(Arc::new)).collect()
}

/// What of a step goes out as a call.
fn shown(previewed: Previewed) -> Option<ShownCall> {
    let call = match previewed.deed {
        Deed::Send(call) | Deed::SendIf { call, .. } => call,
        Deed::Run(_) | Deed::Wait(_) | Deed::Ask(_) => return None,
    };
    Some(ShownCall {
        machine: previewed.name,
        step: previewed.step,
        call,
    })
}
