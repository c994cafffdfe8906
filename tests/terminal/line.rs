//! A line that stalls, and one that is to be spared.

use std::time::{Duration, Instant};

use crate::pty::Terminal;
use crate::{drawn, ready, rig};

fn number(text: &str, name: &str) -> u64 {
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    value
        .and_then(|v| v.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

/// Waits until the line is full and stays so although the program has more to say.
pub fn wait_for_stall(terminal: &mut Terminal) {
    let mut since = Instant::now();
    terminal.wait("stall", |terminal| {
        if !terminal.is_full() {
            since = Instant::now();
        }
        since.elapsed() > Duration::from_millis(200)
    });
}

fn stalled(terminal: &mut Terminal) {
    terminal.keys("f");
    terminal.wait_for("count 5");
    terminal.stop_reading();
    wait_for_stall(terminal);
}

#[test]
fn a_stalled_line_never_blocks_leaving_and_gets_its_goodbye_when_it_reads_again() {
    for (keys, code) in [("q", 0), ("P", 101)] {
        let mut terminal = ready();
        stalled(&mut terminal);
        let since = Instant::now();
        terminal.keys(keys);
        assert_eq!(terminal.exit_code(), code);
        assert!(
            since.elapsed() < Duration::from_secs(2),
            "{:?}",
            since.elapsed()
        );
        assert!(terminal.has_its_settings_back());
        terminal.read_on();
        terminal.wait("goodbye", |t| !t.screen(vt100::Screen::alternate_screen));
        terminal.wait_for_silence();
        terminal.assert_restored();
    }
}

#[test]
fn a_stalled_line_does_not_block_suspending() {
    let mut terminal = ready();
    stalled(&mut terminal);
    terminal.keys("\x1a");
    terminal.wait("stop", |terminal| terminal.is_stopped());
    terminal.read_on();
    terminal.wait_for_silence();
    terminal.assert_restored();
    terminal.signal(rustix::process::Signal::CONT);
    terminal.wait_for("row 0");
}

/// Every cell with its colours. Not where the hidden cursor stands: a frame that changed only some
/// cells leaves it elsewhere than a whole one.
fn cells(screen: &vt100::Screen) -> Vec<String> {
    assert!(screen.hide_cursor());
    screen.rows_formatted(0, screen.size().1.get()).collect()
}

/// The line stops for `long`; meanwhile the loop works on and memory stays.
fn survives_a_stop_of(long: Duration) {
    let folder = tempfile::tempdir().expect("there");
    let file = folder.path().join("saved");
    let mut terminal = drawn(rig().argument(format!("save={}", file.display())));
    stalled(&mut terminal);
    let memory = number(&terminal.proc("status"), "VmRSS:");
    let since = Instant::now();
    let mut saves = 0;
    terminal.wait_at_most(
        long + Duration::from_secs(20),
        "the time to pass",
        |terminal| {
            // The loop answers keys while nothing is read: each `s` becomes a line in the file.
            let lines = std::fs::read_to_string(&file)
                .unwrap_or_default()
                .lines()
                .count();
            let served = lines == saves;
            if served && since.elapsed() > long {
                return true;
            }
            if served {
                terminal.keys("s");
                saves += 1;
            }
            false
        },
    );
    assert!(saves > 10, "only {saves} keys were served");
    let grown = number(&terminal.proc("status"), "VmRSS:").saturating_sub(memory);
    assert!(grown < 1024, "memory grew by {grown} KiB");

    // Frames were lost; none of them leaves anything stale.
    terminal.keys("jjjf");
    terminal.read_on();
    terminal.wait_for("row 3");
    terminal.wait_for_silence();
    let shown = terminal.screen(cells);
    let before = terminal.raw_length();
    terminal.keys("\x0c");
    terminal.wait("whole frame", |terminal| terminal.raw_length() > before);
    terminal.wait_for_silence();
    assert_eq!(terminal.screen(cells), shown);
    let count = |text: &str| text.lines().next().map(|line| line.trim_end().to_owned());
    let frames = count(&terminal.text()).expect("there");
    let counted: f64 = frames
        .rsplit(' ')
        .next()
        .and_then(|n| n.parse().ok())
        .expect("there");
    assert!(
        counted > long.as_secs_f64() * 5.0,
        "the loop went on counting: {frames}"
    );
}

#[test]
fn a_reader_that_stops_for_seconds_loses_frames_and_nothing_else() {
    survives_a_stop_of(Duration::from_secs(4));
}

#[test]
#[ignore = "takes a minute"]
fn a_reader_that_stops_for_a_minute_loses_frames_and_nothing_else() {
    survives_a_stop_of(Duration::from_secs(60));
}

#[test]
fn an_idle_program_sends_nothing_and_never_wakes() {
    let mut terminal = ready();
    terminal.keys("j");
    terminal.wait_for("row 1");
    terminal.wait_for_silence();
    let (bytes, woken) = (terminal.raw_length(), wakes(&terminal));
    let since = Instant::now();
    terminal.wait("two seconds", |_| since.elapsed() > Duration::from_secs(2));
    assert_eq!(terminal.raw_length(), bytes);
    assert_eq!(wakes(&terminal), woken);
}

/// How often any thread of the program was put to sleep and woken.
fn wakes(terminal: &Terminal) -> u64 {
    let tasks = format!("/proc/{}/task", terminal.pid().as_raw_nonzero());
    let statuses = std::fs::read_dir(tasks).expect("there");
    statuses
        .map(|task| {
            std::fs::read_to_string(task.expect("there").path().join("status")).expect("there")
        })
        .map(|status| number(&status, "voluntary_ctxt_switches:"))
        .sum()
}

#[test]
fn a_change_that_is_not_seen_sends_nothing() {
    let mut terminal = ready();
    terminal.wait_for_silence();
    let before = terminal.raw_length();
    terminal.keys("nnn");
    terminal.wait_for_silence();
    assert_eq!(terminal.raw_length(), before);
}

fn count(raw: &[u8], what: &[u8]) -> usize {
    raw.windows(what.len())
        .filter(|bytes| *bytes == what)
        .count()
}

#[test]
fn at_most_thirty_frames_a_second_each_in_brackets() {
    let mut terminal = ready();
    let since = Instant::now();
    terminal.keys("f");
    terminal.wait("two seconds", |_| since.elapsed() > Duration::from_secs(2));
    terminal.keys("f");
    terminal.wait_for_silence();
    let raw = terminal.raw();
    let frames = count(&raw, b"\x1b[?2026h");
    let most = since.elapsed().as_secs_f64() * 1000.0 / 33.0 + 2.0;
    assert!(
        (frames as f64) <= most,
        "{frames} frames, {most} are the most"
    );
    assert!(frames > 20, "it did race: {frames}");
    assert_eq!(count(&raw, b"\x1b[?2026l"), frames);
}

#[test]
fn a_key_after_a_pause_is_drawn_at_once_and_costs_at_most_200_bytes() {
    let mut terminal = ready();
    let mut costs = Vec::new();
    let mut delays = Vec::new();
    for row in 1..=15 {
        terminal.wait_for_silence();
        let (before, since) = (terminal.raw_length(), Instant::now());
        terminal.keys("j");
        terminal.wait_for(&format!("row {row}"));
        delays.push(since.elapsed());
        terminal.wait_for_silence();
        costs.push(terminal.raw_length() - before);
    }
    costs.sort_unstable();
    delays.sort_unstable();
    eprintln!("key: {} bytes, {:?} in the median", costs[7], delays[7]);
    assert!(costs[7] <= 200, "{costs:?}");
    assert!(delays[0] < Duration::from_millis(33), "{delays:?}");
}

#[test]
fn the_first_frame_is_small_and_asks_nothing() {
    let mut terminal = ready();
    terminal.wait_for_silence();
    let raw = terminal.raw();
    assert!(raw.len() <= 4500, "{}", raw.len());
    for question in [&b"\x1b[6n"[..], b"\x1b[c", b"\x1b[?u", b";?"] {
        assert_eq!(count(&raw, question), 0, "{question:?}");
    }
}
