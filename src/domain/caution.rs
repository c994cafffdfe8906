//! What a person must know before something is asked of a machine: what goes, what cannot be taken
//! back, what must never be done meanwhile. By generation, and by the way that the machine goes.

use super::machine::Machine;
use super::place::{Generation, Place};
use super::plan::Intent;
use super::verb::Verb;

/// What a plan asks of its machines.
#[must_use]
pub fn verb_of(intent: &Intent) -> Verb {
    match intent {
        Intent::Protect(_) => Verb::Protect,
        Intent::FailBack(_) => Verb::FailBack,
        Intent::Commit(_) => Verb::Commit,
        Intent::ProtectToAzure(_) => Verb::ProtectToAzure,
        Intent::Complete(_) => Verb::Complete,
        Intent::Cancel(_) => Verb::Cancel,
        Intent::FailOver(_) => Verb::FailOverToAzure,
        Intent::ChangePoint(_) => Verb::ChangeRecoveryPoint,
        Intent::TestFailover(_) => Verb::TestFailover,
        Intent::CleanUpTest(_) => Verb::TestFailoverCleanup,
    }
}

/// The sentences about one machine, the weightiest first. None for a provider that is not known: it
/// has no recipe either.
#[must_use]
pub fn cautions(verb: Verb, machine: &Machine) -> Vec<&'static str> {
    let Some(generation) = machine.provider().generation() else {
        return Vec::new();
    };
    let is_pending = machine.commit_pending();
    match verb {
        Verb::Protect if is_pending => vec![PROTECT_COMMITS],
        Verb::Protect => vec![PROTECT],
        Verb::FailBack => fail_back(generation),
        Verb::Complete => vec![COMPLETE, NEVER_CANCEL],
        Verb::Commit => match machine.place {
            Place::OnPremises => vec![COMMIT_HOME],
            Place::Azure => vec![COMMIT_AZURE],
            Place::Unknown(_) => vec![COMMIT_UNKNOWN],
        },
        Verb::Cancel => vec![CANCEL, CANCEL_FAILS],
        Verb::ProtectToAzure => to_azure(generation, is_pending),
        Verb::FailOverToAzure => vec![FAIL_OVER],
        Verb::ChangeRecoveryPoint => vec![CHANGE_POINT],
        Verb::TestFailover => vec![TEST],
        Verb::TestFailoverCleanup => vec![CLEAN_UP],
        Verb::Resynchronise => Vec::new(),
    }
}

/// As [`cautions`], with what the plan itself does beside its verb.
#[must_use]
pub fn cautions_of(intent: &Intent, machine: &Machine) -> Vec<&'static str> {
    let mut all = cautions(verb_of(intent), machine);
    let without_temporary = match intent {
        Intent::Protect(protection) => protection.machine(&machine.id),
        _ => None,
    };
    if without_temporary.is_some_and(|own| own.offline_temporary) {
        all.push(TEMPORARY_DISK);
    }
    all
}

fn fail_back(generation: Generation) -> Vec<&'static str> {
    match generation {
        Generation::Classic => vec![FAIL_BACK, CLASSIC_NO_CANCEL],
        Generation::Modernised => vec![FAIL_BACK, MODERNISED_CANCEL],
        Generation::HyperV => vec![FAIL_BACK, NEVER_CANCEL],
    }
}

fn to_azure(generation: Generation, is_pending: bool) -> Vec<&'static str> {
    let mut all = Vec::new();
    if is_pending {
        all.push(RETURN_COMMITS);
    }
    all.push(match generation {
        Generation::Classic | Generation::Modernised => RETURN,
        Generation::HyperV => RETURN_HYPERV,
    });
    if generation != Generation::HyperV {
        all.push(AGENT);
    }
    all
}

/// What a person agrees to who lets a plan take the temporary disk out of use.
pub const TEMPORARY_DISK: &str = "First a script runs in the VM and takes the disk that Azure lends it out of use, where nothing \
     uses it: Windows sets it offline, Linux unmounts it. What is on it is not deleted. [000]";
const PROTECT: &str = "From then on it replicates home: no other recovery point of the failover to Azure can be chosen. \
     [REST]";
const PROTECT_COMMITS: &str = "Its failover to Azure is not committed: protecting it commits it, and the other recovery points \
     go. [REST]";
const FAIL_BACK: &str = "Users are cut off: Azure takes what changed last, stops its VM, and the machine starts at home. [001]";
const CLASSIC_NO_CANCEL: &str = "It cannot be cancelled: if the machine does not start at home, fail over to Azure again. [004]";
const MODERNISED_CANCEL: &str = "Until the commit, Cancel failover takes it back to Azure; what was written at home is then lost. \
     [004]";
const NEVER_CANCEL: &str = "Never cancel its job during data synchronisation: the machine at home becomes corrupt. If it was \
     cancelled, do not boot the machine: run it again. [003]";
const COMPLETE: &str = "Users are cut off now: Azure stops its VM, sends what changed last, and the machine starts at home. \
     [003]";
const COMMIT_HOME: &str = "It came home: the commit ends the failback, and Azure may delete its VM and disks. Look at the \
     machine at home first. [001, 003]";
