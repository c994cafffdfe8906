use super::super::complete::{Found, choose};
use super::*;

fn waiting(id: &str) -> Job {
    let mut job = job(JobState::Suspended, Vec::new());
    job.scenario = "PlannedFailover".into();
    job.target_name = "web-01".into();
    job.name = crate::domain::JobId::parse(id).unwrap();
    job
}

fn hyper_v(place: Place, stage: Stage, offered: &[&str]) -> Machine {
    machine(Class::HyperV, place, stage, offered)
}

#[test]
fn the_job_that_is_completed_is_the_only_one_of_a_machine_that_is_in_azure() {
    let in_azure = hyper_v(Place::Azure, Stage::Committed, &[]);
    let found = choose(&in_azure, &[waiting("j-1")]);
    assert!(matches!(found, Found::Job(held) if held.job.to_string() == "j-1"));
    let none = |machine: &Machine, jobs: &[Job]| match choose(machine, jobs) {
        Found::None(failure) => failure.what.to_string(),
        _ => panic!("something was found"),
    };
    let told = none(&in_azure, &[waiting("j-1"), waiting("j-2")]);
    assert!(told.contains("Several jobs"), "{told}");
    assert!(none(&in_azure, &[]).starts_with("No job"));
    let over = Job {
        state: JobState::Cancelled,
        ..waiting("j-1")
    };
    assert!(none(&in_azure, &[over]).starts_with("No job"));
    let other = Job {
        target_name: "other".into(),
        target_id: "x".into(),
        ..waiting("j-1")
    };
    assert!(none(&in_azure, &[other]).starts_with("No job"));
    // A planned failover to Azure is a planned failover, too.
    let at_home = hyper_v(Place::OnPremises, Stage::Protected, &["PlannedFailover"]);
    assert!(none(&at_home, &[waiting("j-1")]).contains("is not in Azure"));
    assert!(none(&at_home, &[]).starts_with("No job"));
    let home = hyper_v(Place::OnPremises, Stage::Other("?".into()), &["Commit"]);
    assert!(matches!(choose(&home, &[]), Found::Home(_)));
}
