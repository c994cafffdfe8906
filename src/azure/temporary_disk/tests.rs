mod linux;

use super::*;

fn vm() -> ArmId {
    ArmId::parse("/subscriptions/s/virtualMachines/v").unwrap()
}

#[test]
fn only_what_the_script_prints_is_believed() {
    let online = |id: &str, at: &str| TemporaryDisk::Online {
        id: id.into(),
        at: at.into(),
    };
    for (printed, wanted) in [
        ("none\r\n", Some(TemporaryDisk::None)),
        ("offline 305419896\n", Some(TemporaryDisk::Offline)),
        ("online sdb /mnt\n", Some(online("sdb", "/mnt"))),
        ("online {0f-1} D:\r\n", Some(online("{0f-1}", "D:"))),
        ("", None),
        ("gone", None),
    ] {
        let printed = format!("x\n{MARK} {printed}");
        assert_eq!(read(&printed), wanted, "{printed:?}");
    }
    for nothing in ["", "offline", MARK, "failback-temporary-disk/2 none"] {
        assert_eq!(read(nothing), None, "{nothing:?}");
    }
    for hostile in [
        "online x'; D: ",
        "online $(reboot) /",
        "offline",
        "offline $x",
    ] {
        let said = read(&format!("{MARK} {hostile}"));
        assert!(matches!(said, Some(TemporaryDisk::Unknown(_))), "{hostile}");
    }
}

#[test]
fn every_reason_that_a_script_gives_has_its_words() {
    for script in [STATE_SH, STATE_POWERSHELL] {
        let words = script.match_indices("kept ");
        let reasons: Vec<&str> = words
            .filter_map(|(at, _)| script[at + 5..].split(['"', '\'', ' ']).next())
            .collect();
        assert!(reasons.len() > 8, "{reasons:?}");
        for why in reasons {
            let said = kept(why, &"x".into());
            assert!(!said.as_str().contains("not known here"), "{why}");
        }
    }
    let said = read(&format!(
        "{MARK} kept paging 1 \u{1b}[2J{}",
        "y".repeat(500)
    ));
    let Some(TemporaryDisk::Kept(words)) = said else {
        panic!("{said:?}")
    };
    assert!(
        !words.as_str().contains('\u{1b}') && words.as_str().len() < 300,
        "{words}"
    );
}

#[test]
fn the_call_tells_which_disk_it_takes_and_nothing_else_does() {
    for os in [GuestOs::Windows, GuestOs::Linux] {
        assert_eq!(
            taken_disk(&take(&vm(), os, &"sdb".into())),
            Some("sdb".into())
        );
        let hostile = take(&vm(), os, &"x'; Remove-Item C:\\".into());
        assert_eq!(taken_disk(&hostile), Some("none".into()));
        let body = hostile.body.unwrap();
        assert!(
            !body.contains("Remove-Item") && !body.contains("{id}"),
            "{body}"
        );
    }
    assert_eq!(taken_disk(&script_call(&vm(), Shell::Sh, "ls\n")), None);
}

/// What is sent, in full: a change of it is seen by whoever looks the change over.
#[test]
fn what_is_sent_is_what_stands_here() {
    for (os, name) in [(GuestOs::Windows, "windows"), (GuestOs::Linux, "linux")] {
        let call = take(&vm(), os, &"sdb".into());
        assert!(
            call.path
                .ends_with("/virtualMachines/v/runCommand?api-version=2024-03-01"),
            "{}",
            call.path
        );
        let body: serde_json::Value = serde_json::from_str(call.body.as_deref().unwrap()).unwrap();
        assert_eq!(body.as_object().unwrap().len(), 2);
        let lines: Vec<&str> = body["script"]
            .as_array()
            .unwrap()
            .iter()
            .map(|l| l.as_str().unwrap())
            .collect();
        let told = format!("{}\n\n{}\n", body["commandId"], lines.join("\n"));
        insta::assert_snapshot!(format!("take_{name}"), told);
    }
}
