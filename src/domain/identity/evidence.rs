//! What speaks for a registration being the machine in Azure, or the one at home.

use serde::Serialize;

use super::candidate::{Candidate, Power};
use super::group::{Group, Member, Tie};
use super::host::Called;
use super::ranges::Ranges;
use super::reading::{AgentFile, Platform, Reading};
use crate::domain::place::Class;
use crate::domain::registration::Discovery;
use crate::domain::text::Text;

/// Which machine a registration is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    Azure,
    Home,
}

/// How far a piece of evidence goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Strength {
    /// The agent itself says so.
    Decisive,
    /// An id, or what only one of them can be.
    Strong,
    /// Usually so.
    Weak,
}

/// One piece of evidence about one registration. Its words hold no times: attestations are tied to
/// them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    pub rule: &'static str,
    pub strength: Strength,
    pub side: Side,
    pub words: Text,
}

/// What can be told of a registration, in the order of its strength.
pub struct Rule {
    pub name: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    pub strength: Strength,
    says: fn(&About<'_>) -> Option<(Side, String)>,
}

/// One registration among those of its group.
struct About<'a> {
    group: &'a Group,
    member: &'a Member,
    at_home: &'a Ranges,
}

use Side::{Azure, Home};
use Strength::{Decisive, Strong, Weak};

/// The rules, one a row. Two wait for who tells what they look at: the addresses of the VM, and when an
/// agent was heard of, which a configuration server tells.
pub const RULES: [Rule; 9] = [
    Rule {
        name: "file",
        source: "[000], DUP-02",
        strength: Decisive,
        says: file,
    },
    Rule {
        name: "binding",
        source: "asr-rest.md 3, 13",
        strength: Strong,
        says: binding,
    },
    Rule {
        name: "vcenter",
        source: "asr-rest.md 13",
        strength: Strong,
        says: vcenter,
    },
    Rule {
        name: "physical",
        source: "asr-rest.md 13",
        strength: Weak,
        says: physical,
    },
    Rule {
        name: "platform",
        source: "asr-rest.md 3, X-16",
        strength: Weak,
        says: platform,
    },
    Rule {
        name: "range",
        source: "[000], DUP-04",
        strength: Weak,
        says: range,
    },
    Rule {
        name: "address",
        source: "[000], DUP-04",
        strength: Weak,
        says: address,
    },
    Rule {
        name: "power",
        source: "asr-rest.md 3",
        strength: Weak,
        says: power,
    },
    Rule {
        name: "heartbeat",
        source: "cx-protocol.md 6.5",
        strength: Weak,
        says: heartbeat,
    },
];

/// What there is to say about a member of a group.
#[must_use]
pub fn weigh(group: &Group, member: &Member, at_home: &Ranges) -> Vec<Evidence> {
    let about = About {
        group,
        member,
        at_home,
    };
    let told = RULES.iter().filter_map(|rule| {
        let (side, words) = (rule.says)(&about)?;
        Some(Evidence {
            rule: rule.name,
            strength: rule.strength,
            side,
            words: words.into(),
        })
    });
    told.collect()
}

impl<'a> About<'a> {
    fn candidate(&self) -> &'a Candidate {
        &self.member.candidate
    }

    /// The newest file that the agent can read and that holds an id.
    fn file(&self) -> Option<(&'a Reading, &'a AgentFile)> {
        let mut files = self.group.files().into_iter();
        files.find(|(_, file)| file.refused_at.is_none() && file.called.id().is_some())
    }

    fn others(&self) -> impl Iterator<Item = &'a Candidate> {
        let own = self.candidate();
        let all = self.group.members.iter().map(|member| &*member.candidate);
        all.filter(move |other| !std::ptr::eq(*other, own))
    }
}

fn file(about: &About<'_>) -> Option<(Side, String)> {
    let (reading, file) = about.file()?;
    let (Called::Id(told), Called::Id(own)) = (&file.called, about.candidate().called()) else {
        return None;
    };
    let how = reading.source.words();
    if told == own {
        return Some((
            Azure,
            format!("the agent of the machine in Azure has this id ({how})"),
        ));
    }
    (!told.resembles(own)).then(|| {
        (
            Home,
            format!("the agent of the machine in Azure has another id ({how})"),
        )
    })
}

