//! The drafts that wait: go on with one, or discard it.

use super::super::moving::moved;
use super::super::{Commands, Handled};
use super::opening::go_on;
use crate::ui::action::Action;
use crate::ui::effect::Effect;
use crate::ui::model::wizard::DraftsView;
use crate::ui::model::{Model, Notice, Overlay, Source};
use crate::ui::terminal::Command;

/// Asks for the drafts that wait; of a recording there are none.
pub fn list(model: &Model, out: &mut Commands) {
    if model.site.is_some() && model.settings.source != Source::Recorded {
        out.push(Command::Read(Effect::ListDrafts));
    }
}

/// Shows the drafts, where there are any.
pub(in super::super) fn offer(model: &mut Model) {
    if model.drafts.is_empty() {
        model.notice = Some(Notice::Said("There is no draft.".into()));
    } else {
        model.overlays.push(Overlay::Drafts(DraftsView::default()));
    }
}

pub(in super::super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    let len = model.drafts.len();
    let Some(Overlay::Drafts(view)) = model.overlays.last_mut() else {
        return Handled::Pass;
    };
    if let Some(to) = moved(action, view.cursor, len, 10) {
        view.cursor = to;
        view.discarding = None;
        return Handled::Yes;
    }
    let cursor = view.cursor.min(len.saturating_sub(1));
    let Some((id, draft)) = model.drafts.get(cursor) else {
        model.overlays.pop();
        return Handled::Yes;
    };
    let id = *id;
    match action {
        Action::Press => {
            let draft = draft.clone();
            model.overlays.pop();
            go_on(model, id, draft, out);
        }
        Action::Discard if view.discarding == Some(id) => {
            model.drafts.remove(cursor);
            out.push(Command::Write(Effect::DiscardDraft { id }));
            model.notice = Some(Notice::Said("The draft is gone.".into()));
            if model.drafts.is_empty() {
                model.overlays.pop();
            } else if let Some(Overlay::Drafts(view)) = model.overlays.last_mut() {
                *view = DraftsView::default();
            }
        }
        Action::Discard => {
            view.discarding = Some(id);
            let words = "x again discards it; what was answered in it is lost.";
            model.notice = Some(Notice::Warned(words.into()));
        }
        Action::Close => {
            model.overlays.pop();
        }
        _ => return Handled::Pass,
    }
    Handled::Yes
}
