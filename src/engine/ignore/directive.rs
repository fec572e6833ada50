//! The words of a comment that speaks to this program: `meshlint: ignore[rule, rule/case] reason`.

use crate::source::Span;

/// What is written behind `meshlint:`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Directive {
    /// Nothing that is an order.
    Prose,
    /// An ignore.
    Ignore(List),
    /// Something that was meant to be one.
    Malformed {
        span: Span,
        fault: Fault,
        /// What it may have been meant to be, for the same bytes.
        meant: Option<String>,
    },
}

/// What is wrong with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It names no rules, which would silence everything.
    Blanket,
    /// The word is unknown.
    Word,
    /// The names are in no brackets, or these are not closed.
    Brackets,
}

/// The names that an ignore lists.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct List {
    /// Whether it is about the whole file.
    pub(super) of_file: bool,
    /// From the word to the closing bracket.
    pub(super) span: Span,
    /// Between the brackets.
    pub(super) inside: Span,
    pub(super) names: Vec<(String, Span)>,
    pub(super) reason: Option<String>,
}

/// What other tools call it, so that whoever writes it here is told.
const OTHER_WORDS: [&str; 12] = [
    "allow",
    "disable",
    "disable-file",
    "disable-line",
    "disable-next-line",
    "exclude",
    "ignore-line",
    "ignore-next",
    "ignore-next-line",
    "noqa",
    "skip",
    "suppress",
];

const MARK: &str = "meshlint:";

/// Reads a comment, which begins with its `#` at an offset in the file. On a line of its own, the mark stands first,
/// so that manifests that are commented out order nothing; behind something, another tool's comment may precede it.
pub(super) fn read(comment: &str, at: u32, is_alone: bool) -> Directive {
    let Some(start) = marked(comment, is_alone) else { return Directive::Prose };
    let text = &comment[start..];
    let blank = text.len() - text.trim_start().len();
    let base = at + narrow(start + blank);
    let text = text.trim();
    let span = |from: usize, to: usize| Span::new(base + narrow(from), base + narrow(to));
    let end = text.find(|one: char| !one.is_ascii_alphanumeric() && one != '-').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let gap = rest.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    let opens = rest.starts_with('[');
    if !matches!(word, "ignore" | "ignore-file") {
        let near = ["ignore", "ignore-file"].into_iter().find(|one| strsim::damerau_levenshtein(one, word) <= 2);
        let is_order = !word.is_empty() && (OTHER_WORDS.contains(&word) || near.is_some() || opens);
        let meant = near.or_else(|| (OTHER_WORDS.contains(&word)).then_some("ignore")).map(str::to_owned);
        return if is_order {
            Directive::Malformed { span: span(0, end), fault: Fault::Word, meant }
        } else {
            Directive::Prose
        };
    }
    if !opens {
        return bare(word, rest, &|to| span(0, to), end + gap);
    }
    let open = end + gap;
    let Some(close) = rest.find(']').map(|close| open + close) else {
        return Directive::Malformed { span: span(0, text.len()), fault: Fault::Brackets, meant: None };
    };
    let names = names(&text[open + 1..close], base + narrow(open + 1));
    let is_blanket = |(name, _): &(String, Span)| matches!(name.as_str(), "*" | "all" | "default");
    if names.is_empty() || names.iter().any(is_blanket) {
        return Directive::Malformed { span: span(0, close + 1), fault: Fault::Blanket, meant: None };
    }
    Directive::Ignore(List {
        of_file: word == "ignore-file",
        span: span(0, close + 1),
        inside: span(open + 1, close),
        names,
        reason: reason(&text[close + 1..]),
    })
}

/// An order without brackets: rules may stand there without them, or none may be named.
fn bare(word: &str, rest: &str, span: &dyn Fn(usize) -> Span, start: usize) -> Directive {
    let first = rest.split_whitespace().next().unwrap_or("").trim_end_matches([',', ':']);
    let is_rule = crate::rules::find(first.split('/').next().unwrap_or("")).is_some();
    if is_rule {
        let meant = Some(format!("{word}[{first}]"));
        return Directive::Malformed { span: span(start + first.len()), fault: Fault::Brackets, meant };
    }
    Directive::Malformed { span: span(word.len()), fault: Fault::Blanket, meant: None }
}

