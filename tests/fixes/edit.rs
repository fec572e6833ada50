//! Edits: what changes, and that nothing else does.

use meshlint::source::Span;
use meshlint::yaml::{Editor, Options, Replacement, parse, split};

/// The text after an edit at the first occurrence of a word; none if the edit is refused.
fn edited(text: &str, word: &str, edit: impl Fn(&Editor<'_, '_>, Span) -> Option<Replacement>) -> Option<String> {
    let at = text.find(word).unwrap();
    let chunks = split(text);
    let chunk = chunks.iter().find(|chunk| (chunk.span.start..chunk.span.end).contains(&u32::try_from(at).unwrap()));
    let (document, errors) = parse(text, *chunk.unwrap(), &Options::default());
    assert!(errors.is_empty(), "{errors:?}");
    // A colon only tells keys from values.
    let length = word.trim_end_matches(':').len();
    let span = Span::new(u32::try_from(at).unwrap(), u32::try_from(at + length).unwrap());
    let Replacement { span, text: new } = edit(&Editor::new(&document), span)?;
    let mut out = text.to_owned();
    out.replace_range(span.start as usize..span.end as usize, &new);
    let (_, errors) = parse(&out, split(&out)[0], &Options::default());
    assert!(errors.is_empty(), "{out:?}: {errors:?}");
    Some(out)
}

#[track_caller]
fn says(text: &str, word: &str, new: &str, wanted: &str) {
    assert_eq!(edited(text, word, |editor, span| editor.say(span, new)).as_deref(), Some(wanted), "{text:?}");
}

#[track_caller]
fn loses(text: &str, word: &str, wanted: impl Into<Option<&'static str>>) {
    let entry = edited(text, word, |editor, span| editor.remove_entry(span));
    assert_eq!(entry.as_deref(), wanted.into(), "{text:?}");
}

#[track_caller]
fn loses_item(text: &str, word: &str, wanted: impl Into<Option<&'static str>>) {
    let item = edited(text, word, |editor, span| editor.remove_item(span));
    assert_eq!(item.as_deref(), wanted.into(), "{text:?}");
}

#[track_caller]
fn gets(text: &str, word: &str, keys: &[&str], wanted: impl Into<Option<&'static str>>) {
    let longer = edited(text, word, |editor, span| editor.insert(span, keys, "v"));
    assert_eq!(longer.as_deref(), wanted.into(), "{text:?}");
}

#[test]
fn quotes_stay() {
    says("a: b # c\n", "b", "x", "a: x # c\n");
    says("a: 'b'\n", "'b'", "it's", "a: 'it''s'\n");
    says("{\"a\": \"b\"}", "\"b\"", "x\"y", "{\"a\": \"x\\\"y\"}");
    says("a: b\n", "b", "true", "a: \"true\"\n");
    says("a: b\n", "b", "12", "a: \"12\"\n");
    says("a: b\n", "b", "*.shop", "a: \"*.shop\"\n");
    says("a: b\n", "b", "/x: y", "a: \"/x: y\"\n");
    says("a: [b, c]\n", "b", "/x,y", "a: [\"/x,y\", c]\n");
    says("a: &n b\nc: *n\n", "b", "x", "a: &n x\nc: *n\n");
    says("a: |\n  b\nc: d\n", "|\n  b", "x", "a: x\nc: d\n");
    says("'a': b\n", "'a'", "c", "'c': b\n");
}

#[test]
fn a_key_is_not_written_twice() {
    assert_eq!(edited("A: 1\na: 2\n", "A", |editor, span| editor.say(span, "a")), None);
    assert_eq!(edited("ab: 1\n", "b", |editor, span| editor.say(span, "a")), None, "half a key");
    assert_eq!(edited("a: {b: 1}\n", "{b: 1}", |editor, span| editor.say(span, "a")), None, "no scalar");
}

