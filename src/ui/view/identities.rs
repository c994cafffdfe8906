//! Which registration of a machine is which, in lines: for the wizard's step and for one machine's
//! page.
//!
//! ```text
//!   three registrations may be the machine, and nothing settles ...
//!   (o) 9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4
//!       host hr-01, 10.8.2.14, physical, switched on
//!       bound to the protected item
//!       Azure: the agent of the machine in Azure has this id (Run Command on hr-01)
//!   Read: Run Command on hr-01, 18:05 CET: the agent's id is 9b0c2f6e-...
//! ```

use crate::domain::identity::{
    Called, Candidate, Evidence, Member, Power, Reading, Side, Standing, Verdict,
};
use crate::domain::{ArmId, Discovery, Text};
use crate::site::Identity;
use crate::ui::clock;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::identities::{UnderWay, standing};

/// A line: how far in, how it stands, what it says.
pub(super) type Told = (usize, Tone, String);

/// Most findings of a file that are shown; the command line tells all.
const MOST: usize = 6;

pub(super) fn tone(own: &Identity) -> Tone {
    match (standing(own), &own.judged.verdict) {
        // Nobody confirmed it: it proves nothing, and looks like nothing.
        (
            Standing::Passes,
            Verdict::AsExpected {
                confirmed: false, ..
            },
        ) => Tone::Plain,
        (Standing::Passes, _) => Tone::Good,
        (Standing::Unknown, _) => Tone::Unknown,
        (Standing::Blocks, _) => Tone::Bad,
        (Standing::NotApplicable, _) => Tone::Plain,
    }
}

/// The verdict in a word or two.
pub(super) fn word(own: &Identity) -> &'static str {
    match &own.judged.verdict {
        Verdict::AsExpected {
            confirmed: true, ..
        } => "as expected, confirmed",
        verdict => verdict.word(),
    }
}

/// The name of a machine's VM in Azure.
pub(super) fn vm(own: &Identity) -> Text {
    let vm = own.group.subject.azure_vm.as_ref();
    vm.map_or_else(|| "not told".into(), |vm| ArmId::name(vm).into())
}

/// Everything that is known of one machine's registrations.
pub(super) fn told(model: &Model, own: &Identity) -> Vec<Told> {
    let mut lines: Vec<Told> = Vec::new();
    for why in &own.judged.why {
        lines.push((2, Tone::Plain, why.to_string()));
    }
    let in_azure = own.judged.verdict.in_azure();
    let members = own.group.members.iter().zip(&own.judged.evidence);
    for (at, (member, evidence)) in members.enumerate() {
        registration(member, evidence, in_azure == Some(at), &mut lines);
    }
    if own.group.members.is_empty() {
        lines.push((
            2,
            Tone::Unknown,
            "no registration may be this machine".into(),
        ));
    }
    for reading in &own.group.readings {
        lines.push(read(model, reading));
    }
    for finding in own.findings.iter().take(MOST) {
        let words = format!("drscout.conf, {}", finding.words());
        lines.push((2, Tone::Amber, words));
    }
    if own.findings.len() > MOST {
        let more = own.findings.len() - MOST;
        lines.push((2, Tone::Amber, format!("{more} more about that file")));
    }
    lines
}

/// A file that is being fetched.
pub(super) fn under_way(model: &Model, under_way: &UnderWay) -> String {
    let since = clock::time(under_way.since, &model.settings.zone);
    format!("reading drscout.conf: {}, since {since}", under_way.words)
}

fn registration(member: &Member, evidence: &[Evidence], kept: bool, lines: &mut Vec<Told>) {
    let own = &member.candidate;
    let mark = if kept { "(o)" } else { "( )" };
    let id = match own.called() {
        Called::Id(id) => id.to_string(),
        other => format!("its id {}", other.words()),
    };
    lines.push((2, Tone::Plain, format!("{mark} {id}")));
    lines.push((8, Tone::Plain, particulars(own)));
    lines.push((8, Tone::Plain, member.tie.words().into()));
    for evidence in evidence {
        let side = match evidence.side {
            Side::Azure => "Azure",
            Side::Home => "home",
        };
        lines.push((8, Tone::Plain, format!("{side}: {}", evidence.words)));
    }
}

fn particulars(own: &Candidate) -> String {
    let registration = &own.registration;
    let mut parts = vec![format!("host {}", registration.name)];
    parts.push(match registration.address.is_empty() {
        true => "no address told".into(),
        false => registration.address.to_string(),
    });
    parts.push(match &registration.discovery {
        Discovery::VCenter => "of a vCenter".into(),
        Discovery::Physical => "physical".into(),
        Discovery::Other(word) if word.is_empty() => "discovery not told".into(),
        Discovery::Other(word) => word.to_string(),
    });
    parts.push(
        match own.power {
            Power::On => "switched on",
            Power::Off => "switched off",
            Power::NotTold => "power not told",
        }
        .into(),
    );
    parts.push(match own.heartbeat {
        Some(at) => format!("heard of at {at:.0}"),
        None => "heartbeat not told".into(),
    });
    if !own.providers.is_empty() {
        let all: Vec<&str> = own.providers.iter().map(Text::as_str).collect();
        parts.push(format!("for {}", all.join(" and ")));
    }
    parts.join(", ")
}

fn read(model: &Model, reading: &Reading) -> Told {
    let at = clock::moment(reading.at, &model.settings.zone);
    let source = reading.source.words();
    match &reading.file {
        Ok(file) => {
            let hash: String = file.sha256.as_str().chars().take(12).collect();
            let words = format!(
                "Read: {source}, {at}: the agent's id {}; SHA-256 {hash}...",
                file.called.words()
            );
            (2, Tone::Good, words)
        }
        Err(why) => (2, Tone::Amber, format!("Not read: {source}, {at}: {why}")),
    }
}
