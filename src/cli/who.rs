//! Who sits here, for the record.

use crate::domain::{Person, Text};

/// The person at this machine: who they say they are, else the user, and the one behind sudo.
pub fn person(said: Option<&str>) -> Person {
    let variable = |name: &str| std::env::var(name).ok().filter(|v| !v.trim().is_empty());
    let user = variable("USER").or_else(|| variable("LOGNAME"));
    let user = user.unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()));
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
