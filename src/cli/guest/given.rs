//! What the command line gives: a machine by its name, and what the script printed in one.

use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use crate::agent::guest::{MOST_BYTES, unwrap};
use crate::agent::{Remote, Ssh};
use crate::cli::named::{Names, the_one};
use crate::cli::output::Complaint;
use crate::domain::guest::Guest;
use crate::domain::{Machine, Text};

pub async fn by_ssh(machine: &Machine, host: &str, deadline: Duration) -> Result<Guest, Text> {
    let remote = match machine.os.as_str().to_ascii_lowercase().contains("windows") {
        true => Remote::PowerShell,
        false => Remote::Sh,
    };
    let read = Ssh::new(deadline).guest(host, remote).await;
    read.map_err(|trouble| trouble.to_string().into())
}

/// What the script printed. A file that cannot be read is a mistake of the command line; one that holds
/// something else tells nothing.
pub fn from_file(path: &Path) -> Result<Result<Guest, Text>, Complaint> {
    let most = MOST_BYTES as u64 * 2;
    let mut bytes = Vec::new();
    let read = match path == Path::new("-") {
        true => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
        false => std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)),
    };
    read.map_err(|error| {
        let what = format!("{} cannot be read: {error}.", path.display());
        Complaint::usage(what, "Name a readable file.")
    })?;
    let printed = text(&bytes);
    Ok(unwrap(&printed).map_err(|why| why.to_string().into()))
}

/// PowerShell writes UTF-16 when its output goes to a file.
fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => {
            let units = rest
                .chunks_exact(2)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            char::decode_utf16(units)
                .map(|c| c.unwrap_or('\u{fffd}'))
                .collect()
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The one machine of that name, or with that protected item.
pub fn machine<'a>(all: &'a [Machine], name: &str) -> Result<&'a Machine, Complaint> {
    let none = format!("No machine is called {name:?}.");
    the_one(all, name, Names::both, (none, "See `failback machines`."))
}

pub fn pair(given: &str) -> Result<(&str, &str), Complaint> {
    let found = given
        .split_once('=')
        .filter(|(name, of)| !name.is_empty() && !of.is_empty());
    found.ok_or_else(|| {
        Complaint::usage(
            format!("'{given}' does not say of which machine."),
            "Say MACHINE=...",
        )
    })
}
