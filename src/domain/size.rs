//! Sizes and spans that know how to print themselves.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number of bytes.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        let mut value = self.0 as f64;
        let mut unit = 0;
        while value >= 1024.0 && unit + 1 < UNITS.len() {
            value /= 1024.0;
            unit += 1;
        }
        let text = if unit == 0 || value >= 100.0 || value.fract() < 0.05 {
            format!("{value:.0} {}", UNITS[unit])
        } else {
            format!("{value:.1} {}", UNITS[unit])
        };
        f.pad(&text)
    }
}

/// A span in words a column holds: `40 s`, `12 min`, `3 h`, `19 days`.
#[must_use]
pub fn span(seconds: i64) -> String {
    let s = seconds.max(0);
    match s {
        0..=119 => format!("{s} s"),
        120..=7199 => format!("{} min", s / 60),
        7200..=172_799 => format!("{} h", s / 3600),
        _ => format!("{} days", s / 86_400),
    }
}

/// A span as a clock shows it: `0:42`, `4:02`, `1:10:00`.
#[must_use]
pub fn clock(seconds: i64) -> String {
    let s = seconds.max(0);
    match s {
        0..=3599 => format!("{}:{:02}", s / 60, s % 60),
        _ => format!("{}:{:02}:{:02}", s / 3600, s % 3600 / 60, s % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_like_a_person_says_them() {
        assert_eq!(Bytes(0).to_string(), "0 B");
        assert_eq!(Bytes(32_212_254_720).to_string(), "30 GiB");
        assert_eq!(Bytes(1_610_612_736).to_string(), "1.5 GiB");
        assert_eq!(Bytes(u64::MAX).to_string(), "16384 PiB");
    }

    #[test]
    fn spans_read_like_a_person_says_them() {
        assert_eq!(span(40), "40 s");
        assert_eq!(span(660), "11 min");
        assert_eq!(span(19 * 86_400), "19 days");
        assert_eq!(span(-5), "0 s");
        assert_eq!(clock(242), "4:02");
    }
}
