//! What is waited for after a cut-over, as a person writes it in one line:
//! `heartbeat; tcp sql-01:1433; http https://erp/health 204; delay 5; confirm do the clerks work?`.

mod command;

pub use command::{line, words};

use super::order::Ready;
use super::recovery::Minutes;
use crate::domain::text::Text;

/// After which a person is asked, where the line does not say.
const USUAL: Minutes = Minutes(30);

/// Longest wait that still makes sense, in minutes: a week.
const MOST: u32 = 7 * 24 * 60;

impl Ready {
    /// Reads such a line. `within 10` behind a wait is its limit in minutes.
    ///
    /// # Errors
    /// In words: which part cannot be read, and what can be written.
    pub fn parse_all(line: &str) -> Result<Vec<Self>, String> {
        let parts = line.split(';').map(str::trim);
        parts.filter(|part| !part.is_empty()).map(parse).collect()
    }

    /// The line that reads as this.
    #[must_use]
    pub fn spoken(all: &[Self]) -> String {
        all.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}

fn one(ready: &Ready) -> String {
    let words = match ready {
        Ready::Heartbeat { .. } => "heartbeat".to_owned(),
        Ready::Tcp { host, port, .. } => format!("tcp {host}:{port}"),
        Ready::Http {
            url, status: 200, ..
        } => format!("http {url}"),
        Ready::Http { url, status, .. } => format!("http {url} {status}"),
        Ready::Delay(minutes) => format!("delay {}", minutes.0),
        Ready::Confirm(words) => format!("confirm {words}"),
    };
    match ready.limit() {
        Some(limit) if limit != USUAL => format!("{words} within {}", limit.0),
        _ => words,
    }
}

fn parse(part: &str) -> Result<Ready, String> {
    let shown = Text::from(part);
    let (word, rest) = part.split_once(char::is_whitespace).unwrap_or((part, ""));
    if word == "confirm" {
        return sound(Ready::Confirm(rest.trim().into()), &shown);
    }
    let (rest, limit) = match rest.rsplit_once("within ") {
        Some((rest, limit)) => (rest.trim(), minutes(limit, &shown)?),
        None => (rest.trim(), USUAL),
    };
    let ready = match word {
        "heartbeat" if rest.is_empty() => Ready::Heartbeat { limit },
        "tcp" => {
            let both = rest.rsplit_once(':');
            let both = both.and_then(|(host, port)| Some((host, port.parse().ok()?)));
            let (host, port) = both.ok_or_else(|| format!("\"{shown}\": write tcp HOST:PORT"))?;
            Ready::Tcp {
                host: host.into(),
                port,
                limit,
            }
        }
        "http" => {
            let (url, status) = match rest.split_once(char::is_whitespace) {
                None => (rest, Some(200)),
                Some((url, status)) => (url, status.trim().parse().ok()),
            };
            let status = status.ok_or_else(|| format!("\"{shown}\": write http URL STATUS"))?;
            Ready::Http {
                url: url.into(),
                status,
                limit,
            }
        }
        "delay" => Ready::Delay(minutes(rest, &shown)?),
        _ => {
            return Err(format!(
                "\"{shown}\" is no wait: heartbeat, tcp HOST:PORT, http URL, delay MINUTES or \
                 confirm WORDS, with ; between them"
            ));
        }
    };
    sound(ready, &shown)
}

fn sound(ready: Ready, shown: &Text) -> Result<Ready, String> {
    match ready.fault() {
        None => Ok(ready),
        Some(why) => Err(format!("\"{shown}\" {why}")),
    }
}

fn minutes(raw: &str, shown: &Text) -> Result<Minutes, String> {
    let minutes = raw.trim().parse().ok().filter(|m| (1..=MOST).contains(m));
    minutes
        .map(Minutes)
        .ok_or_else(|| format!("\"{shown}\": write a whole number of minutes, 1 to {MOST}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_as_it_is_written() {
        for line in [
            "",
            "heartbeat",
            "heartbeat within 45; tcp sql-01:1433; http https://erp/health 204 within 5",
            "delay 5; confirm do the clerks see their orders, all of them?",
            "tcp fd00::1:443; http http://10.0.0.1/",
        ] {
            let read = Ready::parse_all(line).unwrap();
            assert_eq!(Ready::spoken(&read), line);
        }
        let read = Ready::parse_all("tcp a:1 within 7;").unwrap();
        assert_eq!(read[0].limit(), Some(Minutes(7)));
    }

    #[test]
    fn what_cannot_be_read_says_what_can_be_written() {
        for (line, part) in [
            ("ping a", "heartbeat, tcp HOST:PORT"),
            ("tcp a", "tcp HOST:PORT"),
            ("tcp a:0", "port 0"),
            ("http ftp://a", "no address"),
            ("http https://a x", "http URL STATUS"),
            ("delay soon", "whole number of minutes"),
            ("heartbeat within 0", "whole number of minutes"),
            ("confirm", "asks a person nothing"),
        ] {
            let why = Ready::parse_all(line).unwrap_err();
            assert!(why.contains(part), "{line}: {why}");
        }
    }
}
