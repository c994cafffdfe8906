//! The temporary disk that Azure lends a VM: how it stands, and the script that takes it out of use, so
//! that it is not protected along \[000\].
//!
//! A script runs in a VM alone: a look that answers was made after whatever was begun before it.
//! Nothing is taken that is not proven to be the disk that Azure lends, or that something uses: the look
//! says why, and a person decides.

mod scripts;
#[cfg(test)]
mod tests;

use scripts::{LOOK_POWERSHELL, LOOK_SH, STATE_POWERSHELL, STATE_SH, TAKE_POWERSHELL, TAKE_SH};

use super::run_command::{NotRun, Shell, script_call};
use super::send::Arm;
use crate::domain::call::GuestOs;
use crate::domain::{ArmId, Call, Text};

const MARK: &str = "failback-temporary-disk/1";

/// Most characters of a disk's id.
const MOST_ID: usize = 64;

/// How the temporary disk stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemporaryDisk {
    /// The VM has none.
    None,
    /// Windows: offline. Linux: mounted nowhere, and not paged to.
    Offline,
    /// Proven to be it, and nothing uses it.
    Online {
        /// What it is recognised by once it is offline.
        id: Text,
        /// Its letter, or where it is mounted.
        at: Text,
    },
    /// It is not taken: something uses it, or it is not proven to be the one that Azure lends.
    Kept(Text),
    Unknown(Text),
}

impl Arm {
    /// How the temporary disk of a VM stands. `known` is its id, where it was seen online before.
    ///
    /// # Errors
    /// Why nothing could be looked at.
    pub async fn temporary_disk(
        &self,
        vm: &ArmId,
        os: GuestOs,
        known: Option<&str>,
    ) -> Result<TemporaryDisk, NotRun> {
        let (shell, script) = match os {
            GuestOs::Windows => {
                let known = known.filter(|id| is_plain(id)).unwrap_or_default();
                let script = format!("{STATE_POWERSHELL}{LOOK_POWERSHELL}");
                (Shell::PowerShell, script.replace("{id}", known))
            }
            GuestOs::Linux => (Shell::Sh, format!("{STATE_SH}{LOOK_SH}")),
        };
        let printed = self.run_script(vm, shell, &script).await?;
        Ok(read(&printed.out).unwrap_or_else(|| {
            let complaint = match printed.err.is_empty() {
                true => String::new(),
                false => format!("; it complained: {}", printed.err),
            };
            let words = format!("the script printed nothing that it should have{complaint}");
            TemporaryDisk::Unknown(words.into())
        }))
    }
}

fn read(printed: &str) -> Option<TemporaryDisk> {
    let mut lines = printed.lines().rev();
    let line = lines.find_map(|line| line.trim().strip_prefix(MARK))?;
    let mut words = line.split_whitespace();
    let state = words.next()?;
    let mut text = || bounded(words.next().unwrap_or_default());
    Some(match state {
        "none" => TemporaryDisk::None,
        "offline" if is_plain(text().as_str()) => TemporaryDisk::Offline,
        "offline" => {
            TemporaryDisk::Unknown("it is offline, and has no id to recognise it by".into())
        }
        "online" => {
            let (id, at) = (text(), text());
            match is_plain(id.as_str()) {
                true => TemporaryDisk::Online { id, at },
                false => {
                    TemporaryDisk::Unknown("it is online, and has no id to recognise it by".into())
                }
            }
        }
        "kept" => {
            let (why, _, what) = (text(), text(), text());
            TemporaryDisk::Kept(kept(why.as_str(), &what))
        }
        _ => return None,
    })
}

fn bounded(word: &str) -> Text {
    word.chars().take(120).collect::<String>().into()
}

/// Why it is not taken, in words.
fn kept(why: &str, what: &Text) -> Text {
    let words = match why {
        "paging" => format!("it is paged to ({what}): let the system page elsewhere first"),
        "mounted" => format!("it is mounted at {what}, where Azure mounts no temporary disk"),
        "holds" => format!("{what} is on it, which Azure did not put there"),
        "held" => format!("{what} is built on it"),
        "several" => "more than one disk is where Azure puts the temporary one".into(),
        "model" => "the disk at its place is not one of Azure's virtual disks".into(),
        "link" => "the system's own link to it names another disk".into(),
        "nvme" => "it is an NVMe disk, which is not taken out of use by a script".into(),
        "place" => "no disk is where Azure puts the temporary one, and it is not certain that there is none".into(),
        "marks" => format!("the disk at its place ({what}) does not bear both the name 'Temporary Storage' and Azure's warning file"),
        "volumes" => "it has no volume with a letter, or more than one".into(),
        "id" => "it has no id to recognise it by".into(),
        "other" => "it is not the disk that was seen before".into(),
        "unread" => "what uses it could not be read".into(),
        "tools" => format!("the machine has no {what}, which the script needs"),
        _ => "the script says something that is not known here".into(),
    };
    words.into()
}

/// The call that takes it out of use.
pub(super) fn take(vm: &ArmId, os: GuestOs, disk: &Text) -> Call {
    // An id that is not plain makes a script that finds no disk.
    let id = match is_plain(disk.as_str()) {
        true => disk.as_str(),
        false => "none",
    };
    match os {
        GuestOs::Windows => {
            let script = format!("{STATE_POWERSHELL}{TAKE_POWERSHELL}");
            script_call(vm, Shell::PowerShell, &script.replace("{id}", id))
        }
        GuestOs::Linux => script_call(
            vm,
            Shell::Sh,
            &format!("{STATE_SH}{TAKE_SH}").replace("{id}", id),
        ),
    }
}

/// Which disk a call takes out of use, if it is such a one: told by the call alone, as a journal keeps it.
#[must_use]
pub fn taken_disk(call: &Call) -> Option<Text> {
    let body: serde_json::Value = serde_json::from_str(call.body.as_deref()?).ok()?;
    let lines = body.get("script")?.as_array()?;
    let mut lines = lines.iter().filter_map(serde_json::Value::as_str);
    let id = lines.find_map(|line| line.strip_prefix("# failback-temporary-disk/1 take "))?;
    is_plain(id).then(|| id.into())
}

/// Whether it may stand in a script.
fn is_plain(id: &str) -> bool {
    let ok = |c: char| c.is_ascii_alphanumeric() || "{}-".contains(c);
    !id.is_empty() && id.len() <= MOST_ID && !id.starts_with('-') && id.chars().all(ok)
}
