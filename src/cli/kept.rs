//! The plan that a command line names: one that is kept, by its slug or name, or a file elsewhere.

use std::path::PathBuf;

use super::output::Complaint;
use super::target;
use crate::domain::plan::{Fault, Intent, Plan, Slug, Statement};
use crate::store::Plans;
use crate::store::plans::{self, PlanTrouble};

/// A plan and where it lies.
pub struct Kept {
    pub plan: Plan,
    place: Place,
}

enum Place {
    Store(Plans),
    File(PathBuf),
}

impl Kept {
    /// Reads the plan that `raw` means on a site. What has a `/` or ends with `.json` is a file.
    pub fn load(site: &str, raw: &str) -> Result<Self, Complaint> {
        if raw.contains('/') || raw.ends_with(".json") {
            let file = PathBuf::from(raw);
            let plan = plans::read(&file).map_err(|trouble| complaint(&trouble))?;
            return Ok(Self {
                plan,
                place: Place::File(file),
            });
        }
        let kept = Plans::of_site(&target::folders()?.data, site).ok_or_else(|| {
            Complaint::usage(
                format!("{site:?} is no site's name."),
                "See failback site list.",
            )
        })?;
        let listing = kept.list().map_err(|trouble| complaint(&trouble))?;
        let slug = Slug::parse(raw).ok();
        let slug = slug.filter(|slug| listing.plans.iter().any(|p| p.slug() == slug));
        let named = |plan: &&Plan| plan.name.as_str().eq_ignore_ascii_case(raw);
        let slug = slug.or_else(|| listing.plans.iter().find(named).map(|p| p.slug().clone()));
        let slug = match slug {
            Some(slug) => slug,
            // For its sentence, which names the plans that are there.
            None => Slug::parse(raw).map_err(|fault| Complaint::usage(fault.to_string(), ""))?,
        };
        let plan = kept.load(&slug).map_err(|trouble| complaint(&trouble))?;
        Ok(Self {
            plan,
            place: Place::Store(kept),
        })
    }

    /// Keeps what was decided anew, unless the plan was changed meanwhile.
    pub fn decide(&mut self, intent: Intent) -> Result<(), Complaint> {
        let mut plan = self.plan.clone();
        let fault =
            |fault: Fault| Complaint::usage(format!("The plan stays as it was: {fault}."), "");
        plan.decide(intent).map_err(fault)?;
        match &self.place {
            Place::Store(kept) => kept.replace(&self.plan, &plan),
            Place::File(file) => plans::replace(file, &self.plan, &plan),
        }
        .map_err(|trouble| complaint(&trouble))?;
        self.plan = plan;
        Ok(())
    }

    /// Keeps what a person said in the plan, unless it was changed meanwhile.
    pub fn add(&mut self, said: Vec<Statement>) -> Result<(), Complaint> {
        self.plan = match &self.place {
            Place::Store(kept) => kept.add_statements(&self.plan, said),
            Place::File(file) => plans::add_statements(file, &self.plan, said),
        }
        .map_err(|trouble| complaint(&trouble))?;
        Ok(())
    }
}

pub fn complaint(trouble: &PlanTrouble) -> Complaint {
    let words = trouble.to_string();
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    Complaint::usage(first.unwrap_or_default() + letters.as_str() + ".", "")
}
