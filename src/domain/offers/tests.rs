use super::*;
use crate::domain::{Class, Health, Next, Place, Stage};

const FABRIC: &str = "/subscriptions/s/vaults/v/replicationFabrics/f";

fn machine(policy: &str) -> Machine {
    let id = format!("{FABRIC}/replicationProtectionContainers/c/items/a");
    Machine {
        id: ArmId::parse(&id).unwrap(),
        name: "a".into(),
        class: Class::ClassicToAzure,
        place: Place::Azure,
        stage: Stage::Committed,
        running: None,
        sync_percent: None,
        next: Next::default(),
        health: Health::Normal,
        problems: Vec::new(),
        rpo_seconds: None,
        group_id: "".into(),
        group_name: "".into(),
        policy: policy.into(),
        last_failover: None,
        test_failover: "".into(),
        event_correlation_id: "".into(),
        azure_vm: None,
        service_ids: Box::default(),
        os: "".into(),
        address: "".into(),
    }
}

fn policy(name: &str, kind: &str, multi_vm: &str) -> Policy {
    let id = format!("/subscriptions/s/vaults/v/replicationPolicies/{name}");
    Policy {
        id: ArmId::parse(&id).unwrap(),
        name: name.into(),
        kind: kind.into(),
        multi_vm: multi_vm.into(),
        threshold: None,
        history: None,
        application: None,
    }
}

fn offers(policies: Vec<Policy>) -> Offers {
    let container = format!("{FABRIC}/replicationProtectionContainers/C");
    let mapping = |policy: &Policy| Mapping {
        container: ArmId::parse(&container).unwrap(),
        policy: policy.id.clone(),
        home: policy.kind.as_str() != "InMageAzureV2",
    };
    let choices = Choices {
        mappings: policies.iter().map(mapping).collect(),
        policies,
        ..Choices::default()
    };
    Offers {
        choices: Some(choices),
        ..Offers::default()
    }
}

fn preferred(policies: Vec<Policy>) -> Option<String> {
    let offers = offers(policies);
    let preferred = offers.preferred_policy(&machine("day"));
    preferred.map(|policy| policy.name.to_string())
}

#[test]
fn the_failback_policy_is_the_only_one_then_the_namesake_then_the_alike() {
    let day = || policy("day", "InMageAzureV2", "Enabled");
    let (other, rcm) = (
        policy("x", "InMage", "Disabled"),
        policy("r", "InMageRcmFailback", "Enabled"),
    );
    let alone = preferred(vec![day(), other.clone(), rcm]);
    assert_eq!(alone.as_deref(), Some("x"));
    let namesake = policy("DAY-failback", "InMage", "Disabled");
    let alike = policy("alike", "InMage", "enabled");
    let named = preferred(vec![day(), other.clone(), alike.clone(), namesake]);
    assert_eq!(named.as_deref(), Some("DAY-failback"));
    let same = preferred(vec![day(), other.clone(), alike.clone()]);
    assert_eq!(same.as_deref(), Some("alike"));
    let twin = policy("twin", "InMage", "Enabled");
    assert_eq!(
        preferred(vec![day(), alike, twin]),
        None,
        "a person chooses"
    );
    assert_eq!(preferred(vec![day()]), None);
}

#[test]
fn a_policy_mapped_elsewhere_is_none() {
    let mut offers = offers(vec![policy("x", "InMage", "")]);
    offers.choices.as_mut().unwrap().mappings[0].container = ArmId::parse("/elsewhere").unwrap();
    assert!(offers.preferred_policy(&machine("day")).is_none());
}

#[test]
fn a_system_is_known_by_its_name() {
    assert_eq!(System::of(&"WINDOWS".into()), System::Windows);
    assert_eq!(System::of(&"CentOS Linux 7.9".into()), System::Linux);
    assert_eq!(System::of(&"".into()), System::Unknown);
}
