//! Performs the effects of the screens: the only place of theirs that does I/O.

mod following;
mod identities;
mod kept;
mod launching;
mod ledger;
mod recording;
#[cfg(test)]
mod tests;
mod watching;
mod wizard;

use std::future::Future;
use std::sync::{Arc, Mutex};

use super::effect::{Effect, Generation, Message};
use super::terminal::Replies;
use crate::domain::{ArmId, Failure, JobId, Retry};
use crate::site::{self, Part, PartName, PartState, Site, Update};
use crate::store::{Profile, Remembered, Sites};

pub use kept::Kept;
pub use launching::{Credentials, with_secret};

/// Opens the site that is shown. May take its time; the first frame does not wait for it.
pub type Opener = Arc<dyn Fn() -> Result<Arc<Site>, Failure> + Send + Sync>;

/// What effects need.
#[derive(Clone)]
pub struct Performer {
    opener: Arc<Mutex<Opener>>,
    /// The open site. Held while it is being opened, so that it is opened once.
    open: Arc<tokio::sync::Mutex<Option<Arc<Site>>>>,
    sites: Sites,
    kept: Kept,
    /// What agents say is not kept.
    read_only: bool,
    /// What a runner is started with; `None` where nothing is ever launched.
    credentials: Arc<Mutex<Option<Credentials>>>,
    /// Of agents' files.
    fetching: Arc<identities::Fetching>,
}

type Reply = Replies<Message>;

impl Performer {
    #[must_use]
    pub fn new(opener: Opener, sites: Sites, kept: Kept, read_only: bool) -> Self {
        Self {
            opener: Arc::new(Mutex::new(opener)),
            open: Arc::default(),
            sites,
            kept,
            read_only,
            credentials: Arc::default(),
            fetching: Arc::default(),
        }
    }

    /// Runs are launched with these.
    #[must_use]
    pub fn launching_with(self, credentials: Credentials) -> Self {
        if let Ok(mut own) = self.credentials.lock() {
            *own = Some(credentials);
        }
        self
    }

    /// Performs one effect.
    pub fn perform(&self, effect: Effect, reply: Reply) -> impl Future<Output = ()> + Send + use<> {
        let own = self.clone();
        async move {
            match effect {
                Effect::Gather { generation } => own.gather(generation, &reply).await,
                Effect::ReadMachine { id, generation } => {
                    let read = match own.site().await {
                        Ok(site) => site.machine(&id).await,
                        Err(failure) => Err(failure),
                    };
                    reply.send(Message::Detail(generation, Box::new(read)));
                }
                Effect::ReadJob { id, generation } => {
                    let read = own.job(&id).await;
                    reply.send(Message::Job(generation, Box::new(read)));
                }
                Effect::TestProfile {
                    profile,
                    generation,
                } => {
                    site::test(&profile, |finding| {
                        reply.send(Message::Tested(generation, finding));
                    })
                    .await;
                    reply.send(Message::TestEnded(generation));
                }
                Effect::Watch { generation } => own.kept.watch(generation, reply).await,
                Effect::ReadRun { id, generation } => {
                    let read = own.kept.run(id).await;
                    reply.send(Message::RunRead(generation, Box::new(read)));
                }
                Effect::ReadHistory { generation } => own.kept.history(generation, reply).await,
                Effect::ReadPast { generation } => {
                    let past = own.kept.past().await;
                    reply.send(Message::Past(generation, Arc::new(past)));
                }
                Effect::Ready {
                    plan,
                    evidence,
                    generation,
                } => {
                    let read = own.ready(&plan, &evidence).await;
                    reply.send(Message::Readied(generation, Box::new(read)));
                }
                Effect::KeepStatements { plan, said } => {
                    let slug = plan.slug().clone();
                    let kept = own.kept.keep_statements(plan, said).await;
                    reply.send(Message::StatementsKept(slug, kept.map_err(Box::new)));
                }
                Effect::Launch {
                    plan,
                    named,
                    standing,
                    evidence,
                } => {
                    let slug = plan.slug().clone();
                    let launched = own.launch(plan, named, standing, evidence).await;
                    let launched = launched.map_err(Box::new);
                    reply.send(Message::Launched(slug, launched));
                }
                Effect::Resume { run } => {
                    let resumed = own.resume(run.clone()).await.map_err(Box::new);
                    reply.send(Message::Resumed(run, resumed));
                }
                Effect::Put { run, request } => {
                    let put = own.kept.put(run.clone(), request.clone()).await;
                    let put = put.map_err(Box::new);
                    reply.send(Message::Put { run, request, put });
                }
                Effect::ReadChoices { generation } => own.choices(generation, &reply).await,
                Effect::ReadOffered {
                    machines,
                    generation,
                } => own.offered(machines, generation, &reply).await,
                Effect::ReadIdentities {
                    machines,
                    fabrics,
                    generation,
                } => own.identities(machines, fabrics, generation, &reply).await,
                Effect::ReadAgent { fetch, generation } => {
                    own.agent(*fetch, generation, &reply).await;
                }
                Effect::RecordGuest {
                    machine,
                    generation,
                } => own.record(machine, generation, &reply).await,
                Effect::StopAgent { generation } | Effect::StopRecording { generation } => {
                    own.stop_agent(generation);
                }
                Effect::ListDrafts => {
                    let listing = own.kept.list_drafts().await;
                    reply.send(Message::Drafts(Box::new(listing)));
                }
                Effect::SaveDraft { id, draft } => {
                    let saved = own.kept.save_draft(id, *draft).await;
                    reply.send(Message::DraftSaved(id, saved.map_err(Box::new)));
                }
                Effect::DiscardDraft { id } => {
                    if let Err(failure) = own.kept.discard_draft(id).await {
                        reply.send(Message::DraftSaved(id, Err(Box::new(failure))));
                    }
                }
                Effect::KeepPlan { plan, draft, now } => {
                    let kept = own.kept.keep_plan(*plan, draft).await;
                    reply.send(Message::PlanKept(kept.map_err(Box::new), now));
                }
                Effect::SaveProfile { profile } => {
                    reply.send(Message::Saved(own.save(*profile).await.map_err(Box::new)));
                }
            }
        }
    }

