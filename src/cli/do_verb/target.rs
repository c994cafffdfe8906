//! Where `do protect` and `do protect-to-azure` send a machine: what the flags say, else the only
//! candidate. Where there are several a person says which.

use futures::future::join_all;

use crate::cli::arguments::TargetOptions;
use crate::cli::output::Complaint;
use crate::domain::infrastructure::{Component, Role};
use crate::domain::offers::{Choices, Mapping, System};
use crate::domain::plan::{
    ClassicTarget, Location, MachineSettings, Protected, ReturnTarget, Target,
};
use crate::domain::{ArmId, Failure, Machine, Offers, Policy, Text};
use crate::site::{Estate, Site};

/// What can be chosen: the estate's servers, and the policies with their containers.
pub async fn offers(site: &Site, estate: &Estate) -> Result<Offers, Complaint> {
    let vaults = site.vaults().iter().map(|vault| async move {
        let (policies, mappings) =
            tokio::join!(site.arm().policies(vault), site.arm().mappings(vault));
        Ok::<_, Failure>((policies?.0, mappings?))
    });
    let mut choices = Choices::default();
    for read in join_all(vaults).await {
        let (policies, mappings) = read?;
        choices.policies.extend(policies);
        choices.mappings.extend(mappings);
    }
    Ok(Offers {
        fabrics: estate.fabrics.clone(),
        choices: Some(choices),
        ..Offers::default()
    })
}

/// A machine of the protection plan behind `do protect`.
pub fn protected(
    offers: &Offers,
    machine: &Machine,
    said: &TargetOptions,
) -> Result<Protected, Complaint> {
    let process_server = process_server(offers, machine, said)?;
    let master_target = master_target(offers, machine, said)?;
    let Role::MasterTarget {
        retention,
        datastores,
        ..
    } = &master_target.role
    else {
        return Err(none(machine, "master target"));
    };
    let named = |name: &Text| (name.clone(), name.clone());
    let retention = retention.iter().map(|volume| named(&volume.name));
    let datastores = datastores.iter().map(|datastore| named(&datastore.name));
    let wanted = |flag, what| Wanted {
        machine,
        flag,
        what,
    };
    let retention = wanted("--retention", "retention drive").pick(&said.retention, retention)?;
    let datastore = wanted("--datastore", "datastore").pick(&said.datastore, datastores)?;
    let policy = match (&said.policy, offers.preferred_policy(machine)) {
        (None, Some(preferred)) => preferred.id.clone(),
        _ => {
            let candidates = offers.failback_policies(&machine.id);
            let wanted = wanted("--policy", "failback policy");
            policy(&wanted, said, &candidates)?
        }
    };
    Ok(Protected {
        id: machine.id.clone(),
        name: machine.name.clone(),
        azure_vm: machine.azure_vm.clone(),
        target: Target::Classic(ClassicTarget {
            location: Location::Original,
            process_server: Some(process_server),
            master_target: Some(master_target.id.clone()),
            retention: Some(retention),
            datastore: Some(datastore),
            account: said.account.as_deref().map(Text::from),
            policy: Some(policy),
        }),
        settings: MachineSettings::default(),
    })
}

/// The target of `do protect-to-azure`.
pub fn returning(
    offers: &Offers,
    machine: &Machine,
    said: &TargetOptions,
) -> Result<ReturnTarget, Complaint> {
    let candidates = forward_policies(offers, machine);
    // The failback policy is named after the forward one (asr-rest.md 13).
    let back = machine.policy.as_str();
    let namesake = candidates
        .iter()
        .find(|p| format!("{}-failback", p.name).eq_ignore_ascii_case(back));
    let policy = match (&said.policy, namesake) {
        (None, Some(namesake)) => namesake.id.clone(),
        _ => {
            let wanted = Wanted {
                machine,
                flag: "--policy",
                what: "replication policy",
            };
            policy(&wanted, said, &candidates)?
        }
    };
    Ok(ReturnTarget {
        process_server: Some(process_server(offers, machine, said)?),
        account: said.account.as_deref().map(Text::from),
        policy: Some(policy),
        ..ReturnTarget::default()
    })
}

/// The policies with which a machine can be protected to Azure: mapped from its container to Azure.
fn forward_policies<'a>(offers: &'a Offers, machine: &Machine) -> Vec<&'a Policy> {
    let container = machine.id.up_to("replicationProtectionContainers");
    let Some(choices) = &offers.choices else {
        return Vec::new();
    };
    let mapped = |policy: &&Policy| {
        let is_its = |m: &Mapping| {
            !m.home && Some(&m.container) == container.as_ref() && m.policy == policy.id
        };
        choices.mappings.iter().any(is_its)
    };
    let classic = |p: &&Policy| p.kind.as_str().eq_ignore_ascii_case("InMageAzureV2");
    let all = choices.policies.iter();
    all.filter(classic).filter(mapped).collect()
}

