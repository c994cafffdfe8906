//! The temporary disk that Azure lends a VM: how it stands, and the script that takes it out of use, so
//! that it is not protected along \[000\].
//!
//! A script runs in a VM alone: a look that answers was made after whatever was begun before it.

use super::run_command::{NotRun, Shell, script_call};
use super::send::Arm;
use crate::domain::call::GuestOs;
use crate::domain::{ArmId, Call, Text};

const MARK: &str = "failback-temporary-disk/1";

/// Most characters of a disk's id.
const MOST_ID: usize = 64;

/// How the temporary disk stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemporaryDisk {
    /// The VM has none.
    None,
    /// Windows: offline. Linux: mounted nowhere, and not paged to.
    Offline,
    Online {
        /// What it is recognised by once it is offline.
        id: Text,
        /// Its letter, or where it is mounted.
        at: Text,
    },
    Unknown(Text),
}

const LOOK_POWERSHELL: &str = r#"$ErrorActionPreference = 'Stop'
$known = '{id}'
function Id($d) { if ($d.Guid) { "$($d.Guid)" } else { "$($d.Signature)" } }
$disk = $null; $at = ''
if ($known) {
 $disk = Get-Disk | Where-Object { (Id $_) -eq $known } | Select-Object -First 1
} else {
 foreach ($v in Get-WmiObject Win32_Volume -Filter 'DriveType=3') {
  if (-not $v.DriveLetter) { continue }
  if ($v.Label -eq 'Temporary Storage' -or (Test-Path -LiteralPath (Join-Path $v.Name 'DATALOSS_WARNING_README.txt'))) {
   $at = $v.DriveLetter; $disk = Get-Partition -DriveLetter $at.Substring(0, 1) | Get-Disk; break
  }
 }
}
$off = @(Get-Disk | Where-Object { $_.IsOffline }).Count
if ($disk -and $disk.IsOffline) { "failback-temporary-disk/1 offline $(Id $disk)" }
elseif ($disk) { "failback-temporary-disk/1 online $(Id $disk) $at" }
elseif ($known -or $off) { "failback-temporary-disk/1 unknown" }
else { "failback-temporary-disk/1 none" }
"#;

const TAKE_POWERSHELL: &str = r#"# failback-temporary-disk/1 take {id}
$ErrorActionPreference = 'Stop'
function Id($d) { if ($d.Guid) { "$($d.Guid)" } else { "$($d.Signature)" } }
$disk = @(Get-Disk | Where-Object { (Id $_) -eq '{id}' })
if ($disk.Count -ne 1 -or $disk[0].IsBoot -or $disk[0].IsSystem) { throw 'it is not the temporary disk any more' }
Set-Disk -Number $disk[0].Number -IsOffline $true
"failback-temporary-disk/1 taken"
"#;

const FIND_SH: &str = r#"LC_ALL=C; export LC_ALL; PATH=$PATH:/usr/sbin:/sbin; export PATH
lent() {
 for l in /dev/disk/cloud/azure_resource /dev/disk/azure/resource; do [ -e "$l" ] && { readlink -f "$l"; return; }; done
 for v in /sys/bus/vmbus/devices/*; do
  case $(cat "$v/device_id" 2>/dev/null) in
   *00000000-0001-8899-*) set -- "$v"/host*/target*/*/block/*;;
   *f8b3781a-1e82-4818-a1c3-63d806ec15bb*) set -- "$v"/host*/target*/*:0:1/block/*;;
   *) continue;;
  esac
  [ -e "$1" ] && { echo "/dev/${1##*/}"; return; }
 done
}
d=$(lent)
mounts() { awk -v d="$d" '$1 ~ ("^" d "(p?[0-9]+)?$") {print $2}' /proc/mounts; }
swaps() {
 awk -v d="$d" 'NR > 1 && $1 ~ ("^" d "(p?[0-9]+)?$") {print $1}' /proc/swaps
 mounts | while read -r m; do awk -v m="$m/" 'NR > 1 && index($1, m) == 1 {print $1}' /proc/swaps; done
}
"#;

