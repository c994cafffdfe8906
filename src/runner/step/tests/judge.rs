use super::super::judge::{failure_of, judge as judge_marked, warning};
use super::*;
use crate::domain::run::{End, Mark};
use crate::domain::{Level, Problem, Retry, Text};

fn amber(end: Result<End, crate::domain::Failure>) -> Vec<String> {
    match end {
        Ok(End::DoneBut(words)) => words.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

fn judge(
    job: &Job,
    remark: Option<Problem>,
    machine: Option<&Machine>,
    change: &Change,
    before: &Machine,
) -> Result<End, crate::domain::Failure> {
    let mark = Mark::of(before);
    judge_marked(job, remark, machine, change, &mark, &before.name)
}

fn failover(tasks: Vec<Task>) -> Job {
    job(JobState::Succeeded, tasks)
}

#[test]
fn green_is_only_what_job_remark_and_machine_bear_out() {
    let well = || failover(vec![done("VmFailover")]);
    let at = failed_back();
    let judged = |job: &Job, remark, machine: Option<&Machine>| {
        judge(job, remark, machine, &fail_back(), &ready())
    };
    assert_eq!(judged(&well(), None, Some(&at)), Ok(End::Done));

    let words = amber(judged(&well(), None, None));
    assert!(words[0].contains("could not be read again"), "{words:?}");
    let words = amber(judged(&well(), None, Some(&ready())));
    assert_eq!(
        words,
        ["the job is over, but the machine is still shown as: Azure, Replicating home"]
    );
    let remark = warning("the name was changed", Level::Warning);
    assert_eq!(
        amber(judged(&well(), Some(remark), Some(&at))),
        ["the name was changed"]
    );
    let partly = Job {
        description: "PartiallySucceeded".into(),
        ..well()
    };
    let words = amber(judged(&partly, None, Some(&at)));
    assert_eq!(words, ["the job ended as PartiallySucceeded"]);
}

#[test]
fn a_skipped_shut_down_or_synchronisation_is_amber_and_says_what_it_means() {
    for (name, meaning) in [
        ("VmShutdownVmOnPrimary", "did not shut its VM down"),
        (
            "VmPrepareForUnPlannedFailover",
            "did not synchronise the latest changes",
        ),
    ] {
        let job = failover(vec![skipped(name), done("VmFailover")]);
        let words = amber(judge(
            &job,
            None,
            Some(&failed_back()),
            &fail_back(),
            &ready(),
        ));
        assert_eq!(words[0], format!("skipped: {name}"));
        assert!(words[1].contains(meaning), "{words:?}");
    }
}

#[test]
fn the_commit_within_a_reprotect_is_skipped_every_day_but_only_where_there_is_none() {
    let job = failover(vec![
        skipped("VmCommitFailover"),
        done("ProtectReplicaTask"),
    ]);
    let judged = |before: &Machine| judge(&job, None, Some(&ready()), &protect(), before);
    assert_eq!(judged(&committed()), Ok(End::Done));
    let words = amber(judged(&failed_over()));
    assert_eq!(words, ["skipped: VmCommitFailover"]);
    // A skipped child is not one of them.
    let mut group = done("ProtectReplicaTask");
    group.children = vec![skipped("VmCommitFailover")];
    let job = failover(vec![group]);
    let end = judge(&job, None, Some(&ready()), &protect(), &committed());
    assert_eq!(amber(end), ["skipped: VmCommitFailover"]);
}

#[test]
fn a_failure_is_told_in_azures_words_the_worst_first() {
    let problem = |code: &str, level| Problem {
        code: code.into(),
        causes: "because".into(),
        remedy: "do this".into(),
        activity_id: Text::default(),
        ..warning("it went wrong", level)
    };
    let mut failed = task("VmFailover", JobState::Failed, "Failed");
    failed.title = "Start failover".into();
    failed.problems = vec![problem("8061", Level::Error)];
    let mut job = job(JobState::Failed, vec![done("first"), failed]);
    job.problems = vec![problem("28175", Level::Warning)];
    let failure = failure_of(&job, &"web-01".into());
    assert_eq!(
        failure.what.as_str(),
        "Failover of web-01 failed at \"Start failover\" (job j-1)."
    );
    assert_eq!(failure.code.as_str(), "8061");
    assert_eq!(failure.said.as_str(), "it went wrong");
    assert_eq!(failure.activity_id.as_str(), "a-1");
    assert_eq!(failure.retry, Retry::AfterFixing);

    job.state = JobState::Cancelled;
    let failure = failure_of(&job, &"web-01".into());
    assert!(failure.what.as_str().contains("was cancelled"));
    assert!(judge(&job, None, Some(&failed_back()), &fail_back(), &ready()).is_err());
}

#[test]
fn on_the_way_to_azure_a_skipped_shut_down_means_the_machine_at_home() {
    let change = Change::FailOver {
        item: id(),
        generation: crate::domain::Generation::Classic,
        point: None,
        shut_down: true,
    };
    let told = |task: Task| {
        let over = job(JobState::Succeeded, vec![task, done("VmFailover")]);
        amber(judge(
            &over,
            None,
            Some(&failed_over()),
            &change,
            &replicating(),
        ))
        .join("; ")
    };
    // Tried and failed comes to the same, though the job went on.
    let failed = task("VmShutdownVmOnPrimary", JobState::Failed, "Failed");
    for task in [skipped("VmShutdownVmOnPrimary"), failed] {
        let told = told(task);
        assert!(
            told.contains("it may still run beside the one in Azure"),
            "{told}"
        );
        assert!(!told.contains("Azure did not shut its VM down"), "{told}");
    }
    let told = told(skipped("VmPrepareForUnPlannedFailover"));
    assert!(told.contains("is not in Azure"), "{told}");
    let well = job(JobState::Succeeded, vec![done("VmFailover")]);
    let end = judge(&well, None, Some(&failed_over()), &change, &replicating());
    assert_eq!(end, Ok(End::Done));
}
