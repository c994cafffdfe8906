//! What is kept of machines, what is not, and what is told of it.

use failback::domain::plan::{
    ClassicTarget, Location, MachineSettings, Nat, Protected, Protection, Replication, Target,
};
use failback::domain::{Intent, Plan};
use serde_json::{Value, json};

use crate::guests::{printed, site};
use crate::lab::Lab;

/// A plan that protects them; where to is open.
async fn protection(lab: &Lab, names: &[&str]) -> Plan {
    let mut machines = Vec::new();
    for name in names {
        machines.push(Protected {
            id: crate::run::item(lab, name).await,
            name: (*name).into(),
            azure_vm: None,
            target: Target::Classic(ClassicTarget {
                location: Location::Original,
                process_server: None,
                master_target: None,
                retention: None,
                datastore: None,
                account: None,
                policy: None,
            }),
            offline_temporary: false,
            settings: MachineSettings::default(),
        });
    }
    let protection = Protection {
        replication: Replication::default(),
        nat: Nat::default(),
        machines,
    };
    crate::run_plans::plan("protect", Intent::Protect(protection))
}

/// What nobody may find in anything that is kept or printed.
const SECRETS: [&str; 6] = [
    "hunter2",
    "s3cret",
    "SIGNATURE",
    "topkey",
    "ENVPASS",
    "credfile",
];

#[tokio::test]
async fn what_may_open_something_is_neither_kept_nor_printed() {
    let lines = "host\tlin-01\nsystem\tlinux\tRHEL\t8\n\
        fstab\t//me:hunter2@nas/s\t/s\tcifs\trw,username=me,password=hunter2,credentials=/root/credfile\n\
        fstab\thttps://acct.example/c?sv=1&sig=SIGNATURE\t/c\tfuse\tpasswd=s3cret,nofail\n\
        fstab\ts3fs#key=topkey:/b\t/b\tfuse\tenv=ENVPASS,comment=s3cret\ndone\tfstab\n\
        mount\t/s\tme:hunter2@nas:/s\tcifs\t\nmount\t/c\thttps://acct.example/c?sig=SIGNATURE\tfuse\t\ndone\tmounts\n\
        password\thunter2\nenvironment\tX=ENVPASS\nadapter\teth0\t\tfixed\t10.0.0.4/24\thunter2\ndone\tadapters\n\
        memory\thunter2\ncpus\ts3cret\ndone\thunter2\n";
    let site = site(&[("lin-01", json!({"os": "Linux", "guest": lines}))]).await;
    let mut said = String::new();
    for arguments in [
        &["guest", "record", "lin-01"][..],
        &["guest", "record", "lin-01", "--json"],
        &["guest", "show", "lin-01"],
        &["guest", "show", "lin-01", "--json"],
        &["guest", "compare", "lin-01"],
        &["guest", "compare", "lin-01", "--json"],
    ] {
        let told = site.lab.run(arguments).await;
        said += &(told.out + &told.err);
    }
    assert!(said.contains("lin-01"));
    let mut folders = vec![site.lab.home().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            said += &String::from_utf8_lossy(&std::fs::read(path).unwrap());
        }
    }
    assert!(files > 0 && said.contains("failback/guest/1"));
    for secret in SECRETS {
        assert!(!said.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_damaged_record_is_told_and_nothing_is_compared_with_it() {
    let site = site(&[("web-01", json!({}))]).await;
    site.lab.run(&["guest", "record", "web-01"]).await.ok_text();
    let folder = site.lab.home().join("data/failback/lab/guests");
    let file = std::fs::read_dir(&folder).unwrap();
    let file = file
        .map(|e| e.unwrap().path())
        .find(|f| f.extension().is_some_and(|e| e == "json"))
        .unwrap();
    let whole = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let now = site.lab.file("now", &printed("system\twindows\n"));
    let path = now.display().to_string();
    let compare = ["guest", "compare", "web-01", "--file", &path];
    let said = site.lab.run(&compare).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("set aside"), "{said:?}");
    assert!(said.out.is_empty(), "{said:?}");
    let sent = site.lab.changes().await.len();
    assert_eq!(sent, 1, "the machine was not looked into again");
}

#[tokio::test]
async fn what_cannot_be_reached_at_home_is_not_known_and_never_gone() {
    let site = site(&[("web-01", json!({}))]).await;
    site.lab.run(&["guest", "record", "web-01"]).await.ok_text();
    // A host that nobody has, and a file that holds something else.
    let other = site.lab.file("other", "what is this\n");
    let path = other.display().to_string();
    for (arguments, words) in [
        (
            &["--file", path.as_str()][..],
            "printed nothing that it should have",
        ),
        (
            &["--ssh", "nobody.invalid", "--seconds", "5"],
            "could not be looked into",
        ),
    ] {
        let all = [&["guest", "compare", "web-01"], arguments].concat();
        let said = site.lab.run(&all).await;
        assert_eq!(said.code, 1, "{said:?}");
        assert!(said.err.contains(words), "{said:?}");
        assert!(
            said.out.is_empty() && !said.err.contains("gone"),
            "{said:?}"
        );
    }
}

#[tokio::test]
async fn a_machine_that_still_runs_in_azure_is_not_compared_and_one_at_home_not_recorded_empty() {
    let home = json!({"stage": "classic-failed-back"});
    let site = site(&[("web-01", json!({})), ("web-02", home)]).await;
    site.lab.run(&["guest", "record", "web-01"]).await.ok_text();
    let said = site.lab.run(&["guest", "compare", "web-01"]).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("still runs in Azure"), "{said:?}");
    assert_eq!(site.lab.changes().await.len(), 1, "nothing was run in it");
    // At home nothing of it can be reached: that is no record.
    let said = site.lab.run(&["guest", "record", "web-02", "--json"]).await;
    assert_eq!(said.code, 5, "{said:?}");
    let told = &said.json()["machines"][0];
    assert_eq!(told["kept"], false, "{told:#}");
    assert_eq!(told["record"]["spot"], "home", "{told:#}");
    let said = site.lab.run(&["guest", "show", "web-02"]).await;
    assert_eq!(said.code, 2, "{said:?}");
}

