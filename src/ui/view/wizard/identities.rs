//! The step that shows which registration of a machine is which: a line a machine, and the one under
//! the keys with everything that is known of it.
//!
//! ```text
//!    web-03              VM web-03               as expected
//!  ► hr-01               VM hr-01              ? cannot tell
//!    3 registrations may be the machine, and nothing settles which one runs in Azure
//!    ( ) 9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4
//!          host hr-01, 10.8.2.14, physical, switched on, ...
//!    r reads drscout.conf by Run Command, p takes a paste, o a file, s asks by ssh.
//! ```

use super::spread::Spread;
use crate::domain::identity::Standing;
use crate::domain::text::column;
use crate::domain::{ArmId, Text};
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::identities::standing;
use crate::ui::model::wizard::{Spot, Wizard};
use crate::ui::view::identities::{self, vm};

/// Columns of a machine's name, and of its VM's.
const NAME: usize = 18;

pub(super) fn draw(model: &Model, wizard: &Wizard, id: &ArmId, spread: &mut Spread) {
    let here = wizard.at == Spot::Identity(id.clone());
    let cut = spread.look().glyphs.cut;
    let offered = wizard.offers.machine(id);
    let name = offered.map_or_else(|| id.name().into(), |m| m.machine.name.clone());
    let counted = offered.and_then(|m| m.registrations);
    let own = wizard.who.of_machine(id);
    let vm: Text = match (own, offered.and_then(|m| m.machine.azure_vm.as_ref())) {
        (Some(own), _) => vm(own),
        (None, Some(vm)) => vm.name().into(),
        (None, None) => "not told".into(),
    };
    let reading = model.identities.under_way(id);
    let (tone, words) = match (reading, own) {
        (Some(_), _) => (Tone::Busy, "reading...".to_owned()),
        (None, Some(own)) => (identities::tone(own), identities::word(own).to_owned()),
        (None, None) => match (&model.identities.failure, model.identities.is_reading) {
            (_, true) => (Tone::Busy, "being read...".to_owned()),
            (Some(_), _) => (Tone::Unknown, "not known".to_owned()),
            (None, false) => (Tone::Unknown, "not read".to_owned()),
        },
    };
    let count = match (own.map(|own| own.group.members.len()), counted) {
        (Some(count), _) | (None, Some(count)) => format!(", registered {count} times"),
        (None, None) => String::new(),
    };
    let glyph = tone.glyph(&spread.look().glyphs);
    let line = format!(
        "{} VM {} {glyph} {words}{count}",
        column(name.as_str(), NAME, cut),
        column(vm.as_str(), NAME, cut)
    );
    let style = tone.style(&spread.look().theme);
    spread.spot(here, &line, style);
    if !here {
        return;
    }
    let text = spread.look().theme.text;
    if let Some(under_way) = reading {
        let words = identities::under_way(model, under_way);
        spread.words(4, &format!("{words}. x stops waiting."), text);
    }
    if let Some(own) = own {
        for (indent, tone, words) in identities::told(model, own) {
            match tone {
                Tone::Plain => spread.words(indent + 2, &words, text),
                tone => spread.toned(indent + 2, tone, &words),
            }
        }
        spread.words(4, what_to_do(standing(own)), text);
    } else if let Some(failure) = &model.identities.failure {
        for line in failure.lines() {
            spread.words(4, &line, text);
        }
    }
    spread.on_until_here();
}

fn what_to_do(standing: Standing) -> &'static str {
    match standing {
        Standing::Passes | Standing::NotApplicable => {
            "Over Azure the service finds the one that runs; nothing is ever removed. r, p, o or s \
             read drscout.conf nevertheless."
        }
        Standing::Unknown => {
            "r reads drscout.conf by Run Command, p takes a paste, o a file, s asks by ssh. What \
             stays open is attested to under Readiness, with a reason."
        }
        Standing::Blocks => {
            "It blocks: nothing is protected as things are. Put it right, then read again: r, p, o \
             or s."
        }
    }
}
