//! Whether what is launched here outlives the session it is launched from, or systemd ends it when
//! its user logs out (logind.conf(5), systemd-run(1), loginctl(1)).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::Person;

/// Most bytes of a file of settings.
const MOST_BYTES: u64 = 256 << 10;
/// Where settings of logind are, the strongest first.
const FOLDERS: [&str; 4] = [
    "etc/systemd",
    "run/systemd",
    "usr/local/lib/systemd",
    "usr/lib/systemd",
];

/// Whether a run outlives the logging out of whoever launches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outlives {
    Yes,
    /// It is ended then; why, and what helps.
    No {
        why: String,
        remedy: String,
    },
    /// Nobody here can tell; what could not be found out.
    Unknown(String),
}

impl Outlives {
    /// `yes`, `no` or `unknown`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No { .. } => "no",
            Self::Unknown(_) => "unknown",
        }
    }

    /// What there is to say about it, a sentence each; nothing where it does.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Yes => Vec::new(),
            Self::No { why, remedy } => vec![why.clone(), remedy.clone()],
            Self::Unknown(why) => vec![why.clone()],
        }
    }
}

/// Whether a process that is started here, now, outlives its session. Reads a few small files.
#[must_use]
pub fn outlives() -> Outlives {
    read(Path::new("/")).judge()
}

/// What decides it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Surroundings {
    /// The user's name; `None` where it is not known.
    user: Option<String>,
    root: bool,
    /// Of this process, as `/proc/self/cgroup` names it.
    group: String,
    settings: Settings,
    /// Whether the user's own manager stays when they log out.
    lingers: Option<bool>,
}

/// What logind is told to do with the processes of a session that ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Settings {
    /// `KillUserProcesses`; `None` where no file tells, and it is as the system was built.
    kill: Option<bool>,
    /// `KillOnlyUsers`.
    only: Vec<String>,
    /// `KillExcludeUsers`; `None` is root.
    exclude: Option<Vec<String>>,
}

impl Surroundings {
    fn judge(&self) -> Outlives {
        let mut places = self.group.split('/');
        let session = |place: &str| place.starts_with("session-") && place.ends_with(".scope");
        let manager = |place: &str| place.starts_with("user@") && place.ends_with(".service");
        if places.clone().any(manager) {
            // A scope of the user's own manager: it goes with that.
            return match self.lingers {
                Some(true) => Outlives::Yes,
                Some(false) => Outlives::No {
                    why: "It is ended when you log out everywhere: systemd stops what belongs to you then."
                        .into(),
                    remedy: "Keep it, also now: loginctl enable-linger".into(),
                },
                None => Outlives::Unknown(
                    "Whether it outlives your logging out is not known here (loginctl show-user \
                     --property=Linger); loginctl enable-linger makes sure that it does."
                        .into(),
                ),
            };
        }
        if !places.any(session) || self.is_spared() {
            return Outlives::Yes;
        }
        let remedy = "loginctl enable-linger && systemd-run --user --scope failback ...";
        match self.settings.kill {
            Some(false) => Outlives::Yes,
            Some(true) => Outlives::No {
                why: "It is ended when you log out: systemd ends all that a session started \
                      (KillUserProcesses=yes)."
                    .into(),
                remedy: format!(
                    "Launch it outside the session instead ({remedy}), or go on with it when you are \
                     back: failback runs resume last"
                ),
            },
            None => Outlives::Unknown(format!(
                "Whether it outlives your logging out is not known here (KillUserProcesses of \
                 logind.conf); this makes sure that it does: {remedy}"
            )),
        }
    }

    /// Whether the settings leave this user's processes alone.
    fn is_spared(&self) -> bool {
        let named = |users: &[String]| {
            let user = self.user.as_deref();
            users.iter().any(|one| Some(one.as_str()) == user)
        };
        let excluded = match &self.settings.exclude {
            Some(users) => named(users),
            None => self.root,
        };
        let only = &self.settings.only;
        excluded || (!only.is_empty() && self.user.is_some() && !named(only))
    }
}

