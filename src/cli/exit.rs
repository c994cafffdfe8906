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
    /// 4: it is being run already.
    Conflict,
    /// 5: nobody here can decide it: a person must look.
    NeedsPerson,
    /// The screens ended so: by a signal or a hang-up, 128 and its number.
    Ended(u8),
}

impl Exit {
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotReady => 3,
            Self::Conflict => 4,
            Self::NeedsPerson => 5,
            Self::Ended(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
