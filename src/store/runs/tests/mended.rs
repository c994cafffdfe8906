use super::*;

/// A run of its first record and remarks, about `bytes` long, nobody writing it; its whole text.
fn told(bytes: usize) -> (tempfile::TempDir, RunFolder, Vec<u8>) {
    // In memory where there is such a place: tens of thousands of writes wait for no disk there.
    let memory = Path::new("/dev/shm");
    let keep = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    let keep = keep.unwrap();
    let runs = Runs::of_site(keep.path(), "contoso-dr").unwrap();
    let folder = runs.create(&id(1), &plan()).unwrap();
    let lock = folder.lock().unwrap();
    let mut journal = Journal::open(&folder, &lock).unwrap();
    journal.append(launched(&plan(), folder.id())).unwrap();
    let mut n = 0;
    while super::journal(&folder).metadata().unwrap().len() < bytes as u64 {
        journal.append(remark(&format!("number {n}"))).unwrap();
        n += 1;
    }
    drop((journal, lock));
    let text = fs::read(super::journal(&folder)).unwrap();
    (keep, folder, text)
}

/// Lays a journal down, with the head of as many of its lines as `lines`.
fn lay(folder: &RunFolder, text: &[u8], whole: &[u8], lines: u64) {
    fs::write(journal(folder), text).unwrap();
    let head = match lines {
        0 => head::Head::start(),
        n => {
            let line = whole.split(|b| *b == b'\n').nth(n as usize - 1).unwrap();
            head::Head::of(n, line)
        }
    };
    head.write(folder.path()).unwrap();
    for n in 1.. {
        if fs::remove_file(folder.path().join(format!("torn-{n}"))).is_err() {
            break;
        }
    }
}

fn open(folder: &RunFolder) -> Result<(), RunTrouble> {
    let lock = folder.lock()?;
    Journal::open(folder, &lock).map(drop)
}

fn records(folder: &RunFolder) -> Vec<Record> {
    let reading = folder.read().unwrap();
    assert_eq!(reading.damage, None);
    reading.lines.into_iter().map(|line| line.record).collect()
}

/// Where 16 KB are looked at byte by byte; beyond, every 997th.
fn places(length: usize) -> impl Iterator<Item = usize> {
    (0..length).filter(|at| *at < 16 << 10 || at % 997 == 0)
}

/// Waits until no process holds the lock: one that another test starts has it between its birth and
/// its program.
fn until_dead(folder: &RunFolder) {
    while folder.is_live() {
        std::thread::yield_now();
    }
}

#[test]
fn a_journal_cut_at_any_byte_is_mended_when_its_end_was_torn_and_refused_when_it_was_lost() {
    let (_keep, folder, whole) = told(18 << 10);
    let all = whole.iter().filter(|b| **b == b'\n').count() as u64;
    let mut cuts = (0, 0);
    for cut in places(whole.len()) {
        let text = &whole[..cut];
        let lines = text.iter().filter(|b| **b == b'\n').count() as u64;
        let begins = text
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        // The head tells of all: its end was taken away.
        lay(&folder, text, &whole, all);
        let verified = folder.verify(None).unwrap();
        let lost = Damage::CutOff {
            has: lines,
            had: all,
        };
        assert_eq!(verified.damages, [lost], "cut at {cut}");
        let refused = open(&folder).unwrap_err();
        assert!(
            refused.to_string().contains("its end was lost"),
            "{refused}"
        );
        assert_eq!(fs::read(journal(&folder)).unwrap(), text, "cut at {cut}");
        // The head tells of the last whole line: its end was being written.
        lay(&folder, text, &whole, lines);
        until_dead(&folder);
        let torn = (cut - begins) as u64;
        let verified = folder.verify(None).unwrap();
        assert_eq!(verified.is_sound(), torn == 0, "cut at {cut}: {verified:?}");
        assert_eq!(verified.head.number, lines);
        open(&folder).unwrap();
        let after = records(&folder);
        let mended = (torn > 0 && lines > 0).then(|| Record::Mended {
            bytes: torn,
            kept: "torn-1".into(),
        });
        assert_eq!(after.len() as u64, lines + mended.iter().count() as u64);
        if let Some(mended) = mended {
            assert_eq!(after.last(), Some(&mended), "cut at {cut}");
            let kept = fs::read(folder.path().join("torn-1")).unwrap();
            assert_eq!(kept, &whole[begins..cut]);
            cuts.0 += 1;
        }
        cuts.1 += 1;
    }
    assert!(cuts.0 > 15_000 && cuts.1 > cuts.0, "{cuts:?}");
}

