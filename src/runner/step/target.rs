//! What the VM in Azure is to be: said before a failover, and read again after it was.

use super::change;
use super::look::PATIENCE;
use crate::domain::plan::{AzureAdapter, AzureTarget};
use crate::domain::run::End;
use crate::domain::{ArmId, Change, Failure, StepKind, Text};
use crate::runner::carrier::{Carrier, Memory};
use crate::runner::desk::Way;

const STEP: StepKind = StepKind::UpdateTarget;

pub(super) async fn update(c: &Carrier<'_>, change: &Change, memory: &mut Memory) -> Way<End> {
    let end = change::make(c, STEP, change, None, memory).await?;
    let mut but = match end {
        End::Done => Vec::new(),
        End::DoneBut(words) => words,
        end => return Ok(end),
    };
    if let Change::UpdateTarget { target, .. } = change {
        match c.machine(STEP, PATIENCE).await? {
            Ok((_, detail)) => but.extend(differences(target, &detail.target)),
            Err(error) => {
                let why = Failure::from(error).what;
                but.push(format!("whether it took could not be read: {why}").into());
            }
        }
    }
    Ok(match but.is_empty() {
        true => End::Done,
        false => End::DoneBut(but),
    })
}

/// What Azure shows otherwise than it was to be, one sentence each. Pure.
pub(super) fn differences(wanted: &AzureTarget, shown: &AzureTarget) -> Vec<Text> {
    let id = |id: &Option<ArmId>| id.as_ref().map(|id| Text::from(id.as_str()));
    let mut all = vec![
        differs("name", &wanted.name, &shown.name),
        differs("size", &wanted.size, &shown.size),
        differs("network", &id(&wanted.network), &id(&shown.network)),
    ];
    for adapter in &wanted.adapters {
        let same = |other: &&AzureAdapter| {
            let (own, other) = (adapter.id.as_str(), other.id.as_str());
            own.eq_ignore_ascii_case(other)
        };
        match shown.adapters.iter().find(same) {
            None => all.push(Some(
                format!(
                    "Azure shows no adapter {}: whether it took is not known",
                    adapter.id
                )
                .into(),
            )),
            Some(shown) => all.extend([
                differs("subnet", &adapter.subnet, &shown.subnet),
                differs("address", &adapter.address, &shown.address),
            ]),
        }
    }
    all.into_iter().flatten().collect()
}

fn differs(what: &str, wanted: &Option<Text>, shown: &Option<Text>) -> Option<Text> {
    let wanted = wanted.as_ref()?;
    let same = |shown: &Text| shown.as_str().eq_ignore_ascii_case(wanted.as_str());
    match shown {
        Some(shown) if same(shown) => None,
        Some(shown) => Some(format!("Azure shows the {what} {shown}, not {wanted}").into()),
        None => Some(format!("Azure does not show the {what}, which was to be {wanted}").into()),
    }
}
