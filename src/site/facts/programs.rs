//! Whether the programs that a plan names can be started on this computer, by this account. Nothing
//! is started.

use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use crate::domain::Plan;
use crate::readiness::facts::Program;

/// Each program of the plan once, as this computer has it.
pub fn programs(plan: &Plan) -> Vec<(String, Program)> {
    let folders = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect());
    let folders: Vec<PathBuf> = folders.unwrap_or_default();
    let mut all: Vec<(String, Program)> = Vec::new();
    for command in plan.commands() {
        if !all.iter().any(|(name, _)| name == command.program) {
            all.push((command.program.to_owned(), look(command.program, &folders)));
        }
    }
    all
}

/// As the system would look for it: what has a slash is a path, anything else is looked for in the
/// folders. The runner may stand in another folder than whoever launched it.
fn look(program: &str, folders: &[PathBuf]) -> Program {
    if program.starts_with('/') {
        return at(Path::new(program));
    }
    if program.contains('/') {
        return Program::Relative;
    }
    let mut found = Program::Missing;
    for folder in folders.iter().filter(|folder| folder.is_absolute()) {
        match at(&folder.join(program)) {
            Program::Runs => return Program::Runs,
            Program::NotExecutable => found = Program::NotExecutable,
            Program::Missing | Program::Relative => {}
        }
    }
    found
}

fn at(path: &Path) -> Program {
    match (path.is_file(), path.exists()) {
        (true, _) if access(path, Access::EXEC_OK).is_ok() => Program::Runs,
        (true, _) | (_, true) => Program::NotExecutable,
        (false, false) => Program::Missing,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_program_is_looked_for_as_the_system_would_and_must_be_executable() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, mode: u32| {
            let path = folder.path().join(name);
            fs::write(&path, "#!/bin/sh\n").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let (runs, reads) = (file("runs", 0o700), file("reads", 0o600));
        let folders = [PathBuf::from("."), folder.path().to_path_buf()];
        let look = |program: &str| look(program, &folders);
        assert_eq!((look(&runs), look("runs")), (Program::Runs, Program::Runs));
        assert_eq!(look(&reads), Program::NotExecutable);
        assert_eq!(look("reads"), Program::NotExecutable);
        assert_eq!(look("neither"), Program::Missing);
        assert_eq!(look("/nowhere/runs"), Program::Missing);
        assert_eq!(look("./runs"), Program::Relative);
        let itself = folder.path().to_str().unwrap();
        assert_eq!(look(itself), Program::NotExecutable, "a folder");
    }
}
