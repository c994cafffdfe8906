//! The third wizard: to Azure, with a target that can be changed before.

use super::build::*;
use super::whole_site::*;
use crate::domain::draft::WizardKind::FailOver;
use crate::domain::plan::{
    AzureAdapter, AzurePoint, AzureTarget, FailedOver, Failover, Intent, Plan,
};
use crate::domain::{Answer, Draft, Machine, Offers, Text};
use crate::wizard::{Field, Key, StepId, Walk, accept, replay, summary, template};

fn classic() -> Offers {
    site(vec![at_home("web", "InMageAzureV2")])
}

fn plan(draft: &Draft, offers: &Offers) -> Plan {
    Walk::new(draft, offers).finish().unwrap().plan
}

fn failover(plan: &Plan) -> &Failover {
    let Intent::FailOver(failover) = plan.intent() else {
        panic!("{plan:?}");
    };
    failover
}

fn own(draft: &Draft, offers: &Offers) -> FailedOver {
    failover(&plan(draft, offers))
        .machines()
        .next()
        .unwrap()
        .clone()
}

fn adapter(field: Field) -> Key {
    Key {
        part: Some("nic".into()),
        ..Key::of(field, &id("web"))
    }
}

#[test]
fn a_failover_of_defaults_changes_nothing_shuts_down_first_and_waits_to_be_launched() {
    let offers = classic();
    let draft = draft(FailOver, &offers, &["web"]);
    let done = Walk::new(&draft, &offers).finish().unwrap();
    assert!(!done.now);
    assert_eq!(done.plan.name.as_str(), "web-azure");
    let failover = failover(&done.plan);
    assert!(failover.shut_down);
    assert_eq!(failover.point, AzurePoint::Latest);
    let own = failover.machines().next().unwrap();
    assert!(own.target.is_empty() && own.point.is_none(), "{own:?}");
}

#[test]
fn only_what_is_other_than_it_is_goes_into_the_target() {
    let offers = classic();
    let mut draft = draft(FailOver, &offers, &["web"]);
    let take = |draft: &mut Draft, key: &Key, words: &str| {
        accept(draft, &offers, key, &words.into()).unwrap();
    };
    // What it is already, said again.
    for (field, words) in [
        (Field::VmName, "WEB"),
        (Field::VmSize, "Standard_D2s_v5"),
        (Field::VmNetwork, "net-1"),
    ] {
        take(&mut draft, &Key::of(field, &id("web")), words);
    }
    take(&mut draft, &adapter(Field::Subnet), "default");
    take(&mut draft, &adapter(Field::VmAddress), "10.8.0.21");
    assert!(own(&draft, &offers).target.is_empty());
    take(
        &mut draft,
        &Key::of(Field::VmSize, &id("web")),
        "Standard_E4s_v5",
    );
    let expected = AzureTarget {
        size: Some("Standard_E4s_v5".into()),
        ..AzureTarget::default()
    };
    assert_eq!(own(&draft, &offers).target, expected);
    // An adapter of which anything changes says both.
    take(&mut draft, &adapter(Field::VmAddress), "10.8.0.46");
    let nic = AzureAdapter {
        id: "nic".into(),
        subnet: Some("default".into()),
        address: Some("10.8.0.46".into()),
    };
    assert_eq!(own(&draft, &offers).target.adapters, [nic]);
}

#[test]
fn another_network_wants_a_subnet_and_an_address_of_its_own() {
    let offers = classic();
    let mut draft = draft(FailOver, &offers, &["web"]);
    let web = id("web");
    accept(
        &mut draft,
        &offers,
        &Key::of(Field::VmNetwork, &web),
        &"net-2".into(),
    )
    .unwrap();
    // The only subnet is taken, the old address does not lie in it.
    assert_eq!(
        faults(&draft, &offers, StepId::Target),
        ["vmAddress/nic: 10.8.0.21 does not lie in the subnet, 10.9.0.0/24"]
    );
    let wrong = accept(
        &mut draft,
        &offers,
        &adapter(Field::VmAddress),
        &"10.9.0.1".into(),
    );
    assert!(wrong.unwrap_err().contains("Azure keeps 10.9.0.1"));
    accept(&mut draft, &offers, &adapter(Field::VmAddress), &"".into()).unwrap();
    let target = own(&draft, &offers).target;
    assert_eq!(target.network, Some(network_id("net-2")));
    let nic = AzureAdapter {
        id: "nic".into(),
        subnet: Some("front".into()),
        address: None,
    };
    assert_eq!(target.adapters, [nic], "one that Azure gives");
}

