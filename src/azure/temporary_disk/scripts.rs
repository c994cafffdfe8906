//! The scripts. Each tells the state in one line; the one that takes the disk out of use tells it once
//! more itself, in the same moment, and does nothing unless it is still the state in which it may.
//!
//! A disk counts as the one that Azure lends only where it sits at the place on the bus where Azure puts
//! it - the second IDE channel, or number 1 of the system disk's own SCSI controller - and is one of
//! Azure's virtual disks. Site Recovery's own agent tells it apart by the same place.

/// What comes before [`LOOK_POWERSHELL`] and [`TAKE_POWERSHELL`]. Cmdlets of Windows Server 2012 and later.
///
/// Name and warning file alone prove nothing: a temporary disk that was once copied home came back to
/// Azure as a data disk that bears both.
pub(super) const STATE_POWERSHELL: &str = r#"$ErrorActionPreference = 'Stop'
$known = '{id}'
function Id($d) { if ($d.Guid) { "$($d.Guid)" } else { "$($d.Signature)" } }
function Plain($t) { $t = "$t" -replace '[^A-Za-z0-9/\\:._-]', '?'; if ($t.Length -gt 80) { $t = $t.Substring(0, 80) }; $t }
function State {
 $drives = @{}
 foreach ($w in Get-WmiObject Win32_DiskDrive) { $drives[[int]$w.Index] = $w }
 $all = @(Get-Disk)
 $system = @($all | Where-Object { $_.IsBoot -or $_.IsSystem })
 if (-not $system.Count) { return 'kept place' }
 $placed = @()
 foreach ($d in $all) {
  $w = $drives[[int]$d.Number]
  if ($d.IsBoot -or $d.IsSystem -or -not $w) { continue }
  if ($w.InterfaceType -eq 'IDE') { $placed += $d; continue }
  foreach ($s in $system) {
   $o = $drives[[int]$s.Number]
   if ($o -and $o.InterfaceType -ne 'IDE' -and $o.SCSIPort -eq $w.SCSIPort -and $o.SCSIBus -eq $w.SCSIBus -and $w.SCSILogicalUnit -eq 1) { $placed += $d; break }
  }
 }
 $marked = 0
 foreach ($v in Get-WmiObject Win32_Volume -Filter 'DriveType=3') {
  if ($v.Label -eq 'Temporary Storage') { $marked++ }
  elseif ($v.DriveLetter -and (Test-Path -LiteralPath "$($v.DriveLetter)\DATALOSS_WARNING_README.txt")) { $marked++ }
 }
 if ($placed.Count -gt 1) { return 'kept several' }
 if ($placed.Count -eq 0) {
  if ($known) { return 'kept other' }
  foreach ($w in $drives.Values) { if ("$($w.Model)" -match 'NVMe Direct Disk') { return 'kept nvme' } }
  if ($marked) { return 'kept place' }
  return 'none'
 }
 $d = $placed[0]; $id = Id $d
 if (-not $id -or $id -eq '0') { return 'kept id' }
 if ("$($drives[[int]$d.Number].Model)" -notmatch '^(Virtual HD|Msft Virtual Disk|Microsoft Virtual Disk)') { return "kept model $id" }
 if ($known -and $id -ne $known) { return "kept other $id" }
 if ($d.IsOffline) { return "offline $id" }
 if ($d.IsClustered) { return "kept held $id cluster" }
 $parts = @(Get-Partition -DiskNumber $d.Number -ErrorAction SilentlyContinue)
 $lettered = @($parts | Where-Object { $_.DriveLetter })
 if ($lettered.Count -ne 1) { return "kept volumes $id" }
 foreach ($p in $parts) {
  foreach ($a in $p.AccessPaths) { if ($a -and $a -notmatch '^[A-Z]:\\$' -and $a -notlike '\\?\*') { return "kept mounted $id $(Plain $a)" } }
 }
 $at = "$($lettered[0].DriveLetter):"
 foreach ($f in Get-WmiObject Win32_PageFileUsage) { if ("$($f.Name)" -like "$at*") { return "kept paging $id $(Plain $f.Name)" } }
 $volume = Get-WmiObject Win32_Volume -Filter "DriveLetter='$at'"
 if ($volume.Label -ne 'Temporary Storage' -or -not (Test-Path -LiteralPath "$at\DATALOSS_WARNING_README.txt")) { return "kept marks $id $at" }
 $usual = 'DATALOSS_WARNING_README.txt', 'System Volume Information', '$RECYCLE.BIN', 'CollectGuestLogsTemp', 'pagefile.sys'
 foreach ($e in Get-ChildItem -LiteralPath "$at\" -Force) { if ($usual -notcontains $e.Name) { return "kept holds $id $(Plain $e.Name)" } }
 "online $id $at"
}
"#;

pub(super) const LOOK_POWERSHELL: &str = r#""failback-temporary-disk/1 $(State)"
"#;

pub(super) const TAKE_POWERSHELL: &str = r#"# failback-temporary-disk/1 take {id}
$state = "$(State)"
if ($state -like "online $known ?:") {
 $disk = @(Get-Disk | Where-Object { (Id $_) -eq $known })
 if ($disk.Count -ne 1 -or $disk[0].IsBoot -or $disk[0].IsSystem) { throw 'nothing was done: two disks bear its id' }
 Set-Disk -Number $disk[0].Number -IsOffline $true
} elseif ($state -ne "offline $known") { throw "nothing was done: $state" }
"failback-temporary-disk/1 taken"
"#;

/// What comes before [`LOOK_SH`] and [`TAKE_SH`], for any `sh`. `R` stands before every path that is looked at.
pub(super) const STATE_SH: &str = r#"LC_ALL=C; export LC_ALL; PATH=$PATH:/usr/sbin:/sbin; export PATH
R=''
placed() {
 for v in "$R"/sys/bus/vmbus/devices/*; do
  case $(cat "$v/device_id" 2>/dev/null) in
   *00000000-0001-8899-*) set -- "$v"/host*/target*/*/block/sd*;;
   *f8b3781a-1e82-4818-a1c3-63d806ec15bb*) set -- "$v"/host*/target*/*:0:1/block/sd*;;
   *) continue;;
  esac
  for b do [ -e "$b" ] && echo "${b##*/}"; done
 done | sort -u
}
plain() { printf '%s' "$1" | tr -c 'A-Za-z0-9/._-' '?' | cut -c1-80; }
numbers() { cat "$R/sys/block/$d/dev" "$R/sys/block/$d/$d"[0-9]*/dev 2>/dev/null; }
mounts() {
 awk -v d="$d" -v n="$(numbers | tr '\n' ' ')" 'BEGIN { split(n, a, " "); for (i in a) own[a[i]] = 1 }
  { s = ""; for (i = 7; i < NF; i++) if ($i == "-") { s = $(i + 2); break }
    if ($3 in own || s ~ ("^/dev/" d "[0-9]*$")) print $5 }' | sort -u
}
here() { cat "$R/proc/self/mountinfo" 2>/dev/null | mounts; }
every() { cat "$R/proc/self/mountinfo" "$R"/proc/[0-9]*/mountinfo 2>/dev/null | mounts; }
swaps() {
 awk 'NR > 1 {print $1}' "$R/proc/swaps" | while read -r s; do
  case $s in "/dev/$d"|"/dev/$d"[0-9]*) echo "$s"; continue;; esac
  here | while read -r m; do case $s in "$m"/*) echo "$s";; esac; done
 done
}
expected() {
 case $1 in /mnt|/mnt/resource) return 0;; /|/boot|/boot/*|/usr|/usr/*|/var|/etc|/home|/opt|/srv|/root) return 1;; esac
 [ "$1" = "$(sed -n 's/^ResourceDisk.MountPoint=//p' "$R/etc/waagent.conf" 2>/dev/null | head -n 1)" ]
}
strange() {
 ls -A "$R$1" >/dev/null 2>&1 || { echo unreadable; return; }
 ls -A "$R$1" | grep -vxF -e lost+found -e DATALOSS_WARNING_README.txt -e swapfile -e 'System Volume Information' -e '$RECYCLE.BIN' | head -n 1
}
state() {
 for t in awk cat cut grep head ls readlink sed sort tr umount; do
  command -v "$t" >/dev/null 2>&1 || { echo "kept tools - $t"; return; }
 done
 for n in "$R"/sys/block/nvme*; do
  case $(cat "$n/device/model" 2>/dev/null) in *'NVMe Direct Disk'*) echo "kept nvme"; return;; esac
 done
 all=$(placed)
 case $(printf '%s\n' "$all" | grep -c .) in
  0) if grep -qs -e f8b3781a-1e82-4818-a1c3-63d806ec15bb -e 00000000-0000-8899- "$R"/sys/bus/vmbus/devices/*/device_id; then echo none; else echo "kept place"; fi; return;;
  1) d=$all;;
  *) echo "kept several"; return;;
 esac
 b="$R/sys/block/$d"
 case $(cat "$b/device/vendor" "$b/device/model" 2>/dev/null | tr -d ' \n') in MsftVirtualDisk) ;; *) echo "kept model $d"; return;; esac
 for l in "$R/dev/disk/cloud/azure_resource" "$R/dev/disk/azure/resource"; do
  [ -e "$l" ] || continue
  t=$(readlink -f "$l"); [ "${t##*/}" = "$d" ] || { echo "kept link $d"; return; }
 done
 [ -r "$R/proc/self/mountinfo" ] && [ -r "$R/proc/swaps" ] && [ -n "$(numbers)" ] || { echo "kept unread $d"; return; }
 s=$(swaps | head -n 1)
 [ -z "$s" ] || { echo "kept paging $d $(plain "$s")"; return; }
 for h in "$b"/holders/* "$b/$d"[0-9]*/holders/*; do
  [ -e "$h" ] && { echo "kept held $d $(plain "${h##*/}")"; return; }
 done
 m=$(every | while read -r m; do expected "$m" || { echo "$m"; break; }; done)
 [ -z "$m" ] || { echo "kept mounted $d $(plain "$m")"; return; }
 m=$(here | while read -r m; do strange "$m"; done | head -n 1)
 [ -z "$m" ] || { echo "kept holds $d $(plain "$m")"; return; }
 m=$(here | head -n 1)
 if [ -n "$m" ]; then echo "online $d $m"
 elif [ -n "$(every)" ]; then echo "kept mounted $d $(plain "$(every | head -n 1)")"
 else echo "offline $d"; fi
}
"#;

pub(super) const LOOK_SH: &str = r#"echo "failback-temporary-disk/1 $(state)"
"#;

pub(super) const TAKE_SH: &str = r#"# failback-temporary-disk/1 take {id}
found=$(state)
case $found in
 "offline {id}") ;;
 "online {id} "*) d={id}; here | sort -r | while read -r m; do umount "$m" || exit 1; done || exit 1;;
 *) echo "nothing was done: $found" >&2; exit 1;;
esac
echo "failback-temporary-disk/1 taken"
"#;
