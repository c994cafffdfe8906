//! `failback runs report`, and how long things take: told before, during and after a run.

use std::os::unix::fs::PermissionsExt;

use failback::domain::plan::{CommitWindow, Hook, Minutes, Otherwise};
use failback::domain::run::{Question, Record, Run, Topic};
use failback::store::plans::Overwrite;
use failback::store::{Plans, RunFolder};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::lab::{Lab, SITE};
use crate::run::{agrees, recover, recovery};
use crate::runs::*;

/// A run that came to its end, with everything that was asked answered.
async fn done(lab: &Lab) {
    let run = lab
        .launched(&[&FAIL_BACK[..], &["--as", "ada"]].concat())
        .await;
    let run_now = lab.agree(&run).await;
    assert!(run_now.is_closed());
    lab.until_dead(&run).await;
}

#[tokio::test]
async fn a_report_tells_who_did_what_and_the_head_of_a_sound_journal() {
    let lab = recorded().await;
    done(&lab).await;
    let run = lab.last();
    let lines = run.read().unwrap().lines;
    let report = lab
        .run(&["runs", "report", "last", "--json"])
        .await
        .ok_json();
    assert_eq!(report["schema"], "failback/report/1");
    assert_eq!(report["run"], run.id().as_str());
    assert_eq!(report["cautions"], serde_json::json!([]));
    assert_eq!(report["launched"]["by"]["name"], "ada");
    assert_eq!(report["journal"]["sound"], true);
    assert_eq!(report["journal"]["head"]["number"], lines.len());
    let head = std::fs::read_to_string(run.path().join("head")).unwrap();
    let head: serde_json::Value = serde_json::from_str(&head).unwrap();
    assert_eq!(report["journal"]["head"], head);
    assert_eq!(report["plan"]["document"]["schema"], "failback/plan/1");
    assert!(!report["statements"].as_array().unwrap().is_empty());

    let steps = report["machines"][0]["steps"].as_array().unwrap();
    let step = |kind: &str| steps.iter().find(|s| s["step"] == kind).unwrap();
    let attempt = &step("failBack")["attempts"][0];
    assert_eq!(attempt["outcome"], "accepted");
    let journal = serde_json::to_string(&lines).unwrap();
    for id in ["requestId", "jobId"] {
        assert!(journal.contains(attempt[id].as_str().unwrap()), "{id}");
    }
    assert!(
        !step("failBack")["jobs"][0]["tasks"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert_eq!(report["machines"][0]["point"]["sent"], "LatestTime");
    let questions = report["questions"].as_array().unwrap();
    assert!(
        questions.iter().all(|q| q["answer"].is_object()),
        "{questions:#?}"
    );

    for (format, words) in [
        ("md", &format!("# Fail back {MACHINE}: fail back")),
        ("html", &format!("<h1>Fail back {MACHINE}: fail back</h1>")),
    ] {
        let report = ["runs", "report", "last", "--format", format];
        let text = lab.run(&report).await.ok_text();
        assert!(text.contains(words.as_str()), "{text}");
        let hash = head["hash"].as_str().unwrap();
        assert!(text.contains(&format!("{}:{hash}", lines.len())), "{text}");
    }
}

#[tokio::test]
async fn a_report_goes_to_a_new_file_of_its_owner_and_replaces_none_unasked() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.until(&run, asked).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.html");
    let name = file.to_str().unwrap();
    let report = ["runs", "report", "last", "--format", "html", "--out", name];
    lab.run(&report).await.ok_text();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("This run is not over"), "{text}");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    std::fs::write(&file, "mine").unwrap();
    let said = lab.run(&report).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(
        said.err.contains("is there already; nothing was written"),
        "{said:?}"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    let forced = [&report[..], &["--force"]].concat();
    lab.run(&forced).await.ok_text();
    assert_ne!(std::fs::read_to_string(&file).unwrap(), "mine");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing half-written is left: {left:?}");

    let nowhere = folder.path().join("no/such/run.md");
    let said = lab
        .run(&["runs", "report", "last", "--out", nowhere.to_str().unwrap()])
        .await;
    assert_eq!(said.code, 1, "{said:?}");
    for wrong in [
        &["runs", "report", "last", "--force"][..],
        &["runs", "report", "last", "--json", "--format", "md"],
        &["runs", "report", "20261121-091500-3f2a7c"],
    ] {
        let said = lab.run(wrong).await;
        assert_eq!(said.code, 2, "{said:?}");
    }
}

#[tokio::test]
async fn a_journal_that_was_changed_is_reported_as_not_sound() {
    let lab = recorded().await;
    done(&lab).await;
    let journal = lab.last().path().join("journal.jsonl");
    let text = std::fs::read_to_string(&journal).unwrap();
    let last = text.rfind("closed").unwrap();
    let changed = format!("{}CLOSED{}", &text[..last], &text[last + 6..]);
    std::fs::write(&journal, changed).unwrap();
    let said = lab.run(&["runs", "report", "last"]).await;
    assert_eq!(said.code, 1, "{said:?}");
    let first = said.out.lines().find(|line| line.starts_with('>')).unwrap();
    assert!(first.contains("not over"), "{first}");
    assert!(
        said.out.contains("The journal of this run is not sound"),
        "{said:?}"
    );
    assert!(!said.out.contains("**Sound:** \\+"), "{said:?}");
}

#[tokio::test]
async fn what_was_never_done_here_is_unknown_and_known_after_a_run() {
    let lab = recorded().await;
    let dry = [&FAIL_BACK[..], &["--dry-run"]].concat();
    let before = lab.run(&dry).await.ok_text();
    assert!(before.contains("Critical path: not known: "), "{before}");
    assert!(
        before.contains("not counted: the time that people take"),
        "{before}"
    );
    done(&lab).await;

    let again = recorded().await;
    let state = |lab: &Lab| lab.home().join("state");
    std::fs::rename(state(&lab), state(&again)).unwrap();
    let lab = again;
    let after = lab.run(&dry).await.ok_text();
    assert!(after.contains("from 1 past run"), "{after}");
    let json = [&dry[..], &["--json"]].concat();
    let estimate = lab.run(&json).await.ok_json()["estimate"].clone();
    assert_eq!(estimate["pastRuns"], 1);
    let total = |of: &str| estimate["total"][of].as_u64().unwrap();
    assert!(total("low") <= total("likely") && total("likely") <= total("high"));
    assert!(total("high") > 0, "{estimate:#}");
    let path = estimate["path"].as_array().unwrap();
    assert!(
        path.iter().any(|leg| leg["step"] == "failBack"),
        "{estimate:#}"
    );
}

#[tokio::test]
async fn what_is_left_of_a_run_is_told_while_it_is_under_way() {
    let lab = recorded().await;
    let run = lab.launched(&FAIL_BACK).await;
    lab.until(&run, asked).await;
    let shown = lab.run(&["runs", "show", "last"]).await.ok_text();
    assert!(shown.contains("\nLeft: not known: "), "{shown}");
    let step = "  . fail back                    waits, time not known";
    assert!(shown.contains(step), "{shown}");
    let left = lab.run(&["runs", "show", "last", "--json"]).await.ok_json()["left"].clone();
    assert_eq!(left["gaps"][0]["step"], "drain", "{left:#}");
    lab.agree(&run).await;
    let over = lab.run(&["runs", "show", "last", "--json"]).await.ok_json();
    assert!(over["left"].is_null());
    let folded = Run::fold(&run.read().unwrap().lines).unwrap();
    assert!(folded.is_closed());
}

#[tokio::test]
async fn whoever_watches_is_told_what_is_left_again_and_again() {
    for way in [&[][..], &["--json"]] {
        let lab = recorded().await;
        let watching = ["--attest", "quiesce=stopped", "--no-wait"];
        let said = lab
            .vouched(&[&FAIL_BACK[..], &watching, way].concat())
            .await;
        // It waits for a person at last.
        assert_eq!(said.code, 5, "{said:?}");
        if way.is_empty() {
            assert!(said.out.contains("          left: "), "{said:?}");
            continue;
        }
        let told = stream(&said.out);
        let told = told
            .iter()
            .filter(|told| told["schema"] == "failback/left/1");
        let told: Vec<&Value> = told.collect();
        assert!(told.len() > 1, "{said:?}");
        for left in &told {
            let total = |of: &str| left["left"]["total"][of].as_u64().unwrap();
            assert!(total("low") <= total("likely") && total("likely") <= total("high"));
            assert_eq!(left["run"], lab.last().id().as_str());
        }
        let gaps = |left: &Value| left["left"]["gaps"].as_array().unwrap().len();
        let (first, last) = (gaps(told[0]), gaps(told[told.len() - 1]));
        assert!(last < first, "what was done is unknown no more: {told:#?}");
    }
}

/// A name that would be markup in a page, and the end of a cell in a table.
const HOSTILE: &str = "<script>alert(1)</script>|`web`";

/// Keeps a plan with local commands and a commit window, of a machine with a name like that.
async fn keep_eventful_plan(lab: &Lab) {
    let mut recovery = recovery(lab, &[&[MACHINE]]).await;
    let command = |line: [&str; 2]| Hook::new(line.map(str::to_owned).to_vec());
    recovery.order.hooks.before = Some(command(["echo", "lowered <b>ttl</b>"]));
    recovery.waves[0].hooks.after = Some(Hook {
        otherwise: Otherwise::GoOn,
        ..command(["sh", "/no/such/script"])
    });
    recovery.commit_window = Some(CommitWindow {
        minutes: Some(Minutes(3 * 24 * 60)),
        checks: vec!["the shop takes an order".into()],
    });
    let machine = &mut recovery.waves[0].machines[0];
    machine.name = HOSTILE.into();
    // Nobody named its VM in Azure: there is something to vouch for.
    machine.azure_vm = None;
    let plans = Plans::of_site(&lab.home().join("data/failback"), SITE).unwrap();
    plans.save(&recover(recovery), Overwrite::Never).unwrap();
}

/// The question about that which is open; one that a runner left behind is asked anew under another number.
async fn open(lab: &Lab, run: &RunFolder, topic: Topic) -> Question {
    loop {
        let of = |record: &Record| matches!(record, Record::Asked(q) if q.topic == topic);
        let now = Run::fold(&lab.until(run, of).await).unwrap();
        match now.questions.into_iter().find(|q| q.topic == topic) {
            Some(question) => return question,
            None => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
        }
    }
}

/// A run to which everything happens: local commands, a pause, a runner that is told to end while its
/// journal is torn, one that goes on, two people, a commit window with ticks.
async fn eventful(lab: &mut Lab) -> RunFolder {
    keep_eventful_plan(lab).await;
    let run = lab
        .launched(&["run", "home", "--confirm", "home", "--as", "ada"])
        .await;
    let id = run.id().as_str();
    open(lab, &run, Topic::Quiesce).await;
    for word in ["pause", "go-on"] {
        lab.run(&["runs", "request", id, word, "--as", "ada"])
            .await
            .ok_text();
    }
    let process = i32::try_from(run.holder().unwrap().process).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), Signal::TERM).unwrap();
    lab.until_dead(&run).await;
    let journal = run.path().join("journal.jsonl");
    let whole = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, format!("{whole}{{\"number\":")).unwrap();

    lab.set("SSH_CONNECTION", "10.8.0.21 50112 10.8.0.4 22");
    lab.run(&["runs", "resume", id, "--detach", "--as", "kim"])
        .await
        .ok_text();
    lab.until(&run, |record| matches!(record, Record::Resumed { .. }))
        .await;
    for topic in [Topic::Quiesce, Topic::AzureOff] {
        let question = open(lab, &run, topic).await;
        lab.answer(&run, &question, &agrees(&question).unwrap())
            .await
            .ok_text();
    }
    let question = open(lab, &run, Topic::Survivor).await;
    let number = question.id.0.to_string();
    let shown = lab.run(&["runs", "show", id]).await.ok_text();
    assert!(
        shown.contains("look 1       the shop takes an order"),
        "{shown}"
    );
    assert!(shown.contains("    open until "), "{shown}");
    let wrong = [
        "runs", "request", id, "answer", &number, "verified", "--ticked", "99",
    ];
    let refused = lab.run(&wrong).await;
    assert_eq!(refused.code, 2, "{refused:?}");
    let looked = [
        &["runs", "request", id, "answer", &number, "verified"][..],
        &[
            "--ticked",
            "1,2",
            "--why",
            "orders <i>work</i>",
            "--as",
            "kim",
        ],
    ];
    lab.run(&looked.concat()).await.ok_text();
    lab.agree(&run).await;
    run
}

