use super::super::target::differences;
use crate::domain::plan::{AzureAdapter, AzureTarget};
use crate::domain::{ArmId, Text};

fn target(size: Option<&str>, address: Option<&str>) -> AzureTarget {
    AzureTarget {
        name: None,
        size: size.map(Text::from),
        network: ArmId::parse("/s/x/virtualNetworks/V"),
        adapters: vec![AzureAdapter {
            id: "nic-1".into(),
            subnet: None,
            address: address.map(Text::from),
        }],
    }
}

#[test]
fn what_was_to_be_and_is_not_shown_is_told_one_by_one() {
    let wanted = target(Some("Standard_E4s_v5"), Some("10.8.2.46"));
    let told = |shown: &AzureTarget| -> Vec<String> {
        let all = differences(&wanted, shown);
        all.iter().map(ToString::to_string).collect()
    };
    // Case says nothing, and what was not to be changed is not looked at.
    let mut as_wanted = target(Some("standard_e4s_v5"), Some("10.8.2.46"));
    as_wanted.name = Some("another".into());
    as_wanted.network = ArmId::parse("/s/x/virtualnetworks/v");
    assert!(told(&as_wanted).is_empty());
    assert_eq!(
        told(&target(Some("Standard_D2s_v5"), None)),
        [
            "Azure shows the size Standard_D2s_v5, not Standard_E4s_v5",
            "Azure does not show the address, which was to be 10.8.2.46",
        ]
    );
    let mut bare = as_wanted.clone();
    bare.adapters.clear();
    bare.network = None;
    let told = told(&bare);
    assert!(told[0].contains("does not show the network"), "{told:?}");
    assert!(told[1].contains("no adapter nic-1"), "{told:?}");
}
