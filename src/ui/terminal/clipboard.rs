//! OSC 52: text for the clipboard of the terminal at the other end of the SSH line. Local tools
//! (`xclip` and the like) would fill the clipboard of the jump host.

use super::Passthrough;

/// Most encoded bytes that common terminals take; longer sequences are dropped whole by some.
pub const MOST_ENCODED: usize = 74_994;

/// The sequence that sets the clipboard to `text`, cut to what terminals take.
pub fn sequence(text: &str, passthrough: Passthrough) -> Vec<u8> {
    let encoded = base64(cut(text, MOST_ENCODED / 4 * 3).as_bytes());
    match passthrough {
        Passthrough::None => format!("\x1b]52;c;{encoded}\x07").into_bytes(),
        // tmux passes on what stands in its DCS, with every ESC doubled.
        Passthrough::Tmux => format!("\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\").into_bytes(),
        Passthrough::Screen => in_screen(&format!("\x1b]52;c;{encoded}\x07")),
    }
}

/// screen drops strings above 768 bytes, so they go in pieces, each in a DCS of its own.
fn in_screen(whole: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(whole.len() + whole.len() / 16);
    for piece in whole.as_bytes().chunks(512) {
        out.extend_from_slice(b"\x1bP");
        out.extend_from_slice(piece);
        out.extend_from_slice(b"\x1b\\");
    }
    out
}

/// The longest beginning of `text` within `most` bytes that ends between two characters.
fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            if digit <= three.len() {
                out.push(char::from(DIGITS[(bits >> (18 - 6 * digit)) as usize & 63]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let table = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, encoded) in table {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn every_wrapper_gets_its_own_envelope() {
        assert_eq!(sequence("hi", Passthrough::None), b"\x1b]52;c;aGk=\x07");
        assert_eq!(
            sequence("hi", Passthrough::Tmux),
            b"\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\"
        );
        assert_eq!(
            sequence("hi", Passthrough::Screen),
            b"\x1bP\x1b]52;c;aGk=\x07\x1b\\"
        );
    }

    #[test]
    fn a_long_text_is_cut_to_what_terminals_take() {
        let sequence = sequence(&"é".repeat(100_000), Passthrough::None);
        assert!(sequence.len() <= MOST_ENCODED + 8, "{}", sequence.len());
    }
}
