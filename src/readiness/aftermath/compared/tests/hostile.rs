//! Names that a machine chose, in the commands that a person is to copy.

use std::process::Command as Process;

use super::*;
use crate::domain::Bytes;
use crate::domain::guest::{Address, Disk, Mount, Route};
use crate::domain::text::Text;

const HOSTILE: &[&str] = &[
    "x'; touch OWNED #",
    "x\"; touch OWNED #",
    "$(touch OWNED)",
    "`touch OWNED`",
    "x\ntouch OWNED\n",
    "x\r\ntouch OWNED",
    "x;touch OWNED",
    "x|touch OWNED",
    "x&touch OWNED&",
    "x>OWNED",
    "-rf /",
    "--help",
    "\u{2019}; touch OWNED #\u{2018}",
    "\u{201c}$(touch OWNED)\u{201d}",
    "\u{1b}[2Jx",
    "x\u{0}y",
    "x\u{202e}y",
    "xy\\",
    "\\';touch OWNED;'",
    "*",
    "~root",
    "!!",
    "${IFS}touch${IFS}OWNED",
    "",
    "@(touch OWNED)",
    "{x,y}",
    "%SystemRoot%",
    "$env:TEMP",
    "a'b",
    "|s|^|x|e;s",
];

/// Everything that can be lost, with this text wherever a machine tells one.
fn all(text: &str) -> Vec<Lost> {
    let t = || Text::from(text);
    let line = || FstabLine {
        source: t(),
        at: t(),
        kind: t(),
        options: t(),
    };
    let address = || Address {
        adapter: t(),
        address: t(),
        gateway: t(),
        name_servers: vec![t(), t()],
    };
    let mount = || Mount {
        at: t(),
        source: t(),
        kind: t(),
        id: t(),
    };
    let disk = || Disk {
        name: t(),
        id: t(),
        ..Disk::default()
    };
    let route = || Route {
        to: t(),
        gateway: t(),
        adapter: t(),
        fixed: true,
    };
    vec![
        Lost::Name { was: t(), now: t() },
        Lost::Address(address()),
        Lost::Fixed(address()),
        Lost::Length(address(), t()),
        Lost::NameServers {
            adapter: t(),
            missing: vec![t()],
            all: vec![t(), t()],
        },
        Lost::AzureNameServer { adapter: t() },
        Lost::DefaultRoute {
            gateway: t(),
            adapter: t(),
            now: Text::default(),
        },
        Lost::DefaultRoute {
            gateway: t(),
            adapter: t(),
            now: format!("{text};").into(),
        },
        Lost::Route(route()),
        Lost::Disk { was: 3, now: 2 },
        Lost::DiskGone(disk()),
        Lost::Offline { disk: t() },
        Lost::Mount(mount()),
        Lost::Letter {
            id: t(),
            was: t(),
            now: t(),
        },
        Lost::Fstab(line()),
        Lost::FstabChanged {
            was: line(),
            now: line(),
        },
        Lost::FstabOfAzure(line()),
        Lost::Paging(t()),
        Lost::Tools { installed: false },
        Lost::Tools { installed: true },
        Lost::NetworkManager { installed: false },
        Lost::NetworkManager { installed: true },
        Lost::Service {
            name: t(),
            listed: true,
        },
        Lost::Service {
            name: t(),
            listed: false,
        },
        Lost::Cpus { was: 4, now: 2 },
        Lost::Memory {
            was: Bytes(8 << 30),
            now: Bytes(4 << 30),
        },
    ]
}

/// What of a line stands in no quotes.
fn bare(line: &str) -> String {
    line.split('\'').step_by(2).collect::<Vec<_>>().join("''")
}

#[test]
fn outside_of_quotes_stands_only_what_this_program_wrote() {
    let linux = KEEPERS.map(|keeper| (System::Linux, keeper));
    let others = [(System::Windows, ""), (System::Linux, HOSTILE[0])];
    for (system, keeper) in linux.into_iter().chain(others) {
        // With a text that nothing is let in of, only the words stand that stand for it.
        let ours: Vec<Vec<String>> = all("\u{1}")
            .into_iter()
            .map(|lost| lines_of(lost, system, keeper))
            .collect();
        for hostile in HOSTILE {
            for (lost, ours) in all(hostile).into_iter().zip(&ours) {
                let told = lines_of(lost.clone(), system, keeper);
                assert_eq!(told.len(), ours.len(), "{lost:?}");
                for (line, own) in told.iter().zip(ours) {
                    assert_eq!(line.matches('\'').count() % 2, 0, "{line}");
                    assert_eq!(bare(line), bare(own), "{hostile:?}: {line}");
                    assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
                }
            }
        }
    }
}

#[test]
fn a_shell_takes_every_line_and_runs_nothing_of_what_a_machine_said() {
    let folder = tempfile::tempdir().unwrap();
    for hostile in HOSTILE
        .iter()
        .chain(&["ens192", "10.0.0.1/24", "/srv/a b", "Ünïcode-ß"])
    {
        let mut told = Vec::new();
        for keeper in KEEPERS {
            let all = all(hostile).into_iter();
            told.extend(all.flat_map(|lost| lines_of(lost, System::Linux, keeper)));
        }
        assert!(told.len() > 30 * KEEPERS.len());
        let whole = told.join("\n");
        let checked = Process::new("sh")
            .args(["-n", "-c", &whole])
            .output()
            .unwrap();
        assert!(
            checked.status.success(),
            "{hostile:?}: {}",
            String::from_utf8_lossy(&checked.stderr)
        );
        // Without any program at hand, a line that does something does it by the shell alone.
        let harmless = told.iter().filter(|line| !line.contains('>'));
        let harmless: Vec<&str> = harmless.map(String::as_str).collect();
        let touch = "touch() { : > \"$1\"; }; reboot() { : > OWNED; }\n";
        Process::new("/bin/sh")
            .args(["-c", &format!("{touch}{}", harmless.join("\n"))])
            .env("PATH", "/nowhere")
            .current_dir(&folder)
            .output()
            .unwrap();
        let made = std::fs::read_dir(&folder).unwrap().count();
        assert_eq!(made, 0, "{hostile:?}");
    }
}

#[test]
fn every_loss_says_how_to_look_in_the_system_that_it_can_happen_in() {
    for lost in all("x") {
        let windows_alone = matches!(lost, Lost::Letter { .. });
        let linux_alone = matches!(
            lost,
            Lost::Fstab(_)
                | Lost::FstabChanged { .. }
                | Lost::FstabOfAzure(_)
                | Lost::NetworkManager { .. }
        );
        let none = |system| lines(lost.clone(), system).is_empty();
        assert_eq!(none(System::Linux), windows_alone, "{lost:?}");
        assert_eq!(none(System::Windows), linux_alone, "{lost:?}");
    }
}
