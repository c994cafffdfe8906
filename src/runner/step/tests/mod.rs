//! The decisions of the steps, as tables.

mod advice;
mod complete;
mod drain;
mod expect;
mod generations;
mod judge;
mod protected;
mod target;

use crate::domain::call::{AzureInput, ClassicAzureInput, ClassicInput, HomeInput, WayHome};
use crate::domain::plan::PointChoice;
use crate::domain::{
    ArmId, Change, Class, Health, Job, JobId, JobState, Machine, Next, Place, Stage, Task,
};

const ITEM: &str = "/s/x/vaults/v/items/web-01";

fn id() -> ArmId {
    ArmId::parse(ITEM).unwrap()
}

/// A machine as it stands, offering what Azure offers in that state.
fn machine(class: Class, place: Place, stage: Stage, allowed: &[&str]) -> Machine {
    let next = Next::of(&class, &place, allowed.iter().copied());
    Machine {
        id: id(),
        name: "web-01".into(),
        class,
        place,
        stage,
        running: None,
        sync_percent: None,
        next,
        health: Health::Normal,
        problems: Vec::new(),
        rpo_seconds: None,
        group_id: "".into(),
        group_name: "".into(),
        policy: "".into(),
        last_failover: None,
        test_failover: "".into(),
        event_correlation_id: "e-1".into(),
        azure_vm: None,
        service_ids: Box::new(["vm-1".into()]),
        os: "".into(),
        address: "".into(),
    }
}

fn committed() -> Machine {
    let allowed = ["CompleteMigration", "DisableProtection", "SwitchProtection"];
    machine(
        Class::ClassicToAzure,
        Place::Azure,
        Stage::Committed,
        &allowed,
    )
}

fn failed_over() -> Machine {
    let allowed = ["Commit", "ChangePit", "SwitchProtection"];
    machine(
        Class::ClassicToAzure,
        Place::Azure,
        Stage::CommitPending,
        &allowed,
    )
}

fn ready() -> Machine {
    let allowed = ["UnplannedFailover", "DisableProtection"];
    machine(Class::ClassicHome, Place::Azure, Stage::Protected, &allowed)
}

fn failed_back() -> Machine {
    let allowed = ["Commit", "SwitchProtection"];
    machine(
        Class::ClassicHome,
        Place::OnPremises,
        Stage::CommitPending,
        &allowed,
    )
}

fn home() -> Machine {
    let allowed = ["CompleteMigration", "SwitchProtection"];
    machine(
        Class::ClassicHome,
        Place::OnPremises,
        Stage::Committed,
        &allowed,
    )
}

fn replicating() -> Machine {
    let allowed = ["UnplannedFailover", "TestFailover"];
    machine(
        Class::ClassicToAzure,
        Place::OnPremises,
        Stage::Protected,
        &allowed,
    )
}

fn protect() -> Change {
    Change::Protect {
        item: id(),
        input: HomeInput::Classic(ClassicInput {
            process_server: "ps".into(),
            master_target: "mt".into(),
            retention: "R".into(),
            datastore: "ds".into(),
            account: None,
            policy: id(),
        }),
    }
}

fn fail_back() -> Change {
    Change::FailBack {
        item: id(),
        way: WayHome::Classic(PointChoice::Latest),
    }
}

fn commit() -> Change {
    Change::Commit { item: id() }
}

fn to_azure() -> Change {
    Change::ProtectToAzure {
        item: id(),
        input: AzureInput::Classic(ClassicAzureInput {
            process_server: "ps".into(),
            account: None,
            policy: id(),
        }),
    }
}

fn task(name: &str, state: JobState, description: &str) -> Task {
    Task {
        name: name.into(),
        title: name.into(),
        state,
        description: description.into(),
        start: None,
        end: None,
        problems: Vec::new(),
        children: Vec::new(),
        job: None,
    }
}

fn done(name: &str) -> Task {
    task(name, JobState::Succeeded, "Completed")
}

fn skipped(name: &str) -> Task {
    task(name, JobState::Other("Other".into()), "Skipped")
}

fn job(state: JobState, tasks: Vec<Task>) -> Job {
    Job {
        id: ArmId::parse("/s/x/vaults/v/replicationJobs/j-1").unwrap(),
        name: JobId::parse("j-1").unwrap(),
        scenario: "UnplannedFailover".into(),
        title: "Failover".into(),
        state,
        description: "Completed".into(),
        start: None,
        end: None,
        target_name: "web-01".into(),
        target_id: "vm-1".into(),
        activity_id: "a-1".into(),
        allowed_actions: Vec::new(),
        tasks,
        problems: Vec::new(),
    }
}
