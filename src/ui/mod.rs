//! What a person sees and types: the terminal, and the screens upon it.

pub mod terminal;
