//! Final verdicts: whether there is a way back at all.

use crate::domain::place::{Class, Place, Provider};
use crate::domain::plan::{Location, Target};
use crate::domain::recipe::NoRecipe;
use crate::domain::{Discovery, Recipe, Stage, Verb};
use crate::readiness::ask::{Machine, Verdict, doubt, failed, judge, not_for, passed};
use crate::readiness::facts::{AzureVm, Item};

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
        AzureVm::Moved(to) => failed(format!(
            "nothing is where Site Recovery put the Azure VM; a VM of that name is {to}"
        )),
        AzureVm::Missing => doubt("the Azure VM is not there: deleted, or moved (ELIG-05)"),
    }
}

pub fn not_deleted(m: &Machine<'_>) -> Verdict {
    match m.azure_vm()? {
        AzureVm::There(_) => passed("the Azure VM exists"),
        AzureVm::Missing => failed("Azure knows no VM under the recorded id, nor of its name"),
        AzureVm::Moved(_) => {
            doubt("the Azure VM is not there; whether the one of its name is it is not proven")
        }
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

/// What a machine was before it ever failed over.
enum Origin {
    Vmware,
    Physical,
}

/// A vCenter that knew it is the proof of a VMware VM. That it was a physical server is said only
/// when its item says so and no vCenter knows it: the Azure side of every failed-over machine is
/// "Physical", too (asr-rest.md 13). An appliance lists no registrations; there the item's word
/// stands alone.
fn origin(m: &Machine<'_>) -> Option<Origin> {
    let item = m.item().ok()?;
    let said = m.deep().ok().and_then(|deep| deep.ties.discovery.as_ref());
    let classic = item.provider() == Provider::Classic;
    let listed = m.registrations().ok().filter(|_| classic);
    let by_vcenter = listed.is_some_and(|all| {
        all.iter()
            .any(|r| r.by_id && r.registration.discovery == Discovery::VCenter)
    });
    if said == Some(&Discovery::VCenter) || by_vcenter {
        return Some(Origin::Vmware);
    }
    let to_azure = matches!(item.class, Class::ClassicToAzure | Class::ModernisedToAzure);
    let certain = to_azure && (listed.is_some() || !classic);
    (said == Some(&Discovery::Physical) && certain).then_some(Origin::Physical)
}

pub fn physical_elsewhere(m: &Machine<'_>) -> Verdict {
    match origin(m) {
        Some(Origin::Vmware) => not_for("it was a VMware VM"),
        Some(Origin::Physical) => judge(
            matches!(m.protected()?.target.location(), Location::Alternate { .. }),
            "a physical server, to an alternate location",
            "a physical server cannot go to its original location",
        ),
        None => doubt("whether it was a physical server is not told"),
    }
}

/// What a version says: `Some(true)` for Windows Server 2008 R2.
fn is_2008_r2(version: &str) -> Option<bool> {
    let version = version.trim().to_lowercase();
    // Windows 7 and its server: NT 6.1.
    let old = version.contains("2008 r2") || version.split(' ').any(|w| w.starts_with("6.1."));
    (!version.is_empty()).then_some(old)
}

pub fn not_2008_r2_physical(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    let os = item.os.as_str().to_lowercase();
    if !os.is_empty() && !os.contains("windows") {
        return passed("it does not run Windows");
    }
    if matches!(origin(m), Some(Origin::Vmware)) {
        return passed("it was a VMware VM");
    }
    let item_says = m.deep()?.ties.os_version.as_str();
    let vm_says = m.instance().ok().map(|(instance, _)| instance.os.as_str());
    let versions = [Some(item_says), vm_says].map(|v| v.and_then(is_2008_r2));
    if versions.contains(&Some(false)) {
        return passed("it runs another Windows");
    }
    match (origin(m), versions.contains(&Some(true)), vm_says) {
        (Some(Origin::Physical), true, Some(_)) => failed("a physical Windows Server 2008 R2"),
        _ => doubt("its Windows version, or whether it was physical, is not told"),
    }
}

/// A generation that is known, that the plan was made for, and that this program carries out.
pub fn known_generation(m: &Machine<'_>) -> Verdict {
    let provider = m.item()?.provider();
    if let Provider::Other(name) = &provider {
        return failed(format!("{name} is no generation that this program knows"));
    }
    let word = provider.word();
    if let Some(protection) = m.whole.protection() {
        let planned = protection.machine(m.id).map(|machine| &machine.target);
        let fits = matches!(
            (planned, &provider),
            (Some(Target::Classic(_)), Provider::Classic)
                | (Some(Target::Modernised(_)), Provider::Modernised)
        );
        if !fits {
            return failed(format!("the plan's target is not for {word}"));
        }
    }
    match Recipe::of(m.whole.plan, m.id, &provider) {
        Err(none @ (NoRecipe::Unknown { .. } | NoRecipe::NotThere { .. })) => {
            failed(none.to_string())
        }
        _ => passed(word),
    }
}
