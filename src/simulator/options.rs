//! What a site can be asked to be, and what it says of itself when it runs.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::faults::Fault;
use super::quirks::Quirk;

/// How the built-in site is to be started.
#[derive(Clone, Debug)]
pub struct Options {
    /// Loopback only; port 0 takes a free one.
    pub listen: SocketAddr,
    pub estate: Estate,
    /// How many machines; the rest of `contoso` and `large` is generated.
    pub machines: Option<usize>,
    /// Everything generated, ids too, follows from this number.
    pub seed: u64,
    /// How many simulated seconds pass in a real one.
    pub speed: f64,
    /// Simulated seconds that pass with every call, beside those of the clock: what is done within a minute is then
    /// the same on a slow machine as on a quick one.
    pub seconds_a_call: f64,
    /// Rows in one page of a list.
    pub page_size: usize,
    pub tls: bool,
    pub certificate: CertificateKind,
    pub faults: Vec<Fault>,
    /// Seconds by which the site's clock is off the real one at the start.
    pub clock_offset: i64,
    /// Shut down when nothing was asked for this long.
    pub idle_exit: Option<Duration>,
    /// Factor on the duration of every job: 0.1 makes a failover of ten minutes last one.
    pub job_pace: f64,
    /// After this many calls within a simulated minute the site answers 429 to the rest of it.
    pub calls_per_minute: Option<u32>,
    /// Ways in which the service may differ from what is recorded.
    pub quirks: Vec<Quirk>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            estate: Estate::Contoso,
            machines: None,
            seed: 1,
            speed: 1.0,
            seconds_a_call: 0.0,
            page_size: 100,
            tls: false,
            certificate: CertificateKind::Good,
            faults: Vec::new(),
            clock_offset: 0,
            idle_exit: None,
            job_pace: 1.0,
            calls_per_minute: None,
            quirks: Vec::new(),
        }
    }
}

/// What stands in the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Estate {
    /// About four dozen machines of three generations, with the problems of real life.
    Contoso,
    /// The classic vault of the recordings, its machine ready to fail back.
    Recorded,
    Empty,
    /// 500 generated machines, or as many as asked for.
    Large,
    /// An estate in JSON; the module doc of the simulator describes it.
    File(PathBuf),
    /// Recorded exchanges, one a line, as of exchange `at` (or the last).
    Replay {
        file: PathBuf,
        at: Option<usize>,
    },
}

impl From<&str> for Estate {
    /// A built-in estate by its name; anything else is a file.
    fn from(text: &str) -> Self {
        match text {
            "contoso" => Self::Contoso,
            "recorded" => Self::Recorded,
            "empty" => Self::Empty,
            "large" => Self::Large,
            file => Self::File(file.into()),
        }
    }
}

/// Which certificate the server shows with `tls`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CertificateKind {
    #[default]
    Good,
    Expired,
    WrongName,
}

/// What a client must know to speak to the site.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct Announce {
    pub base_url: String,
    /// The authority that signed the server's certificate, with `tls`.
    pub ca_pem: Option<String>,
    pub tenant: String,
    pub client_id: String,
    pub client_secret: String,
    pub vaults: Vec<AnnouncedVault>,
    /// Protected items in all.
    pub items: usize,
    /// A machine that can be failed back, or the first there is.
    pub example: Option<ExampleItem>,
    /// Words for a person: which estate, or "not recorded" and what that means.
    pub about: String,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct AnnouncedVault {
    pub subscription: String,
    pub resource_group: String,
    pub name: String,
}

/// The path of one protected item, by its parts.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct ExampleItem {
    pub fabric: String,
    pub container: String,
    pub item: String,
}

/// Why a site could not be started.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the built-in site listens on loopback only, not on {0}")]
    NotLoopback(SocketAddr),
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error("cannot read {}: {source}", file.display())]
    Read {
        file: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: {reason}", file.display())]
    Estate { file: PathBuf, reason: String },
    #[error("{}, line {line}: {reason}", file.display())]
    Recording {
        file: PathBuf,
        line: usize,
        reason: String,
    },
    #[error("cannot make a certificate: {0}")]
    Certificate(String),
    #[error("{0}")]
    Options(String),
}
