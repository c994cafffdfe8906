//! The log: off unless asked for, to a private file, never to the screen.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use super::target;

/// With `FAILBACK_LOG` (for example `info` or `failback=debug`) writes `failback.log` in the state
/// folder. A log that cannot be written keeps nobody from working.
pub fn begin() {
    let Ok(filter) = std::env::var("FAILBACK_LOG") else {
        return;
    };
    let Ok(folders) = target::folders() else {
        return;
    };
    let made = crate::store::make_folder(&folders.state);
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(folders.state.join("failback.log"));
    let (Ok(()), Ok(file)) = (made, file) else {
        return;
    };
    // Ignored on purpose: it fails only where a subscriber is there already.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(Mutex::new(file))
        .with_ansi(false)
        .try_init();
}
