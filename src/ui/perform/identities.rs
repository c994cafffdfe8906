//! Who is who: registrations read, and agents' files fetched from several machines at once, each by
//! itself, with its own deadline, and to be stopped.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

use super::{Performer, Reply, broken};
use crate::domain::infrastructure::Fabric;
use crate::domain::{Failure, Machine};
use crate::site::{AgentTold, MOST_AT_ONCE, USUAL_DEADLINE};
use crate::ui::effect::{Fetch, Generation, Message};

/// The fetching that goes on.
#[derive(Debug)]
pub struct Fetching {
    room: Semaphore,
    stops: Mutex<HashMap<u64, CancellationToken>>,
}

impl Default for Fetching {
    fn default() -> Self {
        Self {
            room: Semaphore::new(MOST_AT_ONCE),
            stops: Mutex::default(),
        }
    }
}

impl Fetching {
    /// What stops one; whoever asks first makes it, for effects begin in no order.
    pub(super) fn stop_of(&self, generation: Generation) -> CancellationToken {
        match self.stops.lock() {
            Ok(mut stops) => stops.entry(generation.0).or_default().clone(),
            Err(_) => CancellationToken::new(),
        }
    }

    /// Waits for its turn.
    pub(super) async fn room(&self) -> Result<SemaphorePermit<'_>, Failure> {
        self.room.acquire().await.map_err(|_| broken())
    }

    pub(super) fn over(&self, generation: Generation) {
        if let Ok(mut stops) = self.stops.lock() {
            stops.remove(&generation.0);
        }
    }
}

impl Performer {
    pub(super) async fn identities(
        &self,
        machines: Vec<Arc<Machine>>,
        fabrics: Vec<Fabric>,
        generation: Generation,
        reply: &Reply,
    ) {
        let read = match self.site().await {
            Ok(site) => {
                let read = site.registry_of(machines, &fabrics, site.at_home().clone());
                let registry = read.await;
                let judged = registry.identities(site.arm().service_now());
                Ok((registry, judged))
            }
            Err(failure) => Err(failure),
        };
        reply.send(Message::Identities(generation, Box::new(read)));
    }

    pub(super) async fn agent(&self, fetch: Fetch, generation: Generation, reply: &Reply) {
        let stop = self.fetching.stop_of(generation);
        if let Some(read) = stop.run_until_cancelled(self.fetch(fetch)).await {
            reply.send(Message::Agent(generation, Box::new(read)));
        }
        self.fetching.over(generation);
    }

    /// The deadline begins when it is its turn.
    async fn fetch(&self, fetch: Fetch) -> Result<AgentTold, Failure> {
        let site = self.site().await?;
        let _room = self.fetching.room().await?;
        Ok(match fetch {
            Fetch::RunCommand(asked) => site.read_agent(asked, USUAL_DEADLINE).await,
            Fetch::Handed(handed) => site.fetch(handed, USUAL_DEADLINE).await,
        })
    }

    pub(super) fn stop_agent(&self, generation: Generation) {
        self.fetching.stop_of(generation).cancel();
    }
}
