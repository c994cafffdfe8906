//! The step that shows which registration of a machine is which: a line a machine, and the one under
//! the keys with everything that is known of it.
//!
//! ```text
//!    web-03           VM web-03            as expected
//!  ► hr-01            VM hr-01           ? cannot tell
//!      3 registrations may be the machine, and nothing settles which one runs in Azure
//!      Read drscout.conf: r Run Command, p paste, o file, s ssh. Or a: attest to what you know.
//!                 ( ) not settled          ( ) not settled
//!      Host name  hr-01                    hr-01
//!      Host id    f46af85b-46e8-5cb8-...   93b6af32-51ce-57ff-...
//! ```

use super::spread::Spread;
use crate::domain::identity::Standing;
use crate::domain::text::column;
use crate::domain::{ArmId, Text};
use crate::site::Identity;
use crate::ui::look::Tone;
use crate::ui::model::Model;
use crate::ui::model::identities::standing;
use crate::ui::model::wizard::{Spot, Wizard};
use crate::ui::view::identities::{self, Told, vm};

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
        (None, None) => match (
            &model.identities.failure,
            model.identities.is_reading,
            counted,
        ) {
            (_, true, _) => (Tone::Busy, "being read...".to_owned()),
            (Some(_), _, _) => (Tone::Unknown, "not known".to_owned()),
            (None, false, Some(count)) => (Tone::Unknown, format!("registered {count} times")),
            (None, false, None) => (Tone::Unknown, "not read".to_owned()),
        },
    };
    let glyph = tone.glyph(&spread.look().glyphs);
    let wide = if spread.width() < 76 { 16 } else { 28 };
    let line = format!(
        "{} VM {} {glyph} {words}",
        column(name.as_str(), wide, cut),
        column(vm.as_str(), wide, cut)
    );
    let style = tone.style(&spread.look().theme);
    spread.spot(here, &line, style);
    if !here {
        return;
    }
    let text = spread.look().theme.text;
    if let Some(own) = own {
        for told in identities::why(model, own) {
            put(told, spread);
        }
    } else if let Some(failure) = &model.identities.failure {
        for line in failure.lines() {
            spread.words(4, &line, text);
        }
    }
    match reading {
        Some(under_way) => {
            let words = identities::under_way(model, under_way);
            spread.toned(4, Tone::Busy, &format!("{words}."));
            spread.words(6, "x stops waiting.", text);
        }
        None => {
            if let Some(own) = own {
                spread.words(4, what_to_do(own), spread.look().theme.key);
            }
        }
    }
    for early in wizard
        .draft
        .early
        .iter()
        .filter(|early| early.machine == *id)
        .take(1)
    {
        let words = format!("Attested by {}: {}", early.who, early.why);
        spread.toned(4, Tone::Amber, &words);
    }
    if let Some(own) = own {
        let width = spread.width().saturating_sub(4);
        for told in identities::grounds(model, own, width) {
            put(told, spread);
        }
    }
    spread.on_until_here();
}

fn put(told: Told, spread: &mut Spread) {
    let look = spread.look().clone();
    match told {
        Told::Words(indent, Tone::Plain, words) => {
            spread.words(indent + 2, &words, look.theme.text);
        }
        Told::Words(indent, tone, words) => spread.toned(indent + 2, tone, &words),
        Told::Row(indent, cells) => {
            let line = Told::line(indent + 2, cells, &look);
            spread.lines.push(line);
        }
    }
}

/// The keys first: they are what a person looks for.
fn what_to_do(own: &Identity) -> &'static str {
    match standing(own) {
        Standing::Passes if !own.judged.is_confirmed() => {
            "Nobody confirmed it. To be sure read drscout.conf: r p o s."
        }
        Standing::Passes | Standing::NotApplicable => {
            "Settled. To read its drscout.conf nevertheless: r p o s."
        }
        Standing::Unknown => {
            "Read drscout.conf: r Run Command, p paste, o file, s ssh. Or a: attest to what you know."
        }
        Standing::Blocks => {
            "It blocks. Usual causes: a clone, a restore, an agent of another site. Register the agent with \
             this site's configuration server again and read it anew (r p o s), or leave the machine out."
        }
    }
}
