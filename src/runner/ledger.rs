//! Where a run is written down, and where what people ask of it arrives.

use crate::domain::Failure;
use crate::domain::run::{Letter, Line, Record};

/// The journal and the inbox of one run.
pub trait Ledger: Send {
    /// Writes a record down. It survives a crash of the machine once this returns.
    ///
    /// # Errors
    /// When it cannot be written, or not be known to be durable. Nothing may be sent then.
    fn append(&mut self, record: Record) -> Result<Line, Failure>;

    /// What arrived since the last time, in its order. What cannot be read is not among it.
    fn letters(&mut self) -> Vec<Letter>;
}
