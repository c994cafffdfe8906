//! Recovery points and their age.

use jiff::Timestamp;
use serde::Serialize;

use super::ids::ArmId;
use super::text::Text;

/// How consistent a recovery point is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Consistency {
    Crash,
    Application,
    Other(Text),
}

/// One recovery point of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryPoint {
    /// What a failover to Azure names it by; `None` for those that stand in the item itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ArmId>,
    pub name: Text,
    /// `None` when the service's time cannot be trusted.
    pub time: Option<Timestamp>,
    pub consistency: Consistency,
    /// Common to the machines of a replication group.
    pub multi_vm: bool,
}

/// The time inside a classic tag: its last eight hexadecimal digits are seconds since 1970. The
/// times beside the tags lie about the zone by hours (asr-rest.md 13).
#[must_use]
pub fn tag_time(tag: &str) -> Option<Timestamp> {
    let digits = tag.get(tag.len().checked_sub(8)?..)?;
    let seconds = u32::from_str_radix(digits, 16).ok()?;
    Timestamp::from_second(i64::from(seconds)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_tells_its_own_time() {
        assert_eq!(
            tag_time("fileSystem606c46c6").unwrap().to_string(),
            "2021-04-06T11:32:22Z"
        );
        assert_eq!(tag_time("short"), None);
        assert_eq!(tag_time("no-digits-here"), None);
    }
}
