//! What can be said to `failback do`: the verbs, each with what belongs to it alone.

use clap::{Args, Subcommand, ValueEnum};

use super::Launching;
use crate::domain::Verb;

#[derive(Debug, Args)]
pub struct Do {
    #[command(subcommand)]
    pub verb: DoVerb,
}

/// The words are those of the interface, whatever a generation calls it.
#[derive(Debug, Subcommand)]
pub enum DoVerb {
    /// Replicate machines from Azure to on-premises: classic and modernised. Hyper-V needs none.
    Protect {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        target: HomeOptions,
    },
    /// Bring machines home.
    Failback {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        way: FailbackOptions,
    },
    /// Let a Hyper-V failback go on that waits after its synchronisation: Complete failover.
    Complete {
        #[command(flatten)]
        common: Common,
    },
    /// Take a modernised failback back before its commit; what was written at home is lost.
    Cancel {
        #[command(flatten)]
        common: Common,
    },
    /// End a failover for good, whichever way it went.
    Commit {
        #[command(flatten)]
        common: Common,
    },
    /// Replicate machines from on-premises to Azure again.
    ProtectToAzure {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        target: ReturnOptions,
    },
    /// Bring machines to Azure.
    FailoverToAzure {
        #[command(flatten)]
        common: Common,
        /// latest, latest-processed, latest-application, a point's name or id, or a time: then the
        /// last point until it.
        #[arg(long, value_name = "POINT", default_value = "latest")]
        point: String,
        /// Do not shut the machines at home down first.
        #[arg(long)]
        no_shut_down: bool,
        #[command(flatten)]
        target: AzureTargetOptions,
    },
    /// Take another recovery point, until a failover to Azure is committed.
    ChangeRecoveryPoint {
        #[command(flatten)]
        common: Common,
        /// latest, latest-processed, latest-application, a point's name or id, or a time: then the
        /// last point until it.
        #[arg(long, value_name = "POINT")]
        point: String,
    },
    /// Try machines out in Azure, beside those at home.
    TestFailover {
        #[command(flatten)]
        common: Common,
        /// The network of the test, by name or id: one that reaches nothing the machines at home serve.
        #[arg(long, value_name = "NAME")]
        network: String,
        /// latest, latest-processed, latest-application, a point's name or id, or a time: then the
        /// last point until it.
        #[arg(long, value_name = "POINT", default_value = "latest")]
        point: String,
    },
    /// Do away with what a test made.
    CleanUpTest {
        #[command(flatten)]
        common: Common,
    },
}

/// What every verb takes.
#[derive(Debug, Default, Args)]
pub struct Common {
    /// The machines: name, name of the protected item, or whole id.
    #[arg(required = true, value_name = "MACHINE")]
    pub machines: Vec<String>,
    /// A machine's name again, instead of being asked for it. Repeat for several.
    #[arg(long, value_name = "NAME")]
    pub confirm: Vec<String>,
    #[command(flatten)]
    pub launching: Launching,
}

/// How machines come home.
#[derive(Debug, Default, Args)]
pub struct FailbackOptions {
    /// latest or latest-application; of a classic machine also a point's name, or a time: then the last
    /// point until it. Hyper-V takes the last changes itself.
    #[arg(long, value_name = "POINT")]
    pub point: Option<String>,
    /// Of one machine: the id of the VM that it is in Azure, where nothing tells it.
    #[arg(long, value_name = "ID")]
    pub azure_vm: Option<String>,
    /// How long each machine waits for its commit once it is home, in minutes; then it is left as it
    /// is. Until somebody answers when not given.
    #[arg(long, value_name = "MINUTES")]
    pub commit_window: Option<u32>,
    /// Hyper-V: when the data comes home; before-failover when not given.
    #[arg(long, value_enum, value_name = "WHEN")]
    pub sync: Option<SyncWhen>,
    /// Hyper-V: create the VM when it is gone from its host.
    #[arg(long)]
    pub create_vm: bool,
    /// Hyper-V: another host than before, by name or id; the VM is created there.
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
}

/// When a Hyper-V machine's data comes home [003].
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SyncWhen {
    /// While the machine runs in Azure; then the failover waits to be completed. Short downtime.
    BeforeFailover,
    /// All of it, while nothing runs: for a VM that was deleted at home, or a month or more in Azure.
    FullDownload,
}

