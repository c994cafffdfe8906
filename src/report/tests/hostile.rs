//! Names and words that try to be markup.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;

use super::*;

/// What is tried: each as a name, an error, an answer, a remark at once.
const TRIED: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "a | b | c",
    "| --- |",
    "`code` ``two``",
    "**bold** _soft_ ~~gone~~",
    "[link](https://evil.example)",
    "![picture](https://evil.example/x.png)",
    "https://evil.example www.evil.example",
    "www.evil.example",
    "<https://evil.example>",
    "# heading",
    "> quote",
    "- list",
    "+ list",
    "1. list",
    "1) list",
    "--- ",
    "===",
    "    code",
    "&lt;b&gt; &#x202e; &nbsp;",
    "back\\slash \\",
    "line\nbreak\r\n\n# heading",
    "esc\u{1b}[2J bell\u{7} nul\u{0}",
    "right\u{202e}left",
    "[x] done [^1] [a]: b",
    "$x$ :tada:",
    "<!-- ",
    "]]>",
    "</style></main>",
];

/// Replaces every free text of a report by `words`: all strings that the plain one holds and that are
/// neither ids, times nor words of the schema.
fn poisoned(words: &str) -> Report {
    let lines: Vec<Line> = eventful().iter().map(|line| poison(line, words)).collect();
    let mut plan = serde_json::to_value(plan()).unwrap();
    each(&mut plan, words);
    let plan: Plan = serde_json::from_value(plan).unwrap();
    let mut errands = errands();
    errands[0].0 = words.into();
    errands[0].1[0].known = words.into();
    errands[0].1[0].commands[0].line = format!("one\n{}", words.replace(['\n', '\r'], ";"));
    let unread = [words.to_owned()];
    let source = Source {
        unread: &unread,
        damage: Some(words.to_owned()),
        ..source(&lines, &plan, &errands)
    };
    Report::of(&source).unwrap()
}

fn poison(line: &Line, words: &str) -> Line {
    let mut value = serde_json::to_value(line).unwrap();
    each(&mut value, words);
    serde_json::from_value(value).unwrap()
}

/// The fields that hold words from outside.
const FREE: &[&str] = &[
    "name",
    "site",
    "intent",
    "host",
    "program",
    "words",
    "evidence",
    "checks",
    "why",
    "said",
    "what",
    "causes",
    "recommended",
    "advice",
    "command",
    "title",
    "message",
    "remedy",
    "left",
    "vouched",
    "kept",
    "doneBut",
    "who",
    "refused",
    "state",
    "code",
    "choice",
];

fn each(value: &mut Value, words: &str) {
    let free = |key: &str, inner: &mut Value| match inner {
        Value::String(_) if FREE.contains(&key) => *inner = Value::String(words.to_owned()),
        Value::Array(all) if FREE.contains(&key) && all.iter().all(Value::is_string) => {
            all.iter_mut()
                .for_each(|one| *one = Value::String(words.to_owned()));
        }
        inner => each(inner, words),
    };
    match value {
        Value::Object(fields) => {
            // The name of a job is its id, that of a plan has a shape, states are the schema's.
            let whole = fields.contains_key("schema") && fields.contains_key("intent");
            let job = fields.contains_key("allowedActions");
            let task = fields.contains_key("children");
            for (key, inner) in fields {
                let shaped = match key.as_str() {
                    "name" => job || (whole && words.trim().is_empty()),
                    "state" => job || task,
                    "intent" => inner.is_object(),
                    _ => false,
                };
                if shaped {
                    if inner.is_object() {
                        each(inner, words);
                    }
                } else {
                    free(key, inner);
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|inner| each(inner, words)),
        _ => {}
    }
}

/// The tags of a page, in their order.
fn tags(page: &str) -> Vec<&str> {
    let opened = page.split('<').skip(1);
    opened.map(|rest| rest.split('>').next().unwrap()).collect()
}

/// What a reader of Markdown makes of a page, without its words.
fn shape(page: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH;
    let mut shape: Vec<String> = Vec::new();
    for event in Parser::new_ext(page, options) {
        let told = match event {
            Event::Text(_) => "words".to_owned(),
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("a link in\n{page}"),
            Event::Html(html) | Event::InlineHtml(html) => panic!("{html} in\n{page}"),
            Event::SoftBreak | Event::HardBreak => panic!("a break within words in\n{page}"),
            other => format!("{other:?}"),
        };
        // Escapes cut words into pieces.
        if told != "words" || shape.last().is_none_or(|last| last != "words") {
            shape.push(told);
        }
    }
    shape
}

fn judge(words: &str) {
    let (plain, hostile) = (poisoned("plain"), poisoned(words));
    let (page, other) = (html::write(&plain, &utc()), html::write(&hostile, &utc()));
    assert_eq!(tags(&page), tags(&other), "{words:?}");
    let controls = |page: &str| page.chars().any(|c| c.is_control() && c != '\n');
    assert!(!controls(&other), "{words:?}");
    let (page, other) = (
        markdown::write(&plain, &utc()),
        markdown::write(&hostile, &utc()),
    );
    let differs = || {
        let both = shape(&page).into_iter().zip(shape(&other)).enumerate();
        both.skip_while(|(_, (one, other))| one == other)
            .take(3)
            .collect::<Vec<_>>()
    };
    assert!(shape(&page) == shape(&other), "{words:?}: {:#?}", differs());
    assert!(!controls(&other), "{words:?}");
    // In what is to be copied every word stands as it is.
    let mut linking = other.lines().filter(|line| !line.starts_with("    "));
    let link = linking.find(|line| line.contains("https://") || line.contains("www.e"));
    assert_eq!(link, None);
}

#[test]
fn no_word_from_outside_becomes_markup() {
    assert!(html::write(&poisoned("QQQ"), &utc()).matches("QQQ").count() > 40);
    TRIED.iter().for_each(|words| judge(words));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_in_a_name_the_page_keeps_its_shape(
        words in "[-a-z0-9<>|`*_\\[\\](){}#+.!~$&;:\\\\\"'=\n\t \u{1b}\u{202e}]{1,7}",
    ) {
        prop_assume!(!words.trim().is_empty());
        judge(&format!("x{words}"));
        judge(&format!("{words}x"));
    }
}