#[test]
fn a_changed_byte_anywhere_is_reported_and_nothing_is_written_after_it() {
    let (_keep, folder, whole) = told(18 << 10);
    let all = whole.iter().filter(|b| **b == b'\n').count() as u64;
    let lock = folder.lock().unwrap();
    lay(&folder, &whole, &whole, all);
    assert!(folder.verify(None).unwrap().is_sound());
    for at in places(whole.len()) {
        // Another digit or letter, mostly; a line break, a NUL and a high byte at the others.
        let to = match at % 7 {
            0 => b'\n',
            1 => 0,
            2 => 0xff,
            _ => whole[at] ^ 1,
        };
        if to == whole[at] {
            continue;
        }
        let mut text = whole.clone();
        text[at] = to;
        fs::write(journal(&folder), &text).unwrap();
        let verified = folder.verify(None).unwrap();
        assert!(!verified.is_sound(), "byte {at} made {to}");
        if at % 5 == 0 {
            assert!(
                Journal::open(&folder, &lock).is_err(),
                "byte {at} made {to}"
            );
            assert_eq!(fs::read(journal(&folder)).unwrap(), text);
        }
    }
}

#[test]
fn a_changed_byte_of_a_head_is_reported() {
    let (_keep, folder, _) = told(2 << 10);
    let file = folder.path().join("head");
    let head = fs::read(&file).unwrap();
    for at in 0..head.len() {
        for to in [head[at] ^ 1, b'0', 0] {
            if to == head[at] {
                continue;
            }
            let mut text = head.clone();
            text[at] = to;
            fs::write(&file, &text).unwrap();
            let verified = folder.verify(None).unwrap();
            assert!(!verified.is_sound(), "byte {at} made {to}");
        }
    }
    fs::write(&file, "").unwrap();
    let damages = folder.verify(None).unwrap().damages;
    assert!(matches!(damages[..], [Damage::HeadBehind { head: 0, .. }]));
}

#[test]
fn an_end_of_zeros_is_mended_and_zeros_before_a_line_are_not() {
    let (_keep, folder, whole) = told(2 << 10);
    let lines = whole.iter().filter(|b| **b == b'\n').count() as u64;
    let half = &whole[..40];
    let zeros: &[u8] = &[0; 5000];
    for tail in [
        zeros.to_vec(),
        [half, zeros].concat(),
        [zeros, b"\n", zeros].concat(),
        [half, zeros, b"\n"].concat(),
        [half, zeros, b"\n", zeros, b"rest\n", half].concat(),
    ] {
        lay(&folder, &[&whole[..], &tail].concat(), &whole, lines);
        let verified = folder.verify(None).unwrap();
        let bytes = tail.len() as u64;
        let half = Damage::HalfWritten {
            after: lines,
            bytes,
        };
        assert_eq!(verified.damages, [half]);
        open(&folder).unwrap();
        let kept = "torn-1".into();
        let mended = Record::Mended { bytes, kept };
        assert_eq!(records(&folder).last(), Some(&mended));
        assert_eq!(fs::read(folder.path().join("torn-1")).unwrap(), tail);
    }
    for tail in [
        [zeros, b"\n{}\n"].concat(),
        [zeros, b"\n", half, b"\n"].concat(),
        b"{}\n".to_vec(),
    ] {
        let text = [&whole[..], &tail].concat();
        lay(&folder, &text, &whole, lines);
        assert!(
            open(&folder).is_err(),
            "{:?}",
            String::from_utf8_lossy(&tail)
        );
        assert_eq!(fs::read(journal(&folder)).unwrap(), text);
    }
    // Zeros where the head tells of lines: they were there, and are lost.
    lay(&folder, &whole, &whole, lines);
    let mut text = whole.clone();
    let last = whole[..whole.len() - 1]
        .iter()
        .rposition(|b| *b == b'\n')
        .unwrap()
        + 1;
    text[last..].fill(0);
    fs::write(journal(&folder), &text).unwrap();
    let damages = folder.verify(None).unwrap().damages;
    assert!(
        matches!(damages[..], [Damage::CutOff { .. }]),
        "{damages:?}"
    );
    assert!(open(&folder).is_err());
}

