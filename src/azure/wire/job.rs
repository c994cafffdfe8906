//! `Job` and `ASRTask` (asr-rest.md 6).

use serde::Deserialize;

use crate::domain::{self, ArmId, JobId, JobState};

use super::error::JobError;
use super::leaf::{Many, Part, Word};

/// Deepest task tree that is followed.
const DEEPEST: usize = 16;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Job {
    id: Word,
    name: Word,
    properties: Part<Properties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Properties {
    activity_id: Word,
    scenario_name: Word,
    friendly_name: Word,
    state: Word,
    state_description: Word,
    tasks: Many<Task>,
    errors: Many<JobError>,
    start_time: Word,
    end_time: Word,
    allowed_actions: Many<Word>,
    target_object_id: Word,
    target_object_name: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Task {
    name: Word,
    friendly_name: Word,
    state: Word,
    state_description: Word,
    start_time: Word,
    end_time: Word,
    errors: Many<JobError>,
    group_task_custom_details: Part<Group>,
    custom_details: Part<Custom>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Group {
    child_tasks: Many<Task>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Custom {
    job_task: Part<Link>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Link {
    job_id: Word,
}

impl Job {
    /// The job; `None` when the answer does not even say which job it is.
    #[must_use]
    pub fn job(self) -> Option<domain::Job> {
        let id: ArmId = self.id.id()?;
        let name = JobId::parse(self.name.as_str()).or_else(|| JobId::parse(id.name()))?;
        let p = self.properties.or_empty();
        let title = if p.friendly_name.is_empty() {
            &p.scenario_name
        } else {
            &p.friendly_name
        };
        Some(domain::Job {
            title: title.text(),
            scenario: p.scenario_name.text(),
            state: JobState::of(p.state.as_str()),
            description: p.state_description.text(),
            start: p.start_time.time(),
            end: p.end_time.time(),
            target_name: p.target_object_name.text(),
            target_id: p.target_object_id.text(),
            activity_id: p.activity_id.text(),
            allowed_actions: p.allowed_actions.0.iter().map(Word::text).collect(),
            tasks: p
                .tasks
                .0
                .into_iter()
                .map(|task| task.task(DEEPEST))
                .collect(),
            problems: p.errors.0.into_iter().map(JobError::problem).collect(),
            id,
            name,
        })
    }
}

impl Task {
    fn task(self, depth: usize) -> domain::Task {
        let children = match depth {
            0 => Vec::new(),
            _ => self.group_task_custom_details.or_empty().child_tasks.0,
        };
        let title = if self.friendly_name.is_empty() {
            &self.name
        } else {
            &self.friendly_name
        };
        let job = self.custom_details.or_empty().job_task.or_empty().job_id;
        domain::Task {
            title: title.text(),
            name: self.name.text(),
            state: JobState::of(self.state.as_str()),
            description: self.state_description.text(),
            start: self.start_time.time(),
            end: self.end_time.time(),
            problems: self.errors.0.into_iter().map(JobError::problem).collect(),
            children: children
                .into_iter()
                .map(|task| task.task(depth - 1))
                .collect(),
            job: job.as_str().rsplit('/').next().and_then(JobId::parse),
        }
    }
}