/// Before the reprotect the item is bound to the machine at home, afterwards to the one in Azure.
fn binding(about: &About<'_>) -> Option<(Side, String)> {
    if about.member.tie != Tie::Bound {
        return None;
    }
    match about.group.subject.class {
        Class::ClassicHome => Some((
            Azure,
            "the service replicates home from this registration".into(),
        )),
        Class::ClassicToAzure => Some((
            Home,
            "the service replicated to Azure from this registration".into(),
        )),
        _ => None,
    }
}

fn vcenter(about: &About<'_>) -> Option<(Side, String)> {
    let discovered = about.candidate().registration.discovery == Discovery::VCenter;
    discovered.then(|| {
        (
            Home,
            "a vCenter discovered it, and a vCenter sees the site alone".into(),
        )
    })
}

/// The side in Azure of every failed-over machine is "Physical", and so are physical machines at
/// home: it tells something beside one of a vCenter only.
fn physical(about: &About<'_>) -> Option<(Side, String)> {
    let own = about.candidate().registration.discovery == Discovery::Physical;
    let beside = about
        .others()
        .any(|other| other.registration.discovery == Discovery::VCenter);
    (own && beside).then(|| {
        (
            Azure,
            "no vCenter knows it, and one knows the other registration".into(),
        )
    })
}

/// What the service, or the agent itself, takes it for.
fn platform(about: &About<'_>) -> Option<(Side, String)> {
    let is = |word: &str| {
        let providers = &about.candidate().providers;
        providers
            .iter()
            .any(|provider| provider.as_str().eq_ignore_ascii_case(word))
    };
    match (is("InMage"), is("InMageAzureV2")) {
        (true, false) => return Some((Azure, "the service can replicate it home".into())),
        (false, true) => return Some((Home, "the service can replicate it to Azure".into())),
        _ => {}
    }
    let (_, file) = about.file()?;
    let own = about.candidate().called();
    let same = file.called.id().is_some() && file.called.id() == own.id();
    (same && file.platform == Platform::Azure)
        .then(|| (Azure, "its agent noticed that it runs in Azure".into()))
}

/// A machine may keep its address when it goes to Azure: this decides nothing alone.
fn range(about: &About<'_>) -> Option<(Side, String)> {
    if about.at_home.is_empty() {
        return None;
    }
    let addresses = about.candidate().addresses();
    let (first, inside) = (addresses.first()?, |a| about.at_home.around(a));
    let count = addresses.iter().filter(|a| inside(**a).is_some()).count();
    match count {
        0 => Some((
            Azure,
            format!("{first} lies in none of the ranges of the site"),
        )),
        n if n == addresses.len() => {
            let net = inside(*first)?;
            Some((Home, format!("{first} lies in the range {net} of the site")))
        }
        _ => None,
    }
}

fn address(about: &About<'_>) -> Option<(Side, String)> {
    let vm = &about.group.subject.addresses;
    let own = about.candidate().addresses();
    let shared = own.iter().find(|address| vm.contains(address))?;
    let elsewhere = about
        .others()
        .any(|other| other.addresses().contains(shared));
    (!elsewhere).then(|| (Azure, format!("{shared} is an address of the VM in Azure")))
}

fn power(about: &About<'_>) -> Option<(Side, String)> {
    match (about.candidate().power, about.group.subject.power) {
        (Power::Off, Power::On) => {
            Some((Home, "it is switched off, and the VM in Azure runs".into()))
        }
        (Power::On, Power::Off) => {
            Some((Home, "it is switched on, and the VM in Azure is not".into()))
        }
        _ => None,
    }
}

fn heartbeat(about: &About<'_>) -> Option<(Side, String)> {
    let (heard, failed_over) = (
        about.candidate().heartbeat?,
        about.group.subject.failed_over?,
    );
    Some(match heard > failed_over {
        true => (Azure, "its agent was heard of since the failover".into()),
        false => (Home, "its agent was not heard of since the failover".into()),
    })
}
