//! What a wizard reads and keeps.

use std::sync::Arc;

use super::kept::Kept;
use super::{Performer, Reply, broken};
use crate::domain::draft::{Draft, DraftId};
use crate::domain::offers::{Choices, Offered, Reading};
use crate::domain::plan::Statement;
use crate::domain::{Failure, Machine, Plan, Retry};
use crate::store::plans::Overwrite;
use crate::store::{DraftListing, Drafts, KeptTrouble};
use crate::ui::effect::{Generation, Message};

impl Performer {
    /// What can be chosen beside machines and servers; what cannot be read says why.
    pub(super) async fn choices(&self, generation: Generation, reply: &Reply) {
        let choices = match self.site().await {
            Ok(site) => site.choices().await,
            Err(failure) => Choices {
                unread: vec![failure.what],
                ..Choices::default()
            },
        };
        reply.send(Message::Choices(generation, Box::new(choices)));
    }

    pub(super) async fn offered(
        &self,
        machines: Vec<Arc<Machine>>,
        generation: Generation,
        reply: &Reply,
    ) {
        let offered = match self.site().await {
            Ok(site) => site.offered(&machines).await,
            Err(failure) => {
                let unread = |machine: Arc<Machine>| Offered {
                    detail: Reading::Failed(failure.what.clone()),
                    ..Offered::of(machine)
                };
                machines.into_iter().map(unread).collect()
            }
        };
        reply.send(Message::Offered(generation, offered));
    }
}

impl Kept {
    fn drafts(&self) -> Result<Drafts, Failure> {
        let drafts = self.site_name().and_then(|site| {
            let data = &self.folders().data;
            Drafts::of_site(data, &site)
        });
        drafts.ok_or_else(|| {
            let what = "This site has no folder for drafts.";
            Failure::new(what, "Give the site a name.", Retry::AfterFixing)
        })
    }

    pub(super) async fn list_drafts(&self) -> DraftListing {
        let Ok(drafts) = self.drafts() else {
            return DraftListing::default();
        };
        let read = tokio::task::spawn_blocking(move || drafts.list()).await;
        match read {
            Ok(Ok(listing)) => listing,
            Ok(Err(trouble)) => DraftListing {
                troubles: vec![trouble],
                ..DraftListing::default()
            },
            Err(_) => DraftListing::default(),
        }
    }

    pub(super) async fn save_draft(&self, id: DraftId, draft: Draft) -> Result<(), Failure> {
        let drafts = self.drafts()?;
        let saved = tokio::task::spawn_blocking(move || drafts.save(id, &draft)).await;
        saved.map_err(|_| broken())?.map(drop).map_err(|t| told(&t))
    }

    pub(super) async fn discard_draft(&self, id: DraftId) -> Result<(), Failure> {
        let drafts = self.drafts()?;
        let gone = tokio::task::spawn_blocking(move || drafts.delete(id)).await;
        gone.map_err(|_| broken())?.map_err(|t| told(&t))
    }

    /// Adds to a plan what a person said to its findings; hands it back as it is kept.
    pub(super) async fn keep_statements(
        &self,
        plan: Arc<Plan>,
        said: Vec<Statement>,
    ) -> Result<Box<Plan>, Failure> {
        let (plans, _) = self.both()?;
        let keep = move || plans.add_statements(&plan, said);
        let kept = tokio::task::spawn_blocking(keep).await;
        kept.map_err(|_| broken())?
            .map(Box::new)
            .map_err(|t| told(&t))
    }

    /// Keeps a plan; its draft goes once the plan is on disk.
    pub(super) async fn keep_plan(&self, plan: Plan, draft: DraftId) -> Result<Box<Plan>, Failure> {
        let (plans, _) = self.both()?;
        let drafts = self.drafts()?;
        let keep = move || {
            plans.save(&plan, Overwrite::Never)?;
            // A draft that stays is offered again, and makes no second plan of the same name.
            let _ = drafts.delete(draft);
            Ok(Box::new(plan))
        };
        let kept: Result<Result<_, KeptTrouble>, _> = tokio::task::spawn_blocking(keep).await;
        kept.map_err(|_| broken())?.map_err(|t| told(&t))
    }
}

fn told(trouble: &KeptTrouble) -> Failure {
    Failure::new(trouble.to_string(), "", Retry::AfterFixing)
}
