//! The questions of each action, with what Azure offers for them.

use std::sync::Arc;

use jiff::Timestamp;

use super::Picking;
use crate::domain::offers::{Network, Offered, System};
use crate::domain::plan::{AzurePoint, ReturnTarget};
use crate::domain::recovery_point::{Consistency, RecoveryPoint};
use crate::domain::{ArmId, Generation, Machine, Offers, Policy, Text, Verb};

/// What a question is about. Servers and policies are asked for once for the machines behind the same
/// fabric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    Point,
    Network,
    ProcessServer(Site),
    Account(Site),
    Policy(Site),
}

/// The fabric behind which machines stand.
pub(super) type Site = Option<ArmId>;

/// What is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Point(AzurePoint),
    Id(ArmId),
    /// A service's own id; empty for none.
    Text(Text),
}

/// One question.
#[derive(Clone, Debug)]
pub struct Question {
    pub(super) about: About,
    pub title: String,
    /// What to know for the choice.
    pub notes: Vec<&'static str>,
    pub candidates: Vec<Candidate>,
    /// What the cursor is on at first.
    pub preferred: usize,
    /// With one candidate alone it is not asked.
    pub(super) goes_without_saying: bool,
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub label: String,
    pub told: Told,
    pub(super) value: Value,
}

/// What is said beside an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Words(String),
    /// A recovery point: its age is told against the service's time of the reading.
    Point {
        time: Option<Timestamp>,
        multi_vm: bool,
    },
}

const OWN_POINT: &str = "Each machine goes to a point of its own: a point common to a group exists only through a \
     recovery plan's own failover in Azure. [001]";
const LATEST: &str = "least loss: all that was sent is processed [004]";
const PROCESSED: &str = "shortest time: the newest that is there [004]";
const APPLICATION: &str = "the newest with quiet applications [004]";
const TEST_NETWORK: &str = "Choose a network that reaches nothing that the machine at home serves: two of it would answer.";
const COMMIT_KEEPS: &str = "Until the commit it can be changed again. [004]";

/// The next question that is open; `None` when all are answered.
///
/// # Errors
/// Why there is nothing to choose from, and what to do.
pub(super) fn next(
    picking: &Picking,
    chosen: &[(About, Value)],
) -> Result<Option<Question>, String> {
    let is_open = |about: &About| chosen.iter().all(|(of, _)| of != about);
    let wanted = match picking.verb {
        Verb::ChangeRecoveryPoint => vec![About::Point],
        Verb::TestFailover => vec![About::Network, About::Point],
        Verb::ProtectToAzure => returns(picking),
        _ => Vec::new(),
    };
    let Some(about) = wanted.into_iter().find(is_open) else {
        return Ok(None);
    };
    let question = match &about {
        About::Point => points(picking),
        About::Network => network(picking)?,
        About::ProcessServer(site) => process_server(picking, site)?,
        About::Account(site) => account(picking, site),
        About::Policy(site) => policy(picking, site)?,
    };
    Ok(Some(question))
}

pub(super) fn site(machine: &Machine) -> Site {
    machine.id.up_to("replicationFabrics")
}

/// What a reprotect to Azure wants, for the machines behind each fabric; Hyper-V wants nothing.
fn returns(picking: &Picking) -> Vec<About> {
    let mut sites: Vec<Site> = Vec::new();
    for machine in &picking.machines {
        let of = site(machine);
        let is_hyper_v = machine.provider().generation() == Some(Generation::HyperV);
        if !is_hyper_v && !sites.contains(&of) {
            sites.push(of);
        }
    }
    let all = sites.into_iter().flat_map(|of| {
        [
            About::ProcessServer(of.clone()),
            About::Policy(of.clone()),
            About::Account(of),
        ]
    });
    all.collect()
}

/// The names of the machines that a question is about, as far as a line holds them.
fn names(machines: &[&Arc<Machine>]) -> String {
    match machines {
        [] => "the machines".into(),
        [one] => one.name.to_string(),
        [one, two] => format!("{} and {}", one.name, two.name),
        [one, rest @ ..] => format!("{} and {} more", one.name, rest.len()),
    }
}

