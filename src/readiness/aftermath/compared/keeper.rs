//! What keeps the network settings of a Linux machine, and how they are set there so that they stay over a
//! restart.

use super::commands::{Lines, look, plain, quoted, repair, split};
use crate::domain::Text;
use crate::domain::guest::Lost;
use crate::readiness::aftermath::{Does, Shell};

/// As the script in the machine calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeper {
    Netplan,
    NetworkManager,
    Wicked,
    Networkd,
    Ifupdown,
    /// The files of network-scripts, without anything that watches them.
    Ifcfg,
}

/// What is to be set, each plain or a word in capitals.
enum Setting {
    /// Address and length; whether it stands beside another one.
    Address(String, String, bool),
    Gateway(String),
    Servers(Vec<String>),
    Route(String, String),
}

impl Keeper {
    pub(super) fn of(word: &Text) -> Option<Self> {
        Some(match word.as_str() {
            "netplan" => Self::Netplan,
            "NetworkManager" => Self::NetworkManager,
            "wicked" => Self::Wicked,
            "systemd-networkd" => Self::Networkd,
            "ifupdown" => Self::Ifupdown,
            "ifcfg" => Self::Ifcfg,
            _ => return None,
        })
    }

    /// How it is seen what it keeps.
    fn look(self, adapter: &str) -> (Does, String) {
        let line = match self {
            Self::Netplan => "cat /etc/netplan/*.yaml".into(),
            Self::NetworkManager => "nmcli -f NAME,DEVICE,TYPE connection show".into(),
            Self::Wicked => format!("cat /etc/sysconfig/network/ifcfg-{adapter}"),
            Self::Networkd => "networkctl; cat /etc/systemd/network/*.network".into(),
            Self::Ifupdown => "cat /etc/network/interfaces /etc/network/interfaces.d/*".into(),
            Self::Ifcfg => format!("cat /etc/sysconfig/network-scripts/ifcfg-{adapter}"),
        };
        (Does::Look, line)
    }

    /// The file that a setting stands in, and how it is written there.
    fn written(self, setting: &Setting, adapter: &str) -> (String, String) {
        let file = match (self, setting) {
            (Self::Netplan, _) => "/etc/netplan/*.yaml".into(),
            (Self::Networkd, _) => "/etc/systemd/network/*.network".into(),
            (Self::Ifupdown, _) => "/etc/network/interfaces".into(),
            (Self::Wicked, Setting::Servers(_)) => "/etc/sysconfig/network/config".into(),
            (Self::Wicked, Setting::Gateway(_) | Setting::Route(..)) => {
                format!("/etc/sysconfig/network/ifroute-{adapter}")
            }
            (Self::Wicked, Setting::Address(..)) => {
                format!("/etc/sysconfig/network/ifcfg-{adapter}")
            }
            (Self::Ifcfg, Setting::Route(..)) => {
                format!("/etc/sysconfig/network-scripts/route-{adapter}")
            }
            (Self::Ifcfg | Self::NetworkManager, _) => {
                format!("/etc/sysconfig/network-scripts/ifcfg-{adapter}")
            }
        };
        (file, self.words(setting))
    }