impl Settings {
    /// Takes the lines of a file, which count more than those before them.
    fn take(&mut self, text: &str) {
        for line in text.lines().map(str::trim) {
            // A file of a distribution shows what the system was built with, as a comment.
            if let Some(built) = line.strip_prefix('#') {
                if let Some(("KillUserProcesses", value)) = pair(built)
                    && self.kill.is_none()
                {
                    self.kill = truth(value);
                }
                continue;
            }
            let Some((name, value)) = pair(line) else {
                continue;
            };
            let users = || value.split_whitespace().map(str::to_owned).collect();
            match name {
                "KillUserProcesses" => self.kill = truth(value).or(self.kill),
                "KillOnlyUsers" => self.only = users(),
                "KillExcludeUsers" => self.exclude = Some(users()),
                _ => {}
            }
        }
    }
}

fn pair(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    Some((name.trim(), value.trim()))
}

/// A boolean as systemd reads it (systemd.syntax(7)).
fn truth(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "1" | "yes" | "y" | "true" | "t" | "on" => Some(true),
        "0" | "no" | "n" | "false" | "f" | "off" => Some(false),
        _ => None,
    }
}

/// Reads what decides it below `root`. What cannot be read is not known.
fn read(root: &Path) -> Surroundings {
    let uid = rustix::process::getuid();
    let group = small(&root.join("proc/self/cgroup")).unwrap_or_default();
    // One hierarchy: `0::/user.slice/...`; several: the one that systemd named.
    let own = |line: &&str| line.starts_with("0::/") || line.contains(":name=systemd:");
    let group = group.lines().find(own).unwrap_or_default().to_owned();
    let user = small(&root.join("etc/passwd")).ok();
    let user = user
        .and_then(|users| Person::listed(&users, uid.as_raw()))
        // It becomes a part of a path.
        .filter(|name| !name.contains('/'));
    let mut settings = Settings::default();
    for file in files(root) {
        if let Ok(text) = small(&file) {
            settings.take(&text);
        }
    }
    let lingers = user.as_ref().and_then(|user| {
        let file = root.join("var/lib/systemd/linger").join(user);
        file.try_exists().ok()
    });
    Surroundings {
        user,
        root: uid.is_root(),
        group,
        settings,
        lingers,
    }
}

/// The files with settings of logind, the weakest first: one main file, then the parts by their
/// names, of which the strongest folder's counts.
fn files(root: &Path) -> Vec<PathBuf> {
    let main = FOLDERS
        .iter()
        .map(|folder| root.join(folder).join("logind.conf"));
    let main = main.into_iter().find(|file| file.is_file());
    let mut parts = std::collections::BTreeMap::new();
    for folder in FOLDERS.iter().rev() {
        let Ok(entries) = fs::read_dir(root.join(folder).join("logind.conf.d")) else {
            continue;
        };
        for entry in entries.filter_map(Result::ok) {
            if entry.path().extension().is_some_and(|ext| ext == "conf") {
                parts.insert(entry.file_name(), entry.path());
            }
        }
    }
    main.into_iter().chain(parts.into_values()).collect()
}

