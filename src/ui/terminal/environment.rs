//! What the environment says about the terminal. Nothing is asked of the terminal itself: an
//! answer that comes late over a slow line would be read as keys.

use super::Ways;

/// Which characters the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyphs {
    Unicode,
    Ascii,
}

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None are to be used.
    None,
    /// The terminal's own sixteen.
    Sixteen,
    /// The palette of 256.
    Indexed,
    /// 24 bits.
    True,
}

/// What wraps the terminal and swallows sequences it does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passthrough {
    None,
    Tmux,
    Screen,
}

/// All of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Environment {
    pub glyphs: Glyphs,
    pub depth: Depth,
    pub passthrough: Passthrough,
    /// Better served by numbered questions than by a full screen: TERM=dumb or ACCESSIBLE set.
    pub plain: bool,
}

impl Environment {
    /// Reads the environment through `lookup` (for the process: `|name| std::env::var(name).ok()`).
    pub fn detect(lookup: impl Fn(&str) -> Option<String>) -> Self {
        // An empty variable counts as unset: so say POSIX of the locale and no-color.org of NO_COLOR.
        let lookup = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let term = lookup("TERM").unwrap_or_else(|| "dumb".into());
        Self {
            glyphs: glyphs(&lookup, &term),
            depth: depth(&lookup, &term),
            passthrough: passthrough(&lookup, &term),
            plain: term == "dumb" || lookup("ACCESSIBLE").is_some_and(|value| value != "0"),
        }
    }

    /// The ways that follow from it.
    #[must_use]
    pub fn ways(&self, mouse: bool) -> Ways {
        Ways {
            mouse,
            colour: self.depth > Depth::None,
            glyphs: self.glyphs,
            passthrough: self.passthrough,
        }
    }
}

/// The *effective* locale decides: the first of LC_ALL, LC_CTYPE and LANG that is set. A UTF-8
/// LANG under LC_ALL=C is not UTF-8. Consoles without a font for more get ASCII regardless.
fn glyphs(lookup: &impl Fn(&str) -> Option<String>, term: &str) -> Glyphs {
    let poor = term == "linux" || term == "dumb" || term.starts_with("vt");
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(lookup);
    let utf8 = locale.is_some_and(|locale| {
        let charset = locale
            .split('@')
            .next()
            .unwrap_or_default()
            .rsplit('.')
            .next();
        charset.is_some_and(|name| {
            name.eq_ignore_ascii_case("utf-8") || name.eq_ignore_ascii_case("utf8")
        })
    });
    if utf8 && !poor {
        Glyphs::Unicode
    } else {
        Glyphs::Ascii
    }
}

fn depth(lookup: &impl Fn(&str) -> Option<String>, term: &str) -> Depth {
    if lookup("NO_COLOR").is_some() || term == "dumb" || term.starts_with("vt") {
        return Depth::None;
    }
    match lookup("COLORTERM").as_deref() {
        Some("truecolor" | "24bit") => Depth::True,
        _ if term.ends_with("-direct") => Depth::True,
        _ if term.contains("256color") => Depth::Indexed,
        _ => Depth::Sixteen,
    }
}

