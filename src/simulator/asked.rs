//! What a request asks for beside its verb.

use jiff::Timestamp;

#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// The machine that runs is to be shut down, and its last changes brought over, first.
    pub required: bool,
    pub point: Option<Point>,
    /// What a reprotect was told to use.
    pub choice: Option<Choice>,
    /// What the VM in Azure is to be.
    pub target: Option<Target>,
    pub test: Option<Test>,
    /// A machine on the site that is not there is to be made, on this host or on its own.
    pub create: Option<Option<String>>,
}

/// A recovery point: as items name it, and of when it is, if it is not the newest.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub id: String,
    pub time: Option<Timestamp>,
}

/// The servers, the datastore and the policy of a reprotect; what was not said stays as it was.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    pub master_target: Option<String>,
    /// Ids and names.
    pub process_server: Option<(String, String)>,
    pub reprotect_agent: Option<(String, String)>,
    pub datastore: Option<String>,
    pub policy: Option<String>,
    pub log_storage: Option<String>,
    pub run_as: Option<String>,
    /// Which disks replicate, by their places; none: all of them.
    pub disks: Option<Vec<usize>>,
}

/// The VM that a failover makes in Azure; what was not said stays as it was.
#[derive(Clone, Debug, Default)]
pub(super) struct Target {
    pub name: Option<String>,
    pub size: Option<String>,
    pub network: Option<String>,
    pub subnet: Option<String>,
    /// An empty one is none: it is given by DHCP again.
    pub address: Option<String>,
}

impl Target {
    /// What `later` says goes before what was said.
    pub fn changed(&mut self, later: &Self) {
        let fields = [
            (&mut self.name, &later.name),
            (&mut self.size, &later.size),
            (&mut self.network, &later.network),
            (&mut self.subnet, &later.subnet),
            (&mut self.address, &later.address),
        ];
        for (mine, new) in fields {
            if new.is_some() {
                mine.clone_from(new);
            }
        }
    }
}

/// A test failover, or its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Test {
    pub network: Option<String>,
    pub network_type: Option<String>,
    pub comments: Option<String>,
}
