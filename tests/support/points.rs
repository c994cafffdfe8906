//! Trying many points at once: each in a site of its own, with nothing between them.
#![allow(dead_code, reason = "every test target uses its own part of it")]

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Most points that are told when they fail; one that fails rarely fails alone.
const TOLD: usize = 3;

/// Tries every point, some at a time. How many of them say that they counted.
///
/// # Panics
/// When one fails, with its words.
pub fn everywhere<P: Debug + Sync>(
    points: &[P],
    each: impl AsyncFn(&P) -> Result<bool, String> + Sync,
) -> usize {
    let next = AtomicUsize::new(0);
    let counted = AtomicUsize::new(0);
    let failed: Mutex<Vec<String>> = Mutex::default();
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|threads| {
        // A run waits half of its time.
        for _ in 0..2 * cores {
            threads.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let tried = AssertUnwindSafe(|| runtime.block_on(each(point)));
                    // What panicked has told why already; here it is told where.
                    let came = catch_unwind(tried).unwrap_or_else(|_| Err("it panicked".into()));
                    match came {
                        Ok(true) => {
                            counted.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok(false) => {}
                        Err(why) => failed.lock().unwrap().push(format!("{point:?}: {why}")),
                    }
                    if failed.lock().unwrap().len() >= TOLD {
                        return;
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n\n\n"));
    counted.into_inner()
}
