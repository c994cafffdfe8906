//! Disks, file systems, fstab, page files.

use super::{Lost, both, unknown};
use crate::domain::guest::compare::Outcome;
use crate::domain::guest::model::{FstabLine, Guest, Mount, System, same_place};
use crate::domain::guest::record::Record;

/// Kinds of file systems that are made anew at each start.
const PASSING: &[&str] = &[
    "tmpfs", "devtmpfs", "squashfs", "overlay", "iso9660", "udf", "cdfs",
];

/// How fstab calls the temporary disk of Azure.
const OF_AZURE: &[&str] = &["/dev/disk/cloud/azure_resource", "/dev/disk/azure/resource"];

/// As many as before, without the temporary one, and none offline: the policy for new disks may leave
/// them so.
pub(super) fn disks(_: &Record, before: &Guest, now: &Guest) -> Outcome {
    let (was, is) = match both("disks", &before.disks, &now.disks) {
        Ok(both) => both,
        Err(outcome) => return outcome,
    };
    let Some(temporary) = before.temporary.as_deref() else {
        return unknown("which of its disks was the temporary one was not recorded");
    };
    let lent = |name: &str| {
        temporary
            .iter()
            .any(|t| t.disk.as_str().trim_start_matches("/dev/") == name)
    };
    let was: Vec<_> = was.iter().filter(|d| !lent(d.name.as_str())).collect();
    let lent_now = now.temporary.as_deref().unwrap_or_default().len();
    let is_count = is.len().saturating_sub(lent_now);
    let mut lost = Vec::new();
    if is_count < was.len() {
        lost.push(Lost::Disk {
            was: was.len(),
            now: is_count,
        });
    }
    let off = is.iter().filter(|d| d.online == Some(false));
    // One that was offline before is as somebody wanted it.
    let wanted = |id: &str, name: &str| {
        was.iter().any(|d| {
            d.online == Some(false)
                && match id {
                    "" => d.name.as_str() == name,
                    id => d.id.as_str() == id,
                }
        })
    };
    let off = off.filter(|d| !wanted(d.id.as_str(), d.name.as_str()));
    lost.extend(off.map(|d| Lost::Offline {
        disk: d.name.clone(),
    }));
    Outcome::of(lost)
}

/// Each where it was; the temporary disk's is not missed.
pub(super) fn mounts(_: &Record, before: &Guest, now: &Guest) -> Outcome {
    let (was, is) = match both("mounted file systems", &before.mounts, &now.mounts) {
        Ok(both) => both,
        Err(outcome) => return outcome,
    };
    let kept =
        |m: &&Mount| !before.is_temporary(m.at.as_str()) && !PASSING.contains(&m.kind.as_str());
    let mut lost = Vec::new();
    for mount in was.iter().filter(kept) {
        let at = |m: &&Mount| same_place(m.at.as_str(), mount.at.as_str());
        let same = |m: &&Mount| !mount.id.is_empty() && m.id == mount.id;
        match (is.iter().find(at), is.iter().find(same)) {
            // The same place, and nothing says that another file system is there.
            (Some(there), _)
                if there.id == mount.id || there.id.is_empty() || mount.id.is_empty() => {}
            (_, Some(moved)) if before.system == System::Windows => lost.push(Lost::Letter {
                id: mount.id.clone(),
                was: mount.at.clone(),
                now: moved.at.clone(),
            }),
            _ => lost.push(Lost::Mount(mount.clone())),
        }
    }
    Outcome::of(lost)
}

/// Line by line, told apart by where they mount. A line that names the temporary disk hinders the
/// start at home unless it may fail.
pub(super) fn fstab(_: &Record, before: &Guest, now: &Guest) -> Outcome {
    let (was, is) = match both("lines of fstab", &before.fstab, &now.fstab) {
        Ok(both) => both,
        Err(outcome) => return outcome,
    };
    let of_azure = |l: &FstabLine| {
        OF_AZURE
            .iter()
            .any(|own| l.source.as_str().starts_with(own))
    };
    let mut lost = Vec::new();
    for line in was.iter().filter(|l| !of_azure(l)) {
        let same = |l: &&FstabLine| match line.at.as_str() {
            "none" | "swap" | "" => l.source == line.source,
            at => l.at.as_str() == at,
        };
        match is.iter().find(same) {
            None => lost.push(Lost::Fstab(line.clone())),
            Some(now) if now != line => lost.push(Lost::FstabChanged {
                was: line.clone(),
                now: now.clone(),
            }),
            Some(_) => {}
        }
    }
    let may_fail = |l: &FstabLine| {
        l.options
            .as_str()
            .split(',')
            .any(|o| o == "nofail" || o == "noauto")
    };
    let left = is.iter().filter(|l| of_azure(l) && !may_fail(l));
    lost.extend(left.cloned().map(Lost::FstabOfAzure));
    Outcome::of(lost)
}

/// What was paged to on the temporary disk is gone with it.
pub(super) fn paging(_: &Record, before: &Guest, now: &Guest) -> Outcome {
    let (was, is) = match both("page files or swap", &before.paging, &now.paging) {
        Ok(both) => both,
        Err(outcome) => return outcome,
    };
    let gone = was.iter().filter(|p| !is.contains(p));
    // Where something is paged to, the system found itself another place.
    match is.is_empty() {
        true => Outcome::of(gone.cloned().map(Lost::Paging).collect()),
        false => Outcome::Same,
    }
}
