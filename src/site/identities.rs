//! Who is who at a site: its machines with their registrations, and the agents' own configurations,
//! fetched by Run Command from several machines at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;

use super::Site;
use super::facts::{incomplete, reason_of};
use crate::agent::{Conf, Finding, script};
use crate::azure::{NotRun, Shell};
use crate::domain::identity::{
    Candidate, Group, Judged, Ranges, Reading, Source, Subject, group, judge,
};
use crate::domain::infrastructure::{Fabric, Role};
use crate::domain::machine::Ties;
use crate::domain::{ArmId, Failure, Machine, Place, Provider, Text};

/// How long a machine's script may take, unless somebody says otherwise. Azure itself would wait for 90
/// minutes.
pub const USUAL_DEADLINE: Duration = Duration::from_secs(300);

/// Most machines that are read at once.
pub const MOST_AT_ONCE: usize = 16;

/// What the agents' own files said, by machine.
pub type Evidence = Arc<HashMap<ArmId, Vec<Reading>>>;

/// Most readings that are kept of one machine: the newest of each kind of source counts.
const MOST_READINGS: usize = 32;

/// Everything that tells who is who, and how to judge it.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    places: Vec<Container>,
    readings: Evidence,
    findings: HashMap<ArmId, Vec<Finding>>,
    pub at_home: Ranges,
}

/// The machines of a protection container.
#[derive(Clone, Debug)]
struct Container {
    machines: Vec<Machine>,
    candidates: Vec<Candidate>,
    unread: Option<Text>,
    /// Names and addresses of its configuration servers.
    servers: Vec<Text>,
}

/// What was read of one machine's agent.
#[derive(Clone, Debug)]
pub struct AgentTold {
    pub machine: ArmId,
    pub reading: Reading,
    /// What is wrong with the file.
    pub findings: Vec<Finding>,
}

/// One machine, judged.
#[derive(Clone, Debug)]
pub struct Identity {
    pub group: Group,
    pub judged: Judged,
    /// What is wrong with the newest file that was read of it.
    pub findings: Vec<Finding>,
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
            machines.extend(listed);
            fabrics.extend(known);
        }
        Ok(self.registry_of(machines, &fabrics, at_home).await)
    }

    /// The same over machines that were listed already: only the registrations are read, of those
    /// containers where a classic machine runs in Azure, or where that is not known.
    pub async fn registry_of(
        &self,
        machines: Vec<Machine>,
        fabrics: &[Fabric],
        at_home: Ranges,
    ) -> Registry {
        let mut containers: HashMap<ArmId, Vec<Machine>> = HashMap::new();
        let classic = machines
            .into_iter()
            .filter(|m| m.provider() == Provider::Classic);
        for machine in classic {
            if let Some(container) = machine.id.up_to("replicationProtectionContainers") {
                containers.entry(container).or_default().push(machine);
            }
        }
        containers.retain(|_, machines| machines.iter().any(|m| m.place != Place::OnPremises));
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
                machines,
                candidates,
                unread,
                servers,
            }
        });
        Registry {
            places: join_all(read).await,
            at_home,
            ..Registry::default()
        }
    }

    /// Reads the agents' files of machines by Run Command, several at once, each with its own
    /// deadline; tells each reading as it comes.
    pub async fn read_agents(
        &self,
        wanted: Vec<Asked>,
        deadline: Duration,
        at_once: usize,
        mut tell: impl FnMut(ArmId, Reading, Vec<Finding>),
    ) {
        let reading = wanted
            .into_iter()
            .map(|asked| self.read_agent(asked, deadline));
        let mut reading =
            futures::stream::iter(reading).buffer_unordered(at_once.clamp(1, MOST_AT_ONCE));
        while let Some(told) = reading.next().await {
            tell(told.machine, told.reading, told.findings);
        }
    }

    /// Reads one machine's file by Run Command. Whoever drops it stops waiting: the script in the VM
    /// ends by itself.
    pub async fn read_agent(&self, asked: Asked, deadline: Duration) -> AgentTold {
        let Asked {
            machine,
            vm,
            shell,
            servers,
        } = asked;
        let text = match shell {
            Shell::PowerShell => script::POWERSHELL,
            Shell::Sh => script::SH,
        };
        let ran = tokio::time::timeout(deadline, self.arm.run_script(&vm, shell, text)).await;
        let mut findings = Vec::new();
        let file = match ran {
            Err(_) => Err(format!(
                "no answer within {} s; the script may still run in the VM",
                deadline.as_secs()
            )),
            Ok(Err(NotRun::Arm(error))) => Err(Failure::from(error).what.to_string()),
            Ok(Err(error)) => Err(error.to_string()),
            Ok(Ok(printed)) => match script::unwrap(&printed.out) {
                Ok(bytes) => {
                    let (file, found) = Conf::read(&bytes).against(&servers);
                    findings = found;
                    Ok(file)
                }
                Err(why) if printed.err.is_empty() => Err(why.to_string()),
                Err(why) => Err(format!("{why}; it complained: {}", printed.err)),
            },
        };
        let reading = Reading {
            source: Source::RunCommand(vm),
            at: self.arm.service_now(),
            file: file.map_err(Text::from),
        };
        AgentTold {
            machine,
            reading,
            findings,
        }
    }
}

