//! Spans, values and structure of trees.

use super::{Kind, Options, Style, at, check_spans, parse, read, sound};
use crate::yaml::{Chunk, Entry};

#[test]
fn a_subtree_counts_its_nodes_and_an_alias_as_one() {
    let document = sound("a: &a [1, {b: 2}]\nc: *a\n");
    assert_eq!(document.size(at(&document, &["a"])), 5);
    assert_eq!(document.root().map(|root| document.size(root)), Some(9));
}

#[test]
fn a_missing_value_stands_behind_its_sign() {
    let text = "a:\nb: ~\nc:   # none\n\nd: !Ref\ne: &x\nf:\n  -\n  - g\n  - \n";
    let document = sound(text);
    for (key, behind) in [("a", "a:"), ("c", "c:"), ("d", "d: !Ref"), ("e", "e: &x")] {
        let value = at(&document, &[key]);
        assert!(document.is_missing(value), "{key}");
        let end = text.find(behind).unwrap() + behind.len();
        assert_eq!(document.span(value).start as usize, end, "{key}");
        assert_eq!(document.text(value), "");
    }
    let tilde = at(&document, &["b"]);
    assert!(!document.is_missing(tilde));
    assert_eq!(document.text(tilde), "~");
    let items: Vec<_> = document.items(at(&document, &["f"])).map(|item| document.span(item).start).collect();
    let dash = |nth: usize| u32::try_from(text.match_indices("  -").nth(nth).unwrap().0 + 3).unwrap();
    assert_eq!((items[0], items[2]), (dash(0), dash(2)));
    check_spans(&document);
}

#[test]
fn missing_values_in_brackets_and_of_explicit_keys() {
    let document = sound("{a, b: , c: 1}");
    assert_eq!(document.span(at(&document, &["a"])).start, 2);
    assert_eq!(document.span(at(&document, &["b"])).start, 6);
    let document = sound("? a\n? b\n: c\n");
    assert!(document.is_missing(at(&document, &["a"])));
    assert_eq!(document.text(at(&document, &["b"])), "c");
    check_spans(&document);
}

#[test]
fn a_block_collection_ends_with_its_last_descendant() {
    let text = "a:\n  b: 1\n  c: 2   # two\n\n# about d\nd:\n- e\n- f: [g,\n    h]\n\n\n";
    let document = sound(text);
    assert_eq!(document.raw(at(&document, &["a"])), "b: 1\n  c: 2");
    assert_eq!(document.raw(at(&document, &["d"])), "e\n- f: [g,\n    h]");
    assert!(document.raw(document.root().unwrap()).ends_with("h]"));
    check_spans(&document);
}

#[test]
fn scalars_have_quotes_and_no_tag_or_anchor() {
    let text = "a: !!str \"x\\ty\"\nb: &name 'it''s'\nc: !Sub ${X}.local # why\n";
    let document = sound(text);
    let a = at(&document, &["a"]);
    assert_eq!((document.raw(a), document.text(a)), ("\"x\\ty\"", "x\ty"));
    assert_eq!(document.tag(a).map(|(tag, _)| tag), Some("!!str"));
    let b = at(&document, &["b"]);
    assert_eq!((document.raw(b), document.text(b)), ("'it''s'", "it's"));
    assert_eq!(document.anchor(b).map(|(name, _)| name), Some("name"));
    let c = at(&document, &["c"]);
    assert_eq!((document.raw(c), document.tag(c).map(|(tag, _)| tag)), ("${X}.local", Some("!Sub")));
    let (_, span) = document.tag(c).unwrap();
    assert_eq!(&text[span.start as usize..span.end as usize], "!Sub");
    assert_eq!(document.tag(b), None);
}

#[test]
fn block_text_runs_from_its_sign_to_its_last_line() {
    let text = "a: |  # | here\n  x  \n\n\n\"b | c\": !t &n >-\n\n   y\n   z\nd:\n- |+\n  e\n\n- |2-\n   f\n";
    let document = sound(text);
    let a = at(&document, &["a"]);
    assert_eq!((document.raw(a), document.text(a)), ("|  # | here\n  x  ", "x  \n"));
    let b = at(&document, &["b | c"]);
    assert_eq!((document.raw(b), document.text(b), document.style(b)), (">-\n\n   y\n   z", "\ny z", Style::Folded));
    let d: Vec<_> = document.items(at(&document, &["d"])).collect();
    assert_eq!((document.raw(d[0]), document.text(d[0])), ("|+\n  e", "e\n\n"));
    assert_eq!(document.text(d[1]), " f");
    check_spans(&document);
}

#[test]
fn spans_count_from_the_beginning_of_the_file_and_in_bytes() {
    let text = "é: ü\n---\n日本: 😀 # ツ\n";
    let chunks = crate::yaml::split(text);
    let (document, errors) = parse(text, chunks[1], &Options { comments: true });
    assert_eq!(errors, []);
    let value = at(&document, &["日本"]);
    assert_eq!(document.raw(value), "😀");
    let comment = document.comments[0].span;
    assert_eq!(&text[comment.start as usize..comment.end as usize], "# ツ");
    assert_eq!(document.span, chunks[1].span);
    check_spans(&document);
}

