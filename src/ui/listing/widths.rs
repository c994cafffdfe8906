//! How wide the columns would like to be, taken over the whole estate so that they hold still while
//! the list is filtered or scrolled.

use std::sync::Arc;

use crate::domain::Machine;
use crate::domain::text::columns;

/// The widest content of each column that varies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Widths {
    pub name: usize,
    pub provider: usize,
    pub state: usize,
    pub next: usize,
    pub azure_name: usize,
    pub address: usize,
    pub group: usize,
    pub policy: usize,
    pub vault: usize,
}

impl Widths {
    pub(super) fn of(machines: &[Arc<Machine>]) -> Self {
        let mut widths = Self::default();
        for machine in machines {
            let grow = |width: &mut usize, text: &str| *width = (*width).max(columns(text));
            grow(&mut widths.name, machine.name.as_str());
            grow(&mut widths.provider, machine.provider().word());
            grow(&mut widths.state, &machine.state_words());
            if let Some(verb) = machine.next.verbs.first() {
                grow(&mut widths.next, verb.words());
            }
            if let Some(name) = machine.azure_name() {
                grow(&mut widths.azure_name, name.as_str());
            }
            grow(&mut widths.address, machine.address.as_str());
            grow(&mut widths.group, machine.group_name.as_str());
            grow(&mut widths.policy, machine.policy.as_str());
            grow(
                &mut widths.vault,
                machine.id.segment("vaults").unwrap_or_default(),
            );
        }
        widths
    }
}
