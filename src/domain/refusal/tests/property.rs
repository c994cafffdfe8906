//! Invented states and operations.

use proptest::prelude::*;

use super::*;

/// The operations that may stand behind a verb, whatever the class: written anew, so that a slip in
/// the table does not hide here.
fn behind(verb: Verb) -> &'static [&'static str] {
    match verb {
        Verb::FailBack => &["unplannedfailover", "plannedfailover", "failback"],
        Verb::FailOverToAzure => &["unplannedfailover", "plannedfailover"],
        Verb::Commit => &["commit", "finalizefailback"],
        Verb::Cancel => &["cancelfailover"],
        Verb::Protect => &["switchprotection"],
        Verb::ProtectToAzure => &["switchprotection", "reversereplicate"],
        Verb::ChangeRecoveryPoint => &["changepit"],
        Verb::TestFailover => &["testfailover"],
        Verb::TestFailoverCleanup => &["testfailovercleanup"],
        Verb::Resynchronise => &["repairreplication"],
        Verb::Complete => &[],
    }
}

const WORDS: &str = "(Commit|PlannedFailover|UnplannedFailover|Failback|FinalizeFailback|CancelFailover|\
    ChangePit|RepairReplication|SwitchProtection|ReverseReplicate|TestFailover|TestFailoverCleanup|\
    CompleteMigration|DisableProtection|[A-Za-z]{0,12})";

proptest! {
    #[test]
    fn nothing_is_offered_that_is_not_listed(
        class in "(InMage|InMageAzureV2|InMageRcm|InMageRcmFailback|HyperVReplicaAzure|[A-Za-z0-9]{0,12})",
        active in "(Primary|Recovery|[a-z]{0,6})",
        state in "(Protected|InitialReplicationInProgress|PlannedFailoverStatesBegin|\
            UnplannedFailoverCommitted|CommitPendingStatesBegin|\\PC{0,16})",
        operations in proptest::collection::vec(WORDS, 0..8),
        scenario in "(PlannedFailover|UnplannedFailover|CommitFailover|EnableDr|\\PC{0,12})",
        job_state in "(InProgress|Suspended|Failed|Succeeded|Other|\\PC{0,12})",
        actions in proptest::collection::vec("(Cancel|Resume|Restart|\\PC{0,8})", 0..4),
        running in proptest::option::of("\\PC{0,12}"),
        has_job in any::<bool>(),
    ) {
        let listed: Vec<&str> = operations.iter().map(String::as_str).collect();
        let mut machine = machine(&class, &active, &state, &listed);
        machine.running = running.map(|scenario| Running {
            scenario: scenario.as_str().into(),
            job: None,
            since: None,
        });
        let allowed: Vec<&str> = actions.iter().map(String::as_str).collect();
        let own = job(&scenario, &job_state, &allowed);
        let jobs: Vec<Job> = has_job.then(|| own.clone()).into_iter().collect();
        let situation = Situation::of(&machine, &jobs);
        for verb in situation.offered() {
            let there = match verb {
                Verb::Complete => has_job && allowed.iter().any(|a| a.eq_ignore_ascii_case("resume")),
                _ => listed.iter().any(|o| behind(verb).contains(&o.to_ascii_lowercase().as_str())),
            };
            prop_assert!(there, "{verb:?} of {listed:?}, {allowed:?}");
        }
        for (_, refusal) in situation.refused() {
            prop_assert!(!refusal.why.is_empty() && !refusal.instead.is_empty());
            prop_assert!(!refusal.source.is_empty());
        }
        for (action, word) in [(JobAction::Resume, "resume"), (JobAction::Restart, "restart")] {
            if job_action(Some(&situation), &own, action).is_ok() {
                prop_assert!(allowed.iter().any(|a| a.eq_ignore_ascii_case(word)));
            }
        }
        prop_assert!(!job_cancel(Some(&situation), &own).why.is_empty());
    }
}
