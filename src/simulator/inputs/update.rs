//! PATCH of an item: what the VM in Azure is to be. Modernised machines say it in the provider's part, the others
//! beside it (asr-rest.md 4).

use serde_json::Value;

use super::super::asked::{Asked, Target};
use super::super::azure::SIZES;
use super::super::call::Answer;
use super::{NOT_TAKEN, Request, text};

pub(super) fn update(request: &Request) -> Result<Asked, Answer> {
    let modern = request.field("instanceType") == "InMageRcm";
    let own = if modern {
        request.details()
    } else {
        request.properties
    };
    let names = if modern {
        ["targetVmName", "targetVmSize", "targetNetworkId"]
    } else {
        [
            "recoveryAzureVMName",
            "recoveryAzureVMSize",
            "selectedRecoveryAzureNetworkId",
        ]
    };
    let [name, size, network] = names.map(|field| own[field].as_str());
    if let Some(name) = name
        && !is_vm_name(name)
    {
        let why = "A VM's name has 1 to 64 letters, digits and hyphens, and does not begin or end with a hyphen.";
        return Err(request.wrong(names[0], name, why));
    }
    if let Some(size) = size
        && !SIZES.iter().any(|s| s.0.eq_ignore_ascii_case(size))
    {
        let why = "The size is not available in the target region.";
        return Err(request.wrong(names[1], size, why));
    }
    let site = &request.world.site;
    if let Some(network) = network
        && !site.network_ids().any(|n| n.eq_ignore_ascii_case(network))
    {
        let why = "There is no virtual network of this id in the subscription.";
        return Err(request.wrong(names[2], network, why));
    }
    let mut target = Target {
        name: name.map(str::to_owned),
        size: size.map(str::to_owned),
        network: network.map(str::to_owned),
        ..Target::default()
    };
    for nic in own["vmNics"].as_array().into_iter().flatten() {
        adapter(request, nic, modern, &mut target)?;
    }
    Ok(Asked {
        target: Some(target),
        ..Asked::default()
    })
}

/// The subnet and the address of an adapter, which has to be the machine's.
fn adapter(
    request: &Request,
    nic: &Value,
    modern: bool,
    target: &mut Target,
) -> Result<(), Answer> {
    let world = request.world;
    let machine = &world.site.machines[request.machine];
    let id = text(&nic["nicId"]);
    let own = super::super::whereabouts::nic_id(world, machine, request.view);
    if !id.eq_ignore_ascii_case(&own) {
        let why = "The machine has no network adapter of this id.";
        return Err(request.wrong("nicId", id, why));
    }
    let (place, subnet, address) = if modern {
        (nic, "targetSubnetName", "targetStaticIPAddress")
    } else {
        let primary = &nic["ipConfigs"][0];
        (primary, "recoverySubnetName", "recoveryStaticIPAddress")
    };
    if let Some(name) = place[subnet].as_str() {
        if !world.site.subnets().any(|s| s.eq_ignore_ascii_case(name)) {
            let why = "The virtual network has no subnet of this name.";
            return Err(request.wrong(subnet, name, why));
        }
        target.subnet = Some(name.to_owned());
    }
    if let Some(ip) = place[address].as_str() {
        if !ip.is_empty() && ip.parse::<std::net::IpAddr>().is_err() {
            return Err(request.wrong(address, ip, NOT_TAKEN));
        }
        target.address = Some(ip.to_owned());
    }
    Ok(())
}

fn is_vm_name(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (first, last) = (name.chars().next(), name.chars().last());
    name.len() <= 64 && name.chars().all(inner) && ends(first) && ends(last)
}
