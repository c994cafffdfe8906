//! Inside a machine that came home: addresses, tools, disks.

use super::super::Does::{Look, Repair};
use super::super::Family::{Linux, Windows};
use super::super::Left::Home;
use super::super::Shell::{Posix, PowerShell};
use super::{HERE, IN_LINUX, IN_WINDOWS, Line, Row, address, nothing, system};
use crate::domain::Generation::{Classic, Modernised};

pub const ROWS: &[Row] = &[
    Row {
        code: "RECORD",
        title: "It is as it was before",
        sources: &["001", "002"],
        left: &[Home],
        generations: &[Classic, Modernised],
        family: None,
        elsewhere: false,
        known: system,
        look: "Where it was recorded before it was protected (failback guest record), compare: what it \
               lost is listed then, with the commands that set it right.",
        commands: &[
            (Posix, HERE, Look, "failback guest show {name}"),
            (
                Posix,
                HERE,
                Look,
                "failback guest compare {name} --ssh ADDRESS",
            ),
        ],
    },
    Row {
        code: "POST-03",
        title: "Windows has its fixed address again",
        sources: &["002"],
        left: &[Home],
        generations: &[Classic],
        family: Some(Windows),
        elsewhere: false,
        known: address,
        look: "Windows gets its fixed address back by itself: compare address, gateway and name \
               servers with what the machine had before.",
        commands: WINDOWS_ADDRESS,
    },
    Row {
        code: "POST-04",
        title: "VMware Tools run again",
        sources: &["001"],
        left: &[Home],
        generations: &[Classic, Modernised],
        family: Some(Windows),
        elsewhere: false,
        known: system,
        look: "They were disabled in Azure and are enabled on the way home: see that the service runs \
               and starts by itself.",
        commands: &[
            (
                PowerShell,
                IN_WINDOWS,
                Look,
                "Get-Service -Name VMTools | Format-List Status, StartType",
            ),
            (
                PowerShell,
                IN_WINDOWS,
                Repair,
                "Set-Service -Name VMTools -StartupType Automatic; Start-Service -Name VMTools",
            ),
        ],
    },
    Row {
        code: "POST-01",
        title: "NetworkManager is there",
        sources: &["002"],
        left: &[Home],
        generations: &[Classic, Modernised],
        family: Some(Linux),
        elsewhere: false,
        known: system,
        look: "The failover to Azure removed the package, and the way home does not bring it back: \
               install it where the machine needs it.",
        commands: &[
            (
                Posix,
                IN_LINUX,
                Look,
                "rpm -q NetworkManager || dpkg -s network-manager",
            ),
            (
                Posix,
                IN_LINUX,
                Repair,
                "dnf install NetworkManager || yum install NetworkManager || zypper install NetworkManager || apt-get install network-manager",
            ),
            (
                Posix,
                IN_LINUX,
                Repair,
                "systemctl enable --now NetworkManager",
            ),
        ],
    },
    Row {
        code: "POST-02",
        title: "Linux has its fixed address again",
        sources: &["002"],
        left: &[Home],
        generations: &[Classic],
        family: Some(Linux),
        elsewhere: false,
        known: address,
        look: "A Linux machine with a fixed address comes home with DHCP: set the address that it had \
               before. Without NetworkManager it is set in the distribution's own files.",
        commands: LINUX_ADDRESS,
    },
    Row {
        code: "POST-05",
        title: "VMware Tools are installed and run",
        sources: &["001", "STALE-5"],
        left: &[Home],
        generations: &[Classic, Modernised],
        family: Some(Linux),
        elsewhere: false,
        known: system,
        look: "They were uninstalled on the way to Azure. That they come back is said by one document \
               and not by later ones: see that they run, or install open-vm-tools.",
        commands: &[
            (
                Posix,
                IN_LINUX,
                Look,
                "systemctl is-active vmtoolsd || systemctl is-active open-vm-tools",
            ),
            (
                Posix,
                IN_LINUX,
                Repair,
                "dnf install open-vm-tools || yum install open-vm-tools || zypper install open-vm-tools || apt-get install open-vm-tools",
            ),
            (
                Posix,
                IN_LINUX,
                Repair,
                "systemctl enable --now vmtoolsd || systemctl enable --now open-vm-tools",
            ),
        ],
    },
    Row {
        code: "X-9",
        title: "The fixed address is set again",
        sources: &["X-9"],
        left: &[Home],
        generations: &[Modernised],
        family: Some(Windows),
        elsewhere: false,
        known: address,
        look: "A modernised failback keeps no fixed address, at home or elsewhere: set address, \
               gateway and name servers that the machine had before.",
        commands: WINDOWS_ADDRESS,
    },
    Row {
        code: "X-9",
        title: "The fixed address is set again",
        sources: &["X-9"],
        left: &[Home],
        generations: &[Modernised],
        family: Some(Linux),
        elsewhere: false,
        known: address,
        look: "A modernised failback keeps no fixed address, at home or elsewhere: set address, \
               gateway and name servers that the machine had before.",
        commands: LINUX_ADDRESS,
    },
    Row {
        code: "X-9",
        title: "fstab and LVM are as they should be",
        sources: &["X-9"],
        left: &[Home],
        generations: &[Modernised],
        family: Some(Linux),
        elsewhere: false,
        known: nothing,
        look: "A modernised failback changes /etc/fstab and the configuration of LVM: compare both \
               with what they were, see that every file system is mounted, and start the machine \
               once more while it is still watched.",
        commands: &[
            (
                Posix,
                IN_LINUX,
                Look,
                "findmnt --verify --verbose; lsblk -f",
            ),
            (
                Posix,
                IN_LINUX,
                Look,
                "ls -lt /etc/fstab* /etc/lvm/; lvs; pvs",
            ),
            (Posix, IN_LINUX, Repair, "mount -a"),
        ],
    },
    Row {
        code: "MOD-06",
        title: "No iSCSI disk stands beside its copy",
        sources: &["004"],
        left: &[Home],
        generations: &[Modernised],
        family: Some(Windows),
        elsewhere: false,
        known: nothing,
        look: "iSCSI is not kept on the way home: VMDK disks are made in its stead. Where the machine \
               had iSCSI disks, see that the new disk holds the data; then delete the iSCSI disk, or \
               the same data is there twice.",
        commands: &[
            (
                PowerShell,
                IN_WINDOWS,
                Look,
                "Get-Disk | Sort-Object Number | Format-Table Number, FriendlyName, BusType, SerialNumber, Size, OperationalStatus",
            ),
            (
                PowerShell,
                IN_WINDOWS,
                Look,
                "Get-IscsiSession | Format-List TargetNodeAddress, IsConnected, IsPersistent",
            ),
            (
                PowerShell,
                IN_WINDOWS,
                Repair,
                "Get-IscsiSession | Where-Object TargetNodeAddress -eq 'TARGET' | Unregister-IscsiSession; Disconnect-IscsiTarget -NodeAddress 'TARGET'",
            ),
        ],
    },
    Row {
        code: "MOD-06",
        title: "No iSCSI disk stands beside its copy",
        sources: &["004"],
        left: &[Home],
        generations: &[Modernised],
        family: Some(Linux),
        elsewhere: false,
        known: nothing,
        look: "iSCSI is not kept on the way home: VMDK disks are made in its stead. Where the machine \
               had iSCSI disks, see that the new disk holds the data; then delete the iSCSI disk, or \
               the same data is there twice.",
        commands: &[
            (
                Posix,
                IN_LINUX,
                Look,
                "lsblk -o NAME,SIZE,TRAN,SERIAL,UUID,MOUNTPOINT; iscsiadm -m session",
            ),
            (
                Posix,
                IN_LINUX,
                Repair,
                "iscsiadm -m node -T TARGET --logout && iscsiadm -m node -T TARGET -o delete",
            ),
        ],
    },
];

