//! The plans of a site: one JSON file a plan, made to be kept in git.

use std::path::{Path, PathBuf};

use super::folders::write_private;
use super::kept::{Kept, Shelf, disk, from_elsewhere, to_elsewhere};
use super::kept_trouble::KeptTrouble;
use crate::domain::Plan;
use crate::domain::plan::{Slug, Statement};

/// Why a plan could not be read or kept.
pub type PlanTrouble = KeptTrouble;

impl Kept for Plan {
    const WHAT: &'static str = "plan";
    const FOLDER: &'static str = "plans";
    const SCHEMA: &'static str = "failback/plan/";
    const NEWEST: u32 = 1;
    /// Some thousand machines.
    const MOST_BYTES: u64 = 8 << 20;

    fn file_name(&self) -> Option<String> {
        Some(self.slug().to_string())
    }
}

/// The folder with a site's plans: `<data>/failback/<site>/plans`.
#[derive(Clone, Debug)]
pub struct Plans(Shelf<Plan>);

/// What a folder holds: the plans that can be read, and a word about each that cannot.
#[derive(Debug, Default)]
pub struct Listing {
    /// By slug.
    pub plans: Vec<Plan>,
    pub troubles: Vec<PlanTrouble>,
}

/// Whether a plan may take the place of one that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    Never,
    /// It was read before, and is written back changed.
    Yes,
}

impl Plans {
    /// `data` is the program's own data folder ([`super::Folders::data`]). `None` for what is no
    /// site's name.
    #[must_use]
    pub fn of_site(data: &Path, site: &str) -> Option<Self> {
        Shelf::of_site(data, site).map(Self)
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.folder
    }

    /// The damaged files that were set aside and are still there, by name.
    #[must_use]
    pub fn set_aside(&self) -> Vec<PathBuf> {
        self.0.set_aside()
    }

    /// Reads every plan. Damaged ones are set aside.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn list(&self) -> Result<Listing, PlanTrouble> {
        let mut listing = Listing::default();
        for name in self.0.names()? {
            let read = match Slug::parse(&name) {
                Ok(_) => self.0.read(&name),
                Err(_) => Err(KeptTrouble::Nameless {
                    what: Plan::WHAT,
                    file: self.0.file(&name).display().to_string(),
                    how: "import it: failback plan import FILE",
                }),
            };
            match read {
                Ok(plan) => listing.plans.push(plan),
                Err(trouble) => listing.troubles.push(trouble),
            }
        }
        Ok(listing)
    }

    /// Reads one plan.
    ///
    /// # Errors
    /// An unknown slug; a plan of a newer program; a damaged one, which is then set aside.
    pub fn load(&self, slug: &Slug) -> Result<Plan, PlanTrouble> {
        if !self.0.file(slug.as_str()).exists() {
            return Err(self.unknown(slug));
        }
        self.0.read(slug.as_str())
    }

    /// Keeps a plan.
    ///
    /// # Errors
    /// A plan of that name is there and must not be overwritten, or cannot be read by this
    /// program; a full disk; another program that is writing.
    pub fn save(&self, plan: &Plan, overwrite: Overwrite) -> Result<PathBuf, PlanTrouble> {
        let lock = self.0.lock()?;
        let name = plan.slug().as_str();
        if overwrite == Overwrite::Never && self.0.file(name).exists() {
            return Err(KeptTrouble::Exists {
                what: Plan::WHAT,
                name: name.into(),
            });
        }
        self.0.write(name, plan, &lock)
    }

    /// Keeps what a person said about a plan, which must still say what `seen` says.
    ///
    /// # Errors
    /// A plan that was changed meanwhile; as [`Self::save`].
    pub fn add_statements(&self, seen: &Plan, said: Vec<Statement>) -> Result<Plan, PlanTrouble> {
        let lock = self.0.lock()?;
        let name = seen.slug().as_str();
        let plan = self.0.read_locked(name, &lock)?;
        append(&self.0.file(name), plan, seen, said)
    }

    /// Keeps what a plan is now, which must still be what `seen` is.
    ///
    /// # Errors
    /// A plan that was changed meanwhile; as [`Self::save`].
    pub fn replace(&self, seen: &Plan, plan: &Plan) -> Result<(), PlanTrouble> {
        let lock = self.0.lock()?;
        let name = seen.slug().as_str();
        let now = self.0.read_locked(name, &lock)?;
        exchange(&self.0.file(name), &now, seen, plan)
    }

    /// Removes a plan, whatever its file holds.
    ///
    /// # Errors
    /// An unknown slug, a folder that cannot be written.
    pub fn delete(&self, slug: &Slug) -> Result<(), PlanTrouble> {
        if !self.0.file(slug.as_str()).exists() {
            return Err(self.unknown(slug));
        }
        let lock = self.0.lock()?;
        self.0.remove(slug.as_str(), &lock)
    }

    /// Takes a plan from a file elsewhere, which stays as it is whatever it holds.
    ///
    /// # Errors
    /// What cannot be read as a plan; a plan of that name that is there already.
    pub fn import(&self, from: &Path) -> Result<Plan, PlanTrouble> {
        let plan = read(from)?;
        self.save(&plan, Overwrite::Never)?;
        Ok(plan)
    }

    /// Writes a plan to a file elsewhere, which must not be there yet.
    ///
    /// # Errors
    /// An unknown or unreadable plan; a file that is there; a folder that cannot be written.
    pub fn export(&self, slug: &Slug, to: &Path) -> Result<(), PlanTrouble> {
        to_elsewhere(&self.load(slug)?, to)
    }

    fn unknown(&self, slug: &Slug) -> PlanTrouble {
        KeptTrouble::Unknown {
            what: Plan::WHAT,
            name: slug.to_string(),
            known: self.0.names().unwrap_or_default(),
        }
    }
}

