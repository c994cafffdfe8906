//! At the moment of the failback.

use jiff::Timestamp;

use super::forward;
use crate::domain::Health;
use crate::domain::Stage;
use crate::domain::place::{Class, Place, Provider};
use crate::domain::plan::{AzurePoint, PointChoice};
use crate::domain::recovery_point::Consistency;
use crate::readiness::ask::{
    Doubt, Machine, Verdict, Whole, doubt, failed, judge, not_for, passed,
};
use crate::readiness::catalogue::Purpose;

fn choice<'a>(m: &Machine<'a>) -> Result<&'a PointChoice, Doubt> {
    let Some(recovery) = m.whole.recovery() else {
        return doubt("the plan fails nothing back");
    };
    let own = recovery.machine(m.id).map(|own| recovery.point_of(own));
    Ok(own.unwrap_or(&recovery.point))
}

/// Classic alone: a modernised failback makes its point after it is triggered (asr-rest.md 13).
pub fn has_the_point(m: &Machine<'_>) -> Verdict {
    match choice(m)? {
        PointChoice::Latest => judge(
            m.has_point(|_| true)?,
            "it has a recovery point",
            "it has no recovery point",
        ),
        PointChoice::LatestApplication => judge(
            m.has_point(|p| p.consistency == Consistency::Application)?,
            "it has an application-consistent point",
            "it has no application-consistent point",
        ),
        PointChoice::Custom { name, .. } => judge(
            m.has_point(|p| p.name == *name)?,
            "the chosen point is there",
            "the chosen point is not there any more",
        ),
    }
}

pub fn all_have_points(w: &Whole<'_>) -> Verdict {
    let (mut unclear, mut without, mut asked) = (None, Vec::new(), 0);
    for machine in w.machines() {
        let points = machine.item().and_then(|item| {
            let classic = item.provider() == Provider::Classic;
            classic.then(|| machine.has_point(|_| true)).transpose()
        });
        match points {
            Ok(Some(false)) => without.push(w.plan.machine_name(machine.id).to_string()),
            Ok(Some(true)) => asked += 1,
            Ok(None) => {}
            Err(doubt) => unclear = Some(doubt),
        }
    }
    match (without.is_empty(), unclear) {
        (false, _) => failed(format!("no recovery point: {}", without.join(", "))),
        (true, Some(doubt)) => Err(doubt),
        (true, None) if asked == 0 => not_for("no machine of the plan is classic"),
        (true, None) => passed("every machine has a recovery point"),
    }
}

/// An older point than the latest loses what was written since. How much is said in steps, so that
/// a consent holds for a while and falls when the loss has grown.
pub fn loses_nothing(m: &Machine<'_>) -> Verdict {
    m.item()?;
    match m.whole.purpose() {
        Purpose::FailBack => loses_nothing_home(m),
        purpose => loses_nothing_to_azure(m, purpose),
    }
}

/// To Azure the latest takes all that was sent. Another point of a machine that runs there loses what
/// was written in Azure, too.
fn loses_nothing_to_azure(m: &Machine<'_>, purpose: Purpose) -> Verdict {
    let choice = forward::choice(m)?;
    if purpose == Purpose::FailOver && *choice == AzurePoint::Latest {
        return passed("the latest point: all that was sent is kept");
    }
    let newest = forward::newest(m)?;
    let kept = match choice {
        AzurePoint::Custom { time, .. } => *time,
        _ => None,
    };
    let loss = loss(m, newest.or(kept))?;
    failed(match purpose {
        Purpose::ChangePoint => format!(
            "what was written after the chosen point is lost, and what was written in Azure since \
             the failover: {loss}"
        ),
        _ => format!("what was written after the chosen point is lost: {loss}"),
    })
}

