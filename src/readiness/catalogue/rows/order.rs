//! What is done and waited for around the cut-overs.

use super::super::{Check, On, Row, Severity, When};
use crate::readiness::checks::order;

pub const ROWS: &[Row] = table! {
    "ORD-01" Blocker All TOGETHER ["OTHERS"] Plan(order::commands_can_be_run)
        "Every command of the plan can be started on this computer"
        => "Put the program on this computer, which runs it, make it executable (chmod +x), and name \
            it by its whole path; or take the command out of the plan.";
    "ORD-02" Warning All TOGETHER ["OTHERS"] Plan(order::probes_look_at_machines)
        "Every probe looks at a machine, not at this computer"
        => "Name the machine's own host or address; where a tunnel to it begins here, consent.";
    "ORD-03" Warning HyperV TOGETHER ["003", "REST"]
        Machine(order::hyper_v_is_not_waited_for_in_vain)
        "Nothing is waited for that Hyper-V does not tell"
        => "Wait for an answer of the machine instead, with tcp or http; or consent: then a person is \
            asked when the time is over.";
};
