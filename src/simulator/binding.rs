//! What an item is bound to: its servers, its registration, its policy.

use serde_json::Value;

use super::items::current_id;
use super::site::Machine;
use super::template::Vars;
use super::world::{View, World};

/// Which servers carry it.
pub(super) fn servers(world: &World, machine: &Machine, view: &View, v: &mut Vars) {
    let fabric = world.site.fabric_of(machine);
    let spec = &machine.spec;
    let named = |list: &[super::estate::ServerSpec], name: Option<&String>| {
        let found = name
            .and_then(|n| list.iter().find(|s| s.name == *n))
            .or_else(|| list.first());
        found
            .map(|s| (super::fabrics::server_id(world, fabric, s), s.name.clone()))
            .unwrap_or_default()
    };
    let (mut ps, mut ps_name) = named(&fabric.spec.process_servers, spec.process_server.as_ref());
    let os = machine.os();
    let fitting = fabric
        .spec
        .master_targets
        .iter()
        .find(|m| m.os.as_deref() == Some(os));
    let target = spec.master_target.as_ref().or(fitting.map(|m| &m.name));
    let (mut mt, _) = named(&fabric.spec.master_targets, target);
    let (appliance, appliance_name) = named(&fabric.spec.appliances, spec.process_server.as_ref());
    // What the last reprotect was told to use goes before what the estate says.
    let choice = &view.choice;
    if let Some(chosen) = &choice.master_target {
        mt.clone_from(chosen);
    }
    if let Some((id, name)) = &choice.process_server {
        ps.clone_from(id);
        ps_name.clone_from(name);
    }
    v.set("processServerId", ps)
        .set("processServerName", ps_name)
        .set("masterTargetId", mt);
    let modern = choice
        .reprotect_agent
        .as_ref()
        .filter(|_| view.stage.homeward);
    let modern = modern.or(choice.process_server.as_ref());
    let (appliance, appliance_name) = modern.cloned().unwrap_or((appliance, appliance_name));
    v.set("applianceId", appliance)
        .set("applianceName", appliance_name);
    v.set(
        "datastore",
        choice
            .datastore
            .as_deref()
            .or(spec.datastore.as_deref())
            .unwrap_or("DS-VMFS-01"),
    );
    let vcenter = fabric
        .spec
        .vcenters
        .first()
        .map_or("vcenter", |c| c.name.as_str());
    v.set("vcenter", vcenter).set("vCenterNumber", "9");
    v.set("vmwareSite", fabric.vmware_site());
}

/// The registration that the item is bound to; modernised items have none.
pub(super) fn protectable_id(world: &World, machine: &Machine, view: &View) -> Value {
    let fabric = world.site.fabric_of(machine);
    match view.stage.provider {
        "InMageRcm" | "InMageRcmFailback" => Value::Null,
        _ => {
            let id = current_id(world, machine, view);
            format!("{}/replicationProtectableItems/{id}", fabric.container_id).into()
        }
    }
}

/// The policy of its direction: the one it names if that is of the right kind, else the first mapped one.
pub(super) fn policy<'a>(world: &'a World, machine: &'a Machine, provider: &str) -> &'a str {
    let of_kind = |name: &str| {
        world
            .site
            .policies
            .iter()
            .find(|p| p.name == name && p.kind == provider)
    };
    let mapped = || {
        let mappings = &world.site.fabric_of(machine).spec.mappings;
        mappings.iter().find_map(|m| of_kind(&m.policy))
    };
    let own = machine.spec.policy.as_deref().and_then(of_kind);
    own.or_else(mapped).map_or("", |p| p.name.as_str())
}
