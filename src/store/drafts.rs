//! The drafts of a site: what was answered in a wizard that was not finished, one file a draft.

use std::path::{Path, PathBuf};

use super::kept::{Kept, Shelf, from_elsewhere};
use super::kept_trouble::KeptTrouble;
use crate::domain::draft::{Draft, DraftId};

impl Kept for Draft {
    const WHAT: &'static str = "draft";
    const FOLDER: &'static str = "drafts";
    const SCHEMA: &'static str = "failback/draft/";
    const NEWEST: u32 = 1;
    const MOST_BYTES: u64 = 8 << 20;

    fn file_name(&self) -> Option<String> {
        None
    }
}

/// The folder with a site's drafts: `<data>/failback/<site>/drafts`.
#[derive(Clone, Debug)]
pub struct Drafts(Shelf<Draft>);

/// What a folder holds: the drafts that can be read, and a word about each that cannot.
#[derive(Debug, Default)]
pub struct DraftListing {
    /// Latest first.
    pub drafts: Vec<(DraftId, Draft)>,
    pub troubles: Vec<KeptTrouble>,
}

impl Drafts {
    /// As [`super::Plans::of_site`].
    #[must_use]
    pub fn of_site(data: &Path, site: &str) -> Option<Self> {
        Shelf::of_site(data, site).map(Self)
    }

    /// Reads every draft. Damaged ones are set aside.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn list(&self) -> Result<DraftListing, KeptTrouble> {
        let mut listing = DraftListing::default();
        for name in self.0.names()? {
            let read = match DraftId::parse(&name) {
                Some(id) => self.0.read(&name).map(|draft| (id, draft)),
                None => Err(KeptTrouble::Nameless {
                    what: Draft::WHAT,
                    file: self.0.file(&name).display().to_string(),
                    how: "answers files are used with: failback plan new --answers FILE",
                }),
            };
            match read {
                Ok(draft) => listing.drafts.push(draft),
                Err(trouble) => listing.troubles.push(trouble),
            }
        }
        let saved = |(_, draft): &(DraftId, Draft)| std::cmp::Reverse(draft.saved);
        listing.drafts.sort_by_key(saved);
        Ok(listing)
    }

    /// Keeps a draft, in the place of what it was before.
    ///
    /// # Errors
    /// A file of that name that this program cannot read; a full disk; another program that is
    /// writing.
    pub fn save(&self, id: DraftId, draft: &Draft) -> Result<PathBuf, KeptTrouble> {
        let lock = self.0.lock()?;
        self.0.write(&id.to_string(), draft, &lock)
    }

    /// Removes a draft. One that is not there is removed already.
    ///
    /// # Errors
    /// A folder that cannot be written; another program that is writing.
    pub fn delete(&self, id: DraftId) -> Result<(), KeptTrouble> {
        let name = id.to_string();
        if !self.0.file(&name).exists() {
            return Ok(());
        }
        let lock = self.0.lock()?;
        self.0.remove(&name, &lock)
    }
}

/// Reads an answers file, which stays as it is whatever it holds.
///
/// # Errors
/// What cannot be read as one.
pub fn read_answers(from: &Path) -> Result<Draft, KeptTrouble> {
    from_elsewhere(from)
}

/// The same from text that came another way; `from` is what to call it.
///
/// # Errors
/// What cannot be read as answers.
pub fn parse_answers(text: &str, from: &str) -> Result<Draft, KeptTrouble> {
    super::kept::parse(text).map_err(|why| why.in_file(Draft::WHAT, Path::new(from)))
}

/// A draft as its file holds it.
///
/// # Errors
/// None that a draft could cause.
pub fn written(draft: &Draft) -> Result<String, KeptTrouble> {
    super::kept::written(draft)
}

#[cfg(test)]
mod tests;
