//! Lines as the agent's reader gets them (cx-protocol.md 5): at most 4095 bytes at a time, to the
//! first NUL, without the blanks at both ends.

/// Bytes that the agent's buffer takes at once; the rest of a longer line is a line of its own to it.
pub const BUFFER: usize = 4095;

/// What the agent takes for one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Of the line in the file, from 1; the pieces of a long line share it.
    pub number: u32,
    pub text: &'a [u8],
    /// The second or a later piece of a long line.
    pub piece: bool,
    /// Something stands behind a NUL: the agent does not see it.
    pub nul: bool,
    pub end: End,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Lf,
    CrLf,
    /// The buffer was full, or the file is over.
    Open,
}

pub struct Lines<'a> {
    rest: &'a [u8],
    number: u32,
    inside: bool,
}

impl<'a> Lines<'a> {
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            number: 0,
            inside: false,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let most = self.rest.len().min(BUFFER);
        let window = &self.rest[..most];
        let length = memchr::memchr(b'\n', window).map_or(most, |at| at + 1);
        let (chunk, rest) = self.rest.split_at(length);
        self.rest = rest;
        let piece = std::mem::replace(&mut self.inside, !chunk.ends_with(b"\n"));
        if !piece {
            self.number = self.number.saturating_add(1);
        }
        let end = match chunk {
            [.., b'\r', b'\n'] => End::CrLf,
            [.., b'\n'] => End::Lf,
            _ => End::Open,
        };
        let nul = memchr::memchr(0, chunk);
        Some(Line {
            number: self.number,
            text: bare(&chunk[..nul.unwrap_or(chunk.len())]),
            piece,
            nul: nul.is_some(),
            end,
        })
    }
}

/// Without what C's `isspace` takes for a blank, at both ends.
#[must_use]
pub fn bare(text: &[u8]) -> &[u8] {
    let blank = |b: &u8| matches!(b, b' ' | b'\t'..=b'\r');
    let from = text.iter().position(|b| !blank(b)).unwrap_or(text.len());
    let to = text
        .iter()
        .rposition(|b| !blank(b))
        .map_or(from, |at| at + 1);
    &text[from..to]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_longer_than_the_buffer_comes_in_pieces_of_one_number() {
        let mut file = vec![b'x'; BUFFER + 5];
        file.extend_from_slice(b"\r\nlast");
        let lines: Vec<_> = Lines::of(&file).collect();
        let told: Vec<_> = lines
            .iter()
            .map(|l| (l.number, l.text.len(), l.piece, l.end))
            .collect();
        assert_eq!(
            told,
            [
                (1, BUFFER, false, End::Open),
                (1, 5, true, End::CrLf),
                (2, 4, false, End::Open)
            ]
        );
    }

    #[test]
    fn what_stands_behind_a_nul_is_not_seen() {
        let line = Lines::of(b" a=b \0c\n").next().unwrap();
        assert_eq!((line.text, line.nul), (&b"a=b"[..], true));
    }

    #[test]
    fn a_lone_carriage_return_ends_no_line() {
        let lines: Vec<_> = Lines::of(b"a=1\rb=2\n").collect();
        assert_eq!(lines.len(), 1);
    }
}
