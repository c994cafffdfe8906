use crate::domain::guest::System;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use super::*;

/// The real script, in the machine where the tests run.
fn printed() -> String {
    let ran = Command::new("sh").arg("-c").arg(SH).output().unwrap();
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn the_shell_script_tells_the_machine_that_it_runs_in() {
    let printed = printed();
    assert!(
        printed.len() < 4096,
        "Azure keeps no more: {}",
        printed.len()
    );
    let guest = unwrap(&printed).unwrap();
    assert_eq!(guest.system, System::Linux);
    let cpus = std::thread::available_parallelism().unwrap().get();
    assert!(guest.cpus.is_some_and(|n| n as usize >= cpus), "{guest:?}");
    assert!(guest.memory.is_some_and(|m| m.0 > 64 << 20), "{guest:?}");
    assert!(!guest.host.is_empty());
    assert!(guest.mounts.is_some() && guest.paging.is_some() && guest.tools.is_some());
}

#[test]
fn an_output_that_was_cut_tells_nothing() {
    let printed = printed();
    for at in (1..printed.len() - 30).step_by(97) {
        assert!(unwrap(&printed[at..]).is_err(), "{at}");
    }
    assert!(matches!(
        unwrap("failback-guest/1 none\n"),
        Err(NoGuest::NotWhole(_))
    ));
}

#[test]
fn fstab_is_told_without_what_may_be_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fstab");
    std::fs::write(&path, "# a\nUUID=1 / ext4 defaults,errors=remount-ro 0 1\n//me:pw@nas/s /s cifs rw,password=pw,credentials=/root/pw,nofail 0 0\n").unwrap();
    let script = SH.replace("/etc/fstab", path.to_str().unwrap());
    let ran = Command::new("sh").arg("-c").arg(script).output().unwrap();
    let guest = unwrap(&String::from_utf8(ran.stdout).unwrap()).unwrap();
    let fstab = guest.fstab.unwrap();
    assert_eq!(fstab[0].options.as_str(), "defaults,errors=remount-ro");
    assert_eq!(fstab[1].options.as_str(), "rw,...,...,nofail");
    assert_eq!(fstab[1].source.as_str(), "...@nas/s");
}

#[test]
fn neither_script_asks_for_command_lines_or_environments() {
    for script in [SH, POWERSHELL] {
        for word in [
            "PathName",
            "CommandLine",
            "environ",
            "ExecStart",
            "Password",
            "Get-ChildItem env",
        ] {
            assert!(!script.contains(word), "{word}");
        }
    }
}

/// The script in a machine whose tools are these: what is not among them is not there.
fn printed_with(shell: &str, tools: &Path) -> String {
    let script = SH.replace("PATH=$PATH:/usr/sbin:/sbin", "true");
    let mut ran = Command::new(shell);
    let ran = ran.arg("-c").arg(script).env("PATH", tools).output();
    String::from_utf8(ran.unwrap().stdout).unwrap()
}

/// Those that the script names, from this machine.
const TOOLS: &[&str] = &[
    "awk", "base64", "cat", "cut", "grep", "gzip", "head", "sed", "tr", "wc", "ls", "hostname",
    "uname", "getconf", "readlink",
];

fn tools(without: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for tool in TOOLS.iter().filter(|t| !without.contains(t)) {
        let found = ["/usr/bin", "/bin", "/usr/sbin"].map(|at| Path::new(at).join(tool));
        let found = found.iter().find(|path| path.exists());
        let found = found.unwrap_or_else(|| panic!("{tool} is not here"));
        std::os::unix::fs::symlink(found, folder.path().join(tool)).unwrap();
    }
    folder
}

