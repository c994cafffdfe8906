//! `failback site add|list|test`

use serde_json::json;

use super::arguments::{Arguments, SignInKind, SiteAdd, SiteArguments, SiteCommand};
use super::exit::Exit;
use super::output::{self, Complaint, print_json};
use super::target;
use crate::domain::Failure;
use crate::site::{Finding, Verdict};
use crate::store::{Credential, Profile, Proxy, SecretSource, Trouble};

pub fn run(arguments: &Arguments, options: &SiteArguments) -> Result<Exit, Complaint> {
    match &options.command {
        SiteCommand::Add(add) => self::add(arguments, add),
        SiteCommand::List => list(arguments),
        SiteCommand::Test { name } => test(arguments, name),
    }
}

impl From<Trouble> for Complaint {
    fn from(trouble: Trouble) -> Self {
        Self::usage(trouble.to_string(), "")
    }
}

fn add(arguments: &Arguments, add: &SiteAdd) -> Result<Exit, Complaint> {
    let sites = target::sites()?;
    if add.name == target::DEMO {
        return Err(Complaint::usage(
            "The name demo belongs to the built-in site.",
            "Choose another name.",
        ));
    }
    let profile = profile(add)?;
    let file = sites.add(&profile)?;
    if arguments.json {
        print_json(&json!({ "schema": "failback/site/1", "name": profile.name, "file": file }));
    } else {
        output::print(&format!("Kept {} in {}.", profile.name, file.display()));
        output::print(&format!("Try it: failback site test {}", profile.name));
    }
    Ok(Exit::Done)
}

fn profile(add: &SiteAdd) -> Result<Profile, Complaint> {
    let secret = || {
        let words = |command: &String| command.split_whitespace().map(str::to_owned).collect();
        let variable = add.secret_env.clone().map(SecretSource::Environment);
        let file = add.secret_file.clone().map(SecretSource::File);
        let command = add
            .secret_command
            .as_ref()
            .map(words)
            .map(SecretSource::Command);
        variable
            .or(file)
            .or(command)
            .unwrap_or(SecretSource::Prompt)
    };
    let credential = match add.sign_in {
        SignInKind::ClientSecret => Credential::ClientSecret {
            client_id: add.client_id.clone().unwrap_or_default(),
            secret: secret(),
        },
        SignInKind::ManagedIdentity => Credential::ManagedIdentity {
            client_id: add.client_id.clone(),
            endpoint: None,
        },
        SignInKind::AzureCli => Credential::AzureCli,
    };
    let usual = Profile::new(&add.name, credential);
    let profile = Profile {
        tenant: add.tenant.clone(),
        subscription: add.subscription.clone(),
        resource_group: add.resource_group.clone(),
        vaults: add.vaults.clone(),
        ca_file: add.ca_file.clone(),
        proxy: match add.proxy.as_str() {
            "system" => Proxy::System,
            "none" => Proxy::None,
            url => Proxy::Url(url.to_owned()),
        },
        arm: add.arm.clone().unwrap_or(usual.arm),
        login: add.login.clone().unwrap_or(usual.login),
        api_version: add.api_version.clone().unwrap_or(usual.api_version),
        at_home: add.at_home.clone(),
        ..usual
    };
    let faults = profile.faults();
    if faults.is_empty() {
        return Ok(profile);
    }
    let words: Vec<_> = faults
        .iter()
        .map(|(field, words)| format!("--{}: {words}", field.replace('_', "-")))
        .collect();
    Err(Complaint::usage(
        format!("The site was not kept. {}.", words.join("; ")),
        "See: failback site add --help",
    ))
}

fn list(arguments: &Arguments) -> Result<Exit, Complaint> {
    let sites = target::sites()?;
    let mut rows = Vec::new();
    for name in sites.names()? {
        rows.push(match sites.load(&name) {
            Ok(profile) => json!({ "name": name, "vaults": profile.vaults, "subscription": profile.subscription }),
            Err(trouble) => json!({ "name": name, "fault": trouble.to_string() }),
        });
    }
    if arguments.json {
        print_json(&json!({ "schema": "failback/sites/1", "sites": rows }));
        return Ok(Exit::Done);
    }
    if rows.is_empty() {
        output::print(
            "No site yet. Add one: failback site add NAME --subscription ID --resource-group RG --vault VAULT",
        );
    }
    for row in &rows {
        let word = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
        let vaults: Vec<_> = row["vaults"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|v| v.as_str())
            .collect();
        let rest = if vaults.is_empty() {
            word("fault")
        } else {
            vaults.join(", ")
        };
        output::print(&format!("{:<20} {rest}", word("name")));
    }
    Ok(Exit::Done)
}

fn test(arguments: &Arguments, name: &str) -> Result<Exit, Complaint> {
    let profile = target::profile(name)?;
    let runtime = target::runtime()?;
    let findings = std::sync::Mutex::new(Vec::new());
    runtime.block_on(crate::site::test(&profile, |mut finding| {
        if name == target::DEMO && finding.what == "clock" {
            finding.verdict =
                Verdict::Good("the built-in site's time passes faster than yours".into());
        }
        if !arguments.json {
            print_finding(&finding);
        }
        if let Ok(mut all) = findings.lock() {
            all.push(finding);
        }
    }));
    let findings = findings.into_inner().unwrap_or_default();
    let bad = findings
        .iter()
        .any(|f| matches!(f.verdict, Verdict::Bad(_) | Verdict::NotTried));
    if arguments.json {
        let rows: Vec<_> = findings.iter().map(finding_json).collect();
        print_json(
            &json!({ "schema": "failback/site-test/1", "site": name, "good": !bad, "findings": rows }),
        );
    }
    Ok(if bad { Exit::Failed } else { Exit::Done })
}

fn print_finding(finding: &Finding) {
    let (mark, words) = match &finding.verdict {
        Verdict::Good(words) => ("+", words.to_string()),
        Verdict::But(words) => ("!", words.to_string()),
        Verdict::Bad(failure) => ("x", Failure::lines(failure).join("\n             ")),
        Verdict::NotTried => (".", "not tried".into()),
    };
    output::print(&format!("{mark} {:<10} {words}", finding.what));
}

fn finding_json(finding: &Finding) -> serde_json::Value {
    match &finding.verdict {
        Verdict::Good(words) => json!({ "what": finding.what, "verdict": "good", "words": words }),
        Verdict::But(words) => json!({ "what": finding.what, "verdict": "but", "words": words }),
        Verdict::Bad(failure) => {
            json!({ "what": finding.what, "verdict": "bad", "error": failure })
        }
        Verdict::NotTried => json!({ "what": finding.what, "verdict": "notTried" }),
    }
}