fn passthrough(lookup: &impl Fn(&str) -> Option<String>, term: &str) -> Passthrough {
    // tmux may set TERM=screen-256color: TMUX tells the two apart.
    if lookup("TMUX").is_some() || term.starts_with("tmux") {
        Passthrough::Tmux
    } else if lookup("STY").is_some() || term.starts_with("screen") {
        Passthrough::Screen
    } else {
        Passthrough::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(vars: &[(&str, &str)]) -> Environment {
        Environment::detect(|name| {
            vars.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_effective_locale_decides_the_glyphs() {
        use Glyphs::{Ascii, Unicode};
        let table: &[(&[(&str, &str)], Glyphs)] = &[
            (&[("LANG", "en_US.UTF-8")], Unicode),
            (&[("LANG", "de_DE.utf8")], Unicode),
            (&[("LANG", "de_DE.UTF-8@euro")], Unicode),
            (&[("LANG", "C.UTF-8")], Unicode),
            (&[("LANG", "en_US.UTF-8"), ("LC_ALL", "C")], Ascii),
            (&[("LANG", "en_US.UTF-8"), ("LC_CTYPE", "POSIX")], Ascii),
            (&[("LANG", "C"), ("LC_CTYPE", "en_US.UTF-8")], Unicode),
            (
                &[("LANG", "C"), ("LC_ALL", ""), ("LC_CTYPE", "UTF-8")],
                Unicode,
            ),
            (
                &[
                    ("LANG", "en_US.UTF-8"),
                    ("LC_CTYPE", "C"),
                    ("LC_ALL", "C.utf8"),
                ],
                Unicode,
            ),
            (&[("LANG", "C")], Ascii),
            (&[("LANG", "de_DE.ISO-8859-15@euro")], Ascii),
            (&[("LANG", "UTF-8-but-not.KOI8-R")], Ascii),
            (&[], Ascii),
            (&[("LANG", "en_US.UTF-8"), ("TERM", "linux")], Ascii),
            (&[("LANG", "en_US.UTF-8"), ("TERM", "vt220")], Ascii),
            (&[("LANG", "en_US.UTF-8"), ("TERM", "dumb")], Ascii),
        ];
        for (vars, expected) in table {
            let mut vars = vars.to_vec();
            vars.push(("TERM", "xterm-256color"));
            assert_eq!(detect(&vars).glyphs, *expected, "{vars:?}");
        }
    }

    #[test]
    fn the_environment_decides_the_colours() {
        let table: &[(&[(&str, &str)], Depth)] = &[
            (&[("TERM", "xterm")], Depth::Sixteen),
            (&[("TERM", "linux")], Depth::Sixteen),
            (&[("TERM", "screen-256color")], Depth::Indexed),
            (
                &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")],
                Depth::True,
            ),
            (&[("TERM", "xterm"), ("COLORTERM", "24bit")], Depth::True),
            (&[("TERM", "xterm"), ("COLORTERM", "yes")], Depth::Sixteen),
            (&[("TERM", "xterm-direct")], Depth::True),
            (&[("TERM", "vt100")], Depth::None),
            (&[("TERM", "dumb")], Depth::None),
            (&[], Depth::None),
            (
                &[("TERM", "xterm-256color"), ("NO_COLOR", "1")],
                Depth::None,
            ),
            (
                &[("TERM", "xterm-256color"), ("NO_COLOR", "")],
                Depth::Indexed,
            ),
            (
                &[
                    ("TERM", "xterm"),
                    ("COLORTERM", "truecolor"),
                    ("NO_COLOR", "1"),
                ],
                Depth::None,
            ),
        ];
        for (vars, expected) in table {
            assert_eq!(detect(vars).depth, *expected, "{vars:?}");
        }
    }

    #[test]
    fn tmux_is_known_even_where_it_calls_itself_screen() {
        let tmux = [
            ("TERM", "screen-256color"),
            ("TMUX", "/tmp/tmux-0/default,1,0"),
        ];
        assert_eq!(detect(&tmux).passthrough, Passthrough::Tmux);
        assert_eq!(
            detect(&[("TERM", "tmux-256color")]).passthrough,
            Passthrough::Tmux
        );
        assert_eq!(
            detect(&[("TERM", "screen")]).passthrough,
            Passthrough::Screen
        );
        let sty = [("TERM", "xterm"), ("STY", "42.pts-0")];
        assert_eq!(detect(&sty).passthrough, Passthrough::Screen);
        assert_eq!(detect(&[("TERM", "xterm")]).passthrough, Passthrough::None);
    }

    #[test]
    fn a_dumb_terminal_and_a_screen_reader_want_it_plain() {
        assert!(detect(&[("TERM", "dumb")]).plain);
        assert!(detect(&[("TERM", "xterm"), ("ACCESSIBLE", "1")]).plain);
        assert!(!detect(&[("TERM", "xterm"), ("ACCESSIBLE", "0")]).plain);
        assert!(!detect(&[("TERM", "xterm")]).plain);
    }
}
