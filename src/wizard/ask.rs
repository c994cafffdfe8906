//! What each field asks now: its candidates out of the offers, its default, and whether it applies.

mod azure;
mod ending;
mod hyperv;
mod machines;
mod modernised;
mod order;
mod point;
mod recover;
mod settings;
mod target;

use super::field::Field;
use super::question::{Candidate, Key, Kind, Question};
use super::walk::Walk;
use crate::domain::Answer;
use crate::domain::Text;
use crate::domain::offers::Offered;

pub(super) use azure::{
    adapters as azure_adapters, is_moved, now as azure_now, remarks as azure_remarks,
};
pub(super) use hyperv::remarks as hyperv_remarks;
pub use machines::refused;
pub(super) use machines::{of_plan, together};
pub(super) use order::{said as after, untied};
pub(super) use point::remarks as point_remarks;

/// Words that drafts keep for choices of the wizards' own.
pub(super) mod words {
    pub use super::ending::NOW;
    pub use super::hyperv::FULL_DOWNLOAD;
    pub use super::point::{LATEST, LATEST_APPLICATION, LATEST_PROCESSED};
    pub use super::recover::HOOK;
    pub use super::settings::{HOURS, OFFLINE};
    pub use super::target::ALTERNATE;
}

/// What a field function makes: the rest of a [`Question`].
pub(super) struct Asked {
    pub kind: Kind,
    pub default: Option<Answer>,
    pub note: Text,
}

impl Asked {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            default: None,
            note: Text::default(),
        }
    }

    fn default(self, default: impl Into<Answer>) -> Self {
        Self {
            default: Some(default.into()),
            ..self
        }
    }

    fn note(self, note: impl Into<Text>) -> Self {
        Self {
            note: note.into(),
            ..self
        }
    }

    /// A choice whose only candidate is preselected: what Azure knows is not asked.
    fn choice(candidates: Vec<Candidate>) -> Self {
        let mut free = candidates.iter().filter(|c| c.refused.is_none());
        let only = match (free.next(), free.next()) {
            (Some(only), None) => Some(only.value.clone()),
            _ => None,
        };
        let asked = Self::new(Kind::Choice(candidates));
        match only {
            Some(only) => asked.default(only).note("the only one"),
            None => asked,
        }
    }
}

/// The question behind a key; `None` when it does not apply.
pub(super) fn question(walk: &Walk<'_>, key: &Key, machine: Option<&Offered>) -> Option<Question> {
    let asked = match key.field {
        Field::System => machines::system(walk)?,
        Field::Plan => machines::plan(walk)?,
        Field::Machines => machines::machines(walk),
        Field::Location => target::location(walk, machine),
        Field::VCenter => target::vcenter(walk, machine)?,
        Field::ProcessServer => target::process_server(walk, machine),
        Field::MasterTarget => target::master_target(walk, machine),
        Field::Retention => target::retention(walk, machine),
        Field::Datastore => target::datastore(walk, machine),
        Field::ReprotectAgent => modernised::agent(walk, machine),
        Field::AgentDatastore => modernised::datastore(walk, machine),
        Field::LogStorage => modernised::log_storage(walk, machine),
        Field::Policy => target::policy(walk, machine),
        Field::Account => target::account(walk, machine)?,
        Field::RetentionSize => settings::retention_size(),
        Field::RetentionValue => settings::retention_value(),
        Field::RetentionUnit => settings::retention_unit(),
        Field::ConsistencyInterval => settings::consistency_interval(),
        Field::OfflineTemporary => settings::offline_temporary(),
        Field::Network => settings::network(machine?, key.part.as_ref()?)?,
        Field::Address => settings::address(machine?, key.part.as_ref()?)?,
        Field::Cpus => settings::cpus(),
        Field::Memory => settings::memory(),
        Field::DisplayName | Field::Folder => settings::inventory(),
        Field::NatProcessServer | Field::NatMasterTarget => settings::nat(),
        Field::Point => point::home(walk, machine),
        Field::Quiesce => recover::quiesce(),
        Field::Command => recover::command(walk, key)?,
        Field::CommandLimit => recover::command_limit(walk, key)?,
        Field::DrainLimit => recover::drain_limit(),
        Field::StopAzureVmFirst => recover::stop_first(),
        Field::AzureVm => recover::azure_vm(walk, machine?)?,
        Field::DataSync => hyperv::data_sync(walk, machine),
        Field::Host => hyperv::host(walk, machine),
        Field::CreateVm => hyperv::create_vm(walk, machine)?,
        Field::AzurePoint => point::azure(walk, machine),
        Field::ShutDown => azure::shut_down(),
        Field::VmName => azure::name(machine?),
        Field::VmSize => azure::size(machine?),
        Field::VmNetwork => azure::network(walk, machine?),
        Field::Subnet => azure::subnet(walk, machine?, key.part.as_ref()?)?,
        Field::VmAddress => azure::address(walk, machine?, key.part.as_ref()?)?,
        Field::Wave => recover::wave(walk),
        Field::After => order::after(walk, machine?)?,
        Field::Optional => order::no(),
        Field::Healthy => order::healthy(),
        Field::WaitFor => order::ready(),
        Field::CommandBefore
        | Field::CommandAfter
        | Field::PlanBefore
        | Field::PlanAfter
        | Field::WaveBefore
        | Field::WaveAfter => order::hook(),
        Field::NeedsPerson => order::caller(),
        Field::CommitWindow => recover::commit_window(),
        Field::Checks => recover::checks(),
        Field::AtOnce => order::at_once(),
        Field::Name => ending::name(walk),
        Field::Start => ending::start(walk),
    };
    Some(Question {
        key: key.clone(),
        kind: asked.kind,
        default: asked.default,
        note: asked.note,
    })
}

/// Whether a field is asked only once another one is answered: until then nothing is wrong with it,
/// the fault is the other one's.
pub(super) fn waits(question: &Question) -> bool {
    question.note.as_str() == target::TARGET_FIRST
}

/// What stands under a field that must be answered and is not.
pub(super) fn missing(question: &Question) -> String {
    let what = question.row().label.to_lowercase();
    match &question.kind {
        _ if question.note.as_str() == target::BEING_READ => {
            format!("the {what} is still being read; wait a moment")
        }
        Kind::Machines(_) => "mark at least one machine".into(),
        Kind::Choice(all) if all.iter().all(|c| c.refused.is_some()) => match all.as_slice() {
            [] => format!("Azure shows no {what} here; refresh, or look at Infrastructure"),
            _ => format!("no {what} here can be chosen; each says why"),
        },
        Kind::Choice(_) if question.field() == Field::MasterTarget => {
            format!("choose a {what}; drive and datastore follow")
        }
        Kind::Choice(_) if what.starts_with(['a', 'e', 'i', 'o', 'u']) => {
            format!("choose an {what}")
        }
        Kind::Choice(_) => format!("choose a {what}"),
        Kind::Line(_) | Kind::Number { .. } | Kind::YesNo => format!("fill in: {what}"),
    }
}
