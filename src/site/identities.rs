//! Who is who at a site: its machines with their registrations, and the agents' own configurations,
//! fetched by Run Command from several machines at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use jiff::Timestamp;

use super::Site;
use super::evidence::Evidence;
use super::facts::{incomplete, reason_of};
use super::registry::{About, Asked, Container, Registry};
use crate::agent::script::NoFile;
use crate::agent::{Conf, script};
use crate::azure::{NotRun, Shell};
use crate::domain::identity::{NotRead, Ranges, Reading, Record, Source};
use crate::domain::infrastructure::{Fabric, Role};
use crate::domain::{ArmId, Failure, Machine, Place, Provider, Text};

/// How long a machine's script may take, unless somebody says otherwise. Azure itself would wait for 90
/// minutes.
pub const USUAL_DEADLINE: Duration = Duration::from_secs(300);

/// Most machines that are read at once.
pub const MOST_AT_ONCE: usize = 16;

/// What was read of one machine's agent.
#[derive(Clone, Debug)]
pub struct AgentTold {
    pub machine: ArmId,
    pub reading: Reading,
    /// When it came, by the service's clock: what it read may be far older.
    pub came: Timestamp,
    /// Why it is known here and now alone, and not kept for others to find.
    pub not_kept: Option<Text>,
}

impl Site {
    /// Reads the classic machines with all registrations of their containers.
    ///
    /// # Errors
    /// When the machines themselves cannot be read; registrations that cannot be are told as such.
    pub async fn registry(&self, at_home: Ranges) -> Result<Registry, Failure> {
        let read = self.vaults.iter().map(async |vault| {
            let mut machines = Vec::new();
            let keep = |page: Vec<Machine>| machines.extend(page);
            let (list, fabrics) =
                tokio::join!(self.arm.machines(vault, keep), self.arm.fabrics(vault));
            list?;
            // Without them no server is compared; nothing else hangs on it.
            let fabrics = fabrics.map(|(all, _)| all).unwrap_or_default();
            Ok::<_, crate::azure::Error>((machines, fabrics))
        });
        let (mut machines, mut fabrics) = (Vec::new(), Vec::new());
        for vault in join_all(read).await {
            let (listed, known) = vault?;
            machines.extend(listed.into_iter().map(Arc::new));
            fabrics.extend(known);
        }
        Ok(self.registry_of(machines, &fabrics, at_home).await)
    }

    /// The same over machines that were listed already: only the registrations are read, of those
    /// containers where a classic machine runs in Azure, or where that is not known.
    pub async fn registry_of(
        &self,
        machines: Vec<Arc<Machine>>,
        fabrics: &[Fabric],
        at_home: Ranges,
    ) -> Registry {
        let mut containers: HashMap<ArmId, Vec<Arc<Machine>>> = HashMap::new();
        let classic = machines
            .into_iter()
            .filter(|m| m.provider() == Provider::Classic);
        for machine in classic {
            if let Some(container) = machine.id.up_to("replicationProtectionContainers") {
                containers.entry(container).or_default().push(machine);
            }
        }
        containers.retain(|_, machines| machines.iter().any(|m| m.place != Place::OnPremises));
        let kept = self.kept_evidence();
        let read = containers.into_iter().map(async |(container, machines)| {
            let (candidates, unread) = match self.arm.candidates(&container).await {
                Ok((all, coverage)) => (all, incomplete(&coverage)),
                Err(error) => (Vec::new(), Some(reason_of(&error))),
            };
            let fabric = container.up_to("replicationFabrics");
            let own = fabrics.iter().find(|f| Some(&f.id) == fabric.as_ref());
            let components = own.map_or(&[][..], |fabric| fabric.components.as_slice());
            let servers = components
                .iter()
                .filter(|c| matches!(c.role, Role::ConfigurationServer));
            let servers = servers
                .flat_map(|c| [c.address.clone(), c.name.clone()])
                .collect();
            Container {
                servers,
                ..Container::new(machines, candidates, unread)
            }
        });
        let (places, kept) = tokio::join!(join_all(read), kept);
        Registry::new(places, at_home, self.arm.service_now()).with(&kept)
    }