    /// The site, opened when it is not yet.
    async fn site(&self) -> Result<Arc<Site>, Failure> {
        let mut open = self.open.lock().await;
        if let Some(site) = &*open {
            return Ok(Arc::clone(site));
        }
        let opener = self
            .opener
            .lock()
            .map(|opener| Arc::clone(&opener))
            .map_err(|_| broken())?;
        let site = tokio::task::spawn_blocking(move || opener())
            .await
            .map_err(|_| broken())??;
        *open = Some(Arc::clone(&site));
        Ok(site)
    }

    async fn gather(&self, generation: Generation, reply: &Reply) {
        let tell = |update| reply.send(Message::Estate(generation, update));
        match self.site().await {
            Ok(site) => site.gather(tell).await,
            Err(failure) => {
                tell(Update::Begun);
                for name in PartName::ALL {
                    let state = PartState::Failed(Box::new(failure.clone()));
                    tell(Update::Part(Part {
                        name,
                        state,
                        read_at: None,
                    }));
                }
                tell(Update::Ended);
            }
        }
    }

    async fn job(&self, id: &ArmId) -> Result<crate::domain::Job, Failure> {
        let site = self.site().await?;
        let job = JobId::parse(id.name()).ok_or_else(broken)?;
        site.job(id, &job).await
    }

    /// Keeps a profile and makes it the site that is read from now on.
    async fn save(&self, profile: Profile) -> Result<String, Failure> {
        let name = profile.name.clone();
        let sites = self.sites.clone();
        let kept = profile.clone();
        tokio::task::spawn_blocking(move || sites.add(&kept))
            .await
            .map_err(|_| broken())?
            .map_err(|trouble| Failure::new(trouble.to_string(), "", Retry::AfterFixing))?;
        let signing = profile.clone();
        let credentials: Credentials = Arc::new(move || with_secret(&signing));
        let read_only = self.read_only;
        let remembered = Remembered::of_site(&self.kept.folders().data, &name);
        let opener: Opener = Arc::new(move || {
            let site = Site::open(&profile, None)?;
            Ok(Arc::new(site.remembering(remembered.clone(), read_only)))
        });
        *self.opener.lock().map_err(|_| broken())? = opener;
        *self.open.lock().await = None;
        *self.credentials.lock().map_err(|_| broken())? = Some(credentials);
        self.kept.is_of(&name);
        Ok(name)
    }
}

fn broken() -> Failure {
    let what = "A part of failback itself failed.";
    Failure::new(
        what,
        "Start it again; if it happens again, report it.",
        Retry::MayHelp,
    )
}