fn small(file: &Path) -> io::Result<String> {
    use std::io::Read;
    let mut text = String::new();
    fs::File::open(file)?
        .take(MOST_BYTES)
        .read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: &str = "0::/user.slice/user-1000.slice/session-3.scope";
    const SCOPE: &str = "0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-r1.scope";

    fn ada(group: &str, settings: &[&str]) -> Surroundings {
        let mut all = Surroundings {
            user: Some("ada".into()),
            group: group.into(),
            ..Surroundings::default()
        };
        settings.iter().for_each(|text| all.settings.take(text));
        all
    }

    #[test]
    fn what_a_session_started_is_ended_with_it_when_logind_is_told_so() {
        for (settings, word) in [
            (&["KillUserProcesses=yes"][..], "no"),
            (&["[Login]\n KillUserProcesses = 1 "], "no"),
            (&["KillUserProcesses=no"], "yes"),
            (&["KillUserProcesses=yes", "KillUserProcesses=no"], "yes"),
            (&["#KillUserProcesses=no"], "yes"),
            (&["#KillUserProcesses=yes"], "no"),
            (&["#KillUserProcesses=no", "KillUserProcesses=yes"], "no"),
            (&["KillUserProcesses=yes", "#KillUserProcesses=no"], "no"),
            (&["KillUserProcesses=yes\nKillExcludeUsers=root ada"], "yes"),
            (&["KillUserProcesses=yes\nKillExcludeUsers=kim"], "no"),
            (&["KillUserProcesses=yes\nKillOnlyUsers=kim"], "yes"),
            (&["KillUserProcesses=yes\nKillOnlyUsers=kim ada"], "no"),
            (&["KillUserProcesses=perhaps"], "unknown"),
            (&[], "unknown"),
        ] {
            assert_eq!(ada(SESSION, settings).judge().word(), word, "{settings:?}");
        }
    }

    #[test]
    fn root_is_left_alone_unless_the_settings_say_otherwise() {
        let kill = "KillUserProcesses=yes";
        let mut root = ada(SESSION, &[kill]);
        (root.root, root.user) = (true, Some("root".into()));
        assert_eq!(root.judge(), Outlives::Yes);
        root.settings.take("KillExcludeUsers=ada");
        assert_eq!(root.judge().word(), "no");
    }

    #[test]
    fn what_belongs_to_the_users_own_manager_stays_only_when_they_linger() {
        for (lingers, word) in [(Some(true), "yes"), (Some(false), "no"), (None, "unknown")] {
            let mut ada = ada(SCOPE, &["KillUserProcesses=no"]);
            ada.lingers = lingers;
            assert_eq!(ada.judge().word(), word);
        }
    }

    #[test]
    fn what_is_in_no_session_outlives_every_one() {
        for group in [
            "",
            "0::/",
            "0::/system.slice/cron.service",
            "0::/docker/3f2a",
        ] {
            let settings = ["KillUserProcesses=yes"];
            assert_eq!(ada(group, &settings).judge(), Outlives::Yes, "{group}");
        }
    }

    #[test]
    fn the_remedy_leaves_the_session() {
        let killed = ada(SESSION, &["KillUserProcesses=yes"]).judge();
        let words = killed.lines().join(" ");
        assert!(words.contains("systemd-run --user --scope"), "{words}");
        assert!(words.contains("loginctl enable-linger"), "{words}");
        assert!(words.contains("failback runs resume"), "{words}");
    }

    #[test]
    fn the_strongest_folder_and_the_last_name_count() {
        let root = tempfile::tempdir().unwrap();
        let put = |file: &str, text: &str| {
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        put("proc/self/cgroup", &format!("12:cpu:/\n{SESSION}\n"));
        let word = || read(root.path()).settings.kill;
        assert_eq!(word(), None);
        put("usr/lib/systemd/logind.conf", "#KillUserProcesses=yes");
        assert_eq!(word(), Some(true));
        put("etc/systemd/logind.conf", "#KillUserProcesses=no");
        assert_eq!(word(), Some(false));
        put(
            "usr/lib/systemd/logind.conf.d/50-kill.conf",
            "KillUserProcesses=yes",
        );
        assert_eq!(word(), Some(true));
        put(
            "etc/systemd/logind.conf.d/50-kill.conf",
            "KillUserProcesses=no",
        );
        assert_eq!(word(), Some(false));
        put(
            "run/systemd/logind.conf.d/60-kill.conf",
            "KillUserProcesses=yes",
        );
        assert_eq!(word(), Some(true));
        assert_eq!(read(root.path()).group, SESSION);
    }
}