#[test]
fn an_end_that_was_taken_off_and_not_told_of_is_told_of_the_next_time() {
    let (_keep, folder, whole) = told(2 << 10);
    let lines = whole.iter().filter(|b| **b == b'\n').count();
    // Killed right after the end was kept and taken off.
    fs::write(folder.path().join("torn-1"), "half").unwrap();
    for _ in 0..2 {
        open(&folder).unwrap();
        let mended = Record::Mended {
            bytes: 4,
            kept: "torn-1".into(),
        };
        let after = records(&folder);
        assert_eq!((after.len(), after.last()), (lines + 1, Some(&mended)));
    }
}

#[test]
fn a_closed_run_takes_no_more_lines_and_one_after_the_closing_is_reported() {
    let (_keep, folder, _) = told(2 << 10);
    let lock = folder.lock().unwrap();
    let mut journal = Journal::open(&folder, &lock).unwrap();
    journal.append(Record::Closed(Closing::Done)).unwrap();
    let verified = folder.verify(None).unwrap();
    assert_eq!(verified.closing, Some(Closing::Done));
    assert!(verified.is_sound());
    let words = Journal::open(&folder, &lock).unwrap_err().to_string();
    assert!(words.contains("its run is over"), "{words}");
    let line = journal.append(remark("more")).unwrap().number;
    drop((journal, lock));
    let damages = folder.verify(None).unwrap().damages;
    assert_eq!(damages, [Damage::AfterClosing { line }]);
}

#[test]
fn a_journal_that_was_written_anew_is_found_by_a_head_that_was_kept() {
    let (_keep, folder, whole) = told(2 << 10);
    let lines: Vec<&[u8]> = whole.split(|b| *b == b'\n').collect();
    let all = lines.len() as u64 - 1;
    let last = folder.verify(None).unwrap().head;
    let middle = head::Head::of(3, lines[2]);
    for kept in [&last, &middle] {
        assert!(folder.verify(Some(kept)).unwrap().is_sound());
    }
    // Everything that is needed for a chain is in the folder.
    let (_other, forged, text) = told(2 << 10);
    fs::write(journal(&folder), &text).unwrap();
    fs::copy(forged.path().join("head"), folder.path().join("head")).unwrap();
    assert!(folder.verify(None).unwrap().is_sound(), "nothing shows it");
    let damages = |kept| folder.verify(Some(kept)).unwrap().damages;
    assert_eq!(damages(&last), [Damage::Exchanged { line: all }]);
    assert_eq!(damages(&middle), [Damage::Exchanged { line: 3 }]);
    // And a shorter one.
    let short = head::Head::of(2, lines[1]);
    let text = [lines[0], b"\n", lines[1], b"\n"].concat();
    fs::write(journal(&folder), text).unwrap();
    short.write(folder.path()).unwrap();
    assert!(folder.verify(Some(&short)).unwrap().is_sound());
    let lost = Damage::CutOff { has: 2, had: all };
    assert_eq!(damages(&last), [lost]);
}

#[test]
fn the_journal_of_another_run_is_reported() {
    let (_keep, folder, whole) = told(2 << 10);
    let (_other, runs) = runs();
    let other = runs.create(&id(2), &plan()).unwrap();
    put_journal(&other, std::str::from_utf8(&whole).unwrap());
    assert!(folder.verify(None).unwrap().is_sound());
    let damages = other.verify(None).unwrap().damages;
    assert_eq!(damages, [Damage::NotThisRun]);
}
