//! The order of a recovery, as answers say it and as the plan keeps it.

use super::build::*;
use crate::domain::draft::WizardKind::Recover;
use crate::domain::plan::{
    Around, Caller, CommitWindow, Hook, Intent, MachineOrder, Minutes, Otherwise, Ready, Recovery,
};
use crate::domain::{Answer, Draft, Offers};
use crate::wizard::{Field, Key, Walk, accept, move_wave, replay, summary, template};

fn document(answers: &str, own: &str) -> Draft {
    let text = format!(
        r#"{{"schema":"failback/draft/1","wizard":"recover","answers":{answers},"own":{own}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn refusals(document: &Draft) -> Vec<String> {
    let refused = replay(document, &offers()).unwrap_err();
    refused.iter().map(ToString::to_string).collect()
}

fn recovery(draft: &Draft, offers: &Offers) -> Recovery {
    let plan = Walk::new(draft, offers).finish().unwrap().plan;
    match plan.intent() {
        Intent::FailBack(recovery) => recovery.clone(),
        other => panic!("{other:?}"),
    }
}

fn hook(command: &[&str]) -> Hook {
    Hook::new(command.iter().map(ToString::to_string).collect())
}

#[test]
fn an_answers_file_says_everything_about_the_order() {
    let file = document(
        r#"{"machines":["c","d"],"atOnce":1,"planBefore":"limit=5 else=stop /etc/freeze now",
            "planAfter":["tell","it is 'done'"],"needsPerson":"every=5 page",
            "waveAfter/2":"check-erp","waveBefore/1":["well=0,3","warm-up"],
            "commitWindow":45,"checks":["the shop takes an order","mail goes out; and comes in"]}"#,
        r#"{"c":{"wave":2,"optional":true,"healthy":20,"commandAfter":"else=go-on dns c"},
            "d":{"waitFor":"heartbeat within 40; tcp d:1433; http http://d/h 204; delay 3; confirm ok?",
                 "commandBefore":"","after":""}}"#,
    );
    let draft = replay(&file, &offers()).unwrap();
    let recovery = recovery(&draft, &offers());
    assert_eq!(recovery.order.at_once.map(u32::from), Some(1));
    assert_eq!(
        recovery.order.hooks,
        Around {
            before: Some(Hook {
                limit: Minutes(5),
                otherwise: Otherwise::Stop,
                ..hook(&["/etc/freeze", "now"])
            }),
            after: Some(hook(&["tell", "it is 'done'"])),
        }
    );
    let caller = Caller {
        every: Minutes(5),
        ..Caller::new(vec!["page".into()])
    };
    assert_eq!(recovery.order.needs_person, Some(caller));
    let warm = Hook {
        well: vec![0, 3],
        ..hook(&["warm-up"])
    };
    assert_eq!(recovery.waves[0].hooks.before, Some(warm));
    assert_eq!(recovery.waves[1].hooks.after, Some(hook(&["check-erp"])));
    let checks = ["the shop takes an order", "mail goes out", "and comes in"];
    assert_eq!(
        recovery.commit_window,
        Some(CommitWindow {
            minutes: Some(Minutes(45)),
            checks: checks.map(Into::into).to_vec(),
        })
    );
    let own = |name| recovery.machine(&id(name)).unwrap().order.clone();
    assert_eq!(
        own("c"),
        MachineOrder {
            optional: true,
            replication: Some(Minutes(20)),
            hooks: Around {
                before: None,
                after: Some(Hook {
                    otherwise: Otherwise::GoOn,
                    ..hook(&["dns", "c"])
                }),
            },
            ..MachineOrder::default()
        }
    );
    let waits = "heartbeat within 40; tcp d:1433; http http://d/h 204; delay 3; confirm ok?";
    assert_eq!(own("d").ready, Ready::parse_all(waits).unwrap());
    assert_eq!(own("d").ready.len(), 5);
    // What the screens keep of it is the same answers again.
    assert_eq!(replay(&draft, &offers()).unwrap(), draft);
    let plan = Walk::new(&draft, &offers()).finish().unwrap().plan;
    let words: Vec<String> = summary(&plan, &offers())
        .iter()
        .map(|line| format!("{}: {}", line.label, line.words))
        .collect();
    for line in [
        "Commit window: 45 min, then the machine is left as it is",
        "To be looked at: mail goes out",
        "Before the wave: warm-up (well with 0, 3, at most 10 min, else a person is asked)",
        "Optional: yes: the others go on without it",
        "Calls a person: page (again every 5 min)",
    ] {
        assert!(words.iter().any(|w| w == line), "{line}: {words:#?}");
    }
}

