//! Provider by state by action.

use super::*;

/// One row of the state table, and what is right to offer in it.
struct Row {
    what: &'static str,
    machine: Machine,
    jobs: Vec<Job>,
    right: &'static [Verb],
}

fn row(
    what: &'static str,
    (class, active, state): (&str, &str, &str),
    allowed: &[&str],
    right: &'static [Verb],
) -> Row {
    Row {
        what,
        machine: machine(class, active, state, allowed),
        jobs: Vec::new(),
        right,
    }
}

fn with_job(mut row: Row, job: Job) -> Row {
    row.jobs.push(job);
    row
}

fn states() -> Vec<Row> {
    use Verb::{
        Cancel, ChangeRecoveryPoint, Commit, Complete, FailBack, FailOverToAzure, Protect,
        ProtectToAzure, TestFailover, TestFailoverCleanup,
    };
    const INITIAL: &str = "InitialReplicationInProgress";
    const PENDING: &str = "UnplannedFailoverCommitPendingStatesBegin";
    const COMMITTED: &str = "UnplannedFailoverCommitted";
    const HV_COMMITTED: &str = "PlannedFailoverStatesBegin";
    const DISABLE: &[&str] = &["DisableProtection"];
    const FORWARD: &[&str] = &["UnplannedFailover", "DisableProtection", "TestFailover"];
    const FAILED_OVER: &[&str] = &[
        "CompleteMigration",
        "Commit",
        "DisableProtection",
        "ChangePit",
        "SwitchProtection",
    ];
    const SETTLED: &[&str] = &["CompleteMigration", "DisableProtection", "SwitchProtection"];
    const HV: &str = "HyperVReplicaAzure";
    let failing_back = || {
        row(
            "Hyper-V: failing back",
            (HV, "Recovery", HV_COMMITTED),
            &[],
            &[],
        )
    };
    let waiting = |state, actions| job("PlannedFailover", state, actions);
    vec![
        row(
            "classic: to Azure",
            ("InMageAzureV2", "Primary", "Protected"),
            FORWARD,
            &[FailOverToAzure, TestFailover],
        ),
        row(
            "classic: failed over",
            ("InMageAzureV2", "Recovery", PENDING),
            FAILED_OVER,
            &[Commit, Protect, ChangeRecoveryPoint],
        ),
        row(
            "classic: committed in Azure",
            ("InMageAzureV2", "Recovery", COMMITTED),
            SETTLED,
            &[Protect],
        ),
        row(
            "classic: reprotecting",
            ("InMage", "Primary", INITIAL),
            DISABLE,
            &[],
        ),
        row(
            "classic: replicating home",
            ("InMage", "Primary", "Protected"),
            &["UnplannedFailover", "DisableProtection"],
            &[FailBack],
        ),
        row(
            "classic: failed back",
            ("InMage", "Recovery", PENDING),
            &[
                "CompleteMigration",
                "Commit",
                "DisableProtection",
                "SwitchProtection",
            ],
            &[Commit],
        ),
        row(
            "classic: home",
            ("InMage", "Recovery", COMMITTED),
            SETTLED,
            &[ProtectToAzure],
        ),
        row(
            "classic: first synchronisation",
            ("InMageAzureV2", "Primary", INITIAL),
            DISABLE,
            &[],
        ),
        row(
            "modernised: first synchronisation",
            ("InMageRcm", "Primary", INITIAL),
            DISABLE,
            &[],
        ),
        row(
            "modernised: first point",
            (
                "InMageRcm",
                "Primary",
                "InitialReplicationRecoveryCompletionPending",
            ),
            DISABLE,
            &[],
        ),
        row(
            "modernised: to Azure",
            ("InMageRcm", "Primary", "Protected"),
            FORWARD,
            &[FailOverToAzure, TestFailover],
        ),
        row(
            "modernised: failed over",
            ("InMageRcm", "Recovery", PENDING),
            FAILED_OVER,
            &[Commit, Protect, ChangeRecoveryPoint],
        ),
        row(
            "modernised: reprotecting",
            ("InMageRcmFailback", "Primary", INITIAL),
            DISABLE,
            &[],
        ),
        row(
            "modernised: replicating home",
            ("InMageRcmFailback", "Primary", "Protected"),
            &["PlannedFailover", "DisableProtection"],
            &[FailBack],
        ),
        row(
            "modernised: failed back",
            ("InMageRcmFailback", "Recovery", "CommitPendingStatesBegin"),
            &[
                "CompleteMigration",
                "Commit",
                "DisableProtection",
                "SwitchProtection",
                "CancelFailover",
            ],
            &[Commit, Cancel],
        ),
        row(
            "modernised: a cancellation failed",
            ("InMageRcmFailback", "Primary", "CancelFailoverFailed"),
            &["CancelFailover", "DisableProtection"],
            &[Cancel],
        ),
        row(
            "modernised: home",
            ("InMageRcmFailback", "Recovery", "PlannedFailoverCommitted"),
            SETTLED,
            &[ProtectToAzure],
        ),
        row(
            "Hyper-V: to Azure",
            (HV, "Primary", "Protected"),
            &[
                "PlannedFailover",
                "UnplannedFailover",
                "DisableProtection",
                "TestFailover",
            ],
            &[FailOverToAzure, TestFailover],
        ),
        row(
            "Hyper-V: failed over",
            (HV, "Recovery", PENDING),
            &[
                "CompleteMigration",
                "Commit",
                "DisableProtection",
                "ChangePit",
            ],
            &[Commit, ChangeRecoveryPoint],
        ),
        row(
            "Hyper-V: failed over, planned",
            (HV, "Recovery", "PlannedFailoverCommitRequired"),
            &[
                "CompleteMigration",
                "Commit",
                "DisableProtection",
                "ChangePit",
            ],
            &[Commit, ChangeRecoveryPoint],
        ),
        row(
            "Hyper-V: committed in Azure",
            (HV, "Recovery", HV_COMMITTED),
            &["CompleteMigration", "DisableProtection", "Failback"],
            &[FailBack],
        ),
        with_job(failing_back(), waiting("InProgress", &["Cancel"])),
        Row {
            right: &[Complete],
            ..with_job(failing_back(), waiting("Suspended", &["Cancel", "Resume"]))
        },
        // The state has no recorded name: that it can be resumed tells.
        Row {
            right: &[Complete],
            ..with_job(failing_back(), waiting("Other", &["Cancel", "Resume"]))
        },
        with_job(failing_back(), waiting("Suspended", &["Cancel"])),
        row(
            "Hyper-V: its synchronisation was cancelled",
            (HV, "Recovery", "RestoreCancelled"),
            &["Failback", "DisableProtection"],
            &[FailBack],
        ),
        row(
            "Hyper-V: failed back",
            (HV, "Primary", "RestoreCommitRequired"),
            &["Commit", "DisableProtection"],
            &[Commit],
        ),
        row(
            "Hyper-V: failed back, to be finalised",
            (HV, "Primary", "?"),
            &["FinalizeFailback"],
            &[Commit],
        ),
        row(
            "Hyper-V: home",
            (HV, "Primary", "RestoreFinalized"),
            &["ReverseReplicate", "DisableProtection"],
            &[ProtectToAzure],
        ),
        row(
            "Hyper-V: tested",
            (HV, "Primary", "Protected"),
            &["TestFailoverCleanup"],
            &[TestFailoverCleanup],
        ),
        with_job(
            row(
                "any: a scenario runs",
                ("InMage", "Primary", "Protected"),
                &[],
                &[],
            ),
            job("UnplannedFailover", "InProgress", &["Cancel"]),
        ),
        row(
            "what failback does not know",
            ("A2A", "Primary", "Protected"),
            FORWARD,
            &[],
        ),
        row(
            "a place that nobody told",
            ("InMage", "", "Protected"),
            &["UnplannedFailover", "Commit"],
            &[],
        ),
    ]
}

