//! Every change that this program can make, of all generations, as Microsoft's swagger has it.

use std::fs;

use failback::agent::{guest, script};
use failback::azure::{Shell, call_for, script_call};
use failback::domain::call::{
    AzureInput, ClassicAzureInput, ClassicInput, GuestOs, HomeInput, HyperVAzureInput, JobAction,
    ModernisedAzureInput, ModernisedInput, ModernisedPoint, WayHome,
};
use failback::domain::plan::{
    AzureAdapter, AzureTarget, HyperVReturn, PointChoice, Synchronisation,
};
use failback::domain::{ArmId, Call, Change, Generation};
use serde_json::{Value, json};

use crate::peer::{validate, validate_compute};

const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg";
const SERVER: &str = "14968BDF-E18E-7F45-A9B0E3EFAC2DDCA2";
const ALL: [Generation; 3] = [
    Generation::Classic,
    Generation::Modernised,
    Generation::HyperV,
];

fn elsewhere(path: &str) -> ArmId {
    ArmId::parse(&format!("{GROUP}/providers/{path}")).unwrap()
}

fn id(path: &str) -> ArmId {
    elsewhere(&format!("Microsoft.RecoveryServices/vaults/v/{path}"))
}

fn item() -> ArmId {
    id("replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/i")
}

fn point() -> ArmId {
    let point = "recoveryPoints/3e53d760-0533-4692-88ba-bbf28b26823a";
    ArmId::parse(&format!("{}/{point}", item())).unwrap()
}

fn home() -> Vec<Change> {
    let classic = |account: Option<&str>| {
        HomeInput::Classic(ClassicInput {
            process_server: SERVER.into(),
            master_target: "30AE6187-5869-8E44-B8AF6AA66E3ECC8F".into(),
            retention: "F".into(),
            datastore: "datastore1".into(),
            account: account.map(Into::into),
            policy: id("replicationPolicies/back"),
        })
    };
    let modernised = HomeInput::Modernised(ModernisedInput {
        reprotect_agent: SERVER.into(),
        datastore: "datastore1".into(),
        log_storage: elsewhere("Microsoft.Storage/storageAccounts/logs"),
    });
    let custom = PointChoice::Custom {
        name: "systemLevelTag606c3e8d".into(),
        time: None,
    };
    let hyper_v = |synchronisation, create_vm, host| {
        WayHome::HyperV(HyperVReturn {
            synchronisation,
            create_vm,
            host,
        })
    };
    let provider = id("replicationFabrics/f/replicationRecoveryServicesProviders/p");
    let protects = [classic(Some("2")), classic(None), modernised];
    let ways = [
        WayHome::Classic(PointChoice::Latest),
        WayHome::Classic(PointChoice::LatestApplication),
        WayHome::Classic(custom),
        WayHome::Modernised(ModernisedPoint::CrashConsistent),
        WayHome::Modernised(ModernisedPoint::ApplicationConsistent),
        hyper_v(Synchronisation::BeforeFailover, false, None),
        hyper_v(Synchronisation::FullDownload, true, None),
        hyper_v(Synchronisation::BeforeFailover, true, Some(provider)),
    ];
    let protect = |input| Change::Protect {
        item: item(),
        input,
    };
    let fail_back = |way| Change::FailBack { item: item(), way };
    let ends = [
        Change::Commit { item: item() },
        Change::CancelFailover { item: item() },
    ];
    let protects = protects.into_iter().map(protect);
    protects
        .chain(ways.into_iter().map(fail_back))
        .chain(ends)
        .collect()
}