const COMMIT_AZURE: &str = "It runs in Azure: the commit keeps the point it came up from, and the other recovery points go. The \
     machine at home is not needed for it. [004]";
const COMMIT_UNKNOWN: &str =
    "Where it runs is not known: what the commit takes away cannot be said. Look at it first.";
const CANCEL: &str = "What was written at home since the failback is lost: the machine goes back to what it was in Azure \
     right before. [004]";
const CANCEL_FAILS: &str = "If the cancellation fails, do what its job advises and cancel again; if that fails, too, ask \
     Microsoft's support. Never disable replication. [004]";
const RETURN: &str =
    "The machine at home becomes the source, and Azure's VM of the failover goes. [001]";
const RETURN_COMMITS: &str = "Its failback is not committed: protecting it to Azure commits it, and Azure may delete its VM and \
     disks. Commit first, once the machine at home was looked at. [REST]";
const RETURN_HYPERV: &str = "Only what changed since Azure's VM was turned off is sent. [003]";
const AGENT: &str = "Its agent may take 15 minutes after the machine started at home: until then Azure says that it is \
     not installed, and that is waited for. [001]";
const FAIL_OVER: &str = "Users are cut off. Never cancel a failover that began: replication was stopped for it and does not \
     go on. [004]";
const CHANGE_POINT: &str = "Azure makes its VM anew from the other point: what was written in Azure since the failover is not \
     in it. [004]";
const TEST: &str = "The test VM runs beside the machine at home: its network must reach nothing that the machine serves. \
     [004]";
const CLEAN_UP: &str =
    "What the test made in Azure goes: its VM, with all that was written in it. [004]";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ArmId, Class, Health, Next, Stage};

    fn machine(class: Class, place: Place, stage: Stage) -> Machine {
        Machine {
            id: ArmId::parse("/subscriptions/s/items/a").unwrap(),
            name: "a".into(),
            class,
            place,
            stage,
            running: None,
            sync_percent: None,
            next: Next::default(),
            health: Health::Normal,
            problems: Vec::new(),
            rpo_seconds: None,
            group_id: "".into(),
            group_name: "".into(),
            policy: "".into(),
            last_failover: None,
            test_failover: "".into(),
            event_correlation_id: "".into(),
            azure_vm: None,
            service_ids: Box::default(),
            os: "".into(),
            address: "".into(),
        }
    }

    #[test]
    fn what_a_commit_takes_away_depends_on_where_the_machine_runs() {
        let said = |class, place| {
            cautions(Verb::Commit, &machine(class, place, Stage::CommitPending)).join(" ")
        };
        let home = said(Class::ModernisedHome, Place::OnPremises);
        assert!(home.contains("may delete its VM and disks"), "{home}");
        let azure = said(Class::ModernisedToAzure, Place::Azure);
        assert!(azure.contains("other recovery points go"), "{azure}");
        assert!(!azure.contains("delete its VM"), "{azure}");
        let unknown = said(Class::HyperV, Place::Unknown("?".into()));
        assert!(unknown.contains("cannot be said"), "{unknown}");
    }

    #[test]
    fn a_plan_that_takes_a_temporary_disk_out_of_use_says_so_and_no_other_does() {
        use crate::domain::plan::{
            Location, MachineSettings, ModernisedTarget, Nat, Protected, Protection, Replication,
            Target,
        };
        let machine = machine(Class::ModernisedToAzure, Place::Azure, Stage::Committed);
        let said = |offline_temporary| {
            let own = Protected {
                id: machine.id.clone(),
                name: "a".into(),
                azure_vm: None,
                target: Target::Modernised(ModernisedTarget {
                    location: Location::Original,
                    reprotect_agent: None,
                    datastore: None,
                    log_storage: None,
                }),
                offline_temporary,
                settings: MachineSettings::default(),
            };
            let protection = Protection {
                replication: Replication::default(),
                nat: Nat::default(),
                machines: vec![own],
            };
            cautions_of(&Intent::Protect(protection), &machine)
        };
        assert_eq!(said(true), [PROTECT, TEMPORARY_DISK]);
        assert_eq!(said(false), [PROTECT]);
    }

    #[test]
    fn protecting_what_is_not_committed_is_said_to_be_a_commit() {
        let back = Verb::ProtectToAzure;
        let pending = machine(Class::ClassicHome, Place::OnPremises, Stage::CommitPending);
        assert!(cautions(back, &pending)[0].contains("commits it"));
        let committed = machine(Class::ClassicHome, Place::OnPremises, Stage::Committed);
        assert!(!cautions(back, &committed).join(" ").contains("commits it"));
    }

    #[test]
    fn only_a_hyper_v_failback_is_said_never_to_be_cancelled() {
        for (generation, never) in [
            (Generation::Classic, false),
            (Generation::Modernised, false),
            (Generation::HyperV, true),
        ] {
            let said = fail_back(generation).join(" ");
            assert_eq!(said.contains("Never cancel"), never, "{said}");
        }
        assert!(fail_back(Generation::Modernised).join(" ").contains("lost"));
    }
}
