//! Addresses and routes.

use super::{Address, Lost, both, unknown};
use crate::domain::guest::compare::Outcome;
use crate::domain::guest::model::{Adapter, Guest, Lease, Route, bare};
use crate::domain::guest::record::{Record, Spot};
use crate::domain::text::Text;

/// Addresses of Azure's own, the same in every network of it.
pub(super) const OF_AZURE: [&str; 2] = ["168.63.129.16", "169.254.169.254"];

/// What was fixed at home is to be there, and fixed. Recorded in Azure alone, the addresses count under
/// which Site Recovery knew the machine at home: a guest does not have them there.
pub(super) fn addresses(record: &Record, before: &Guest, now: &Guest) -> Outcome {
    match record.spot {
        Spot::Home => fixed_before(before, now),
        Spot::Azure => known_at_home(record, now),
        Spot::Unknown => unknown("where it ran when it was recorded is not known"),
    }
}

fn fixed_before(before: &Guest, now: &Guest) -> Outcome {
    let (was, is) = match both("adapters", &before.adapters, &now.adapters) {
        Ok(both) => both,
        Err(outcome) => return outcome,
    };
    let mut lost = Vec::new();
    let mut open = 0;
    for (at, adapter) in was.iter().enumerate() {
        let has = adapter.addresses.iter().any(|a| is_v4(a.as_str()));
        match adapter.lease {
            Lease::Fixed => {}
            Lease::Unknown if has => {
                open += 1;
                continue;
            }
            Lease::Dhcp | Lease::Unknown => continue,
        }
        for address in adapter.addresses.iter().filter(|a| is_v4(a.as_str())) {
            let wanted = Address {
                adapter: counterpart(adapter, at, was, is),
                address: address.clone(),
                gateway: gateway_of(before, adapter),
                name_servers: servers_of(before, adapter),
            };
            match having(is, address.as_str()) {
                None => lost.push(Lost::Address(wanted)),
                Some(own) if own.lease == Lease::Dhcp => lost.push(Lost::Fixed(Address {
                    adapter: own.name.clone(),
                    ..wanted
                })),
                Some(own) if own.lease == Lease::Unknown => open += 1,
                Some(own) => match (length(address), as_now(own, address)) {
                    (Some(was), Some(now)) if length(now) == Some(was) => {}
                    (Some(_), Some(now)) if length(now).is_some() => {
                        let wanted = Address {
                            adapter: own.name.clone(),
                            ..wanted
                        };
                        lost.push(Lost::Length(wanted, now.clone()));
                    }
                    _ => open += 1,
                },
            }
        }
    }
    match (lost.is_empty(), open) {
        (true, 1..) => {
            unknown("whether an address is fixed, or how long its network is, is not told")
        }
        _ => Outcome::of(lost),
    }
}

fn known_at_home(record: &Record, now: &Guest) -> Outcome {
    let Some(is) = &now.adapters else {
        return unknown("adapters were not read now");
    };
    let known: Vec<&Text> = record
        .home
        .addresses
        .iter()
        .filter(|a| is_v4(a.as_str()))
        .collect();
    if known.is_empty() {
        return unknown("it was recorded in Azure, and its address at home is not told");
    }
    let only = match &is[..] {
        [only] => only.name.clone(),
        _ => Text::default(),
    };
    let mut lost = Vec::new();
    let mut by_dhcp = Vec::new();
    for address in known {
        match having(is, address.as_str()) {
            None => lost.push(Lost::Address(Address {
                adapter: only.clone(),
                address: address.clone(),
                ..Address::default()
            })),
            Some(own) if own.lease == Lease::Fixed => {}
            Some(_) => by_dhcp.push(address.as_str()),
        }
    }
    match (lost.is_empty(), &by_dhcp[..]) {
        // At home DHCP may have given it the same one always.
        (true, [_, ..]) => unknown(format!(
            "it has {}, not as a fixed address; whether it was one at home was not recorded",
            by_dhcp.join(", ")
        )),
        _ => Outcome::of(lost),
    }
}

