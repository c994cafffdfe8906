//! The service's times as people here read them: local, with the zone's name.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `09:14 CET`.
#[must_use]
pub fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M %Z").to_string()
}

/// `2021-04-06 13:32:10 CEST`.
#[must_use]
pub fn moment(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone())
        .strftime("%Y-%m-%d %H:%M:%S %Z")
        .to_string()
}

/// `09:14`.
#[must_use]
pub fn minutes(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// `13:32:10`.
#[must_use]
pub fn seconds(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// Seconds from `from` to `to`.
#[must_use]
pub fn between(from: Timestamp, to: Timestamp) -> i64 {
    to.as_second() - from.as_second()
}
