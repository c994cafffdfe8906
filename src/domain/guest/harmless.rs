//! What of a guest's own files may be kept: never a password.
//!
//! The scripts leave out what may hold one; here it is left out once more, because what comes from a
//! machine is whatever the machine wants.

/// Mount options that hold nothing but themselves.
const PLAIN: &[&str] = &[
    "defaults",
    "auto",
    "noauto",
    "rw",
    "ro",
    "nofail",
    "_netdev",
    "user",
    "users",
    "nouser",
    "owner",
    "group",
    "exec",
    "noexec",
    "suid",
    "nosuid",
    "dev",
    "nodev",
    "sync",
    "async",
    "atime",
    "noatime",
    "relatime",
    "strictatime",
    "nodiratime",
    "discard",
    "nodiscard",
    "acl",
    "noacl",
    "user_xattr",
    "barrier",
    "nobarrier",
    "usrquota",
    "grpquota",
    "quota",
    "noquota",
    "prjquota",
    "bind",
    "rbind",
    "sw",
    "swap",
    "hard",
    "soft",
    "intr",
    "nointr",
    "tcp",
    "udp",
    "nolock",
    "x-systemd.automount",
    "x-systemd.makefs",
    "x-systemd.growfs",
];

/// Options whose value is a number or a word that opens nothing.
const VALUED: &[&str] = &[
    "pri",
    "size",
    "mode",
    "uid",
    "gid",
    "umask",
    "fmask",
    "dmask",
    "errors",
    "data",
    "commit",
    "subvol",
    "subvolid",
    "compress",
    "vers",
    "nfsvers",
    "proto",
    "rsize",
    "wsize",
    "timeo",
    "retrans",
    "sec",
    "x-systemd.requires",
    "x-systemd.device-timeout",
    "x-systemd.mount-timeout",
    "x-systemd.idle-timeout",
    "x-systemd.after",
    "x-systemd.before",
    "comment",
];

/// Whether a mount option may be kept as it is.
#[must_use]
pub fn option_is_harmless(option: &str) -> bool {
    match option.split_once('=') {
        None => PLAIN.contains(&option),
        Some(("comment", value)) => value == "cloudconfig" || value.starts_with("systemd."),
        Some((name, value)) => VALUED.contains(&name) && value.len() <= 64,
    }
}

/// Names before a `=` that say what a source is.
const NAMES: &[&str] = &["UUID", "LABEL", "PARTUUID", "PARTLABEL", "ID"];

/// A source without what may let somebody in: an account (`https://NAME:PASSWORD@host/x`), what comes
/// after a `?`, and what is given by a name that is not known.
#[must_use]
pub fn without_account(source: &str) -> String {
    let (source, asked) = match source.split_once('?') {
        Some((before, _)) => (before, "?..."),
        None => (source, ""),
    };
    match source.split_once('=') {
        Some((name, _)) if !NAMES.contains(&name) => "...".into(),
        _ => without_name(source) + asked,
    }
}

fn without_name(source: &str) -> String {
    // What stands before the last @ of the first part that has a slash after it may be an account.
    let Some((before, after)) = source.rsplit_once('@') else {
        return source.to_owned();
    };
    match before.find("//") {
        Some(at) => format!("{}//...@{after}", &before[..at]),
        None => format!("...@{after}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_kept() {
        for option in [
            "password=x",
            "pass=x",
            "credentials=/root/c",
            "username=a",
            "uid=0,password=x",
            "x",
        ] {
            let kept = option.split(',').all(option_is_harmless);
            assert!(!kept, "{option}");
        }
        for option in [
            "defaults",
            "nofail",
            "pri=5",
            "errors=remount-ro",
            "comment=cloudconfig",
        ] {
            assert!(option_is_harmless(option), "{option}");
        }
        for (source, kept) in [
            ("/dev/sdb1", "/dev/sdb1"),
            ("UUID=1-2", "UUID=1-2"),
            ("//nas/share", "//nas/share"),
            ("//me:pw@nas/share", "//...@nas/share"),
            ("https://me:p@w@dav.example/x", "https://...@dav.example/x"),
            ("me:pw@host:/x", "...@host:/x"),
            ("https://a.example/c?sv=1&sig=S", "https://a.example/c?..."),
            (
                "https://u:p@a.example/c?sig=S",
                "https://...@a.example/c?...",
            ),
            ("token=abc", "..."),
            ("s3fs#key=abc:/x", "..."),
            ("LABEL=data", "LABEL=data"),
        ] {
            assert_eq!(without_account(source), kept);
        }
    }
}
