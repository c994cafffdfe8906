//! The last step: what the plan is called, and when it starts.

use super::Asked;
use crate::domain::plan::{PlanName, Slug};
use crate::domain::{Text, WizardKind};
use crate::wizard::form::Form;
use crate::wizard::question::{Candidate, Kind};
use crate::wizard::walk::Walk;

pub const LATER: &str = "later";
pub const NOW: &str = "now";

pub(super) fn name(walk: &Walk<'_>) -> Asked {
    let taken: Vec<Slug> = walk.offers.plans.iter().map(|p| p.slug().clone()).collect();
    let default = usual_name(walk, &taken);
    let asked = Asked::new(Kind::Line(Form::PlanName(taken)));
    match default {
        Some(name) => asked.default(name),
        None => asked,
    }
}

/// After the group where there is one, else after the first machine: `web-protect`, `web-home`.
fn usual_name(walk: &Walk<'_>, taken: &[Slug]) -> Option<Text> {
    let machines = walk.machines();
    let first = &machines.first()?.machine;
    let grouped = machines.len() > 1
        && !first.group_name.is_empty()
        && machines
            .iter()
            .all(|m| m.machine.group_id == first.group_id);
    let of = match grouped {
        true => &first.group_name,
        false => &first.name,
    };
    let what = match walk.wizard() {
        WizardKind::Protect => "protect",
        WizardKind::Recover => "home",
        WizardKind::FailOver => "azure",
    };
    let of: String = of.as_str().chars().take(40).collect();
    let mut names =
        std::iter::once(format!("{of}-{what}")).chain((2..100).map(|n| format!("{of}-{what}-{n}")));
    let free =
        |name: &String| PlanName::parse(name).is_ok_and(|name| !taken.contains(&Slug::of(&name)));
    names.find(free).map(Into::into)
}

pub(super) fn start(walk: &Walk<'_>) -> Asked {
    let kept = "the plan is kept; Monitor starts it";
    let (words, default) = match walk.wizard() {
        WizardKind::Protect => {
            let later = Candidate::plain(LATER, "save it", kept);
            let now = Candidate::plain(NOW, "protect now", "after a last look at every call");
            (vec![now, later], NOW)
        }
        WizardKind::Recover => {
            let later = Candidate::plain(LATER, "recover later", kept);
            let now = Candidate::plain(NOW, "recover now", "after a last look at every call");
            (vec![later, now], LATER)
        }
        WizardKind::FailOver => {
            let later = Candidate::plain(LATER, "fail over later", kept);
            let now = Candidate::plain(NOW, "fail over now", "after a last look at every call");
            (vec![later, now], LATER)
        }
    };
    Asked::new(Kind::Choice(words)).default(Text::from(default))
}
