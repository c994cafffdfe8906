//! Site Recovery jobs: what runs, how far it is, and how it ended.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{ArmId, JobId};
use super::problem::Problem;
use super::text::Text;

/// `properties.state` of a job or task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum JobState {
    NotStarted,
    InProgress,
    Succeeded,
    Failed,
    Cancelled,
    Suspended,
    /// `Other` and whatever else; of a task, `Other` with `Skipped` is common (asr-rest.md 4.1).
    Other(Text),
}

impl JobState {
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "notstarted" => Self::NotStarted,
            "inprogress" => Self::InProgress,
            "succeeded" => Self::Succeeded,
            "failed" => Self::Failed,
            "cancelled" | "canceled" => Self::Cancelled,
            "suspended" => Self::Suspended,
            _ => Self::Other(word.into()),
        }
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// How a job stands, judged whole: succeeded is not always success (asr-rest.md 13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    Running,
    /// Waits for a person.
    Waiting,
    Succeeded,
    /// Ended as succeeded, but something was skipped, partly done or warned about: amber.
    SucceededBut(Vec<Text>),
    Failed,
    Cancelled,
    /// A state this program does not know; not an end.
    Unknown(Text),
}

/// One task of a job, with its children.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    pub name: Text,
    /// What people read.
    pub title: Text,
    pub state: JobState,
    /// `stateDescription`: `Completed`, `Skipped`, `PartiallySucceeded`...
    pub description: Text,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    pub problems: Vec<Problem>,
    pub children: Vec<Self>,
    /// Another job that this task stands for.
    pub job: Option<JobId>,
}

impl Task {
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        self.description.as_str().eq_ignore_ascii_case("skipped")
    }
}

/// One job. From a list it is shallow: no tasks, no activity id (asr-rest.md 0).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    pub id: ArmId,
    pub name: JobId,
    pub scenario: Text,
    /// What people read.
    pub title: Text,
    pub state: JobState,
    pub description: Text,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    pub target_name: Text,
    pub target_id: Text,
    pub activity_id: Text,
    pub allowed_actions: Vec<Text>,
    pub tasks: Vec<Task>,
    pub problems: Vec<Problem>,
}

impl Job {
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match &self.state {
            JobState::NotStarted | JobState::InProgress => Outcome::Running,
            JobState::Suspended => Outcome::Waiting,
            JobState::Failed => Outcome::Failed,
            JobState::Cancelled => Outcome::Cancelled,
            // Unnamed states that wait for a person are known by what is allowed, not by a word.
            JobState::Other(_) if self.allows("Resume") => Outcome::Waiting,
            JobState::Other(word) => Outcome::Unknown(word.clone()),
            JobState::Succeeded => match self.reservations() {
                but if but.is_empty() => Outcome::Succeeded,
                but => Outcome::SucceededBut(but),
            },
        }
    }

    /// Whether the service offers an action on the job. Cancel says nothing: it stands on every
    /// running job (asr-rest.md 13).
    #[must_use]
    pub fn allows(&self, action: &str) -> bool {
        let mut actions = self.allowed_actions.iter();
        actions.any(|allowed| allowed.as_str().eq_ignore_ascii_case(action))
    }

    /// What keeps a succeeded job from being green, in words.
    fn reservations(&self) -> Vec<Text> {
        let mut but = Vec::new();
        let description = self.description.as_str();
        if !description.is_empty() && !description.eq_ignore_ascii_case("completed") {
            but.push(Text::from(format!("the job ended as {description}")));
        }
        but.extend(self.problems.iter().map(|p| p.message.clone()));
        collect_reservations(&self.tasks, &mut but);
        but
    }

    /// Tasks in the order of the tree, each with its depth.
    #[must_use]
    pub fn flat_tasks(&self) -> Vec<(usize, &Task)> {
        fn walk<'a>(tasks: &'a [Task], depth: usize, out: &mut Vec<(usize, &'a Task)>) {
            for task in tasks {
                out.push((depth, task));
                walk(&task.children, depth + 1, out);
            }
        }
        let mut out = Vec::new();
        walk(&self.tasks, 0, &mut out);
        out
    }
}

/// A skipped, failed or warned-about task of a job that succeeded.
fn collect_reservations(tasks: &[Task], but: &mut Vec<Text>) {
    for task in tasks {
        if task.is_skipped() {
            but.push(Text::from(format!("skipped: {}", task.title)));
        } else if !matches!(task.state, JobState::Succeeded) {
            but.push(Text::from(format!("not completed: {}", task.title)));
        } else if !matches!(
            task.description.as_str().to_ascii_lowercase().as_str(),
            "" | "completed"
        ) {
            but.push(Text::from(format!("{}: {}", task.description, task.title)));
        }
        but.extend(task.problems.iter().map(|p| p.message.clone()));
        collect_reservations(&task.children, but);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(state: &str, actions: &[&str]) -> Job {
        Job {
            id: ArmId::parse("/subscriptions/s/replicationJobs/j").unwrap(),
            name: JobId::parse("3e53d760-0533-4692-88ba-bbf28b26823a").unwrap(),
            scenario: "UnplannedFailover".into(),
            title: "Failover".into(),
            state: JobState::of(state),
            description: "".into(),
            start: None,
            end: None,
            target_name: "web-01".into(),
            target_id: "".into(),
            activity_id: "".into(),
            allowed_actions: actions.iter().map(|a| Text::from(*a)).collect(),
            tasks: Vec::new(),
            problems: Vec::new(),
        }
    }

    #[test]
    fn a_state_that_nobody_named_waits_for_a_person_when_it_can_be_resumed() {
        for (state, actions, outcome) in [
            ("Other", &["Cancel", "resume"][..], Outcome::Waiting),
            ("Other", &["Cancel"], Outcome::Unknown("Other".into())),
            ("Suspended", &[], Outcome::Waiting),
            ("Succeeded", &["Resume"], Outcome::Succeeded),
        ] {
            assert_eq!(
                job(state, actions).outcome(),
                outcome,
                "{state} {actions:?}"
            );
        }
    }
}
