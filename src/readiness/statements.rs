//! Giving consents and attestations: what a person takes upon themselves, tied to what they saw.

use jiff::Timestamp;
use thiserror::Error;

use super::catalogue::{self, Severity};
use super::finding::{Finding, Findings, Outcome};
use crate::domain::plan::{Statement, StatementKind, Subject};
use crate::domain::{Person, Plan, Text};

/// Why there is nothing to state; each says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotStated {
    #[error("there is no check {0}; failback check shows their ids")]
    NoCheck(Text),
    #[error("{check} does not apply to {subject} in this plan")]
    NotAsked { check: Text, subject: Text },
    #[error("{check} stops the plan, and nobody can consent to it: {what_to_do}")]
    Blocks {
        check: &'static str,
        what_to_do: &'static str,
    },
    #[error("{0} needs no consent here: it found nothing wrong")]
    NothingWrong(&'static str),
    #[error("{0} could not be found out: that is attested to (--attest), not consented to")]
    Attest(&'static str),
    #[error("{0} was found out: there is nothing to attest to")]
    Known(&'static str),
    #[error("an attestation says what was looked at: give it words")]
    NoWords,
}

/// A consent or an attestation as somebody wants to give it.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    pub kind: StatementKind,
    /// A check's id.
    pub check: &'a str,
    /// On one subject; else on every one on which the check waits for such a word.
    pub subject: Option<&'a Subject>,
    pub who: &'a Person,
    pub when: Timestamp,
    /// What was looked at, or why it is wanted nevertheless.
    pub why: Text,
}

impl Findings {
    /// The statements that answer the findings a wish is about. They count as long as the fact and
    /// the plan's part are what they are now.
    ///
    /// # Errors
    /// What [`NotStated`] lists.
    pub fn state(&self, plan: &Plan, wish: &Wish<'_>) -> Result<Vec<Statement>, NotStated> {
        let row = catalogue::row(wish.check);
        let row = row.ok_or_else(|| NotStated::NoCheck(wish.check.into()))?;
        if wish.kind == StatementKind::Attestation && wish.why.as_str().trim().is_empty() {
            return Err(NotStated::NoWords);
        }
        let meant = |f: &&Finding| wish.subject.is_none_or(|subject| f.subject == *subject);
        let found: Vec<&Finding> = self.of(row.id).filter(meant).collect();
        if found.is_empty() {
            let subject = wish.subject.map(|subject| plan.subject_name(subject));
            return Err(NotStated::NotAsked {
                check: row.id.into(),
                subject: subject.unwrap_or_else(|| "anything".into()),
            });
        }
        let fitting: Vec<&&Finding> = found
            .iter()
            .filter(|f| f.wants() == Some(wish.kind))
            .collect();
        if fitting.is_empty() {
            return Err(self.refusal(&found, wish.kind));
        }
        let state = |finding: &&&Finding| Statement {
            kind: wish.kind,
            check: row.id.into(),
            subject: finding.subject.clone(),
            who: wish.who.to_string().into(),
            when: wish.when,
            why: wish.why.clone(),
            fact: finding.fact,
            part: plan.part(&finding.subject),
        };
        Ok(fitting.iter().map(state).collect())
    }

    fn refusal(&self, found: &[&Finding], kind: StatementKind) -> NotStated {
        let has = |outcome| found.iter().find(|f| f.outcome == outcome);
        let id = found.first().map_or("", |f| f.row.id);
        match (kind, has(Outcome::Failed), has(Outcome::Unknown)) {
            (_, Some(f), _) if f.row.severity == Severity::Blocker => NotStated::Blocks {
                check: f.row.id,
                what_to_do: f.row.what_to_do,
            },
            (StatementKind::Consent, _, Some(_)) => NotStated::Attest(id),
            (StatementKind::Consent, ..) => NotStated::NothingWrong(id),
            (StatementKind::Attestation, ..) => NotStated::Known(id),
        }
    }
}