/// A way out, and those that somebody set. Recorded in Azure alone, what is there now is not known to be
/// what the machine had at home: a loss is told, and nothing is the same.
pub(super) fn routes(record: &Record, before: &Guest, now: &Guest) -> Outcome {
    let (was, is) = match both("routes", &before.routes, &now.routes) {
        Ok(both) => both,
        Err(outcome) => return outcome,
    };
    let is_default = |r: &&Route| r.to.as_str() == "default";
    let mut lost = Vec::new();
    let ways: Vec<&Route> = is.iter().filter(is_default).collect();
    let known: Vec<&Route> = was.iter().filter(is_default).collect();
    let at_home = record.spot == Spot::Home;
    let goes = |over: &[&Route], way: &Route| over.iter().any(|own| own.gateway == way.gateway);
    if at_home {
        // One that was there before is no stranger, and is not taken away for another.
        let instead = ways.iter().find(|way| !goes(&known, way));
        for way in known.iter().filter(|way| !goes(&ways, way)) {
            lost.push(Lost::DefaultRoute {
                gateway: way.gateway.clone(),
                adapter: present(now, &way.adapter),
                now: instead.map(|way| way.gateway.clone()).unwrap_or_default(),
            });
        }
    } else if let (true, Some(way)) = (ways.is_empty(), known.first()) {
        // The gateway of Azure's network is none at home: there is to be one, whichever.
        lost.push(Lost::DefaultRoute {
            gateway: Text::default(),
            adapter: present(now, &way.adapter),
            now: Text::default(),
        });
    }
    let own = was.iter().filter(|r| r.fixed && !is_default(r));
    let own = own.filter(|r| !OF_AZURE.contains(&bare(r.to.as_str())));
    for route in own {
        let there = is
            .iter()
            .any(|r| r.to == route.to && (!at_home || r.gateway == route.gateway));
        if !there {
            let gateway = Some(route.gateway.clone()).filter(|_| at_home);
            lost.push(Lost::Route(Route {
                adapter: present(now, &route.adapter),
                gateway: gateway.unwrap_or_default(),
                ..route.clone()
            }));
        }
    }
    match (at_home, lost.is_empty()) {
        (false, true) => unknown("those that it had at home were not recorded"),
        _ => Outcome::of(lost),
    }
}

/// The system's own resolver, which asks others.
pub(super) fn is_stub(address: &str) -> bool {
    address.starts_with("127.") || address == "::1"
}

pub(super) fn is_v4(address: &str) -> bool {
    let parsed = bare(address).parse::<std::net::Ipv4Addr>();
    parsed.is_ok_and(|a| !a.is_loopback() && !a.is_link_local())
}

pub(super) fn having<'a>(all: &'a [Adapter], address: &str) -> Option<&'a Adapter> {
    let same = |a: &Text| bare(a.as_str()) == bare(address);
    all.iter()
        .find(|adapter| adapter.addresses.iter().any(same))
}

/// The address of that adapter, with the length that it has there.
fn as_now<'a>(adapter: &'a Adapter, address: &Text) -> Option<&'a Text> {
    let same = |a: &&Text| bare(a.as_str()) == bare(address.as_str());
    adapter.addresses.iter().find(same)
}

/// The length of an address's network, where it is told.
fn length(address: &Text) -> Option<u8> {
    let (_, length) = address.as_str().split_once('/')?;
    length.parse().ok()
}

/// The adapter that stands for another one now: hardware address, name, or the only one there is.
pub(super) fn counterpart(own: &Adapter, at: usize, was: &[Adapter], is: &[Adapter]) -> Text {
    let by_mac = is.iter().find(|a| !a.mac.is_empty() && a.mac == own.mac);
    let by_name = || is.iter().find(|a| a.name == own.name);
    let by_place = || is.get(at).filter(|_| was.len() == 1 && is.len() == 1);
    let found = by_mac.or_else(by_name).or_else(by_place);
    found.map(|a| a.name.clone()).unwrap_or_default()
}

/// An adapter's name, where there is such a one now.
pub(super) fn present(now: &Guest, name: &Text) -> Text {
    let all = now.adapters.as_deref().unwrap_or_default();
    match all {
        _ if all.iter().any(|a| a.name == *name) => name.clone(),
        [only] => only.name.clone(),
        _ => Text::default(),
    }
}

fn gateway_of(guest: &Guest, adapter: &Adapter) -> Text {
    let mut routes = guest.routes.iter().flatten();
    let own = routes.find(|r| r.to.as_str() == "default" && r.adapter == adapter.name);
    own.map(|r| r.gateway.clone()).unwrap_or_default()
}

fn servers_of(guest: &Guest, adapter: &Adapter) -> Vec<Text> {
    let all = guest.name_servers.iter().flatten();
    let own = all.filter(|s| s.adapter.is_empty() || s.adapter == adapter.name);
    let own = own.filter(|s| !is_stub(s.address.as_str()));
    own.map(|s| s.address.clone()).collect()
}
