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
    }
}

/// The user's name as this machine lists it.
fn listed(uid: u32) -> Option<String> {
    let file = File::open("/etc/passwd").ok()?;
    let mut users = String::new();
    file.take(1 << 20).read_to_string(&mut users).ok()?;
    named(&users, uid)
}

fn named(users: &str, uid: u32) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let own = fields.nth(1)?.parse() == Ok(uid);
        (own && !name.is_empty()).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_known_by_number_where_the_session_does_not_tell() {
        let users = "root:x:0:0:root:/root:/bin/sh\nbroken\nada:x:1000:1000::/home/ada:/bin/sh\n";
        assert_eq!(named(users, 1000).as_deref(), Some("ada"));
        assert_eq!(named(users, 7), None);
    }
}
