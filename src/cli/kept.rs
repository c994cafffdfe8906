//! The plan that a command line names: one that is kept, by its slug or name, or a file elsewhere.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::output::{Complaint, quoted, sentence};
use super::target;
use crate::domain::plan::{Fault, Intent, Plan, Slug, Statement};
use crate::store::Plans;
use crate::store::drafts::read_answers;
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
            return Self::of_file(PathBuf::from(raw));
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
            None if Path::new(raw).is_file() => return Self::of_file(PathBuf::from(raw)),
            // For its sentence, which names the plans that are there.
            None => Slug::parse(raw).map_err(|fault| Complaint::usage(fault.to_string(), ""))?,
        };
        let plan = kept.load(&slug).map_err(|trouble| complaint(&trouble))?;
        Ok(Self {
            plan,
            place: Place::Store(kept),
        })
    }

    fn of_file(file: PathBuf) -> Result<Self, Complaint> {
        let plan = plans::read(&file).map_err(|trouble| no_plan(&file, &trouble))?;
        let place = Place::File(file);
        Ok(Self { plan, place })
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
    let (what, advice) = match trouble {
        PlanTrouble::Disk { file, error } if error.kind() == ErrorKind::AlreadyExists => (
            format!("{file} is there already."),
            "Name a file that does not exist yet.",
        ),
        PlanTrouble::Disk { file, error } if error.kind() == ErrorKind::InvalidData => (
            format!("{file} is no text."),
            "Name a file that failback wrote.",
        ),
        other => (sentence(&other.to_string(), other.file()), ""),
    };
    Complaint::usage(what, advice)
}

/// Why a file is no plan; the answers of a wizard, which look like one, are told as what they are.
pub fn no_plan(file: &Path, trouble: &PlanTrouble) -> Complaint {
    if read_answers(file).is_err() {
        return complaint(trouble);
    }
    let file = file.display();
    Complaint::usage(
        format!("{file} holds the answers of a wizard, and no plan."),
        format!(
            "Make a plan of them: failback plan new --answers {}",
            quoted(&file.to_string())
        ),
    )
}
