//! Errors: where they point, what they say, and what is left of the tree.

use super::{at, check_spans, fault, read, sound};
use crate::yaml::{Kind, SyntaxErrorKind};

#[test]
fn errors_point_where_people_look() {
    let table = [
        ("a:\n\tb: 1\n", "\t", "tab"),
        ("a:\n  b: 1\n \t c: 2\n", "\t ", "tab"),
        ("a: {b: 1\n", "{", "this `{` is never closed"),
        ("a:\n  - [1, 2\n  - 3\n", "[", "this `[` is never closed"),
        ("a: [1, 2\nb: 3\n", "[", "not closed before the next key"),
        ("{\"a\": [1, 2}", "[", "this `[` is closed by a `}`"),
        ("a: \"x\n", "\"", "never closed"),
        ("a: 'x", "'", "never closed"),
        ("a: \"x\nb: 1\n", "\"", "goes on in a line that is not indented"),
        ("a: \"x\nb: \"1\"\n", "\"", "goes on"),
        ("a: \"it's\"\nb: 'x\nc: 1\n", "'", "goes on"),
        ("a: 'x' y\n", "y", "closing quote"),
        ("a: b: c\n", ":", "not allowed here"),
        ("a: b,\n  c:\n    d: e\n", "b,", "goes on in the next line"),
        ("a: b\nc\n", "c", "expected a `:`"),
        ("a:\n  b: 1\n c: 2\n", "c:", "indented like the keys"),
        ("a:\n  - b\n c: 1\n", "c:", "expected a key"),
        ("a: {b: 1} c\n", "c", "behind the value"),
        ("a: - b\n", "-", "a list cannot begin here"),
        ("a: ]\n", "]", "closes nothing"),
        ("a: \"\\q\"\n", "\\q", "no escape"),
        ("a: \"é \\n \\xg\"\n", "\\x", "needs 2 hexadecimal digits"),
        ("a: \"\\ud83d\\ude00 \\ud83d\"\n", "\\ud83d", "surrogate"),
        ("a: |x\n  b\n", "|x", "may follow"),
        ("[a]\n[b]\n", "[b]", "separate documents"),
        ("a: [b c: d]\n[", "[", ""),
        ("a: !x!y b\n", "", "handle"),
    ];
    for (text, place, message) in table {
        let (found, said) = fault(text);
        if !place.is_empty() {
            assert_eq!(found, place, "{text:?}: {said}");
        }
        assert!(said.contains(message), "{text:?}: {said}");
        assert!(!said.ends_with('.') && !said.contains("while "), "{said}");
    }
}

#[test]
fn a_stray_star_is_told_from_other_errors_and_does_not_end_reading() {
    let text = "name: *\nhost: \"*\"\nport: 1\n";
    let (document, errors) = read(text);
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].kind, SyntaxErrorKind::UnquotedStar);
    assert_eq!((errors[0].span.start, errors[0].span.end), (6, 7));
    assert_eq!(document.text(at(&document, &["name"])), "*");
    assert_eq!(document.text(at(&document, &["port"])), "1");

    let (document, errors) = read("host: *.example.com\nname: *other\n");
    let kinds: Vec<_> = errors.iter().map(|error| error.kind).collect();
    assert_eq!(kinds, [SyntaxErrorKind::UnquotedStar, SyntaxErrorKind::Other]);
    assert_eq!(errors[0].span.start, 6);
    assert!(errors[1].message.contains("`*other` has no anchor"), "{errors:?}");
    let value = document.entries(document.root().unwrap()).next().unwrap().value;
    assert_eq!((document.kind(value), document.target(value)), (Kind::Alias, None));
}

#[test]
fn stray_characters_are_all_reported() {
    let (document, errors) = read("a: @x\nb: `y`\nc: %z\nd: [*, &]\ne: 1\n");
    assert_eq!(errors.iter().map(|error| error.span.start).collect::<Vec<_>>(), [3, 9, 16, 23, 26]);
    assert_eq!(document.text(at(&document, &["b"])), "`y`");
    assert_eq!(document.text(at(&document, &["e"])), "1");
    let (_, errors) = read(&"- @\n".repeat(100));
    assert_eq!(errors.len(), 8, "what is no manifest at all is given up");
    let (_, errors) = read("a: x\u{1}y\nb: \u{0}\n");
    assert!(errors[0].message.contains("U+0001"), "{errors:?}");
}

#[test]
fn what_was_read_before_an_error_is_kept() {
    let text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  labels: {x: y, z\nspec:\n\tb: 1\n";
    let (document, errors) = read(text);
    assert_eq!(errors.len(), 1);
    assert_eq!(document.text(at(&document, &["kind"])), "Service");
    assert_eq!(document.text(at(&document, &["metadata", "name"])), "a");
    assert_eq!(document.text(at(&document, &["metadata", "labels", "x"])), "y");
    check_spans(&document);
    let (document, _) = read("a: 1\nb:\n  c: *x\n  d: \"\n");
    assert!(document.is_missing(at(&document, &["b", "d"])));
    check_spans(&document);
}

#[test]
fn nesting_has_a_limit() {
    let block: String = (0..10_000).map(|depth| format!("{}k:\n", " ".repeat(depth.min(400)))).collect();
    for text in ["[".repeat(1_000_000), "{\"a\":".repeat(100_000), "- ".repeat(10_000), block, "? ".repeat(10_000)] {
        let (document, errors) = read(&text);
        assert_eq!(errors.len(), 1, "{}", &text[..20]);
        assert_eq!(errors[0].kind, SyntaxErrorKind::TooDeep);
        assert!(errors[0].message.starts_with("nested deeper than 255 levels"), "{errors:?}");
        assert!(document.nodes().count() < 2_000);
    }
    let deep = format!("{}{}", "[".repeat(255), "]".repeat(255));
    sound(&deep);
    let mixed = format!("{}{}{}", "- ".repeat(200), "[".repeat(200), "]".repeat(200));
    assert!(fault(&mixed).1.starts_with("nested deeper"));
}