fn behind<'a>(picking: &'a Picking, of: &Site) -> Vec<&'a Arc<Machine>> {
    let all = picking.machines.iter();
    all.filter(|machine| site(machine) == *of).collect()
}

fn points(picking: &Picking) -> Question {
    let all: Vec<&Arc<Machine>> = picking.machines.iter().collect();
    let general = |label: &str, words: &str, point| Candidate {
        label: label.into(),
        told: Told::Words(words.into()),
        value: Value::Point(point),
    };
    let mut candidates = Vec::new();
    // A change is to a point that is there.
    if picking.verb != Verb::ChangeRecoveryPoint {
        candidates.push(general("Latest", LATEST, AzurePoint::Latest));
    }
    candidates.push(general(
        "Latest processed",
        PROCESSED,
        AzurePoint::LatestProcessed,
    ));
    candidates.push(general(
        "Latest app-consistent",
        APPLICATION,
        AzurePoint::LatestApplication,
    ));
    let own: Vec<&Offered> = picking.own().collect();
    if let [one] = own.as_slice() {
        let detail = one.detail();
        let points = detail.map(|detail| detail.points.as_slice());
        let points = points.unwrap_or_default().iter();
        candidates.extend(points.filter_map(custom));
    }
    let mut notes = Vec::new();
    if picking.verb == Verb::ChangeRecoveryPoint {
        notes.push(COMMIT_KEEPS);
    }
    if all.len() > 1 || all.iter().any(|m| picking.offers.group(m).len() > 1) {
        notes.push(OWN_POINT);
    }
    Question {
        about: About::Point,
        title: format!("Which recovery point for {}?", names(&all)),
        notes,
        candidates,
        preferred: 0,
        goes_without_saying: false,
    }
}

fn custom(point: &RecoveryPoint) -> Option<Candidate> {
    let id = point.id.clone()?;
    Some(Candidate {
        label: consistency(point).to_owned(),
        told: Told::Point {
            time: point.time,
            multi_vm: point.multi_vm,
        },
        value: Value::Point(AzurePoint::Custom {
            id,
            time: point.time,
        }),
    })
}

fn consistency(point: &RecoveryPoint) -> &str {
    match &point.consistency {
        Consistency::Crash => "Crash-consistent",
        Consistency::Application => "App-consistent",
        Consistency::Other(word) => word.as_str(),
    }
}

fn network(picking: &Picking) -> Result<Question, String> {
    let choices = picking.offers.choices.as_ref();
    let networks = choices.map_or(&[][..], |choices| &choices.networks);
    // What the VM would come up in is what it would come up in for users, too.
    let meant: Vec<&ArmId> = picking
        .own()
        .filter_map(|own| own.detail()?.target.network.as_ref())
        .collect();
    let candidates: Vec<Candidate> = networks
        .iter()
        .map(|network| Candidate {
            label: Text::from(network.id.name()).to_string(),
            told: Told::Words(about_network(network, meant.contains(&&network.id))),
            value: Value::Id(network.id.clone()),
        })
        .collect();
    if candidates.is_empty() {
        return Err(format!(
            "Azure lists no network for a test{}. Make one that reaches nothing at home, then open this again.",
            unread(&picking.offers)
        ));
    }
    let all: Vec<&Arc<Machine>> = picking.machines.iter().collect();
    Ok(Question {
        about: About::Network,
        title: format!("Into which network is {} tested?", names(&all)),
        notes: vec![TEST_NETWORK],
        preferred: networks
            .iter()
            .position(|network| !meant.contains(&&network.id))
            .unwrap_or(0),
        candidates,
        goes_without_saying: false,
    })
}

fn about_network(network: &Network, meant: bool) -> String {
    let group = Text::from(network.id.segment("resourceGroups").unwrap_or_default());
    let prefixes = network.subnets.iter().map(|subnet| subnet.prefix.as_str());
    let prefixes: Vec<&str> = prefixes.filter(|prefix| !prefix.is_empty()).collect();
    let meant = match meant {
        true => "the one of a real failover  ",
        false => "",
    };
    let place = network.location.as_str();
    format!("{meant}{group}  {place}  {}", prefixes.join(", "))
}

