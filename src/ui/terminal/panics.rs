//! Panics while the screen is ours: none is printed over it.
//!
//! A panic of the program itself unwinds through the loop, which gives the terminal back first and
//! prints then. A panic of a task is caught where it runs and becomes an error on the screen. Both
//! are logged whole, here.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::panic::{self, PanicHookInfo};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::text::Text;

static QUIET: AtomicBool = AtomicBool::new(false);
static INSTALLED: Once = Once::new();

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Panics are logged and not printed until this is dropped.
#[derive(Debug)]
pub struct Quiet(());

impl Quiet {
    pub fn keep() -> Self {
        INSTALLED.call_once(|| {
            let loud = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                if QUIET.load(Ordering::SeqCst) {
                    note(info);
                } else {
                    loud(info);
                }
            }));
        });
        QUIET.store(true, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        QUIET.store(false, Ordering::SeqCst);
    }
}

fn note(info: &PanicHookInfo<'_>) {
    let words = words_of(info.payload());
    let place = info
        .location()
        .map(|place| format!(" at {place}"))
        .unwrap_or_default();
    tracing::error!(backtrace = %Backtrace::capture(), "panicked{place}: {words}");
    LAST.set(Some(format!("panicked{place}: {words}")));
}

/// The last panic of this thread, with its place.
pub fn last() -> String {
    LAST.take().unwrap_or_else(|| "panicked".into())
}

/// The words of a panic, safe to show.
pub fn words_of(payload: &(dyn Any + Send)) -> String {
    let raw = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    Text::from_outside(raw).as_str().to_owned()
}
