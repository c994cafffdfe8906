//! A machine that was failed over, in one line.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::identity::*;
use crate::domain::{ArmId, Class, Discovery, Place, Registration, Text};

pub const HOME_ID: &str = "5CD9A161-43C4-8F42-9951DF9131773F18";
pub const AZURE_ID: &str = "9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4";
pub const OTHER_ID: &str = "4e81c0d2-7b3a-4f96-a1c5-2d90e7f3b618";

/// Machines and registrations, as the lists tell them.
#[derive(Clone)]
pub struct Scene {
    pub subjects: Vec<Subject>,
    pub candidates: Vec<Candidate>,
    pub readings: HashMap<ArmId, Vec<Reading>>,
    pub at_home: Ranges,
    pub unread: Option<Text>,
    pub now: Timestamp,
}

pub fn item(name: &str) -> ArmId {
    ArmId::parse(&format!("/subscriptions/s/vaults/v/items/{name}")).unwrap()
}

pub fn vm(name: &str) -> ArmId {
    ArmId::parse(&format!("/subscriptions/s/virtualMachines/{name}")).unwrap()
}

pub fn subject(name: &str) -> Subject {
    Subject {
        id: item(name),
        name: name.into(),
        class: Class::ClassicToAzure,
        place: Place::Azure,
        registrations: Vec::new(),
        azure_vm: Some(vm(name)),
        addresses: Vec::new(),
        power: Power::On,
        failed_over: "2026-03-02T08:00:00Z".parse().ok(),
    }
}

pub fn candidate(id: &str, name: &str, agent: &str, discovery: Discovery) -> Candidate {
    Candidate {
        registration: Registration {
            id: id.into(),
            name: name.into(),
            item: None,
            agent: agent.into(),
            address: Text::default(),
            discovery,
        },
        power: Power::NotTold,
        providers: Vec::new(),
        heartbeat: None,
    }
}

/// A file with nothing wrong.
pub fn file(id: &str) -> AgentFile {
    AgentFile {
        sha256: "00".into(),
        called: Called::of(id),
        refused_at: None,
        role: Role::Agent,
        platform: Platform::VmWare,
        stack: Stack::Legacy,
        server: Server::NotCompared("10.8.0.4".into()),
        findings: Vec::new(),
        more: 0,
    }
}

pub fn reading(source: Source, minute: u8, file: AgentFile) -> Reading {
    Reading {
        source,
        at: format!("2026-03-02T09:{minute:02}:00Z").parse().unwrap(),
        file: Ok(file),
    }
}

impl Scene {
    /// web-01 with one registration of a vCenter, bound to its item, and one in Azure.
    pub fn normal() -> Self {
        let mut home = candidate("home", "web-01", HOME_ID, Discovery::VCenter);
        home.registration.item = Some(item("web-01"));
        let azure = candidate("azure", "web-01", AZURE_ID, Discovery::Physical);
        Self {
            subjects: vec![subject("web-01")],
            candidates: vec![home, azure],
            readings: HashMap::new(),
            at_home: Ranges::default(),
            unread: None,
            now: "2026-03-02T10:00:00Z".parse().unwrap(),
        }
    }

    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Run Command read this in web-01.
    pub fn read(self, file: AgentFile) -> Self {
        self.told(Source::RunCommand(vm("web-01")), file)
    }

    pub fn told(mut self, source: Source, file: AgentFile) -> Self {
        let own = self.readings.entry(item("web-01")).or_default();
        let minute = u8::try_from(own.len()).unwrap();
        own.push(reading(source, minute, file));
        self
    }

    pub fn groups(&self) -> Vec<Group> {
        let candidates: Vec<_> = self.candidates.iter().cloned().map(Arc::new).collect();
        group(
            self.subjects.clone(),
            &candidates,
            self.readings.clone(),
            self.unread.as_ref(),
            self.now,
        )
    }

    /// The first machine's.
    pub fn judged(&self) -> (Group, Judged) {
        let own = self.groups().remove(0);
        let judged = judge(&own, &self.at_home);
        (own, judged)
    }

    /// The rule that led to the first machine's verdict, and the verdict.
    pub fn verdict(&self) -> (&'static str, Verdict) {
        let (_, judged) = self.judged();
        (judged.rule, judged.verdict)
    }
}

/// The rule that leads to the first machine's verdict, and the verdict.
pub fn is(scene: &Scene, rule: &str, verdict: &Verdict) {
    let (found, concluded) = scene.verdict();
    assert_eq!((found, &concluded), (rule, verdict));
}

pub fn expected(confirmed: bool) -> Verdict {
    Verdict::AsExpected {
        azure: 1,
        home: 0,
        confirmed,
    }
}

/// A third registration of web-01, stale, in Azure.
pub fn stale(scene: &mut Scene) {
    scene
        .candidates
        .push(candidate("stale", "web-01", OTHER_ID, Discovery::Physical));
}
