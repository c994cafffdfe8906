//! A failover to Azure in words.

use super::Lines;
use crate::domain::Text;
use crate::domain::plan::{AzurePoint, AzureTarget, FailedOver, Failover, Sequence};

impl Lines<'_> {
    pub(super) fn failover(&mut self, failover: &Failover, sequence: Option<&Sequence<'_>>) {
        self.say(0, "Recovery point", point(&failover.point));
        let first = match failover.shut_down {
            true => "shut down first; where that fails the failover goes on",
            false => "left running: what it writes from now on is lost in Azure",
        };
        self.say(0, "Machine at home", first);
        if let Some(sequence) = sequence {
            self.order(sequence);
        }
        for machine in failover.machines() {
            self.failed_over(machine);
            self.placed(sequence, &machine.id);
        }
    }

    fn failed_over(&mut self, machine: &FailedOver) {
        let target = match machine.target.is_empty() {
            true => "to Azure, as its replication has it",
            false => "to Azure, changed before",
        };
        self.say(0, machine.name.clone(), target);
        self.setting("Recovery point", machine.point.as_ref().map(point));
        self.target(&machine.target);
    }

    fn target(&mut self, target: &AzureTarget) {
        let text = |text: &Option<Text>| text.as_ref().map(ToString::to_string);
        self.setting("Name in Azure", text(&target.name));
        self.setting("Size", text(&target.size));
        let network = target.network.as_ref().map(|id| id.name().to_owned());
        self.setting("Virtual network", network);
        for adapter in &target.adapters {
            let subnet = adapter.subnet.as_ref().map(|s| format!("subnet {s}"));
            let address = match &adapter.address {
                Some(address) => format!("address {address}"),
                None => "an address that Azure gives".into(),
            };
            let both: Vec<String> = subnet.into_iter().chain([address]).collect();
            self.say(1, format!("Adapter {}", adapter.id), both.join(", "));
        }
    }
}

fn point(point: &AzurePoint) -> String {
    match point {
        AzurePoint::Latest => "latest".into(),
        AzurePoint::LatestProcessed => "latest processed".into(),
        AzurePoint::LatestApplication => "latest application-consistent".into(),
        AzurePoint::Custom { id, time } => match time {
            Some(time) => format!("that of {time:.0}"),
            None => id.name().to_owned(),
        },
    }
}
