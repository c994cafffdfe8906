//! Recovery points and their age.

use jiff::Timestamp;
use serde::Serialize;

use super::ids::ArmId;
use super::plan::AzurePoint;
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

/// Why there is no point of the kind that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPoint {
    #[error("it has no recovery point")]
    None,
    #[error("none of its {0} recovery points is application-consistent")]
    NoApplication(usize),
    #[error("the times of its recovery points are not told, so that nobody knows the newest")]
    NoTimes,
    #[error("the chosen recovery point is not there any more: {0}")]
    Gone(Text),
}

/// The point that `wanted` means among those that are there now; `None` is the latest, which Azure
/// makes when it is asked (asr-rest.md 13). Points without an id cannot be asked for.
///
/// # Errors
/// Where there is none of the kind.
pub fn resolve<'a>(
    points: &'a [RecoveryPoint],
    wanted: &AzurePoint,
) -> Result<Option<&'a RecoveryPoint>, NoPoint> {
    match wanted {
        AzurePoint::Latest => Ok(None),
        AzurePoint::LatestProcessed => newest(points).map(Some),
        AzurePoint::LatestApplication => {
            let of_applications: Vec<&RecoveryPoint> = points
                .iter()
                .filter(|point| point.consistency == Consistency::Application)
                .collect();
            match (points.len(), of_applications.len()) {
                (0, _) => Err(NoPoint::None),
                (all, 0) => Err(NoPoint::NoApplication(all)),
                _ => newest(of_applications).map(Some),
            }
        }
        AzurePoint::Custom { id, .. } => {
            let same = |point: &&RecoveryPoint| point.id.as_ref() == Some(id);
            let found = points.iter().find(same);
            found
                .map(Some)
                .ok_or_else(|| NoPoint::Gone(id.name().into()))
        }
    }
}

/// The newest of them: the times may be hours off, and all alike (asr-rest.md 13).
///
/// # Errors
/// Where there is none, or no time is told.
pub fn newest<'a>(
    points: impl IntoIterator<Item = &'a RecoveryPoint>,
) -> Result<&'a RecoveryPoint, NoPoint> {
    let mut any = false;
    let named = points.into_iter().filter(|point| point.id.is_some());
    let timed = named.inspect(|_| any = true).filter(|p| p.time.is_some());
    let newest = timed.max_by_key(|point| point.time);
    newest.ok_or(match any {
        true => NoPoint::NoTimes,
        false => NoPoint::None,
    })
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

    fn point(name: &str, second: Option<i64>, consistency: Consistency) -> RecoveryPoint {
        RecoveryPoint {
            id: ArmId::parse(&format!("/vaults/v/recoveryPoints/{name}")),
            name: name.into(),
            time: second.and_then(|second| Timestamp::from_second(second).ok()),
            consistency,
            multi_vm: false,
        }
    }

    fn chosen(points: &[RecoveryPoint], wanted: &AzurePoint) -> Result<Option<String>, NoPoint> {
        let found = resolve(points, wanted)?;
        Ok(found.map(|point| point.name.to_string()))
    }

    #[test]
    fn each_choice_means_one_point_of_those_that_are_there() {
        use Consistency::{Application, Crash};
        let points = [
            point("old", Some(10), Application),
            point("new", Some(30), Crash),
            point("mid", Some(20), Application),
            point("timeless", None, Application),
        ];
        let is = |name: &str| Ok(Some(name.to_owned()));
        let id = |name: &str| {
            points[0]
                .id
                .clone()
                .map(|id| ArmId::parse(&id.as_str().to_uppercase().replace("OLD", name)).unwrap())
        };
        let custom = |name: &str| AzurePoint::Custom {
            id: id(name).unwrap(),
            time: None,
        };
        assert_eq!(chosen(&points, &AzurePoint::Latest), Ok(None));
        assert_eq!(chosen(&points, &AzurePoint::LatestProcessed), is("new"));
        assert_eq!(chosen(&points, &AzurePoint::LatestApplication), is("mid"));
        assert_eq!(chosen(&points, &custom("TIMELESS")), is("timeless"));
        let gone = chosen(&points, &custom("GONE")).unwrap_err();
        assert!(gone.to_string().contains("not there any more"), "{gone}");
    }

    #[test]
    fn where_no_point_is_of_the_kind_none_is_made_up() {
        let crash = [point("a", Some(1), Consistency::Crash)];
        let timeless = [point("a", None, Consistency::Crash)];
        let processed = AzurePoint::LatestProcessed;
        let application = AzurePoint::LatestApplication;
        assert_eq!(chosen(&[], &processed), Err(NoPoint::None));
        assert_eq!(chosen(&[], &application), Err(NoPoint::None));
        assert_eq!(chosen(&crash, &application), Err(NoPoint::NoApplication(1)));
        assert_eq!(chosen(&timeless, &processed), Err(NoPoint::NoTimes));
        let nameless = [RecoveryPoint {
            id: None,
            ..crash[0].clone()
        }];
        assert_eq!(chosen(&nameless, &processed), Err(NoPoint::None));
        assert_eq!(chosen(&[], &AzurePoint::Latest), Ok(None));
    }

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