#[test]
fn a_point_of_its_own_goes_by_its_whole_id() {
    let mut offers = site(vec![
        at_home("web", "InMageAzureV2"),
        at_home("app", "InMageRcm"),
    ]);
    offers.machines[1] = deep(at_home("app", "InMageRcm"));
    let mut draft = draft(FailOver, &offers, &["web", "app"]);
    let processed = Key::plan(Field::AzurePoint);
    accept(&mut draft, &offers, &processed, &"latestProcessed".into()).unwrap();
    let key = Key::of(Field::AzurePoint, &id("web"));
    accept(&mut draft, &offers, &key, &"crash1".into()).unwrap();
    let plan = plan(&draft, &offers);
    let failover = failover(&plan);
    assert_eq!(failover.point, AzurePoint::LatestProcessed);
    let web = failover.machine(&id("web")).unwrap();
    let Some(AzurePoint::Custom { id: point, time }) = &web.point else {
        panic!("{web:?}");
    };
    assert!(point.as_str().ends_with("/web/recoveryPoints/crash1") && time.is_some());
    let app = failover.machine(&in_fabric("appliance", "app")).unwrap();
    assert_eq!(*failover.point_of(app), AzurePoint::LatestProcessed);
}

#[test]
fn only_what_azure_offers_can_fail_over() {
    let busy = Machine {
        name: "idle".into(),
        ..of_fabric("f", machine("idle", "InMageAzureV2", "Primary", &[]))
    };
    let offers = site(vec![
        in_azure("there"),
        busy,
        at_home("web", "InMageAzureV2"),
    ]);
    for (name, why) in [
        ("there", "it runs in Azure already"),
        ("idle", "Azure does not offer Fail over to Azure"),
    ] {
        let list = Answer::List(vec![name.into()]);
        let mut draft = Draft::new(FailOver);
        let refused = accept(&mut draft, &offers, &Key::plan(Field::Machines), &list);
        let refused = refused.unwrap_err();
        assert!(refused.contains(why), "{name}: {refused}");
    }
}

#[test]
fn where_sizes_and_networks_cannot_be_read_what_is_typed_is_checked() {
    let mut offers = classic();
    offers.machines[0].sizes = None;
    let choices = offers.choices.as_mut().unwrap();
    choices.networks.clear();
    let mut draft = draft(FailOver, &offers, &["web"]);
    for (key, wrong, right) in [
        (
            Key::of(Field::VmSize, &id("web")),
            "a size",
            "Standard_D8s_v5",
        ),
        (
            Key::of(Field::VmNetwork, &id("web")),
            "net-9",
            "/subscriptions/s/resourceGroups/az/providers/Microsoft.Network/virtualNetworks/net-9",
        ),
        (adapter(Field::Subnet), "no blanks", "sub-1"),
        (adapter(Field::VmAddress), "10.8.0.300", "172.16.4.9"),
        (Key::of(Field::VmName, &id("web")), "-web", "web-9"),
    ] {
        assert!(
            accept(&mut draft, &offers, &key, &wrong.into()).is_err(),
            "{wrong}"
        );
        accept(&mut draft, &offers, &key, &right.into()).unwrap();
    }
    let target = own(&draft, &offers).target;
    assert_eq!(target.network, Some(network_id("net-9")));
    assert_eq!(target.name.as_ref().map(Text::as_str), Some("web-9"));
}

#[test]
fn the_answers_file_makes_the_plan_and_the_template_is_taken_once_it_is_filled_in() {
    let offers = classic();
    let started = draft(FailOver, &offers, &["web"]);
    let document = template(&started, &offers);
    assert_eq!(
        serde_json::to_value(&document).unwrap()["own"]["web"],
        serde_json::json!({
            "wave": 1,
            "optional": false,
            "healthy": "",
            "waitFor": "",
            "commandBefore": "",
            "commandAfter": "",
            "vmName": "web",
            "vmSize": "Standard_D2s_v5",
            "vmNetwork": "net-1",
            "subnet/nic": "default",
            "vmAddress/nic": "10.8.0.21",
        })
    );
    let replayed = replay(&document, &offers).unwrap();
    assert_eq!(
        plan(&replayed, &offers).intent(),
        plan(&started, &offers).intent()
    );
}

#[test]
fn the_summary_says_what_will_be_other_than_it_is() {
    let offers = classic();
    let mut draft = draft(FailOver, &offers, &["web"]);
    let size = Key::of(Field::VmSize, &id("web"));
    accept(&mut draft, &offers, &size, &"Standard_E4s_v5".into()).unwrap();
    accept(
        &mut draft,
        &offers,
        &Key::plan(Field::ShutDown),
        &Answer::Yes(false),
    )
    .unwrap();
    let lines = summary(&plan(&draft, &offers), &offers);
    let lines: Vec<String> = lines
        .iter()
        .map(|l| format!("{}: {}", l.label, l.words))
        .collect();
    assert!(
        lines.contains(&"Size: Standard_E4s_v5".to_owned()),
        "{lines:?}"
    );
    assert!(
        lines.iter().any(|l| l.contains("left running")),
        "{lines:?}"
    );
}
