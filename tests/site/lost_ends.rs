//! A journal that lost its end goes on, when its head was lost with it: what the lost lines told of is
//! found in Azure, and nothing is sent twice.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::time::Instant;

use failback::domain::run::{Answer, Question, Record, RunId, Topic};
use failback::runner::{FolderLedger, Ledger};
use failback::store::{Journal, RunFolder, Runs};
use sha2::Digest;

use crate::kill_points::{all, block_on};
use crate::lab::Lab;
use crate::mortal::live;
use crate::run::{Book, agrees, says};
use crate::ten::{Ten, each_made, standing, wants_it_home};

/// Lays down the first `bytes` of a journal, with the head of its last whole line.
fn lay(folder: &RunFolder, whole: &[u8], bytes: usize) {
    let text = &whole[..bytes];
    fs::write(folder.path().join("journal.jsonl"), text).unwrap();
    let lines = text.iter().filter(|b| **b == b'\n').count();
    let last = text.split(|b| *b == b'\n').nth(lines.wrapping_sub(1));
    let hash = match last.filter(|_| lines > 0) {
        Some(line) => sha2::Sha256::digest(line)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect(),
        None => "0".repeat(64),
    };
    let head = format!(r#"{{"number":{lines},"hash":"{hash}"}}"#);
    fs::write(folder.path().join("head"), head).unwrap();
    // What was taken off an end before.
    for n in 1.. {
        if fs::remove_file(folder.path().join(format!("torn-{n}"))).is_err() {
            break;
        }
    }
}

/// Somebody who wants it home, and leaves what does not go on of itself.
fn wants(asked: &mut HashMap<String, usize>, question: &Question) -> Option<Answer> {
    let times = asked.entry(question.words.to_string()).or_default();
    *times += 1;
    let usual = [
        Topic::Quiesce,
        Topic::Survivor,
        Topic::Commit,
        Topic::AzureOff,
    ];
    if usual.contains(&question.topic) && *times < 3 {
        return agrees(question);
    }
    let offers = |name: &&str| question.choices.iter().any(|c| c.name.as_str() == *name);
    let leave = ["give-up", "leave"].into_iter().find(offers);
    // The first is the harmless one.
    says(question, leave.unwrap_or(question.choices[0].name.as_str()))
}

#[test]
fn a_journal_cut_at_any_byte_that_goes_on_sends_nothing_twice() {
    let begun = Instant::now();
    block_on(async {
        let ten = Ten::start(Lab::wanted()).await;
        let book = Book::default();
        let came = live(&ten.lab, &ten.plan, &book, None, async |q| wants_it_home(q)).await;
        assert!(came.is_some());
        each_made(&ten.lab, 0).await.unwrap();
        let at_home = standing(&ten.lab).await;

        // The same journal, on a disk.
        // In memory where there is such a place: thousands of writes wait for no disk there.
        let memory = std::path::Path::new("/dev/shm");
        let keep = match memory.is_dir() {
            true => tempfile::tempdir_in(memory).unwrap(),
            false => tempfile::tempdir().unwrap(),
        };
        let runs = Runs::of_site(keep.path(), "lab").unwrap();
        let id: RunId = book.run().launch.run;
        let folder = runs.create(&id, &ten.plan).unwrap();
        let mut journal = Journal::open(&folder, &folder.lock().unwrap()).unwrap();
        let mut records = book.records();
        // Not its last word: what is closed is not gone on with.
        assert!(matches!(records.pop(), Some(Record::Closed(_))));
        journal.append_all(records.clone()).unwrap();
        drop(journal);
        let whole = fs::read(folder.path().join("journal.jsonl")).unwrap();

        let places = (0..=whole.len()).filter(|at| *at < 16 << 10 || at % 499 == 0);
        let mut cuts = 0;
        let mut ends = BTreeSet::new();
        for at in places {
            lay(&folder, &whole, at);
            let lock = folder.lock().unwrap();
            let opened = FolderLedger::open(folder.clone(), lock);
            assert!(opened.is_ok(), "cut at {at}: {opened:?}");
            let lines = folder.read().unwrap().lines;
            let kept: Vec<Record> = lines.into_iter().map(|line| line.record).collect();
            let sound = match kept.split_last() {
                Some((Record::Mended { .. }, before)) => before,
                _ => &kept[..],
            };
            assert_eq!(sound, &records[..sound.len()], "cut at {at}");
            ends.insert(sound.len());
            cuts += 1;
        }
        // What is left of it is one of these: each goes on, over a site where all is done.
        let mut lives = 0;
        let stride = if all() { 1 } else { 8 };
        for left in ends.into_iter().filter(|left| *left > 0).step_by(stride) {
            let mut lost = Book::default();
            lost.append(records[..left].to_vec()).unwrap();
            let mut asked = HashMap::new();
            let came = live(&ten.lab, &ten.plan, &lost, None, async |q| {
                wants(&mut asked, q)
            })
            .await;
            assert!(came.is_some());
            let made = each_made(&ten.lab, 0).await;
            assert_eq!(made, Ok(()), "of {left} records: {}", lost.story());
            assert_eq!(standing(&ten.lab).await, at_home, "of {left} records");
            lives += 1;
        }
        println!(
            "journals: cut at {cuts} bytes of {}, gone on with from {lives} different ends \
             (FAILBACK_KILL_POINTS=all: every one), nothing sent twice, in {:?}",
            whole.len(),
            begun.elapsed()
        );
        assert!(cuts > 16_000 && lives > 300 / stride, "{cuts} {lives}");
    });
}