fn tool(folder: &Path, name: &str, script: &str) {
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn every_shell_here_takes_the_script_and_tells_the_same_machine() {
    let folder = tools(&[]);
    for shell in ["/bin/sh", "/usr/bin/dash", "/usr/bin/bash"] {
        let checked = Command::new(shell).args(["-n", "-c", SH]).output().unwrap();
        assert!(
            checked.status.success() && checked.stderr.is_empty(),
            "{shell}"
        );
        let guest = unwrap(&printed_with(shell, folder.path())).unwrap();
        assert_eq!(guest.system, System::Linux, "{shell}");
        assert!(guest.memory.is_some() && guest.mounts.is_some(), "{shell}");
    }
}

#[test]
fn what_a_missing_tool_would_have_told_is_not_known_and_never_nothing() {
    let folder = tools(&["hostname"]);
    let guest = unwrap(&printed_with("/usr/bin/dash", folder.path())).unwrap();
    // No ip, lsblk or systemctl.
    assert_eq!(guest.adapters, None);
    assert_eq!(guest.routes, None);
    assert_eq!(guest.disks, None);
    assert_eq!(guest.services, None);
    assert!(!guest.host.is_empty(), "the kernel tells it, too");
}

#[test]
fn without_what_wraps_its_answer_the_script_says_what_is_missing() {
    for missing in ["gzip", "base64", "awk"] {
        let folder = tools(&[missing]);
        let said = unwrap(&printed_with("/usr/bin/dash", folder.path()));
        assert_eq!(said, Err(NoGuest::Missing(missing.into())));
    }
    let hostile = unwrap("failback-guest/1 missing \u{1b}[2J\n").unwrap_err();
    assert!(!hostile.to_string().contains('\u{1b}'));
}

/// Words that no compression makes shorter.
const NOISE: &str = "awk 'BEGIN { srand(7); for (i = 0; i < 200; i++) { s = \"\"; for (j = 0; j < 30; j++) s = s sprintf(\"%c\", 97 + int(26 * rand())); print s \".service enabled\" } }'";

#[test]
fn what_would_not_fit_into_what_azure_keeps_is_left_out_and_said_to_be() {
    let folder = tools(&[]);
    tool(folder.path(), "systemctl", NOISE);
    let printed = printed_with("/usr/bin/dash", folder.path());
    assert!(printed.len() <= 4096, "{}", printed.len());
    let guest = unwrap(&printed).unwrap();
    assert_eq!(guest.services, None);
    assert!(
        guest.unread.contains(&"services".into()),
        "{:?}",
        guest.unread
    );
    assert!(guest.mounts.is_some() && guest.memory.is_some());
    // And where that is not enough, more.
    let routes = NOISE.replace("j < 30", "j < 150").replace(
        "print s \".service enabled\"",
        "print \"10.\" i \".0.0/16 via \" s \" dev e proto static\"",
    );
    tool(folder.path(), "ip", &routes);
    let printed = printed_with("/usr/bin/dash", folder.path());
    assert!(printed.len() <= 4096, "{}", printed.len());
    let guest = unwrap(&printed).unwrap();
    assert_eq!(guest.routes, None);
    assert!(
        guest.unread.contains(&"routes".into()),
        "{:?}",
        guest.unread
    );
    assert!(guest.memory.is_some());
}

#[test]
fn a_list_that_is_longer_than_the_script_tells_is_left_out_whole_and_said_to_be() {
    let folder = tools(&[]);
    let told = |script: String| {
        tool(folder.path(), "systemctl", &script);
        unwrap(&printed_with("/usr/bin/dash", folder.path())).unwrap()
    };
    let services = |many: usize| {
        format!("awk 'BEGIN {{ for (i = 0; i < {many}; i++) print \"s.service enabled\" }}'")
    };
    let whole = told(services(200));
    assert_eq!(whole.services.map(|all| all.len()), Some(200));
    let cut = told(services(201));
    assert_eq!(cut.services, None);
    assert_eq!(cut.unread, ["services".into()]);
    let routes = |many: usize| {
        format!(
            "awk 'BEGIN {{ for (i = 0; i < {many}; i++) print \"10.\" i \".0.0/16 via 10.0.0.1 dev e proto static\" }}'"
        )
    };
    tool(folder.path(), "ip", &routes(60));
    assert_eq!(told(services(1)).routes.map(|all| all.len()), Some(60));
    tool(folder.path(), "ip", &routes(61));
    let cut = told(services(1));
    assert_eq!(cut.routes, None);
    assert!(cut.unread.contains(&"routes".into()), "{:?}", cut.unread);
}

/// Every part of the script ends in its limit, or in a word of its own.
#[test]
fn nothing_in_the_script_cuts_a_list_and_calls_it_done() {
    for line in SH.lines().filter(|line| line.contains("head -n")) {
        assert!(
            line.contains("head -n 1)") || line.contains("head -n 1 "),
            "{line}"
        );
    }
}

#[test]
fn what_azure_cut_off_is_told_as_cut_and_never_read_as_less() {
    let folder = tools(&[]);
    let printed = printed_with("/usr/bin/dash", folder.path());
    let before = format!("{}\n{printed}", "x".repeat(5000));
    let kept = &before[before.len() - 4096..];
    assert!(
        unwrap(kept).is_ok(),
        "the script's own answer is within what is kept"
    );
    let kept = &before[before.len() - printed.len() + 40..];
    let said = unwrap(kept).unwrap_err();
    assert!(said.to_string().contains("cut off"), "{said}");
}