    fn words(self, setting: &Setting) -> String {
        let numbered = |all: &[String]| {
            let one = |(at, server): (usize, &String)| format!("DNS{}={server}", at + 1);
            all.iter().enumerate().map(one).collect::<Vec<_>>()
        };
        match (self, setting) {
            (Self::Netplan, Setting::Address(a, l, _)) => {
                format!("dhcp4: false, addresses: [{a}/{l}]")
            }
            (Self::Netplan, Setting::Gateway(g)) => {
                format!("routes: [{{to: 0.0.0.0/0, via: {g}}}]")
            }
            (Self::Netplan, Setting::Servers(all)) => {
                format!("nameservers: {{addresses: [{}]}}", all.join(", "))
            }
            (Self::Netplan, Setting::Route(to, g)) => format!("routes: [{{to: {to}, via: {g}}}]"),
            (Self::Networkd, Setting::Address(a, l, _)) => {
                format!("[Network] DHCP=no Address={a}/{l}")
            }
            (Self::Networkd, Setting::Gateway(g)) => format!("[Network] Gateway={g}"),
            (Self::Networkd, Setting::Servers(all)) => format!("[Network] DNS={}", all.join(" ")),
            (Self::Networkd, Setting::Route(to, g)) => {
                format!("[Route] Destination={to} Gateway={g}")
            }
            (Self::Ifupdown, Setting::Address(a, l, _)) => format!("inet static, address {a}/{l}"),
            (Self::Ifupdown, Setting::Gateway(g)) => format!("gateway {g}"),
            (Self::Ifupdown, Setting::Servers(all)) => {
                format!("dns-nameservers {}", all.join(" "))
            }
            (Self::Ifupdown, Setting::Route(to, g)) => format!("up ip route add {to} via {g}"),
            (Self::Wicked, Setting::Address(a, l, false)) => {
                format!("BOOTPROTO=static IPADDR={a}/{l}")
            }
            (Self::Wicked, Setting::Address(a, l, true)) => {
                format!("BOOTPROTO=static IPADDR_NEXT={a}/{l}")
            }
            (Self::Wicked, Setting::Gateway(g)) => format!("default {g} - -"),
            (Self::Wicked, Setting::Servers(all)) => {
                format!("NETCONFIG_DNS_STATIC_SERVERS={}", all.join(" "))
            }
            (Self::Wicked, Setting::Route(to, g)) => format!("{to} {g} - -"),
            (_, Setting::Address(a, l, false)) => format!("BOOTPROTO=none IPADDR={a} PREFIX={l}"),
            (_, Setting::Address(a, l, true)) => {
                format!("BOOTPROTO=none IPADDRn={a} PREFIXn={l}, n the next number")
            }
            (_, Setting::Gateway(g)) => format!("GATEWAY={g}"),
            (_, Setting::Servers(all)) => numbered(all).join(" "),
            (_, Setting::Route(to, g)) => format!("{to} via {g}"),
        }
    }

    /// What makes it take what stands in its files.
    fn apply(self, adapter: &str) -> String {
        match self {
            // Without a word of somebody within two minutes all is as it was.
            Self::Netplan => "netplan try".into(),
            Self::NetworkManager => "nmcli connection up 'CONNECTION'".into(),
            Self::Wicked => format!("wicked ifreload {adapter}; netconfig update -f"),
            Self::Networkd => "systemctl restart systemd-networkd".into(),
            Self::Ifupdown | Self::Ifcfg => {
                format!("ifdown {adapter}; dhclient -r {adapter}; ifup {adapter}")
            }
        }
    }
}

/// How a network setting that is lost is set again. `alone`: an address without the gateway and the name
/// servers, which its adapter has, or has been given. Without a known keeper only how to look is told.
pub(super) fn network(lost: &Lost, keeper: Option<Keeper>, alone: bool) -> Lines {
    let adapter = match lost {
        Lost::Address(own) | Lost::Fixed(own) | Lost::Length(own, _) => &own.adapter,
        Lost::NameServers { adapter, .. } | Lost::DefaultRoute { adapter, .. } => adapter,
        Lost::Route(route) => &route.adapter,
        _ => return Vec::new(),
    };
    let adapter = interface(adapter);
    let mut lines = vec![match lost {
        Lost::NameServers { .. } => look("cat /etc/resolv.conf; resolvectl dns"),
        Lost::DefaultRoute { .. } | Lost::Route(_) => look("ip route"),
        _ => look("ip address; ip route; cat /etc/resolv.conf"),
    }];
    let Some(keeper) = keeper else {
        lines.push(look(
            "ls -d /etc/netplan/*.yaml /etc/NetworkManager/system-connections/* /etc/systemd/network/*.network /etc/network/interfaces /etc/sysconfig/network*/ifcfg-*",
        ));
        return lines;
    };
    lines.push(keeper.look(&adapter));
    let settings = settings(lost, alone);
    if keeper == Keeper::NetworkManager {
        lines.push(repair(nmcli(lost, &settings)));
    } else {
        let mut files: Vec<(String, Vec<String>)> = Vec::new();
        for setting in &settings {
            let (file, words) = keeper.written(setting, &adapter);
            match files.last_mut() {
                Some((last, all)) if *last == file => all.push(words),
                _ => files.push((file, vec![words])),
            }
        }
        let edit = |(file, all): (String, Vec<String>)| format!("vi {file} # {}", all.join("; "));
        lines.extend(files.into_iter().map(edit).map(repair));
    }
    lines.push(repair(keeper.apply(&adapter)));
    lines
}

