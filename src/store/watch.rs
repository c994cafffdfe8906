//! Notices changes in folders: whoever waits sleeps until the kernel says that something changed.
//! Nothing is polled, and nothing wakes while nothing changes.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::inotify::{
    CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init, remove_watch,
};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Bytes read at a time: some hundred changes.
const BUFFER: usize = 16 << 10;

/// What is noticed. Reading a file is not, and neither is closing one that was only read: looking
/// whether a lock is held must not wake who looks.
const NOTICED: WatchFlags = WatchFlags::CREATE
    .union(WatchFlags::DELETE)
    .union(WatchFlags::MOVED_FROM)
    .union(WatchFlags::MOVED_TO)
    .union(WatchFlags::MODIFY)
    .union(WatchFlags::CLOSE_WRITE)
    .union(WatchFlags::DELETE_SELF)
    .union(WatchFlags::MOVE_SELF)
    .union(WatchFlags::ONLYDIR);

/// Folders that are watched. Needs a runtime that drives I/O.
#[derive(Debug)]
pub struct Watch {
    kernel: AsyncFd<OwnedFd>,
    folders: HashMap<i32, PathBuf>,
}

/// What changed since the last time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Folders, each with the names in it that changed.
    pub folders: HashMap<PathBuf, HashSet<OsString>>,
    /// Folders that are there no more under their name.
    pub gone: HashSet<PathBuf>,
    /// There was too much to tell: anything may have changed.
    pub all: bool,
}

impl Changes {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.folders.is_empty() && self.gone.is_empty() && !self.all
    }

    /// Whether `name` in `folder` may have changed.
    #[must_use]
    pub fn touch(&self, folder: &Path, name: &str) -> bool {
        let names = self.folders.get(folder);
        self.all || names.is_some_and(|names| names.contains(OsStr::new(name)))
    }
}

impl Watch {
    /// # Errors
    /// When the kernel gives no more of them (`fs.inotify.max_user_instances`).
    // The successor is unsafe because an arbitrary `AsRawFd` may lie; this one is owned.
    #[allow(deprecated)]
    pub fn new() -> io::Result<Self> {
        let kernel = init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        Ok(Self {
            kernel: AsyncFd::with_interest(kernel, Interest::READABLE)?,
            folders: HashMap::new(),
        })
    }

    /// Watches a folder, not those in it. A folder that is watched already stays so.
    ///
    /// # Errors
    /// When there is no such folder, it may not be read, or there are too many
    /// (`fs.inotify.max_user_watches`).
    pub fn add(&mut self, folder: &Path) -> io::Result<()> {
        let number = add_watch(self.kernel.get_ref(), folder, NOTICED)?;
        self.folders.insert(number, folder.to_path_buf());
        Ok(())
    }

    /// Watches a folder no longer.
    pub fn forget(&mut self, folder: &Path) {
        let mut known = self.folders.iter();
        let number = known.find_map(|(number, path)| (path == folder).then_some(*number));
        if let Some(number) = number {
            self.folders.remove(&number);
            // Ignored on purpose: it may be gone already.
            let _ = remove_watch(self.kernel.get_ref(), number);
        }
    }

    /// Sleeps until something changed, then tells everything that did.
    ///
    /// # Errors
    /// When the kernel cannot be asked any more.
    pub async fn changed(&mut self) -> io::Result<Changes> {
        loop {
            let mut ready = self.kernel.readable().await?;
            let mut changes = Changes::default();
            let folders = &mut self.folders;
            let read = ready.try_io(|kernel| read(kernel.get_ref(), folders, &mut changes));
            match read {
                Ok(Err(error)) => return Err(error),
                _ if changes.is_empty() => {}
                _ => return Ok(changes),
            }
        }
    }

    /// Adds what changed meanwhile, without waiting.
    ///
    /// # Errors
    /// As [`Self::changed`].
    pub fn also(&mut self, changes: &mut Changes) -> io::Result<()> {
        match read(self.kernel.get_ref(), &mut self.folders, changes) {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(error),
            _ => Ok(()),
        }
    }
}