fn policy(
    wanted: &Wanted<'_>,
    said: &TargetOptions,
    candidates: &[&Policy],
) -> Result<ArmId, Complaint> {
    let all = candidates
        .iter()
        .map(|policy| (policy.id.as_str().into(), policy.name.clone()));
    let id = wanted.pick(&said.policy, all)?;
    ArmId::parse(id.as_str()).ok_or_else(|| none(wanted.machine, wanted.what))
}

/// The servers of one role behind the machine's configuration server.
fn servers<'a>(
    offers: &'a Offers,
    machine: &Machine,
    role: fn(&Role) -> bool,
) -> Vec<&'a Component> {
    let fabric = machine.id.up_to("replicationFabrics");
    let all = fabric.map(|fabric| offers.servers(&fabric, role).collect());
    all.unwrap_or_default()
}

fn process_server(
    offers: &Offers,
    machine: &Machine,
    said: &TargetOptions,
) -> Result<Text, Complaint> {
    let wanted = Wanted {
        machine,
        flag: "--process-server",
        what: "process server",
    };
    let all = servers(offers, machine, |r| matches!(r, Role::ProcessServer { .. }));
    let all = all.into_iter().map(|s| (s.id.clone(), s.name.clone()));
    wanted.pick(&said.process_server, all)
}

fn master_target<'a>(
    offers: &'a Offers,
    machine: &Machine,
    said: &TargetOptions,
) -> Result<&'a Component, Complaint> {
    let wanted = Wanted {
        machine,
        flag: "--master-target",
        what: "master target",
    };
    let all = servers(offers, machine, |r| matches!(r, Role::MasterTarget { .. }));
    // One of the other system, or without a datastore, is taken only when it is named: readiness
    // says then what is wrong with it.
    let system = System::of(&machine.os);
    let fits = |server: &&&Component| match &server.role {
        Role::MasterTarget { os, datastores, .. } => {
            let takes = System::of(os);
            let same = takes == system || takes == System::Unknown || system == System::Unknown;
            said.master_target.is_some() || (same && !datastores.is_empty())
        }
        _ => false,
    };
    let candidates = all.iter().filter(fits);
    let id = wanted.pick(
        &said.master_target,
        candidates.map(|s| (s.id.clone(), s.name.clone())),
    )?;
    let chosen = all.into_iter().find(|server| server.id == id);
    chosen.ok_or_else(|| none(machine, wanted.what))
}

/// One choice of one machine.
struct Wanted<'a> {
    machine: &'a Machine,
    flag: &'static str,
    what: &'static str,
}

impl Wanted<'_> {
    /// The id of what was said, or of the only candidate. Candidates are ids with their names.
    fn pick(
        &self,
        said: &Option<String>,
        candidates: impl Iterator<Item = (Text, Text)>,
    ) -> Result<Text, Complaint> {
        let all: Vec<_> = candidates.collect();
        let is = |text: &Text, said: &str| text.as_str().eq_ignore_ascii_case(said.trim());
        let meant: Vec<_> = match said {
            Some(said) => all
                .iter()
                .filter(|(id, name)| is(id, said) || is(name, said))
                .collect(),
            None => all.iter().collect(),
        };
        let (what, flag, name) = (self.what, self.flag, &self.machine.name);
        let names: Vec<_> = all.iter().map(|(id, name)| told(id, name)).collect();
        let there = match names.as_slice() {
            [] => format!("Azure lists none for {name}."),
            names => format!("There are: {}.", names.join(", ")),
        };
        match (meant.as_slice(), said) {
            ([(id, _)], _) => Ok(id.clone()),
            ([], Some(said)) => Err(Complaint::usage(
                format!("There is no {what} called {said:?} for {name}."),
                there,
            )),
            ([], None) => Err(none(self.machine, what)),
            (_, Some(said)) => Err(Complaint::usage(
                format!("Several {what}s are called {said:?}; say which by its id: {flag} ID."),
                there,
            )),
            (_, None) => Err(Complaint::usage(
                format!("Which {what} for {name}? Say it: {flag} NAME."),
                there,
            )),
        }
    }
}

fn told(id: &Text, name: &Text) -> String {
    match id == name {
        true => name.to_string(),
        false => format!("{name} ({id})"),
    }
}

fn none(machine: &Machine, what: &str) -> Complaint {
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    Complaint::usage(
        format!("Azure lists no {what} for {}.", machine.name),
        format!("Install {article} {what} and register it, then wait until it appears."),
    )
}
