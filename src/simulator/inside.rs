//! What a script finds that looks into a guest in Azure: its system, its adapter with the address that Azure gave it,
//! its disks, and the temporary disk that Azure lends. Such a machine has its address by DHCP, whatever it had on the
//! site.

use jiff::Timestamp;

use super::world::World;

/// The mark of a script that looks into the guest.
pub(super) const LOOKS: &str = "failback-guest/1";

/// The lines that such a script prints, before they are wrapped.
pub(super) fn told(world: &World, index: usize, now: Timestamp) -> String {
    let machine = &world.site.machines[index];
    if let Some(text) = &machine.spec.guest {
        return text.clone();
    }
    let ip = &machine.azure_ip;
    let gateway = ip.rsplit_once('.').map_or("10.8.0", |(net, _)| net);
    let name = &machine.azure_name;
    let online = if world.temporary_offline(index, now) {
        "no"
    } else {
        "yes"
    };
    let mut lines = vec![format!("host\t{name}")];
    let sizes = machine.spec.disks.iter().enumerate();
    if machine.windows {
        lines.push(format!(
            "system\twindows\t{}\t10.0.17763",
            machine.os_name()
        ));
        lines.extend([
            "cpus\t2".to_owned(),
            "memory\t8589400064".into(),
            "done\tsize".into(),
        ]);
        lines.push(format!(
            "adapter\tEthernet\t00:0D:3A:00:00:{index:02X}\tdhcp\t{ip}/24"
        ));
        lines.extend([
            "done\tadapters".into(),
            "server\tEthernet\t168.63.129.16".into(),
            "done\tservers".into(),
        ]);
        lines.extend([
            format!("route\tdefault\t{gateway}.1\tEthernet\tno"),
            "done\troutes".into(),
        ]);
        for (at, gigabytes) in sizes {
            // Number 1 is the temporary one.
            let number = if at == 0 { 0 } else { at + 1 };
            lines.push(format!(
                "disk\t{number}\t{}\t{{{name}-{at}}}\tyes",
                gigabytes << 30
            ));
        }
        lines.push(format!("disk\t1\t17179869184\t305419896\t{online}"));
        lines.extend([
            "done\tdisks".into(),
            "mount\tC:\t\\\\?\\Volume{0}\\\tNTFS\t1a2b3c4d".into(),
            "done\tmounts".into(),
        ]);
        if online == "yes" {
            lines.extend([
                "temporary\t1\tD:\tyes".to_owned(),
                "paging\tD:\\pagefile.sys".into(),
            ]);
        } else {
            lines.push("temporary\t1\t\tno".into());
        }
        lines.extend(["done\ttemporary", "done\tpaging", "tools\tyes\tno"].map(str::to_owned));
        lines.extend(
            [
                "service\tW32Time\tautomatic\tyes",
                "service\tW3SVC\tautomatic\tyes",
                "done\tservices",
            ]
            .map(str::to_owned),
        );
    } else {
        lines.push(format!(
            "system\tlinux\t{}\t4.18.0-372.el8.x86_64",
            machine.os_name()
        ));
        lines.extend(["cpus\t2".to_owned(), "memory\t8201011200".into()]);
        lines.push(format!(
            "adapter\teth0\t00:0d:3a:00:00:{index:02x}\tdhcp\t{ip}/24"
        ));
        lines.extend([
            "done\tadapters".into(),
            format!("route\tdefault\t{gateway}.1\teth0\tno"),
            "done\troutes".into(),
        ]);
        lines.extend(
            [
                "server\t\t168.63.129.16",
                "done\tservers",
                "keeper\tifupdown",
                "networkmanager\tno\tno",
            ]
            .map(str::to_owned),
        );
        for (at, gigabytes) in sizes {
            // sdb is the temporary one.
            let letter = if at == 0 {
                'a'
            } else {
                char::from(b'b' + (at % 20) as u8 + 1)
            };
            lines.push(format!(
                "disk\tsd{letter}\t{}\t{name}-{at}\tyes",
                gigabytes << 30
            ));
        }
        lines.push(format!("disk\tsdb\t17179869184\t\t{online}"));
        lines.extend(["done\tdisks", "mount\t/\t/dev/sda1\txfs\t0f0e0d0c"].map(str::to_owned));
        if online == "yes" {
            lines.push("mount\t/mnt\t/dev/sdb1\text4\t".into());
        }
        lines.extend(
            [
                "done\tmounts",
                "fstab\tUUID=0f0e0d0c\t/\txfs\tdefaults",
                "done\tfstab",
                "done\tpaging",
            ]
            .map(str::to_owned),
        );
        let at = if online == "yes" { "/mnt" } else { "" };
        lines.extend([
            format!("temporary\t/dev/sdb\t{at}\t{online}"),
            "done\ttemporary".into(),
            "tools\tno\tno".into(),
        ]);
        lines.extend(
            [
                "service\tsshd.service\tautomatic\tyes",
                "service\tchronyd.service\tautomatic\tyes",
                "done\tservices",
            ]
            .map(str::to_owned),
        );
    }
    lines.join("\n") + "\n"
}

/// The mark of a script that is about the temporary disk.
pub(super) const TEMPORARY: &str = "failback-temporary-disk/1";

/// What such a script prints; one that takes the disk out of use has done so when it is over.
pub(super) fn temporary(
    world: &World,
    index: usize,
    script: &str,
    now: Timestamp,
    done: Timestamp,
) -> String {
    let machine = &world.site.machines[index];
    if let Some(told) = &machine.spec.temporary {
        return format!("{TEMPORARY} {told}\n");
    }
    let windows = machine.windows;
    let (id, at) = if windows {
        ("305419896", "D:")
    } else {
        ("sdb", "/mnt")
    };
    if script.contains(&format!("{TEMPORARY} take {id}")) {
        world.take_temporary_offline(index, done);
        return format!("{TEMPORARY} taken\n");
    }
    if world.temporary_offline(index, now) {
        format!("{TEMPORARY} offline {id}\n")
    } else {
        format!("{TEMPORARY} online {id} {at}\n")
    }
}
