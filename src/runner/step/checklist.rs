//! What to look at on a machine before anybody vouches for it: the plan's list first, then what holds
//! for every machine of its kind. Pure.

use crate::domain::{Generation, Text};

/// The lines, at least one.
pub(super) fn checks(own: &[Text], generation: Generation, os: &Text, at_home: bool) -> Vec<Text> {
    let mut all: Vec<Text> = own.to_vec();
    let mut add = |words: &str| all.push(words.into());
    add("Its application works, tried as its users use it");
    add("Its newest data is there: the last entries from before it was switched over");
    match family(os) {
        Some(Family::Windows) => add(
            "Logged on at its console: the event log tells of no disk that is offline, and its services run",
        ),
        Some(Family::Linux) => add(
            "Logged on at its console: every file system of /etc/fstab is mounted, and systemctl --failed is empty",
        ),
        None => add("Logged on at its console: its disks are there, and its services run"),
    }
    if !at_home {
        add("Its address and its name in DNS lead to the VM in Azure");
        return all;
    }
    add("Its address and its name in DNS lead home, and not to the VM in Azure");
    match generation {
        Generation::Classic | Generation::Modernised => {
            add("Its network adapters are connected in vCenter, to the right port groups");
        }
        Generation::HyperV => {
            add("Its network adapters are on the right virtual switch of the Hyper-V host [003]");
        }
    }
    add("The VM in Azure is stopped (deallocated) [001]");
    all
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Windows,
    Linux,
}

/// What is not named is not known.
fn family(os: &Text) -> Option<Family> {
    let os = os.as_str().to_ascii_lowercase();
    match () {
        () if os.contains("windows") => Some(Family::Windows),
        () if os.contains("linux") => Some(Family::Linux),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(generation: Generation, os: &str, at_home: bool) -> String {
        let all = checks(
            &["the shop takes an order".into()],
            generation,
            &os.into(),
            at_home,
        );
        let all: Vec<&str> = all.iter().map(Text::as_str).collect();
        all.join("\n")
    }

    #[test]
    fn what_the_plan_wants_looked_at_comes_first() {
        let all = list(Generation::Classic, "", true);
        assert!(all.starts_with("the shop takes an order\n"), "{all}");
    }

    #[test]
    fn each_generation_and_system_has_its_own_checks_and_an_unknown_one_neither() {
        let windows = list(Generation::HyperV, "Windows", true);
        assert!(
            windows.contains("event log") && windows.contains("virtual switch"),
            "{windows}"
        );
        let linux = list(Generation::Modernised, "LINUX", true);
        assert!(
            linux.contains("/etc/fstab") && linux.contains("vCenter"),
            "{linux}"
        );
        let unknown = list(Generation::Classic, "", true);
        assert!(
            !unknown.contains("fstab") && !unknown.contains("event log"),
            "{unknown}"
        );
        let azure = list(Generation::Classic, "Linux", false);
        assert!(
            !azure.contains("vCenter") && !azure.contains("deallocated"),
            "{azure}"
        );
    }
}
