//! For whom a file of a run is made: its owner alone, or the group with which a folder is shared.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::folders::{folder_of, fresh, sync_folder};

/// Set-group-id and writable by the group: how a folder says that it is shared.
const SHARED: u32 = 0o2020;

/// Who may use what is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Owner,
    /// The folder's group, to which everything made in it belongs.
    Group,
}

impl Access {
    /// Of what is made in `folder`. A folder that is not there is nobody else's.
    pub fn within(folder: &Path) -> Self {
        match fs::metadata(folder) {
            Ok(folder) if folder.mode() & SHARED == SHARED => Self::Group,
            _ => Self::Owner,
        }
    }

    fn folder_mode(self) -> u32 {
        match self {
            Self::Owner => 0o700,
            Self::Group => 0o2770,
        }
    }

    fn file_mode(self) -> u32 {
        match self {
            Self::Owner => 0o600,
            Self::Group => 0o660,
        }
    }

    /// Makes one folder whose parent is there.
    pub fn make_folder(self, path: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(path)?;
        match self {
            Self::Owner => Ok(()),
            // Not by the creation: a umask would take from it.
            Self::Group => fs::set_permissions(path, Permissions::from_mode(self.folder_mode())),
        }
    }

    /// Opens a file, made when it is not there. One that is there is opened first: a folder with the
    /// sticky bit does not let others create what is there (`fs.protected_regular`).
    pub fn open(self, options: &mut OpenOptions, path: &Path) -> io::Result<File> {
        match options.create(false).open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => return other,
        }
        let file = options.create(true).mode(0o600).open(path)?;
        self.give(&file)?;
        Ok(file)
    }

    /// Makes a file that is not there yet.
    pub fn create_new(self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        let file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        self.give(&file)?;
        Ok(file)
    }

    /// Lets the group use a file of this account's.
    pub fn give(self, file: &File) -> io::Result<()> {
        let own = rustix::process::geteuid().as_raw();
        let metadata = file.metadata()?;
        if self == Self::Owner || metadata.uid() != own {
            return Ok(());
        }
        file.set_permissions(Permissions::from_mode(self.file_mode()))
    }

    /// Writes a file whole or not at all: on disk before it takes the old one's place.
    pub fn write(self, file: &Path, content: &[u8]) -> io::Result<()> {
        let folder = folder_of(file)?;
        let new = fresh(folder, self, content)?;
        new.persist(file).map_err(|error| error.error)?;
        sync_folder(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(mode: u32) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
        folder
    }

    #[test]
    fn a_folder_is_shared_when_it_is_setgid_and_its_group_may_write() {
        for (mode, access) in [
            (0o700, Access::Owner),
            (0o770, Access::Owner),
            (0o2750, Access::Owner),
            (0o2770, Access::Group),
            (0o2775, Access::Group),
            (0o3770, Access::Group),
        ] {
            let folder = folder(mode);
            assert_eq!(Access::within(folder.path()), access, "{mode:o}");
        }
        assert_eq!(Access::within(Path::new("/nowhere")), Access::Owner);
    }

    #[test]
    fn nobody_but_the_group_may_use_what_is_made_for_it() {
        let folder = folder(0o2770);
        let mode = |name: &str| {
            let metadata = fs::metadata(folder.path().join(name)).unwrap();
            metadata.mode() & 0o7777
        };
        for (access, files, folders) in [
            (Access::Group, 0o660, 0o2770),
            (Access::Owner, 0o600, 0o2700),
        ] {
            let _ = fs::remove_dir(folder.path().join("folder"));
            let at = |name: &str| folder.path().join(format!("{name}-{files:o}"));
            access.make_folder(&folder.path().join("folder")).unwrap();
            access.write(&at("written"), b"x").unwrap();
            access.create_new(&at("new")).unwrap();
            access
                .open(OpenOptions::new().append(true), &at("opened"))
                .unwrap();
            assert_eq!(mode("folder"), folders);
            for name in ["written", "new", "opened"] {
                assert_eq!(mode(&format!("{name}-{files:o}")), files, "{name}");
            }
        }
    }
}