#[test]
fn comments_come_when_they_are_asked_for() {
    let text = "# one\na: 1 # two\n# three\n";
    let document = sound(text);
    let comments: Vec<_> =
        document.comments.iter().map(|at| &text[at.span.start as usize..at.span.end as usize]).collect();
    assert_eq!(comments, ["# one", "# two", "# three"]);
    let (document, _) = parse(text, crate::yaml::split(text)[0], &Options::default());
    assert_eq!(document.comments, []);
}

#[test]
fn a_page_of_comments_is_no_error() {
    let text = format!("a:\n{}  b: 1\n", "  # gone: 1\n".repeat(500));
    assert_eq!(sound(&text).comments.len(), 500);
}

#[test]
fn long_keys_are_allowed() {
    for text in [format!("{}: 1", "k".repeat(5_000)), format!("{{\"{}\": 1}}", "k".repeat(5_000))] {
        let document = sound(&text);
        assert_eq!(document.entries(document.root().unwrap()).count(), 1);
    }
}

#[test]
fn quoted_text_may_go_on_without_indentation() {
    // Strict YAML forbids it; the readers of manifests, which are of libyaml's descent, take it.
    let text = "a:\n  b: \"c\n  d  \n\n e\\n\nf\"\n  g: 'h\ni'\n  j: k\n";
    let document = sound(text);
    assert_eq!(document.text(at(&document, &["a", "b"])), "c d\ne\n f");
    assert_eq!(document.raw(at(&document, &["a", "g"])), "'h\ni'");
    assert_eq!(document.text(at(&document, &["a", "g"])), "h i");
    assert_eq!(document.text(at(&document, &["a", "j"])), "k");
    // A quote that is closed by the beginning of another text is not meant.
    let (document, errors) = read("a: 1\nb: \"x\nc: \"y\"\n");
    assert_eq!((errors.len(), errors[0].span.start), (1, 8));
    assert!(errors[0].message.contains("close the quote"), "{errors:?}");
    assert_eq!(document.text(at(&document, &["a"])), "1");
}

#[test]
fn a_value_that_is_its_text_is_not_copied() {
    let document = sound("a: b\nc: 'd'\ne: \"f\"\n");
    assert!(document.decoded.is_empty());
    assert_eq!(sound("a: \"\\n\"\nb: 'c''d'\n").decoded.len(), 2);
}

#[test]
fn aliases_and_merge_keys_stay_as_written() {
    let text =
        "base: &base {a: 1, b: 2}\nx:\n  <<: *base\n  b: 3\ny: *base\nz: &self [*self]\nq: {<<: [*base, {c: 4}]}\n";
    let document = sound(text);
    let x = at(&document, &["x"]);
    assert_eq!(document.entries(x).count(), 2);
    let text_of = |entry: Option<Entry>| entry.map(|entry| document.text(document.target(entry.value).unwrap()));
    assert_eq!(text_of(document.entry(x, "a")), Some("1"));
    assert_eq!(text_of(document.entry(x, "b")), Some("3"));
    assert_eq!(document.entry(x, "c"), None);
    assert_eq!(document.text(at(&document, &["q", "c"])), "4");
    assert_eq!(document.merged(x).len(), 2);
    assert_eq!(at(&document, &["y"]), at(&document, &["base"]));
    let myself = document.items(at(&document, &["z"])).next().unwrap();
    assert_eq!((document.kind(myself), document.target(myself)), (Kind::Alias, None));
    assert_eq!(document.raw(myself), "*self");
}

#[test]
fn an_anchor_means_its_last_definition() {
    let document = sound("a: &x 1\nb: &x 2\nc: *x\n");
    assert_eq!(document.text(at(&document, &["c"])), "2");
}

#[test]
fn merges_of_merges_are_bounded() {
    let mut text = String::from("a0: &a0 {k: v}\n");
    for level in 1..40 {
        let last = level - 1;
        text.push_str(&format!("a{level}: &a{level} {{<<: [*a{last}, *a{last}, *a{last}, *a{last}]}}\n"));
    }
    let document = sound(&text);
    assert_eq!(document.text(at(&document, &["a39", "k"])), "v");
    assert_eq!(document.merged(at(&document, &["a39"])).len(), 1);
}

#[test]
fn pairs_without_braces_end_with_their_value() {
    let document = sound("[a: b , {c: d} ]");
    let items: Vec<_> = document.items(document.root().unwrap()).map(|item| document.raw(item)).collect();
    assert_eq!(items, ["a: b", "{c: d}"]);
    check_spans(&document);
}

#[test]
fn documents_without_content_have_no_root() {
    for text in ["", "---\n", "# nothing\n"] {
        let chunk = Chunk { span: crate::source::Span::new(0, u32::try_from(text.len()).unwrap()) };
        let (document, errors) = parse(text, chunk, &Options::default());
        assert_eq!((document.root(), errors.len()), (None, 0), "{text:?}");
    }
}

#[test]
fn pointers_name_the_smallest_node() {
    let text = "spec:\n  a/b:\n  - x: 1\n  - y: 2\n";
    let document = sound(text);
    let two = u32::try_from(text.find('2').unwrap()).unwrap();
    assert_eq!(document.pointer(crate::source::Span::new(two, two + 1)), "/spec/a~1b/1/y");
}
