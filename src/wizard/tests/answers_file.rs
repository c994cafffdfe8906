use super::build::*;
use crate::domain::draft::WizardKind::{Protect, Recover};
use crate::domain::{Draft, Offers};
use crate::wizard::{Walk, machines_of, replay, template};

fn document(wizard: &str, answers: &str, own: &str) -> Draft {
    let text = format!(
        r#"{{"schema":"failback/draft/1","wizard":"{wizard}","answers":{answers},"own":{own}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn refusals(document: &Draft, offers: &Offers) -> Vec<String> {
    let refused = replay(document, offers).unwrap_err();
    refused.iter().map(ToString::to_string).collect()
}

#[test]
fn answers_by_the_names_people_use_make_the_plan_that_the_screens_make() {
    let offers = offers();
    let file = document(
        "protect",
        r#"{"machines":["a","B"],"masterTarget":"mt-win","policy":"day-failback","cpus":4,"name":"Web home"}"#,
        r#"{"b":{"memory":"8192","network/00-50-56-AB":"Prod"}}"#,
    );
    let draft = replay(&file, &offers).unwrap();
    let plan = Walk::new(&draft, &offers).finish().unwrap().plan;
    assert_eq!(plan.slug().to_string(), "web-home");
    assert_eq!(plan.machines().len(), 2);
    let ids = machines_of(&file, &offers).unwrap();
    assert_eq!(ids, [id("a"), id("b")]);
}

#[test]
fn every_refusal_names_its_field_and_what_could_be_answered() {
    let two = with_servers(
        offers(),
        vec![
            process_server("ps-1"),
            process_server("ps-2"),
            master_target("mt", "Windows", &["R"], &["DS-1"]),
        ],
    );
    let file = document(
        "protect",
        r#"{"machines":["a"],"masterTarget":"mt-9","cpus":"many","colour":"blue","wave":1,"memory":1}"#,
        r#"{"zz":{"cpus":1},"b":{"cpus":1},"a":{"name":"x","memory":"much"}}"#,
    );
    let words = refusals(&file, &two);
    for part in [
        "masterTarget: \"mt-9\" is not here; choose one of: mt",
        "cpus: \"many\" will not do",
        "colour: there is no such field; there are: system, machines, location",
        "wave: there is no such field",
        "own of zz: no machine here is called so",
        "own of b: it is not among the machines of the plan",
        "name of a: it is for the whole plan: put it under answers",
        "memory of a: \"much\" will not do",
        "memory: \"1\" will not do",
    ] {
        assert!(words.iter().any(|w| w.contains(part)), "{part}: {words:#?}");
    }
    let open = document("protect", r#"{"machines":["a"]}"#, "{}");
    assert_eq!(
        refusals(&open, &two),
        ["processServer: choose a process server: ps-1, ps-2"]
    );
}

#[test]
fn no_machines_and_machines_nobody_knows_are_refused() {
    let words = refusals(&document("recover", "{}", "{}"), &offers());
    assert!(
        words[0].starts_with("machines: mark at least one machine"),
        "{words:?}"
    );
    let unknown = document("recover", r#"{"machines":["q"]}"#, "{}");
    let words = refusals(&unknown, &offers());
    assert!(
        words[0].contains("\"q\" is not here; choose one of: a, b, c, d"),
        "{words:?}"
    );
    assert!(machines_of(&unknown, &offers()).is_err());
}

#[test]
fn a_template_replays_once_what_it_leaves_open_is_chosen() {
    let offers = offers();
    for (wizard, machines) in [(Protect, ["a", "b"]), (Recover, ["c", "d"])] {
        let begun = draft(wizard, &offers, &machines);
        let file = template(&begun, &offers);
        assert!(file.own.contains_key(&machines[0].into()), "{file:#?}");
        let replayed = replay(&file, &offers).unwrap();
        let plan = |draft: &Draft| Walk::new(draft, &offers).finish().unwrap().plan;
        assert_eq!(plan(&replayed), plan(&begun));
    }
    let two = with_servers(
        offers.clone(),
        vec![
            process_server("ps-1"),
            process_server("ps-2"),
            master_target("mt", "Windows", &["R"], &["DS-1"]),
        ],
    );
    let file = template(&draft(Protect, &two, &["a"]), &two);
    let words = refusals(&file, &two);
    assert_eq!(words.len(), 1, "{words:?}");
    assert!(words[0].contains("CHOOSE: ps-1 | ps-2"), "{words:?}");
    let blank = template(&Draft::new(Protect), &offers);
    assert!(blank.machines()[0].as_str().starts_with("CHOOSE: "));
}
