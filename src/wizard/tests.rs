//! The walk, as people meet it: what is asked, what is taken, what is refused, what becomes of it.

mod answers_file;
mod build;
mod choosing;
mod failing_over;
mod finishing;
mod generations;
mod ordering;
mod whole_site;
