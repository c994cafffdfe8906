//! The two scripts. Where all of it together would be more than Azure keeps of an output, both leave out
//! services, routes, fstab, mounts and disks, in this order, until it fits, and say so.

/// For `sh`, of any Linux that an agent runs on. How the temporary disk is found: the links that Azure's
/// rules for udev make, or the place on the bus of Azure's host (IDE port 1, or number 1 of the first
/// SCSI controller), which needs no rules. A part of more lines than it may have is left out whole, and
/// said to be: a list that was cut is no list to compare with.
pub const SH: &str = r##"LC_ALL=C; export LC_ALL; PATH=$PATH:/usr/sbin:/sbin; export PATH
have() { command -v "$1" >/dev/null 2>&1; }
for t in awk base64 cat cut grep gzip head sed tr wc; do have $t || { echo "failback-guest/1 missing $t"; exit 0; }; done
say() { k=$1; shift; printf '%s' "$k"; for f do printf '\t%s' "$(printf '%s' "$f" | tr '\t\r\n' '   ' | cut -c1-200)"; done; echo; }
few() { awk -v p="$1" -v n="$2" 'NR > n {more = 1; exit} {b[NR] = $0} END {if (!more) for (i = 1; i <= NR; i++) print b[i]; print (more ? "left" : "done") "\t" p}'; }
active() { for u do systemctl is-active "$u" 2>/dev/null | grep -qx active && { echo yes; return; }; done; echo no; }
lease() {
 if have nmcli; then
  c=$(nmcli -g GENERAL.CONNECTION device show "$1" 2>/dev/null | head -n 1)
  if [ -n "$c" ] && [ "$c" != -- ]; then
   case $(nmcli -g ipv4.method connection show "$c" 2>/dev/null) in auto) echo dhcp; return;; manual) echo fixed; return;; esac
  fi
 fi
 ip -4 route show dev "$1" 2>/dev/null | grep -q 'proto dhcp' && { echo dhcp; return; }
 ip -4 -o addr show dev "$1" 2>/dev/null | grep -q ' dynamic ' && { echo dhcp; return; }
 [ -e "/run/systemd/netif/leases/$(cat "/sys/class/net/$1/ifindex" 2>/dev/null)" ] && { echo dhcp; return; }
 grep -Eqs "^[[:space:]]*iface[[:space:]]+$1[[:space:]]+inet[[:space:]]+static" /etc/network/interfaces /etc/network/interfaces.d/* && { echo fixed; return; }
 grep -Eqs "^[[:space:]]*iface[[:space:]]+$1[[:space:]]+inet[[:space:]]+dhcp" /etc/network/interfaces /etc/network/interfaces.d/* && { echo dhcp; return; }
 for f in "/etc/sysconfig/network-scripts/ifcfg-$1" "/etc/sysconfig/network/ifcfg-$1"; do
  case $(sed -n "s/^BOOTPROTO=//p" "$f" 2>/dev/null | tr -d "\"'" | tr A-Z a-z | head -n 1) in dhcp*) echo dhcp; return;; none|static) echo fixed; return;; esac
 done
 ip -4 route show dev "$1" 2>/dev/null | grep -q 'proto static' && { echo fixed; return; }
 echo unknown
}
lent() {
 for l in /dev/disk/cloud/azure_resource /dev/disk/azure/resource; do [ -e "$l" ] && { readlink -f "$l"; return; }; done
 for v in /sys/bus/vmbus/devices/*; do
  case $(cat "$v/device_id" 2>/dev/null) in
   *00000000-0001-8899-*) set -- "$v"/host*/target*/*/block/sd*;;
   *f8b3781a-1e82-4818-a1c3-63d806ec15bb*) set -- "$v"/host*/target*/*:0:1/block/sd*;;
   *) continue;;
  esac
  [ -e "$1" ] && { echo "/dev/${1##*/}"; return; }
 done
}
system() {
 say host "$(hostname 2>/dev/null || cat /proc/sys/kernel/hostname)"
 say system linux "$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"')" "$(uname -r)"
 say cpus "$(getconf _NPROCESSORS_ONLN 2>/dev/null)"
 say memory "$(awk '/^MemTotal:/ {printf "%.0f", $2 * 1024}' /proc/meminfo 2>/dev/null)"
}
network() {
 if have ip; then
  for d in /sys/class/net/*; do
   n=${d##*/}
   a=$(ip -o addr show dev "$n" scope global 2>/dev/null | awk '{print $4}')
   [ "$n" != lo ] && { [ -e "$d/device" ] || [ -n "$a" ]; } || continue
   [ -e "$d/master" ] && [ -z "$a" ] && continue
   say adapter "$n" "$(cat "$d/address" 2>/dev/null)" "$(lease "$n")" $a
  done | few adapters 40
  ip -4 route show 2>/dev/null | grep -v -e 'proto kernel' -e 'scope link' | awk '{g="";d="";f="yes";
   for(i=2;i<=NF;i++){if($i=="via")g=$(i+1);if($i=="dev")d=$(i+1);if($i=="proto"&&($(i+1)=="dhcp"||$(i+1)=="ra"))f="no"}
   print "route\t" $1 "\t" g "\t" d "\t" f}' | few routes 60
 fi
 r=/etc/resolv.conf
 grep -q '^nameserver 127.0.0.53' $r 2>/dev/null && [ -r /run/systemd/resolve/resolv.conf ] && r=/run/systemd/resolve/resolv.conf
 [ -r $r ] && { awk '/^nameserver/ {print "server\t\t" $2}' $r | few servers 10; }
 k=; ls /etc/netplan/*.yaml >/dev/null 2>&1 && k=netplan
 [ -z "$k" ] && [ "$(active NetworkManager)" = yes ] && k=NetworkManager
 [ -z "$k" ] && [ "$(active wicked wickedd)" = yes ] && k=wicked
 [ -z "$k" ] && [ "$(active systemd-networkd)" = yes ] && k=systemd-networkd
 [ -z "$k" ] && grep -qs '^[[:space:]]*iface' /etc/network/interfaces && k=ifupdown
 [ -z "$k" ] && have ifup && ls /etc/sysconfig/network-scripts/ifcfg-* >/dev/null 2>&1 && k=ifcfg
 say keeper "$k"
 i=no; { have NetworkManager || have nmcli; } && i=yes
 say networkmanager $i "$(active NetworkManager)"
}
storage() {
 l=$(lent)
 if have lsblk; then
  lsblk -dnb -o NAME,SIZE,TYPE 2>/dev/null | awk '$3=="disk" && $1 !~ /^(loop|ram|zram|fd|sr|nbd)/ {print $1, $2}' | while read -r n s; do
   case $(cat "/sys/block/$n/device/state" 2>/dev/null) in running|live) o=yes;; offline) o=no;; *) o=;; esac
   say disk "$n" "$s" "$(blkid -s PTUUID -o value "/dev/$n" 2>/dev/null)" "$o"
  done | few disks 70
 fi
 awk '($1 ~ /^\/dev\// && $1 !~ /^\/dev\/(loop|sr)/) || $3 ~ /^(nfs|nfs4|cifs|smb3|zfs|ceph|glusterfs|fuse\.glusterfs)$/ {print $1, $2, $3}' /proc/mounts 2>/dev/null | while read -r s p t; do
  u=; case $s in /dev/*) u=$(blkid -s UUID -o value "$s" 2>/dev/null);; esac
  say mount "$p" "$(printf '%s' "$s" | sed -e 's/.*@/...@/' -e 's/[?].*/?.../')" "$t" "$u"
 done | few mounts 70
 if [ -r /etc/fstab ]; then
  awk '!/^[ \t]*(#|$)/ { n = split($4, o, ","); k = ""
   for (i = 1; i <= n; i++) {
    x = "..."
    if (o[i] ~ /^(defaults|auto|noauto|rw|ro|nofail|_netdev|user|users|nouser|noexec|exec|suid|nosuid|dev|nodev|sync|async|noatime|relatime|nodiratime|discard|acl|user_xattr|bind|rbind|sw|swap|hard|soft|intr|usrquota|grpquota|prjquota|x-systemd.automount|x-systemd.growfs)$/) x = o[i]
    if (o[i] ~ /^(pri|size|mode|uid|gid|umask|fmask|dmask|errors|data|commit|subvol|subvolid|compress|vers|nfsvers|proto|rsize|wsize|timeo|retrans|sec|x-systemd.requires|x-systemd.device-timeout|x-systemd.mount-timeout|x-systemd.after)=/) x = o[i]
    if (o[i] == "comment=cloudconfig") x = o[i]
    k = k (i > 1 ? "," : "") x
   }
   s = $1; sub(/.*@/, "...@", s); sub(/[?].*/, "?...", s)
   if (s ~ /=/ && s !~ /^(UUID|LABEL|PARTUUID|PARTLABEL|ID)=/) s = "..."
   print "fstab\t" s "\t" $2 "\t" $3 "\t" k }' /etc/fstab | few fstab 60
 fi
 [ -r /proc/swaps ] && awk 'NR > 1 {print "paging\t" $1}' /proc/swaps | few paging 10
 if [ -n "$l" ]; then
  p=$(awk -v d="$l" '$1 ~ ("^" d "[0-9]*$") {print $2; exit}' /proc/mounts 2>/dev/null)
  case $(cat "/sys/block/${l#/dev/}/device/state" 2>/dev/null) in running|live) o=yes;; offline) o=no;; *) o=;; esac
  say temporary "$l" "$p" "$o"
  say done temporary
 elif [ ! -d /sys/bus/vmbus/devices ] || [ -z "$(ls -A /sys/bus/vmbus/devices 2>/dev/null)" ]; then
  say done temporary
 elif grep -qs -e f8b3781a-1e82-4818-a1c3-63d806ec15bb -e 00000000-0000-8899- /sys/bus/vmbus/devices/*/device_id; then
  say done temporary
 else
  say left temporary
 fi
}
others() {
 i=no; { have vmtoolsd || have vmware-toolbox-cmd; } && i=yes
 say tools $i "$(active vmtoolsd open-vm-tools vmware-tools)"
 if have systemctl; then
  on=$(systemctl list-units --type=service --state=running --no-legend --no-pager --plain 2>/dev/null | awk '{print $1}')
  systemctl list-unit-files --type=service --state=enabled --no-legend --no-pager 2>/dev/null | awk '{print $1}' | grep -v '@\.service$' | while read -r s; do
   r=no; printf '%s\n' "$on" | grep -qxF "$s" && r=yes
   printf 'service\t%s\tautomatic\t%s\n' "$s" $r
  done | few services 200
 fi
}
pack() { gzip -9c | base64; }
all=$(system; network; storage; others)
z=$(printf '%s\n' "$all" | pack)
for p in service:services route:routes fstab:fstab mount:mounts disk:disks; do
 [ ${#z} -gt 3850 ] || break
 all=$(printf '%s\n' "$all" | grep -v -e "^${p%:*}	" -e "^done	${p#*:}$"; say left "${p#*:}")
 z=$(printf '%s\n' "$all" | pack)
done
echo "failback-guest/1 begin $(printf '%s\n' "$all" | wc -c | tr -d ' ')"
printf '%s\n' "$z"
echo "failback-guest/1 end"
"##;

/// For Windows PowerShell, also the old ones: WMI instead of cmdlets that they do not have.
pub const POWERSHELL: &str = r#"$ErrorActionPreference = 'Stop'
$lines = New-Object System.Collections.ArrayList
function Say {
 $fields = foreach ($f in $args) { $t = ("$f" -replace '[\t\r\n]', ' '); if ($t.Length -gt 200) { $t.Substring(0, 200) } else { $t } }
 [void]$lines.Add(($fields -join "`t"))
}
function Part([string]$name, [scriptblock]$body) { try { & $body; Say 'done' $name } catch { Say 'left' $name } }
function YesNo($b) { if ($b) { 'yes' } else { 'no' } }
function Bits([string]$mask) {
 if ($mask -notmatch '\.') { return $mask }
 $n = 0; foreach ($o in $mask.Split('.')) { $b = [int]$o; while ($b) { $n += $b -band 1; $b = $b -shr 1 } }; $n
}
Say 'host' $env:COMPUTERNAME
$os = $null; try { $os = Get-WmiObject Win32_OperatingSystem } catch { }
Say 'system' 'windows' $os.Caption $os.Version
Part 'size' { $c = Get-WmiObject Win32_ComputerSystem; Say 'cpus' $c.NumberOfLogicalProcessors; Say 'memory' $c.TotalPhysicalMemory }
$names = @{}
Part 'adapters' {
 foreach ($a in Get-WmiObject Win32_NetworkAdapter) { $names[[int]$a.Index] = $a.NetConnectionID }
 foreach ($c in Get-WmiObject Win32_NetworkAdapterConfiguration -Filter 'IPEnabled=TRUE') {
  $how = if ($c.DHCPEnabled) { 'dhcp' } else { 'fixed' }
  $ips = @(); for ($i = 0; $i -lt @($c.IPAddress).Count; $i++) { $ips += "$(@($c.IPAddress)[$i])/$(Bits @($c.IPSubnet)[$i])" }
  $all = @('adapter', $names[[int]$c.Index], $c.MACAddress, $how) + $ips
  Say @all
 }
}
Part 'servers' {
 foreach ($c in Get-WmiObject Win32_NetworkAdapterConfiguration -Filter 'IPEnabled=TRUE') {
  foreach ($s in $c.DNSServerSearchOrder) { if ($s) { Say 'server' $names[[int]$c.Index] $s } }
 }
}
Part 'routes' {
 $by = @{}
 foreach ($a in Get-WmiObject Win32_NetworkAdapter) { if ($a.InterfaceIndex) { $by[[int]$a.InterfaceIndex] = $a.NetConnectionID } }
 foreach ($r in Get-WmiObject Win32_IP4RouteTable -Filter "Destination='0.0.0.0'") { Say 'route' 'default' $r.NextHop $by[[int]$r.InterfaceIndex] 'no' }
 foreach ($r in Get-WmiObject Win32_IP4PersistedRouteTable) { if ($r.Destination -ne '0.0.0.0') { Say 'route' "$($r.Destination)/$(Bits $r.Mask)" $r.NextHop '' 'yes' } }
}
Part 'disks' {
 if (Get-Command Get-Disk -ErrorAction SilentlyContinue) {
  foreach ($d in Get-Disk) { $id = if ($d.Guid) { $d.Guid } else { $d.Signature }; Say 'disk' $d.Number $d.Size $id (YesNo (-not $d.IsOffline)) }
 } else {
  foreach ($d in Get-WmiObject Win32_DiskDrive) { Say 'disk' $d.Index $d.Size $d.Signature '' }
 }
}
$lent = @()
Part 'mounts' {
 foreach ($v in Get-WmiObject Win32_Volume -Filter 'DriveType=3') {
  $at = if ($v.DriveLetter) { $v.DriveLetter } else { $v.Name }
  if (-not $at -or $at.StartsWith('\\?\')) { continue }
  Say 'mount' $at $v.DeviceID $v.FileSystem ('{0:x8}' -f $v.SerialNumber)
  $warning = Join-Path $v.Name 'DATALOSS_WARNING_README.txt'
  if ($v.Label -eq 'Temporary Storage' -or (Test-Path -LiteralPath $warning)) { $script:lent += $at }
 }
}
Part 'temporary' {
 foreach ($at in $lent) {
  $n = ''; if (Get-Command Get-Partition -ErrorAction SilentlyContinue) { $n = (Get-Partition -DriveLetter $at.Substring(0, 1)).DiskNumber }
  Say 'temporary' $n $at 'yes'
 }
 if (-not $lent -and (Get-Command Get-Disk -ErrorAction SilentlyContinue) -and @(Get-Disk | Where-Object { $_.IsOffline }).Count) { throw 'offline' }
}
Part 'paging' { foreach ($p in Get-WmiObject Win32_PageFileUsage) { Say 'paging' $p.Name } }
$t = Get-Service -Name VMTools -ErrorAction SilentlyContinue
Say 'tools' (YesNo $t) (YesNo ($t -and $t.Status -eq 'Running'))
Part 'services' { foreach ($s in Get-WmiObject Win32_Service -Filter "StartMode='Auto'") { Say 'service' $s.Name 'automatic' (YesNo ($s.State -eq 'Running')) } }
function Pack($text) {
 $bytes = [Text.Encoding]::UTF8.GetBytes($text)
 $out = New-Object IO.MemoryStream
 $zip = New-Object IO.Compression.GZipStream($out, [IO.Compression.CompressionMode]::Compress)
 $zip.Write($bytes, 0, $bytes.Length); $zip.Close()
 $bytes.Length; [Convert]::ToBase64String($out.ToArray())
}
$size, $z = Pack ($lines -join "`n")
foreach ($p in 'service', 'route', 'mount', 'disk') {
 if ($z.Length -le 3850) { break }
 $lines = @($lines | Where-Object { $_ -notmatch ('^({0}\t|done\t{0}s$)' -f $p) }) + "left`t${p}s"
 $size, $z = Pack ($lines -join "`n")
}
Write-Output "failback-guest/1 begin $size"
Write-Output $z
Write-Output 'failback-guest/1 end'
"#;