/// The names of a list, with their places. `at` is where the list begins.
pub(super) fn names(list: &str, at: u32) -> Vec<(String, Span)> {
    let mut out = Vec::new();
    let mut start = 0;
    for part in list.split(|one: char| one == ',' || one.is_whitespace()) {
        if !part.is_empty() {
            let from = at + narrow(start);
            out.push((part.to_owned(), Span::new(from, from + narrow(part.len()))));
        }
        // Whatever separates names is searched by characters, and all that do are one byte but the odd blanks.
        start += part.len() + list[start + part.len()..].chars().next().map_or(0, char::len_utf8);
    }
    out
}

fn reason(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches(['-', ':', '\u{2013}', '\u{2014}']).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Where the text behind the mark begins.
fn marked(comment: &str, is_alone: bool) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = comment[from..].find(MARK).map(|at| from + at) {
        let before = comment[..at].trim_end();
        let is_first = before.chars().all(|one| one == '#');
        if is_first || (!is_alone && before.ends_with('#')) {
            return Some(at + MARK.len());
        }
        from = at + MARK.len();
    }
    None
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(comment: &str) -> (Vec<String>, Option<String>) {
        match read(comment, 100, false) {
            Directive::Ignore(list) => {
                for (name, span) in &list.names {
                    let at = (span.start - 100) as usize;
                    assert_eq!(&comment[at..at + name.len()], name);
                }
                assert!(comment[(list.span.start - 100) as usize..].starts_with("ignore"));
                assert_eq!(&comment[(list.span.end - 101) as usize..(list.span.end - 100) as usize], "]");
                (list.names.into_iter().map(|(name, _)| name).collect(), list.reason)
            }
            other => panic!("{comment}: {other:?}"),
        }
    }

    #[test]
    fn commas_and_blanks_are_free() {
        for comment in [
            "# meshlint: ignore[a,b/c]",
            "#meshlint:ignore[ a , b/c ]",
            "##  meshlint:  ignore  [a b/c,]",
            "# meshlint: ignore[a,\u{a0}b/c]",
            "# noqa: x # meshlint: ignore[a, b/c]",
        ] {
            assert_eq!(listed(comment), (vec!["a".into(), "b/c".into()], None), "{comment}");
        }
    }

    #[test]
    fn what_follows_is_the_reason() {
        for comment in [
            "# meshlint: ignore[a] kept for [it]",
            "# meshlint: ignore[a]: kept for [it] ",
            "# meshlint: ignore[a] -- kept for [it]",
        ] {
            assert_eq!(listed(comment).1.as_deref(), Some("kept for [it]"), "{comment}");
        }
    }

    #[test]
    fn prose_and_commented_manifests_order_nothing() {
        for comment in
            ["#", "# about meshlint", "# meshlint: see the docs", "# meshlint:", "# name: x # meshlint: ignore[a]"]
        {
            assert_eq!(read(comment, 0, true), Directive::Prose, "{comment}");
        }
    }

    #[test]
    fn what_is_no_list_is_told() {
        fn fault(comment: &str) -> (&str, Fault, String) {
            match read(comment, 0, true) {
                Directive::Malformed { span, fault, meant } => {
                    (&comment[span.start as usize..span.end as usize], fault, meant.unwrap_or_default())
                }
                other => panic!("{comment}: {other:?}"),
            }
        }
        assert_eq!(fault("# meshlint: ignore").1, Fault::Blanket);
        assert_eq!(fault("# meshlint: ignore kept for the drill"), ("ignore", Fault::Blanket, String::new()));
        assert_eq!(fault("# meshlint: ignore[*] x"), ("ignore[*]", Fault::Blanket, String::new()));
        assert_eq!(fault("# meshlint: ignore-file[]"), ("ignore-file[]", Fault::Blanket, String::new()));
        assert_eq!(fault("# meshlint: ignore[syntax"), ("ignore[syntax", Fault::Brackets, String::new()));
        let bare = fault("# meshlint: ignore shadowed-route, it is fine");
        assert_eq!(bare, ("ignore shadowed-route", Fault::Brackets, "ignore[shadowed-route]".into()));
        assert_eq!(fault("# meshlint: ingore[syntax]"), ("ingore", Fault::Word, "ignore".into()));
        assert_eq!(fault("# meshlint: disable-next-line syntax").1, Fault::Word);
        assert_eq!(fault("# meshlint: silence[syntax]"), ("silence", Fault::Word, String::new()));
    }
}
