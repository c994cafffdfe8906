//! What makes a job fail without any rule: what a machine is, and where it is.

use jiff::Timestamp;

use super::asked::Asked;
use super::clock::seconds;
use super::kind::{Form, Kind};
use super::quirks::Quirk;
use super::view::View;
use super::world::World;

/// How long after its start a machine's agent may take to register \[001\].
const REGISTERS: f64 = 900.0;

/// The error with which a job will end that begins now.
pub(super) fn of_itself(
    world: &World,
    (kind, asked): (&Kind, &Asked),
    machine: usize,
    view: &View,
    now: Timestamp,
) -> Option<String> {
    let protects = matches!(kind.form, Form::ProtectClassic | Form::ProtectModern);
    let homeward = ["InMage", "InMageRcm"].contains(&kind.input.as_deref().unwrap_or_default());
    let error = if protects && homeward {
        // A machine that does not run cannot be protected to the site \[002, 004\].
        (view.azure_power != "running").then_some("78093")
    } else if protects {
        let late = world.has(Quirk::AgentRegistersLate);
        let young = |start| seconds(start, now) < REGISTERS;
        (late && view.site_since.is_some_and(young)).then_some("AgentNotInstalled")
    } else {
        match kind.form {
            Form::HomeModern => (view.azure_power != "running").then_some("78093"),
            Form::HomeHyperv => failback(world, asked, machine, view),
            Form::Reverse | Form::ToAzurePlanned => {
                silent(world, machine, view, None).then_some("HostNotConnected")
            }
            _ => None,
        }
    };
    error.map(str::to_owned)
}

fn failback(world: &World, asked: &Asked, machine: usize, view: &View) -> Option<&'static str> {
    let spec = &world.site.machines[machine].spec;
    let there = view.site_made.is_some() || spec.site_vm.as_deref() != Some("deleted");
    let host = asked.create.as_ref().and_then(|host| host.as_deref());
    if spec.managed_disks && !world.has(Quirk::ManagedDisksReturn) {
        // \[003\]; said to be possible since.
        Some("ManagedDisksNotSupported")
    } else if silent(world, machine, view, host) {
        Some("HostNotConnected")
    } else if !there && asked.create.is_none() {
        Some("VmNotFoundOnHost")
    } else {
        None
    }
}

/// The provider of the machine's host, or of another one, is not connected.
fn silent(world: &World, machine: usize, view: &View, host: Option<&str>) -> bool {
    let made = view
        .site_made
        .as_ref()
        .and_then(|(_, host)| host.as_deref());
    let machine = &world.site.machines[machine];
    world.site.provider_of(machine, host.or(made)).1.silent
}