#[test]
fn an_order_that_cannot_be_read_or_carried_out_is_refused_in_words() {
    let file = document(
        r#"{"machines":["c","d"],"waveAfter/7":"x","waveAfter":"x","planBefore":"else=panic x",
            "needsPerson":"page 'kim","commitWindow":2,"atOnce":0,"hooks":1}"#,
        r#"{"c":{"after":"q","healthy":"yes","waitFor":"ping c"},"d":{"waveAfter/1":"x","commandAfter":"limit=3"}}"#,
    );
    let words = refusals(&file);
    for part in [
        "waveAfter/7: no machine is in a wave 7",
        "waveAfter: each wave has its own: put it under answers, as waveAfter/NUMBER",
        "planBefore: \"else=panic\": write else=ask, else=go-on or else=stop",
        "needsPerson: a quote in it is not closed",
        "commitWindow: \"2\" will not do: use a whole number from 5 to 10080",
        "atOnce: \"0\" will not do",
        "hooks: there is no such field; there are: plan, machines",
        "after of c: \"q\" is not among the other machines of the plan",
        "healthy of c: \"yes\" will not do",
        "waitFor of c: \"ping c\" is no wait",
        "waveAfter/1 of d: each wave has its own",
        "commandAfter of d: name the program to be run",
    ] {
        assert!(words.iter().any(|w| w.contains(part)), "{part}: {words:#?}");
    }
    let circle = document(
        r#"{"machines":["c","d"]}"#,
        r#"{"c":{"after":"d"},"d":{"after":"c"}}"#,
    );
    let words = refusals(&circle);
    assert!(
        words
            .iter()
            .any(|w| w.contains("after of c: c -> d -> c: ")),
        "{words:?}"
    );
    let later = document(
        r#"{"machines":["c","d"]}"#,
        r#"{"c":{"after":"d"},"d":{"wave":2}}"#,
    );
    assert!(refusals(&later)[0].contains("c of wave 1 waits for d of wave 2"));
}

#[test]
fn a_template_of_a_recovery_holds_the_order_and_replays() {
    let begun = draft(Recover, &offers(), &["c", "d"]);
    let file = template(&begun, &offers());
    for name in ["waveBefore/1", "commitWindow", "checks", "needsPerson"] {
        assert!(file.answers.contains_key(&name.into()), "{name}");
    }
    let replayed = replay(&file, &offers()).unwrap();
    assert_eq!(recovery(&replayed, &offers()), recovery(&begun, &offers()));
}

#[test]
fn what_is_done_around_a_wave_goes_with_it_and_ends_with_it() {
    let offers = offers();
    let mut draft = draft(Recover, &offers, &["c", "d"]);
    assert!(move_wave(&mut draft, &offers, &id("d"), true));
    let after = |number| Key::wave(Field::WaveAfter, number);
    for number in [1, 2] {
        let command = format!("check-{number}");
        accept(
            &mut draft,
            &offers,
            &after(number),
            &command.as_str().into(),
        )
        .unwrap();
    }
    // c goes to the second wave: the first is gone, and the second is the first.
    assert!(move_wave(&mut draft, &offers, &id("c"), true));
    let walk = Walk::new(&draft, &offers);
    assert_eq!(walk.waves_said(), [1]);
    let kept = Answer::List(vec!["check-2".into()]);
    assert_eq!(walk.given(&after(1)), Some(&kept));
    assert_eq!(walk.given(&after(2)), None);
    let recovery = recovery(&draft, &offers);
    assert_eq!(recovery.waves.len(), 1);
    assert_eq!(recovery.waves[0].hooks.after, Some(hook(&["check-2"])));
}

#[test]
fn a_command_is_typed_as_it_is_kept_word_by_word() {
    let offers = offers();
    let mut draft = draft(Recover, &offers, &["c"]);
    let key = Key::plan(Field::PlanAfter);
    let said = Answer::List(vec!["tell".into(), "it is done".into(), "".into()]);
    accept(&mut draft, &offers, &key, &said).unwrap();
    let walk = Walk::new(&draft, &offers);
    let question = walk.question(&key).unwrap();
    let typed = question.typed(&said);
    assert_eq!(typed, "tell 'it is done' ''");
    assert_eq!(question.take(&typed.as_str().into()), Ok(said));
}
