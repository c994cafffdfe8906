//! What the terminal is told on entering and on leaving.

use super::Ways;

/// CAN: whatever sequence was cut off in its middle ends here, unseen.
pub const CANCEL: &[u8] = b"\x18";
/// Brackets of one frame: a terminal that knows them shows it in one piece, others ignore them.
pub const BEGIN: &[u8] = b"\x1b[?2026h";
pub const END: &[u8] = b"\x1b[?2026l";

/// Undoes all that [`enter`] may have said, whatever was on. Safe to say twice.
///
/// The alternate screen is left last, with the cursor that was saved on entering; attributes are
/// reset on both sides of it because some terminals keep them apart.
pub const LEAVE: &[u8] =
    b"\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[?1004l\x1b[?2004l\x1b[m\x1b[?1049l\x1b[?25h\x1b[m";

/// Alternate screen, bracketed paste, focus reports, the cursor hidden; with the mouse only clicks
/// and the wheel (1000), never motion (1003), which would flood a slow line.
pub fn enter(ways: Ways) -> Vec<u8> {
    let mut out = b"\x1b[?1049h\x1b[?2004h\x1b[?1004h\x1b[?25l".to_vec();
    if ways.mouse {
        out.extend_from_slice(mouse(true));
    }
    out
}

/// Turns the mouse on or off.
pub fn mouse(on: bool) -> &'static [u8] {
    if on {
        b"\x1b[?1000h\x1b[?1006h"
    } else {
        b"\x1b[?1006l\x1b[?1000l"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_that_is_entered_is_left() {
        let entered = String::from_utf8(enter(Ways {
            mouse: true,
            ..Ways::default()
        }))
        .unwrap();
        let left = String::from_utf8(LEAVE.to_vec()).unwrap();
        for mode in entered.split("\x1b[?").filter(|mode| mode.ends_with('h')) {
            let undone = format!("\x1b[?{}l", mode.trim_end_matches('h'));
            assert!(left.contains(&undone), "{mode}");
        }
        assert!(left.contains("\x1b[?25h"));
    }
}
