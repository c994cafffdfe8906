//! How a long-running operation is accepted, and by which signature it is known again (asr-rest.md 0.1).

use super::call::{Answer, Call, decode_query};
use super::pages::{encode, encode_path};
use super::scenario::Scenario;
use super::site::guid;
use super::world::World;

/// 202 with every header of the recordings.
pub(super) fn accepted(world: &World, call: &Call, scenario: &Scenario) -> Answer {
    let site = &world.site;
    let item = encode_path(&site.item_id(&site.machines[scenario.machine]));
    long_running(world, call, &item, &scenario.job, &scenario.job)
}

/// The same for any resource: `operation` is what is polled, `job` what the request is known by.
pub(super) fn long_running(
    world: &World,
    call: &Call,
    resource: &str,
    operation: &str,
    job: &str,
) -> Answer {
    let version = call.query("api-version").unwrap_or_default();
    let signature = signature(world.site.seed, operation);
    let (base, vault) = (&call.base, &world.site.vault_id);
    let job_id = format!("{vault}/replicationJobs/{job}");
    Answer::empty(202)
        .with(
            "azure-asyncoperation",
            format!("{base}{vault}/replicationOperationStatus/{operation}?api-version={version}&{signature}"),
        )
        .with(
            "location",
            format!("{base}{resource}/operationresults/{operation}?api-version={version}&{signature}"),
        )
        .with("retry-after", world.clock.wait(30.0).to_string())
        .with("x-ms-request-id", job_id.clone())
        .with("x-ms-request-id", job_id)
        .with("x-ms-ratelimit-remaining-subscription-writes", "1198")
}

/// The signed parts t, c, s and h: two KB that have to come back unchanged.
fn signature(seed: u64, job: &str) -> String {
    let block = |name: &str, n: usize| -> String {
        (0..n)
            .map(|i| guid(seed, &format!("{name} {i} {job}")).replace('-', ""))
            .collect()
    };
    format!(
        "t=638{}&c=MII{}&s={}&h={}",
        &block("t", 1)[..15].replace(char::is_alphabetic, "4"),
        encode(&block("c", 56)),
        block("s", 8),
        block("h", 1)
    )
}

/// Whether the signed parts are those that were given out; a call without any passes, as the older recordings do.
pub(super) fn signed(call: &Call, job: &str) -> bool {
    let parts: Vec<&(String, String)> = call
        .query
        .iter()
        .filter(|(k, _)| ["t", "c", "s", "h"].contains(&k.as_str()))
        .collect();
    if parts.is_empty() {
        return true;
    }
    let expected = decode_query(&signature(call.seed, job));
    parts.len() == 4 && expected.iter().all(|e| parts.contains(&e))
}

/// An honest no.
pub(super) fn not_yet(call: &Call) -> Answer {
    let message = format!(
        "The built-in site does not carry out {} {} yet.",
        call.method, call.path
    );
    Answer::error(501, "NotImplemented", &message)
}
