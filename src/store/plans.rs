//! The plans of a site: one JSON file a plan, made to be kept in git.
//!
//! A file is written whole or not at all, for its owner only, by one program at a time. What was
//! written by a newer program is left alone; what cannot be read is set aside under another name
//! and reported, never overwritten.

mod text;
mod trouble;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::folders::{make_folder, read_bounded, sync_folder, write_private};
use super::profile::is_site_name;
use crate::domain::Plan;
use crate::domain::plan::{Slug, Statement};

pub(super) use text::{MOST_BYTES, read_text};
use text::{Unreadable, append, disk, parse};
pub use text::{add_statements, read, written};
pub use trouble::PlanTrouble;

/// The folder with a site's plans: `<data>/failback/<site>/plans`.
#[derive(Clone, Debug)]
pub struct Plans(PathBuf);

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
        is_site_name(site).then(|| Self(data.join(site).join("plans")))
    }

    fn file(&self, slug: &Slug) -> PathBuf {
        self.0.join(format!("{slug}.json"))
    }

    /// Reads every plan. Damaged ones are set aside.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn list(&self) -> Result<Listing, PlanTrouble> {
        let mut listing = Listing::default();
        if !self.0.exists() {
            return Ok(listing);
        }
        let mut slugs = Vec::new();
        for entry in fs::read_dir(&self.0).map_err(|e| disk(&self.0, e))? {
            let path = entry.map_err(|e| disk(&self.0, e))?.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            let json = path.extension().is_some_and(|ext| ext == "json");
            slugs.extend(
                stem.filter(|_| json)
                    .and_then(|stem| Slug::parse(stem).ok()),
            );
        }
        slugs.sort();
        for slug in slugs {
            match self.read(&slug) {
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
        if !self.file(slug).exists() {
            return Err(self.unknown(slug));
        }
        self.read(slug)
    }

    /// Keeps a plan.
    ///
    /// # Errors
    /// A plan of that name is there and must not be overwritten, or cannot be read by this
    /// program; a full disk; another program that is writing.
    pub fn save(&self, plan: &Plan, overwrite: Overwrite) -> Result<PathBuf, PlanTrouble> {
        let lock = self.lock()?;
        let file = self.file(plan.slug());
        if file.exists() {
            if overwrite == Overwrite::Never {
                return Err(PlanTrouble::Exists(plan.slug().clone()));
            }
            self.read_locked(plan.slug(), &lock)?;
        }
        write_private(&file, written(plan)?.as_bytes()).map_err(|e| disk(&file, e))?;
        Ok(file)
    }

    /// Keeps what a person said about a plan, which must still say what `seen` says.
    ///
    /// # Errors
    /// A plan that was changed meanwhile; as [`Self::save`].
    pub fn add_statements(&self, seen: &Plan, said: Vec<Statement>) -> Result<Plan, PlanTrouble> {
        let lock = self.lock()?;
        let plan = self.read_locked(seen.slug(), &lock)?;
        append(&self.file(seen.slug()), plan, seen, said)
    }

    /// Removes a plan, whatever its file holds.
    ///
    /// # Errors
    /// An unknown slug, a folder that cannot be written.
    pub fn delete(&self, slug: &Slug) -> Result<(), PlanTrouble> {
        let file = self.file(slug);
        if !file.exists() {
            return Err(self.unknown(slug));
        }
        let _lock = self.lock()?;
        fs::remove_file(&file).map_err(|e| disk(&file, e))?;
        sync_folder(&self.0).map_err(|e| disk(&self.0, e))
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
        let text = written(&self.load(slug)?)?;
        let mut options = OpenOptions::new();
        let made = options.write(true).create_new(true).mode(0o600).open(to);
        made.and_then(|mut file| {
            io::Write::write_all(&mut file, text.as_bytes())?;
            file.sync_all()?;
            sync_beside(to)
        })
        .map_err(|e| disk(to, e))
    }

    fn unknown(&self, slug: &Slug) -> PlanTrouble {
        let known = self.list().map(|listing| listing.plans).unwrap_or_default();
        PlanTrouble::Unknown {
            slug: slug.clone(),
            known: known.iter().map(|plan| plan.slug().to_string()).collect(),
        }
    }

    /// Reads a file; no lock is needed, as files change whole. A damaged one is looked at again
    /// under the lock before it is set aside.
    fn read(&self, slug: &Slug) -> Result<Plan, PlanTrouble> {
        match self.look(slug) {
            Err(Look::Damaged(_)) => self.read_locked(slug, &self.lock()?),
            Err(Look::Trouble(trouble)) => Err(trouble),
            Ok(plan) => Ok(plan),
        }
    }

    fn read_locked(&self, slug: &Slug, _lock: &File) -> Result<Plan, PlanTrouble> {
        self.look(slug).map_err(|look| match look {
            Look::Damaged(why) => set_aside(&self.file(slug), why),
            Look::Trouble(trouble) => trouble,
        })
    }

    fn look(&self, slug: &Slug) -> Result<Plan, Look> {
        let file = self.file(slug);
        let text = match read_bounded(&file, MOST_BYTES) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(Look::Damaged("it is not UTF-8 text".into()));
            }
            Err(error) => return Err(Look::Trouble(disk(&file, error))),
        };
        let plan = parse(&text).map_err(|unreadable| match unreadable {
            Unreadable::Damaged(why) => Look::Damaged(why),
            newer @ Unreadable::Newer(_) => Look::Trouble(newer.in_file(&file)),
        })?;
        if plan.slug() == slug {
            return Ok(plan);
        }
        Err(Look::Trouble(PlanTrouble::Misnamed {
            file: file.display().to_string(),
            slug: plan.slug().clone(),
        }))
    }

    /// One program at a time; the lock falls with the file, also when the program is killed.
    fn lock(&self) -> Result<File, PlanTrouble> {
        make_folder(&self.0).map_err(|e| disk(&self.0, e))?;
        let path = self.0.join(".lock");
        let mut options = OpenOptions::new();
        let open = options.write(true).create(true).truncate(false).mode(0o600);
        let file = open.open(&path).map_err(|e| disk(&path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(PlanTrouble::Busy(self.0.display().to_string())),
            Err(TryLockError::Error(error)) => Err(disk(&path, error)),
        }
    }
}

/// What a look at a file found instead of a plan.
enum Look {
    Damaged(String),
    Trouble(PlanTrouble),
}

/// Renames a damaged file to the first free `.damaged-N`. A hard link never takes the place of a
/// file that is there.
fn set_aside(file: &Path, why: String) -> PlanTrouble {
    let name = file.display().to_string();
    for n in 1..1000 {
        let aside = PathBuf::from(format!("{name}.damaged-{n}"));
        match fs::hard_link(file, &aside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return disk(file, error),
            Ok(()) => {
                let moved = fs::remove_file(file).and_then(|()| sync_beside(file));
                return match moved {
                    Err(error) => disk(file, error),
                    Ok(()) => PlanTrouble::Damaged {
                        file: name,
                        why,
                        aside: aside.display().to_string(),
                    },
                };
            }
        }
    }
    PlanTrouble::NoPlan { file: name, why }
}

fn sync_beside(file: &Path) -> io::Result<()> {
    match file.parent() {
        None => Ok(()),
        Some(here) if here.as_os_str().is_empty() => sync_folder(Path::new(".")),
        Some(folder) => sync_folder(folder),
    }
}

#[cfg(test)]
mod tests;
