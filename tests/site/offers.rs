//! What can be chosen on a site, read from the service: of every generation, in both directions.

use std::sync::Arc;

use failback::domain::offers::Offered;
use failback::domain::{Offers, Text};

use crate::lab::Lab;

/// The offers of the site, with one machine read deeply.
async fn offers(lab: &Lab, machine: &str) -> (Offers, Offered) {
    let site = lab.site().await.unwrap();
    let estate = crate::lab::gather(&site).await;
    let mut offers = estate.offers();
    let choices = site.choices().await;
    assert!(choices.unread.is_empty(), "{:?}", choices.unread);
    offers.choices = Some(choices);
    let chosen = Arc::clone(&offers.called(machine)[0].machine);
    offers.learn(site.offered(&[chosen]).await);
    let offered = offers.called(machine)[0].clone();
    (offers, offered)
}

#[tokio::test]
async fn a_modernised_machine_goes_home_by_the_agents_of_its_appliances_and_their_datastores() {
    let lab = Lab::contoso().await;
    let (offers, machine) = offers(&lab, "app-04").await;
    let agents = offers.reprotect_agents(machine.id());
    let names: Vec<_> = agents.iter().map(|a| a.server.name.as_str()).collect();
    assert_eq!(names, ["asr-appl-01", "asr-appl-02"]);
    let stores: Vec<_> = agents[0].datastores.iter().map(Text::as_str).collect();
    assert_eq!(stores, ["DS-VMFS-01", "SharedDS-84-85", "vsanDatastore"]);
    assert!(agents[1].datastores.is_empty());
    let storage = offers.log_storage();
    assert!(!storage.is_empty() && !storage[0].location.is_empty());
    let log = machine.detail().unwrap().stores.log.clone();
    assert!(
        storage.iter().any(|s| Some(&s.id) == log.as_ref()),
        "the one that it uses on its way to Azure: {log:?}"
    );
}

#[tokio::test]
async fn a_modernised_machine_goes_back_by_a_process_server_a_forward_policy_and_an_account() {
    let lab = Lab::contoso().await;
    let (offers, machine) = offers(&lab, "app-09").await;
    let servers = offers.process_servers(machine.id());
    assert_eq!(servers.len(), 2, "one an appliance");
    let policies = offers.forward_policies(&machine.machine);
    let names: Vec<_> = policies.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["24-hour-replication-policy"]);
    assert_eq!(
        offers.preferred_forward(&machine).map(|p| &p.id),
        Some(&policies[0].id)
    );
    let accounts = offers.accounts(machine.id());
    let names: Vec<_> = accounts.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["vcenter67", "windows", "linux"]);
    assert!(accounts[1].id.as_str().contains("/runasaccounts/"));
}

#[tokio::test]
async fn a_hyperv_machine_is_known_by_its_host_and_may_go_to_another() {
    let lab = Lab::contoso().await;
    let (offers, machine) = offers(&lab, "hv-pos-04").await;
    let protectable = machine.detail().unwrap().at_home.protectable.clone();
    let raw = lab
        .raw(&format!("{}?api-version=2025-08-01", protectable.unwrap()))
        .await;
    let said = raw["properties"]["customDetails"]["sourceItemId"].as_str();
    assert_eq!(machine.host_vm.as_ref().map(|vm| vm.id.as_str()), said);
    let own = machine.detail().unwrap().at_home.provider.clone().unwrap();
    let others = offers.other_hosts(&machine);
    assert!(others.iter().all(|p| p.id != own && p.hyper_v));
    let names: Vec<_> = others.iter().map(|p| p.name.as_str()).collect();
    assert!(names.contains(&"HV-BRANCH-02"), "{names:?}");
    let silent = others.iter().find(|p| p.name.as_str() == "HV-BRANCH-03");
    assert!(!silent.unwrap().is_connected());
}

#[tokio::test]
async fn a_machine_at_home_says_what_it_will_be_in_azure_and_what_it_could_be() {
    let lab = Lab::contoso().await;
    for name in ["mail-01", "app-06", "hv-web"] {
        let (offers, machine) = offers(&lab, name).await;
        let now = machine.detail().unwrap().target.clone();
        assert_eq!(now.name.as_ref().map(Text::as_str), Some(name));
        assert!(now.size.as_ref().unwrap().as_str().starts_with("Standard_"));
        let choices = offers.choices.as_ref().unwrap();
        let network = choices
            .networks
            .iter()
            .find(|n| Some(&n.id) == now.network.as_ref());
        let subnets = &network.unwrap().subnets;
        assert_eq!(now.adapters.len(), 1);
        let own = &now.adapters[0];
        assert!(!own.id.is_empty(), "{name}: {own:?}");
        assert!(
            subnets
                .iter()
                .any(|s| Some(&s.name) == own.subnet.as_ref() && !s.prefix.is_empty()),
            "{name}: {own:?}"
        );
        let sizes = machine.sizes.clone().unwrap();
        assert!(
            sizes
                .iter()
                .any(|s| s.cores == Some(4) && s.memory.is_some())
        );
        assert!(!machine.detail().unwrap().points.is_empty(), "{name}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_leaves_the_rest() {
    let lab = Lab::wanted()
        .fault("GET storageAccounts? * 403")
        .fault("GET runAsAccounts? * 403")
        .start()
        .await;
    let site = lab.site().await.unwrap();
    let choices = site.choices().await;
    assert!(choices.storage.is_empty() && !choices.networks.is_empty());
    assert_eq!(choices.unread.len(), 2, "{:?}", choices.unread);
    assert!(
        choices.accounts.len() >= 3,
        "those of the configuration server"
    );
}
