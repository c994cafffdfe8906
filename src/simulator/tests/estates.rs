use super::*;
use std::io::Write;

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(text.as_bytes()).expect("written");
    file
}

async fn refused(text: &str) -> String {
    let file = file(text);
    let options = Options {
        estate: Estate::File(file.path().into()),
        ..Options::default()
    };
    match start(options).await {
        Ok(_) => panic!("it started"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn an_estate_file_can_hold_any_name() {
    let names = [
        "\u{1b}[2J\u{9b}31m",
        "\u{202e}gnp.exe",
        "e\u{301}\u{301}",
        "全角",
        "${vault}",
        "a/b?c#d",
    ];
    let mut machines: Vec<Value> = names
        .iter()
        .map(|n| json!({"name": n, "fabric": "cs", "stage": "classic-ready"}))
        .collect();
    machines.push(
        json!({"name": "long ü ", "name_bytes": 1 << 20, "fabric": "cs", "stage": "classic-ready"}),
    );
    let text =
        json!({"fabrics": [{"kind": "vmware", "name": "cs"}], "machines": machines}).to_string();
    let file = file(&text);
    let site = site(Estate::File(file.path().into())).await;
    let items = site.items().await;
    for (item, name) in items.iter().zip(names) {
        assert_eq!(item["properties"]["friendlyName"], name);
        assert_eq!(
            site.get(&super::text(&item["id"])).await["name"],
            item["name"]
        );
    }
    let long = super::text(&items[names.len()]["properties"]["friendlyName"]);
    assert!(long.len() > (1 << 20) - 4 && long.len() <= 1 << 20);
}

#[tokio::test]
async fn a_bad_estate_file_is_refused_with_the_place() {
    let error = refused("{\n \"machines\": [\n  {\"name\": \"a\", \"fabric\": \"x\", \"stage\": \"nowhere\"}\n ]\n}").await;
    assert!(
        error.contains("machines[0].stage")
            && error.contains("line 3")
            && error.contains("classic-ready"),
        "{error}"
    );
    let error = refused(
        "{\"machines\": [{\"name\": \"a\", \"fabric\": \"x\", \"stage\": \"classic-ready\"}]}",
    )
    .await;
    assert!(error.contains("there is no fabric 'x'"), "{error}");
    let error = refused("{\"machinse\": []}").await;
    assert!(error.contains("unknown field `machinse`"), "{error}");
    let error = refused("{\n\n nonsense").await;
    assert!(error.contains("line 3"), "{error}");
}

#[tokio::test]
async fn the_same_seed_makes_the_same_estate_and_contoso_can_be_made_larger_or_smaller() {
    let large = |seed| {
        with(Options {
            estate: Estate::Large,
            machines: Some(60),
            seed,
            ..Options::default()
        })
    };
    let names = |rows: Vec<Value>| {
        rows.iter()
            .map(|r| super::text(&r["id"]) + &super::text(&r["properties"]["friendlyName"]))
            .collect::<Vec<_>>()
    };
    let (one, same, other) = (large(7).await, large(7).await, large(8).await);
    let (one, same, other) = (
        names(one.items().await),
        names(same.items().await),
        names(other.items().await),
    );
    assert_eq!(one, same);
    assert_ne!(one, other);
    for count in [3, 50] {
        let site = with(Options {
            machines: Some(count),
            ..Options::default()
        })
        .await;
        assert_eq!(site.running.announce.items, count);
    }
}

#[tokio::test]
async fn the_problems_of_real_life_are_there() {
    let site = site(Estate::Contoso).await;
    let fabrics = site
        .rows(&format!("{}/replicationFabrics", site.vault()))
        .await;
    let classic = &fabrics[0]["properties"]["customDetails"];
    let targets = classic["masterTargetServers"].as_array().expect("targets");
    let linux: Vec<usize> = targets
        .iter()
        .filter(|t| t["osType"] == "Linux")
        .map(|t| t["dataStores"].as_array().expect("stores").len())
        .collect();
    assert_eq!(linux, [2, 0]);
    assert!(
        classic["processServers"]
            .as_array()
            .expect("servers")
            .iter()
            .any(|p| p["spaceUsageStatus"] == "Red")
    );
    let items = site.items().await;
    let errors = |i: &Value| {
        i["properties"]["healthErrors"]
            .as_array()
            .map_or(0, Vec::len)
    };
    assert!(items.iter().any(|i| errors(i) >= 2));
    let groups: Vec<&Value> = items
        .iter()
        .map(|i| &i["properties"]["providerSpecificDetails"]["multiVmGroupId"])
        .collect();
    let shared = |g: &Value| groups.iter().filter(|o| **o == g && g.is_string()).count();
    assert!(groups.iter().any(|g| shared(g) == 3) && groups.iter().any(|g| shared(g) == 1));
    let jobs = site
        .rows(&format!("{}/replicationJobs", site.vault()))
        .await;
    let has = |field: &str, word: &str| jobs.iter().any(|j| j["properties"][field] == word);
    assert!(has("state", "Failed") && has("stateDescription", "PartiallySucceeded"));
    assert!(has("stateDescription", "WaitingForUserInputAfterDataSync"));
    let mappings = site
        .rows(&format!(
            "{}/replicationProtectionContainerMappings",
            site.vault()
        ))
        .await;
    let back = mappings.iter().filter(|m| {
        m["properties"]["policyFriendlyName"]
            .as_str()
            .is_some_and(|p| p.starts_with("contoso") && p.ends_with("failback"))
    });
    assert_eq!(back.count(), 2);
}

#[tokio::test]
async fn an_address_that_is_not_loopback_is_refused() {
    let options = Options {
        listen: ([0, 0, 0, 0], 0).into(),
        ..Options::default()
    };
    assert!(matches!(
        start(options).await,
        Err(crate::simulator::Error::NotLoopback(_))
    ));
}
