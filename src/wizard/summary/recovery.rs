//! A recovery plan in words.

use super::Lines;
use crate::domain::Generation;
use crate::domain::plan::{
    HyperVReturn, PointChoice, Quiesce, Recovered, Recovery, Sequence, Synchronisation,
};

impl Lines<'_> {
    pub(super) fn recovery(&mut self, recovery: &Recovery, sequence: Option<&Sequence<'_>>) {
        let vmware = [Generation::Classic, Generation::Modernised];
        if self.holds(recovery, &vmware) {
            self.say(0, "Recovery point", point(&recovery.point));
            self.say(0, "Quiesced by", quiesce(&recovery.quiesce));
        }
        let classic = self.holds(recovery, &[Generation::Classic]);
        if classic {
            let minutes = recovery.drain.limit.0;
            let words = format!("at most {minutes} minutes, then a person is asked");
            self.say(0, "Drain", words);
        }
        if classic && recovery.stop_azure_vm_first {
            self.say(0, "Azure VM", "stopped first, after the drain");
        }
        if let Some(sequence) = sequence {
            self.order(sequence);
        }
        if let Some(window) = &recovery.commit_window {
            self.commit_window(window);
        }
        for machine in recovery.machines() {
            self.recovered(machine);
            self.placed(sequence, &machine.id);
        }
    }

    /// Whether one of these generations is, or may be, among the machines: each has steps of its own.
    fn holds(&self, recovery: &Recovery, wanted: &[Generation]) -> bool {
        recovery.machines().any(|machine| {
            let known = self.offers.machine(&machine.id);
            let generation = known.and_then(|known| known.machine.provider().generation());
            generation.is_none_or(|generation| wanted.contains(&generation))
        })
    }

    fn recovered(&mut self, machine: &Recovered) {
        let own = machine.point.as_ref().map(point);
        let quiesced = machine.quiesce.as_ref().map(quiesce);
        let vm = match (&machine.azure_vm, &machine.hyper_v) {
            (Some(vm), _) => format!("Azure VM {}", vm.name()),
            (None, Some(_)) => "Hyper-V".into(),
            (None, None) => "Azure VM not known: a person sees that it is off".into(),
        };
        self.say(0, machine.name.clone(), vm);
        if let Some(way) = &machine.hyper_v {
            self.hyper_v(way);
        }
        self.setting("Recovery point", own);
        self.setting("Quiesced by", quiesced);
    }

    fn hyper_v(&mut self, way: &HyperVReturn) {
        let words = match way.synchronisation {
            Synchronisation::BeforeFailover => "before the failover, then it waits",
            Synchronisation::FullDownload => "full download during the failover",
        };
        self.say(1, "Synchronisation", words);
        let host = way.host.as_ref().map(|id| match self.offers.provider(id) {
            Some(known) => format!("{}: the VM is made there", known.name),
            None => format!("{}: the VM is made there", id.name()),
        });
        self.setting("Hyper-V host", host);
        let made = way.create_vm.then(|| "made where it is missing".to_owned());
        self.setting("VM at home", made);
    }
}

fn point(point: &PointChoice) -> String {
    match point {
        PointChoice::Latest => "latest".into(),
        PointChoice::LatestApplication => "latest application-consistent".into(),
        PointChoice::Custom { name, time: None } => name.to_string(),
        PointChoice::Custom {
            name,
            time: Some(time),
        } => format!("{name} of {time}"),
    }
}

fn quiesce(quiesce: &Quiesce) -> String {
    match quiesce {
        Quiesce::Person => "a person, when asked".into(),
        Quiesce::Hook { command, limit } => {
            format!("{} (at most {} minutes)", command.join(" "), limit.0)
        }
    }
}
