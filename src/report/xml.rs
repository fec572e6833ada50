//! Text in XML 1.0, which has no way at all to write most control characters.
//!
//! Written by hand: all that two small formats need is this function, and a library that escapes markup leaves these
//! characters in, so that no parser takes the document.

/// A text as it stands in an attribute, or between tags where line feeds are to be kept as they are. What XML cannot
/// hold, and what a terminal would act upon, is shown as an escape.
pub(super) fn attribute(text: &str) -> String {
    escape(text, "&#10;")
}

/// A text as it stands between tags.
pub(super) fn content(text: &str) -> String {
    escape(text, "\n")
}

fn escape(text: &str, line_feed: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str(line_feed),
            '\t' => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.extend(c.escape_unicode()),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{attribute, content};

    #[test]
    fn a_parser_reads_back_what_was_meant() {
        let text = "<a b=\"c\" & 'd'>]]>\r\n\té名\u{1f980}\u{fffd}";
        let document = format!("<x y=\"{}\">{}</x>", attribute(text), content(text));
        let document = uppsala::parse(&document).unwrap();
        let root = document.document_element().unwrap();
        assert_eq!(document.get_attribute(root, "y"), Some(text));
        assert_eq!(document.text_content_deep(root), text);
    }

    #[test]
    fn what_xml_cannot_hold_is_shown() {
        assert_eq!(attribute("a\0\u{1b}\u{9b}\u{ffff}\n"), "a\\u{0}\\u{1b}\\u{9b}\\u{ffff}&#10;");
        assert_eq!(content("a\n"), "a\n");
        assert!(uppsala::parse("<x>\u{1b}</x>").is_err(), "the parser is strict");
    }
}