#[test]
fn entries_go_with_their_lines() {
    loses("a: 1\n# about b\n# and more\nb: 2 # two\nc: 3\n", "b:", "a: 1\nc: 3\n");
    loses("a: 1\r\nb:\r\n  c: 2\r\n  d: 3\r\ne: 4\r\n", "b:", "a: 1\r\ne: 4\r\n");
    loses("a: 1\nb: 2", "b:", "a: 1");
    loses("a: 1\r\nb: 2", "b:", "a: 1");
    loses("a: 1\n  # of a\nb: 2\n", "b:", "a: 1\n  # of a\n");
    loses("a: |\n  text\n  # text\nb: 2\n", "b:", "a: |\n  text\n  # text\n");
    loses("a:\n  - b: 1 # one\n    # about c\n    c: 2\n", "b:", "a:\n  - # about c\n    c: 2\n");
    loses("a:\n  - b: 1\n    c: 2\n", "b:", "a:\n  - c: 2\n");
    loses("a:\n  - b: 1\n    c: 2\n", "c:", "a:\n  - b: 1\n");
    loses("a:\n  b: 1\nc: 2\n", "b:", "a: {}\nc: 2\n");
    loses("a:\n  # why:\n  b: 1\nc: 2\n", "b:", "a:\n  # why:\n  {}\nc: 2\n");
    loses("a:\n  # why\n  b: 1\nc: 2\n", "b:", "a:\n  # why\n  {}\nc: 2\n");
    loses("a:\n  - b: 1\n", "b:", "a:\n  - {}\n");
    loses("a: 1\nb: >-\n  long\n  text\n\nc: 3\n", "b:", "a: 1\n\nc: 3\n");
    loses("a: 1\n---\nb: 1\nc: 2\n", "c:", "a: 1\n---\nb: 1\n");
}

#[test]
fn entries_leave_brackets() {
    loses("a: {b: 1, c: 2, d: 3}\n", "b:", "a: {c: 2, d: 3}\n");
    loses("a: {b: 1, c: 2, d: 3}\n", "d:", "a: {b: 1, c: 2}\n");
    loses("a: { b: 1 }\n", "b:", "a: {}\n");
    loses("{\n  \"a\": 1,\n  \"b\": [2],\n  \"c\": 3\n}\n", "\"b\"", "{\n  \"a\": 1,\n  \"c\": 3\n}\n");
    loses("{\n  \"a\": 1,\n  \"b\": [2]\n}\n", "\"b\"", "{\n  \"a\": 1\n}\n");
    loses("{\n  a: 1, # one\n  b: 2\n}\n", "a:", None);
    loses_item("a: [b, {c: 1}, d]\n", "c", "a: [b, d]\n");
}

#[test]
fn items_go_with_their_lines() {
    loses_item("a:\n- b\n# about c\n- c: 1\n  d: 2\n- e\n", "d:", "a:\n- b\n- e\n");
    loses_item("a:\n  - bb\nc: d\n", "bb", "a: []\nc: d\n");
    loses_item("a:\n  - b\n  - - cc\n    - d\n", "cc", "a:\n  - b\n  - - d\n");
    loses_item("a:\n  - &n bb\n  - c\n  - *n\n", "bb", None);
    loses_item("a:\n  - b\n  - !Ref cc\n", "cc", "a:\n  - b\n");
}

#[test]
fn entries_are_added_like_their_siblings() {
    gets("a:\n  b: 1 # one\nc: 2\n", "b:", &["k"], "a:\n  b: 1 # one\n  k: v\nc: 2\n");
    gets("a:\r\n  b: 1", "b:", &["k"], "a:\r\n  b: 1\r\n  k: v");
    gets(
        "a:\n  - b: 1\n    c:\n      - d\n  - e: 1\n",
        "b:",
        &["k", "l"],
        "a:\n  - b: 1\n    c:\n      - d\n    k:\n      l: v\n  - e: 1\n",
    );
    gets("a: {b: 1}\n", "b:", &["k", "l"], "a: {b: 1, k: {l: v}}\n");
    gets("{\n  \"b\": [\n    1\n  ]\n}\n", "\"b\"", &["k"], "{\n  \"b\": [\n    1\n  ],\n  \"k\": \"v\"\n}\n");
    gets("a: 1\nk: 2\n", "a:", &["k"], None);
    gets("a: |+\n  text\n\n", "a:", &["k"], None);
    gets("a: |\n  text\n\nb: 1\n", "b:", &["k"], "a: |\n  text\n\nb: 1\nk: v\n");
    gets("a:\n  b:\n", "b", &["k"], "a:\n  b:\n  k: v\n");
}

#[test]
fn what_aliases_repeat_is_shared() {
    let text = "a: &n\n  b: 1\nc: *n\nd: 2\n";
    let (document, _) = parse(text, split(text)[0], &Options::default());
    let editor = Editor::new(&document);
    let at = |word: &str| {
        let at = u32::try_from(text.find(word).unwrap()).unwrap();
        Span::new(at, at + 1)
    };
    assert!(editor.is_shared(at("b")));
    assert!(!editor.is_shared(at("d")) && !editor.is_shared(at("a")));
}
