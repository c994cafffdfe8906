//! Testing a site: each thing that must work, in order, with its sentence.

use crate::azure::clock_remark;
use crate::domain::{Failure, Text};
use crate::store::Profile;

use super::open::Site;

/// One thing that was tried.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was tried: `profile`, `sign in`, `vault`...
    pub what: &'static str,
    pub verdict: Verdict,
}

#[derive(Clone, Debug)]
pub enum Verdict {
    /// It worked; the words say what was found.
    Good(Text),
    /// It worked, with a reservation: amber.
    But(Text),
    Bad(Box<Failure>),
    /// Not tried, because something before it failed.
    NotTried,
}

const STEPS: [&str; 5] = ["profile", "sign in", "vault", "machines", "clock"];

/// Tries everything that the screens will need, telling each finding as it comes. Changes nothing.
pub async fn test(profile: &Profile, tell: impl Fn(Finding) + Send + Sync) {
    let mut told = 0;
    let mut say = |verdict: Verdict| {
        let went_on = !matches!(verdict, Verdict::Bad(_));
        tell(Finding {
            what: STEPS[told],
            verdict,
        });
        told += 1;
        went_on
    };
    let mut verdicts = Trial {
        profile,
        site: None,
    };
    let mut going = true;
    for step in STEPS {
        let verdict = if going {
            verdicts.step(step).await
        } else {
            Verdict::NotTried
        };
        going &= say(verdict);
    }
}

struct Trial<'a> {
    profile: &'a Profile,
    site: Option<Site>,
}

impl Trial<'_> {
    async fn step(&mut self, step: &str) -> Verdict {
        if step == "profile" {
            let profile = self.profile.clone();
            let opened = tokio::task::spawn_blocking(move || Site::open(&profile, None)).await;
            return match opened {
                Ok(Ok(site)) => {
                    let host = site.arm().host().to_owned();
                    self.site = Some(site);
                    Verdict::Good(format!("requests go to {host}").into())
                }
                Ok(Err(failure)) => Verdict::Bad(Box::new(failure)),
                Err(_) => Verdict::NotTried,
            };
        }
        let Some(site) = &self.site else {
            return Verdict::NotTried;
        };
        let bad = |error: crate::azure::Error| Verdict::Bad(Box::new(error.into()));
        match step {
            "sign in" => match site.arm().sign_in().await {
                Ok(()) => Verdict::Good("signed in".into()),
                Err(error) => bad(error),
            },
            "vault" => {
                for vault in &site.vaults {
                    if let Err(error) = site.arm().vault(vault).await {
                        return bad(error);
                    }
                }
                Verdict::Good(format!("{} can be read", count(site.vaults.len(), "vault")).into())
            }
            "machines" => {
                let mut found = 0;
                for vault in &site.vaults {
                    if let Err(error) = site.arm().machines(vault, |page| found += page.len()).await
                    {
                        return bad(error);
                    }
                }
                match found {
                    0 => Verdict::But("the vault protects no machine".into()),
                    n => Verdict::Good(count(n, "protected machine").into()),
                }
            }
            _ => match clock_remark(site.arm().clock_ahead()) {
                None => Verdict::Good("this machine's clock agrees with Azure's".into()),
                Some(words) => Verdict::But(words),
            },
        }
    }
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
