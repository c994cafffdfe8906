//! Reads the lines that the scripts print. Whatever else is in them is passed over, and nothing of it is
//! believed beyond what a field may hold.

use crate::domain::guest::{
    Adapter, Disk, FstabLine, Guest, Lease, Mount, NameServer, Presence, Route, Service, StartMode,
    System, Temporary, option_is_harmless, without_account,
};
use crate::domain::{Bytes, Text};

/// Most bytes that are read. A machine with hundreds of services tells some twenty thousand.
pub const MOST_BYTES: usize = 256 << 10;

/// Most things of one kind that are kept. Of a part that has more nothing is.
const MOST: usize = 512;

/// Most characters of a field that are kept.
const FIELD: usize = 256;

/// The guest; `None` where not even the system is told.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Guest> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST_BYTES)]);
    let mut guest = Guest::default();
    let mut parts = Parts::default();
    for line in text.lines() {
        let mut fields = line.split('\t');
        let kind = fields
            .next()
            .unwrap_or_default()
            .trim_start_matches('\u{feff}');
        let fields = Fields(fields.collect());
        take(&mut guest, &mut parts, kind, &fields);
    }
    (guest.system != System::Unknown).then_some(guest)
}

/// Things that were told; they count when their part is done.
#[derive(Default)]
struct Parts {
    adapters: Vec<Adapter>,
    name_servers: Vec<NameServer>,
    routes: Vec<Route>,
    disks: Vec<Disk>,
    mounts: Vec<Mount>,
    fstab: Vec<FstabLine>,
    temporary: Vec<Temporary>,
    paging: Vec<Text>,
    services: Vec<Service>,
}

struct Fields<'a>(Vec<&'a str>);

impl Fields<'_> {
    fn raw(&self, at: usize) -> &str {
        self.0.get(at).map_or("", |field| field.trim())
    }

    fn text(&self, at: usize) -> Text {
        bounded(self.raw(at))
    }

    fn number(&self, at: usize) -> Option<u64> {
        self.raw(at).parse().ok()
    }

    fn yes(&self, at: usize) -> Option<bool> {
        match self.raw(at) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }
}

fn bounded(raw: &str) -> Text {
    let end = raw
        .char_indices()
        .nth(FIELD)
        .map_or(raw.len(), |(at, _)| at);
    Text::from(&raw[..end])
}

/// Keeps one more than are wanted: by it [`whole`] sees that there were too many.
fn push<T>(all: &mut Vec<T>, one: T) {
    if all.len() <= MOST {
        all.push(one);
    }
}

/// The things of a part that is done; `false` where there were more than are kept.
fn whole<T>(part: &mut Option<Vec<T>>, told: &mut Vec<T>) -> bool {
    let told = std::mem::take(told);
    *part = (told.len() <= MOST).then_some(told);
    part.is_some()
}

fn take(guest: &mut Guest, parts: &mut Parts, kind: &str, f: &Fields<'_>) {
    match kind {
        "host" => guest.host = f.text(0),
        "system" => {
            guest.system = match f.raw(0) {
                "windows" => System::Windows,
                "linux" => System::Linux,
                _ => System::Unknown,
            };
            guest.version = bounded(format!("{} {}", f.raw(1), f.raw(2)).trim());
        }
        "cpus" => {
            guest.cpus = f
                .number(0)
                .and_then(|n| u32::try_from(n).ok())
                .filter(|n| *n > 0);
        }
        "memory" => guest.memory = f.number(0).filter(|n| *n > 0).map(Bytes),
        "adapter" => push(&mut parts.adapters, adapter(f)),
        "server" => push(
            &mut parts.name_servers,
            NameServer {
                adapter: f.text(0),
                address: f.text(1),
            },
        ),
        "route" => push(&mut parts.routes, route(f)),
        "disk" => push(
            &mut parts.disks,
            Disk {
                name: f.text(0),
                size: f.number(1).map(Bytes),
                id: f.text(2),
                online: f.yes(3),
            },
        ),
        "mount" => push(
            &mut parts.mounts,
            Mount {
                at: f.text(0),
                source: bounded(&without_account(f.raw(1))),
                kind: f.text(2),
                id: f.text(3),
            },
        ),
        "fstab" => push(
            &mut parts.fstab,
            FstabLine {
                source: bounded(&without_account(f.raw(0))),
                at: f.text(1),
                kind: f.text(2),
                options: options(f.raw(3)),
            },
        ),
        "temporary" => push(
            &mut parts.temporary,
            Temporary {
                disk: f.text(0),
                at: f.text(1),
                online: f.yes(2),
            },
        ),
        "paging" => push(&mut parts.paging, f.text(0)),
        "tools" => guest.tools = presence(f),
        "networkmanager" => guest.network_manager = presence(f),
        "service" => push(&mut parts.services, service(f)),
        "keeper" => guest.keeper = f.text(0),
        "left" => left(guest, f.text(0)),
        "done" => done(guest, parts, f.raw(0)),
        _ => {}
    }
}

fn done(guest: &mut Guest, parts: &mut Parts, part: &str) {
    let whole = match part {
        "adapters" => whole(&mut guest.adapters, &mut parts.adapters),
        "servers" => whole(&mut guest.name_servers, &mut parts.name_servers),
        "routes" => whole(&mut guest.routes, &mut parts.routes),
        "disks" => whole(&mut guest.disks, &mut parts.disks),
        "mounts" => whole(&mut guest.mounts, &mut parts.mounts),
        "fstab" => whole(&mut guest.fstab, &mut parts.fstab),
        "temporary" => whole(&mut guest.temporary, &mut parts.temporary),
        "paging" => whole(&mut guest.paging, &mut parts.paging),
        "services" => whole(&mut guest.services, &mut parts.services),
        _ => true,
    };
    if !whole {
        left(guest, bounded(part));
    }
}

