//! What can be said to `failback identities`.

use clap::Args;

use crate::site::{MOST_AT_ONCE, USUAL_DEADLINE};

#[derive(Debug, Args)]
pub struct Identities {
    /// Only these machines: name, Azure VM or protected item.
    pub machines: Vec<String>,

    /// Read drscout.conf by Run Command: in the machines that are named, else in those that are not
    /// settled or were read more than 24 hours ago.
    #[arg(long)]
    pub resolve: bool,

    /// With --resolve: in all machines, also those that are as expected.
    #[arg(long, requires = "resolve")]
    pub all: bool,

    /// A machine's drscout.conf lies here. Repeat for several.
    #[arg(long, value_name = "MACHINE=FILE")]
    pub file: Vec<String>,

    /// Read a machine's drscout.conf by ssh from this host, as your own ssh knows it. Repeat for several.
    #[arg(long, value_name = "MACHINE=HOST")]
    pub ssh: Vec<String>,

    /// A machine's drscout.conf comes on standard input.
    #[arg(long, value_name = "MACHINE")]
    pub paste: Option<String>,

    /// Addresses of the site at home, such as 192.168.0.0/16, beside those of its profile. Repeat for several.
    #[arg(long, value_name = "RANGE")]
    pub range: Vec<String>,

    /// How long a machine may take to be read, in seconds.
    #[arg(long, value_name = "N", default_value_t = USUAL_DEADLINE.as_secs(), value_parser = clap::value_parser!(u64).range(1..=1800))]
    pub seconds: u64,

    /// How many machines are read at once.
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub at_once: usize,
}

impl Identities {
    /// Within what a site is asked at once.
    #[must_use]
    pub fn at_once(&self) -> usize {
        self.at_once.clamp(1, MOST_AT_ONCE)
    }
}
