//! What the bodies of the verbs must hold (asr-rest.md 4.1, 4.2). How the service words a refusal is not recorded;
//! that it names the field and the value is asked of it here.

mod azure;
mod classic;
mod hyperv;
mod modern;
mod update;

use serde_json::Value;

use super::asked::Asked;
use super::call::{Answer, Call};
use super::kind::{Form, Kind};
use super::world::{View, World};

/// A request about a machine, and what it was when it came.
struct Request<'a> {
    world: &'a World,
    call: &'a Call,
    machine: usize,
    view: &'a View,
    properties: &'a Value,
}

/// What the request asks for; everything that it names must exist and fit together.
pub(super) fn read(
    world: &World,
    call: &Call,
    machine: usize,
    view: &View,
    kind: &Kind,
    properties: &Value,
) -> Result<Asked, Answer> {
    let request = Request {
        world,
        call,
        machine,
        view,
        properties,
    };
    match kind.form {
        Form::Nothing => Ok(Asked::default()),
        Form::ProtectClassic => classic::reprotect(&request),
        Form::HomeClassic => classic::failover(&request),
        Form::ProtectModern => modern::reprotect(&request),
        Form::HomeModern => modern::planned(&request),
        Form::Reverse => hyperv::reverse(&request),
        Form::HomeHyperv => hyperv::failback(&request),
        Form::ToAzure => azure::failover(&request),
        Form::ToAzurePlanned => azure::planned(&request),
        Form::Test => azure::test(&request),
        Form::Cleanup => Ok(azure::cleanup(&request)),
        Form::Point => azure::change_point(&request),
        Form::Update => update::update(&request),
    }
}

const NOT_TAKEN: &str = "The request holds a value that this operation does not take.";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

impl Request<'_> {
    fn details(&self) -> &Value {
        &self.properties["providerSpecificDetails"]
    }

    /// A field of the provider's part; empty when it is not there.
    fn field(&self, name: &str) -> &str {
        text(&self.details()[name])
    }

    fn wrong(&self, field: &str, value: &str, why: &str) -> Answer {
        let message = format!("The value '{value}' of '{field}' is not valid.");
        let texts = (message.as_str(), why, "Correct the value and retry.");
        Answer::asr(400, "BadRequest", "InvalidParameter", texts, self.call)
    }

    /// `failoverDirection` has to be this one; or may be left out.
    fn direction(&self, expected: &str, required: bool) -> Result<(), Answer> {
        let said = text(&self.properties["failoverDirection"]);
        if said == expected || (said.is_empty() && !required) {
            return Ok(());
        }
        Err(self.wrong("failoverDirection", said, NOT_TAKEN))
    }

    /// From where the machine is active to the other side (asr-rest.md 13).
    fn away_from_active(&self) -> &'static str {
        if self.view.active == "Primary" {
            "PrimaryToRecovery"
        } else {
            "RecoveryToPrimary"
        }
    }

    /// `sourceSiteOperations`: whether the source is to be shut down and synchronised first.
    fn source(&self) -> Result<bool, Answer> {
        match text(&self.properties["sourceSiteOperations"]) {
            "Required" => Ok(true),
            "NotRequired" => Ok(false),
            other => Err(self.wrong("sourceSiteOperations", other, NOT_TAKEN)),
        }
    }

    /// The policy of that id and kind that the container is mapped with in this direction.
    fn policy(&self, field: &str, kind: &str, back: bool) -> Result<String, Answer> {
        let world = self.world;
        let fabric = world.site.fabric_of(&world.site.machines[self.machine]);
        let id = self.field(field);
        let mapped = |name: &str| {
            let mappings = &fabric.spec.mappings;
            mappings.iter().any(|m| m.policy == name && m.back == back)
        };
        let found = world.site.policies.iter().find(|p| {
            let own = format!("{}/replicationPolicies/{}", world.site.vault_id, p.name);
            p.kind == kind && mapped(&p.name) && own.eq_ignore_ascii_case(id)
        });
        let why = "There is no policy of this id and of the right kind that the container is mapped with in this direction.";
        let found = found.ok_or_else(|| self.wrong(field, id, why))?;
        Ok(found.name.clone())
    }

    /// A storage account of the subscription, by its id.
    fn storage(&self, field: &str) -> Result<String, Answer> {
        let id = self.field(field);
        let mut all = self.world.site.storage_ids();
        let found = all.find(|own| own.eq_ignore_ascii_case(id));
        let why = "There is no storage account of this id in the subscription.";
        found
            .map(|_| id.to_owned())
            .ok_or_else(|| self.wrong(field, id, why))
    }
}