/// What could not be read, in brackets, where something could not.
fn unread(offers: &Offers) -> String {
    let choices = offers.choices.as_ref();
    match choices.and_then(|choices| choices.unread.first()) {
        Some(why) => format!(" ({why})"),
        None => String::new(),
    }
}

fn process_server(picking: &Picking, of: &Site) -> Result<Question, String> {
    let machines = behind(picking, of);
    let first = machines.first();
    let servers = first.map_or_else(Vec::new, |m| picking.offers.process_servers(&m.id));
    let candidates: Vec<Candidate> = servers
        .into_iter()
        .map(|server| Candidate {
            label: server.name.to_string(),
            told: Told::Words(server.address.to_string()),
            value: Value::Text(server.id.clone()),
        })
        .collect();
    if candidates.is_empty() {
        return Err(format!(
            "Azure lists no process server for {}. Set one up at home and wait until it appears.",
            names(&machines)
        ));
    }
    Ok(Question {
        about: About::ProcessServer(of.clone()),
        title: format!("Which process server at home for {}?", names(&machines)),
        notes: vec!["It sends the machine's data to Azure. [001]"],
        candidates,
        preferred: 0,
        goes_without_saying: true,
    })
}

fn account(picking: &Picking, of: &Site) -> Question {
    let machines = behind(picking, of);
    let first = machines.first();
    let own = first.map_or_else(Vec::new, |m| picking.offers.accounts(&m.id));
    let none = Candidate {
        label: "none".into(),
        told: Told::Words("the agent stays as it is installed".into()),
        value: Value::Text(Text::default()),
    };
    let own = own.into_iter().map(|account| Candidate {
        label: account.name.to_string(),
        told: Told::Words(String::new()),
        value: Value::Text(account.id.clone()),
    });
    Question {
        about: About::Account(of.clone()),
        title: format!("Which account installs the agent on {}?", names(&machines)),
        notes: Vec::new(),
        candidates: std::iter::once(none).chain(own).collect(),
        preferred: 0,
        goes_without_saying: true,
    }
}

fn policy(picking: &Picking, of: &Site) -> Result<Question, String> {
    let machines = behind(picking, of);
    let first = machines.first();
    let candidates = first.map_or_else(Vec::new, |m| picking.offers.forward_policies(m));
    if candidates.is_empty() {
        return Err(format!(
            "Azure lists no replication policy to Azure for {}{}. Assign one to its container, then open this again.",
            names(&machines),
            unread(&picking.offers)
        ));
    }
    let offered = first.and_then(|machine| picking.offers.machine(&machine.id));
    let known = offered.and_then(|own| picking.offers.preferred_forward(own));
    let is_known = |policy: &&Policy| known.is_some_and(|known| known.id == policy.id);
    let preferred = candidates.iter().position(is_known);
    let preferred = preferred.unwrap_or(0);
    Ok(Question {
        about: About::Policy(of.clone()),
        title: format!("Which replication policy for {}?", names(&machines)),
        notes: Vec::new(),
        candidates: candidates
            .into_iter()
            .map(|policy| Candidate {
                label: policy.name.to_string(),
                told: Told::Words(String::new()),
                value: Value::Id(policy.id.clone()),
            })
            .collect(),
        preferred,
        goes_without_saying: true,
    })
}

/// What a Hyper-V machine's reverse replication wants; all of it Azure knows.
///
/// # Errors
/// What it does not tell.
pub(super) fn on_host(
    offers: &Offers,
    machine: &Machine,
    target: &mut ReturnTarget,
) -> Result<(), String> {
    let name = &machine.name;
    let known = offers.machine(&machine.id);
    let Some(host_vm) = known.and_then(|known| known.host_vm.as_ref()) else {
        return Err(format!(
            "Which machine {name} is on its Hyper-V host is not known. Wait until its host has \
             reported it to Azure, then open this again."
        ));
    };
    target.host_vm = Some(host_vm.id.clone());
    target.os = match known.map_or(System::Unknown, Offered::system) {
        System::Unknown => {
            return Err(format!(
                "Azure does not tell the operating system of {name}. Say it on the command line: \
                 failback do protect-to-azure --os."
            ));
        }
        known => Some(known.word().into()),
    };
    let before = known.and_then(Offered::detail);
    target.storage = before.and_then(|detail| detail.stores.replica.clone());
    Ok(())
}
