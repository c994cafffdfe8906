//! What README says can be said.

use clap::{CommandFactory, Parser};

use super::{Arguments, Command, word};
use crate::domain::Verb;

const README: &str = include_str!("../../../README.md");

#[test]
fn every_command_and_flag_is_sound() {
    Arguments::command().debug_assert();
}

#[test]
fn every_command_in_the_readme_can_be_said_so() {
    // A head is longer than a line.
    let whole = README.replace("\\\n", " ");
    let whole = whole.replace("9f2c...", &"9f2c".repeat(16));
    let mut said = 0;
    for line in whole.lines().filter(|line| line.starts_with("failback ")) {
        let command = line.split(['#', '>']).next().unwrap_or_default();
        let words = shell_words::split(command).unwrap();
        if let Err(error) = Arguments::try_parse_from(words) {
            panic!("{line}: {error}");
        }
        said += 1;
    }
    assert!(said > 20, "{said}");
}

#[test]
fn the_readme_says_how_many_rules_there_are() {
    let rules = crate::readiness::catalogue::rows().count();
    assert!(
        README.contains(&format!("{rules} rules are judged")),
        "{rules}"
    );
}

#[test]
fn the_readme_says_what_every_mark_behind_a_rule_stands_for() {
    for (mark, title) in crate::domain::citation::CITED {
        assert!(README.contains(&format!("| {mark} | {title} |")), "{mark}");
    }
    let rows = crate::readiness::catalogue::rows();
    for mark in rows.flat_map(|row| row.sources) {
        assert!(crate::domain::citation::title(mark).is_some(), "{mark}");
    }
}

#[test]
fn each_verb_is_said_as_everywhere_and_stands_in_the_readme() {
    for verb in Verb::CARRIED {
        let word = word(verb).unwrap();
        let needs = ["--point", "latest", "--network", "n"];
        let needs = match verb {
            Verb::ChangeRecoveryPoint => &needs[..2],
            Verb::TestFailover => &needs[2..],
            _ => &[],
        };
        let words = [&["failback", "do", word, "web-01"][..], needs].concat();
        let parsed = Arguments::try_parse_from(words).unwrap();
        let Some(Command::Do(options)) = parsed.command else {
            panic!("{word}");
        };
        assert_eq!(options.verb.verb(), verb);
        assert!(README.contains(&format!("`{word}`")), "{word}");
    }
}
