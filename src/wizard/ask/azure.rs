//! The target of a failover to Azure: what the item says now is the default, and what is left so is
//! not sent.

use super::Asked;
use super::target::joined;
use crate::domain::offers::{Network, Offered, Size, Subnet};
use crate::domain::plan::{AzureAdapter, AzureTarget};
use crate::domain::{Answer, ArmId, Generation, Text};
use crate::wizard::field::Field;
use crate::wizard::form::Form;
use crate::wizard::question::{Candidate, Kind};
use crate::wizard::remark::Remark;
use crate::wizard::walk::Walk;

/// What the VM is to be as the item has it now.
pub fn now(machine: &Offered) -> AzureTarget {
    let detail = machine.detail();
    detail.map(|d| d.target.clone()).unwrap_or_default()
}

fn adapter_now(machine: &Offered, adapter: &Text) -> Option<AzureAdapter> {
    let all = now(machine).adapters.into_iter();
    { all }.find(|own| own.id == *adapter)
}

/// The adapters that can be changed. Of several modernised ones Azure wants to hear which is the
/// primary one, which is not known here: they stay as they are.
pub fn adapters(machine: &Offered) -> Vec<Text> {
    let all: Vec<Text> = now(machine).adapters.into_iter().map(|a| a.id).collect();
    match machine.machine.provider().generation() {
        Some(Generation::Modernised) if all.len() > 1 => Vec::new(),
        _ => all.into_iter().filter(|id| !id.is_empty()).collect(),
    }
}

pub fn remarks(walk: &Walk<'_>) -> Vec<Remark> {
    let several = |m: &&&Offered| now(m).adapters.len() > 1 && adapters(m).is_empty();
    let several = walk.machines().iter().filter(several);
    let names: Vec<&str> = several.map(|m| m.machine.name.as_str()).collect();
    match names.is_empty() {
        true => Vec::new(),
        false => vec![Remark::saying(format!(
            "{}: several adapters, which are changed in the portal.",
            names.join(", ")
        ))],
    }
}

pub(super) fn shut_down() -> Asked {
    Asked::new(Kind::YesNo).default(Answer::Yes(true))
}

fn with(asked: Asked, now: Option<Text>) -> Asked {
    match now {
        Some(now) => asked.default(now),
        None => asked,
    }
}

pub(super) fn name(machine: &Offered) -> Asked {
    let now = now(machine).name;
    let form = Form::VmName(now.clone().unwrap_or_default());
    with(Asked::new(Kind::Line(form)), now)
}

/// The candidates with what counts now among them, and it the default.
fn choice(mut all: Vec<Candidate>, now: Option<Text>) -> Asked {
    let now = now.unwrap_or_default();
    let same = |c: &Candidate| c.value.as_str().eq_ignore_ascii_case(now.as_str());
    match all.iter().find(|c| same(c)) {
        Some(known) => {
            let known = known.value.clone();
            Asked::new(Kind::Choice(all)).default(known)
        }
        None => {
            let label = match now.is_empty() {
                true => "as it is: none is set".into(),
                false => {
                    ArmId::parse(now.as_str()).map_or_else(|| now.clone(), |id| id.name().into())
                }
            };
            let own = Candidate {
                value: now.clone(),
                label,
                detail: "as it is now".into(),
                refused: None,
            };
            all.insert(0, own);
            Asked::new(Kind::Choice(all)).default(now)
        }
    }
}

pub(super) fn size(machine: &Offered) -> Asked {
    let now = now(machine).size;
    let candidate = |size: &Size| Candidate {
        value: size.name.clone(),
        label: size.name.clone(),
        detail: joined([
            size.cores.map(|n| format!("{n} cores")).unwrap_or_default(),
            size.memory.map(|m| m.to_string()).unwrap_or_default(),
        ]),
        refused: None,
    };
    match machine.sizes.as_deref() {
        Some(sizes @ [_, ..]) => choice(sizes.iter().map(candidate).collect(), now),
        _ => with(Asked::new(Kind::Line(Form::VmSize)), now),
    }
}

fn networks<'a>(walk: &Walk<'a>) -> &'a [Network] {
    let known = walk.offers.choices.as_ref();
    known.map_or(&[], |choices| choices.networks.as_slice())
}

pub(super) fn network(walk: &Walk<'_>, machine: &Offered) -> Asked {
    let now = now(machine).network.map(|id| Text::from(id.as_str()));
    let candidate = |network: &Network| Candidate {
        value: network.id.as_str().into(),
        label: network.id.name().into(),
        detail: network.location.clone(),
        refused: None,
    };
    match networks(walk) {
        // While they are being read the one that counts can be kept.
        [] if walk.offers.choices.is_some() => with(Asked::new(Kind::Line(Form::Network)), now),
        all => choice(all.iter().map(candidate).collect(), now),
    }
}

/// The network that was chosen, where its subnets are known.
fn chosen_network<'a>(walk: &Walk<'a>, machine: &Offered) -> Option<&'a Network> {
    let chosen = walk.words(Field::VmNetwork, Some(machine.id()));
    let same = |network: &&Network| {
        let id = network.id.as_str();
        id.eq_ignore_ascii_case(chosen.as_str())
    };
    networks(walk).iter().find(same)
}

/// Whether another network was chosen than the item has.
pub fn is_moved(walk: &Walk<'_>, machine: &Offered) -> bool {
    let chosen = walk.words(Field::VmNetwork, Some(machine.id()));
    let chosen = ArmId::parse(chosen.as_str());
    chosen.is_some() && chosen != now(machine).network
}

pub(super) fn subnet(walk: &Walk<'_>, machine: &Offered, adapter: &Text) -> Option<Asked> {
    let own = adapter_now(machine, adapter)?.subnet;
    let candidate = |subnet: &Subnet| Candidate {
        value: subnet.name.clone(),
        label: subnet.name.clone(),
        detail: subnet.prefix.clone(),
        refused: None,
    };
    let Some(network) = chosen_network(walk, machine) else {
        let own = own.filter(|_| !is_moved(walk, machine));
        return Some(with(Asked::new(Kind::Line(Form::Subnet)), own));
    };
    let all: Vec<Candidate> = network.subnets.iter().map(candidate).collect();
    let same = |own: &Text| {
        let mut names = network.subnets.iter().map(|s| s.name.as_str());
        names.any(|name| name.eq_ignore_ascii_case(own.as_str()))
    };
    Some(match (is_moved(walk, machine), own) {
        (true, Some(own)) if !same(&own) => Asked::choice(all),
        (true, None) => Asked::choice(all),
        (_, own) => choice(all, own),
    })
}

pub(super) fn address(walk: &Walk<'_>, machine: &Offered, adapter: &Text) -> Option<Asked> {
    let now = adapter_now(machine, adapter)?;
    let key = crate::wizard::question::Key {
        part: Some(adapter.clone()),
        ..crate::wizard::question::Key::of(Field::Subnet, machine.id())
    };
    let subnet = match walk.value(&key) {
        Some(Answer::Words(name)) => name,
        _ => Text::default(),
    };
    let network = chosen_network(walk, machine);
    let known = network.and_then(|network| {
        let same = |s: &&Subnet| s.name.as_str().eq_ignore_ascii_case(subnet.as_str());
        network.subnets.iter().find(same)
    });
    let prefix = known.map_or_else(Text::default, |subnet| subnet.prefix.clone());
    let asked = Asked::new(Kind::Line(Form::InSubnet(prefix.clone()))).note(prefix);
    Some(with(asked, now.address))
}