#[tokio::test]
async fn everything_that_happened_to_a_run_stands_in_its_report_in_each_format() {
    let mut lab = recorded().await;
    let run = eventful(&mut lab).await;
    let report = lab
        .run(&["runs", "report", "last", "--json"])
        .await
        .ok_json();
    let all = |what: &str| report[what].as_array().unwrap().clone();
    let one = |all: &[Value], so: &dyn Fn(&Value) -> bool| {
        let found = all.iter().find(|value| so(value)).cloned();
        found.unwrap_or_else(|| panic!("{all:#?}"))
    };
    assert_eq!(report["cautions"], serde_json::json!([]));
    // Who, from where, when.
    assert_eq!(report["launched"]["by"]["name"], "ada");
    assert_eq!(all("suspended")[0]["cause"], "told");
    let resumed = &all("resumed")[0];
    assert_eq!(resumed["by"]["name"], "kim");
    assert_eq!(resumed["by"]["from"], "10.8.0.21");
    assert_eq!(report["journal"]["mended"][0]["bytes"], 10);
    let pause = one(&all("requests"), &|r| r["words"] == "pause");
    assert_eq!(pause["by"]["name"], "ada");
    assert!(
        pause["asked"].is_string() && pause["at"].is_string(),
        "{pause}"
    );
    assert_eq!(all("pauses").len(), 1);
    // Plan, order, local commands.
    let hooks = all("hooks");
    let ends: Vec<_> = hooks
        .iter()
        .map(|hook| (&hook["words"], &hook["end"]["word"]))
        .collect();
    let (before, after) = ("before the plan".into(), "after wave 1".into());
    assert_eq!(
        ends,
        [(&before, &"done".into()), (&after, &"doneBut".into())]
    );
    assert_eq!(report["order"][0]["machines"][0]["machine"], HOSTILE);
    // Consents and attestations, each of somebody.
    let statements = all("statements");
    assert!(
        statements
            .iter()
            .all(|said| !said["who"].as_str().unwrap().is_empty())
    );
    let kind = |word: &str| statements.iter().any(|said| said["kind"] == word);
    assert!(kind("attestation"), "{statements:#?}");
    // Verification, with what was looked at.
    let asked = one(&all("questions"), &|q| q["topic"] == "survivor");
    let answer = &asked["answer"];
    assert_eq!(answer["by"]["name"], "kim");
    assert_eq!(answer["ticked"].as_array().unwrap().len(), 2);
    assert_eq!(answer["ticked"][0], "the shop takes an order");
    assert!(
        asked["until"].is_string() && answer["asked"].is_string(),
        "{asked:#}"
    );
    let machine = &report["machines"][0];
    assert!(!machine["verified"].as_array().unwrap().is_empty());
    assert!(machine["window"].is_string(), "{machine:#}");
    assert!(machine["disks"].is_number(), "{machine:#}");
    let quiesces: Vec<Value> = all("questions");
    let quiesces = quiesces.iter().filter(|q| q["topic"] == "quiesce");
    let answered: Vec<bool> = quiesces.map(|q| q["answer"].is_object()).collect();
    assert_eq!(answered, [false, true], "asked anew after it was resumed");

    let folded = Run::fold(&run.read().unwrap().lines).unwrap();
    let head = run.head().unwrap().to_string();
    let failed_back = folded.machines[0]
        .step(failback::domain::StepKind::FailBack)
        .unwrap();
    let job = failed_back.job_id.as_ref().unwrap().to_string();
    let request = failed_back.request().unwrap().to_string();
    let html = lab
        .run(&["runs", "report", "last", "--format", "html"])
        .await
        .ok_text();
    let md = lab.run(&["runs", "report", "last"]).await.ok_text();
    for text in [&html, &md] {
        for words in [
            "by ada on ",
            "by kim on ",
            " from 10.8.0.21",
            "Suspended",
            "Resumed",
            "10 bytes that were not whole",
            "before the plan",
            "after wave 1",
            "Commit window until",
            "looked at: the shop takes an order",
            "not said to be looked at: ",
            "Recovery point, sent",
            "LatestTime",
            "Consents and attestations",
            "4320 min",
            &head,
            &job,
            &request,
        ] {
            assert!(text.contains(words), "{words} in\n{text}");
        }
    }
    for raw in ["<script", "<b>", "<i>"] {
        assert!(!html.contains(raw), "{raw} in\n{html}");
        let prose = md.lines().filter(|line| !line.starts_with("    "));
        let unescaped = |line: &str| line.replace(&format!("\\{raw}"), "").contains(raw);
        assert_eq!(prose.clone().find(|line| unescaped(line)), None);
    }
    assert!(
        html.contains("&lt;script&gt;alert(1)&lt;/script&gt;|`web`"),
        "{html}"
    );
    assert!(
        md.contains("\\<script\\>alert(1)\\</script\\>\\|\\`web\\`"),
        "{md}"
    );
}

