//! The rules of the agent's reader, one by one.

use super::*;

const ID: &str = "9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4";
const OTHER: &str = "4e81c0d2-7b3a-4f96-a1c5-2d90e7f3b618";

fn of(text: &str) -> Conf {
    Conf::read(text.as_bytes())
}

/// A file with nothing wrong, its id said by `line`.
fn with(line: &str) -> Conf {
    of(&format!(
        "[vxagent]\n{line}\n[vxagent.transport]\nHostname=cs\n"
    ))
}

fn id_of(conf: &Conf) -> String {
    conf.called()
        .id()
        .map(ToString::to_string)
        .unwrap_or_default()
}

#[test]
fn blanks_tabs_quotes_and_line_ends_are_stripped() {
    for line in [
        format!("HostId={ID}"),
        format!(" \tHostId \t=\t {ID} \t"),
        format!("HostId=\"{ID}\""),
        format!("HostId={ID}\r"),
        format!("\u{b}HostId={ID}\u{c}"),
        format!("HostId={{{ID}}}"),
    ] {
        let conf = with(&line);
        assert_eq!(id_of(&conf), ID, "{line:?}");
        assert!(
            conf.findings.iter().all(|f| f.what == What::MixedEnds),
            "{line:?}"
        );
    }
}

#[test]
fn a_quote_on_one_side_or_a_blank_inside_the_quotes_stays() {
    for line in [
        format!("HostId=\"{ID}"),
        format!("HostId={ID}\""),
        format!("HostId=\" {ID}\""),
    ] {
        let conf = with(&line);
        assert!(matches!(conf.called(), Called::Malformed(_)), "{line:?}");
        assert!(conf.refused_at.is_none());
    }
    assert_eq!(with("HostId=\"").called(), Called::Nothing);
}

#[test]
fn a_key_ends_at_the_first_equals_sign() {
    assert!(matches!(
        with(&format!("HostId=x={ID}")).called(),
        Called::Malformed(_)
    ));
    assert!(
        with("MonitorHostCmdList=a=b, \"c\"=d\nHostId = x")
            .refused_at
            .is_none()
    );
}

#[test]
fn comments_and_blank_lines_say_nothing() {
    let conf = with(&format!(
        "# no equals\n; none here\n\n  #HostId={OTHER}\nHostId={ID}"
    ));
    assert_eq!((id_of(&conf).as_str(), told(&conf).len()), (ID, 0));
}

#[test]
fn the_last_of_several_counts_and_the_others_are_told() {
    let conf = with(&format!("HostId={OTHER}\nHostId={ID}"));
    assert_eq!(id_of(&conf), ID);
    assert!(has(
        &conf,
        3,
        &What::Repeated {
            key: "HostId",
            before: 2,
            differs: true
        }
    ));
    let same = with(&format!("HostId={ID}\nHostId={ID}"));
    let repeated = &same.findings[0].what;
    assert_eq!(repeated.weight(), Weight::Remark);
}

#[test]
fn sections_of_one_name_are_one() {
    let conf = of(&format!(
        "[vxagent]\nRole=Agent\n[vxagent.transport]\nHostname=cs\n[vxagent]\nHostId={ID}\n"
    ));
    assert_eq!((id_of(&conf).as_str(), told(&conf).len()), (ID, 0));
}

#[test]
fn a_section_ends_at_the_last_bracket() {
    assert_eq!(
        id_of(&of(&format!("[vxagent] ; the agent's\nHostId={ID}\n"))),
        ID
    );
    let conf = of(&format!("[vxagent] ; see [1]\nHostId={ID}\n"));
    assert_eq!(conf.called(), Called::Nothing);
    assert!(has(&conf, 1, &What::BadSectionName));
}

#[test]
fn an_id_outside_its_section_is_not_the_agents() {
    let conf = of(&format!("[vxagent.transport]\nHostname=cs\nHostId={ID}\n"));
    assert_eq!(conf.called(), Called::Nothing);
    assert!(has(
        &conf,
        3,
        &What::Elsewhere {
            key: "HostId",
            home: "vxagent"
        }
    ));
    assert!(has(&conf, None, &What::NoId));
    let before_any = of(&format!("HostId={ID}\n"));
    assert_eq!(before_any.called(), Called::Nothing);
    let other_case = of(&format!("[VXAGENT]\nHostId={ID}\n"));
    assert_eq!(other_case.called(), Called::Nothing);
    let meant = What::LookAlikeSection {
        written: "VXAGENT".into(),
        meant: "vxagent",
    };
    assert!(has(&other_case, 1, &meant));
    let nested = of(&format!("[vxagent\\x]\nHostId={ID}\n"));
    assert_eq!(nested.called(), Called::Nothing);
}

#[test]
fn the_machines_own_name_is_not_the_server() {
    let conf = of(&format!(
        "[vxagent]\nHostId={ID}\nHostname=web-01\n[vxagent.transport]\n"
    ));
    assert!(conf.value(Key::Hostname).is_none());
    assert!(has(
        &conf,
        3,
        &What::Elsewhere {
            key: "Hostname",
            home: "vxagent.transport"
        }
    ));
    assert!(has(&conf, None, &What::NoServer));
}

