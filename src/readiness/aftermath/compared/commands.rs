//! The commands that look and repair, filled with what was recorded. What comes from a machine stands in
//! quotes, and only where nothing in it could end them.

use super::super::table::{IN_LINUX, IN_WINDOWS};
use super::super::{Command, Does, Shell};
use super::keeper::{Keeper, network};
use crate::domain::Text;
use crate::domain::guest::{Lost, Mount, Route};

/// `alone`: an address without the gateway and the name servers, which its adapter has, or has been given.
pub(super) fn of(lost: &Lost, shell: Shell, keeper: Option<Keeper>, alone: bool) -> Vec<Command> {
    let lines = match shell {
        Shell::PowerShell => windows(lost, alone),
        Shell::Posix => linux(lost, keeper, alone),
    };
    let at = match shell {
        Shell::PowerShell => IN_WINDOWS,
        Shell::Posix => IN_LINUX,
    };
    let command = |(does, line)| Command {
        shell,
        at,
        does,
        line,
    };
    lines.into_iter().map(command).collect()
}

pub(super) type Lines = Vec<(Does, String)>;

pub(super) fn look(line: &str) -> (Does, String) {
    (Does::Look, line.into())
}

pub(super) fn repair(line: String) -> (Does, String) {
    (Does::Repair, line)
}

fn windows(lost: &Lost, alone: bool) -> Lines {
    let q = |text: &Text, otherwise| quoted(Shell::PowerShell, text.as_str(), otherwise);
    let net = || look("Get-NetIPConfiguration -Detailed");
    match lost {
        Lost::Name { .. } => vec![look("hostname")],
        Lost::Address(own) | Lost::Fixed(own) => {
            let (address, length) = split(&own.address, "ADDRESS");
            let adapter = q(&own.adapter, "ADAPTER");
            let mut lines = vec![net()];
            if matches!(lost, Lost::Fixed(_)) {
                lines.push(repair(format!("Set-NetIPInterface -InterfaceAlias {adapter} -AddressFamily IPv4 -Dhcp Disabled")));
            }
            let address = format!("New-NetIPAddress -InterfaceAlias {adapter} -IPAddress {address} -PrefixLength {length}");
            if alone {
                lines.push(repair(address));
                return lines;
            }
            // A second gateway is refused.
            lines.push(repair(format!(
                "{address} -DefaultGateway {}",
                plain(own.gateway.as_str(), "GATEWAY"),
            )));
            lines.push(repair(format!(
                "Set-DnsClientServerAddress -InterfaceAlias {adapter} -ServerAddresses {}",
                servers(&own.name_servers, ","),
            )));
            lines
        }
        Lost::Length(own, _) => {
            let (address, length) = split(&own.address, "ADDRESS");
            vec![
                net(),
                repair(format!(
                    "Set-NetIPAddress -InterfaceAlias {} -IPAddress {address} -PrefixLength {length}",
                    q(&own.adapter, "ADAPTER"),
                )),
            ]
        }
        Lost::NameServers { adapter, all, .. } => vec![
            look("Get-DnsClientServerAddress -AddressFamily IPv4"),
            repair(format!(
                "Set-DnsClientServerAddress -InterfaceAlias {} -ServerAddresses {}",
                q(adapter, "ADAPTER"),
                servers(all, ","),
            )),
        ],
        Lost::AzureNameServer { adapter } => vec![
            look("Get-DnsClientServerAddress -AddressFamily IPv4"),
            repair(format!(
                "Set-DnsClientServerAddress -InterfaceAlias {} -ServerAddresses NAME-SERVER",
                q(adapter, "ADAPTER")
            )),
        ],
        Lost::DefaultRoute { gateway, adapter, now } => {
            let mut lines = vec![
                look("Get-NetRoute -AddressFamily IPv4"),
                repair(route_of_windows("0.0.0.0/0", gateway, &q(adapter, "ADAPTER"))),
            ];
            if !now.is_empty() {
                lines.push(repair(format!(
                    "Remove-NetRoute -DestinationPrefix 0.0.0.0/0 -NextHop {}",
                    plain(now.as_str(), "NOW"),
                )));
            }
            lines
        }
        Lost::Route(Route { to, gateway, adapter, .. }) => vec![
            look("Get-NetRoute -AddressFamily IPv4"),
            repair(route_of_windows(&plain(to.as_str(), "NETWORK"), gateway, &q(adapter, "ADAPTER"))),
        ],
        Lost::Disk { .. } | Lost::DiskGone(_) => vec![look("Get-Disk | Sort-Object Number | Format-Table Number, FriendlyName, Size, OperationalStatus")],
        Lost::Offline { disk } => {
            let disk = plain(disk.as_str(), "NUMBER");
            vec![
                look("Get-Disk | Where-Object IsOffline | Format-List Number, FriendlyName, Size, OfflineReason"),
                repair(format!("Set-Disk -Number {disk} -IsOffline $false; Set-Disk -Number {disk} -IsReadOnly $false")),
            ]
        }
        Lost::Mount(_) => vec![look("Get-Volume | Format-Table DriveLetter, FileSystemLabel, Size, HealthStatus, Path")],
        Lost::Letter { was, now, .. } => vec![
            look("Get-Volume | Format-Table DriveLetter, FileSystemLabel, Size, Path"),
            repair(format!(
                "Get-Partition -DriveLetter {} | Set-Partition -NewDriveLetter {}",
                letter(now, "NOW"),
                letter(was, "WANTED"),
            )),
        ],
        Lost::Paging(_) => vec![
            look("Get-CimInstance Win32_PageFileUsage; Get-CimInstance Win32_ComputerSystem | Select-Object AutomaticManagedPagefile"),
            repair("Get-CimInstance Win32_ComputerSystem | Set-CimInstance -Property @{ AutomaticManagedPagefile = $true }".into()),
        ],
        Lost::Tools { installed } => {
            let mut lines = vec![look("Get-Service -Name VMTools | Format-List Status, StartType")];
            if *installed {
                lines.push(repair("Set-Service -Name VMTools -StartupType Automatic; Start-Service -Name VMTools".into()));
            }
            lines
        }
        Lost::Service { name, .. } => {
            let name = q(name, "SERVICE");
            vec![
                (Does::Look, format!("Get-Service -Name {name} | Format-List Status, StartType")),
                repair(format!("Set-Service -Name {name} -StartupType Automatic; Start-Service -Name {name}")),
            ]
        }
        Lost::Cpus { .. } | Lost::Memory { .. } => {
            vec![look("Get-CimInstance Win32_ComputerSystem | Format-List NumberOfLogicalProcessors, TotalPhysicalMemory")]
        }
        // Linux alone has them.
        Lost::Fstab(_) | Lost::FstabChanged { .. } | Lost::FstabOfAzure(_) | Lost::NetworkManager { .. } => Vec::new(),
    }
}

