//! From the plan's choices, each of which may be missing, to the inputs of a reprotect, which are whole.

use super::NoRecipe;
use crate::domain::call::{
    AzureInput, ClassicAzureInput, ClassicInput, HomeInput, HyperVAzureInput, ModernisedAzureInput,
    ModernisedInput,
};
use crate::domain::place::Generation;
use crate::domain::plan::{ReturnTarget, Target};
use crate::domain::text::Text;

/// Where a machine replicates home to.
pub(super) fn home(
    name: &Text,
    generation: Generation,
    target: &Target,
) -> Result<HomeInput, NoRecipe> {
    let wants = Wants(name);
    match (generation, target) {
        (Generation::Classic, Target::Classic(t)) => Ok(HomeInput::Classic(ClassicInput {
            process_server: wants.a("process server", &t.process_server)?,
            master_target: wants.a("master target", &t.master_target)?,
            retention: wants.a("retention drive", &t.retention)?,
            datastore: wants.a("datastore", &t.datastore)?,
            account: t.account.clone(),
            policy: wants.a("failback policy", &t.policy)?,
        })),
        (Generation::Modernised, Target::Modernised(t)) => {
            Ok(HomeInput::Modernised(ModernisedInput {
                reprotect_agent: wants.a("reprotect agent", &t.reprotect_agent)?,
                datastore: wants.a("datastore", &t.datastore)?,
                log_storage: wants.a("log storage account", &t.log_storage)?,
            }))
        }
        (Generation::Classic, _) => Err(wants.missing("classic target")),
        (Generation::Modernised, _) => Err(wants.missing("modernised target")),
        (Generation::HyperV, _) => Err(NoRecipe::NotThere {
            name: name.clone(),
            generation,
            why: "it needs no protection before it fails back: recover it [003]",
        }),
    }
}

/// How a machine is protected to Azure again.
pub(super) fn azure(
    name: &Text,
    generation: Generation,
    target: &ReturnTarget,
) -> Result<AzureInput, NoRecipe> {
    let wants = Wants(name);
    Ok(match generation {
        Generation::Classic => AzureInput::Classic(ClassicAzureInput {
            process_server: wants.a("process server", &target.process_server)?,
            account: target.account.clone(),
            policy: wants.a("replication policy", &target.policy)?,
        }),
        Generation::Modernised => AzureInput::Modernised(ModernisedAzureInput {
            process_server: wants.a("process server", &target.process_server)?,
            account: target.account.clone(),
            policy: wants.a("replication policy", &target.policy)?,
        }),
        Generation::HyperV => AzureInput::HyperV(HyperVAzureInput {
            host_vm: wants.a("machine on the Hyper-V host", &target.host_vm)?,
            vm_name: name.clone(),
            os: wants.a("operating system", &target.os)?,
            storage: target.storage.clone(),
        }),
    })
}

/// Whose choices they are.
struct Wants<'a>(&'a Text);

impl Wants<'_> {
    fn a<T: Clone>(&self, what: &'static str, choice: &Option<T>) -> Result<T, NoRecipe> {
        choice.clone().ok_or_else(|| self.missing(what))
    }

    fn missing(&self, missing: &'static str) -> NoRecipe {
        NoRecipe::Missing {
            name: self.0.clone(),
            missing,
        }
    }
}
