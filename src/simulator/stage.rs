//! The states of asr-rest.md 9 as one table: where a machine can stand on its way, and what the service then says.

/// One row: the words of the service for one station of a machine's way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stage {
    pub key: &'static str,
    pub provider: &'static str,
    pub state: &'static str,
    pub description: &'static str,
    /// `Primary` or `Recovery`.
    pub active: &'static str,
    pub operations: &'static [&'static str],
    /// The machine runs in Azure, or its VM is still there.
    pub azure_vm: bool,
    /// Replication goes, or went, from Azure to the site.
    pub homeward: bool,
    /// The machine itself runs on the site.
    pub on_site: bool,
}

impl Stage {
    /// Whether the Azure VM was shut down on the way here.
    pub fn azure_off(&self) -> bool {
        self.azure_vm && self.on_site
    }

    /// A modernised failback makes its point after it is triggered (asr-rest.md 13).
    pub fn has_points(&self) -> bool {
        !self.state.starts_with("InitialReplication") && self.provider != "InMageRcmFailback"
    }

    /// Where it comes out when its first synchronisation is over.
    pub fn synchronised(&self) -> Option<&'static Self> {
        match self.key {
            "classic-reprotecting" => stage("classic-ready"),
            "classic-initial" => stage("classic-replicating"),
            _ => None,
        }
    }

    pub fn initial(&self) -> bool {
        self.state.starts_with("InitialReplicationInProgress")
    }
}

/// The row of that name.
pub(super) fn stage(key: &str) -> Option<&'static Stage> {
    STAGES.iter().find(|s| s.key == key)
}

const AZURE: (bool, bool, bool) = (true, false, false);
const TO_AZURE: (bool, bool, bool) = (false, false, true);
const TO_SITE: (bool, bool, bool) = (true, true, false);
const HOME: (bool, bool, bool) = (true, true, true);
/// As [`HOME`], and the commit has deleted the VM in Azure \[001, 003\].
const SETTLED_HOME: (bool, bool, bool) = (false, true, true);

const fn row(
    key: &'static str,
    provider: &'static str,
    (state, description): (&'static str, &'static str),
    active: &'static str,
    operations: &'static [&'static str],
    (azure_vm, homeward, on_site): (bool, bool, bool),
) -> Stage {
    Stage {
        key,
        provider,
        state,
        description,
        active,
        operations,
        azure_vm,
        homeward,
        on_site,
    }
}

const PROTECTED: (&str, &str) = ("Protected", "Protected");
const INITIAL: (&str, &str) = (
    "InitialReplicationInProgress",
    "Initial replication is in progress",
);
const PENDING: (&str, &str) = (
    "UnplannedFailoverCommitPendingStatesBegin",
    "Failover completed",
);
const COMMITTED: (&str, &str) = ("UnplannedFailoverCommitted", "Failover committed");
const FORWARD: &[&str] = &["UnplannedFailover", "DisableProtection", "TestFailover"];
const FAILED_OVER: &[&str] = &[
    "CompleteMigration",
    "Commit",
    "DisableProtection",
    "ChangePit",
    "SwitchProtection",
];
const SETTLED: &[&str] = &["CompleteMigration", "DisableProtection", "SwitchProtection"];
const HYPERV_PENDING: &[&str] = &[
    "CompleteMigration",
    "Commit",
    "DisableProtection",
    "ChangePit",
];
const DISABLE: &[&str] = &["DisableProtection"];

const V2: &str = "InMageAzureV2";
const BACK: &str = "InMage";
const RCM: &str = "InMageRcm";
const RCM_BACK: &str = "InMageRcmFailback";
const HV: &str = "HyperVReplicaAzure";

/// asr-rest.md 9, in its order. Rows marked [I] there are inferred here too.
#[rustfmt::skip]
pub(super) const STAGES: &[Stage] = &[
    row("classic-replicating", V2, PROTECTED, "Primary", FORWARD, TO_AZURE),
    row("classic-failed-over", V2, PENDING, "Recovery", FAILED_OVER, AZURE),
    row("classic-committed", V2, COMMITTED, "Recovery", SETTLED, AZURE),
    row("classic-reprotecting", BACK, INITIAL, "Primary", DISABLE, TO_SITE),
    row("classic-ready", BACK, PROTECTED, "Primary", &["UnplannedFailover", "DisableProtection"], TO_SITE),
    row("classic-failed-back", BACK, PENDING, "Recovery", &["CompleteMigration", "Commit", "DisableProtection", "SwitchProtection"], HOME),
    row("classic-home", BACK, COMMITTED, "Recovery", SETTLED, SETTLED_HOME),
    row("classic-initial", V2, INITIAL, "Primary", DISABLE, TO_AZURE),
    row("modern-initial", RCM, INITIAL, "Primary", DISABLE, TO_AZURE),
    row("modern-waiting", RCM, ("InitialReplicationRecoveryCompletionPending", "Waiting for first recovery point"), "Primary", DISABLE, TO_AZURE),
    row("modern-replicating", RCM, PROTECTED, "Primary", FORWARD, TO_AZURE),
    row("modern-failed-over", RCM, PENDING, "Recovery", FAILED_OVER, AZURE),
    row("modern-committed", RCM, COMMITTED, "Recovery", SETTLED, AZURE),
    row("modern-reprotecting", RCM_BACK, INITIAL, "Primary", DISABLE, TO_SITE),
    row("modern-ready", RCM_BACK, PROTECTED, "Primary", &["PlannedFailover", "DisableProtection"], TO_SITE),
    row("modern-failed-back", RCM_BACK, ("CommitPendingStatesBegin", "Planned failover finished"), "Recovery", &["CompleteMigration", "Commit", "DisableProtection", "SwitchProtection", "CancelFailover"], HOME),
    row("modern-home", RCM_BACK, ("PlannedFailoverCommitted", "Planned failover committed"), "Recovery", SETTLED, HOME),
    row("hyperv-replicating", HV, PROTECTED, "Primary", &["PlannedFailover", "UnplannedFailover", "DisableProtection", "TestFailover"], TO_AZURE),
    row("hyperv-failed-over", HV, PENDING, "Recovery", HYPERV_PENDING, AZURE),
    row("hyperv-planned-over", HV, ("PlannedFailoverCommitRequired", "Planned failover finished"), "Recovery", HYPERV_PENDING, AZURE),
    row("hyperv-committed", HV, ("PlannedFailoverStatesBegin", "Planned failover committed"), "Recovery", &["CompleteMigration", "DisableProtection", "Failback"], AZURE),
    row("hyperv-failing-back", HV, ("PlannedFailoverStatesBegin", "Planned failover committed"), "Recovery", &[], TO_SITE),
    row("hyperv-failed-back", HV, ("RestoreCommitRequired", "Failback completed"), "Primary", &["Commit", "DisableProtection"], HOME),
    row("hyperv-home", HV, ("RestoreFinalized", "Failback finalized"), "Primary", &["ReverseReplicate", "DisableProtection"], SETTLED_HOME),
    row("hyperv-test", HV, PROTECTED, "Primary", &["TestFailoverCleanup"], TO_AZURE),
];
