//! `failback identities`: which registration is the machine that runs in Azure, and what tells so.

mod options;

use std::io::Read as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::arguments::Arguments;
use super::exit::Exit;
use super::output::{self, Complaint, print_json};
use super::{table, target};
use crate::agent::conf::MOST_BYTES;
use crate::agent::{Finding, Remote, Ssh};
use crate::azure::Shell;
use crate::domain::identity::{
    Called, Chooser, Evidence, Member, Ranges, Reading, Side, Source, Standing, Verdict,
};
use crate::domain::{ArmId, Failure, Retry, Text};
use crate::site::{Identity, Registry, Site};

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
    let all = runtime.block_on(async {
        let mut registry = site.registry(ranges.and(site.at_home())).await?;
        handed_over(site, &mut registry, options).await?;
        if options.resolve {
            resolve(site, &mut registry, options).await?;
        }
        Ok::<_, Complaint>(registry.identities())
    })?;
    let shown = chosen(&all, &options.machines)?;
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
    Ok(
        match (standing(Standing::Blocks), standing(Standing::Unknown)) {
            (true, _) => Exit::NotReady,
            (false, true) => Exit::NeedsPerson,
            (false, false) => Exit::Done,
        },
    )
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

/// The one machine of that name, or with that protected item.
fn machine(all: &[Identity], name: &str) -> Result<ArmId, Complaint> {
    let same = |own: &&Identity| {
        let subject = &own.group.subject;
        let vm = subject.azure_vm.as_ref().map(ArmId::name);
        let names = [Some(subject.name.as_str()), Some(subject.id.name()), vm];
        names
            .into_iter()
            .flatten()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let found: Vec<_> = all.iter().filter(same).collect();
    match found[..] {
        [only] => Ok(only.group.subject.id.clone()),
        [] => Err(Complaint::usage(
            format!("No classic machine that runs in Azure is called {name}."),
            "See `failback identities`.",
        )),
        _ => Err(Complaint::usage(
            format!("{} machines are called {name}.", found.len()),
            "Say the name of the protected item: `failback identities --json` has it as item.",
        )),
    }
}

/// Files that a person handed over, pasted, or has read by ssh.
async fn handed_over(
    site: &Site,
    registry: &mut Registry,
    options: &Identities,
) -> Result<(), Complaint> {
    let all = registry.identities();
    for given in &options.file {
        let (name, path) = pair(given)?;
        let own = machine(&all, name)?;
        let file = std::fs::File::open(path)
            .and_then(read_bounded)
            .map_err(|error| {
                Complaint::usage(
                    format!("{path} cannot be read: {error}."),
                    "Name a readable file.",
                )
            })?;
        registry.take(
            &own,
            Source::File(path.into()),
            site.arm().service_now(),
            &file,
        );
    }
    if let Some(name) = &options.paste {
        let own = machine(&all, name)?;
        let file = read_bounded(std::io::stdin().lock()).map_err(|error| {
            Complaint::usage(format!("Standard input cannot be read: {error}."), "")
        })?;
        registry.take(&own, Source::Paste, site.arm().service_now(), &file);
    }
    let ssh = Ssh::new(Duration::from_secs(options.seconds));
    for given in &options.ssh {
        let (name, host) = pair(given)?;
        let own = machine(&all, name)?;
        let remote = match registry.shell(&own) {
            Some(Shell::PowerShell) => Remote::PowerShell,
            _ => Remote::Sh,
        };
        let at = site.arm().service_now();
        let source = Source::Ssh(host.into());
        match ssh.read(host, remote).await {
            Ok(file) => registry.take(&own, source, at, &file),
            Err(trouble) => {
                let file = Err(trouble.to_string().into());
                registry.keep(own, Reading { source, at, file }, Vec::new());
            }
        }
    }
    Ok(())
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

/// Reads by Run Command what is not settled, or with `--all` everything.
async fn resolve(
    site: &Site,
    registry: &mut Registry,
    options: &Identities,
) -> Result<(), Complaint> {
    let all = registry.identities();
    let open = |own: &&Identity| {
        options.all || own.judged.verdict.standing(Chooser::Arm) == Standing::Unknown
    };
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
                // The VM is not known: the reading bears the machine's own id.
                let source = Source::RunCommand(id.clone());
                let reading = Reading {
                    source,
                    at: site.arm().service_now(),
                    file: Err(why),
                };
                registry.keep(id.clone(), reading, Vec::new());
            }
        }
    }
    let deadline = Duration::from_secs(options.seconds);
    let at_once = options.at_once;
    let reading = site.read_agents(wanted, deadline, at_once, |machine, reading, findings| {
        registry.keep(machine, reading, findings);
    });
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
    let confirmed = match verdict {
        Verdict::AsExpected { confirmed, .. } => *confirmed,
        Verdict::Keep(_) => true,
        _ => false,
    };
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
        "confirmed": confirmed,
        "standing": verdict.standing(Chooser::Arm),
        "why": own.judged.why,
        "registrations": members,
        "readings": own.group.readings.iter().map(reading).collect::<Vec<_>>(),
        "findings": own.findings.iter().map(finding).collect::<Vec<_>>(),
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
        Err(why) => (None, Some(why)),
    };
    json!({ "source": reading.source, "at": reading.at, "file": file, "notRead": why })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "line": finding.line,
        "weight": finding.what.weight(),
        "words": Text::from(finding.what.words()),
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
    lines.extend(
        own.findings
            .iter()
            .map(|f| format!("    drscout.conf, {}", f.words())),
    );
    lines
}
