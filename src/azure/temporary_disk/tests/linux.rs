//! The shell scripts, run over what a Linux machine shows of itself.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::*;

const IDE: &str = "{00000000-0001-8899-0000-000000000000}";
const BOOT: &str = "{00000000-0000-8899-0000-000000000000}";
const SCSI: &str = "{f8b3781a-1e82-4818-a1c3-63d806ec15bb}";

/// What a Linux machine shows of itself under `/sys`, `/proc` and `/dev`.
struct Machine {
    root: tempfile::TempDir,
    mounts: String,
    swaps: String,
}

impl Machine {
    /// In Azure, with a temporary disk that Azure's agent has mounted at `/mnt`.
    fn usual() -> Self {
        let machine = Self::without_disk();
        machine.disk(IDE, "0:0:1:0", "sdb", "8:16");
        machine.part("sdb", "sdb1", "8:17");
        machine.write("mnt/DATALOSS_WARNING_README.txt", "");
        machine.write("mnt/lost+found/x", "");
        machine.mounted("8:17", "/dev/sdb1", "/mnt")
    }

    fn without_disk() -> Self {
        let machine = Self {
            root: tempfile::tempdir().unwrap(),
            mounts: String::new(),
            swaps: "Filename Type Size Used Priority\n".into(),
        };
        machine.disk(BOOT, "0:0:0:0", "sda", "8:0");
        machine.part("sda", "sda1", "8:1");
        machine.mounted("8:1", "/dev/sda1", "/")
    }

    fn path(&self, at: &str) -> PathBuf {
        self.root.path().join(at)
    }

