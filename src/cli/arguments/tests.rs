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
fn every_action_in_the_readme_can_be_said_so() {
    let lines = README
        .lines()
        .filter(|line| line.starts_with("failback do "));
    let mut said = 0;
    for line in lines {
        let words = line.split('#').next().unwrap_or_default();
        let words = words.split_whitespace();
        let parsed = Arguments::try_parse_from(words);
        assert!(
            matches!(
                parsed,
                Ok(Arguments {
                    command: Some(Command::Do(_)),
                    ..
                })
            ),
            "{line}"
        );
        said += 1;
    }
    assert!(said > 5, "{said}");
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
