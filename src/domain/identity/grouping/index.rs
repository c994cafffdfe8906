//! By what registrations are found, and how names are compared.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::identity::candidate::Candidate;
use crate::domain::identity::host::HostId;
use crate::domain::ids::ArmId;

/// Registrations by what they may be found by.
#[derive(Default)]
pub(super) struct Index {
    pub by_item: HashMap<ArmId, Vec<usize>>,
    pub by_id: HashMap<String, Vec<usize>>,
    pub by_agent: HashMap<HostId, Vec<usize>>,
    pub by_name: HashMap<String, Vec<usize>>,
    pub by_label: HashMap<String, Vec<usize>>,
}

impl Index {
    pub fn of(candidates: &[Arc<Candidate>]) -> Self {
        let mut index = Self::default();
        for (at, candidate) in candidates.iter().enumerate() {
            let own = &candidate.registration;
            let (id, name) = (own.id.as_str(), own.name.as_str());
            if let Some(item) = &own.item {
                index.by_item.entry(item.clone()).or_default().push(at);
            }
            if let Some(id) = candidate.called().id() {
                index.by_agent.entry(id.clone()).or_default().push(at);
            }
            index.by_id.entry(lower(id)).or_default().push(at);
            if !name.is_empty() {
                index.by_name.entry(lower(name)).or_default().push(at);
                index.by_label.entry(label(name)).or_default().push(at);
            }
        }
        index
    }
}

pub(super) fn found<'a, K: Eq + std::hash::Hash>(
    by: &'a HashMap<K, Vec<usize>>,
    key: &K,
) -> &'a [usize] {
    by.get(key).map_or(&[], Vec::as_slice)
}

pub(in crate::domain::identity) fn lower(name: &str) -> String {
    name.trim().trim_end_matches('.').to_lowercase()
}

/// A name up to its first dot; an address is no name and stays whole.
#[must_use]
pub fn label(name: &str) -> String {
    let whole = lower(name);
    if whole.parse::<IpAddr>().is_ok() {
        return whole;
    }
    whole.split('.').next().unwrap_or_default().to_owned()
}
