//! The connect screen.

use super::moving::scrolled;
use super::{Commands, Handled};
use crate::ui::action::Action;
use crate::ui::connect::Entry;
use crate::ui::effect::{Effect, Generation};
use crate::ui::model::{Model, Notice, Screen};
use crate::ui::terminal::Command;
use crate::ui::view;

pub(super) fn run(model: &mut Model, action: Action, out: &mut Commands) -> Handled {
    match action {
        Action::NextField => model.form.go(true),
        Action::PreviousField => model.form.go(false),
        Action::Press => match model.form.focus {
            Entry::Test => test(model, out),
            Entry::Save => save(model, out),
            _ => model.form.go(true),
        },
        Action::TestSite => test(model, out),
        Action::SaveSite => save(model, out),
        Action::Back => back(model),
        _ => {
            let extent = view::page_extent(model);
            let top = model.form.scroll.unwrap_or(0);
            match scrolled(action, top, extent) {
                Some(top) => model.form.scroll = Some(top),
                None => return Handled::Pass,
            }
        }
    }
    Handled::Yes
}

fn back(model: &mut Model) {
    if model.site.is_some() {
        model.screen = Screen::Machines;
    } else {
        model.notice = Some(Notice::Warned(
            "There is no site to go back to yet. C-c twice leaves.".into(),
        ));
    }
}

/// What was typed makes older findings and errors of that entry moot.
pub(super) fn edited(model: &mut Model) {
    let form = &mut model.form;
    let focus = form.focus;
    form.errors.retain(|(entry, _)| *entry != focus);
    form.scroll = None;
    form.save_failure = None;
    if form.testing.take().is_some() || !form.findings.is_empty() {
        form.findings.clear();
        model.asked.advance();
    }
}

/// The form's profile, or every error at its place and the focus on the first.
fn profile(model: &mut Model) -> Option<Box<crate::store::Profile>> {
    let form = &mut model.form;
    match form.profile() {
        Ok(profile) => {
            form.errors.clear();
            Some(Box::new(profile))
        }
        Err(errors) => {
            if let Some((first, _)) = errors.first() {
                form.focus = *first;
                form.scroll = None;
            }
            let words = format!("{} entries need another look.", errors.len());
            let words = if errors.len() == 1 {
                "One entry needs another look.".into()
            } else {
                words
            };
            form.errors = errors;
            model.notice = Some(Notice::Warned(words));
            None
        }
    }
}

fn test(model: &mut Model, out: &mut Commands) {
    let Some(profile) = profile(model) else {
        return;
    };
    let generation: Generation = model.asked.advance();
    model.form.focus = Entry::Test;
    model.form.findings.clear();
    model.form.testing = Some(generation);
    model.form.scroll = None;
    out.push(Command::Read(Effect::TestProfile {
        profile,
        generation,
    }));
}

fn save(model: &mut Model, out: &mut Commands) {
    if model.form.saving {
        return;
    }
    let Some(profile) = profile(model) else {
        return;
    };
    model.form.saving = true;
    model.form.save_failure = None;
    out.push(Command::Write(Effect::SaveProfile { profile }));
}
