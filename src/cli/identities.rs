//! `failback identities`: which registration is the machine that runs in Azure, and what tells so.

mod options;

use std::io::Read as _;
use std::time::Duration;

use futures::StreamExt as _;
use serde_json::{Value, json};

use super::arguments::Arguments;
use super::exit::Exit;
use super::named::{Names, the_one};
use super::output::{self, Complaint, print_json};
use super::{table, target};
use crate::agent::conf::MOST_BYTES;
use crate::domain::identity::{
    Called, Chooser, Evidence, Member, NotRead, Ranges, Reading, Side, Source, Standing, Verdict,
};
use crate::domain::{ArmId, Failure, Retry, Text};
use crate::site::{AgentTold, Identity, Registry, Site, Whence, look};

pub use options::Identities;

pub fn run(arguments: &Arguments, options: &Identities) -> Result<Exit, Complaint> {
    let ranges = Ranges::parse(options.range.iter().map(String::as_str))
        .map_err(|why| Complaint::usage(why, "Say --range 192.168.0.0/16."))?;
    if arguments.read_only && options.resolve {
        return Err(Complaint::usage(
            "Nothing was read: Run Command executes a script in the VM, and this is read-only.",
            "Leave --resolve away, or hand the file over with --file or --paste.",
        ));
    }
    let runtime = target::runtime()?;
    let target = target::open(arguments, &runtime)?;
    let site = &target.site;
    let (all, handed) = runtime.block_on(async {
        let mut registry = site.registry(ranges.and(site.at_home())).await?;
        registry.evidence().troubles().iter().for_each(told);
        let handed = handed_over(site, &mut registry, options).await?;
        if options.resolve {
            resolve(site, &mut registry, options).await?;
        }
        let all = registry.identities(site.arm().service_now());
        Ok::<_, Complaint>((all, handed))
    })?;
    let shown = shown(&all, &options.machines, &handed.machines)?;
    let shown: Vec<&Identity> = shown
        .into_iter()
        .filter(|own| own.judged.verdict != Verdict::NotApplicable)
        .collect();
    if arguments.json {
        let machines: Vec<Value> = shown.iter().map(|own| one(own)).collect();
        print_json(&json!({
            "schema": "failback/identities/1",
            "site": target.name,
            "machines": machines,
        }));
    } else {
        lines(&shown).iter().for_each(|line| output::print(line));
    }
    let standing = |wanted| {
        shown
            .iter()
            .any(|own| own.judged.verdict.standing(Chooser::Arm) == wanted)
    };
    Ok(match standing(Standing::Blocks) {
        true => Exit::NotReady,
        false if handed.refused || standing(Standing::Unknown) => Exit::NeedsPerson,
        false => Exit::Done,
    })
}

/// The machines that are called so; all of them when none is named.
fn chosen<'a>(all: &'a [Identity], names: &[String]) -> Result<Vec<&'a Identity>, Complaint> {
    if names.is_empty() {
        return Ok(all.iter().collect());
    }
    let ids = names
        .iter()
        .map(|name| machine(all, name))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(all
        .iter()
        .filter(|own| ids.contains(&own.group.subject.id))
        .collect())
}

/// Those that were named, and those of which a file was handed over: what became of it is what its
/// giver wants to see.
fn shown<'a>(
    all: &'a [Identity],
    names: &[String],
    handed: &[ArmId],
) -> Result<Vec<&'a Identity>, Complaint> {
    let named = chosen(all, names)?;
    let is_shown = |own: &&Identity| {
        let id = &own.group.subject.id;
        handed.contains(id) || named.iter().any(|named| named.group.subject.id == *id)
    };
    Ok(all.iter().filter(is_shown).collect())
}

fn names(own: &Identity) -> Names<'_> {
    let subject = &own.group.subject;
    Names {
        name: subject.name.as_str(),
        id: &subject.id,
        vm: subject.azure_vm.as_ref(),
    }
}

/// The one machine of that name, or with that protected item.
fn machine(all: &[Identity], name: &str) -> Result<ArmId, Complaint> {
    let none = format!("No classic machine that runs in Azure is called {name:?}.");
    let own = the_one(all, name, names, (none, "See `failback identities`."))?;
    Ok(own.group.subject.id.clone())
}

/// What was kept and cannot be read, or cannot be kept.
fn told(why: &Text) {
    output::remark(&format!("failback: {why}"));
}

fn keep(registry: &mut Registry, read: AgentTold) {
    if let Some(why) = &read.not_kept {
        told(&format!("what was read is not kept: {why}").into());
    }
    registry.keep(&read.machine, read.reading);
}

