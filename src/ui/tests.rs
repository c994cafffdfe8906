//! The screens as people meet them: keys go in, a screen comes out.

mod actions;
mod build;
mod connect;
mod driver;
mod honest;
mod hostile;
mod identities;
mod listing;
mod looks;
mod menu;
mod monitor;
mod reading;
mod readme;
mod recording;
mod sizes;
mod snapshots;
mod standing;
mod tale;
mod wizard;
