use super::*;

#[test]
fn each_line_holds_the_hash_of_the_line_before() {
    let (_keep, folder) = written(3);
    let text = fs::read_to_string(journal(&folder)).unwrap();
    let texts: Vec<_> = text.lines().collect();
    let lines = folder.read().unwrap().lines;
    assert_eq!(&*lines[0].before, "0".repeat(64));
    for n in 1..3 {
        let hash = head::Head::of(0, texts[n - 1].as_bytes()).hash;
        assert_eq!(lines[n].before, hash);
        assert_eq!(lines[n].number, n as u64 + 1);
    }
    let head = head::Head::read(folder.path()).unwrap();
    assert_eq!(head, head::Head::of(3, texts[2].as_bytes()));
}

#[test]
fn whoever_opens_a_journal_again_goes_on_where_it_ended() {
    let (_keep, folder) = written(2);
    let lock = folder.lock().unwrap();
    let mut journal = Journal::open(&folder, &lock).unwrap();
    assert_eq!(journal.append(remark("more")).unwrap().number, 3);
    let reading = folder.read().unwrap();
    assert_eq!((reading.lines.len(), reading.damage), (3, None));
}

#[test]
fn a_changed_a_missing_and_an_exchanged_line_are_noticed() {
    let (_keep, folder) = written(3);
    let whole = fs::read_to_string(journal(&folder)).unwrap();
    let lines: Vec<_> = whole.lines().collect();
    let damage = |text: String| {
        fs::write(journal(&folder), text).unwrap();
        let reading = folder.read().unwrap();
        (reading.lines.len(), reading.damage.unwrap())
    };
    let changed = whole.replace("number 0", "number 9");
    assert_eq!(damage(changed), (1, Damage::Broken { line: 2 }));
    let missing = format!("{}\n{}\n", lines[0], lines[2]);
    assert_eq!(damage(missing), (1, Damage::Broken { line: 2 }));
    let last = whole.replace("number 2", "number 9");
    assert_eq!(damage(last), (3, Damage::Exchanged { line: 3 }));
    let cut = format!("{}\n", lines[0]);
    assert_eq!(damage(cut), (1, Damage::CutOff { has: 1, had: 3 }));
    let garbage = format!("{}\nnot JSON\n", lines[0]);
    let (read, damage) = damage(garbage);
    assert!(read == 1 && matches!(damage, Damage::Unreadable { line: 2, .. }));

    fs::write(journal(&folder), &whole).unwrap();
    assert_eq!(folder.read().unwrap().damage, None);
    fs::remove_file(folder.path().join("head")).unwrap();
    let damage = folder.read().unwrap().damage.unwrap();
    assert!(matches!(damage, Damage::NoHead { .. }));
}

#[test]
fn a_damaged_journal_takes_no_more_lines() {
    let (_keep, folder) = written(3);
    let whole = fs::read_to_string(journal(&folder)).unwrap();
    fs::write(journal(&folder), whole.replace("number 1", "number 9")).unwrap();
    let lock = folder.lock().unwrap();
    let words = Journal::open(&folder, &lock).unwrap_err().to_string();
    assert!(words.contains("Nothing is sent until a person"), "{words}");
}

#[test]
fn a_journal_cut_at_every_byte_is_told_and_never_a_panic() {
    let (_keep, folder) = written(2);
    let whole = fs::read(journal(&folder)).unwrap();
    let first = whole.iter().position(|b| *b == b'\n').unwrap() + 1;
    // Without a head that knows better: as after a loss of power in the middle of a line.
    let one = head::Head::of(1, &whole[..first - 1]);
    for cut in first..whole.len() {
        fs::write(journal(&folder), &whole[..cut]).unwrap();
        one.write(folder.path()).unwrap();
        let reading = folder.read().unwrap();
        assert_eq!(reading.lines.len(), 1, "cut at {cut}");
        let bytes = (cut - first) as u64;
        let half = (bytes > 0).then_some(Damage::HalfWritten { after: 1, bytes });
        assert_eq!(reading.damage, half, "cut at {cut}");
    }
}

