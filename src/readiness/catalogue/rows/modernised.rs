//! The modernised generation's way home.

use super::super::{Check, On, Row, Severity, When};
use crate::readiness::checks::{modernised, offered};

pub const ROWS: &[Row] = table! {
    "AZVM-05" Blocker Modernised HOME ["004"] Machine(modernised::services_run)
        "The mobility services run in the Azure VM"
        => "In the Azure VM see that the mobility services run (Get-Service svagents, \
            InMage Scout Application Service; systemctl status svagent uarespawnd); then attest to it.";
    "MOD-01" Blocker Modernised FAIL_BACK ["004"] Machine(modernised::healthy)
        "Replication is healthy"
        => "Look at the machine's problems, and follow what they recommend.";
    "MOD-02" Blocker Modernised DATA ["004"] Machine(modernised::appliance_healthy)
        "The appliance and all its parts are healthy"
        => "Open the appliance's configuration manager and repair what it shows in red.";
    "MOD-12" Warning Modernised CANCEL ["004"] Machine(offered::loses_what_was_written)
        "Nothing was written at home since the failback"
        => "Save what was written at home, or consent: cancelling takes the machine back to the \
            moment before.";
    "X-8" Warning Modernised HOME ["X-8"] Machine(modernised::every_disk_comes_home)
        "Every disk of the Azure VM replicates home"
        => "Disks that were added in Azure stay there: copy their data to a disk that replicates, or \
            consent.";
    "X-9" Information Modernised HOME ["X-9"] Machine(modernised::no_fixed_address)
        "The machine has no fixed address at home"
        => "Write address, gateway and name servers down: they have to be set again at home.";
};