fn left(guest: &mut Guest, part: Text) {
    if guest.unread.len() < MOST && !guest.unread.contains(&part) {
        guest.unread.push(part);
    }
}

fn adapter(f: &Fields<'_>) -> Adapter {
    let addresses = f.0.iter().skip(3).map(|a| a.trim());
    let addresses = addresses.filter(|a| is_address(a)).map(bounded);
    Adapter {
        name: f.text(0),
        mac: bounded(&f.raw(1).to_ascii_lowercase().replace('-', ":")),
        lease: match f.raw(2) {
            "fixed" => Lease::Fixed,
            "dhcp" => Lease::Dhcp,
            _ => Lease::Unknown,
        },
        addresses: addresses.collect(),
    }
}

/// With or without the length of its network; not one that is good on the link alone.
fn is_address(raw: &str) -> bool {
    let bare = raw.split('/').next().unwrap_or_default();
    match bare.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(a)) => !a.is_loopback(),
        Ok(std::net::IpAddr::V6(a)) => !a.is_loopback() && !a.is_unicast_link_local(),
        Err(_) => false,
    }
}

fn route(f: &Fields<'_>) -> Route {
    let to = match f.raw(0) {
        "0.0.0.0/0" => "default".into(),
        _ => f.text(0),
    };
    Route {
        to,
        gateway: f.text(1),
        adapter: f.text(2),
        fixed: f.yes(3) == Some(true),
    }
}

/// What may hold a secret is left out, whatever the script left in.
fn options(raw: &str) -> Text {
    let kept = raw
        .split(',')
        .map(|o| if option_is_harmless(o) { o } else { "..." });
    bounded(&kept.collect::<Vec<_>>().join(","))
}

fn presence(f: &Fields<'_>) -> Option<Presence> {
    Some(Presence {
        installed: f.yes(0)?,
        running: f.yes(1),
    })
}

fn service(f: &Fields<'_>) -> Service {
    Service {
        name: f.text(0),
        start: match f.raw(1) {
            "automatic" => StartMode::Automatic,
            "manual" => StartMode::Manual,
            "disabled" => StartMode::Disabled,
            _ => StartMode::Unknown,
        },
        running: f.yes(2),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_part_that_was_not_ended_is_not_read() {
        let guest = read(b"system\tlinux\nadapter\teth0\t00-0D-3A\tdhcp\t10.8.0.4/24\tfe80::1/64\nroute\tx\ndone\tadapters\n").unwrap();
        let adapters = guest.adapters.unwrap();
        assert_eq!(adapters[0].mac.as_str(), "00:0d:3a");
        assert_eq!(adapters[0].addresses, ["10.8.0.4/24".into()]);
        assert_eq!(guest.routes, None);
        assert_eq!(guest.tools, None);
        assert!(read(b"host\tx\n").is_none());
    }

    #[test]
    fn a_password_does_not_get_in_whatever_the_script_let_through() {
        let text = "system\tlinux\nfstab\t//me:pw@nas/s\t/s\tcifs\trw,password=pw,nofail\nmount\t/s\t//me:pw@nas/s\tcifs\t\ndone\tfstab\ndone\tmounts\n";
        let guest = read(text.as_bytes()).unwrap();
        assert_eq!(
            guest.fstab.as_ref().unwrap()[0].options.as_str(),
            "rw,...,nofail"
        );
        assert!(!format!("{guest:?}").contains("pw"), "{guest:?}");
    }

    #[test]
    fn what_a_machine_says_is_safe_and_bounded() {
        let many = "service\tx\tautomatic\tyes\n".repeat(5000);
        let long = format!(
            "system\twindows\nhost\t\u{1b}[2J{}\n{many}done\tservices\n",
            "y".repeat(9000)
        );
        let guest = read(long.as_bytes()).unwrap();
        assert!(guest.host.as_str().starts_with("\\x1b[2J"));
        assert!(guest.host.as_str().chars().count() < 300);
    }

    #[test]
    fn a_part_of_more_than_is_kept_is_not_read_and_said_to_be_left_out() {
        let told = |many: usize| {
            let lines = "service\tx\tautomatic\tyes\n".repeat(many);
            read(format!("system\twindows\n{lines}done\tservices\n").as_bytes()).unwrap()
        };
        assert_eq!(told(MOST).services.map(|all| all.len()), Some(MOST));
        assert!(told(MOST).unread.is_empty());
        let more = told(MOST + 1);
        assert_eq!(more.services, None);
        assert_eq!(more.unread, ["services".into()]);
        let addresses = (1..=200).map(|n| format!("\t10.0.0.{n}/24"));
        let line: String = addresses.collect();
        let text = format!("system\tlinux\nadapter\te\tm\tfixed{line}\ndone\tadapters\n");
        let adapters = read(text.as_bytes()).unwrap().adapters.unwrap();
        assert_eq!(adapters[0].addresses.len(), 200);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let _ = read(&bytes);
        }

        #[test]
        fn lines_of_every_kind_are_read(text in "(system\tlinux\n)?((adapter|server|route|disk|mount|fstab|temporary|paging|tools|networkmanager|service|done|left|cpus|memory)(\t[a-z0-9/:.,=-]{0,12}){0,6}\n){0,20}") {
            let _ = read(text.as_bytes());
        }
    }
}
