//! Disks, file systems, fstab, page files.

use super::{Lost, both, unknown};
use crate::domain::guest::compare::Outcome;
use crate::domain::guest::model::{Disk, FstabLine, Guest, Mount, System, Temporary, same_place};
use crate::domain::guest::record::Record;

/// Kinds of file systems that are made anew at each start.
const PASSING: &[&str] = &[
    "tmpfs", "devtmpfs", "squashfs", "overlay", "iso9660", "udf", "cdfs",
];

/// How fstab calls the temporary disk of Azure.
const OF_AZURE: &[&str] = &["/dev/disk/cloud/azure_resource", "/dev/disk/azure/resource"];

/// As many as before, without the temporary one, the same by their ids, and none offline: the policy for
/// new disks may leave them so.
pub(super) fn disks(_: &Record, before: &Guest, now: &Guest) -> Outcome {
    let (was, is) = match both("disks", &before.disks, &now.disks) {
        Ok(both) => both,
        Err(outcome) => return outcome,
    };
    let Some(temporary) = before.temporary.as_deref() else {
        return unknown("which of its disks was the temporary one was not recorded");
    };
    let lent_now = now.temporary.as_deref().unwrap_or_default();
    let was: Vec<&Disk> = was.iter().filter(|d| !is_lent(temporary, d)).collect();
    let is_count = is.len().saturating_sub(lent_now.len());
    let is: Vec<&Disk> = is.iter().filter(|d| !is_lent(lent_now, d)).collect();
    let mut lost = Vec::new();
    if is_count < was.len() {
        lost.push(Lost::Disk {
            was: was.len(),
            now: is_count,
        });
    }
    let nameless = |all: &[&Disk]| all.iter().filter(|d| d.id.is_empty()).count();
    let (nameless_was, nameless_is) = (nameless(&was), nameless(&is));
    let gone = |d: &&&Disk| !d.id.is_empty() && is.iter().all(|now| now.id != d.id);
    let gone: Vec<&Disk> = was.iter().filter(gone).copied().collect();
    // One more that tells no id now may be the one that told it before.
    if nameless_is <= nameless_was {
        lost.extend(gone.iter().map(|d| Lost::DiskGone((*d).clone())));
    }
    // One that was offline before is as somebody wanted it.
    let wanted = |now: &&&Disk| {
        !was.iter().any(|d| {
            d.online == Some(false)
                && match now.id.as_str() {
                    "" => d.name == now.name,
                    id => d.id.as_str() == id,
                }
        })
    };
    let on = is.iter().filter(wanted);
    let off = on.clone().filter(|d| d.online == Some(false));
    lost.extend(off.map(|d| Lost::Offline {
        disk: d.name.clone(),
    }));
    let open = on.filter(|d| d.online.is_none()).count();
    match lost.is_empty() {
        false => Outcome::of(lost),
        true if !gone.is_empty() || nameless_is < nameless_was => {
            unknown("not every disk tells its id, then and now: one may be another than it was")
        }
        true if open > 0 => unknown("whether every disk is online is not told"),
        true => Outcome::Same,
    }
}

fn is_lent(temporary: &[Temporary], disk: &Disk) -> bool {
    let name = |t: &Temporary| t.disk.as_str().trim_start_matches("/dev/") == disk.name.as_str();
    temporary.iter().any(name)
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
    let mut open = Vec::new();
    for mount in was.iter().filter(kept) {
        let at = |m: &&Mount| same_place(m.at.as_str(), mount.at.as_str());
        let same = |m: &&Mount| !mount.id.is_empty() && m.id == mount.id;
        let there = is.iter().find(at);
        match (there.map(|m| is_same(mount, m)), is.iter().find(same)) {
            (Some(Some(true)), _) => {}
            (Some(None), _) => open.push(mount.at.as_str()),
            (_, Some(moved)) if before.system == System::Windows => lost.push(Lost::Letter {
                id: mount.id.clone(),
                was: mount.at.clone(),
                now: moved.at.clone(),
            }),
            _ => lost.push(Lost::Mount(mount.clone())),
        }
    }
    match (lost.is_empty(), &open[..]) {
        (true, [_, ..]) => unknown(format!(
            "whether what is at {} is what was there is not told",
            open.join(", ")
        )),
        _ => Outcome::of(lost),
    }
}

/// Whether it is the same file system: by its id, and where none has one, as those of a network, by where
/// it comes from. `None`: that is not told.
fn is_same(was: &Mount, now: &Mount) -> Option<bool> {
    match (was.id.is_empty(), now.id.is_empty()) {
        (false, false) => Some(was.id == now.id),
        (true, true) if family(was) != family(now) => Some(false),
        (true, true) if stays(was.source.as_str()) && stays(now.source.as_str()) => {
            Some(was.source == now.source)
        }
        _ => None,
    }
}

/// What a kind is called, whichever version of it two machines agreed upon.
fn family(mount: &Mount) -> &str {
    match mount.kind.as_str() {
        "nfs4" => "nfs",
        "smb3" => "cifs",
        kind => kind,
    }
}

/// Whether a source is called the same after a restart: `sdb1` may be another disk then.
fn stays(source: &str) -> bool {
    let by_number = source.starts_with("/dev/") && !source.starts_with("/dev/mapper/");
    !source.is_empty() && !by_number
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
