//! Names from outside: whatever a machine is called, the terminal stays as it is and columns hold.

use failback::domain::text::columns;
use failback::simulator::Estate;
use serde_json::{Value, json};

use crate::lab::Lab;

/// Names that a terminal must never see as they are, and others that are merely wide.
fn names() -> Vec<Value> {
    let tower = format!("tower-a{}-b", "\u{301}".repeat(200));
    vec![
        json!({"name": "esc-\u{1b}[2J\u{1b}]0;owned\u{7}-x"}),
        json!({"name": "c1-\u{9b}31m\u{9d}0;owned\u{9c}-x"}),
        json!({"name": "line\r\nbreak\tand\u{8}\u{7f}\u{0}-x"}),
        json!({"name": "bidi-\u{202e}gnp.exe\u{2066}\u{2069}\u{200f}-x"}),
        json!({"name": "hidden-\u{200b}\u{200d}\u{feff}\u{e0041}-x"}),
        json!({"name": tower}),
        json!({"name": "東京サーバー-本番-データベース-その一-予備-x"}),
        json!({"name": "👩‍👩‍👧‍👦-family"}),
        json!({"name": "mega-", "name_bytes": 1 << 20}),
    ]
}

/// A lab whose machines are called so.
async fn lab() -> (Lab, tempfile::TempDir) {
    let mut estate: Value =
        serde_json::from_str(include_str!("../../assets/estates/recorded.json")).unwrap();
    let like = estate["machines"][0].clone();
    let machines = names().into_iter().enumerate().map(|(n, name)| {
        let mut machine = json!({
            "fabric": like["fabric"], "stage": like["stage"], "disks": like["disks"],
            "item": format!("item-{n}"),
        });
        let fields = name.as_object().unwrap().clone();
        machine.as_object_mut().unwrap().extend(fields);
        machine
    });
    estate["machines"] = machines.collect();
    estate["jobs"] = json!([]);
    estate["plans"] = json!([]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("names.json");
    std::fs::write(&file, estate.to_string()).unwrap();
    let wanted = Lab::wanted().estate(Estate::File(file)).quick_jobs();
    (wanted.start().await, folder)
}

/// Nothing in `text` may move a cursor, change a colour or turn the order of letters.
fn is_harmless(text: &str) {
    for c in text.chars() {
        let bad = (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}');
        assert!(!bad, "{c:?}");
    }
    assert!(!text.contains("\u{301}\u{301}\u{301}\u{301}"), "a tower");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_holds_no_raw_control_and_its_columns_hold() {
    let (lab, _folder) = lab().await;
    let table = lab.run(&["machines"]).await.ok_text();
    is_harmless(&table);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 1 + names().len(), "one line a machine");
    // Each machine is alike but for its name: all that stands right of it begins in one column.
    let at = |line: &str| columns(&line[..line.find("classic").unwrap()]);
    let provider = columns(&lines[0][..lines[0].find("PROVIDER").unwrap()]);
    for line in &lines[1..] {
        assert_eq!(at(line), provider, "{line}");
        assert!(columns(line) < 140, "{line}");
    }
    assert!(table.contains("esc-\\x1b[2J"), "{table}");
    assert!(table.contains("bidi-\\u{202e}gnp.exe"), "{table}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_json_is_as_harmless_and_stays_small() {
    let (lab, _folder) = lab().await;
    let said = lab.run(&["machines", "--json"]).await;
    is_harmless(&said.out);
    assert!(said.out.len() < 100_000, "{}", said.out.len());
    let said = said.ok_json();
    let machines = said["machines"].as_array().unwrap();
    assert_eq!(machines.len(), names().len());
    // What JSON escapes comes back as text: it must be harmless there, too.
    machines
        .iter()
        .for_each(|machine| is_harmless(machine["name"].as_str().unwrap()));
    let mega = machines.iter().find(|m| m["item"] == "item-8").unwrap();
    assert!(mega["name"].as_str().unwrap().ends_with("[cut]"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn such_a_machine_can_be_named_by_its_item_and_is_shown_as_harmlessly() {
    let (lab, _folder) = lab().await;
    let mut shown = 0;
    for n in 0..names().len() {
        let item = format!("item-{n}");
        let said = lab
            .run(&["do", "failback", &item, "--dry-run"])
            .await
            .ok_text();
        is_harmless(&said);
        let wrong = lab.run(&["do", "failback", &item, "--confirm", "x"]).await;
        assert_eq!(wrong.code, 2, "{n}");
        is_harmless(&wrong.err);
        shown += 1;
    }
    assert_eq!(shown, names().len());
    assert!(lab.changes().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_types_is_printed_as_harmlessly() {
    let lab = Lab::recorded().await;
    let evil = "\u{1b}[2J\u{202e}x";
    for arguments in [
        vec!["do", "failback", evil, "--dry-run"],
        vec!["do", "failback", "V2A-W2K16-201", "--confirm", evil],
        vec!["machines", "--site", evil],
        vec!["machines", "--replay", evil],
    ] {
        let said = lab.run(&arguments).await;
        assert_eq!(said.code, 2, "{said:?}");
        is_harmless(&said.err);
        is_harmless(&said.out);
    }
}
