//! Guests looked into before they are protected: several at once, each by itself, with its own deadline,
//! and to be stopped. What was seen is kept as soon as it is there.

use super::{Performer, Reply, broken};
use crate::domain::{ArmId, Failure, Retry};
use crate::site::{Inside, Kept, USUAL_DEADLINE, keep};
use crate::store::Guests;
use crate::ui::effect::{Generation, Message};

impl Performer {
    pub(super) async fn record(&self, machine: ArmId, generation: Generation, reply: &Reply) {
        let stop = self.fetching.stop_of(generation);
        if let Some(read) = stop.run_until_cancelled(self.look_into(machine)).await {
            reply.send(Message::Recorded(generation, Box::new(read)));
        }
        self.fetching.over(generation);
    }

    /// The machine is read anew first: it may have moved since it was shown. The deadline begins when it
    /// is its turn.
    async fn look_into(&self, machine: ArmId) -> Result<Kept, Failure> {
        let site = self.site().await?;
        let data = &self.kept.folders().data;
        let guests = self.kept.site_name();
        let guests = guests.and_then(|site| Guests::of_site(data, &site));
        let guests = guests.ok_or_else(|| {
            let what = "This site has no folder for records.";
            Failure::new(what, "Give the site a name.", Retry::AfterFixing)
        })?;
        let _room = self.fetching.room().await?;
        let (machine, _) = site.machine(&machine).await?;
        let mut looked = None;
        let wanted = vec![(machine, Inside::RunCommand)];
        let keep_it = |machine, record| looked = Some((machine, record));
        site.look_at(wanted, USUAL_DEADLINE, 1, keep_it).await;
        let (machine, record) = looked.ok_or_else(broken)?;
        let keep = move || keep(&guests, &machine, record);
        tokio::task::spawn_blocking(keep)
            .await
            .map_err(|_| broken())
    }
}
