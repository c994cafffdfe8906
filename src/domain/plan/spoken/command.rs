//! A command as a person writes it in one line: what is not as usual about it stands before the
//! program, as in `limit=20 well=0,3 else=stop /usr/local/bin/dns-switch "web 01"`.

use super::minutes;
use crate::domain::plan::order::{Caller, Hook, Otherwise};
use crate::domain::text::Text;

impl Hook {
    /// Reads a command from its words.
    ///
    /// # Errors
    /// In words: what cannot be read, and what can be written.
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let (options, command) = split(words);
        let mut hook = Self::new(program(command)?);
        for (name, value, shown) in options {
            match name {
                "limit" => hook.limit = minutes(value, &shown)?,
                "well" => hook.well = codes(value, &shown)?,
                "else" => hook.otherwise = otherwise(value, &shown)?,
                _ => {
                    return Err(format!(
                        "\"{shown}\": before the program can stand limit=MINUTES, well=CODES and \
                         else=ask, else=go-on or else=stop"
                    ));
                }
            }
        }
        Ok(hook)
    }

    /// The words that read as this.
    #[must_use]
    pub fn spoken(&self) -> Vec<String> {
        let usual = Self::new(Vec::new());
        let mut words = Vec::new();
        if self.limit != usual.limit {
            words.push(format!("limit={}", self.limit.0));
        }
        if self.well != usual.well {
            let codes: Vec<String> = self.well.iter().map(ToString::to_string).collect();
            words.push(format!("well={}", codes.join(",")));
        }
        match self.otherwise {
            Otherwise::Ask => {}
            Otherwise::GoOn => words.push("else=go-on".into()),
            Otherwise::Stop => words.push("else=stop".into()),
        }
        words.extend(self.command.iter().cloned());
        words
    }
}

impl Caller {
    /// Reads the command that calls a person from its words.
    ///
    /// # Errors
    /// In words: what cannot be read, and what can be written.
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let (options, command) = split(words);
        let mut caller = Self::new(program(command)?);
        for (name, value, shown) in options {
            match name {
                "limit" => caller.limit = minutes(value, &shown)?,
                "every" => caller.every = minutes(value, &shown)?,
                _ => {
                    return Err(format!(
                        "\"{shown}\": before the program can stand limit=MINUTES and every=MINUTES"
                    ));
                }
            }
        }
        Ok(caller)
    }

    /// The words that read as this.
    #[must_use]
    pub fn spoken(&self) -> Vec<String> {
        let usual = Self::new(Vec::new());
        let mut words = Vec::new();
        if self.limit != usual.limit {
            words.push(format!("limit={}", self.limit.0));
        }
        if self.every != usual.every {
            words.push(format!("every={}", self.every.0));
        }
        words.extend(self.command.iter().cloned());
        words
    }
}

/// The words of a line, as a shell would part them; nothing else of a shell is done.
///
/// # Errors
/// A quote that is not closed.
pub fn words(line: &str) -> Result<Vec<String>, String> {
    shell_words::split(line).map_err(|_| "a quote in it is not closed".into())
}

/// The line that has these words.
#[must_use]
pub fn line<W: AsRef<str>>(words: &[W]) -> String {
    let one = |word: &W| {
        let word = word.as_ref();
        match shell_words::split(word).as_deref() {
            Ok([same]) if same == word => word.to_owned(),
            _ => shell_words::quote(word).into_owned(),
        }
    };
    words.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// What stands before the program, by name, value and as it was written; and the rest. A program
/// whose own name has such a form is given by its path.
fn split(words: &[String]) -> (Vec<(&str, &str, Text)>, &[String]) {
    let option = |word: &String| {
        let (name, _) = word.split_once('=')?;
        let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase());
        plain.then_some(())
    };
    let many = words.iter().take_while(|w| option(w).is_some()).count();
    let (before, command) = words.split_at(many);
    let options = before.iter().filter_map(|word| {
        let (name, value) = word.split_once('=')?;
        Some((name, value, Text::from(word.as_str())))
    });
    (options.collect(), command)
}

fn program(command: &[String]) -> Result<Vec<String>, String> {
    match command.first() {
        Some(program) if !program.trim().is_empty() => Ok(command.to_vec()),
        _ => Err("name the program to be run".into()),
    }
}

fn codes(raw: &str, shown: &Text) -> Result<Vec<u8>, String> {
    let codes: Option<Vec<u8>> = raw
        .split(',')
        .map(|code| code.trim().parse().ok())
        .collect();
    codes.ok_or_else(|| format!("\"{shown}\": write exit codes from 0 to 255 with commas, as 0,3"))
}

fn otherwise(raw: &str, shown: &Text) -> Result<Otherwise, String> {
    match raw.to_ascii_lowercase().as_str() {
        "ask" => Ok(Otherwise::Ask),
        "go-on" | "goon" => Ok(Otherwise::GoOn),
        "stop" => Ok(Otherwise::Stop),
        _ => Err(format!(
            "\"{shown}\": write else=ask, else=go-on or else=stop"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::Minutes;

    #[test]
    fn a_command_reads_as_it_is_written() {
        for written in [
            "check-erp",
            "limit=20 well=0,3 else=stop /usr/local/bin/dns-switch web-01",
            "else=go-on tell 'everybody is home' '' it\\'s X=1",
            "/opt/limit=1 limit=2",
        ] {
            let read = Hook::parse(&words(written).unwrap()).unwrap();
            let again = line(&read.spoken());
            assert_eq!(Hook::parse(&words(&again).unwrap()).unwrap(), read);
            assert_eq!(words(&again).unwrap(), words(written).unwrap());
        }
        let hook = Hook::parse(&words("limit=20 well=0,3 else=stop a b=c").unwrap()).unwrap();
        assert_eq!(hook.command, ["a", "b=c"]);
        assert_eq!((hook.limit, hook.well), (Minutes(20), vec![0, 3]));
        assert_eq!(hook.otherwise, Otherwise::Stop);
        let caller = Caller::parse(&words("every=5 page 'the admin'").unwrap()).unwrap();
        assert_eq!(caller.every, Minutes(5));
        assert_eq!(line(&caller.spoken()), "every=5 page 'the admin'");
    }

    #[test]
    fn what_cannot_be_read_of_a_command_says_what_can_be_written() {
        for (written, part) in [
            ("limit=soon a", "whole number of minutes"),
            ("well=0,256 a", "exit codes from 0 to 255"),
            ("well= a", "exit codes from 0 to 255"),
            ("else=panic a", "else=ask"),
            ("every=5 a", "before the program can stand limit=MINUTES"),
            ("limit=5", "name the program"),
            ("''", "name the program"),
        ] {
            let why = Hook::parse(&words(written).unwrap()).unwrap_err();
            assert!(why.contains(part), "{written}: {why}");
        }
        let why = Caller::parse(&words("else=stop a").unwrap()).unwrap_err();
        assert!(why.contains("every=MINUTES"), "{why}");
        assert!(words("a 'b").is_err());
    }
}