fn route_of_windows(to: &str, gateway: &Text, adapter: &str) -> String {
    let gateway = plain(gateway.as_str(), "GATEWAY");
    // Without a store it is set for now and for good.
    format!("New-NetRoute -DestinationPrefix {to} -InterfaceAlias {adapter} -NextHop {gateway}")
}

fn linux(lost: &Lost, keeper: Option<Keeper>, alone: bool) -> Lines {
    let q = |text: &Text, otherwise| quoted(Shell::Posix, text.as_str(), otherwise);
    match lost {
        Lost::Name { .. } => vec![look("hostname")],
        Lost::Address(_)
        | Lost::Fixed(_)
        | Lost::Length(..)
        | Lost::NameServers { .. }
        | Lost::DefaultRoute { .. }
        | Lost::Route(_) => network(lost, keeper, alone),
        Lost::AzureNameServer { .. } => vec![
            look("cat /etc/resolv.conf; resolvectl dns"),
            look(
                "grep -r 168.63.129.16 /etc/resolv.conf /etc/netplan /etc/NetworkManager /etc/sysconfig /etc/systemd",
            ),
        ],
        Lost::Disk { .. } | Lost::DiskGone(_) => vec![look(
            "lsblk -o NAME,SIZE,TYPE,PTUUID,FSTYPE,UUID,MOUNTPOINT",
        )],
        Lost::Offline { disk } => vec![
            look("lsblk -o NAME,SIZE,STATE,TYPE"),
            repair(format!(
                "echo running > /sys/block/{}/device/state",
                plain(disk.as_str(), "DISK")
            )),
        ],
        Lost::Mount(Mount { at, .. }) => {
            let at = q(at, "MOUNT-POINT");
            vec![
                look("findmnt --verify --verbose; lsblk -f"),
                repair(format!("mount {at}")),
            ]
        }
        // Windows alone has letters.
        Lost::Letter { .. } => Vec::new(),
        Lost::Fstab(_) | Lost::FstabChanged { .. } => vec![
            look("findmnt --verify --verbose; ls -lt /etc/fstab*"),
            repair("vi /etc/fstab && findmnt --verify && mount -a".into()),
        ],
        Lost::FstabOfAzure(line) => vec![
            look("findmnt --verify --verbose"),
            repair(format!(
                "cp -p /etc/fstab /etc/fstab.before && sed -i 's|^{}[[:space:]]|#&|' /etc/fstab",
                plain(line.source.as_str(), "SOURCE"),
            )),
        ],
        Lost::Paging(_) => vec![
            look("swapon --show; grep -i swap /etc/fstab"),
            look("grep -i ResourceDisk /etc/waagent.conf"),
        ],
        Lost::Tools { installed } => {
            let mut lines = vec![look(
                "systemctl is-active vmtoolsd || systemctl is-active open-vm-tools",
            )];
            if !installed {
                lines.push(repair(installs("open-vm-tools", "open-vm-tools")));
            }
            lines.push(repair(
                "systemctl enable --now vmtoolsd || systemctl enable --now open-vm-tools".into(),
            ));
            lines
        }
        Lost::NetworkManager { installed } => {
            let mut lines = vec![look("rpm -q NetworkManager || dpkg -s network-manager")];
            if !installed {
                lines.push(repair(installs("NetworkManager", "network-manager")));
            }
            lines.push(repair("systemctl enable --now NetworkManager".into()));
            lines
        }
        Lost::Service { name, .. } => {
            let name = q(name, "SERVICE");
            vec![
                (
                    Does::Look,
                    format!(
                        "systemctl status --no-pager -- {name}; journalctl -b --no-pager -n 30 -u {name}"
                    ),
                ),
                repair(format!("systemctl enable --now -- {name}")),
            ]
        }
        Lost::Cpus { .. } | Lost::Memory { .. } => vec![look("nproc; free -m")],
    }
}