    /// Reads the agents' files of machines by Run Command, several at once, each with its own
    /// deadline; tells each reading as it comes.
    pub async fn read_agents(
        &self,
        wanted: Vec<Asked>,
        deadline: Duration,
        at_once: usize,
        mut tell: impl FnMut(AgentTold),
    ) {
        let reading = wanted
            .into_iter()
            .map(|asked| self.read_agent(asked, deadline));
        let mut reading =
            futures::stream::iter(reading).buffer_unordered(at_once.clamp(1, MOST_AT_ONCE));
        while let Some(told) = reading.next().await {
            tell(told);
        }
    }

    /// Reads one machine's file by Run Command. Whoever drops it stops waiting: the script in the VM
    /// ends by itself.
    pub async fn read_agent(&self, asked: Asked, deadline: Duration) -> AgentTold {
        let Asked {
            machine,
            vm,
            shell,
            about,
        } = asked;
        let text = match shell {
            Shell::PowerShell => script::POWERSHELL,
            Shell::Sh => script::SH,
        };
        let ran = tokio::time::timeout(deadline, self.arm.run_script(&vm, shell, text)).await;
        let failed = |why: String| Err(NotRead::Failed(why.into()));
        let file = match ran {
            Err(_) => failed(format!(
                "no answer within {} s; the script may still run in the VM",
                deadline.as_secs()
            )),
            Ok(Err(NotRun::Arm(error))) => failed(Failure::from(error).what.to_string()),
            Ok(Err(error)) => failed(error.to_string()),
            Ok(Ok(printed)) => match script::unwrap(&printed.out) {
                Ok(bytes) => Ok(Conf::read(&bytes).against(&about.servers).0),
                Err(why @ NoFile::None) => Err(NotRead::NoAgent(why.to_string().into())),
                Err(why) if printed.err.is_empty() => failed(why.to_string()),
                Err(why) => failed(format!("{why}; it complained: {}", printed.err)),
            },
        };
        let reading = Reading {
            source: Source::RunCommand(vm),
            at: self.arm.service_now(),
            file,
        };
        self.told_of(machine, reading, about).await
    }

    /// A reading, kept for whoever asks later.
    pub(super) async fn told_of(
        &self,
        machine: ArmId,
        reading: Reading,
        about: About,
    ) -> AgentTold {
        let mut not_kept = None;
        let remembered = self.remembered.as_ref().filter(|_| self.remembers);
        if let Some(store) = remembered.map(|r| r.readings.clone()) {
            let record = Record {
                registration: about.registration(&reading),
                reading: reading.clone(),
            };
            let own = machine.clone();
            let keep = move || store.add(&own, &about.name, record);
            not_kept = match tokio::task::spawn_blocking(keep).await {
                Ok(Ok(_)) => None,
                Ok(Err(trouble)) => Some(trouble.to_string().into()),
                Err(_) => Some("a part of failback itself failed".into()),
            };
        }
        AgentTold {
            machine,
            reading,
            came: self.arm.service_now(),
            not_kept,
        }
    }

    /// What was kept of the site's agents and cannot be read, in sentences.
    pub async fn kept_troubles(&self) -> Vec<Text> {
        self.kept_evidence().await.troubles()
    }

    /// What was kept of the site's agents.
    pub(super) async fn kept_evidence(&self) -> Evidence {
        let Some(store) = self.remembered.as_ref().map(|r| r.readings.clone()) else {
            return Evidence::default();
        };
        let read = tokio::task::spawn_blocking(move || Evidence::kept(&store)).await;
        read.unwrap_or_default()
    }
}

pub(super) fn shell_of(machine: &Machine) -> Option<Shell> {
    let os = machine.os.as_str().to_ascii_lowercase();
    match os.as_str() {
        os if os.contains("windows") => Some(Shell::PowerShell),
        os if os.contains("linux") => Some(Shell::Sh),
        _ => None,
    }
}