#[test]
fn one_line_without_an_equals_sign_makes_the_file_unreadable() {
    let conf = with(&format!("HostId={ID}\noops"));
    assert_eq!(conf.refused_at, Some(3));
    assert!(has(&conf, 3, &What::NoEquals));
    // What it was meant to say is told all the same.
    assert_eq!(id_of(&conf), ID);
}

#[test]
fn a_byte_order_mark_takes_the_first_line_away() {
    let refused = of(&format!("\u{feff}[vxagent]\nHostId={ID}\n"));
    assert_eq!(refused.refused_at, Some(1));
    assert_eq!(id_of(&refused), ID);
    // A line with '=' becomes a key that nobody looks for, and its section is never opened.
    let passed = of(&format!("\u{feff}[vxagent] ; a=b\nHostId={ID}\n"));
    assert_eq!(passed.refused_at, None);
    assert!(has(&passed, 1, &What::ByteOrderMark { refused: false }));
    assert_eq!(passed.called(), Called::Nothing);
    let comment = of("\u{feff}# comment\n");
    assert_eq!(comment.refused_at, Some(1));
}

#[test]
fn two_bytes_a_character_cannot_be_read() {
    let file: Vec<u8> = "\u{feff}[vxagent]\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let conf = Conf::read(&file);
    assert_eq!((conf.refused_at, conf.called()), (Some(1), Called::Nothing));
    assert_eq!(told(&conf).len(), 1);
}

#[test]
fn the_rest_of_a_long_line_is_another_line() {
    let fill = "x".repeat(lines::BUFFER - 2);
    // The buffer ends where the id begins: it is read from the middle of a line.
    let conf = with(&format!("a={fill}HostId={ID}"));
    assert_eq!(id_of(&conf), ID);
    assert!(has(&conf, 2, &What::LongLine));
    // The rest has no '='.
    let conf = with(&format!("a={fill}yyy"));
    assert_eq!(conf.refused_at, Some(2));
    // Only the line's end is left over.
    let conf = with(&format!("a={fill}"));
    assert_eq!(
        (conf.refused_at, has(&conf, 2, &What::LongLine)),
        (None, false)
    );
}

#[test]
fn a_value_ends_at_a_nul() {
    let conf = with(&format!("HostId={ID}\0junk"));
    assert_eq!(id_of(&conf), ID);
    assert!(has(&conf, 2, &What::Nul));
    let gone = with("HostId\0=x");
    assert!(has(&gone, 2, &What::NoEquals));
}

#[test]
fn bytes_of_another_code_page_are_shown_escaped() {
    let conf = Conf::read(b"[vxagent]\nRole=M\xfcnchen\n");
    assert!(has(&conf, 2, &What::NotAscii));
    assert!(has(&conf, 2, &What::UnknownRole("M\\xfcnchen".into())));
}

#[test]
fn an_escape_sequence_never_stays_one() {
    let conf = with("HostId=\u{1b}[2J\u{202e}\nRole=\u{9b}31m");
    for words in told(&conf) {
        assert!(!words.chars().any(char::is_control), "{words:?}");
        assert!(!words.contains('\u{202e}'));
    }
}

#[test]
fn what_the_agent_speaks_to_is_told() {
    assert!(has(&with("CSType=CSPrime"), 2, &What::Prime));
    assert!(has(&with("CSType=x"), 2, &What::UnknownStack("x".into())));
    assert!(!has(&with("CSType=CSLegacy"), 2, &What::Prime));
}

#[test]
fn only_a_number_is_a_port() {
    let port = |port: &str| of(&format!("[vxagent.transport]\nHostname=cs\nPort={port}\n"));
    assert!(!has(&port("443"), 3, &What::BadPort("443".into())));
    for bad in ["0", "65536", "-1", "", "44e"] {
        assert!(has(&port(bad), 3, &What::BadPort(bad.into())), "{bad}");
    }
}

#[test]
fn a_file_without_end_is_looked_at_as_far_as_the_bound() {
    let mut file = format!("[vxagent]\nHostId={OTHER}\n").into_bytes();
    while file.len() <= MOST_BYTES {
        file.extend_from_slice(b"a=b\n");
    }
    file.extend_from_slice(format!("HostId={ID}\n").as_bytes());
    let conf = Conf::read(&file);
    assert_eq!(id_of(&conf), OTHER);
    assert!(has(&conf, None, &What::TooLarge { most: MOST_BYTES }));
}

#[test]
fn findings_are_bounded_and_counted() {
    let conf = of(&"oops\n".repeat(1000));
    assert_eq!(conf.findings.len(), MOST_FINDINGS);
    assert!(conf.more >= 1000 - MOST_FINDINGS);
    assert_eq!(conf.refused_at, Some(1));
}

#[test]
fn an_id_is_judged_by_its_bytes_and_not_by_what_is_shown_of_them() {
    // A combining mark without a letter is not shown.
    let marked = format!("\u{301}{}", "9b0c2f6e-41d7-4a55-8c3e-7f2d10b6e8a4");
    let conf = Conf::read(format!("[vxagent]\nHostId={marked}\n").as_bytes());
    assert!(matches!(conf.called(), Called::Malformed(_)), "{conf:?}");
    let wrong = |f: &Finding| matches!(f.what, What::Id(Called::Malformed(_)));
    assert!(conf.findings.iter().any(wrong), "{conf:?}");
}