#[tokio::test]
async fn the_lines_that_are_no_commands_fit_80_columns() {
    let site = site(&[("web-01", json!({})), ("lin-01", json!({"os": "Linux"}))]).await;
    let mut said = site
        .lab
        .run(&["guest", "record", "web-01", "lin-01"])
        .await
        .ok_text();
    let now = site
        .lab
        .file("now", &printed("host\tother\nsystem\twindows\n"));
    let path = now.display().to_string();
    said += &site
        .lab
        .run(&["guest", "compare", "web-01", "--file", &path])
        .await
        .out;
    // A file's whole name stands in a line, and commands are to be copied.
    let lines = said
        .lines()
        .filter(|l| !l.starts_with("        ") && !l.contains(&path));
    let lines: Vec<&str> = lines.collect();
    assert!(lines.len() > 20, "{said}");
    for line in lines {
        assert!(
            line.chars().count() <= 80,
            "{}: {line}",
            line.chars().count()
        );
    }
}

#[tokio::test]
async fn the_machines_of_a_plan_are_recorded_together_and_readiness_says_what_is_there() {
    let site = site(&[("web-01", json!({})), ("web-02", json!({}))]).await;
    let plan = protection(&site.lab, &["web-01", "web-02"]).await;
    let plan = site
        .lab
        .file("plan.json", &serde_json::to_string(&plan).unwrap());
    let plan = plan.display().to_string();
    let finding = async |check: &str| -> Vec<(String, String)> {
        let told = site.lab.run(&["check", &plan, "--json"]).await.json();
        let all = told["findings"].as_array().unwrap().clone();
        let own = all.into_iter().filter(|f| f["check"] == check);
        let word = |f: &Value, field: &str| f[field].as_str().unwrap_or_default().to_owned();
        own.map(|f| (word(&f, "outcome"), word(&f, "words")))
            .collect()
    };
    let before = finding("RECORD").await;
    assert_eq!(before.len(), 2);
    assert!(
        before
            .iter()
            .all(|(o, w)| o == "failed" && w.contains("nothing was recorded")),
        "{before:?}"
    );
    let before = finding("AZVM-06").await;
    assert!(before.iter().all(|(o, _)| o == "unknown"), "{before:?}");
    let said = site
        .lab
        .run(&["guest", "record", "--plan", &plan, "--json"])
        .await
        .ok_json();
    assert_eq!(said["machines"].as_array().unwrap().len(), 2);
    let after = finding("RECORD").await;
    assert!(
        after
            .iter()
            .all(|(o, w)| o == "notApplicable" && w.contains("last looked into on 20")),
        "{after:?}"
    );
    let after = finding("AZVM-06").await;
    assert!(
        after
            .iter()
            .all(|(o, w)| o == "failed" && w.contains("in use at D:")),
        "{after:?}"
    );
}

#[tokio::test]
async fn a_machine_protected_again_is_not_compared_with_itself_at_home() {
    let site = site(&[(
        "lin-01",
        json!({"os": "Linux", "stage": "classic-replicating"}),
    )])
    .await;
    let lines = "host\tlin-01\nsystem\tlinux\nservice\tnginx\tautomatic\tyes\ndone\tservices\n";
    let file = site.lab.file("home", &printed(lines)).display().to_string();
    let given = format!("lin-01={file}");
    let record = ["guest", "record", "lin-01", "--file", &given, "--json"];
    let told = site.lab.run(&record).await.ok_json();
    assert_eq!(told["machines"][0]["record"]["spot"], "home", "{told:#}");
    let said = site
        .lab
        .run(&["guest", "compare", "lin-01", "--file", &file, "--json"])
        .await;
    assert_eq!(said.code, 5, "{said:?}");
    let told = said.json();
    assert!(
        told["before"]["doubt"]
            .to_string()
            .contains("when it moved is not told"),
        "{told:#}"
    );
    for own in told["compared"].as_array().unwrap() {
        assert_eq!(own["outcome"], "unknown", "{told:#}");
    }
}
