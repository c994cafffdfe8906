//! The temporary disk that Azure lends, taken out of use before a machine is protected: once, and only
//! where nothing speaks against it.

use std::sync::atomic::{AtomicUsize, Ordering};

use failback::azure::taken_disk;
use failback::domain::run::{Answer, Closing, Question, Record, Topic};
use failback::domain::{Call, Intent, Method, Plan, StepKind};
use failback::simulator::Estate;
use serde_json::{Value, json};

use crate::kill_points::block_on;
use crate::lab::{Lab, Seen, Wanted};
use crate::mortal::{Death, live};
use crate::points::everywhere;
use crate::run::*;
use crate::run_plans;

struct Site {
    lab: Lab,
    _folder: tempfile::TempDir,
}

/// A classic Windows machine and a modernised Linux one, each with what is said of it.
async fn site(wanted: Wanted, more: &Value) -> Site {
    let contoso = include_str!("../../assets/estates/contoso.json");
    let mut estate: Value = serde_json::from_str(contoso).unwrap();
    let mut machines = estate["machines"].as_array().unwrap().clone();
    machines.retain(|m| m["name"] == "web-03" || m["name"] == "app-04");
    for machine in &mut machines {
        let own = machine.as_object_mut().unwrap();
        own.extend(more.as_object().unwrap().clone());
    }
    estate["machines"] = machines.into();
    estate["jobs"] = json!([]);
    estate["plans"] = json!([]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("estate.json");
    std::fs::write(&file, estate.to_string()).unwrap();
    let lab = wanted.estate(Estate::File(file)).start().await;
    Site {
        lab,
        _folder: folder,
    }
}

fn quick() -> Wanted {
    Lab::wanted().speed(2000.0)
}

/// Seconds of the site that pass with every call, so that nothing depends on this machine's speed.
fn by_calls() -> Wanted {
    Lab::wanted().seconds_a_call(40.0)
}

/// Protects both, their temporary disks out of use first.
async fn plan(lab: &Lab) -> Plan {
    let both = [
        protect(lab, &["web-03"]).await,
        run_plans::protect(lab, "app-04").await,
    ];
    let mut all = Vec::new();
    let mut first = None;
    for plan in both {
        let Intent::Protect(protection) = plan.intent().clone() else {
            panic!("it protects")
        };
        all.extend(protection.machines.clone());
        first = first.or(Some(protection));
    }
    let mut protection = first.unwrap();
    protection.machines = all;
    for own in &mut protection.machines {
        own.offline_temporary = true;
    }
    run_plans::plan("protect", Intent::Protect(protection))
}

/// Which disk a request takes out of use, if it is such a one that was let in.
fn takes(seen: &Seen) -> Option<String> {
    let call = Call {
        method: Method::Post,
        path: seen.path.clone(),
        body: Some(seen.body.as_ref()?.to_string()),
    };
    let let_in = !matches!(seen.status, Some(400..=499));
    taken_disk(&call)
        .filter(|_| let_in)
        .map(|id| id.to_string())
}

async fn taken(lab: &Lab) -> Vec<String> {
    let mut all: Vec<_> = lab.changes().await.iter().filter_map(takes).collect();
    all.sort();
    all
}

async fn protected(lab: &Lab) -> usize {
    let sent = lab.changes().await;
    let protects = |s: &&Seen| {
        let path = s.path.split('?').next().unwrap();
        path.ends_with("/reProtect") && !matches!(s.status, Some(400..=499))
    };
    sent.iter().filter(protects).count()
}

fn looks_again(question: &Question) -> Option<Answer> {
    match question.topic {
        Topic::TemporaryDisk => says(question, "look-again"),
        _ => agrees(question),
    }
}

/// Once each, and each machine is protected once.
async fn once(lab: &Lab) -> Result<(), String> {
    let (taken, protected) = (taken(lab).await, protected(lab).await);
    match (&taken[..], protected) {
        ([one, other], 2) if one == "305419896" && other == "sdb" => Ok(()),
        _ => Err(format!("{taken:?} were taken, {protected} were protected")),
    }
}

#[tokio::test]
async fn it_is_looked_at_taken_looked_at_again_and_then_the_machine_is_protected() {
    let site = site(quick(), &json!({})).await;
    let came = carry_out(&site.lab, &plan(&site.lab).await, async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert!(came.asked().is_empty(), "{}", came.story());
    let remarks = came.remarks();
    for words in [
        "(disk 305419896, at D:) was taken out of use",
        "(disk sdb, at /mnt) was taken out of use",
    ] {
        assert!(remarks.iter().any(|r| r.contains(words)), "{remarks:?}");
    }
    once(&site.lab).await.unwrap();
    let sent = site.lab.changes().await;
    let of = |name: &str| -> Vec<&str> {
        let own = sent.iter().filter(|s| s.path.contains(name));
        let kind = |s: &Seen| match (takes(s), s.path.contains("/runCommand")) {
            (Some(_), _) => "take",
            (None, true) => "look",
            (None, false) => "protect",
        };
        own.map(kind).collect()
    };
    assert_eq!(of("virtualMachines/web-03"), ["look", "take", "look"]);
    let bodies = sent.iter().filter(|s| takes(s).is_some());
    for seen in bodies {
        let body = seen.body.as_ref().unwrap();
        assert_eq!(body.as_object().unwrap().len(), 2, "{body:#}");
        let windows = seen.path.contains("web-03");
        let command = if windows {
            "RunPowerShellScript"
        } else {
            "RunShellScript"
        };
        assert_eq!(body["commandId"], command);
        assert!(seen.client_request_id.is_some());
    }
    // The machine is protected after its disk was seen to be out of use.
    let last_take = sent
        .iter()
        .rposition(|s| takes(s).is_some() && s.path.contains("web-03"));
    let id = item(&site.lab, "web-03").await.to_string().to_lowercase();
    let protect = sent
        .iter()
        .position(|s| s.path.to_lowercase().starts_with(&id) && s.path.contains("/reProtect"));
    assert!(last_take < protect, "{last_take:?} {protect:?}");
}

#[tokio::test]
async fn without_it_in_the_plan_nothing_is_run_in_the_machine() {
    let site = site(quick(), &json!({})).await;
    let plan = protect(&site.lab, &["web-03"]).await;
    let came = carry_out(&site.lab, &plan, async |q| agrees(q)).await;
    assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
    assert_eq!(sent(&site.lab).await, ["reProtect"]);
}

#[tokio::test]
async fn one_that_is_out_of_use_already_or_not_there_is_done_and_nothing_is_sent() {
    for (told, remark) in [
        ("offline 305419896", "was out of use already"),
        ("none", "has no temporary disk"),
    ] {
        let site = site(quick(), &json!({ "temporary": told })).await;
        let came = carry_out(&site.lab, &plan(&site.lab).await, async |q| agrees(q)).await;
        assert_eq!(came.closing, Ok(Closing::Done), "{}", came.story());
        assert!(taken(&site.lab).await.is_empty());
        assert_eq!(protected(&site.lab).await, 2);
        let remarks = came.remarks();
        assert!(remarks.iter().any(|r| r.contains(remark)), "{remarks:?}");
    }
}

#[tokio::test]
async fn what_speaks_against_it_is_told_and_a_person_decides() {
    let cases = [
        (
            json!({"temporary": "kept paging 1 D:\\pagefile.sys"}),
            "it is paged to (D:\\pagefile.sys)",
        ),
        (
            json!({"temporary": "kept mounted sdb /srv"}),
            "it is mounted at /srv",
        ),
        (
            json!({"temporary": "kept holds 1 tempdb.mdf"}),
            "tempdb.mdf is on it",
        ),
        (
            json!({"temporary": "kept marks 1 D:"}),
            "does not bear both the name",
        ),
        (json!({"temporary": "kept several"}), "more than one disk"),
        (
            json!({"temporary": "online 1;reboot D:"}),
            "has no id to recognise it by",
        ),
        (
            json!({"temporary": "\u{1b}[2Jwhat"}),
            "printed nothing that it should have",
        ),
        (
            json!({"script": {"prints": "", "complains": "Get-Disk: \u{1b}[31mno"}}),
            "it complained: Get-Disk: \\x1b[31mno",
        ),
        (json!({"agent": "none"}), "no guest agent"),
        (json!({"power": "deallocated"}), "not running"),
    ];
    for (more, words) in cases {
        let site = site(quick(), &more).await;
        let person = async |q: &Question| match q.topic {
            Topic::TemporaryDisk => says(q, "give-up"),
            _ => agrees(q),
        };
        let came = carry_out(&site.lab, &plan(&site.lab).await, person).await;
        let asked = came.asked();
        assert_eq!(asked.len(), 2, "{words}: {}", came.story());
        for question in asked {
            let told = question.evidence[0].as_str();
            assert!(told.contains(words), "{words}: {told}");
            assert_eq!(question.choices[0].name.as_str(), "give-up");
        }
        assert!(taken(&site.lab).await.is_empty(), "{words}");
        assert_eq!(protected(&site.lab).await, 0, "{words}");
    }
}

#[tokio::test]
async fn where_the_plan_names_another_vm_than_azure_does_nothing_is_run_in_either() {
    let site = site(quick(), &json!({})).await;
    let plan = plan(&site.lab).await;
    let Intent::Protect(mut protection) = plan.intent().clone() else {
        panic!("it protects")
    };
    // Each was the other one's VM when the plan was made, and both are still there.
    for (own, kept) in protection.machines.iter_mut().zip(["app-04", "web-03"]) {
        own.azure_vm = Some(vm(&site.lab, kept));
    }
    let plan = run_plans::plan("protect", Intent::Protect(protection));
    let person = async |q: &Question| match q.topic {
        Topic::TemporaryDisk => says(q, "give-up"),
        _ => agrees(q),
    };
    let came = carry_out(&site.lab, &plan, person).await;
    let asked = came.asked();
    assert_eq!(asked.len(), 2, "{}", came.story());
    for question in asked {
        let told = question.evidence[0].as_str();
        assert!(told.contains("nothing was run in either"), "{told}");
        assert!(told.contains("web-03") && told.contains("app-04"), "{told}");
    }
    assert!(site.lab.changes().await.is_empty());
}

/// Scripts let in or lost between the two that take `disk`.
fn between(sent: &[Seen], vm: &str, disk: &str) -> usize {
    let scripts = sent.iter().filter(|seen| seen.path.contains(vm));
    let scripts: Vec<_> = scripts
        .filter(|seen| seen.path.contains("/runCommand"))
        .collect();
    let took = |seen: &&&Seen| takes(seen).as_deref() == Some(disk);
    let mut at = scripts
        .iter()
        .enumerate()
        .filter(|(_, s)| took(s))
        .map(|(at, _)| at);
    let (first, second) = (at.next().unwrap(), at.next().unwrap());
    second - first - 1
}

#[test]
fn after_a_lost_answer_whoever_says_look_again_has_it_looked_at_twice_before_it_is_sent_again() {
    block_on(async {
        let site = site(by_calls(), &json!({})).await;
        site.lab
            .fault("POST virtualMachines/web-03/runCommand 2 503")
            .await;
        let book = Book::default();
        let plan = plan(&site.lab).await;
        let person = async |q: &Question| looks_again(q);
        let came = live(&site.lab, &plan, &book, None, person).await;
        assert!(matches!(came, Some(Closing::Done)), "{}", book.story());
        assert!(
            book.story().contains("Azure's answer was lost"),
            "{}",
            book.story()
        );
        // After it, on being told to, and once more after the pause.
        let sent = site.lab.changes().await;
        assert_eq!(between(&sent, "web-03", "305419896"), 3, "{}", book.story());
    });
}

#[tokio::test]
async fn whoever_wants_it_protected_along_says_so_and_that_is_kept() {
    let more = json!({"temporary": "kept paging 1 D:\\pagefile.sys"});
    let site = site(quick(), &more).await;
    let person = async |q: &Question| match (q.topic, q.machine.as_ref()) {
        (Topic::TemporaryDisk, Some(own)) if *own == item(&site.lab, "web-03").await => {
            says(q, "go-on")
        }
        (Topic::TemporaryDisk, _) => says(q, "is-offline"),
        _ => agrees(q),
    };
    let came = carry_out(&site.lab, &plan(&site.lab).await, person).await;
    assert_eq!(came.closing, Ok(Closing::DoneBut), "{}", came.story());
    assert!(taken(&site.lab).await.is_empty());
    assert_eq!(protected(&site.lab).await, 2);
    let amber = |name| came.amber(name, StepKind::TemporaryDisk).join(" ");
    assert!(amber("web-03").contains("it stays in use, and is protected along: decided by kim"));
    assert!(amber("app-04").contains("that it is out of use is the word of kim"));
}

#[test]
fn after_a_death_at_any_record_the_disk_is_taken_once_and_the_machine_is_protected_once() {
    let end = AtomicUsize::new(usize::MAX);
    let points: Vec<(usize, bool)> = (0..120)
        .flat_map(|records| [(records, true), (records, false)])
        .collect();
    let died = everywhere(&points, async |(records, told)| {
        if *records > end.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let site = site(by_calls(), &json!({})).await;
        let plan = plan(&site.lab).await;
        let death = match told {
            true => Death::with(*records),
            false => Death::untold(*records),
        };
        let book = Book::default();
        let person = async |q: &Question| looks_again(q);
        let mut came = live(&site.lab, &plan, &book, Some(death), person).await;
        let died = came.is_none();
        if died {
            came = live(&site.lab, &plan, &book, None, person).await;
        } else if *records > 0 {
            end.fetch_min(*records, Ordering::Relaxed);
        }
        if !matches!(came, Some(Closing::Done | Closing::DoneBut)) {
            return Err(format!("{came:?}\n{}", book.story()));
        }
        let well = once(&site.lab).await;
        well.map_err(|why| format!("{why}\n{}", book.story()))?;
        Ok(died)
    });
    println!("kill points: {died} deaths of runs that take temporary disks out of use");
    assert!(died > 30, "{died}");
}

#[test]
fn an_answer_that_is_lost_is_found_out_by_looking_and_never_sent_blindly() {
    block_on(async {
        // The first script looks, the second one takes.
        for (rule, dies) in [
            ("POST virtualMachines/web-03/runCommand 2 lost", false),
            ("POST virtualMachines/web-03/runCommand 2 lost", true),
            ("POST virtualMachines/web-03/runCommand 2 503", false),
            ("POST virtualMachines/web-03/runCommand 2-4 429:1", false),
        ] {
            let site = site(by_calls(), &json!({})).await;
            site.lab.fault(rule).await;
            let plan = plan(&site.lab).await;
            let book = Book::default();
            let person = async |q: &Question| looks_again(q);
            let death =
                Death::after(move |_, record| dies && matches!(record, Record::AnswerLost { .. }));
            let mut came = live(&site.lab, &plan, &book, Some(death), person).await;
            assert_eq!(came.is_none(), dies, "{rule}: {}", book.story());
            if dies {
                came = live(&site.lab, &plan, &book, None, person).await;
            }
            let well = matches!(came, Some(Closing::Done | Closing::DoneBut));
            assert!(well, "{rule}: {}", book.story());
            let taken = taken(&site.lab).await;
            let windows = taken.iter().filter(|id| *id == "305419896").count();
            // What a server turned away with 503 may have been carried out: it is looked at, not believed.
            let most = if rule.contains("503") { 2 } else { 1 };
            assert!((1..=most).contains(&windows), "{rule}: {taken:?}");
            assert_eq!(protected(&site.lab).await, 2, "{rule}");
        }
    });
}
