//! The one machine that somebody means by a word.

use super::output::Complaint;
use crate::domain::{ArmId, Machine};

/// By what a machine is known.
pub struct Names<'a> {
    pub name: &'a str,
    pub id: &'a ArmId,
    /// Its VM in Azure, where it may be called by that.
    pub vm: Option<&'a ArmId>,
}

impl<'a> Names<'a> {
    /// The machine's own, and that of its VM in Azure.
    pub fn both(machine: &'a Machine) -> Self {
        Self {
            vm: machine.azure_vm.as_ref(),
            ..Self::own(machine)
        }
    }

    pub fn own(machine: &'a Machine) -> Self {
        Self {
            name: machine.name.as_str(),
            id: &machine.id,
            vm: None,
        }
    }

    fn hold(&self, word: &str) -> bool {
        let vm = self.vm.map(ArmId::name);
        let own = [self.name, self.id.name(), self.id.as_str()];
        let mut all = own.into_iter().chain(vm);
        all.any(|known| known.eq_ignore_ascii_case(word))
    }
}

/// The one that is called so: by a name, or by its whole id. `none` is said where there is none: what is
/// not so, and what to do.
///
/// # Errors
/// When none is, or several are.
pub fn the_one<'a, T>(
    all: &'a [T],
    word: &str,
    names: impl Fn(&'a T) -> Names<'a>,
    none: (String, &str),
) -> Result<&'a T, Complaint> {
    let found: Vec<&T> = all.iter().filter(|own| names(own).hold(word)).collect();
    match found[..] {
        [only] => Ok(only),
        [] => Err(Complaint::usage(none.0, none.1)),
        _ => {
            let ids: Vec<_> = found.iter().map(|own| names(own).id.as_str()).collect();
            Err(Complaint::usage(
                format!("{} machines are called {word:?}.", found.len()),
                format!("Say which by its whole id: {}", ids.join(" or ")),
            ))
        }
    }
}