/// Where `do protect` sends machines; the only candidate when not given.
#[derive(Debug, Default, Args)]
pub struct HomeOptions {
    /// Classic: the process server, by name or id.
    #[arg(long, value_name = "NAME")]
    pub process_server: Option<String>,
    /// Classic: the master target, by name or id.
    #[arg(long, value_name = "NAME")]
    pub master_target: Option<String>,
    /// Classic: the retention drive of the master target.
    #[arg(long, value_name = "DRIVE")]
    pub retention: Option<String>,
    /// Classic: the failback policy, by name or id.
    #[arg(long, value_name = "NAME")]
    pub policy: Option<String>,
    /// Classic: the account that installs the agent, by name or id; not sent when not given.
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,
    /// Modernised: the appliance's reprotect agent, by name or id.
    #[arg(long, value_name = "NAME")]
    pub reprotect_agent: Option<String>,
    /// Modernised: the storage account for the log, by name or id.
    #[arg(long, value_name = "NAME")]
    pub log_storage: Option<String>,
    /// Take the temporary disk that Azure lends out of use first, by a script in the machine, so that it is not protected.
    #[arg(long)]
    pub offline_temporary_disk: bool,
    /// The datastore that the master target, or the reprotect agent, sees.
    #[arg(long, value_name = "NAME")]
    pub datastore: Option<String>,
}

/// What `do protect-to-azure` wants; the only candidate when not given.
#[derive(Debug, Default, Args)]
pub struct ReturnOptions {
    /// Not Hyper-V: the process server on the ground, by name or id.
    #[arg(long, value_name = "NAME")]
    pub process_server: Option<String>,
    /// Not Hyper-V: the replication policy, by name or id.
    #[arg(long, value_name = "NAME")]
    pub policy: Option<String>,
    /// Not Hyper-V: the account that installs the agent, by name or id; not sent when not given.
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,
    /// Hyper-V: where the replica's disks go, a storage account by name or id; as before when not given.
    #[arg(long, value_name = "NAME")]
    pub storage: Option<String>,
    /// Hyper-V: the machine's operating system, where Azure does not tell it.
    #[arg(long, value_enum, value_name = "OS")]
    pub os: Option<Os>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Os {
    Windows,
    Linux,
}

/// What the VM in Azure is to be; what is not given stays as it is.
#[derive(Debug, Default, Args)]
pub struct AzureTargetOptions {
    /// Of one machine: what the VM in Azure is called.
    #[arg(long, value_name = "NAME")]
    pub vm_name: Option<String>,
    /// Its size, as Compute names it: Standard_D4s_v5.
    #[arg(long, value_name = "SIZE")]
    pub size: Option<String>,
    /// Its network, by name or id.
    #[arg(long, value_name = "NAME")]
    pub network: Option<String>,
    /// The subnet of its adapter.
    #[arg(long, value_name = "NAME")]
    pub subnet: Option<String>,
    /// Of one machine: a fixed address of the subnet.
    #[arg(long, value_name = "IP")]
    pub address: Option<String>,
    /// Of one machine: which of its adapters, by its id.
    #[arg(long, value_name = "ID")]
    pub adapter: Option<String>,
}

impl DoVerb {
    pub fn common(&self) -> &Common {
        match self {
            Self::Protect { common, .. }
            | Self::Failback { common, .. }
            | Self::Complete { common }
            | Self::Cancel { common }
            | Self::Commit { common }
            | Self::ProtectToAzure { common, .. }
            | Self::FailoverToAzure { common, .. }
            | Self::ChangeRecoveryPoint { common, .. }
            | Self::TestFailover { common, .. }
            | Self::CleanUpTest { common } => common,
        }
    }

    /// What the command line's verb is called everywhere else.
    pub fn verb(&self) -> Verb {
        match self {
            Self::Protect { .. } => Verb::Protect,
            Self::Failback { .. } => Verb::FailBack,
            Self::Complete { .. } => Verb::Complete,
            Self::Cancel { .. } => Verb::Cancel,
            Self::Commit { .. } => Verb::Commit,
            Self::ProtectToAzure { .. } => Verb::ProtectToAzure,
            Self::FailoverToAzure { .. } => Verb::FailOverToAzure,
            Self::ChangeRecoveryPoint { .. } => Verb::ChangeRecoveryPoint,
            Self::TestFailover { .. } => Verb::TestFailover,
            Self::CleanUpTest { .. } => Verb::TestFailoverCleanup,
        }
    }
}

/// The verb's word on the command line; `None` for what this program does not carry out.
pub fn word(verb: Verb) -> Option<&'static str> {
    Some(match verb {
        Verb::Protect => "protect",
        Verb::FailBack => "failback",
        Verb::Complete => "complete",
        Verb::Cancel => "cancel",
        Verb::Commit => "commit",
        Verb::ProtectToAzure => "protect-to-azure",
        Verb::FailOverToAzure => "failover-to-azure",
        Verb::ChangeRecoveryPoint => "change-recovery-point",
        Verb::TestFailover => "test-failover",
        Verb::TestFailoverCleanup => "clean-up-test",
        Verb::Resynchronise => return None,
    })
}
