use super::*;

fn modes(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}

/// A state folder that belongs to a group, and a run in it with everything that a run has.
fn shared(mode: u32) -> (tempfile::TempDir, RunFolder) {
    let state = tempfile::tempdir().unwrap();
    fs::set_permissions(state.path(), fs::Permissions::from_mode(mode)).unwrap();
    let runs = Runs::of_site(state.path(), "contoso-dr").unwrap();
    let folder = runs.create(&id(1), &plan()).unwrap();
    let lock = folder.lock_alone(&plan(), &kim()).unwrap();
    let mut journal = Journal::open(&folder, &lock).unwrap();
    journal.append(launched(&plan(), folder.id())).unwrap();
    drop((journal, lock));
    fs::write(super::journal(&folder).with_file_name("torn-9"), "").unwrap();
    fs::remove_file(super::journal(&folder).with_file_name("torn-9")).unwrap();
    let torn = OpenOptions::new()
        .append(true)
        .open(super::journal(&folder));
    torn.unwrap().write_all(b"half").unwrap();
    Journal::open(&folder, &folder.lock().unwrap()).unwrap();
    folder.open_log().unwrap();
    folder.put(&letter("a")).unwrap();
    (state, folder)
}

fn all(folder: &RunFolder) -> (Vec<std::path::PathBuf>, Vec<std::path::PathBuf>) {
    let places = [
        folder.path().to_path_buf(),
        folder.inbox(),
        folder.siblings().to_path_buf(),
    ];
    let entries = places.iter().flat_map(|place| fs::read_dir(place).unwrap());
    let files = entries.map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file()).collect();
    let site = folder.siblings().parent().unwrap().to_path_buf();
    (places.into_iter().chain([site]).collect(), files)
}

#[test]
fn runs_in_a_shared_folder_are_their_groups_and_nobody_elses() {
    let (_state, folder) = shared(0o2770);
    let (folders, files) = all(&folder);
    for path in &folders {
        assert_eq!(modes(path), 0o2770, "{}", path.display());
    }
    for path in &files {
        assert_eq!(modes(path), 0o660, "{}", path.display());
    }
    let names = files.len();
    assert_eq!(
        names, 8,
        "plan, journal, head, lock, log, torn, a letter and the gate: {files:?}"
    );
}

#[test]
fn runs_in_a_folder_that_is_not_shared_are_private() {
    for mode in [0o700, 0o770, 0o2755] {
        let (_state, folder) = shared(mode);
        let (folders, files) = all(&folder);
        for path in folders {
            assert_eq!(modes(&path) & 0o777, 0o700, "{}", path.display());
        }
        for path in files {
            assert_eq!(modes(&path), 0o600, "{}", path.display());
        }
    }
}