const WINDOWS_ADDRESS: &[Line] = &[
    (
        PowerShell,
        IN_WINDOWS,
        Look,
        "Get-NetIPConfiguration -Detailed",
    ),
    (
        PowerShell,
        IN_WINDOWS,
        Look,
        "Get-NetIPInterface -AddressFamily IPv4 | Format-Table InterfaceAlias, Dhcp, ConnectionState",
    ),
    (
        PowerShell,
        IN_WINDOWS,
        Repair,
        "New-NetIPAddress -InterfaceAlias 'ADAPTER' -IPAddress ADDRESS -PrefixLength LENGTH -DefaultGateway GATEWAY",
    ),
    (
        PowerShell,
        IN_WINDOWS,
        Repair,
        "Set-DnsClientServerAddress -InterfaceAlias 'ADAPTER' -ServerAddresses NAME-SERVER",
    ),
];

const LINUX_ADDRESS: &[Line] = &[
    (
        Posix,
        IN_LINUX,
        Look,
        "ip address; ip route; cat /etc/resolv.conf",
    ),
    (
        Posix,
        IN_LINUX,
        Look,
        "nmcli -f NAME,DEVICE,TYPE connection show",
    ),
    (
        Posix,
        IN_LINUX,
        Repair,
        "nmcli connection modify 'CONNECTION' ipv4.method manual ipv4.addresses ADDRESS/LENGTH ipv4.gateway GATEWAY ipv4.dns NAME-SERVER",
    ),
    (Posix, IN_LINUX, Repair, "nmcli connection up 'CONNECTION'"),
];
