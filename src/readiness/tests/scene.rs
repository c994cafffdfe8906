//! A plan and what is known about it, sound in every respect; tests spoil what they are about.

mod others;
mod sound;

use jiff::Timestamp;

use crate::domain::identity::{Judged, Verdict};
use crate::domain::infrastructure::{Component, Datastore, Fabric, FabricKind, Role, Volume};
use crate::domain::machine::Ties;
use crate::domain::particulars::Particulars;
use crate::domain::plan::*;
use crate::domain::recovery_point::{Consistency, RecoveryPoint};
use crate::domain::{
    ArmId, Bytes, Class, Discovery, Health, Level, Machine, Next, Place, Policy, Problem,
    Registration, Stage, Text,
};
use crate::readiness::facts::*;
use crate::readiness::{Findings, Outcome, evaluate};

pub use others::*;
pub use sound::*;

/// The service's "now" in every scene.
pub fn now() -> Timestamp {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

pub fn minutes_ago(minutes: i64) -> Timestamp {
    now() - jiff::SignedDuration::from_mins(minutes)
}

pub fn id(name: &str) -> ArmId {
    let item = format!("replicationFabrics/f/replicationProtectedItems/{name}");
    ArmId::parse(&format!("/subscriptions/s/vaults/v/{item}")).unwrap()
}

pub fn vm_id(name: &str) -> ArmId {
    ArmId::parse(&format!("/subscriptions/s/virtualMachines/{name}")).unwrap()
}

pub fn told<T>(value: T, source: Source) -> Fact<T> {
    Fact::Known {
        value,
        source,
        read_at: now(),
    }
}

pub fn value<T>(fact: &mut Fact<T>) -> &mut T {
    match fact {
        Fact::Known { value, .. } => value,
        Fact::Unknown { reason } => panic!("the scene does not know it: {reason}"),
    }
}

#[derive(Clone, Debug)]
pub struct Scene {
    pub plan: Plan,
    pub facts: Facts,
}

impl Scene {
    /// One of every kind.
    pub fn all() -> Vec<Self> {
        let mut all = vec![
            Self::commit(),
            Self::commit_of(Class::ModernisedHome),
            Self::commit_of(Class::HyperV),
            Self::elsewhere(),
            Self::cancel(),
            Self::change_point(),
        ];
        all.extend(Self::ready());
        all
    }

    /// Those that nobody has to say anything to.
    pub fn ready() -> Vec<Self> {
        vec![
            Self::protect(),
            Self::fail_back(),
            Self::to_azure(),
            Self::modernised_protect(),
            Self::modernised_back(),
            Self::modernised_to_azure(),
            Self::hyper_v_back(),
            Self::hyper_v_to_azure(),
            Self::complete(),
            Self::fail_over(),
            Self::hyper_v_over(),
            Self::test(),
            Self::clean_up(),
        ]
    }

    /// A classic machine that runs in Azure, to be protected to where it came from.
    pub fn protect() -> Self {
        let machine = Protected {
            id: id("a"),
            name: "a".into(),
            azure_vm: None,
            target: Target::Classic(classic_target()),
            offline_temporary: false,
            settings: MachineSettings::default(),
        };
        let intent = Intent::Protect(Protection {
            replication: Replication::default(),
            nat: Nat::default(),
            machines: vec![machine],
        });
        Self::of(intent, machine_at(Class::ClassicToAzure, Stage::Committed))
    }

    /// A classic machine that replicates home, to be failed back.
    pub fn fail_back() -> Self {
        let own = Recovered {
            azure_vm: Some(vm_id("a")),
            ..Recovered::new(id("a"), "a".into())
        };
        let wave = Wave::of(vec![own]);
        let intent = Intent::FailBack(Recovery::new(vec![wave]));
        Self::of(intent, machine_at(Class::ClassicHome, Stage::Protected))
    }

    /// A classic machine that came home and waits for its commit.
    pub fn commit() -> Self {
        let own = Selected {
            id: id("a"),
            name: "a".into(),
        };
        let intent = Intent::Commit(Selection {
            machines: vec![own],
        });
        let mut scene = Self::of(intent, at_home(Stage::CommitPending, "Commit"));
        scene.instance().power = "deallocated".into();
        scene
    }

    /// A classic machine that came home and was committed, to be protected to Azure.
    pub fn to_azure() -> Self {
        let own = Returned {
            id: id("a"),
            name: "a".into(),
            target: ReturnTarget {
                process_server: Some("ps".into()),
                account: None,
                policy: Some(id("forward")),
                ..ReturnTarget::default()
            },
        };
        let intent = Intent::ProtectToAzure(Returning {
            machines: vec![own],
        });
        Self::of(intent, at_home(Stage::Committed, "SwitchProtection"))
    }

    fn of(intent: Intent, machine: Machine) -> Self {
        let plan = Plan::new(PlanName::parse("p").unwrap(), intent).unwrap();
        let mut facts = Facts::none("nothing was read");
        facts.items = told(vec![sibling(&machine)], Source::Items);
        facts.fabrics = told(vec![fabric()], Source::Fabrics);
        facts.vcenters = told(vec![vcenter("vc")], Source::VCenters);
        facts.policies = told(
            vec![
                policy("failback", "InMage"),
                policy("forward", "InMageAzureV2"),
            ],
            Source::Policies,
        );
        facts.programs = told(Vec::new(), Source::Here);
        facts.machines.insert(id("a"), machine_facts(machine));
        Self { plan, facts }
    }

    /// Puts a second machine, of the same replication group, beside the first.
    pub fn group(&mut self) {
        self.item().group_id = "g".into();
        let own = self.own().clone();
        let mut other = self.item().clone();
        other.id = id("b");
        other.name = "b".into();
        let siblings = vec![sibling(self.item()), sibling(&other)];
        self.facts.items = told(siblings, Source::Items);
        let facts = MachineFacts {
            item: told(Item::Protected(Box::new(other)), Source::Item),
            ..own
        };
        self.facts.machines.insert(id("b"), facts);
        let mut intent = self.plan.intent().clone();
        match &mut intent {
            Intent::Protect(protection) => {
                let mut second = protection.machines[0].clone();
                (second.id, second.name) = (id("b"), "b".into());
                protection.machines.push(second);
            }
            Intent::FailBack(recovery) => {
                let mut second = recovery.waves[0].machines[0].clone();
                (second.id, second.name) = (id("b"), "b".into());
                recovery.waves[0].machines.push(second);
            }
            _ => panic!("groups matter on the way home"),
        }
        self.plan.decide(intent).unwrap();
    }

    pub fn judge(&self) -> Findings {
        evaluate(&self.plan, &self.facts)
    }

    /// What a check says of the first subject that it is about.
    pub fn outcome(&self, check: &str) -> Outcome {
        let found = self.judge();
        let first = found.of(check).next();
        first
            .unwrap_or_else(|| panic!("{check} was not asked"))
            .outcome
    }

    pub fn own(&mut self) -> &mut MachineFacts {
        self.facts.machines.get_mut(&id("a")).unwrap()
    }

    pub fn item(&mut self) -> &mut Machine {
        match value(&mut self.own().item) {
            Item::Protected(machine) => machine,
            Item::Absent => panic!("it is not there"),
        }
    }

    pub fn deep(&mut self) -> &mut Deep {
        value(&mut self.own().deep)
    }

    pub fn instance(&mut self) -> &mut Instance {
        match value(&mut self.own().azure_vm) {
            AzureVm::There(instance) => instance,
            other => panic!("it is not there: {other:?}"),
        }
    }

    pub fn vm(&mut self, vm: AzureVm) {
        self.own().azure_vm = told(vm, Source::Compute);
    }

    pub fn fabric(&mut self) -> &mut Fabric {
        &mut value(&mut self.facts.fabrics)[0]
    }

    pub fn server(&mut self, id: &str) -> &mut Component {
        let all = &mut self.fabric().components;
        all.iter_mut().find(|c| c.id.as_str() == id).unwrap()
    }

    pub fn remove(&mut self, server: &str) {
        self.fabric().components.retain(|c| c.id.as_str() != server);
    }

    pub fn retention(&mut self) -> &mut Vec<Volume> {
        match &mut self.server("mt").role {
            Role::MasterTarget { retention, .. } => retention,
            other => panic!("{other:?}"),
        }
    }

    pub fn datastores(&mut self) -> &mut Vec<Datastore> {
        match &mut self.server("mt").role {
            Role::MasterTarget { datastores, .. } => datastores,
            other => panic!("{other:?}"),
        }
    }

    pub fn vcenters(&mut self) -> &mut Vec<VCenter> {
        value(&mut self.facts.vcenters)
    }

    /// Decides the plan's intent anew.
    pub fn replan(&mut self, change: impl FnOnce(&mut Intent)) {
        let mut intent = self.plan.intent().clone();
        change(&mut intent);
        self.plan.decide(intent).unwrap();
    }

    pub fn protection(&mut self, change: impl FnOnce(&mut Protection)) {
        self.replan(|intent| match intent {
            Intent::Protect(protection) => change(protection),
            other => panic!("{other:?}"),
        });
    }

    pub fn target(&mut self, change: impl FnOnce(&mut ClassicTarget)) {
        self.protection(|p| match &mut p.machines[0].target {
            Target::Classic(target) => change(target),
            Target::Modernised(_) => panic!("a classic target"),
        });
    }

    pub fn settings(&mut self, change: impl FnOnce(&mut MachineSettings)) {
        self.protection(|p| change(&mut p.machines[0].settings));
    }

    pub fn recovery(&mut self, change: impl FnOnce(&mut Recovery)) {
        self.replan(|intent| match intent {
            Intent::FailBack(recovery) => change(recovery),
            other => panic!("{other:?}"),
        });
    }

    pub fn return_target(&mut self, change: impl FnOnce(&mut ReturnTarget)) {
        self.replan(|intent| match intent {
            Intent::ProtectToAzure(back) => change(&mut back.machines[0].target),
            other => panic!("{other:?}"),
        });
    }
}
