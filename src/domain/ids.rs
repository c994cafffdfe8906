//! Names that services give to things. They compare the way the service compares them.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// An ARM resource id (`/subscriptions/.../vaults/v/replicationFabrics/f`). Compares without
/// regard to case: answers start `/Subscriptions/`, requests `/subscriptions/` (asr-rest.md 0).
#[derive(Clone)]
pub struct ArmId(Box<str>);

impl ArmId {
    /// Most bytes of an id that is taken; Azure's own limit lies far below.
    const MOST: usize = 2048;

    /// Takes an id from outside. `None` for what could not stand in a request path: not starting
    /// with `/`, too long, or holding controls, blanks, `?`, `#`, `\` or a `..` segment.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let bad =
            |c: char| c.is_control() || c.is_whitespace() || matches!(c, '?' | '#' | '\\' | '%');
        let safe = raw.starts_with('/')
            && raw.len() > 1
            && raw.len() <= Self::MOST
            && !raw.contains(bad)
            && raw
                .split('/')
                .skip(1)
                .all(|part| !part.is_empty() && part != "." && part != "..");
        safe.then(|| Self(raw.into()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment: the resource's own name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The name of the segment `kind`: `segment("vaults")`.
    #[must_use]
    pub fn segment(&self, kind: &str) -> Option<&str> {
        self.pairs()
            .find(|(known, _, _)| known.eq_ignore_ascii_case(kind))
            .map(|(_, name, _)| name)
    }

    /// Everything up to and including the name of the segment `kind`: the id of the vault, fabric
    /// or container in which this resource lies.
    #[must_use]
    pub fn up_to(&self, kind: &str) -> Option<Self> {
        let (_, _, end) = self
            .pairs()
            .find(|(known, _, _)| known.eq_ignore_ascii_case(kind))?;
        self.0.get(..end).map(|id| Self(id.into()))
    }

    /// Kind, name, and where the name ends. Ids are made of such pairs throughout
    /// (`providers/Microsoft.RecoveryServices` is one), so that a resource group may be called
    /// `vaults` without being taken for a kind.
    fn pairs(&self) -> impl Iterator<Item = (&str, &str, usize)> {
        let mut parts = self.0.split('/').skip(1);
        let mut end = 0;
        std::iter::from_fn(move || {
            let (kind, name) = (parts.next()?, parts.next()?);
            end += kind.len() + name.len() + 2;
            Some((kind, name, end))
        })
    }
}

impl PartialEq for ArmId {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for ArmId {}

impl Hash for ArmId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
    }
}

impl fmt::Display for ArmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ArmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl Serialize for ArmId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ArmId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Self::parse(&raw).ok_or_else(|| de::Error::custom("this is no Azure resource id"))
    }
}

/// The name of a Site Recovery job: the id that stands in `replicationJobs/<id>`, in the
/// operation's status address and in `x-ms-request-id` (asr-rest.md 0.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JobId(Box<str>);

impl TryFrom<String> for JobId {
    type Error = &'static str;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw).ok_or("this is no job's name")
    }
}

impl From<JobId> for String {
    fn from(job: JobId) -> Self {
        job.0.into()
    }
}

impl JobId {
    /// Takes a job name from outside: 1 to 128 characters of letters, digits, `-`, `_`, `.`;
    /// the word `None` stands for "no job" in answers.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let ok = !raw.is_empty()
            && raw.len() <= 128
            && raw
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            && !raw.eq_ignore_ascii_case("none");
        ok.then(|| Self(raw.to_ascii_lowercase().into()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What we send as `x-ms-client-request-id`: the first half of the activity id of the job that the
/// call starts (asr-rest.md 12), and so the proof that a job is ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RequestId(Uuid);

impl RequestId {
    /// Made once at random for this purpose; another one would make every run's ids others.
    const NAMESPACE: Uuid = Uuid::from_u128(0x3c5b_90d4_18e7_4f02_b6aa_4d93_e2f1_507c);

    /// The id of one attempt at one step of one machine of a run: known again from the journal
    /// alone, also when the record of it was lost.
    #[must_use]
    pub fn derived(run: &str, machine: &ArmId, step: &str, attempt: u32) -> Self {
        let machine = machine.as_str().to_ascii_lowercase();
        let name = format!("{run}\n{machine}\n{step}\n{attempt}");
        Self(Uuid::new_v5(&Self::NAMESPACE, name.as_bytes()))
    }

    /// A fresh id, for a call that nobody will have to find again after a crash.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// Whether a job's `activityId` names this request: `<request id> ActivityId: <correlation>`.
    #[must_use]
    pub fn started(self, activity_id: &str) -> bool {
        let own = self.0.hyphenated().to_string();
        activity_id
            .get(..own.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(&own))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_compare_without_case() {
        assert_eq!(
            ArmId::parse("/Subscriptions/A/vaults/V"),
            ArmId::parse("/subscriptions/a/vaults/v")
        );
    }

    #[test]
    fn the_vault_of_an_item_is_its_head() {
        let id = ArmId::parse(
            "/subscriptions/s/resourceGroups/vaults/providers/x/Vaults/v/replicationFabrics/f",
        )
        .unwrap();
        assert_eq!(id.segment("vaults"), Some("v"));
        assert_eq!(
            id.up_to("vaults").unwrap().as_str(),
            "/subscriptions/s/resourceGroups/vaults/providers/x/Vaults/v"
        );
        assert_eq!(id.name(), "f");
        assert_eq!(id.segment("resourceGroups"), Some("vaults"));
        assert_eq!(id.segment("f"), None);
    }

    #[test]
    fn what_could_redirect_a_request_is_no_id() {
        for raw in [
            "",
            "/",
            "a/b",
            "/a/../b",
            "/a?x=1",
            "/a b",
            "/a\u{1b}[m",
            "//host/a",
            "/a%2e%2e/b",
        ] {
            assert!(ArmId::parse(raw).is_none(), "{raw:?}");
        }
    }

    #[test]
    fn a_job_is_ours_when_its_activity_begins_with_our_id() {
        let ours = RequestId::random();
        assert!(ours.started(&format!(
            "{} ActivityId: x",
            ours.to_string().to_uppercase()
        )));
        assert!(!ours.started(&RequestId::random().to_string()));
        assert!(!ours.started(""));
    }
}
