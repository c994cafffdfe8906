use super::*;
use crate::domain::run::QuestionId;

#[test]
fn a_journal_read_in_parts_comes_to_the_whole() {
    let (_keep, folder) = written(10);
    let mut follow = folder.follow();
    let mut lines = Vec::new();
    let mut parts = 0;
    loop {
        let part = follow.part(4).unwrap();
        assert!(part.lines.len() <= 4 && part.damage.is_none());
        lines.extend(part.lines);
        parts += 1;
        if !part.more {
            break;
        }
    }
    assert_eq!(parts, 3);
    assert_eq!(lines, folder.read().unwrap().lines);
    // Exactly as many as are asked for: there are no more.
    let mut follow = folder.follow();
    assert!(!follow.part(10).unwrap().more);
}

#[test]
fn damage_beyond_a_part_is_told_with_its_part_and_the_reading_ends() {
    let (_keep, folder) = written(10);
    let journal = folder.path().join("journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replace("number 7", "number 9")).unwrap();
    let mut follow = folder.follow();
    let mut read = 0;
    let damage = (0..10).find_map(|_| {
        let part = follow.part(3).unwrap();
        assert!(!part.anew, "it is not read again and again");
        read += part.lines.len();
        part.damage
    });
    // The line that was changed reads well; the one behind it no longer follows.
    assert_eq!(damage, Some(Damage::Broken { line: 9 }));
    assert_eq!(read, 8);
}

#[test]
fn the_end_of_a_journal_tells_whether_it_was_closed() {
    let (_keep, folder) = run();
    assert!(!folder.seems_closed());
    let lock = folder.lock().unwrap();
    let mut journal = Journal::open(&folder, &lock).unwrap();
    journal.append(remark("closed")).unwrap();
    assert!(!folder.seems_closed());
    journal.append(Record::Closed(Closing::Failed)).unwrap();
    assert!(folder.seems_closed());
    let mut file = OpenOptions::new()
        .append(true)
        .open(folder.path().join("journal.jsonl"))
        .unwrap();
    file.write_all(b"{").unwrap();
    assert!(
        !folder.seems_closed(),
        "what is half written is looked at whole"
    );
}

#[test]
fn looking_at_letters_takes_none_and_sets_none_aside() {
    let (_keep, folder) = run();
    let letter = Letter {
        by: kim(),
        at: Timestamp::UNIX_EPOCH,
        request: Request::Answer(Answer {
            question: QuestionId(1),
            choice: "wait".into(),
            typed: None,
            why: None,
            ticked: Vec::new(),
        }),
    };
    folder.put(&letter).unwrap();
    fs::write(folder.inbox().join("0-garbage.json"), b"{").unwrap();
    for _ in 0..2 {
        assert_eq!(folder.letters(), std::slice::from_ref(&letter));
    }
    let names = fs::read_dir(folder.inbox()).unwrap().count();
    assert_eq!(names, 2);
    assert_eq!(folder.take_letters().unwrap().len(), 1);
}