#[tokio::test]
async fn every_run_stays_and_is_found_by_how_it_stands_and_by_its_plan() {
    let lab = recorded().await;
    let first = lab.launched(&FAIL_BACK).await;
    lab.until(&first, asked).await;
    lab.run(&["runs", "request", first.id().as_str(), "stop"])
        .await
        .ok_text();
    lab.until_dead(&first).await;
    lab.launched(&FAIL_BACK).await;
    let all = lab.runs().list().unwrap();
    let second = all.into_iter().find(|run| run.id() != first.id()).unwrap();
    lab.until(&second, asked).await;
    let process = i32::try_from(second.holder().unwrap().process).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), Signal::TERM).unwrap();
    lab.until_dead(&second).await;

    let list = async |more: &[&str]| {
        let all = [&["runs", "list", "--json"][..], more].concat();
        let listed = lab.run(&all).await.ok_json();
        let rows = listed["runs"].as_array().unwrap().clone();
        let row = |row: &Value| {
            let word = |field: &str| row[field].as_str().unwrap().to_owned();
            (word("run"), word("state"), row["ended"].is_string())
        };
        rows.iter().map(row).collect::<Vec<_>>()
    };
    let over = (first.id().to_string(), "stopped".to_owned(), true);
    let left = (second.id().to_string(), "suspended".to_owned(), false);
    // The newest first, by their names.
    let mut both = [left.clone(), over.clone()];
    both.sort_by(|a, b| b.0.cmp(&a.0));
    assert_eq!(list(&[]).await, both);
    assert_eq!(list(&["--open"]).await, [left]);
    let name = format!("Fail back {MACHINE}");
    assert_eq!(list(&["--plan", &name]).await, both);
    assert_eq!(list(&["--plan", "another"]).await, []);
    let none = lab
        .run(&["runs", "list", "--plan", "another"])
        .await
        .ok_text();
    assert!(none.contains("No such run"), "{none}");
    let text = lab.run(&["runs", "list"]).await.ok_text();
    for words in ["suspended: ", "stopped"] {
        assert!(text.contains(words), "{text}");
    }
    for run in [&first, &second] {
        lab.run(&["runs", "report", run.id().as_str()])
            .await
            .ok_text();
    }
}
