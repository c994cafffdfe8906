//! Final verdicts: whether there is a way back at all.

use crate::domain::place::{Class, Place, Provider};
use crate::domain::plan::{Location, Target};
use crate::domain::{Stage, Verb};
use crate::readiness::ask::{Machine, Verdict, doubt, failed, judge, not_for, passed};
use crate::readiness::facts::{AzureVm, Item, Origin};

pub fn runs_in_azure(m: &Machine<'_>) -> Verdict {
    match &m.item()?.place {
        Place::Azure => passed("it runs in Azure"),
        Place::OnPremises => failed("it runs on-premises"),
        Place::Unknown(why) => doubt(format!("where it runs is unknown: {why}")),
    }
}

pub fn came_from_the_ground(m: &Machine<'_>) -> Verdict {
    match &m.item()?.class {
        Class::Other(class) if class.as_str().eq_ignore_ascii_case("A2A") => {
            failed("it is protected from Azure to Azure")
        }
        Class::Other(class) => doubt(format!("the kind of protection {class} is not known")),
        _ => passed("it was protected on-premises"),
    }
}

/// Azure still offering a way home is the proof; a state that speaks of migration the contrary.
pub fn not_migrated(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    let home = [Verb::Protect, Verb::FailBack];
    if home.into_iter().any(|verb| item.next.offers(verb)) {
        return passed("Azure still offers the way home");
    }
    match &item.stage {
        Stage::Other(words) if words.as_str().to_lowercase().contains("migrat") => {
            failed(format!("its state is {words}"))
        }
        _ => doubt("Azure offers no way home at the moment and does not say why"),
    }
}

pub fn not_moved(m: &Machine<'_>) -> Verdict {
    match m.azure_vm()? {
        AzureVm::There(_) => passed("the Azure VM is where Site Recovery put it"),
        AzureVm::Moved(to) => failed(format!("the Azure VM is now {to}")),
        AzureVm::Missing => doubt("the Azure VM is not there: deleted, or moved"),
    }
}

pub fn not_deleted(m: &Machine<'_>) -> Verdict {
    match m.azure_vm()? {
        AzureVm::Missing => failed("Azure knows no VM under the recorded id"),
        AzureVm::There(_) | AzureVm::Moved(_) => passed("the Azure VM exists"),
    }
}

pub fn still_protected(m: &Machine<'_>) -> Verdict {
    let protected = matches!(m.maybe_item()?, Item::Protected(_));
    judge(
        protected,
        "it is protected",
        "the vault no longer protects it",
    )
}

pub fn physical_elsewhere(m: &Machine<'_>) -> Verdict {
    match m.deep()?.origin {
        Some(Origin::Vmware) => not_for("it was a VMware VM"),
        Some(Origin::Physical) => judge(
            matches!(m.protected()?.target.location(), Location::Alternate { .. }),
            "a physical server, to an alternate location",
            "a physical server cannot go to its original location",
        ),
        None => doubt("whether it was a physical server is not known"),
    }
}

pub fn not_2008_r2_physical(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    let os = item.os.as_str().to_lowercase();
    if !os.is_empty() && !os.contains("windows") {
        return passed("it does not run Windows");
    }
    let deep = m.deep()?;
    let version = deep.os_version.as_str().to_lowercase();
    let old = version.contains("2008 r2") || version.starts_with("6.1");
    match (deep.origin, version.is_empty()) {
        (Some(Origin::Vmware), _) => passed("it was a VMware VM"),
        (_, false) if !old => passed("it runs another Windows"),
        (Some(Origin::Physical), false) => failed("a physical Windows Server 2008 R2"),
        _ => doubt("its Windows version, or whether it was physical, is not known"),
    }
}

pub fn known_generation(m: &Machine<'_>) -> Verdict {
    let provider = m.item()?.provider();
    if let Provider::Other(name) = &provider {
        return failed(format!("{name} is no generation that this program knows"));
    }
    let Some(protection) = m.whole.protection() else {
        return passed(provider.word());
    };
    let planned = protection.machine(m.id).map(|machine| &machine.target);
    let fits = matches!(
        (planned, &provider),
        (Some(Target::Classic(_)), Provider::Classic)
            | (Some(Target::Modernised(_)), Provider::Modernised)
    );
    let word = provider.word();
    judge(fits, word, format!("the plan's target is not for {word}"))
}