fn settings(lost: &Lost, alone: bool) -> Vec<Setting> {
    let gateway = |own: &Text| Setting::Gateway(plain(own.as_str(), "GATEWAY"));
    let servers = |all: &[Text]| {
        let known = all.iter().map(|s| plain(s.as_str(), "NAME-SERVER"));
        let known: Vec<String> = known.collect();
        Setting::Servers(match known.is_empty() {
            true => vec!["NAME-SERVER".into()],
            false => known,
        })
    };
    let address = |own: &Text, more| {
        let (address, length) = split(own, "ADDRESS");
        Setting::Address(address, length, more)
    };
    match lost {
        Lost::Address(own) | Lost::Fixed(own) if alone => vec![address(&own.address, true)],
        Lost::Address(own) | Lost::Fixed(own) => vec![
            address(&own.address, false),
            gateway(&own.gateway),
            servers(&own.name_servers),
        ],
        Lost::Length(own, _) => vec![address(&own.address, false)],
        Lost::NameServers { all, .. } => vec![servers(all)],
        Lost::DefaultRoute { gateway: own, .. } => vec![gateway(own)],
        Lost::Route(route) => vec![Setting::Route(
            plain(route.to.as_str(), "NETWORK"),
            plain(route.gateway.as_str(), "GATEWAY"),
        )],
        _ => Vec::new(),
    }
}

/// One command that sets all of it. Addresses are added: a list without a sign takes the place of all that
/// the connection has.
fn nmcli(lost: &Lost, settings: &[Setting]) -> String {
    let mut line = "nmcli connection modify 'CONNECTION'".to_owned();
    match lost {
        Lost::Address(_) | Lost::Fixed(_) => line.push_str(" ipv4.method manual"),
        Lost::Length(own, now) => {
            let ((address, _), (_, is)) = (split(&own.address, "ADDRESS"), split(now, "ADDRESS"));
            line.push_str(&format!(" -ipv4.addresses {address}/{is}"));
        }
        Lost::NameServers { .. } => line.push_str(" ipv4.ignore-auto-dns yes"),
        _ => {}
    }
    for setting in settings {
        line.push_str(&match setting {
            Setting::Address(address, length, _) => format!(" +ipv4.addresses {address}/{length}"),
            Setting::Gateway(gateway) => format!(" ipv4.gateway {gateway}"),
            Setting::Servers(all) => format!(
                " ipv4.dns {}",
                quoted(Shell::Posix, &all.join(" "), "NAME-SERVER")
            ),
            Setting::Route(to, gateway) => format!(" +ipv4.routes '{to} {gateway}'"),
        });
    }
    line
}

/// An adapter's name, of which none leads out of the folder that its file is in.
fn interface(name: &Text) -> String {
    let name = Some(name.as_str()).filter(|name| !name.contains(['/', ' ']));
    quoted(Shell::Posix, name.unwrap_or_default(), "ADAPTER")
}