fn installs(rpm: &str, deb: &str) -> String {
    format!(
        "dnf install {rpm} || yum install {rpm} || zypper install {rpm} || apt-get install {deb}"
    )
}

/// Address and length, each plain or a word in capitals.
pub(super) fn split(address: &Text, otherwise: &str) -> (String, String) {
    let (address, length) = match address.as_str().split_once('/') {
        Some((address, length)) => (address, length),
        None => (address.as_str(), ""),
    };
    (plain(address, otherwise), plain(length, "LENGTH"))
}

fn servers(all: &[Text], between: &str) -> String {
    let known: Vec<String> = all
        .iter()
        .map(|s| plain(s.as_str(), "NAME-SERVER"))
        .collect();
    match known.is_empty() {
        true => "NAME-SERVER".into(),
        false => known.join(between),
    }
}

fn letter(at: &Text, otherwise: &str) -> String {
    let bare = at.as_str().trim_end_matches(['\\', ':']);
    match bare.len() == 1 && bare.chars().all(|c| c.is_ascii_alphabetic()) {
        true => bare.into(),
        false => otherwise.into(),
    }
}

/// What needs no quotes, or a word that stands for it.
pub(super) fn plain(text: &str, otherwise: &str) -> String {
    let ok = |c: char| c.is_ascii_alphanumeric() || "._-/:=".contains(c);
    match !text.is_empty() && !text.starts_with('-') && text.chars().all(ok) {
        true => text.into(),
        false => otherwise.into(),
    }
}

/// `text` in single quotes, where a shell finds nothing in it that ends them, or a word that stands for
/// it. PowerShell also takes typographic quotes for quotes: letters of other alphabets alone are let in.
pub(super) fn quoted(shell: Shell, text: &str, otherwise: &str) -> String {
    let extra = match shell {
        Shell::PowerShell => " ._-/:=()#+,@\\",
        Shell::Posix => " ._-/:=()#+,@",
    };
    let ok = |c: char| c.is_alphanumeric() || extra.contains(c);
    match !text.is_empty() && !text.starts_with('-') && text.chars().all(ok) {
        true => format!("'{text}'"),
        false => format!("'{otherwise}'"),
    }
}
