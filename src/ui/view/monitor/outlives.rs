//! Whether a run that is launched here outlives the terminal and the session it is launched from. Said
//! to be safe only where that is known.

use crate::domain::text::columns;
use crate::runner::Outlives;
use crate::ui::document::Document;
use crate::ui::look::Tone;
use crate::ui::model::Model;

/// Said wherever a run goes on and outlives its session.
const SAFE: &str = "closing this terminal is safe";

/// A few words for a rule of `width` columns.
pub(in crate::ui::view) fn safe(model: &Model, width: u16) -> (&'static str, Tone) {
    let (long, short, tone) = match &model.monitor.outlives {
        None | Some(Outlives::Yes) => (SAFE, "", Tone::Good),
        Some(Outlives::No { .. }) => (
            "logging out ends runs launched here",
            "logging out ends runs",
            Tone::Amber,
        ),
        Some(Outlives::Unknown(_)) => (
            "not known whether it outlives a log-out",
            "outlives a log-out: not known",
            Tone::Unknown,
        ),
    };
    match usize::from(width) >= columns(long) + 34 || short.is_empty() {
        true => (long, tone),
        false => (short, tone),
    }
}

/// A sentence for a notice.
pub(in crate::ui) fn in_words(model: &Model) -> &'static str {
    match &model.monitor.outlives {
        None | Some(Outlives::Yes) => "Closing this terminal is safe.",
        Some(Outlives::No { .. }) => "! It is ended when you log out: loginctl enable-linger.",
        Some(Outlives::Unknown(_)) => "Whether it outlives your logging out is not known here.",
    }
}

/// What is to be known before something is launched; nothing where it outlives the session.
pub(super) fn warn(outlives: &Outlives, doc: &mut Document<'_>) {
    let style = doc.look().theme.text;
    match outlives {
        Outlives::Yes => {}
        Outlives::No { why, remedy } => {
            doc.toned(0, Tone::Amber, why);
            doc.words(2, remedy, style);
        }
        Outlives::Unknown(why) => doc.toned(0, Tone::Unknown, why),
    }
}
