use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;

use super::{Input, Keys, MOST_PASTED};

/// All that `bytes` mean when nothing follows.
fn read(bytes: &[u8]) -> Vec<Input> {
    read_in_pieces(&[bytes])
}

fn read_in_pieces(pieces: &[&[u8]]) -> Vec<Input> {
    let mut keys = Keys::default();
    for piece in pieces {
        keys.feed(piece);
    }
    while keys.is_incomplete() {
        keys.give_up_waiting();
    }
    std::iter::from_fn(|| keys.next()).collect()
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
    Input::Key(KeyEvent::new(code, modifiers))
}

#[test]
fn keys_are_named_as_crossterm_names_them() {
    use KeyCode::{
        BackTab, Backspace, Char, Delete, Down, End, Enter, Esc, F, Home, PageUp, Tab, Up,
    };
    const NONE: KeyModifiers = KeyModifiers::NONE;
    const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
    const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
    const ALT: KeyModifiers = KeyModifiers::ALT;
    let table: &[(&str, KeyCode, KeyModifiers)] = &[
        ("a", Char('a'), NONE),
        ("A", Char('A'), SHIFT),
        ("é", Char('é'), NONE),
        ("東", Char('東'), NONE),
        ("\r", Enter, NONE),
        ("\t", Tab, NONE),
        ("\x7f", Backspace, NONE),
        ("\x08", Backspace, NONE),
        ("\x01", Char('a'), CONTROL),
        ("\n", Char('j'), CONTROL),
        ("\x1a", Char('z'), CONTROL),
        ("\x1c", Char('4'), CONTROL),
        ("\0", Char(' '), CONTROL),
        ("\x1b", Esc, NONE),
        ("\x1b\x1b", Esc, ALT),
        ("\x1ba", Char('a'), ALT),
        ("\x1bA", Char('A'), ALT | SHIFT),
        ("\x1b[", Char('['), ALT),
        ("\x1bO", Char('O'), ALT | SHIFT),
        ("\x1b\r", Enter, ALT),
        ("\x1b[A", Up, NONE),
        ("\x1bOB", Down, NONE),
        ("\x1b[1;5A", Up, CONTROL),
        ("\x1b[1;2B", Down, SHIFT),
        ("\x1b[a", Up, SHIFT),
        ("\x1b[H", Home, NONE),
        ("\x1b[1~", Home, NONE),
        ("\x1bOF", End, NONE),
        ("\x1b[8~", End, NONE),
        ("\x1b[3~", Delete, NONE),
        ("\x1b[3;3~", Delete, ALT),
        ("\x1b[5~", PageUp, NONE),
        ("\x1b[Z", BackTab, SHIFT),
        ("\x1bOP", F(1), NONE),
        ("\x1b[[E", F(5), NONE),
        ("\x1b[15~", F(5), NONE),
        ("\x1b[17~", F(6), NONE),
        ("\x1b[24~", F(12), NONE),
        ("\x1b[1;5R", F(3), CONTROL),
        ("\x1b[13;5u", Enter, CONTROL),
        ("\x1b[9;2u", BackTab, SHIFT),
    ];
    for (bytes, code, modifiers) in table {
        assert_eq!(
            read(bytes.as_bytes()),
            [key(*code, *modifiers)],
            "{bytes:?}"
        );
    }
}

#[test]
fn what_is_unknown_means_nothing_and_swallows_no_key() {
    for bytes in [
        "\x1b[99~",
        "\x1b[?1;2c",
        "\x1b[24;80R",
        "\x1b[0n",
        "\x1b[>0;276;0c",
        "\x1bOz",
    ] {
        let keys = read(format!("{bytes}j").as_bytes());
        assert_eq!(
            keys,
            [key(KeyCode::Char('j'), KeyModifiers::NONE)],
            "{bytes:?}"
        );
    }
    assert_eq!(read(b"\xff\xc3(j").len(), 2);
}

#[test]
fn alt_with_an_arrow_as_rxvt_sends_it_is_esc_and_the_arrow() {
    let none = KeyModifiers::NONE;
    assert_eq!(
        read(b"\x1b\x1b[A"),
        [key(KeyCode::Esc, none), key(KeyCode::Up, none)]
    );
}

#[test]
fn line_breaks_of_a_paste_are_told_as_one_kind() {
    let pasted = read(b"\x1b[200~a\r\nb\rc\nd\x1b[201~");
    assert_eq!(pasted, [Input::Paste("a\nb\nc\nd".into())]);
}

#[test]
fn a_paste_may_hold_sequences_and_whatever_looks_like_its_end() {
    let pasted = read(b"\x1b[200~\x1b[A \x1b[20 \x1b[201\x1b[201~j");
    let text = "\x1b[A \x1b[20 \x1b[201".to_owned();
    assert_eq!(
        pasted,
        [
            Input::Paste(text),
            key(KeyCode::Char('j'), KeyModifiers::NONE)
        ]
    );
}

#[test]
fn a_paste_without_an_end_ends_when_nothing_follows() {
    assert_eq!(read(b"\x1b[200~abc"), [Input::PartOfPaste("abc".into())]);
}

#[test]
fn a_long_paste_is_cut_between_characters_and_says_so() {
    let long = [
        b"\x1b[200~x",
        "é".repeat(MOST_PASTED).as_bytes(),
        b"\x1b[201~",
    ]
    .concat();
    let [Input::PartOfPaste(text)] = &read(&long)[..] else {
        panic!("one paste")
    };
    assert!(text.len() <= MOST_PASTED && text.len() > MOST_PASTED - 4);
}

#[test]
fn a_paste_says_whether_it_is_all_of_it() {
    let wrapped = |bytes: &[u8]| [b"\x1b[200~", bytes, b"\x1b[201~"].concat();
    let longest = vec![b'x'; MOST_PASTED];
    assert!(matches!(read(&wrapped(&longest))[..], [Input::Paste(_)]));
    let longer = [&longest[..], b"x"].concat();
    assert!(matches!(
        read(&wrapped(&longer))[..],
        [Input::PartOfPaste(_)]
    ));
    assert_eq!(
        read(&wrapped(b"9b0c\xff2f6e")),
        [Input::PartOfPaste("9b0c2f6e".into())]
    );
}

proptest! {
    #[test]
    fn no_bytes_panic_or_keep_it_waiting(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read(&bytes);
    }

    #[test]
    fn pieces_mean_what_the_whole_means(
        tokens in prop::collection::vec(
            prop::sample::select(vec![
                "j", "é", "東", "\x1b[A", "\x1bOP", "\x1b[1;5C", "\x1b[15~", "\x1b[<0;5;3M",
                "\x1b[200~paste\x1b\r\x1b[201~", "\x1b[I", "\x1bx", "\t", "\x1b[[A",
            ]),
            1..8,
        ),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let whole = tokens.concat().into_bytes();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(whole.len())).collect();
        cuts.extend([0, whole.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|ends| &whole[ends[0]..ends[1]]).collect();
        prop_assert_eq!(read_in_pieces(&pieces), read(&whole));
    }
}
