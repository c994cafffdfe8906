//! What this computer remembers of a site's machines from one session to the next.

use std::path::Path;

use super::guests::Guests;
use super::kept_trouble::KeptTrouble;
use super::readings::KeptReadings;

#[derive(Clone, Debug)]
pub struct Remembered {
    /// What their agents said.
    pub readings: KeptReadings,
    /// What they were when somebody looked into them.
    pub guests: Guests,
}

impl Remembered {
    /// As [`super::Plans::of_site`].
    #[must_use]
    pub fn of_site(data: &Path, site: &str) -> Option<Self> {
        Some(Self {
            readings: KeptReadings::of_site(data, site)?,
            guests: Guests::of_site(data, site)?,
        })
    }

    /// Forgets everything: the site that it was about is no more.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn forget(&self) -> Result<(), KeptTrouble> {
        self.readings.forget()?;
        self.guests.forget()
    }
}
