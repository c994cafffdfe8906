//! Looks at machines from outside and from inside, to be recorded before they are protected, and to be
//! compared after they came home.

use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use jiff::Timestamp;

use super::Site;
use super::identities::{MOST_AT_ONCE, shell_of};
use crate::agent::guest::{POWERSHELL, SH, unwrap};
use crate::azure::{NotRun, Shell};
use crate::domain::guest::{AtHome, Guest, Record, Source, Spot};
use crate::domain::place::Class;
use crate::domain::{ArmId, Failure, Machine, Place, Text};
use crate::store::Guests;

/// How to look into a machine.
#[derive(Clone, Debug)]
pub enum Inside {
    /// Azure runs the script in its VM.
    RunCommand,
    /// Somebody did, by another way; or why that failed.
    Told(Source, Box<Result<Guest, Text>>),
}

/// What is to be told of a look once it was kept, or could not be.
#[derive(Clone, Debug)]
pub struct Kept {
    /// By the service's clock.
    pub at: Timestamp,
    /// It was looked into.
    pub inside: bool,
    pub not_read: Vec<Text>,
    /// Why nothing is kept.
    pub kept: Result<(), Text>,
}

/// Keeps a look at a machine. Of one of which nothing was read nothing is kept: it would look like a
/// record.
#[must_use]
pub fn keep(guests: &Guests, machine: &Machine, record: Record) -> Kept {
    let (at, inside) = (record.at, record.guest.is_some());
    let not_read = record.not_read.clone();
    let kept = match inside || record.azure.is_some() {
        false => Err("nothing of it could be read".into()),
        true => match guests.add(&machine.id, &machine.name, record) {
            Ok(_) => Ok(()),
            Err(trouble) => Err(trouble.to_string().into()),
        },
    };
    Kept {
        at,
        inside,
        not_read,
        kept,
    }
}

impl Site {
    /// Every protected machine of the site.
    ///
    /// # Errors
    /// When a vault's machines cannot be read.
    pub async fn all_machines(&self) -> Result<Vec<Machine>, Failure> {
        let read = self.vaults.iter().map(async |vault| {
            let mut machines = Vec::new();
            let keep = |page: Vec<Machine>| machines.extend(page);
            self.arm.machines(vault, keep).await?;
            Ok::<_, crate::azure::Error>(machines)
        });
        let mut all = Vec::new();
        for machines in join_all(read).await {
            all.extend(machines?);
        }
        Ok(all)
    }

    /// Looks at several machines at once, each with its own deadline; tells each as it comes.
    pub async fn look_at(
        &self,
        wanted: Vec<(Machine, Inside)>,
        deadline: Duration,
        at_once: usize,
        mut tell: impl FnMut(Machine, Record),
    ) {
        let looking = wanted.into_iter().map(async |(machine, inside)| {
            let record = self.look(&machine, inside, deadline).await;
            (machine, record)
        });
        let mut looking =
            futures::stream::iter(looking).buffer_unordered(at_once.clamp(1, MOST_AT_ONCE));
        while let Some((machine, record)) = looking.next().await {
            tell(machine, record);
        }
    }

    async fn look(&self, machine: &Machine, inside: Inside, deadline: Duration) -> Record {
        let mut not_read = Vec::new();
        // Of some, group and name alone are told: nothing is run in a VM that may be another's.
        let vm = match machine.place {
            Place::OnPremises => Err(Text::from("it does not run in Azure")),
            Place::Azure | Place::Unknown(_) => self.its_vm(machine).await,
        };
        let azure = match &vm {
            Ok(vm) => match self.arm.in_azure(vm).await {
                Ok(azure) => Some(azure),
                Err(error) => {
                    not_read.push(Failure::from(error).what);
                    None
                }
            },
            Err(_) => None,
        };
        let (source, guest, spot) = match inside {
            Inside::Told(source, guest) => (source, *guest, spot_of(machine)),
            Inside::RunCommand => {
                let (of, guest, spot) = match vm {
                    Ok(vm) => {
                        let guest = self.run_in(machine, &vm, deadline).await;
                        (vm, guest, Spot::Azure)
                    }
                    Err(why) => (machine.id.clone(), Err(why), spot_of(machine)),
                };
                (Source::RunCommand(of), guest, spot)
            }
        };
        let guest = guest.map_err(|why| not_read.push(why)).ok();
        Record {
            at: self.arm.service_now(),
            source,
            spot,
            azure,
            home: at_home(machine),
            guest,
            not_read,
        }
    }

    async fn run_in(
        &self,
        machine: &Machine,
        vm: &ArmId,
        deadline: Duration,
    ) -> Result<Guest, Text> {
        let shell =
            shell_of(machine).ok_or("Azure does not tell whether it runs Windows or Linux")?;
        let script = match shell {
            Shell::PowerShell => POWERSHELL,
            Shell::Sh => SH,
        };
        let ran = tokio::time::timeout(deadline, self.arm.run_script(vm, shell, script)).await;
        let printed = match ran {
            Err(_) => {
                let words = "the script may still run in the VM";
                return Err(format!("no answer within {} s; {words}", deadline.as_secs()).into());
            }
            Ok(Err(NotRun::Arm(error))) => return Err(Failure::from(error).what),
            Ok(Err(error)) => return Err(error.to_string().into()),
            Ok(Ok(printed)) => printed,
        };
        unwrap(&printed.out).map_err(|why| match printed.err.is_empty() {
            true => why.to_string().into(),
            false => format!("{why}; it complained: {}", printed.err).into(),
        })
    }
}

/// Where a machine is that somebody looked into by another way than Azure's.
fn spot_of(machine: &Machine) -> Spot {
    match machine.place {
        Place::OnPremises => Spot::Home,
        Place::Azure => Spot::Azure,
        Place::Unknown(_) => Spot::Unknown,
    }
}

/// While it is protected towards Azure the item names the address of its source, which is at home;
/// afterwards the one in Azure.
fn at_home(machine: &Machine) -> AtHome {
    let home = matches!(
        machine.class,
        Class::ClassicToAzure | Class::ModernisedToAzure
    );
    let parts = machine
        .address
        .as_str()
        .split([',', ';', ' '])
        .map(str::trim);
    let known = parts.filter(|part| home && part.parse::<std::net::IpAddr>().is_ok());
    AtHome {
        addresses: known.map(Text::from).collect(),
    }
}
