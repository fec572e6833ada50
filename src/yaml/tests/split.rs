//! Streams and their documents.

use crate::yaml::split;

fn parts(text: &str) -> Vec<&str> {
    split(text).iter().map(|chunk| &text[chunk.span.start as usize..chunk.span.end as usize]).collect()
}

#[test]
fn a_stream_is_cut_at_its_markers() {
    assert_eq!(parts("a: 1\n---\nb: 2\n--- # c\nd: 3"), ["a: 1\n", "---\nb: 2\n", "--- # c\nd: 3"]);
    assert_eq!(parts("a: 1\r\n---\r\nb: 2\r\n"), ["a: 1\r\n", "---\r\nb: 2\r\n"]);
    assert_eq!(parts("--- {a: 1}\n---\tb\n--- |\n c\n"), ["--- {a: 1}\n", "---\tb\n", "--- |\n c\n"]);
    assert_eq!(parts("a: 1\n...\nb: 2\n...\n"), ["a: 1\n...\n", "b: 2\n...\n"]);
}

#[test]
fn what_only_looks_like_a_marker_is_none() {
    assert_eq!(parts("a: |\n  ---\n  x\n----\n---x\n ---\n....\n").len(), 1);
    assert_eq!(parts("a: '\n---\nb: 1").len(), 2, "a marker ends even quoted text");
}

#[test]
fn documents_without_content_are_left_out() {
    for text in ["", "\n\n", "# a comment\n", "---\n", "---", "--- # c\n...\n", "---\n---\n", "%YAML 1.2\n---\n"] {
        assert_eq!(parts(text), [""; 0], "{text:?}");
    }
    assert_eq!(parts("a: 1\n---\n"), ["a: 1\n"]);
    assert_eq!(parts("---\n\n---\na: 1\n---\n# end\n"), ["---\na: 1\n"]);
}

#[test]
fn what_stands_before_the_first_marker_belongs_to_it() {
    let text = "# licence\n\n---\na: 1\n";
    assert_eq!(parts(text), [text]);
    assert_eq!(super::sound(text).comments.len(), 1);
    let text = "%YAML 1.1\n%TAG !e! tag:example.com,2000:\n---\na: !e!x 1\n";
    assert_eq!(parts(text), [text]);
    super::sound(text);
    assert_eq!(parts("a: 1\n...\n# b\n%YAML 1.1\n---\nb: 2\n"), ["a: 1\n...\n", "# b\n%YAML 1.1\n---\nb: 2\n"]);
}

#[test]
fn json_values_in_a_row_are_documents() {
    assert_eq!(parts("{\"a\": \"}{\\\"\"}\n{\"b\": [{}]}{}\n"), ["{\"a\": \"}{\\\"\"}", "{\"b\": [{}]}", "{}"]);
    for one in
        ["{\"a\": {}}\n", "{\"a\": 1} # b\n", "{a: 1}\n{b: 2}\n", "{\"a\": \"\n}", "[1]\n[2]\n", "{{X}}\n{{Y}}\n"]
    {
        assert_eq!(parts(one), [one]);
    }
}
