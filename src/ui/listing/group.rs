//! Grouping: heads between the rows, each with the machines that belong to it.

use std::collections::HashMap;
use std::sync::Arc;

use super::Row;
use crate::domain::Machine;

/// What the list is grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    #[default]
    Nothing,
    /// Replication groups; only an id that two machines or more have is one (asr-rest.md 13).
    Group,
    Vault,
    Provider,
}

impl Grouping {
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Nothing => Self::Group,
            Self::Group => Self::Vault,
            Self::Vault => Self::Provider,
            Self::Provider => Self::Nothing,
        }
    }

    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Nothing => "not grouped",
            Self::Group => "by replication group",
            Self::Vault => "by vault",
            Self::Provider => "by provider",
        }
    }
}

/// `passing` with heads; groups stand in the order of their titles, machines of none last.
pub(super) fn grouped(
    passing: Vec<usize>,
    machines: &[Arc<Machine>],
    grouping: Grouping,
) -> Vec<Row> {
    if grouping == Grouping::Nothing {
        return passing.into_iter().map(Row::Machine).collect();
    }
    let sizes = group_sizes(machines);
    let mut groups: HashMap<(bool, String), Vec<usize>> = HashMap::new();
    for index in passing {
        let machine = &machines[index];
        let title = match grouping {
            Grouping::Nothing => None,
            Grouping::Group => group_title(machine, &sizes),
            Grouping::Vault => machine
                .id
                .segment("vaults")
                .map(|v| crate::domain::Text::from(v).to_string()),
            Grouping::Provider => Some(machine.provider().word().to_owned()),
        };
        let key = (title.is_none(), title.unwrap_or_default());
        groups.entry(key).or_default().push(index);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|((none_a, a), _), ((none_b, b), _)| {
        none_a.cmp(none_b).then_with(|| super::natural(a, b))
    });
    let mut rows = Vec::new();
    for ((none, title), members) in groups {
        let title = match (none, grouping) {
            (false, _) => title,
            (true, Grouping::Group) => "in no replication group".into(),
            (true, _) => "unknown".into(),
        };
        rows.push(Row::Head(title, members.len()));
        rows.extend(members.into_iter().map(Row::Machine));
    }
    rows
}

fn group_sizes(machines: &[Arc<Machine>]) -> HashMap<String, usize> {
    let mut sizes = HashMap::new();
    for machine in machines.iter().filter(|m| !m.group_id.is_empty()) {
        *sizes
            .entry(machine.group_id.as_str().to_lowercase())
            .or_default() += 1;
    }
    sizes
}

fn group_title(machine: &Machine, sizes: &HashMap<String, usize>) -> Option<String> {
    let id = machine.group_id.as_str().to_lowercase();
    let real = sizes.get(&id).is_some_and(|size| *size > 1);
    let name = if machine.group_name.is_empty() {
        &machine.group_id
    } else {
        &machine.group_name
    };
    real.then(|| name.to_string())
}
