//! What `do failover-to-azure` and `do test-failover` say about the VM in Azure.

use std::net::IpAddr;

use super::pick::Wanted;
use crate::cli::arguments::AzureTargetOptions;
use crate::cli::output::Complaint;
use crate::domain::offers::Offered;
use crate::domain::plan::{AzureAdapter, AzureTarget};
use crate::domain::{ArmId, Offers, Text};

impl AzureTargetOptions {
    /// Of one machine alone, or nothing that belongs to one.
    pub fn fit(&self, machines: usize) -> Result<(), Complaint> {
        let own = [
            ("--vm-name", self.vm_name.is_some()),
            ("--address", self.address.is_some()),
            ("--adapter", self.adapter.is_some()),
        ];
        match own.iter().find(|(_, said)| *said && machines > 1) {
            Some((flag, _)) => Err(Complaint::usage(
                format!("{flag} belongs to one machine."),
                "Name one machine, or leave it out.",
            )),
            None => Ok(()),
        }
    }

    pub fn is_empty(&self) -> bool {
        let Self {
            vm_name,
            size,
            network,
            subnet,
            address,
            adapter,
        } = self;
        [vm_name, size, network, subnet, address, adapter]
            .iter()
            .all(|said| said.is_none())
    }
}

/// What is to be changed about a machine's VM in Azure.
pub fn target(
    offers: &Offers,
    offered: &Offered,
    said: &AzureTargetOptions,
) -> Result<AzureTarget, Complaint> {
    if said.is_empty() {
        return Ok(AzureTarget::default());
    }
    let size = match &said.size {
        Some(said) => Some(size(offers, offered, said)?),
        None => None,
    };
    let network = match &said.network {
        Some(said) => Some(network(offers, offered, said)?),
        None => None,
    };
    let adapters = match (&said.subnet, &said.address) {
        (None, None) if said.adapter.is_some() => {
            return Err(super::pick::stray(
                "--adapter",
                "It goes with --subnet or --address.",
            ));
        }
        (None, None) => Vec::new(),
        (subnet, address) => {
            let now = offered.detail().map(|detail| &detail.target);
            let before = now.and_then(|target| target.network.clone());
            let lies_in = network.as_ref().or(before.as_ref());
            vec![AzureAdapter {
                id: adapter(offers, offered, now, said.adapter.as_deref())?,
                subnet: match subnet {
                    Some(said) => Some(subnet_of(offers, offered, lies_in, said)?),
                    None => None,
                },
                address: match address {
                    Some(said) => Some(address_of(said)?),
                    None => None,
                },
            }]
        }
    };
    Ok(AzureTarget {
        name: said.vm_name.as_deref().map(Text::from),
        size,
        network,
        adapters,
    })
}

/// A network of the subscription, by name or id.
pub fn network(offers: &Offers, offered: &Offered, said: &str) -> Result<ArmId, Complaint> {
    let all = offers.choices.as_ref().map(|c| c.networks.as_slice());
    let all = all.unwrap_or_default().iter();
    let named = all.map(|n| (n.id.clone(), n.id.name().into()));
    let wanted = Wanted::of(offers, &offered.machine, "--network", "network");
    wanted.pick_id(Some(said), named)
}

/// A size that Azure offers for the machine; where it lists none, as it was said.
fn size(offers: &Offers, offered: &Offered, said: &str) -> Result<Text, Complaint> {
    match offered.sizes.as_deref() {
        None | Some([]) => Ok(said.trim().into()),
        Some(sizes) => {
            let all = sizes.iter().map(|s| (s.name.clone(), s.name.clone()));
            Wanted::of(offers, &offered.machine, "--size", "size").pick(Some(said), all)
        }
    }
}

/// A subnet of the network that the VM will lie in; where that is not known, as it was said.
fn subnet_of(
    offers: &Offers,
    offered: &Offered,
    network: Option<&ArmId>,
    said: &str,
) -> Result<Text, Complaint> {
    let all = offers.choices.as_ref().map(|c| c.networks.as_slice());
    let mut all = all.unwrap_or_default().iter();
    match all.find(|known| Some(&known.id) == network) {
        Some(known) => {
            let subnets = known.subnets.iter();
            let subnets = subnets.map(|s| (s.name.clone(), s.name.clone()));
            Wanted::of(offers, &offered.machine, "--subnet", "subnet").pick(Some(said), subnets)
        }
        None => Ok(said.trim().into()),
    }
}

fn address_of(said: &str) -> Result<Text, Complaint> {
    match said.trim().parse::<IpAddr>() {
        Ok(address) => Ok(address.to_string().into()),
        Err(_) => Err(Complaint::usage(
            format!("{said:?} is no IP address."),
            "It looks like 10.8.2.21.",
        )),
    }
}

fn adapter(
    offers: &Offers,
    offered: &Offered,
    now: Option<&AzureTarget>,
    said: Option<&str>,
) -> Result<Text, Complaint> {
    let all = now.map(|target| target.adapters.as_slice());
    let all = all.unwrap_or_default().iter();
    let named = all.map(|own| (own.id.clone(), own.id.clone()));
    let wanted = Wanted::of(offers, &offered.machine, "--adapter", "adapter");
    wanted.pick(said, named)
}
