//! From a saved plan to a run: whether it is ready now, and the process that carries it out.

use std::sync::Arc;

use secrecy::SecretString;

use super::following::unread;
use super::{Performer, broken};
use crate::domain::run::RunId;
use crate::domain::{Failure, Machine, Plan, Retry};
use crate::readiness::facts::Item;
use crate::readiness::{Fact, Facts, evaluate};
use crate::runner::{Errand, Standing, Task, launch, outlives, preview, resume};
use crate::site::Evidence;
use crate::store::Profile;
use crate::ui::model::monitor::Readied;

/// The profile of the site and its client secret, fetched when a runner is started: it goes through
/// the runner's standard input and is held by nobody here.
pub type Credentials =
    Arc<dyn Fn() -> Result<(Profile, Option<SecretString>), Failure> + Send + Sync>;

/// A profile with the secret that it names.
///
/// # Errors
/// In words: which variable, file or command did not give one.
pub fn with_secret(profile: &Profile) -> Result<(Profile, Option<SecretString>), Failure> {
    let secret = profile.fetch_secret().map_err(|why| {
        let what = format!("Nothing was launched: {why}.");
        Failure::new(what, "Put it right, then launch again.", Retry::AfterFixing)
    })?;
    Ok((profile.clone(), secret))
}

impl Performer {
    /// Whether a plan may be launched now, and what would be done.
    pub(super) async fn ready(&self, plan: &Plan, evidence: &Evidence) -> Result<Readied, Failure> {
        let site = self.site().await?;
        let facts = site.facts_with(plan, evidence).await;
        let machines = machines(plan, &facts);
        Ok(Readied {
            findings: evaluate(plan, &facts),
            calls: preview(plan, &machines, site.arm().api_version()),
            machines,
            outlives: outlives(),
        })
    }

    /// Judges the plan once more, then starts the process that carries it out. Its first record is
    /// in the journal when this answers.
    pub(super) async fn launch(
        &self,
        plan: Arc<Plan>,
        named: bool,
        standing: Vec<Standing>,
        evidence: Evidence,
    ) -> Result<RunId, Failure> {
        let readied = self.ready(&plan, &evidence).await?;
        if !readied.may_launch() {
            return Err(readied.calls.err().unwrap_or_else(|| {
                let what = format!(
                    "{} was not launched: it is no longer ready. Nothing was sent.",
                    plan.name
                );
                let advice = "Open the launch again: it says what holds the plan back.";
                Failure::new(what, advice, Retry::AfterFixing)
            }));
        }
        let (_, runs) = self.kept.both()?;
        let by = self.kept.by.clone();
        let credentials = self.signing_in()?;
        let start = move || {
            let (profile, secret) = credentials()?;
            let errand = Errand {
                task: Task::Begin,
                profile,
                secret,
                by,
                named,
                standing,
                // A recording of the screens is theirs: the runner would write into the same file.
                record: None,
            };
            launch(&runs, &plan, &errand)
                .map(|folder| folder.id().clone())
                .map_err(|why| why.failure().clone())
        };
        let started = tokio::task::spawn_blocking(start).await;
        started.unwrap_or_else(|_| Err(broken()))
    }

    /// Starts a new process for a run that none carries out. It is in the journal when this answers.
    pub(super) async fn resume(&self, run: RunId) -> Result<(), Failure> {
        let (_, runs) = self.kept.both()?;
        let by = self.kept.by.clone();
        let credentials = self.signing_in()?;
        let start = move || {
            let folder = runs.open(&run).map_err(|trouble| unread(&trouble))?;
            let (profile, secret) = credentials()?;
            let errand = Errand {
                task: Task::Resume,
                profile,
                secret,
                by,
                named: false,
                standing: Vec::new(),
                record: None,
            };
            resume(&runs, &folder, &errand).map_err(|why| why.failure().clone())
        };
        let started = tokio::task::spawn_blocking(start).await;
        started.unwrap_or_else(|_| Err(broken()))
    }

    fn signing_in(&self) -> Result<Credentials, Failure> {
        let credentials = self.credentials.lock().map_err(|_| broken())?.clone();
        credentials.ok_or_else(|| {
            let what = "Nothing is launched on a recording.";
            Failure::new(what, "Open a site.", Retry::AfterFixing)
        })
    }
}

/// The machines of a plan as they were read just now; one that could not be read is left out, and the
/// preview then says so.
fn machines(plan: &Plan, facts: &Facts) -> Vec<Arc<Machine>> {
    let read = plan
        .machines()
        .into_iter()
        .filter_map(|id| match &facts.machines.get(id)?.item {
            Fact::Known {
                value: Item::Protected(machine),
                ..
            } => Some(Arc::new(machine.as_ref().clone())),
            _ => None,
        });
    read.collect()
}