/// What came of the files that a person handed over.
#[derive(Default)]
struct HandedOver {
    machines: Vec<ArmId>,
    /// One of them was not read.
    refused: bool,
}

/// Files that a person handed over, pasted, or has read by ssh.
async fn handed_over(
    site: &Site,
    registry: &mut Registry,
    options: &Identities,
) -> Result<HandedOver, Complaint> {
    if options.file.is_empty() && options.paste.is_none() && options.ssh.is_empty() {
        return Ok(HandedOver::default());
    }
    let all = registry.identities(site.arm().service_now());
    let deadline = Duration::from_secs(options.seconds);
    let mut handed = Vec::new();
    for given in &options.file {
        let (name, path) = pair(given)?;
        let own = machine(&all, name)?;
        let seen = look(path.as_ref(), deadline).await;
        seen.map_err(|why| {
            Complaint::usage(
                format!("{path} cannot be read: {why}."),
                "Name a readable file.",
            )
        })?;
        handed.push((own, Whence::File(path.into())));
    }
    if let Some(name) = &options.paste {
        let own = machine(&all, name)?;
        let file = read_bounded(std::io::stdin().lock()).map_err(|error| {
            Complaint::usage(format!("Standard input cannot be read: {error}."), "")
        })?;
        handed.push((own, Whence::Given(Source::Paste, file)));
    }
    for given in &options.ssh {
        let (name, host) = pair(given)?;
        handed.push((machine(&all, name)?, Whence::Ssh(host.into())));
    }
    let machines = handed.iter().map(|(own, _)| own.clone()).collect();
    let fetching = handed
        .into_iter()
        .map(|(own, whence)| site.fetch(registry.hand(&own, whence), deadline));
    let fetching: Vec<_> = fetching.collect();
    let mut fetching = futures::stream::iter(fetching).buffer_unordered(options.at_once());
    let mut refused = false;
    while let Some(read) = fetching.next().await {
        refused |= read.reading.file.is_err();
        keep(registry, read);
    }
    Ok(HandedOver { machines, refused })
}

fn pair(given: &str) -> Result<(&str, &str), Complaint> {
    let found = given
        .split_once('=')
        .filter(|(name, of)| !name.is_empty() && !of.is_empty());
    found.ok_or_else(|| {
        Complaint::usage(
            format!("'{given}' does not say of which machine."),
            "Say MACHINE=...",
        )
    })
}

/// One byte more than a file may have tells that it has more.
fn read_bounded(from: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let mut file = Vec::new();
    from.take(MOST_BYTES as u64 + 1).read_to_end(&mut file)?;
    Ok(file)
}

/// Reads by Run Command what is not settled or was read too long ago, and what a person named; with
/// `--all` everything.
async fn resolve(
    site: &Site,
    registry: &mut Registry,
    options: &Identities,
) -> Result<(), Complaint> {
    let all = registry.identities(site.arm().service_now());
    let named_or_all = options.all || !options.machines.is_empty();
    let open = |own: &&Identity| {
        let standing = own.judged.verdict.standing(Chooser::Arm);
        let settled = !matches!(standing, Standing::Unknown | Standing::Blocks);
        named_or_all || !settled || !own.group.stale.is_empty()
    };
    let mut refused = false;
    let mut wanted = Vec::new();
    let named = chosen(&all, &options.machines)?;
    for own in named
        .into_iter()
        .filter(|own| own.judged.verdict != Verdict::NotApplicable)
    {
        if !open(&own) {
            continue;
        }
        let id = &own.group.subject.id;
        match registry.ask(id) {
            Ok(asked) => wanted.push(asked),
            Err(why) => {
                // Where the VM is not known, the reading bears the machine's own id.
                let vm = own.group.subject.azure_vm.as_ref().unwrap_or(id);
                let source = Source::RunCommand(vm.clone());
                let reading = Reading {
                    source,
                    at: site.arm().service_now(),
                    file: Err(NotRead::Failed(why)),
                };
                registry.keep(id, reading);
                refused = true;
            }
        }
    }
    if wanted.is_empty() && !refused {
        told(&"nothing was to be read".into());
    }
    let deadline = Duration::from_secs(options.seconds);
    let at_once = options.at_once();
    let reading = site.read_agents(wanted, deadline, at_once, |read| keep(registry, read));
    tokio::select! {
        () = reading => Ok(()),
        _ = tokio::signal::ctrl_c() => Err(Complaint::failed(Failure::new(
            "Reading the agents was stopped.",
            "Scripts that run in the VMs already end by themselves; they only read.",
            Retry::MayHelp,
        ))),
    }
}

