//! Help: the action table, scope by scope, those that count now first.
//!
//! ```text
//!  Machines
//!  Enter        Show everything about the machine.
//!  f            Fail the machine back ...
//! ```

use crate::ui::action::{Row, Scope, TABLE};
use crate::ui::document::Document;
use crate::ui::model::Model;

pub(super) fn draw(model: &Model, doc: &mut Document<'_>) {
    let theme = &doc.look().theme;
    let here = model.scopes_beneath();
    let rest = Scope::ALL.into_iter().filter(|scope| !here.contains(scope));
    if model.settings.is_read_only() {
        doc.words(
            0,
            "Read-only: what changes something in Azure is switched off and marked here.",
            theme.amber,
        );
    }
    for scope in here.iter().copied().chain(rest) {
        doc.section(scope.title());
        for row in TABLE.iter().filter(|row| row.scope == scope) {
            let off = row.dangerous && model.settings.is_read_only();
            let words = if off {
                format!("(off: read-only) {}", row.words)
            } else {
                row.words.to_owned()
            };
            doc.fact(&label(row), &words);
        }
    }
}

/// The keys, or the name by which the palette runs what has none.
fn label(row: &Row) -> String {
    if row.keys.is_empty() {
        format!(":{}", row.name)
    } else {
        row.key_words()
    }
}
