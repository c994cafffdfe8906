//! The other generations, and the other kinds of plan, sound in every respect.

use super::*;
use crate::domain::JobId;
use crate::domain::job::{Job, JobState};
use crate::domain::particulars::Registrar;

pub fn host_id(name: &str) -> ArmId {
    let host = format!("replicationFabrics/f/replicationRecoveryServicesProviders/{name}");
    ArmId::parse(&format!("/subscriptions/s/vaults/v/{host}")).unwrap()
}

pub fn disk_id(name: &str) -> ArmId {
    ArmId::parse(&format!("/subscriptions/s/disks/{name}")).unwrap()
}

pub fn registrar(name: &str) -> Registrar {
    Registrar {
        id: host_id(name),
        name: name.into(),
        kind: FabricKind::HyperVSite,
        connection: "Connected".into(),
        heartbeat: Some(minutes_ago(11)),
    }
}

fn selection() -> Selection {
    let own = Selected {
        id: id("a"),
        name: "a".into(),
    };
    Selection {
        machines: vec![own],
    }
}

fn job(scenario: &str, state: JobState, allowed: &[&str]) -> Job {
    Job {
        id: ArmId::parse("/subscriptions/s/vaults/v/replicationJobs/j").unwrap(),
        name: JobId::parse("4c0f3c1e-0000-4000-8000-000000000001").unwrap(),
        scenario: scenario.into(),
        title: "Planned failover".into(),
        state,
        description: "".into(),
        start: Some(minutes_ago(60)),
        end: None,
        target_name: "a".into(),
        target_id: "".into(),
        activity_id: "".into(),
        allowed_actions: allowed.iter().map(|a| Text::from(*a)).collect(),
        tasks: Vec::new(),
        problems: Vec::new(),
    }
}

fn point_with_id(name: &str, consistency: Consistency, minutes: i64) -> RecoveryPoint {
    RecoveryPoint {
        id: Some(id(name)),
        ..point(name, consistency, minutes)
    }
}

fn appliance(id: &str) -> Vec<Component> {
    let part = |role| Component {
        name: "appliance".into(),
        ..component(id, role)
    };
    vec![
        part(Role::ReprotectAgent {
            datastores: vec!["ds".into()],
        }),
        part(Role::AppliancePart("appliance proxy".into())),
    ]
}

impl Scene {
    /// Makes the scene the modernised generation's, wherever its machine stands.
    fn modernised(mut self) -> Self {
        let fabric = self.fabric();
        fabric.kind = FabricKind::ModernisedVmware;
        fabric.components = appliance("agent");
        fabric.components.extend(appliance("other"));
        let more = &mut self.deep().more;
        more.reprotect_agent = "agent".into();
        more.azure_disks = vec![disk_id("os"), disk_id("data")];
        more.fixed_address = Some(false);
        self.instance().disks = Some(AzureDisks {
            managed: vec![disk_id("os"), disk_id("data")],
            count: 2,
        });
        self.deep().tags.clear();
        self.deep().ties.discovery = Some(Discovery::VCenter);
        self
    }

    /// Makes the scene Hyper-V's.
    fn hyper_v(mut self) -> Self {
        let fabric = self.fabric();
        fabric.kind = FabricKind::HyperVSite;
        fabric.components = vec![component("host", Role::HyperVHost)];
        let more = &mut self.deep().more;
        more.registrar = Some(host_id("host"));
        more.managed_disks = Some(false);
        more.encrypted = Some(false);
        more.switches = vec!["lan".into()];
        self.deep().tags.clear();
        self.facts.registrars = told(
            vec![registrar("host"), registrar("second")],
            Source::Registrars,
        );
        self
    }

    /// A modernised machine that runs in Azure, to be protected home.
    pub fn modernised_protect() -> Self {
        let target = ModernisedTarget {
            location: Location::Original,
            reprotect_agent: Some("agent".into()),
            datastore: Some("ds".into()),
            log_storage: Some(id("log")),
        };
        let machine = Protected {
            id: id("a"),
            name: "a".into(),
            azure_vm: None,
            target: Target::Modernised(target),
            offline_temporary: false,
            settings: MachineSettings::default(),
        };
        let intent = Intent::Protect(Protection {
            replication: Replication::default(),
            nat: Nat::default(),
            machines: vec![machine],
        });
        Self::of(
            intent,
            machine_at(Class::ModernisedToAzure, Stage::Committed),
        )
        .modernised()
    }

    /// A modernised machine that replicates home.
    pub fn modernised_back() -> Self {
        let intent = Self::fail_back().plan.intent().clone();
        let allowed = "PlannedFailover";
        let own = machine(
            Class::ModernisedHome,
            Place::Azure,
            Stage::Protected,
            allowed,
        );
        Self::of(intent, own).modernised()
    }

    /// A modernised machine that came home.
    pub fn cancel() -> Self {
        let (class, stage) = (Class::ModernisedHome, Stage::CommitPending);
        let own = machine(class, Place::OnPremises, stage, "CancelFailover");
        Self::of(Intent::Cancel(selection()), own).modernised()
    }

    pub fn modernised_to_azure() -> Self {
        let mut scene = Self::to_azure();
        scene.item().class = Class::ModernisedHome;
        scene.return_target(|t| t.process_server = Some("agent".into()));
        scene.modernised()
    }