/// One machine, as JSON. Fields are only ever added.
fn one(own: &Identity) -> Value {
    let subject = &own.group.subject;
    let verdict = &own.judged.verdict;
    let in_azure = verdict.in_azure();
    let members = own
        .group
        .members
        .iter()
        .zip(&own.judged.evidence)
        .enumerate();
    let members: Vec<Value> = members
        .map(|(at, (m, evidence))| member(m, evidence, in_azure == Some(at)))
        .collect();
    json!({
        "name": subject.name,
        "item": subject.id.name(),
        "id": subject.id,
        "azureVm": subject.azure_vm,
        "verdict": verdict.word(),
        "rule": own.judged.rule,
        "confirmed": own.judged.is_confirmed(),
        "standing": verdict.standing(Chooser::Arm),
        "why": own.judged.why,
        "registrations": members,
        "readings": own.group.readings.iter().map(reading).collect::<Vec<_>>(),
        "stale": own.group.stale.iter().map(reading).collect::<Vec<_>>(),
        "findings": own.findings().0,
    })
}

fn member(member: &Member, evidence: &[Evidence], in_azure: bool) -> Value {
    let own = &member.candidate.registration;
    json!({
        "id": own.id,
        "hostName": own.name,
        "hostId": own.agent,
        "address": own.address,
        "discovery": own.discovery,
        "tie": member.tie.words(),
        "inAzure": in_azure,
        "evidence": evidence,
    })
}

fn reading(reading: &Reading) -> Value {
    let (file, why) = match &reading.file {
        Ok(file) => (Some(file), None),
        Err(why) => (None, Some(why.why())),
    };
    json!({
        "source": reading.source,
        "at": reading.at,
        "file": file,
        "notRead": why,
        "noAgent": reading.found_no_agent(),
    })
}

/// For people: a line a machine, and below it what there is to say of one that is not settled.
fn lines(all: &[&Identity]) -> Vec<String> {
    const HEAD: [&str; 4] = ["MACHINE", "VM IN AZURE", "VERDICT", "ID IN AZURE"];
    let rows: Vec<[String; 4]> = all.iter().map(|own| row(own)).collect();
    let table = table::table(HEAD, &rows, 40);
    // Behind each line what belongs to it; nothing behind the head.
    let belows = std::iter::once(Vec::new()).chain(all.iter().map(|own| below(own)));
    let both = table.into_iter().zip(belows);
    both.flat_map(|(line, below)| std::iter::once(line).chain(below))
        .collect()
}

fn row(own: &Identity) -> [String; 4] {
    let subject = &own.group.subject;
    let vm = subject.azure_vm.as_ref().map_or("-", ArmId::name);
    let id = own.judged.verdict.in_azure().map(|at| {
        let called = own.group.members[at].candidate.called();
        called.id().map(ToString::to_string).unwrap_or_default()
    });
    [
        subject.name.to_string(),
        Text::from(vm).to_string(),
        own.judged.verdict.word().to_owned(),
        id.unwrap_or_else(|| "-".into()),
    ]
}

fn below(own: &Identity) -> Vec<String> {
    let mut lines = Vec::new();
    let settled = own.judged.verdict.standing(Chooser::Arm) == Standing::Passes;
    if !settled {
        lines.extend(own.judged.why.iter().map(|why| format!("    {why}")));
        for (member, evidence) in own.group.members.iter().zip(&own.judged.evidence) {
            let own = &member.candidate.registration;
            let id = match member.candidate.called() {
                Called::Id(id) => id.to_string(),
                other => format!("its id {}", other.words()),
            };
            let words = member.tie.words();
            lines.push(format!(
                "    {}  {id}  {}  ({words})",
                own.name, own.address
            ));
            for evidence in evidence {
                let side = match evidence.side {
                    Side::Azure => "Azure",
                    Side::Home => "home",
                };
                lines.push(format!("      {side}: {}", evidence.words));
            }
        }
    }
    for reading in &own.group.readings {
        if let Err(why) = &reading.file {
            lines.push(format!("    {}: not read: {why}", reading.source.words()));
        }
    }
    let (findings, more) = own.findings();
    lines.extend(
        findings
            .iter()
            .map(|f| format!("    drscout.conf, {}", f.words())),
    );
    if more > 0 {
        lines.push(format!("    drscout.conf: {more} more findings"));
    }
    lines
}
