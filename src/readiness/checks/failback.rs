//! At the moment of the failback.

use crate::domain::Health;
use crate::domain::place::{Class, Place, Provider};
use crate::domain::plan::PointChoice;
use crate::domain::recovery_point::Consistency;
use crate::domain::{Stage, Verb};
use crate::readiness::ask::{Machine, Verdict, Whole, doubt, failed, judge, not_for, passed};

/// The RPO threshold of the failback policy that Site Recovery makes, in seconds (POL-02).
const THRESHOLD: u64 = 15 * 60;

/// Classic alone: a modernised failback makes its point after it is triggered (asr-rest.md 13).
pub fn has_the_point(m: &Machine<'_>) -> Verdict {
    let points = m.points()?;
    if points.is_empty() {
        return failed("it has no recovery point");
    }
    let Some(recovery) = m.whole.recovery() else {
        return doubt("the plan fails nothing back");
    };
    let choice = recovery.machine(m.id).map(|own| recovery.point_of(own));
    match choice.unwrap_or(&recovery.point) {
        PointChoice::Latest => passed("it has a recovery point"),
        PointChoice::LatestApplication => judge(
            points
                .iter()
                .any(|p| p.consistency == Consistency::Application),
            "it has an application-consistent point",
            "it has no application-consistent point",
        ),
        PointChoice::Custom { name, .. } => judge(
            points.iter().any(|p| p.name == *name),
            "the chosen point is there",
            "the chosen point is no longer there",
        ),
    }
}

pub fn all_have_points(w: &Whole<'_>) -> Verdict {
    let (mut unclear, mut without, mut asked) = (None, Vec::new(), 0);
    for machine in w.machines() {
        let points = machine.item().and_then(|item| {
            let classic = item.provider() == Provider::Classic;
            classic.then(|| machine.points()).transpose()
        });
        match points {
            Ok(Some([])) => without.push(w.plan.machine_name(machine.id).to_string()),
            Ok(Some(_)) => asked += 1,
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
    if item.sync_percent.is_some_and(|percent| percent < 100) {
        return failed("it is being synchronised");
    }
    match &item.health {
        Health::Critical => return failed("replication health is critical"),
        Health::Unknown => return doubt("replication health is not stated"),
        Health::Other(word) => return doubt(format!("the health {word} is not known")),
        Health::Warning | Health::Normal => {}
    }
    match item.rpo_seconds {
        Some(rpo) if rpo > THRESHOLD => failed("the RPO is above 15 minutes"),
        None if item.provider() == Provider::Classic => doubt("the RPO is not told"),
        _ => passed(format!("replication health is {}", item.health.word())),
    }
}

pub fn from_azure(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    match &item.place {
        Place::Unknown(why) => doubt(format!("the direction is unknown: {why}")),
        Place::OnPremises => failed("it runs on-premises"),
        Place::Azure => match &item.running {
            Some(running) => failed(format!("Azure is at work on it: {}", running.words())),
            None => judge(
                item.next.offers(Verb::FailBack),
                "from Azure, and Fail back is offered",
                "Azure does not offer Fail back",
            ),
        },
    }
}
