//! Network settings, each set again by what keeps them.

use super::*;
use crate::domain::guest::{Adapter, Route};

fn repairing(lost: Lost, keeper: &str) -> Vec<String> {
    let lines = lines_of(lost, System::Linux, keeper);
    let looks = |line: &String| {
        ["ip ", "cat ", "ls ", "networkctl;"]
            .iter()
            .any(|l| line.starts_with(l))
    };
    lines.into_iter().filter(|line| !looks(line)).collect()
}

#[test]
fn an_address_is_set_by_what_keeps_the_network() {
    let told = |keeper| repairing(Lost::Address(address("ens192")), keeper);
    assert_eq!(
        told("netplan"),
        [
            "vi /etc/netplan/*.yaml # dhcp4: false, addresses: [192.168.4.21/24]; routes: [{to: 0.0.0.0/0, via: 192.168.4.1}]; nameservers: {addresses: [192.168.4.5, 192.168.4.6]}",
            "netplan try",
        ]
    );
    assert_eq!(
        told("wicked"),
        [
            "vi /etc/sysconfig/network/ifcfg-'ens192' # BOOTPROTO=static IPADDR=192.168.4.21/24",
            "vi /etc/sysconfig/network/ifroute-'ens192' # default 192.168.4.1 - -",
            "vi /etc/sysconfig/network/config # NETCONFIG_DNS_STATIC_SERVERS=192.168.4.5 192.168.4.6",
            "wicked ifreload 'ens192'; netconfig update -f",
        ]
    );
    assert_eq!(
        told("systemd-networkd"),
        [
            "vi /etc/systemd/network/*.network # [Network] DHCP=no Address=192.168.4.21/24; [Network] Gateway=192.168.4.1; [Network] DNS=192.168.4.5 192.168.4.6",
            "systemctl restart systemd-networkd",
        ]
    );
    assert_eq!(
        told("ifupdown"),
        [
            "vi /etc/network/interfaces # inet static, address 192.168.4.21/24; gateway 192.168.4.1; dns-nameservers 192.168.4.5 192.168.4.6",
            "ifdown 'ens192'; dhclient -r 'ens192'; ifup 'ens192'",
        ]
    );
    assert_eq!(
        told("ifcfg"),
        [
            "vi /etc/sysconfig/network-scripts/ifcfg-'ens192' # BOOTPROTO=none IPADDR=192.168.4.21 PREFIX=24; GATEWAY=192.168.4.1; DNS1=192.168.4.5 DNS2=192.168.4.6",
            "ifdown 'ens192'; dhclient -r 'ens192'; ifup 'ens192'",
        ]
    );
}

#[test]
fn every_keeper_has_a_repair_for_each_setting_and_names_nobody_elses() {
    let route = Route {
        to: "10.20.0.0/16".into(),
        gateway: "192.168.4.254".into(),
        adapter: "ens192".into(),
        fixed: true,
    };
    let all = [
        Lost::Fixed(address("ens192")),
        Lost::Length(address("ens192"), "192.168.4.21/32".into()),
        Lost::NameServers {
            adapter: "ens192".into(),
            missing: vec!["192.168.4.5".into()],
            all: vec!["192.168.4.5".into()],
        },
        Lost::DefaultRoute {
            gateway: "192.168.4.1".into(),
            adapter: "ens192".into(),
            now: Text::default(),
        },
        Lost::Route(route),
    ];
    for lost in all {
        for keeper in KEEPERS {
            let lines = repairing(lost.clone(), keeper).join("\n");
            assert!(lines.contains("192.168.4."), "{keeper}: {lines}");
            assert_eq!(
                lines.contains("nmcli"),
                keeper == "NetworkManager",
                "{lines}"
            );
        }
        // Whose it is nobody knows: what is there is looked at.
        for keeper in ["", "other", HOSTILE] {
            assert_eq!(repairing(lost.clone(), keeper), [""; 0], "{keeper}");
            let looks = lines_of(lost.clone(), System::Linux, keeper);
            assert!(
                looks.iter().any(|l| l.contains("/etc/netplan")),
                "{looks:?}"
            );
        }
    }
}

#[test]
fn no_name_of_an_adapter_leads_to_another_file() {
    for keeper in KEEPERS {
        let lines = repairing(Lost::Address(address("../../shadow")), keeper).join("\n");
        assert!(!lines.contains("shadow"), "{lines}");
    }
}

#[test]
fn a_second_address_is_added_and_takes_nothing_away() {
    let second = crate::domain::guest::Address {
        address: "192.168.4.22/24".into(),
        ..address("ens192")
    };
    let both = || {
        vec![
            Lost::Fixed(address("ens192")),
            Lost::Address(second.clone()),
        ]
    };
    let nothing = Guest {
        keeper: "NetworkManager".into(),
        ..Guest::default()
    };
    let linux = told(both(), System::Linux, &nothing);
    let (one, other) = (linux[0].join("\n"), linux[1].join("\n"));
    for (lines, address) in [(&one, "192.168.4.21/24"), (&other, "192.168.4.22/24")] {
        assert!(
            lines.contains(&format!(" +ipv4.addresses {address}")),
            "{lines}"
        );
    }
    assert!(one.contains("ipv4.gateway 192.168.4.1"), "{one}");
    assert!(
        !other.contains("ipv4.gateway") && !other.contains("ipv4.dns"),
        "{other}"
    );
    let windows = told(both(), System::Windows, &nothing);
    let (one, other) = (windows[0].join("\n"), windows[1].join("\n"));
    assert!(one.contains("-DefaultGateway 192.168.4.1"), "{one}");
    assert!(other.contains("-IPAddress 192.168.4.22"), "{other}");
    assert!(
        !other.contains("-DefaultGateway") && !other.contains("Set-DnsClient"),
        "{other}"
    );
    // The first is there, fixed, and the way out goes over it: a gateway would be refused.
    let has = Guest {
        adapters: Some(vec![Adapter {
            name: "ens192".into(),
            lease: crate::domain::guest::Lease::Fixed,
            ..Adapter::default()
        }]),
        routes: Some(vec![Route {
            to: "default".into(),
            gateway: "192.168.4.1".into(),
            adapter: "ens192".into(),
            fixed: true,
        }]),
        ..Guest::default()
    };
    let alone = told(vec![Lost::Address(second)], System::Windows, &has);
    assert!(
        !alone[0].join("\n").contains("-DefaultGateway"),
        "{alone:?}"
    );
    // Another adapter has its own.
    let apart = vec![Lost::Address(address("a")), Lost::Address(address("b"))];
    for lines in told(apart, System::Windows, &nothing) {
        assert!(lines.join("\n").contains("-DefaultGateway"), "{lines:?}");
    }
}
