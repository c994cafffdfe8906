//! Telling the screens of plans and runs: everything once, then what changes, when it does.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::time::{Instant, sleep_until};

use super::ledger::Ledger;
use crate::domain::{Failure, Retry};
use crate::runner::outlives;
use crate::store::make_folder;
use crate::store::watch::{Changes, Watch};
use crate::ui::effect::{Generation, Message};
use crate::ui::model::monitor::Watched;
use crate::ui::terminal::Replies;

/// Shortest time between two readings: what changes faster is read together.
const PACE: Duration = Duration::from_millis(100);

/// When the locks are looked at after a file was closed: the kernel tells of the closing a moment
/// before it lets the lock of a dead process fall.
const LOOKS: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(2)];

/// Tells until a later watching begins.
pub(super) async fn watch(
    ledger: Ledger,
    generation: Generation,
    mut current: Receiver<Generation>,
    reply: Replies<Message>,
) {
    let told = tell(ledger, generation, reply.clone());
    let replaced = current.wait_for(|newest| *newest != generation);
    tokio::select! {
        () = told => {}
        _ = replaced => {}
    }
}

async fn tell(mut ledger: Ledger, generation: Generation, reply: Replies<Message>) {
    let send = move |news| reply.send(Message::Watched(generation, news));
    send(Watched::Begun);
    send(Watched::Outlives(outlives()));
    let mut watched = HashSet::new();
    let mut watch = match Watch::new() {
        Ok(watch) => Some(watch),
        Err(error) => {
            send(unnoticed(&error));
            None
        }
    };
    // Watched before they are read, so that nothing falls between.
    for folder in ledger.folders() {
        if let Err(error) = make_folder(&folder) {
            send(unnoticed(&error));
        }
    }
    let mut more = |watch: &mut Option<Watch>, ledger: &Ledger| match watch {
        Some(watch) => cover(watch, &mut watched, ledger),
        None => Ok(false),
    };
    if let Err(error) = more(&mut watch, &ledger) {
        send(unnoticed(&error));
    }
    let first = {
        let send = send.clone();
        move || {
            send(ledger.read_plans());
            ledger.read_runs(send);
            ledger
        }
    };
    let Ok(read) = tokio::task::spawn_blocking(first).await else {
        return;
    };
    ledger = read;
    let mut last = Instant::now();
    let mut looks: Vec<Instant> = Vec::new();
    loop {
        match more(&mut watch, &ledger) {
            // What came between the reading and the watching is looked for.
            Ok(true) => looks.insert(0, last + PACE),
            Ok(false) => {}
            Err(error) => send(unnoticed(&error)),
        }
        let Some(watch) = &mut watch else {
            return;
        };
        let look = looks.first().copied();
        let mut changes = tokio::select! {
            changes = watch.changed() => match changes {
                Ok(changes) => changes,
                Err(error) => return send(unnoticed(&error)),
            },
            () = sleep_until(look.unwrap_or(last)), if look.is_some() => {
                looks.remove(0);
                Changes::default()
            }
        };
        sleep_until(last + PACE).await;
        if let Err(error) = watch.also(&mut changes) {
            return send(unnoticed(&error));
        }
        let mut names = changes.folders.values();
        let closed = names.any(|names| names.contains(OsStr::new("lock")));
        let read = move || {
            let news = match changes.is_empty() {
                true => ledger.look().into_iter().collect(),
                false => ledger.read_changes(&changes),
            };
            (ledger, news)
        };
        let Ok((back, news)) = tokio::task::spawn_blocking(read).await else {
            return;
        };
        ledger = back;
        news.into_iter().for_each(&send);
        last = Instant::now();
        if closed && ledger.has_live() {
            looks = LOOKS.iter().map(|after| last + *after).collect();
        }
    }
}

/// Watches what is not watched yet, and no longer what need not be; whether anything is new.
fn cover(watch: &mut Watch, watched: &mut HashSet<PathBuf>, ledger: &Ledger) -> io::Result<bool> {
    let wanted: HashSet<PathBuf> = ledger.folders().into_iter().collect();
    for over in watched.difference(&wanted) {
        watch.forget(over);
    }
    let new: Vec<PathBuf> = wanted.difference(watched).cloned().collect();
    watched.retain(|folder| wanted.contains(folder));
    let mut any = false;
    for folder in new {
        match watch.add(&folder) {
            // It is gone again, and its parent tells.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => {
                other?;
                any = true;
                watched.insert(folder);
            }
        }
    }
    Ok(any)
}

fn unnoticed(error: &io::Error) -> Watched {
    Watched::Trouble(Box::new(Failure::new(
        format!("Changes of plans and runs are not noticed by themselves: {error}."),
        "r reads them again. Where the system has too few watches, raise fs.inotify.max_user_watches \
         or fs.inotify.max_user_instances.",
        Retry::AfterFixing,
    )))
}