#[test]
fn a_half_written_line_is_kept_aside_and_the_journal_goes_on() {
    let (_keep, folder) = written(2);
    let mut file = OpenOptions::new()
        .append(true)
        .open(journal(&folder))
        .unwrap();
    file.write_all(br#"{"number":3,"at""#).unwrap();
    let lock = folder.lock().unwrap();
    let mut journal = Journal::open(&folder, &lock).unwrap();
    assert_eq!(journal.append(remark("on")).unwrap().number, 4);
    let reading = folder.read().unwrap();
    assert_eq!((reading.lines.len(), reading.damage), (4, None));
    let mended = Record::Mended {
        bytes: 16,
        kept: "torn-1".into(),
    };
    assert_eq!(reading.lines[2].record, mended);
    let torn = fs::read_to_string(folder.path().join("torn-1")).unwrap();
    assert_eq!(torn, r#"{"number":3,"at""#);
}

#[test]
fn a_head_that_is_behind_is_no_damage() {
    let (_keep, folder) = written(3);
    let text = fs::read_to_string(journal(&folder)).unwrap();
    let first = text.lines().next().unwrap();
    head::Head::of(1, first.as_bytes())
        .write(folder.path())
        .unwrap();
    assert_eq!(folder.read().unwrap().damage, None);
    fs::write(folder.path().join("head"), "").unwrap();
    assert_eq!(folder.read().unwrap().damage, None, "lost with the power");
    let lock = folder.lock().unwrap();
    drop(Journal::open(&folder, &lock).unwrap());
    assert_eq!(head::Head::read(folder.path()).unwrap().number, 3);
}

#[test]
fn what_a_newer_program_wrote_says_so() {
    let (_keep, folder) = run();
    let first = FROZEN.lines().next().unwrap();
    let newer = first.replace("failback/run/1", "failback/run/2");
    put_journal(&folder, &format!("{newer}\n"));
    let damage = folder.read().unwrap().damage.unwrap();
    assert!(damage.to_string().contains("newer failback"), "{damage}");
}

#[test]
fn a_line_without_an_end_is_not_read_into_memory_for_ever() {
    let (_keep, folder) = run();
    head::Head::start().write(folder.path()).unwrap();
    let file = fs::File::create(journal(&folder)).unwrap();
    file.set_len(follow::MOST_LINE + 10).unwrap();
    let damage = folder.read().unwrap().damage;
    assert_eq!(damage, Some(Damage::TooLong { line: 1 }));
    file.set_len(follow::MOST_JOURNAL + 1).unwrap();
    assert_eq!(folder.read().unwrap().damage, Some(Damage::TooLarge));
}

#[test]
fn who_follows_a_journal_reads_only_what_is_new() {
    let (_keep, folder) = run();
    let lock = folder.lock().unwrap();
    let mut journal = Journal::open(&folder, &lock).unwrap();
    let mut follow = folder.follow();
    let words = |lines: &[Line]| -> Vec<u64> { lines.iter().map(|line| line.number).collect() };
    assert!(follow.news().unwrap().lines.is_empty());
    journal.append(remark("a")).unwrap();
    journal.append(remark("b")).unwrap();
    assert_eq!(words(&follow.news().unwrap().lines), [1, 2]);
    assert!(follow.news().unwrap().lines.is_empty());
    journal.append(remark("c")).unwrap();
    let news = follow.news().unwrap();
    assert_eq!((words(&news.lines), news.anew), (vec![3], false));
}

#[test]
fn a_line_that_was_taken_back_and_written_anew_is_read_again_from_the_start() {
    let (_keep, folder) = written(2);
    let mut follow = folder.follow();
    follow.news().unwrap();
    let text = fs::read_to_string(journal(&folder)).unwrap();
    let first = text.lines().next().unwrap();
    fs::write(journal(&folder), format!("{first}\n")).unwrap();
    head::Head::of(1, first.as_bytes())
        .write(folder.path())
        .unwrap();
    let lock = folder.lock().unwrap();
    let mut journal = Journal::open(&folder, &lock).unwrap();
    journal.append(remark("another, and a longer one")).unwrap();
    let news = follow.news().unwrap();
    assert_eq!((news.lines.len(), news.anew, news.damage), (2, true, None));
}

#[test]
fn a_record_that_is_too_long_is_refused_and_the_journal_goes_on() {
    let (_keep, folder) = run();
    let lock = folder.lock().unwrap();
    let mut journal = Journal::open(&folder, &lock).unwrap();
    let evidence = vec!["x".repeat(4000).into(); 4500];
    let huge = Record::Asked(Box::new(crate::domain::run::Question {
        id: QuestionId(1),
        topic: crate::domain::run::Topic::Failed,
        machine: None,
        step: None,
        words: "?".into(),
        evidence,
        checks: Vec::new(),
        until: None,
        choices: Vec::new(),
    }));
    let refused = journal.append(huge);
    assert!(matches!(refused, Err(JournalTrouble::TooLong { .. })));
    assert_eq!(journal.append(remark("short")).unwrap().number, 1);
}

#[test]
fn records_written_together_stand_in_the_journal_in_their_order_or_not_at_all() {
    let (_keep, folder) = run();
    let lock = folder.lock().unwrap();
    let mut journal = Journal::open(&folder, &lock).unwrap();
    let records: Vec<_> = (0..300).map(|n| remark(&n.to_string())).collect();
    let written = journal.append_all(records).unwrap();
    assert_eq!(journal.append_all(Vec::new()).unwrap(), []);
    let reading = folder.read().unwrap();
    assert_eq!((reading.damage, reading.lines.len()), (None, 300));
    assert_eq!(reading.lines, written);
}
