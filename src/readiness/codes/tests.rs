use std::collections::HashSet;

use super::*;
use crate::domain::Level;

#[test]
fn no_code_stands_twice_and_every_row_can_be_found() {
    let mut seen = HashSet::new();
    for row in table::TABLE {
        assert!(!row.codes.is_empty() || !row.phrases.is_empty(), "{row:?}");
        assert!(!row.now.is_empty() && !row.sources.is_empty(), "{row:?}");
        for code in row.codes {
            assert!(seen.insert(code.to_lowercase()), "{code} stands twice");
            assert!(std::ptr::eq(by_code(code).unwrap(), row), "{code}");
        }
        for phrase in row.phrases {
            assert_eq!(*phrase, phrase.to_lowercase(), "phrases are lower case");
            assert!(std::ptr::eq(by_words(phrase).unwrap(), row), "{phrase}");
        }
    }
}

#[test]
fn sentences_are_sentences() {
    for row in table::TABLE {
        for text in row.now.iter().chain([&row.means]) {
            assert!(text.ends_with('.'), "{text}");
            assert!(text.starts_with(|c: char| c.is_uppercase()), "{text}");
        }
    }
}

#[test]
fn what_nobody_knows_is_not_made_up() {
    // No trustworthy text says what these mean (error-codes.md).
    for code in ["", "95217", "90069", "78007", "150097", "153001", "153035"] {
        assert!(by_code(code).is_none(), "{code}");
    }
    let silent = Failure::new("Could not commit.", "", Retry::AfterFixing);
    assert!(explain(&silent).is_none());
}

#[test]
fn a_missing_agent_is_known_by_its_words_alone() {
    let problem = Problem {
        level: Level::Error,
        code: "".into(),
        message: "Protection failed: the Agent is not installed on the machine.".into(),
        causes: "".into(),
        remedy: "".into(),
        since: None,
        activity_id: "".into(),
    };
    let found = explain_problem(&problem).unwrap();
    assert_eq!(found.again, Retry::MayHelp);
    assert!(found.lines().iter().any(|line| line.contains("15 minutes")));
}

#[test]
fn the_codes_of_a_reprotect_say_what_to_do_first() {
    for code in ["95226", "78052", "78093", "8061", "8038"] {
        assert_eq!(by_code(code).unwrap().again, Retry::AfterFixing, "{code}");
    }
}
