//! Bytes to text: byte order marks, UTF-16, and bytes that are no text.

use memchr::memchr;

use super::Span;

/// The text of a file, and what is wrong with its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark; empty for a binary file.
    pub text: String,
    /// Bytes of the file before `text`: 3 for a UTF-8 byte order mark, else 0.
    pub lead: u32,
    /// What is wrong: a place in `text` and a message.
    pub damage: Vec<(Span, String)>,
    /// Whether the bytes are those of another encoding.
    pub is_transcoded: bool,
}

/// The text of a file. Never fails: whatever cannot be text is told in `damage`.
///
/// * Valid UTF-8 keeps its allocation; a byte order mark is dropped.
/// * UTF-16 is known by its byte order mark or, without one, by the zeros beside the first two ASCII
///   characters (YAML 1.2.2, section 5.2), and is transcoded. An unpaired surrogate becomes U+FFFD.
/// * Each byte that is not UTF-8 becomes one `?`, so that offsets stay those of the file.
/// * Whatever else holds a NUL is binary: its text is empty, so that nothing is read into it.
#[must_use]
pub fn decode(mut bytes: Vec<u8>) -> Decoded {
    if let Some((order, skip)) = utf16_order(&bytes) {
        return transcode(&bytes, order, skip);
    }
    let mut lead = 0;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
        lead = 3;
    }
    if let Some(at) = memchr(0, &bytes) {
        return Decoded { lead, ..binary(at + lead as usize) };
    }
    match String::from_utf8(bytes) {
        Ok(text) => Decoded { text, lead, ..Decoded::default() },
        Err(error) => Decoded { lead, ..patch(error.as_bytes()) },
    }
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// The byte order of UTF-16 and the length of its mark; nothing for what is not UTF-16.
fn utf16_order(bytes: &[u8]) -> Option<(Order, usize)> {
    match *bytes {
        [0xff, 0xfe, ..] => Some((Order::Little, 2)),
        [0xfe, 0xff, ..] => Some((Order::Big, 2)),
        [1..=0x7f, 0, 1..=0x7f, 0, ..] => Some((Order::Little, 0)),
        [0, 1..=0x7f, 0, 1..=0x7f, ..] => Some((Order::Big, 0)),
        _ => None,
    }
}

fn transcode(bytes: &[u8], order: Order, skip: usize) -> Decoded {
    let (pairs, rest) = bytes[skip..].as_chunks::<2>();
    let units = pairs.iter().map(|&pair| match order {
        Order::Little => u16::from_le_bytes(pair),
        Order::Big => u16::from_be_bytes(pair),
    });
    let mut text = String::with_capacity(pairs.len());
    let mut broken = Broken::default();
    let mut offset = skip;
    for item in char::decode_utf16(units) {
        match item {
            Ok('\0') => return binary(offset),
            Ok(character) => {
                text.push(character);
                offset += 2 * character.len_utf16();
            }
            Err(error) => {
                let span = Span::new(narrow(text.len()), narrow(text.len() + char::REPLACEMENT_CHARACTER.len_utf8()));
                broken.add(span, 1, || {
                    format!("invalid UTF-16: unpaired surrogate 0x{:04x}", error.unpaired_surrogate())
                });
                text.push(char::REPLACEMENT_CHARACTER);
                offset += 2;
            }
        }
    }
    let mut damage: Vec<_> = broken.finish().into_iter().collect();
    if !rest.is_empty() {
        let end = narrow(text.len());
        damage.push((Span::new(end, end), "invalid UTF-16: the last character is cut off".to_owned()));
    }
    Decoded { text, lead: 0, damage, is_transcoded: true }
}

/// Puts a `?` in the place of each byte that is not UTF-8.
fn patch(bytes: &[u8]) -> Decoded {
    let mut text = String::with_capacity(bytes.len());
    let mut broken = Broken::default();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let invalid = chunk.invalid();
        if let Some(first) = invalid.first() {
            let at = narrow(text.len());
            broken.add(Span::new(at, at.saturating_add(1)), invalid.len(), || {
                format!("invalid UTF-8: byte 0x{first:02x}")
            });
            text.extend(std::iter::repeat_n('?', invalid.len()));
        }
    }
    Decoded { text, damage: broken.finish().into_iter().collect(), ..Decoded::default() }
}

fn binary(offset: usize) -> Decoded {
    let message = format!("binary file: NUL byte at offset {offset}");
    Decoded { damage: vec![(Span::default(), message)], ..Decoded::default() }
}

