//! The site profiles: one TOML file a site.

use std::fs;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::folders::{read_bounded, write_private};
use super::profile::{Profile, is_site_name};

/// Most bytes of a profile.
const MOST_BYTES: u64 = 64 << 10;

/// The folder with the profiles.
#[derive(Clone, Debug)]
pub struct Sites(PathBuf);

/// Why a profile could not be read or kept; each says what to do.
#[derive(Debug, Error)]
pub enum Trouble {
    #[error("there is no site {name:?} here; {}", others(.known))]
    Unknown { name: String, known: Vec<String> },
    #[error("{0:?} is no name for a site: use 1 to 40 letters, digits, - and _")]
    BadName(String),
    #[error("site {0:?} exists already; remove {1} first, or choose another name")]
    Exists(String, String),
    #[error("{file} cannot be read as a site: {why}")]
    Malformed { file: String, why: String },
    #[error("{file}: {error}")]
    Disk { file: String, error: io::Error },
}

fn others(known: &[String]) -> String {
    match known {
        [] => "add one with: failback site add".into(),
        known => format!("known are: {}", known.join(", ")),
    }
}

impl Sites {
    #[must_use]
    pub fn in_folder(config: &std::path::Path) -> Self {
        Self(config.join("sites"))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.toml"))
    }

    /// The names of all sites, in order.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn names(&self) -> Result<Vec<String>, Trouble> {
        let disk = |error| Trouble::Disk {
            file: self.0.display().to_string(),
            error,
        };
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(disk)?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let path = entry.map_err(disk)?.path();
            let toml = path.extension().is_some_and(|ext| ext == "toml");
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            names.extend(
                stem.filter(|stem| toml && is_site_name(stem))
                    .map(str::to_owned),
            );
        }
        names.sort();
        Ok(names)
    }

    /// Reads one profile.
    ///
    /// # Errors
    /// An unknown name, an unreadable or faulty file.
    pub fn load(&self, name: &str) -> Result<Profile, Trouble> {
        if !is_site_name(name) {
            return Err(Trouble::BadName(name.chars().take(60).collect()));
        }
        let path = self.file(name);
        let file = path.display().to_string();
        let text = match read_bounded(&path, MOST_BYTES) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Trouble::Unknown {
                    name: name.into(),
                    known: self.names()?,
                });
            }
            other => other.map_err(|error| Trouble::Disk {
                file: file.clone(),
                error,
            })?,
        };
        let malformed = |why: String| Trouble::Malformed {
            file: file.clone(),
            why,
        };
        let profile: Profile =
            toml::from_str(&text).map_err(|error| malformed(error.to_string().trim().into()))?;
        let mut faults = profile.faults();
        if profile.name != name {
            faults.push((
                "name",
                format!("it says {:?}, the file {name:?}", profile.name),
            ));
        }
        match faults.first() {
            None => Ok(profile),
            Some((field, words)) => Err(malformed(format!("{field}: {words}"))),
        }
    }

    /// Keeps a new profile. One that is there is never overwritten.
    ///
    /// # Errors
    /// An existing name, a faulty profile, a full disk.
    pub fn add(&self, profile: &Profile) -> Result<PathBuf, Trouble> {
        if !is_site_name(&profile.name) {
            return Err(Trouble::BadName(profile.name.chars().take(60).collect()));
        }
        let path = self.file(&profile.name);
        let file = path.display().to_string();
        if path.exists() {
            return Err(Trouble::Exists(profile.name.clone(), file));
        }
        if let Some((field, words)) = profile.faults().first() {
            return Err(Trouble::Malformed {
                file,
                why: format!("{field}: {words}"),
            });
        }
        let text = toml::to_string_pretty(profile).map_err(|error| Trouble::Malformed {
            file: file.clone(),
            why: error.to_string(),
        })?;
        write_private(&path, text.as_bytes()).map_err(|error| Trouble::Disk { file, error })?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Credential, SecretSource};

    fn profile() -> Profile {
        let credential = Credential::ClientSecret {
            client_id: "app".into(),
            secret: SecretSource::Command(vec!["pass".into(), "azure/dr".into()]),
        };
        Profile {
            tenant: "t".into(),
            subscription: "00000000-0000-0000-0000-000000000000".into(),
            resource_group: "rg".into(),
            vaults: vec!["v".into()],
            ..Profile::new("contoso-dr", credential)
        }
    }

    #[test]
    fn a_profile_comes_back_as_it_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let sites = Sites::in_folder(folder.path());
        let file = sites.add(&profile()).unwrap();
        assert_eq!(sites.load("contoso-dr").unwrap(), profile());
        assert_eq!(sites.names().unwrap(), ["contoso-dr"]);
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_site_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let sites = Sites::in_folder(folder.path());
        sites.add(&profile()).unwrap();
        assert!(matches!(sites.add(&profile()), Err(Trouble::Exists(..))));
    }

    #[test]
    fn an_unknown_site_names_the_known_ones() {
        let folder = tempfile::tempdir().unwrap();
        let sites = Sites::in_folder(folder.path());
        let words = sites.load("other").unwrap_err().to_string();
        assert!(words.contains("failback site add"), "{words}");
        sites.add(&profile()).unwrap();
        let words = sites.load("other").unwrap_err().to_string();
        assert!(words.contains("contoso-dr"), "{words}");
        assert!(matches!(sites.load("../etc"), Err(Trouble::BadName(_))));
    }

    #[test]
    fn a_faulty_file_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let sites = Sites::in_folder(folder.path());
        let file = sites.add(&profile()).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace("parallel = 8", "parallel = 800")).unwrap();
        assert!(
            sites
                .load("contoso-dr")
                .unwrap_err()
                .to_string()
                .contains("parallel: use 1 to 64")
        );
        fs::write(&file, "name = [").unwrap();
        assert!(matches!(
            sites.load("contoso-dr"),
            Err(Trouble::Malformed { .. })
        ));
    }
}
