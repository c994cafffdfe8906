//! What is said beforehand to the questions of the run.

use std::sync::Arc;

use crate::cli::arguments::DoVerb;
use crate::cli::output::Complaint;
use crate::domain::run::Topic;
use crate::domain::{Machine, Text};
use crate::runner::Standing;

/// What `--attest` calls the question that it answers beforehand.
const QUIESCE: &str = "quiesce";
const SURVIVOR: &str = "survivor";

/// What `--attest` says: to checks, and beforehand to what the run will ask.
pub struct Attested {
    pub checks: Vec<String>,
    asked: Option<(Topic, &'static str, Text)>,
}

impl Attested {
    pub fn of(verb: &DoVerb) -> Result<Self, Complaint> {
        let mut all = Self {
            checks: Vec::new(),
            asked: None,
        };
        for raw in &verb.common().launching.attest {
            let (head, words) = raw.split_once('=').unwrap_or((raw, ""));
            let (topic, fits, choice) = match head.trim() {
                QUIESCE => {
                    let fits = matches!(verb, DoVerb::Failback { .. });
                    (Topic::Quiesce, fits, "quiesced")
                }
                SURVIVOR => {
                    let fits = matches!(verb, DoVerb::Commit { .. });
                    (Topic::Survivor, fits, "verified")
                }
                _ => {
                    all.checks.push(raw.clone());
                    continue;
                }
            };
            if !fits || words.trim().is_empty() {
                return Err(Complaint::usage(
                    format!("--attest {raw} does not fit here."),
                    "Say quiesce=TEXT with do failback, survivor=TEXT with do commit: what you saw.",
                ));
            }
            all.asked = Some((topic, choice, words.trim().into()));
        }
        Ok(all)
    }

    /// The answers to what the run will ask about each machine, as far as they were given now.
    pub fn standing(&self, verb: &DoVerb, chosen: &[Arc<Machine>]) -> Vec<Standing> {
        let mut all = Vec::new();
        for machine in chosen {
            if let Some((topic, choice, why)) = &self.asked {
                all.push(Standing {
                    machine: machine.id.clone(),
                    topic: *topic,
                    choice: (*choice).into(),
                    typed: None,
                    why: Some(why.clone()),
                });
            }
            // Its name was typed already; of a commit somebody must still have looked at it.
            let typed = match verb {
                DoVerb::Commit { .. } => Some((Topic::Commit, "commit")),
                DoVerb::Cancel { .. } => Some((Topic::Cancel, "cancel")),
                DoVerb::Protect { .. } if commits(machine) => Some((Topic::Commit, "protect")),
                _ => None,
            };
            if let Some((topic, choice)) = typed {
                all.push(Standing {
                    machine: machine.id.clone(),
                    topic,
                    choice: choice.into(),
                    typed: Some(machine.name.clone()),
                    why: None,
                });
            }
        }
        all
    }
}

/// Whether a reprotect would commit it (asr-rest.md 13).
pub fn commits(machine: &Machine) -> bool {
    machine.commit_pending()
}
