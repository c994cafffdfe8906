//! What is kept of a machine before it is protected, in one file of its own.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::model::{Guest, Lease};
use crate::domain::ids::ArmId;
use crate::domain::size::Bytes;
use crate::domain::source::Source;
use crate::domain::text::Text;

/// Most looks that are kept of one machine. The first is never given up for a later one.
pub const MOST_RECORDS: usize = 20;

/// Everything that is kept of one machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Records {
    pub schema: Text,
    pub machine: ArmId,
    pub name: Text,
    /// Oldest first.
    pub records: Vec<Record>,
}

/// One look at a machine, from outside and from inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// By the service's clock.
    pub at: Timestamp,
    pub source: Source,
    pub spot: Spot,
    /// What Azure says of the VM; `None` where it was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azure: Option<InAzure>,
    #[serde(default)]
    pub home: AtHome,
    /// `None`: it could not be looked into, for the reason beside it.
    pub guest: Option<Guest>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_read: Vec<Text>,
}

/// Where the machine ran when it was looked into. What a guest has in Azure is not what it had at home:
/// a Linux machine with a fixed address takes one by DHCP there \[002\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Spot {
    Azure,
    Home,
    Unknown,
}

impl Spot {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Azure => "in Azure",
            Self::Home => "at home",
            Self::Unknown => "at a place that is not known",
        }
    }
}

/// A VM as Azure has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InAzure {
    pub vm: Option<ArmId>,
    pub size: Text,
    pub os: Text,
    pub disks: Vec<AzureDisk>,
    pub adapters: Vec<AzureAdapter>,
    /// What of it could not be read.
    pub unread: Vec<Text>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AzureDisk {
    pub name: Text,
    pub size: Option<Bytes>,
    /// `None`: the disk of the system.
    pub lun: Option<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AzureAdapter {
    pub id: Option<ArmId>,
    pub mac: Text,
    pub address: Text,
    /// How Azure gives it.
    pub lease: Lease,
    pub subnet: Option<ArmId>,
    /// Of the adapter's own; empty where the network's count.
    pub name_servers: Vec<Text>,
    pub accelerated: Option<bool>,
    pub forwarding: Option<bool>,
}

/// What Site Recovery remembers of the machine at home.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AtHome {
    /// Addresses under which it was known.
    pub addresses: Vec<Text>,
}

impl Records {
    /// What stands before the number of [`Self::schema`].
    pub const SCHEMA: &'static str = "failback/guest/";

    #[must_use]
    pub fn of(machine: ArmId, name: Text) -> Self {
        Self {
            schema: format!("{}1", Self::SCHEMA).into(),
            machine,
            name,
            records: Vec::new(),
        }
    }

    /// Keeps one more. Where there are too many, one in the middle goes: the first is what the machine
    /// was, the last what it is.
    pub fn add(&mut self, record: Record) {
        self.records.push(record);
        if self.records.len() > MOST_RECORDS {
            self.records.remove(1);
        }
    }

    /// The one to compare with: the newest that looked inside before the machine came home. What was
    /// recorded after that is no "before".
    #[must_use]
    pub fn before(&self, moved: Moved) -> Option<Before<'_>> {
        let mut inside = self.records.iter().rev().filter(|r| r.guest.is_some());
        let sure = |record| Before {
            record,
            doubt: None,
        };
        match moved {
            Moved::Away => inside.next().map(sure),
            Moved::Home(at) => inside.find(|r| r.at < at).map(sure),
            // A machine that is at home was in Azure before it came.
            Moved::NotTold => match inside.clone().find(|r| r.spot == Spot::Azure) {
                Some(record) => Some(sure(record)),
                None => inside.next().map(|record| Before {
                    record,
                    doubt: Some(
                        "when it moved is not told: it may have been recorded after it came home"
                            .into(),
                    ),
                }),
            },
        }
    }
}

/// When a machine last came home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It did not: it still runs in Azure.
    Away,
    Home(Timestamp),
    /// The service forgets it once the machine is protected to Azure again (`asr-rest.md 12`).
    NotTold,
}

/// A record to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before<'a> {
    pub record: &'a Record,
    /// Why it may be none of the time before: then nothing is as it was for sure.
    pub doubt: Option<Text>,
}
