//! Who did something, for the record.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::Text;

/// A person as this machine knows them. Not proven: whoever may write the run's folder may write
/// any name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Person {
    /// The user, and the one behind sudo; or who they said they are (`--as`).
    pub name: Text,
    /// The host on which they sat.
    pub host: Text,
    /// The address from which they came to it: of their SSH client. `None` where they sat at it, or
    /// nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Text>,
}

impl Person {
    /// The name of a user in a list of users as `/etc/passwd` is one (passwd(5)).
    #[must_use]
    pub fn listed(users: &str, uid: u32) -> Option<String> {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            let own = fields.nth(1)?.parse() == Ok(uid);
            (own && !name.is_empty()).then(|| name.to_owned())
        })
    }
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.is_empty() {
            true => self.name.fmt(f)?,
            false => write!(f, "{} on {}", self.name, self.host)?,
        }
        match &self.from {
            Some(from) => write!(f, " from {from}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_known_by_number_where_the_session_does_not_tell() {
        let users = "root:x:0:0:root:/root:/bin/sh\nbroken\nada:x:1000:1000::/home/ada:/bin/sh\n";
        assert_eq!(Person::listed(users, 1000).as_deref(), Some("ada"));
        assert_eq!(Person::listed(users, 7), None);
    }
}