const LOOK_SH: &str = r#"if [ -z "$d" ]; then
 if grep -qs f8b3781a-1e82-4818-a1c3-63d806ec15bb /sys/bus/vmbus/devices/*/device_id; then echo "failback-temporary-disk/1 none"
 else echo "failback-temporary-disk/1 unknown"; fi
elif [ -n "$(mounts)$(swaps)" ]; then echo "failback-temporary-disk/1 online ${d#/dev/} $(mounts | head -n 1)"
else echo "failback-temporary-disk/1 offline ${d#/dev/}"; fi
"#;

const TAKE_SH: &str = r#"# failback-temporary-disk/1 take {id}
[ "$d" = "/dev/{id}" ] || { echo 'it is not the temporary disk any more' >&2; exit 1; }
swaps | while read -r s; do swapoff "$s" || exit 1; done || exit 1
mounts | sort -r | while read -r m; do umount "$m" || exit 1; done || exit 1
echo "failback-temporary-disk/1 taken"
"#;

impl Arm {
    /// How the temporary disk of a VM stands. `known` is its id, where it was seen online before.
    ///
    /// # Errors
    /// Why nothing could be looked at.
    pub async fn temporary_disk(
        &self,
        vm: &ArmId,
        os: GuestOs,
        known: Option<&str>,
    ) -> Result<TemporaryDisk, NotRun> {
        let (shell, script) = match os {
            GuestOs::Windows => {
                let known = known.filter(|id| is_plain(id)).unwrap_or_default();
                (Shell::PowerShell, LOOK_POWERSHELL.replace("{id}", known))
            }
            GuestOs::Linux => (Shell::Sh, format!("{FIND_SH}{LOOK_SH}")),
        };
        let printed = self.run_script(vm, shell, &script).await?;
        Ok(read(&printed.out).unwrap_or_else(|| {
            let complaint = match printed.err.is_empty() {
                true => String::new(),
                false => format!("; it complained: {}", printed.err),
            };
            let words = format!("the script printed nothing that it should have{complaint}");
            TemporaryDisk::Unknown(words.into())
        }))
    }
}

fn read(printed: &str) -> Option<TemporaryDisk> {
    let mut lines = printed.lines().rev();
    let line = lines.find_map(|line| line.trim().strip_prefix(MARK))?;
    let mut words = line.split_whitespace();
    let (state, id) = (words.next()?, words.next().unwrap_or_default());
    Some(match state {
        "none" => TemporaryDisk::None,
        "offline" => TemporaryDisk::Offline,
        "online" if is_plain(id) => TemporaryDisk::Online {
            id: id.into(),
            at: words.next().unwrap_or_default().into(),
        },
        "online" => TemporaryDisk::Unknown("it is online, and has no id to recognise it by".into()),
        "unknown" => TemporaryDisk::Unknown("none of the disks that are online is the temporary one, and another one is offline or hidden".into()),
        _ => return None,
    })
}

/// The call that takes it out of use.
pub(super) fn take(vm: &ArmId, os: GuestOs, disk: &Text) -> Call {
    // An id that is not plain makes a script that finds no disk.
    let id = match is_plain(disk.as_str()) {
        true => disk.as_str(),
        false => "none",
    };
    match os {
        GuestOs::Windows => {
            script_call(vm, Shell::PowerShell, &TAKE_POWERSHELL.replace("{id}", id))
        }
        GuestOs::Linux => script_call(
            vm,
            Shell::Sh,
            &format!("{FIND_SH}{TAKE_SH}").replace("{id}", id),
        ),
    }
}

/// Which disk a call takes out of use, if it is such a one: told by the call alone, as a journal keeps it.
#[must_use]
pub fn taken_disk(call: &Call) -> Option<Text> {
    let body: serde_json::Value = serde_json::from_str(call.body.as_deref()?).ok()?;
    let lines = body.get("script")?.as_array()?;
    let mut lines = lines.iter().filter_map(serde_json::Value::as_str);
    let id = lines.find_map(|line| line.strip_prefix("# failback-temporary-disk/1 take "))?;
    is_plain(id).then(|| id.into())
}

/// Whether it may stand in a script.
fn is_plain(id: &str) -> bool {
    let ok = |c: char| c.is_ascii_alphanumeric() || "{}-".contains(c);
    !id.is_empty() && id.len() <= MOST_ID && !id.starts_with('-') && id.chars().all(ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_script_prints_is_believed() {
        for (printed, wanted) in [
            (
                "failback-temporary-disk/1 none\r\n",
                Some(TemporaryDisk::None),
            ),
            (
                "x\nfailback-temporary-disk/1 offline 305419896\n",
                Some(TemporaryDisk::Offline),
            ),
            (
                "failback-temporary-disk/1 online sdb /mnt\n",
                Some(TemporaryDisk::Online {
                    id: "sdb".into(),
                    at: "/mnt".into(),
                }),
            ),
            ("", None),
            ("offline", None),
            ("failback-temporary-disk/1", None),
            ("failback-temporary-disk/1 gone", None),
        ] {
            assert_eq!(read(printed), wanted, "{printed:?}");
        }
        for hostile in ["online x'; D: ", "online $(reboot) /", "unknown"] {
            let said = read(&format!("{MARK} {hostile}"));
            assert!(matches!(said, Some(TemporaryDisk::Unknown(_))), "{hostile}");
        }
    }

    #[test]
    fn the_call_tells_which_disk_it_takes_and_nothing_else_does() {
        let vm = ArmId::parse("/subscriptions/s/virtualMachines/v").unwrap();
        for os in [GuestOs::Windows, GuestOs::Linux] {
            assert_eq!(
                taken_disk(&take(&vm, os, &"sdb".into())),
                Some("sdb".into())
            );
            let hostile = take(&vm, os, &"x'; Remove-Item C:\\".into());
            assert_eq!(taken_disk(&hostile), Some("none".into()));
            assert!(!hostile.body.unwrap().contains("Remove-Item"));
        }
        assert_eq!(taken_disk(&script_call(&vm, Shell::Sh, "ls\n")), None);
    }

    #[test]
    fn the_shell_scripts_are_ones() {
        for script in [format!("{FIND_SH}{LOOK_SH}"), format!("{FIND_SH}{TAKE_SH}")] {
            let ran = std::process::Command::new("sh")
                .args(["-n", "-c", &script])
                .status();
            assert!(ran.unwrap().success());
        }
        // A machine that Azure lends nothing to.
        let ran = std::process::Command::new("sh")
            .arg("-c")
            .arg(format!("{FIND_SH}{LOOK_SH}"))
            .output();
        let said = String::from_utf8(ran.unwrap().stdout).unwrap();
        assert!(read(&said).is_some(), "{said}");
    }
}
