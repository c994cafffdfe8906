//! Machines recorded before they are protected, and compared once they are home.

use std::path::PathBuf;

use failback::simulator::Estate;
use serde_json::{Value, json};

use crate::lab::Lab;

pub struct Site {
    pub lab: Lab,
    _folder: tempfile::TempDir,
}

pub async fn site(machines: &[(&str, Value)]) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("estate.json");
    let machine = |(name, more): &(&str, Value)| {
        let mut own = json!({"name": name, "fabric": "cs", "stage": "classic-committed", "disks": [30, 60],
                             "ip": "192.168.4.21", "azure_ip": "10.8.0.4"});
        own.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        own
    };
    let estate = json!({
        "policies": [{"name": "p", "kind": "InMageAzureV2"}, {"name": "p-failback", "kind": "InMage"}],
        "fabrics": [{"kind": "vmware", "name": "cs", "address": "192.168.4.10",
            "mappings": [{"policy": "p"}, {"policy": "p-failback", "back": true}]}],
        "machines": machines.iter().map(machine).collect::<Vec<_>>(),
    });
    std::fs::write(&path, estate.to_string()).unwrap();
    let wanted = Lab::wanted().estate(Estate::File(path)).speed(2000.0);
    Site {
        lab: wanted.start().await,
        _folder: folder,
    }
}

/// What the script prints in a machine, wrapped as it does.
pub fn printed(lines: &str) -> String {
    use std::io::Write as _;

    use base64::Engine as _;
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    zip.write_all(lines.as_bytes()).unwrap();
    let text = base64::engine::general_purpose::STANDARD.encode(zip.finish().unwrap());
    format!(
        "failback-guest/1 begin {}\n{text}\nfailback-guest/1 end\n",
        lines.len()
    )
}

fn found<'a>(told: &'a Value, code: &str) -> &'a Value {
    let all = told["compared"].as_array().unwrap();
    let own = all.iter().find(|own| own["code"] == code);
    own.unwrap_or_else(|| panic!("{code}: {told:#}"))
}

#[tokio::test]
async fn a_machine_is_recorded_from_azure_and_from_inside_and_kept_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = site(&[("web-01", json!({})), ("lin-01", json!({"os": "Linux"}))]).await;
    let said = site
        .lab
        .run(&["guest", "record", "web-01", "lin-01", "--json"])
        .await;
    let told = said.ok_json();
    let machines = told["machines"].as_array().unwrap();
    assert_eq!(machines.len(), 2);
    for machine in machines {
        let record = &machine["record"];
        assert_eq!(machine["kept"], true, "{told:#}");
        assert_eq!(record["spot"], "azure");
        assert_eq!(
            record["azure"]["disks"].as_array().unwrap().len(),
            2,
            "{record:#}"
        );
        assert_eq!(record["azure"]["adapters"][0]["address"], "10.8.0.4");
        assert_eq!(record["guest"]["adapters"][0]["lease"], "dhcp");
        assert_eq!(record["guest"]["temporary"][0]["online"], true);
    }
    let folder = site.lab.home().join("data/failback/lab/guests");
    let files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    let files: Vec<_> = files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "json"))
        .collect();
    assert_eq!(files.len(), 2);
    for file in files {
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let kept: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(kept["schema"], "failback/guest/1");
    }
    let sent = site.lab.changes().await;
    assert_eq!(sent.len(), 2, "one script a machine");
    let words = site.lab.run(&["guest", "show", "lin-01"]).await.ok_text();
    assert!(
        words.contains("temporary disk: /dev/sdb, /mnt, online"),
        "{words}"
    );
}

#[tokio::test]
async fn a_machine_that_cannot_be_looked_into_is_recorded_from_outside_and_says_why() {
    let site = site(&[("web-01", json!({"agent": "none"}))]).await;
    let said = site.lab.run(&["guest", "record", "web-01", "--json"]).await;
    assert_eq!(said.code, 5, "{said:?}");
    let record = &said.json()["machines"][0]["record"];
    assert_eq!(record["guest"], Value::Null);
    assert!(
        record["notRead"].to_string().contains("guest agent"),
        "{record:#}"
    );
    assert_eq!(record["azure"]["adapters"][0]["address"], "10.8.0.4");
    assert!(site.lab.changes().await.is_empty());
    let compared = site.lab.run(&["guest", "compare", "web-01"]).await;
    assert_eq!(
        compared.code, 2,
        "there is nothing to compare with: {compared:?}"
    );
}