#[test]
fn in_every_state_exactly_the_right_actions_are_offered_and_each_other_is_refused_with_its_source()
{
    for row in states() {
        let situation = Situation::of(&row.machine, &row.jobs);
        assert_eq!(situation.offered(), row.right, "{}", row.what);
        let refused = situation.refused();
        assert_eq!(
            refused.len() + row.right.len(),
            Verb::CARRIED.len(),
            "{}",
            row.what
        );
        for (verb, refusal) in refused {
            told(refusal, &format!("{}, {verb:?}", row.what));
        }
    }
}

/// Which sentence is told matters most where an action would do harm.
#[test]
fn what_would_do_harm_is_refused_by_its_own_rule() {
    let of = |what: &str, verb| {
        let states = states();
        let row = states.iter().find(|row| row.what == what).unwrap();
        Situation::of(&row.machine, &row.jobs)
            .verdict(verb)
            .unwrap_err()
    };
    for (what, verb, source, words) in [
        (
            "classic: failed back",
            Verb::Cancel,
            "[004] MOD-14",
            "classic failover cannot be cancelled",
        ),
        (
            "classic: failed back",
            Verb::ProtectToAzure,
            "asr-rest.md 13",
            "would commit it unasked",
        ),
        (
            "modernised: failed back",
            Verb::ProtectToAzure,
            "asr-rest.md 13",
            "would commit it unasked",
        ),
        (
            "modernised: failed over",
            Verb::Cancel,
            "[004] MOD-13, FWD-09",
            "to Azure cannot be cancelled",
        ),
        (
            "Hyper-V: failing back",
            Verb::Cancel,
            "[003] HV-29, HV-30",
            "would be corrupt",
        ),
        (
            "Hyper-V: its synchronisation was cancelled",
            Verb::Cancel,
            "[003] HV-29, HV-30",
            "corrupt",
        ),
        (
            "Hyper-V: committed in Azure",
            Verb::Protect,
            "[003] HV-05",
            "needs no protection",
        ),
        (
            "Hyper-V: failed over",
            Verb::FailBack,
            "[003] HV-05",
            "not committed",
        ),
        (
            "classic: committed in Azure",
            Verb::ChangeRecoveryPoint,
            "[004] FWD-12, FWD-13",
            "is committed",
        ),
        (
            "classic: replicating home",
            Verb::Complete,
            "[003] HV-17",
            "runs to its end",
        ),
        (
            "Hyper-V: failing back",
            Verb::Complete,
            "[003] HV-17, HV-29",
            "does not wait",
        ),
        (
            "Hyper-V: failing back",
            Verb::FailBack,
            "[003] HV-17, HV-29",
            "under way",
        ),
        (
            "any: a scenario runs",
            Verb::FailBack,
            "asr-rest.md 9",
            "under way",
        ),
    ] {
        let refusal = of(what, verb);
        assert_eq!(refusal.source, source, "{what} {verb:?}: {refusal:?}");
        assert!(refusal.why.contains(words), "{what} {verb:?}: {refusal:?}");
    }
}