fn loses_nothing_home(m: &Machine<'_>) -> Verdict {
    match m.item()?.provider() {
        Provider::Classic => {}
        Provider::Modernised => return not_for("its failback makes its point when it begins"),
        _ => return not_for("its failback takes the last changes, and chooses no point"),
    }
    let wanted = choice(m)?;
    if *wanted == PointChoice::Latest {
        return passed("the latest point: once drained, nothing is lost");
    }
    let deep = m.deep()?;
    let fits = |name: &str| match wanted {
        PointChoice::Custom { name: own, .. } => own.as_str() == name,
        _ => true,
    };
    let tags = deep.tags.iter().filter(|p| fits(p.name.as_str()));
    let app = matches!(wanted, PointChoice::LatestApplication);
    let newest = tags
        .filter(|p| !app || p.consistency == Consistency::Application)
        .filter_map(|p| p.time)
        .max();
    let kept = match wanted {
        PointChoice::Custom { time, .. } => *time,
        _ => None,
    };
    let loss = loss(m, newest.or(kept))?;
    failed(format!(
        "what was written after the chosen point is lost: {loss}"
    ))
}

/// How much is lost with a point of that time.
fn loss(m: &Machine<'_>, point: Option<Timestamp>) -> Result<String, Doubt> {
    let age = point.map(|time| m.seen().map(|now| now.as_second() - time.as_second()));
    Ok(match age.transpose()? {
        Some(age @ 0..) => steps(age),
        // A time in the future is no time (asr-rest.md 13).
        _ => "an amount that is not known, as the point's time is not".into(),
    })
}

/// `up to 2 hours`: the next power of two.
fn steps(seconds: i64) -> String {
    let hours = [1, 2, 4, 8, 16, 24].into_iter();
    match hours.into_iter().find(|hours| seconds <= hours * 3600) {
        Some(1) => "up to 1 hour".into(),
        Some(hours) => format!("up to {hours} hours"),
        None => "more than a day".into(),
    }
}

pub fn reprotected(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    if let Stage::Other(state) = &item.stage {
        return doubt(format!("the state {state} is not known"));
    }
    if let Place::Unknown(why) = &item.place {
        return doubt(format!("where it runs is unknown: {why}"));
    }
    let home = matches!(item.class, Class::ClassicHome | Class::ModernisedHome);
    judge(
        home && item.place == Place::Azure && item.stage == Stage::Protected,
        "it replicates home",
        format!("its state is {}", item.stage.words(&item.place)),
    )
}

/// Judged by replicationHealth: failoverHealth's 161011 is everyday (asr-rest.md 13). A warning
/// alone is no failure; nor is an RPO that is not told by a modernised machine.
pub fn in_sync(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    let deep = m.deep()?;
    if deep.resync || item.sync_percent.is_some_and(|percent| percent < 100) {
        return failed("it is being synchronised");
    }
    match &item.health {
        Health::Critical => return failed("replication health is critical"),
        Health::Unknown => return doubt("replication health is not stated"),
        Health::Other(word) => return doubt(format!("the health {word} is not known")),
        Health::Warning | Health::Normal => {}
    }
    if item.provider() != Provider::Classic {
        return passed(format!("replication health is {}", item.health.word()));
    }
    let Some(rpo) = item.rpo_seconds else {
        return doubt("how far it is behind is not told");
    };
    let Some(policy) = &deep.ties.policy else {
        return doubt("its policy is not told, and so neither how far it may be behind");
    };
    let Some(minutes) = m.whole.policy(policy)?.and_then(|policy| policy.threshold) else {
        return doubt("its policy does not tell how far it may be behind");
    };
    judge(
        rpo <= minutes.saturating_mul(60),
        format!("it is within the {minutes} minutes of its policy"),
        format!("it is further behind than the {minutes} minutes of its policy"),
    )
}

/// The run sees that the Azure VM is off before anybody is let on; without its id nobody but a
/// person can.
pub fn can_be_seen_off(m: &Machine<'_>) -> Verdict {
    let planned = m.whole.recovery().and_then(|r| r.machine(m.id));
    let kept = planned.and_then(|own| own.azure_vm.as_ref());
    match (kept, m.item()?.azure_vm.as_ref()) {
        (Some(kept), Some(told)) if kept != told => failed(
            "the plan names another Azure VM than Azure does: the wrong one would be seen off, and \
             users work on two machines at once",
        ),
        (None, None) => failed(
            "which Azure VM it is, is not known: a person has to see that it is off, or users work \
             on two machines at once",
        ),
        _ => passed("its Azure VM is known, and is seen off before users are let on"),
    }
}
