//! Name servers, by the adapter that asks them where the system names it.

use super::network::{OF_AZURE, counterpart, having, is_stub, is_v4, present};
use super::{Lost, unknown};
use crate::domain::guest::compare::Outcome;
use crate::domain::guest::model::{Guest, NameServer};
use crate::domain::guest::record::{Record, Spot};
use crate::domain::text::Text;

/// Those that it had at home are to be there, and Azure's is not. Those that it had in Azure are of the
/// network there: at home they are neither missed nor proposed.
pub(super) fn name_servers(record: &Record, before: &Guest, now: &Guest) -> Outcome {
    let Some(is) = &now.name_servers else {
        return unknown("name servers were not read now");
    };
    let of_azure = |s: &&NameServer| OF_AZURE.contains(&s.address.as_str());
    let mut lost: Vec<Lost> = Vec::new();
    for server in is.iter().filter(of_azure) {
        let adapter = server.adapter.clone();
        let own = Lost::AzureNameServer { adapter };
        if !lost.contains(&own) {
            lost.push(own);
        }
    }
    let mut open = false;
    if record.spot == Spot::Home {
        for own in by_adapter(before) {
            match missing(&own, before, now, is) {
                Some(loss) => lost.extend(loss),
                None => open = true,
            }
        }
    }
    let asks = is.iter().any(|s| !of_azure(&s));
    if lost.is_empty() && !asks {
        lost.push(Lost::NameServers {
            adapter: Text::default(),
            missing: Vec::new(),
            all: Vec::new(),
        });
    }
    match (record.spot, lost.is_empty()) {
        (_, false) => Outcome::of(lost),
        (Spot::Home, true) if before.name_servers.is_none() => {
            unknown("name servers were not read when it was recorded")
        }
        (Spot::Home, true) if open => unknown("which adapter asks them now is not told"),
        (Spot::Home, true) => Outcome::Same,
        // In Azure it has those of the network there.
        (Spot::Azure | Spot::Unknown, true) => {
            unknown("those that it had at home were not recorded")
        }
    }
}

/// What one adapter asked, in the order it asked them; empty where the system does not name it.
struct Asked {
    adapter: Text,
    servers: Vec<Text>,
}

fn by_adapter(before: &Guest) -> Vec<Asked> {
    let mut all: Vec<Asked> = Vec::new();
    let own =
        |s: &&NameServer| !OF_AZURE.contains(&s.address.as_str()) && !is_stub(s.address.as_str());
    for server in before.name_servers.iter().flatten().filter(own) {
        let at = match all.iter().position(|own| own.adapter == server.adapter) {
            Some(at) => at,
            None => {
                all.push(Asked {
                    adapter: server.adapter.clone(),
                    servers: Vec::new(),
                });
                all.len() - 1
            }
        };
        if !all[at].servers.contains(&server.address) {
            all[at].servers.push(server.address.clone());
        }
    }
    all
}

/// What is missing of it, if anything. `None`: they are asked, and by which adapter is not told.
fn missing(own: &Asked, before: &Guest, now: &Guest, is: &[NameServer]) -> Option<Option<Lost>> {
    let adapter = now_of(own, before, now, is);
    let asks = |server: &Text, on: Option<&Text>| {
        let fits = |s: &NameServer| match on {
            Some(on) => s.adapter.is_empty() || s.adapter == *on,
            None => true,
        };
        is.iter().any(|s| s.address == *server && fits(s))
    };
    let gone = |on: Option<&Text>| -> Vec<Text> {
        let gone = own.servers.iter().filter(|server| !asks(server, on));
        gone.cloned().collect()
    };
    let missing = gone(adapter.as_ref());
    match (missing.is_empty(), &adapter) {
        (false, _) => Some(Some(Lost::NameServers {
            adapter: adapter.unwrap_or_else(|| present(now, &own.adapter)),
            missing,
            all: own.servers.clone(),
        })),
        (true, None) if !own.adapter.is_empty() && is.iter().any(|s| !s.adapter.is_empty()) => None,
        (true, _) => Some(None),
    }
}

/// The adapter that stands for that one now, if it can be told: the one that [`counterpart`] finds, the
/// one that has its address, or one of the same name.
fn now_of(own: &Asked, before: &Guest, now: &Guest, is: &[NameServer]) -> Option<Text> {
    if own.adapter.is_empty() {
        return None;
    }
    let was = before.adapters.as_deref().unwrap_or_default();
    let there = now.adapters.as_deref().unwrap_or_default();
    let at = was.iter().position(|a| a.name == own.adapter);
    let found = at.map(|at| counterpart(&was[at], at, was, there));
    let by_address = || {
        let mut addresses = at.into_iter().flat_map(|at| &was[at].addresses);
        let found = addresses.find_map(|a| having(there, a.as_str()).filter(|_| is_v4(a.as_str())));
        found.map(|a| a.name.clone())
    };
    let by_name = || {
        let same = is.iter().any(|s| s.adapter == own.adapter);
        same.then(|| own.adapter.clone())
    };
    let found = found.filter(|name| !name.is_empty());
    found.or_else(by_address).or_else(by_name)
}