/// The first fault of a kind and how many there are: a file in Latin-1 has one cause, not a thousand.
#[derive(Default)]
struct Broken {
    first: Option<(Span, String)>,
    count: usize,
}

impl Broken {
    fn add(&mut self, span: Span, count: usize, message: impl FnOnce() -> String) {
        self.first.get_or_insert_with(|| (span, message()));
        self.count += count;
    }

    fn finish(self) -> Option<(Span, String)> {
        let (span, message) = self.first?;
        Some((span, if self.count > 1 { format!("{message}, and {} more", self.count - 1) } else { message }))
    }
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn valid_utf8_is_taken_over_without_a_copy() {
        let bytes = "kind: Mesh # \u{e9}\r\n".as_bytes().to_vec();
        let address = bytes.as_ptr();
        let decoded = decode(bytes);
        assert_eq!(decoded.text.as_ptr(), address);
        assert_eq!(decoded, Decoded { text: "kind: Mesh # \u{e9}\r\n".into(), ..Decoded::default() });
    }

    #[test]
    fn utf8_mark_is_dropped_once() {
        assert_eq!(decode(b"\xef\xbb\xbfa".to_vec()), Decoded { text: "a".into(), lead: 3, ..Decoded::default() });
        assert_eq!(decode(b"\xef\xbb\xbf".to_vec()), Decoded { lead: 3, ..Decoded::default() });
        assert_eq!(decode(b"\xef\xbb\xbf\xef\xbb\xbfa".to_vec()).text, "\u{feff}a");
    }

    #[test]
    fn utf16_is_transcoded_with_and_without_a_mark() {
        let text = "a: \u{e9}\u{1f980}\n";
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let marked = decode(units(&format!("\u{feff}{text}"), order));
            assert_eq!(marked, Decoded { text: text.into(), is_transcoded: true, ..Decoded::default() });
            assert_eq!(decode(units(text, order)), marked);
        }
    }

    #[test]
    fn short_utf16_is_no_surprise() {
        let empty = Decoded { is_transcoded: true, ..Decoded::default() };
        assert_eq!((decode(b"\xff\xfe".to_vec()), decode(b"\xfe\xff".to_vec())), (empty.clone(), empty));
        let cut = decode(b"\xff\xfea\0b".to_vec());
        assert_eq!(cut.text, "a");
        assert_eq!(cut.damage, [(Span::new(1, 1), "invalid UTF-16: the last character is cut off".into())]);
    }

    #[test]
    fn unpaired_surrogates_are_one_damage() {
        let bytes = b"\xff\xfea\0\x00\xd8b\0\x01\xdc".to_vec();
        let decoded = decode(bytes);
        assert_eq!(decoded.text, "a\u{fffd}b\u{fffd}");
        assert_eq!(decoded.damage, [(Span::new(1, 4), "invalid UTF-16: unpaired surrogate 0xd800, and 1 more".into())]);
    }

    #[test]
    fn invalid_bytes_keep_their_places() {
        let bytes = b"a: \xff\xc3\nb: \xe2\x82 \xc3\xa9".to_vec();
        let length = bytes.len();
        let decoded = decode(bytes);
        assert_eq!(decoded.text, "a: ??\nb: ?? \u{e9}");
        assert_eq!(decoded.text.len(), length);
        assert_eq!(decoded.damage, [(Span::new(3, 4), "invalid UTF-8: byte 0xff, and 3 more".into())]);
        let one = decode(b"\xef\xbb\xbf\xfc".to_vec());
        assert_eq!((one.text.as_str(), one.lead), ("?", 3));
        assert_eq!(one.damage, [(Span::new(0, 1), "invalid UTF-8: byte 0xfc".into())]);
    }

    #[test]
    fn a_nul_makes_a_binary_file() {
        for (bytes, offset) in [
            (&b"kind: Mesh\n\xff\0\0"[..], 12),
            (b"\xef\xbb\xbfab\0", 5),
            (b"\0", 0),
            (b"a\0", 1),
            (b"a\0\0\0b\0\0\0", 1),
            (b"\xff\xfea\0\0\0", 4),
            (b"\xff\xfe\0\0a\0\0\0", 2),
        ] {
            let decoded = decode(bytes.to_vec());
            assert_eq!(decoded.text, "", "{bytes:?}");
            assert_eq!(decoded.damage, [(Span::default(), format!("binary file: NUL byte at offset {offset}"))]);
        }
    }

    #[test]
    fn empty_file_is_empty_text() {
        assert_eq!(decode(Vec::new()), Decoded::default());
    }
}
