//! Hyper-V: its host, its way of synchronisation, the failback that waits.

use crate::domain::infrastructure::FabricKind;
use crate::domain::particulars::Registrar;
use crate::domain::place::Place;
use crate::domain::plan::{HyperVReturn, Synchronisation};
use crate::domain::{Stage, Verb};
use crate::readiness::ask::{
    Doubt, Machine, Verdict, doubt, failed, judge, known, known_at, passed,
};
use crate::readiness::catalogue::Purpose;

/// A heartbeat that proves something is no older (rules-with-judgement.md, X-11).
const RECENT: i64 = 30 * 60;

/// After so many seconds in Azure a full download is recommended \[003\].
const A_MONTH: i64 = 30 * 24 * 3600;

/// How the plan brings the machine home.
pub fn way(m: &Machine<'_>) -> HyperVReturn {
    let own = m.whole.recovery().and_then(|r| r.machine(m.id));
    let way = own.and_then(|own| own.hyper_v.clone());
    way.unwrap_or_else(HyperVReturn::usual)
}

/// Document 003 is of 2019-09 and says no; later reports say yes. Nobody but a person decides which
/// holds today (STALE-6).
pub fn managed_disks(m: &Machine<'_>) -> Verdict {
    match m.deep()?.more.managed_disks {
        Some(false) => passed("its disks in Azure are in a storage account"),
        Some(true) => doubt(
            "it runs on managed disks: document 003 (2019-09) says that it cannot be failed back, a \
             report of 2023 (azure-docs 114722) that it can meanwhile",
        ),
        None => doubt("whether it runs on managed disks is not told"),
    }
}

/// Whether the one that speaks for a site is connected. An old heartbeat alone decides nothing
/// (asr-rest.md 13).
pub fn connected(m: &Machine<'_>, registrar: &Registrar) -> Verdict {
    let name = &registrar.name;
    let (_, at) = known_at(&m.whole.facts.registrars)?;
    let word = registrar.connection.as_str().to_ascii_lowercase();
    let lately = |beat: jiff::Timestamp| at.as_second() - beat.as_second() <= RECENT;
    match word.as_str() {
        "connected" => passed(format!("{name} is connected")),
        "disconnected" | "notconnected" => failed(format!("{name} is not connected")),
        "" if registrar.heartbeat.is_some_and(lately) => {
            passed(format!("{name} was heard of lately"))
        }
        "" => doubt(format!("whether {name} is connected is not told")),
        _ => doubt(format!(
            "{name}: the state {} is not known",
            registrar.connection
        )),
    }
}

/// The provider of that id; `None` when the vaults have none.
pub fn listed<'a>(
    m: &Machine<'a>,
    id: &crate::domain::ArmId,
) -> Result<Option<&'a Registrar>, Doubt> {
    let all = known(&m.whole.facts.registrars)?;
    Ok(all.iter().find(|registrar| registrar.id == *id))
}

/// The host or VMM server that the machine comes home to: the chosen one, else its own.
pub fn host_connected(m: &Machine<'_>) -> Verdict {
    let chosen = way(m).host;
    let own = m.deep()?.more.registrar.as_ref();
    let Some(id) = chosen.as_ref().or(own) else {
        return doubt("which host or VMM server it belongs to is not told");
    };
    match listed(m, id)? {
        Some(registrar) => connected(m, registrar),
        None => failed("its host or VMM server is no longer registered with the vault"),
    }
}

/// Azure offers Fail back only of what was committed (asr-rest.md 9): also of a machine whose
/// synchronisation was cancelled, and whose state has a name of its own.
pub fn failover_committed(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    match &item.stage {
        Stage::CommitPending => failed("its failover is not committed"),
        Stage::Committed if item.place == Place::Azure => passed("it is committed in Azure"),
        Stage::Committed | Stage::Protected | Stage::InitialSync | Stage::AwaitingFirstPoint => {
            failed(format!("its state is {}", item.stage.words(&item.place)))
        }
        Stage::Other(_) if item.next.offers(Verb::FailBack) => {
            passed("Azure offers Fail back, which it does only of what was committed")
        }
        Stage::Other(state) => doubt(format!("the state {state} is not known")),
    }
}

/// The rule of \[003\]: changes alone, unless the machine was away for a month or was deleted at home,
/// which Azure does not see.
pub fn right_synchronisation(m: &Machine<'_>) -> Verdict {
    let way = way(m);
    let Some(failed_over) = m.item()?.last_failover else {
        return doubt("when it was failed over is not told");
    };
    let long = m.seen()?.as_second() - failed_over.as_second() >= A_MONTH;
    match (long, way.synchronisation) {
        (true, Synchronisation::BeforeFailover) => {
            failed("it has been in Azure for a month or longer: a full download is recommended")
        }
        (true, Synchronisation::FullDownload) => passed("a full download, after a month or longer"),
        (false, Synchronisation::FullDownload) => failed(
            "it has been in Azure for less than a month: unless it was deleted at home, \
             synchronising before is recommended",
        ),
        (false, Synchronisation::BeforeFailover) => passed("synchronised before, within a month"),
    }
}

/// To Azure the certificate would be a secret in a request (asr-rest.md 13). On the way home
/// document 003 asks for it, and no request has a field for it.
pub fn no_certificate(m: &Machine<'_>) -> Verdict {
    match m.deep()?.more.encrypted {
        Some(false) => passed("what it sends is not encrypted by its cloud"),
        None => doubt("whether its cloud encrypts what it sends is not told"),
        Some(true) => {
            let kind = &m.fabric()?.kind;
            if *kind != FabricKind::Vmm {
                return doubt(format!("it is encrypted, and its site is {}", kind.words()));
            }
            match m.whole.purpose() {
                Purpose::FailBack => doubt(
                    "its VMM cloud encrypts what it sends: document 003 asks for the certificate, and \
                     Azure's interface has no field for it on the way home",
                ),
                _ => failed(
                    "its VMM cloud encrypts what it sends, and Azure asks for the certificate",
                ),
            }
        }
    }
}

/// The job that waits is known by what may be done to it (asr-rest.md 6).
pub fn waits_to_be_completed(m: &Machine<'_>) -> Verdict {
    let item = m.item()?;
    let jobs = known(&m.whole.facts.jobs)?;
    let own = jobs.iter().filter(|job| item.is_target_of(job));
    let open = |job: &&crate::domain::Job| {
        let scenario = job.scenario.as_str().to_ascii_lowercase();
        !job.state.is_over() && ["plannedfailover", "failback"].contains(&scenario.as_str())
    };
    match own.filter(open).collect::<Vec<_>>().as_slice() {
        [] => failed("no failback of it is under way"),
        [job] => judge(
            job.allows("Resume"),
            "its failback waits to be completed",
            "its failback is still synchronising",
        ),
        _ => doubt("several failbacks of it seem to be under way"),
    }
}
