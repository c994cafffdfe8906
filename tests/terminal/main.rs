//! Every line of "the terminal", held in a real pseudo-terminal.
fn main() {}