#[tokio::test]
async fn what_a_machine_lost_is_listed_with_commands() {
    let site = site(&[("lin-01", json!({"os": "Linux"}))]).await;
    let home = "host\tlin-01\nsystem\tlinux\tRHEL\t4.18\ncpus\t4\nmemory\t8589934592\n\
        adapter\tens192\t00:50:56:00:00:01\tfixed\t192.168.4.21/24\ndone\tadapters\n\
        server\t\t192.168.4.5\ndone\tservers\nroute\tdefault\t192.168.4.1\tens192\tyes\ndone\troutes\n\
        networkmanager\tyes\tyes\ntools\tyes\tyes\nservice\tnginx.service\tautomatic\tyes\ndone\tservices\n";
    let file = site.lab.file("before", &printed(home));
    let given = format!("lin-01={}", file.display());
    site.lab
        .run(&["guest", "record", "lin-01", "--file", &given])
        .await
        .ok_text();
    let after = home
        .replace("fixed\t192.168.4.21", "dhcp\t192.168.4.90")
        .replace("networkmanager\tyes\tyes", "networkmanager\tno\tno")
        .replace("tools\tyes\tyes", "tools\tno\tno")
        .replace(
            "nginx.service\tautomatic\tyes",
            "nginx.service\tautomatic\tno",
        );
    let after = site.lab.file("after", &printed(&after));
    let path = after.display().to_string();
    let said = site
        .lab
        .run(&["guest", "compare", "lin-01", "--file", &path, "--json"])
        .await;
    assert_eq!(said.code, 5, "{said:?}");
    let told = said.json();
    for code in ["POST-01", "POST-05", "SERVICES"] {
        assert_eq!(found(&told, code)["outcome"], "lost", "{told:#}");
    }
    let commands = found(&told, "SERVICES")["errands"].to_string();
    assert!(
        commands.contains("systemctl enable --now -- 'nginx.service'"),
        "{commands}"
    );
    // What was not in the file is unknown.
    for code in ["DISKS", "MOUNTS", "X-9"] {
        assert_eq!(found(&told, code)["outcome"], "unknown", "{told:#}");
    }
    assert_eq!(found(&told, "HOST")["outcome"], "same");
    let words = site
        .lab
        .run(&["guest", "compare", "lin-01", "--file", &path])
        .await;
    assert!(words.out.contains("  x POST-01"), "{}", words.out);
    assert!(
        site.lab.changes().await.is_empty(),
        "nothing was run in the machine"
    );
}

#[tokio::test]
async fn what_a_machine_says_of_itself_reaches_no_terminal_raw() {
    let lines = "host\tx\u{1b}[2J\nsystem\tlinux\t\u{1b}]0;owned\u{7}\t\u{202e}\nadapter\te\u{1b}[31m\t\tfixed\t10.0.0.1/8\ndone\tadapters\nservice\t$(reboot)\tautomatic\tyes\ndone\tservices\n";
    let site = site(&[("lin-01", json!({"os": "Linux", "guest": lines}))]).await;
    let said = site.lab.run(&["guest", "record", "lin-01"]).await.ok_text();
    assert!(!said.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{said}");
    let empty = site
        .lab
        .file("now", &printed("host\tx\nsystem\tlinux\ndone\tservices\n"));
    let path = empty.display().to_string();
    let said = site
        .lab
        .run(&["guest", "compare", "lin-01", "--file", &path])
        .await;
    assert!(
        !said.out.contains(['\u{1b}', '\u{7}', '\u{202e}']),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("enable --now -- 'SERVICE'"),
        "{}",
        said.out
    );
}

#[tokio::test]
async fn several_machines_are_looked_at_at_once_and_none_holds_the_others_up() {
    let hangs = json!({"script": {"seconds": 1.0e9}});
    let garbage = json!({"script": {"prints": "\u{1b}]0;x\u{7}nothing"}});
    let site = site(&[("hangs", hangs), ("garbage", garbage), ("well", json!({}))]).await;
    let all = [
        "guest",
        "record",
        "hangs",
        "garbage",
        "well",
        "--seconds",
        "8",
        "--json",
    ];
    let said = site.lab.run(&all).await;
    assert_eq!(said.code, 5, "{said:?}");
    let told = said.json();
    let of = |name: &str| {
        let all = told["machines"].as_array().unwrap();
        all.iter().find(|m| m["name"] == name).unwrap()["record"].clone()
    };
    assert!(
        of("hangs")["notRead"]
            .to_string()
            .contains("no answer within 8 s")
    );
    assert!(
        of("garbage")["notRead"]
            .to_string()
            .contains("printed nothing that it should have")
    );
    assert!(of("well")["guest"].is_object());
}

#[tokio::test]
async fn nothing_is_run_in_a_machine_when_this_is_read_only() {
    let site = site(&[("web-01", json!({}))]).await;
    for arguments in [
        &["guest", "record", "web-01", "--read-only"][..],
        &["guest", "record", "nobody"],
        &["guest", "compare", "web-01"],
        &["guest", "record", "web-01", "--file", "web-01"],
    ] {
        let said = site.lab.run(arguments).await;
        assert_eq!(said.code, 2, "{said:?}");
    }
    assert!(site.lab.changes().await.is_empty());
    let script = site.lab.run(&["guest", "script", "linux"]).await.ok_text();
    assert!(script.contains("failback-guest/1"));
}
