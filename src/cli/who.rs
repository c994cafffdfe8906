//! Who sits here, for the record.

use std::fs::File;
use std::io::Read;

use crate::domain::{Person, Text};

/// The person at this machine: who they say they are, else the user, and the one behind sudo.
pub fn person(said: Option<&str>) -> Person {
    let variable = |name: &str| std::env::var(name).ok().filter(|v| !v.trim().is_empty());
    let user = variable("USER").or_else(|| variable("LOGNAME"));
    let uid = rustix::process::getuid().as_raw();
    let user = user.or_else(|| listed(uid));
    let user = user.unwrap_or_else(|| format!("uid {uid}"));
    let name = match (said, variable("SUDO_USER")) {
        (Some(said), _) if !said.trim().is_empty() => said.trim().to_owned(),
        (_, Some(behind)) if behind != user => format!("{behind}, as {user}"),
        _ => user,
    };
    Person {
        name: name.into(),
        host: Text::from(&*rustix::system::uname().nodename().to_string_lossy()),
        from: variable("SSH_CONNECTION").and_then(|connection| client(&connection)),
    }
}

/// The client's address in what sshd says of its connection: `CLIENT PORT SERVER PORT` (ssh(1)).
fn client(connection: &str) -> Option<Text> {
    let address = connection.split_whitespace().next()?;
    // An IPv6 address may name its zone: `fe80::1%eth0`.
    let plain = address.split('%').next().unwrap_or_default();
    let is_address = address.len() <= 64 && plain.parse::<std::net::IpAddr>().is_ok();
    is_address.then(|| address.into())
}

/// The user's name as this machine lists it.
fn listed(uid: u32) -> Option<String> {
    let file = File::open("/etc/passwd").ok()?;
    let mut users = String::new();
    file.take(1 << 20).read_to_string(&mut users).ok()?;
    Person::listed(&users, uid)
}

#[cfg(test)]
mod tests {

    #[test]
    fn the_address_of_an_ssh_client_is_taken_when_it_is_one() {
        let client = |words: &str| super::client(words).map(|text| text.to_string());
        assert_eq!(
            client("10.8.0.21 50112 10.8.0.4 22").as_deref(),
            Some("10.8.0.21")
        );
        assert_eq!(
            client("fe80::1%eth0 1 ::1 22").as_deref(),
            Some("fe80::1%eth0")
        );
        for wrong in ["", " ", "elsewhere 1 2 3", "\u{1b}[2J", "10.8.0.21.5 1"] {
            assert_eq!(client(wrong), None, "{wrong:?}");
        }
    }
}