    fn write(&self, at: &str, text: &str) {
        let path = self.path(at);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn disk(&self, device: &str, place: &str, name: &str, number: &str) {
        let bus = format!("sys/bus/vmbus/devices/{}", device.trim_matches(['{', '}']));
        self.write(&format!("{bus}/device_id"), &format!("{device}\n"));
        self.write(
            &format!("{bus}/host0/target0:0:0/{place}/block/{name}/x"),
            "",
        );
        self.write(&format!("sys/block/{name}/dev"), &format!("{number}\n"));
        self.write(&format!("sys/block/{name}/device/vendor"), "Msft    \n");
        self.write(
            &format!("sys/block/{name}/device/model"),
            "Virtual Disk    \n",
        );
    }

    fn part(&self, disk: &str, name: &str, number: &str) {
        self.write(
            &format!("sys/block/{disk}/{name}/dev"),
            &format!("{number}\n"),
        );
    }

    fn mounted(mut self, number: &str, source: &str, at: &str) -> Self {
        self.mounts += &format!("36 35 {number} / {at} rw,relatime shared:1 - ext4 {source} rw\n");
        self
    }

    fn paged(mut self, to: &str) -> Self {
        self.swaps += &format!("{to} file 1024 0 -2\n");
        self
    }

    fn having(self, at: &str, text: &str) -> Self {
        self.write(at, text);
        self
    }

    /// Runs it, with an `umount` that only tells where.
    fn run(&self, script: &str) -> Output {
        self.write("proc/self/mountinfo", &self.mounts);
        self.write("proc/swaps", &self.swaps);
        self.run_as_is(script)
    }

    fn run_as_is(&self, script: &str) -> Output {
        let umount = self.path("bin/umount");
        self.write("bin/umount", "#!/bin/sh\necho \"umount $*\"\n");
        fs::set_permissions(&umount, fs::Permissions::from_mode(0o755)).unwrap();
        let root = self.root.path().display();
        let script = script.replace("R=''", &format!("R='{root}'"));
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        let mut shell = Command::new("dash");
        shell
            .arg("-c")
            .arg(script)
            .env("PATH", path)
            .output()
            .unwrap()
    }

    fn look(&self) -> TemporaryDisk {
        let ran = self.run(&format!("{STATE_SH}{LOOK_SH}"));
        assert!(
            ran.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
        read(&String::from_utf8(ran.stdout).unwrap()).unwrap()
    }

    /// What it did to the disk of that name, and whether it says that it is done.
    fn take(&self, disk: &str) -> (Vec<String>, bool) {
        let call = super::take(&vm(), GuestOs::Linux, &disk.into());
        let body: serde_json::Value = serde_json::from_str(&call.body.unwrap()).unwrap();
        let lines = body["script"].as_array().unwrap().iter();
        let lines: Vec<&str> = lines.map(|l| l.as_str().unwrap()).collect();
        let ran = self.run(&lines.join("\n"));
        let out = String::from_utf8(ran.stdout).unwrap();
        let did = out.lines().filter(|l| l.starts_with("umount"));
        let done = out.contains(&format!("{MARK} taken"));
        assert_eq!(done, ran.status.success());
        (did.map(str::to_owned).collect(), done)
    }
}

fn kept_for(machine: &Machine, words: &str) {
    let said = machine.look();
    assert!(
        matches!(&said, TemporaryDisk::Kept(why) if why.as_str().contains(words)),
        "{words}: {said:?}"
    );
    let (did, done) = machine.take("sdb");
    assert!(did.is_empty() && !done, "{words}: {did:?}");
}

#[test]
fn the_disk_at_azures_place_that_nothing_uses_is_taken_by_its_name_alone() {
    let machine = Machine::usual();
    let online = TemporaryDisk::Online {
        id: "sdb".into(),
        at: "/mnt".into(),
    };
    assert_eq!(machine.look(), online);
    assert_eq!(machine.take("sdb"), (vec!["umount /mnt".into()], true));
    for other in ["sda", "sdc", "sd", "none", "s*"] {
        assert_eq!(machine.take(other), (Vec::new(), false), "{other}");
    }
    // The second generation: number 1 of the system disk's own controller.
    let second = Machine::without_disk();
    fs::remove_dir_all(second.path("sys/bus/vmbus/devices")).unwrap();
    second.disk(SCSI, "0:0:0:0", "sda", "8:0");
    second.disk(SCSI, "0:0:0:1", "sdc", "8:32");
    second.part("sdc", "sdc1", "8:33");
    second.write("mnt/resource/lost+found/x", "");
    let second = second.mounted("8:33", "/dev/sdc1", "/mnt/resource");
    assert_eq!(
        second.take("sdc"),
        (vec!["umount /mnt/resource".into()], true)
    );
    assert_eq!(second.take("sda"), (Vec::new(), false));
}

#[test]
fn one_that_is_mounted_nowhere_is_out_of_use_and_taking_it_does_nothing() {
    let machine = Machine::without_disk();
    machine.disk(IDE, "0:0:1:0", "sdb", "8:16");
    assert_eq!(machine.look(), TemporaryDisk::Offline);
    assert_eq!(machine.take("sdb"), (Vec::new(), true));
    assert_eq!(Machine::without_disk().look(), TemporaryDisk::None);
}

#[test]
fn it_is_kept_where_anything_uses_it() {
    kept_for(
        &Machine::usual().paged("/mnt/swapfile"),
        "paged to (/mnt/swapfile)",
    );
    kept_for(&Machine::usual().paged("/dev/sdb2"), "paged to (/dev/sdb2)");
    let twice = Machine::usual().mounted("8:17", "/dev/sdb1", "/srv/data");
    kept_for(&twice, "mounted at /srv/data");
    kept_for(
        &Machine::usual().mounted("8:17", "/dev/sdb1", "/"),
        "mounted at /",
    );
    // By another name of the device, and in the namespace of another process.
    kept_for(
        &Machine::usual().mounted("8:17", "/dev/root", "/data"),
        "mounted at /data",
    );
    let contained = Machine::usual().having(
        "proc/77/mountinfo",
        "9 8 8:17 / /in/box rw - ext4 /dev/sdb1 rw\n",
    );
    kept_for(&contained, "mounted at /in/box");
    kept_for(
        &Machine::usual().having("mnt/tempdb.mdf", ""),
        "tempdb.mdf is on it",
    );
    kept_for(
        &Machine::usual().having("mnt/\u{1b}[2J$(reboot)", ""),
        "??2J??reboot? is on it",
    );
    kept_for(
        &Machine::usual().having("sys/block/sdb/sdb1/holders/dm-0", ""),
        "dm-0 is built on it",
    );
    kept_for(
        &Machine::usual().having("sys/block/sdb/holders/md127", ""),
        "md127 is built on it",
    );
}

#[test]
fn it_is_kept_where_it_is_not_proven_to_be_the_one_that_azure_lends() {
    let other = Machine::usual().having("sys/block/sdb/device/model", "Ultra\n");
    kept_for(&other, "not one of Azure's virtual disks");
    let linked = Machine::usual();
    linked.write("dev/sdz", "");
    fs::create_dir_all(linked.path("dev/disk/azure")).unwrap();
    symlink("../../sdz", linked.path("dev/disk/azure/resource")).unwrap();
    kept_for(&linked, "names another disk");
    let several = Machine::usual();
    several.disk(SCSI, "0:0:0:1", "sdc", "8:32");
    kept_for(&several, "more than one disk");
    let nvme = Machine::usual().having(
        "sys/block/nvme1n1/device/model",
        "Microsoft NVMe Direct Disk\n",
    );
    kept_for(&nvme, "NVMe");
    // A data disk, and a machine that is not Azure's.
    let elsewhere = Machine::usual();
    fs::remove_dir_all(elsewhere.path("sys/bus")).unwrap();
    kept_for(&elsewhere, "no disk is where Azure puts");
}

#[test]
fn a_data_disk_on_a_controller_of_its_own_is_no_temporary_one() {
    let machine = Machine::without_disk();
    machine.disk(
        "{f8b3781b-1e82-4818-a1c3-63d806ec15bb}",
        "1:0:0:1",
        "sdb",
        "8:16",
    );
    machine.part("sdb", "sdb1", "8:17");
    let machine = machine.mounted("8:17", "/dev/sdb1", "/mnt");
    assert_eq!(machine.look(), TemporaryDisk::None);
    assert_eq!(machine.take("sdb"), (Vec::new(), false));
}

#[test]
fn where_the_agent_was_told_to_mount_it_is_expected_unless_it_is_the_systems() {
    let told = |at: &str| {
        let machine = Machine::without_disk().having(
            "etc/waagent.conf",
            &format!("ResourceDisk.MountPoint={at}\n"),
        );
        machine.disk(IDE, "0:0:1:0", "sdb", "8:16");
        machine.part("sdb", "sdb1", "8:17");
        fs::create_dir_all(machine.path(at.trim_start_matches('/'))).unwrap();
        machine.mounted("8:17", "/dev/sdb1", at)
    };
    assert_eq!(
        told("/scratch").take("sdb"),
        (vec!["umount /scratch".into()], true)
    );
    kept_for(&told("/var"), "mounted at /var");
}

#[test]
fn what_cannot_be_read_is_no_proof_that_nothing_uses_it() {
    for hidden in ["proc/self/mountinfo", "proc/swaps", "sys/block/sdb/dev"] {
        let machine = Machine::usual();
        machine.run("exit 0");
        fs::remove_file(machine.path(hidden)).unwrap();
        if hidden.starts_with("sys") {
            fs::remove_file(machine.path("sys/block/sdb/sdb1/dev")).unwrap();
        }
        let ran = machine.run_as_is(&format!("{STATE_SH}{LOOK_SH}"));
        let said = read(&String::from_utf8(ran.stdout).unwrap()).unwrap();
        assert!(
            matches!(&said, TemporaryDisk::Kept(why) if why.as_str().contains("could not be read")),
            "{hidden}: {said:?}"
        );
    }
}

#[test]
fn without_its_tools_it_does_nothing() {
    let machine = Machine::usual();
    machine.run("exit 0");
    let root = machine.root.path().display().to_string();
    let script = format!("{STATE_SH}{LOOK_SH}").replace("R=''", &format!("R='{root}'"));
    let script = script.replace("PATH=$PATH:/usr/sbin:/sbin", "PATH=/nowhere");
    let ran = Command::new("/bin/sh")
        .arg("-c")
        .arg(script)
        .env("PATH", "/nowhere")
        .output()
        .unwrap();
    let said = read(&String::from_utf8(ran.stdout).unwrap());
    assert!(
        matches!(&said, Some(TemporaryDisk::Kept(why)) if why.as_str().contains("awk")),
        "{said:?}"
    );
}

#[test]
fn every_shell_here_takes_the_scripts() {
    for shell in ["sh", "dash", "bash"] {
        for script in [
            format!("{STATE_SH}{LOOK_SH}"),
            format!("{STATE_SH}{TAKE_SH}").replace("{id}", "sdb"),
        ] {
            let ran = Command::new(shell)
                .args(["-n", "-c", &script])
                .output()
                .unwrap();
            assert!(ran.status.success() && ran.stderr.is_empty(), "{shell}");
        }
    }
    // A machine that Azure lends nothing to.
    let ran = Command::new("sh")
        .arg("-c")
        .arg(format!("{STATE_SH}{LOOK_SH}"))
        .output()
        .unwrap();
    let said = read(&String::from_utf8(ran.stdout).unwrap());
    assert!(said.is_some_and(|said| !matches!(said, TemporaryDisk::Online { .. })));
}

#[test]
fn a_link_that_leads_nowhere_is_passed_over() {
    let machine = Machine::usual();
    fs::create_dir_all(machine.path("dev/disk/azure")).unwrap();
    symlink(
        Path::new("../../nothing"),
        machine.path("dev/disk/azure/resource"),
    )
    .unwrap();
    assert!(matches!(machine.look(), TemporaryDisk::Online { .. }));
}
