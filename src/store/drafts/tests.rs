use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::domain::{Answer, Text};

/// A draft of the first kind that was ever written; never changed.
const FROZEN: &str = include_str!("../../../tests/golden/draft-1.json");

fn frozen() -> Draft {
    serde_json::from_str(FROZEN).unwrap()
}

fn id(number: u8) -> DraftId {
    let text = format!("00000000-0000-4000-8000-0000000000{number:02}");
    DraftId::parse(&text).unwrap()
}

fn folder() -> (tempfile::TempDir, Drafts) {
    let folder = tempfile::tempdir().unwrap();
    let drafts = Drafts::of_site(folder.path(), "contoso-dr").unwrap();
    (folder, drafts)
}

#[test]
fn the_frozen_draft_reads_and_writes_back_byte_for_byte() {
    assert_eq!(written(&frozen()).unwrap(), FROZEN);
}

#[test]
fn a_draft_comes_back_as_it_was_kept_and_is_private() {
    let (_keep, drafts) = folder();
    assert!(drafts.list().unwrap().drafts.is_empty());
    let file = drafts.save(id(1), &frozen()).unwrap();
    assert!(file.ends_with("contoso-dr/drafts/00000000-0000-4000-8000-000000000001.json"));
    assert_eq!(drafts.list().unwrap().drafts, [(id(1), frozen())]);
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);
}

#[test]
fn the_latest_stands_first_and_saving_again_takes_its_place() {
    let (_keep, drafts) = folder();
    let mut older = frozen();
    older.saved = "2026-03-01T08:00:00Z".parse().ok();
    drafts.save(id(1), &older).unwrap();
    drafts.save(id(2), &frozen()).unwrap();
    older.answers.insert("name".into(), Answer::from("x"));
    drafts.save(id(1), &older).unwrap();
    let listed = drafts.list().unwrap().drafts;
    let ids: Vec<DraftId> = listed.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, [id(2), id(1)]);
    let name = Text::from("name");
    assert_eq!(listed[1].1.answers.get(&name), Some(&Answer::from("x")));
    drafts.delete(id(1)).unwrap();
    drafts.delete(id(1)).unwrap();
    assert_eq!(drafts.list().unwrap().drafts.len(), 1);
}

#[test]
fn newer_is_left_alone_and_damaged_set_aside() {
    let (_keep, drafts) = folder();
    let file = drafts.save(id(1), &frozen()).unwrap();
    let newer = r#"{"schema": "failback/draft/2"}"#;
    fs::write(&file, newer).unwrap();
    let listing = drafts.list().unwrap();
    assert!(listing.troubles[0].to_string().contains("newer failback"));
    assert!(drafts.save(id(1), &frozen()).is_err());
    assert_eq!(fs::read_to_string(&file).unwrap(), newer);
    fs::write(&file, "{").unwrap();
    let listing = drafts.list().unwrap();
    let [KeptTrouble::Damaged { aside, what, .. }] = &listing.troubles[..] else {
        panic!("{listing:?}");
    };
    assert_eq!(
        (*what, fs::read_to_string(aside).unwrap().as_str()),
        ("draft", "{")
    );
    assert!(!file.exists());
}

#[test]
fn an_answers_file_is_never_touched() {
    let (keep, _) = folder();
    let file = keep.path().join("answers.json");
    fs::write(&file, FROZEN).unwrap();
    assert_eq!(read_answers(&file).unwrap(), frozen());
    fs::write(&file, "{").unwrap();
    let words = read_answers(&file).unwrap_err().to_string();
    assert!(words.contains("cannot be read as a draft"), "{words}");
    assert!(file.exists());
    assert!(parse_answers(FROZEN, "standard input").is_ok());
}
