//! The suite that speaks to a site: over http and https, direct and through a proxy, and from recordings.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot arrange its state fails"
)]

#[path = "../support/recordings.rs"]
mod recordings;

mod bodies;
mod bodies_others;
mod check;
mod check_launched;
mod circle;
mod demo;
mod do_circles;
mod do_refusals;
mod do_verbs;
mod drain;
mod facts;
mod faults;
mod gather;
mod guests;
mod guests_kept;
mod hostile;
mod identities;
mod identities_at_once;
mod judging;
mod kill_points;
mod kill_process;
#[path = "../support/kill_sends.rs"]
mod kill_sends;
#[path = "../support/lab.rs"]
mod lab;
mod lost_ends;
#[path = "../support/mortal.rs"]
mod mortal;
mod names;
mod offers;
mod plan_new;
mod plan_order;
#[path = "../support/points.rs"]
mod points;
mod proxy;
#[path = "../support/pty.rs"]
mod pty;
mod readings_kept;
mod record;
mod replay;
mod retrying;
mod rogue;
#[path = "../support/run.rs"]
mod run;
mod run_faults;
mod run_forward;
mod run_hyperv;
mod run_mixed;
mod run_modern;
mod run_order;
mod run_order_hooks;
mod run_otherwise;
mod run_people;
#[path = "../support/run_plans.rs"]
mod run_plans;
mod run_quirks;
mod run_window;
#[path = "../support/runs.rs"]
mod runs;
mod runs_commands;
mod runs_launch;
mod runs_process;
mod runs_report;
mod runs_resume;
mod secrets;
mod sign_in;
mod story;
mod temporary;
#[path = "../support/ten.rs"]
mod ten;
mod tolerance;
