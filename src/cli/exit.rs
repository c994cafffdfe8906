//! Exit codes: the same for every command, and kept stable.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0
    Done,
    /// 1: it was tried and failed.
    Failed,
    /// 2: the command line or a file it names is wrong.
    Usage,
    /// 3: not ready; nothing was changed.
    NotReady,
    /// 5: nobody here can decide it: a person must look.
    NeedsPerson,
    /// The screens ended so: by a signal or a hang-up, 128 and its number.
    Ended(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::NotReady => 3,
            Exit::NeedsPerson => 5,
            Exit::Ended(code) => code,
        })
    }
}
