//! The built-in site.
