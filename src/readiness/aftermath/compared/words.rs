//! What was found, in sentences.

use crate::domain::guest::{FstabLine, Lost, Route};
use crate::domain::{Bytes, Text};

/// What is known of it.
pub(super) fn known(lost: &Lost) -> String {
    match lost {
        Lost::Name { was, now } => format!("It was called {was}, and this one is called {now}"),
        Lost::Address(own) => format!("{} is not there any more{}", own.address, on(&own.adapter)),
        Lost::Fixed(own) => format!(
            "{} is there{}, given by DHCP; it was fixed",
            own.address,
            on(&own.adapter)
        ),
        Lost::Length(own, now) => {
            format!("{} is there{}, as {now}", own.address, on(&own.adapter))
        }
        Lost::NameServers { missing, .. } if missing.is_empty() => "It has no name server".into(),
        Lost::NameServers {
            missing, adapter, ..
        } => {
            format!("It does not ask {} any more{}", list(missing), on(adapter))
        }
        Lost::AzureNameServer { adapter } => {
            format!(
                "It still asks 168.63.129.16{}, which answers in Azure alone",
                on(adapter)
            )
        }
        Lost::DefaultRoute { gateway, now, .. } => match (gateway.as_str(), now.as_str()) {
            ("", "") => "It has no default route".into(),
            (gateway, "") => format!("It has no default route over {gateway} any more"),
            ("", now) => format!("Its default route goes over {now}; it went over no gateway"),
            (gateway, now) => format!("Its default route goes over {now}; it was over {gateway}"),
        },
        Lost::Route(Route { to, gateway, .. }) if gateway.is_empty() => {
            format!(
                "The route to {to} is gone; over which gateway it went at home was not recorded"
            )
        }
        Lost::Route(route) => format!("The route to {} over {} is gone", route.to, route.gateway),
        Lost::Disk { was, now } => {
            format!("It had {was} disks beside the temporary one, and has {now}")
        }
        Lost::DiskGone(disk) => format!(
            "The disk that was {}, {}, is not there; its id was {}",
            disk.name,
            disk.size.map_or("of unknown size".into(), bytes),
            disk.id
        ),
        Lost::Offline { disk } => format!("Disk {disk} is offline"),
        Lost::Mount(mount) => format!(
            "{} is not mounted as it was; it was {} ({})",
            mount.at,
            or_unknown(&mount.source),
            or_unknown(&mount.kind)
        ),
        Lost::Letter { was, now, .. } => format!("The volume that was {was} is {now}"),
        Lost::Fstab(line) => format!("This line is gone: {}", fstab(line)),
        Lost::FstabChanged { was, now } => {
            format!("This line was: {} - and is: {}", fstab(was), fstab(now))
        }
        Lost::FstabOfAzure(line) => format!(
            "This line names Azure's temporary disk, without nofail: {}",
            fstab(line)
        ),
        Lost::Paging(at) => format!("It paged to {at}, and to nothing now"),
        Lost::Tools { installed: false } => "VMware Tools are not installed".into(),
        Lost::Tools { installed: true } => "VMware Tools are installed, and do not run".into(),
        Lost::NetworkManager { installed: false } => {
            "NetworkManager was installed, and is not".into()
        }
        Lost::NetworkManager { installed: true } => "NetworkManager ran, and does not".into(),
        Lost::Service { name, listed: true } => format!("{name} ran, and does not"),
        Lost::Service {
            name,
            listed: false,
        } => {
            format!("{name} ran, and is not there or does not start by itself any more")
        }
        Lost::Cpus { was, now } => format!("It had {was} processors, and has {now}"),
        Lost::Memory { was, now } => {
            format!("It had {} of memory, and has {}", bytes(*was), bytes(*now))
        }
    }
}

/// What to do about it.
pub(super) fn look(lost: &Lost) -> &'static str {
    match lost {
        Lost::Name { .. } => {
            "See that the right machine was looked into, before anything else here is believed."
        }
        Lost::Address(_) => {
            "Set it again, with gateway and name servers, from the console: the line may drop."
        }
        Lost::Fixed(_) => {
            "It stays only as long as DHCP gives it: set it as a fixed one, from the console."
        }
        Lost::Length(..) => {
            "Set it with the length that it had, from the console: the line may drop."
        }
        Lost::NameServers { .. } | Lost::AzureNameServer { .. } => {
            "Set the name servers that it had."
        }
        Lost::DefaultRoute { .. } | Lost::Route(_) => {
            "Set it again so that it stays over a restart."
        }
        Lost::Disk { .. } | Lost::DiskGone(_) => {
            "Look in vCenter which disk is missing, before anybody starts what needs it."
        }
        Lost::Offline { .. } => "The policy for new disks may leave them offline: bring it online.",
        Lost::Mount(_) => "See that its disk is there and whole; then mount it.",
        Lost::Letter { .. } => {
            "Give it its letter back, before anything that uses the letter starts."
        }
        Lost::Fstab(_) | Lost::FstabChanged { .. } => {
            "Set the line right; '...' stands for an option that was not recorded."
        }
        Lost::FstabOfAzure(_) => {
            "Take the line out, or let it fail: the machine may not start without the disk."
        }
        Lost::Paging(_) => "Let it page to a disk of its own.",
        Lost::Tools { .. } => "See that they are installed, run, and start by themselves.",
        Lost::NetworkManager { .. } => "Install it where the machine needs it, and let it run.",
        Lost::Service { .. } => "See why it does not run, and start it.",
        Lost::Cpus { .. } | Lost::Memory { .. } => "Set it in vCenter while the machine is off.",
    }
}

fn on(adapter: &Text) -> String {
    match adapter.is_empty() {
        true => String::new(),
        false => format!(" on {adapter}"),
    }
}

fn or_unknown(text: &Text) -> &str {
    match text.as_str() {
        "" => "unknown",
        known => known,
    }
}

fn list(all: &[Text]) -> String {
    all.iter().map(Text::as_str).collect::<Vec<_>>().join(", ")
}

fn fstab(line: &FstabLine) -> String {
    format!("{} {} {} {}", line.source, line.at, line.kind, line.options)
}

fn bytes(own: Bytes) -> String {
    own.to_string()
}