fn protected_to_azure() -> Vec<Change> {
    let forward = || id("replicationPolicies/forward");
    let classic = |account: Option<&str>| {
        AzureInput::Classic(ClassicAzureInput {
            process_server: SERVER.into(),
            account: account.map(Into::into),
            policy: forward(),
        })
    };
    let modernised = AzureInput::Modernised(ModernisedAzureInput {
        process_server: SERVER.into(),
        account: Some("2".into()),
        policy: forward(),
    });
    let hyper_v = |storage| {
        AzureInput::HyperV(HyperVAzureInput {
            host_vm: "3e53d760-0533-4692-88ba-bbf28b26823a".into(),
            vm_name: "dc-01".into(),
            os: "Windows".into(),
            storage,
        })
    };
    let storage = elsewhere("Microsoft.Storage/storageAccounts/disks");
    let inputs = [
        classic(Some("2")),
        classic(None),
        modernised,
        hyper_v(None),
        hyper_v(Some(storage)),
    ];
    let change = |input| Change::ProtectToAzure {
        item: item(),
        input,
    };
    inputs.into_iter().map(change).collect()
}

fn to_azure(generation: Generation) -> Vec<Change> {
    let network = || elsewhere("Microsoft.Network/virtualNetworks/net");
    let target = AzureTarget {
        name: Some("web-01-dr".into()),
        size: Some("Standard_D4s_v5".into()),
        network: Some(network()),
        adapters: vec![AzureAdapter {
            id: "00:50:56:8f:2a:11".into(),
            subnet: Some("servers".into()),
            address: Some("10.8.2.46".into()),
        }],
    };
    let fail_over = |point, shut_down| Change::FailOver {
        item: item(),
        generation,
        point,
        shut_down,
    };
    let test = |point| Change::TestFailover {
        item: item(),
        generation,
        network: network(),
        point,
    };
    vec![
        Change::UpdateTarget {
            item: item(),
            generation,
            target,
        },
        fail_over(None, true),
        fail_over(Some(point()), true),
        fail_over(None, false),
        fail_over(Some(point()), false),
        Change::ChangePoint {
            item: item(),
            generation,
            point: point(),
        },
        test(None),
        test(Some(point())),
        Change::CleanUpTest {
            item: item(),
            comments: "cleaned up with failback".into(),
        },
    ]
}

/// As a log of exchanges has it.
fn line(change: &Change) -> String {
    line_of(&call_for(change, "2024-04-01"))
}

fn line_of(call: &Call) -> String {
    let body = call.body.as_deref().map(serde_json::from_str::<Value>);
    let accepted = "https://management.azure.com/operation";
    let line = json!({
        "method": call.method.to_string(), "uri": format!("https://management.azure.com{}", call.path),
        "reqHeaders": {}, "reqBody": body.transpose().unwrap(), "status": 202,
        "respHeaders": {"location": accepted, "azure-asyncoperation": accepted}, "respBody": null,
    });
    line.to_string()
}

#[test]
fn every_change_of_every_generation_is_as_the_swagger_has_it() {
    let job = |action| Change::JobAction {
        job: id("replicationJobs/3e53d760-0533-4692-88ba-bbf28b26823a"),
        action,
    };
    let vm = || elsewhere("Microsoft.Compute/virtualMachines/web-01");
    let temporary = |os| Change::TakeTemporaryOffline {
        vm: vm(),
        os,
        disk: "305419896".into(),
    };
    let mut changes = home();
    changes.extend(protected_to_azure());
    changes.extend(ALL.into_iter().flat_map(to_azure));
    changes.extend([job(JobAction::Resume), job(JobAction::Restart)]);
    let vault = changes.len();
    changes.extend([
        Change::StopAzureVm { vm: vm() },
        Change::StartAzureVm { vm: vm() },
        temporary(GuestOs::Windows),
        temporary(GuestOs::Linux),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("sent.jsonl");
    let scripts = [
        (Shell::PowerShell, script::POWERSHELL),
        (Shell::Sh, script::SH),
        (Shell::PowerShell, guest::POWERSHELL),
        (Shell::Sh, guest::SH),
    ];
    let scripts = scripts.map(|(shell, text)| line_of(&script_call(&vm(), shell, text)));
    let lines: Vec<String> = changes.iter().map(line).chain(scripts).collect();
    fs::write(&log, lines.join("\n")).unwrap();
    println!(
        "what is sent: {}",
        validate(&log, u32::try_from(vault).unwrap())
    );
    println!("to Compute: {}", validate_compute(&log, 8));
}
