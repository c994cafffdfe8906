//! Every state of asr-rest.md 9, and every action in it.

mod property;
mod states;

use super::*;
use crate::domain::call::JobAction;
use crate::domain::machine::Running;
use crate::domain::{ArmId, Health, JobId, JobState, Next, Text};

const ITEM: &str = "/subscriptions/s/vaults/v/replicationProtectedItems/web-01";
const JOB: &str = "/subscriptions/s/vaults/v/replicationJobs/3e53d760-0533-4692-88ba-bbf28b26823a";

/// A machine as the service tells it: class, `activeLocation`, `protectionState`, `allowedOperations`.
fn machine(class: &str, active: &str, state: &str, allowed: &[&str]) -> Machine {
    let class = Class::of(class);
    let place = Place::of(&class, active, None);
    Machine {
        id: ArmId::parse(ITEM).unwrap(),
        name: "web-01".into(),
        next: Next::of(&class, &place, allowed.iter().copied()),
        class,
        place,
        stage: Stage::of(state, ""),
        running: None,
        sync_percent: None,
        health: Health::Normal,
        problems: Vec::new(),
        rpo_seconds: None,
        group_id: Text::default(),
        group_name: Text::default(),
        policy: Text::default(),
        last_failover: None,
        test_failover: Text::default(),
        event_correlation_id: Text::default(),
        azure_vm: None,
        service_ids: Box::default(),
        os: Text::default(),
        address: Text::default(),
    }
}

fn job(scenario: &str, state: &str, actions: &[&str]) -> Job {
    Job {
        id: ArmId::parse(JOB).unwrap(),
        name: JobId::parse("3e53d760-0533-4692-88ba-bbf28b26823a").unwrap(),
        scenario: scenario.into(),
        title: scenario.into(),
        state: JobState::of(state),
        description: Text::default(),
        start: None,
        end: None,
        target_name: "web-01".into(),
        target_id: Text::default(),
        activity_id: Text::default(),
        allowed_actions: actions.iter().map(|a| Text::from(*a)).collect(),
        tasks: Vec::new(),
        problems: Vec::new(),
    }
}

/// A sentence, what to do, a source.
fn told(refusal: Refusal, what: &str) {
    for sentence in [refusal.why, refusal.instead] {
        assert!(
            sentence.ends_with('.') && sentence.len() > 10,
            "{what}: {refusal:?}"
        );
        assert!(!sentence.contains("  "), "{what}: {refusal:?}");
    }
    let known = ["[001] ", "[002] ", "[003] ", "[004] ", "asr-rest.md "];
    assert!(
        known.iter().any(|k| refusal.source.starts_with(k)),
        "{what}: {refusal:?}"
    );
}

#[test]
fn a_guard_holds_although_azure_lists_the_operation() {
    let listed = machine(
        "InMage",
        "Recovery",
        "UnplannedFailoverCommitted",
        &["SwitchProtection", "Commit"],
    );
    let refusal = Situation::of(&listed, &[])
        .verdict(Verb::ProtectToAzure)
        .unwrap_err();
    assert!(refusal.why.contains("commit it unasked"), "{refusal:?}");

    let mut busy = machine("InMage", "Primary", "Protected", &["UnplannedFailover"]);
    assert_eq!(Situation::of(&busy, &[]).verdict(Verb::FailBack), Ok(()));
    busy.running = Some(Running {
        scenario: "Anything".into(),
        job: None,
        since: None,
    });
    assert!(Situation::of(&busy, &[]).verdict(Verb::FailBack).is_err());
}

#[test]
fn a_job_of_another_machine_offers_and_refuses_nothing_here() {
    let waits = machine(
        "HyperVReplicaAzure",
        "Recovery",
        "PlannedFailoverStatesBegin",
        &["Failback"],
    );
    let mut other = job("PlannedFailover", "Suspended", &["Resume"]);
    other.target_name = "web-02".into();
    assert_eq!(Situation::of(&waits, &[other]).offered(), [Verb::FailBack]);
}

#[test]
fn resume_and_restart_are_offered_where_the_job_allows_them_and_never_what_would_do_harm() {
    let hyper_v = machine(
        "HyperVReplicaAzure",
        "Recovery",
        "PlannedFailoverStatesBegin",
        &[],
    );
    let (resume, restart) = (JobAction::Resume, JobAction::Restart);
    for (scenario, state, actions, action, source) in [
        (
            "PlannedFailover",
            "Suspended",
            &["Cancel", "Resume"][..],
            resume,
            None,
        ),
        (
            "PlannedFailover",
            "InProgress",
            &["Cancel"],
            resume,
            Some("asr-rest.md 6"),
        ),
        (
            "PlannedFailover",
            "Failed",
            &["Restart"],
            restart,
            Some("[001] FB-01"),
        ),
        (
            "CommitFailover",
            "Failed",
            &["Restart"],
            restart,
            Some("[001] COM-02"),
        ),
        (
            "SwitchReplicationGroupProtection",
            "Failed",
            &["Restart"],
            restart,
            Some("asr-rest.md 13"),
        ),
        (
            "CancelFailover",
            "Failed",
            &["Restart"],
            restart,
            Some("[004] MOD-09, MOD-18"),
        ),
        (
            "DisableDr",
            "Suspended",
            &["Resume"],
            resume,
            Some("asr-rest.md 6"),
        ),
        (
            "CompleteMigration",
            "Failed",
            &["Restart"],
            restart,
            Some("asr-rest.md 6"),
        ),
        ("EnableDr", "Failed", &["Restart"], restart, None),
        ("EnableDr", "Failed", &[], restart, Some("asr-rest.md 6")),
        (
            "TestFailover",
            "Suspended",
            &["Cancel", "Resume"],
            resume,
            None,
        ),
    ] {
        let job = job(scenario, state, actions);
        let jobs = [job.clone()];
        let situation = Situation::of(&hyper_v, &jobs);
        let verdict = job_action(Some(&situation), &job, action);
        let refused = verdict.err().map(|refusal| {
            told(refusal, scenario);
            refusal.source
        });
        assert_eq!(refused, source, "{scenario} {state} {action:?}");
    }
    // Nobody knows whose failback it is.
    let waits = job("PlannedFailover", "Suspended", &["Resume"]);
    assert!(job_action(None, &waits, resume).is_err());
}

#[test]
fn no_job_is_cancelled_and_each_kind_has_its_reason() {
    let hyper_v = machine(
        "HyperVReplicaAzure",
        "Recovery",
        "PlannedFailoverStatesBegin",
        &[],
    );
    for (scenario, source) in [
        ("PlannedFailover", "[003] HV-29, HV-30"),
        ("UnplannedFailover", "[004] FWD-09, MOD-07"),
        ("CommitFailover", "[001] COM-02"),
        ("CancelFailover", "[004] MOD-16, MOD-18"),
        ("EnableDr", "asr-rest.md 13"),
    ] {
        let jobs = [job(scenario, "InProgress", &["Cancel"])];
        let situation = Situation::of(&hyper_v, &jobs);
        let refusal = job_cancel(Some(&situation), &jobs[0]);
        told(refusal, scenario);
        assert_eq!(refusal.source, source, "{scenario}");
    }
}