/// Reads all that the kernel has to tell; ends with `WouldBlock`.
fn read(
    kernel: &OwnedFd,
    folders: &mut HashMap<i32, PathBuf>,
    changes: &mut Changes,
) -> io::Result<()> {
    let mut buffer = [MaybeUninit::uninit(); BUFFER];
    let mut reader = Reader::new(kernel, &mut buffer);
    loop {
        let event = match reader.next() {
            Err(rustix::io::Errno::INTR) => continue,
            other => other?,
        };
        if event.events().contains(ReadFlags::QUEUE_OVERFLOW) {
            changes.all = true;
            continue;
        }
        let Some(folder) = folders.get(&event.wd()) else {
            continue;
        };
        let over = ReadFlags::DELETE_SELF | ReadFlags::MOVE_SELF | ReadFlags::IGNORED;
        if event.events().intersects(over) {
            changes.gone.insert(folder.clone());
            if event.events().contains(ReadFlags::IGNORED) {
                folders.remove(&event.wd());
            }
            continue;
        }
        let names = changes.folders.entry(folder.clone()).or_default();
        let name = event.file_name().map(std::ffi::CStr::to_bytes);
        names.extend(name.map(|name| OsStr::from_bytes(name).to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::*;

    /// Longer than anything takes.
    const PATIENCE: Duration = Duration::from_secs(20);

    async fn changed(watch: &mut Watch) -> Changes {
        tokio::time::timeout(PATIENCE, watch.changed())
            .await
            .expect("the change is noticed")
            .unwrap()
    }

    #[tokio::test]
    async fn a_change_is_told_with_its_folder_and_name() {
        let folder = tempfile::tempdir().unwrap();
        let mut watch = Watch::new().unwrap();
        watch.add(folder.path()).unwrap();
        fs::write(folder.path().join("journal.jsonl"), "a").unwrap();
        assert!(
            changed(&mut watch)
                .await
                .touch(folder.path(), "journal.jsonl")
        );
        let from = folder.path().join("journal.jsonl");
        fs::rename(from, folder.path().join("other")).unwrap();
        assert!(changed(&mut watch).await.touch(folder.path(), "other"));
    }

    #[tokio::test]
    async fn looking_wakes_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lock");
        fs::write(&file, "").unwrap();
        let mut watch = Watch::new().unwrap();
        watch.add(folder.path()).unwrap();
        drop(fs::File::open(&file).unwrap());
        fs::read_dir(folder.path()).unwrap().for_each(drop);
        let mut changes = Changes::default();
        watch.also(&mut changes).unwrap();
        assert!(changes.is_empty(), "{changes:?}");
    }

    #[tokio::test]
    async fn a_writer_that_dies_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let writer = fs::File::create(folder.path().join("lock")).unwrap();
        let mut watch = Watch::new().unwrap();
        watch.add(folder.path()).unwrap();
        drop(writer);
        assert!(changed(&mut watch).await.touch(folder.path(), "lock"));
    }

    #[tokio::test]
    async fn a_folder_that_goes_is_told_and_one_that_is_forgotten_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        let mut watch = Watch::new().unwrap();
        for folder in [&one, &two] {
            fs::create_dir(folder).unwrap();
            watch.add(folder).unwrap();
        }
        watch.forget(&two);
        fs::write(two.join("file"), "").unwrap();
        fs::remove_dir(&one).unwrap();
        let changes = changed(&mut watch).await;
        assert!(changes.gone.contains(&one), "{changes:?}");
        assert!(changes.folders.is_empty(), "{changes:?}");
    }

    #[tokio::test]
    async fn many_changes_are_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut watch = Watch::new().unwrap();
        watch.add(folder.path()).unwrap();
        for n in 0..500 {
            fs::write(folder.path().join(format!("file-{n}")), "").unwrap();
        }
        let mut changes = changed(&mut watch).await;
        watch.also(&mut changes).unwrap();
        assert_eq!(changes.folders[folder.path()].len(), 500);
    }
}