/// A machine whose agent's file is wanted.
#[derive(Clone, Debug)]
pub struct Asked {
    pub machine: ArmId,
    pub vm: ArmId,
    pub shell: Shell,
    servers: Vec<Text>,
}

impl Registry {
    /// The machines that run in Azure, or of which that is not known, in the order of their names.
    #[must_use]
    pub fn identities(&self) -> Vec<Identity> {
        let mut all = Vec::new();
        for place in &self.places {
            let subjects = place
                .machines
                .iter()
                .map(|m| Subject::of(m, &Ties::default()));
            let own = |m: &Machine| Some((m.id.clone(), self.readings.get(&m.id)?.clone()));
            let readings = place.machines.iter().filter_map(own).collect();
            let groups = group(
                subjects.collect(),
                &place.candidates,
                readings,
                place.unread.as_ref(),
            );
            all.extend(
                groups
                    .into_iter()
                    .filter(|g| g.subject.place != Place::OnPremises),
            );
        }
        let mut all: Vec<Identity> = all
            .into_iter()
            .map(|group| Identity {
                judged: judge(&group, &self.at_home),
                findings: self
                    .findings
                    .get(&group.subject.id)
                    .cloned()
                    .unwrap_or_default(),
                group,
            })
            .collect();
        all.sort_by_cached_key(|identity| {
            let subject = &identity.group.subject;
            (
                subject.name.as_str().to_lowercase(),
                subject.id.as_str().to_lowercase(),
            )
        });
        all
    }

    /// Keeps what an agent's file said.
    pub fn keep(&mut self, machine: ArmId, reading: Reading, findings: Vec<Finding>) {
        if reading.file.is_ok() {
            self.findings.insert(machine.clone(), findings);
        }
        let own = Arc::make_mut(&mut self.readings)
            .entry(machine)
            .or_default();
        if own.len() == MOST_READINGS {
            own.remove(0);
        }
        own.push(reading);
    }

    /// What the agents' files said so far.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        Arc::clone(&self.readings)
    }

    /// Goes on from an older registry: what was read of the agents stays known.
    #[must_use]
    pub fn after(mut self, older: Self) -> Self {
        self.readings = older.readings;
        self.findings = older.findings;
        self
    }

    /// Keeps what was read of a machine's agent.
    pub fn learn(&mut self, told: AgentTold) {
        self.keep(told.machine, told.reading, told.findings);
    }

    /// Reads a file that a person handed over.
    pub fn take(&mut self, machine: &ArmId, source: Source, at: jiff::Timestamp, file: &[u8]) {
        let servers = self
            .place_of(machine)
            .map_or(&[][..], |(place, _)| &place.servers);
        let (file, findings) = Conf::read(file).against(servers);
        self.keep(
            machine.clone(),
            Reading {
                source,
                at,
                file: Ok(file),
            },
            findings,
        );
    }

    /// How to ask for a machine's file by Run Command.
    ///
    /// # Errors
    /// Why that cannot be done.
    pub fn ask(&self, machine: &ArmId) -> Result<Asked, Text> {
        let (place, own) = self
            .place_of(machine)
            .ok_or("it is no classic machine of this site")?;
        let vm = own
            .azure_vm
            .clone()
            .ok_or("Azure does not tell which VM it is")?;
        let shell = shell_of(own).ok_or("Azure does not tell whether it runs Windows or Linux")?;
        Ok(Asked {
            machine: machine.clone(),
            vm,
            shell,
            servers: place.servers.clone(),
        })
    }

    /// What runs scripts in a machine; `None` where its system is not told.
    #[must_use]
    pub fn shell(&self, machine: &ArmId) -> Option<Shell> {
        self.place_of(machine).and_then(|(_, own)| shell_of(own))
    }

    pub(super) fn servers(&self, machine: &ArmId) -> Vec<Text> {
        let place = self.place_of(machine);
        place.map_or_else(Vec::new, |(place, _)| place.servers.clone())
    }

    fn place_of(&self, machine: &ArmId) -> Option<(&Container, &Machine)> {
        let found = |place| {
            let place: &Container = place;
            Some((place, place.machines.iter().find(|m| m.id == *machine)?))
        };
        self.places.iter().find_map(found)
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