/// Reads a plan from a file elsewhere, which stays as it is whatever it holds.
///
/// # Errors
/// What cannot be read as a plan.
pub fn read(from: &Path) -> Result<Plan, PlanTrouble> {
    from_elsewhere(from)
}

/// As [`Plans::add_statements`], for a plan in a file elsewhere.
///
/// # Errors
/// As there.
pub fn add_statements(file: &Path, seen: &Plan, said: Vec<Statement>) -> Result<Plan, PlanTrouble> {
    append(file, read(file)?, seen, said)
}

/// As [`Plans::replace`], for a plan in a file elsewhere.
///
/// # Errors
/// As there.
pub fn replace(file: &Path, seen: &Plan, plan: &Plan) -> Result<(), PlanTrouble> {
    exchange(file, &read(file)?, seen, plan)
}

fn exchange(file: &Path, now: &Plan, seen: &Plan, plan: &Plan) -> Result<(), PlanTrouble> {
    if now != seen {
        return Err(KeptTrouble::Changed {
            what: Plan::WHAT,
            name: seen.slug().to_string(),
        });
    }
    write_private(file, written(plan)?.as_bytes()).map_err(|e| disk(file, e))
}

fn append(
    file: &Path,
    mut plan: Plan,
    seen: &Plan,
    said: Vec<Statement>,
) -> Result<Plan, PlanTrouble> {
    if plan.intent() != seen.intent() {
        return Err(KeptTrouble::Changed {
            what: Plan::WHAT,
            name: seen.slug().to_string(),
        });
    }
    plan.statements.extend(said);
    write_private(file, written(&plan)?.as_bytes()).map_err(|e| disk(file, e))?;
    Ok(plan)
}

/// A plan as its file holds it.
///
/// # Errors
/// None that a plan could cause.
pub fn written(plan: &Plan) -> Result<String, PlanTrouble> {
    super::kept::written(plan)
}

#[cfg(test)]
mod tests;