    /// A Hyper-V machine that runs in Azure.
    pub fn hyper_v_back() -> Self {
        let intent = Self::fail_back().plan.intent().clone();
        let own = machine(Class::HyperV, Place::Azure, Stage::Committed, "Failback");
        Self::of(intent, own).hyper_v()
    }

    /// The same, to another host.
    pub fn elsewhere() -> Self {
        let mut scene = Self::hyper_v_back();
        scene.way(|way| {
            way.host = Some(host_id("second"));
            way.create_vm = true;
        });
        scene
    }

    pub fn way(&mut self, change: impl FnOnce(&mut HyperVReturn)) {
        self.recovery(|r| {
            let own = &mut r.waves[0].machines[0].hyper_v;
            change(own.get_or_insert_with(HyperVReturn::usual));
        });
    }

    /// A Hyper-V machine whose failback waits to be completed.
    pub fn complete() -> Self {
        let own = machine(Class::HyperV, Place::Azure, Stage::Committed, "");
        let mut scene = Self::of(Intent::Complete(selection()), own).hyper_v();
        scene.wait(JobState::Suspended, &["Cancel", "Resume"]);
        scene
    }

    pub fn wait(&mut self, state: JobState, allowed: &[&str]) {
        let all = vec![
            job("PlannedFailover", state, allowed),
            job("PlannedFailover", JobState::Failed, &["Restart"]),
            job("TestFailover", JobState::InProgress, &["Cancel"]),
        ];
        self.facts.jobs = told(all, Source::Jobs);
    }

    pub fn hyper_v_to_azure() -> Self {
        let mut scene = Self::to_azure();
        let item = scene.item();
        item.class = Class::HyperV;
        item.next = Next::of(&Class::HyperV, &Place::OnPremises, ["ReverseReplicate"]);
        scene.return_target(|t| {
            *t = ReturnTarget {
                host_vm: Some("vm".into()),
                os: Some("Windows".into()),
                ..ReturnTarget::default()
            };
        });
        scene.hyper_v()
    }

    fn points(mut self) -> Self {
        let points = vec![
            point_with_id("newest", Consistency::Crash, 5),
            point_with_id("application", Consistency::Application, 50),
        ];
        self.own().points = told(points, Source::RecoveryPoints);
        self.deep().more.tested = Some(minutes_ago(9000));
        self.deep().more.reach = "Always".into();
        self
    }

    /// A classic machine that replicates to Azure.
    pub fn fail_over() -> Self {
        let own = FailedOver::new(id("a"), "a".into());
        let intent = Intent::FailOver(Failover::new(vec![Wave::of(vec![own])]));
        let (class, stage) = (Class::ClassicToAzure, Stage::Protected);
        let own = machine(class, Place::OnPremises, stage, "UnplannedFailover");
        Self::of(intent, own).points()
    }

    /// A Hyper-V machine that replicates to Azure.
    pub fn hyper_v_over() -> Self {
        let mut scene = Self::fail_over();
        scene.item().class = Class::HyperV;
        scene.hyper_v()
    }

    pub fn over(&mut self, change: impl FnOnce(&mut Failover)) {
        self.replan(|intent| match intent {
            Intent::FailOver(plan) => change(plan),
            other => panic!("{other:?}"),
        });
    }

    fn repointed() -> Repointed {
        Repointed {
            id: id("a"),
            name: "a".into(),
            point: AzurePoint::LatestApplication,
        }
    }

    /// A classic machine that was failed over to Azure and not committed.
    pub fn change_point() -> Self {
        let intent = Intent::ChangePoint(Repointing {
            machines: vec![Self::repointed()],
        });
        let (class, stage) = (Class::ClassicToAzure, Stage::CommitPending);
        let own = machine(class, Place::Azure, stage, "ChangePit");
        Self::of(intent, own).points()
    }

    pub fn test() -> Self {
        let intent = Intent::TestFailover(Testing {
            network: id("network"),
            machines: vec![Self::repointed()],
        });
        let (class, stage) = (Class::ClassicToAzure, Stage::Protected);
        let own = machine(class, Place::OnPremises, stage, "TestFailover");
        Self::of(intent, own).points()
    }

    pub fn clean_up() -> Self {
        let (class, stage) = (Class::ClassicToAzure, Stage::Protected);
        let own = machine(class, Place::OnPremises, stage, "TestFailoverCleanup");
        Self::of(Intent::CleanUpTest(selection()), own)
    }

    /// A plan that cancels, with a machine that is not of the generation that can.
    pub fn cancel_of_classic() -> Self {
        let mut scene = Self::cancel();
        scene.item().class = Class::ClassicHome;
        scene
    }

    /// A second machine of the group, which the plan leaves out.
    pub fn group_beside(&mut self) {
        self.item().group_id = "g".into();
        let own = sibling(self.item());
        let other = Sibling {
            id: id("b"),
            name: "b".into(),
            ..own.clone()
        };
        self.facts.items = told(vec![own, other], Source::Items);
    }

    /// A machine of another generation that came home and waits for its commit.
    pub fn commit_of(class: Class) -> Self {
        let mut scene = Self::commit();
        scene.item().class = class;
        scene
    }
}
