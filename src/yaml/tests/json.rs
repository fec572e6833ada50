//! JSON by the letter.

use super::{read, sound};
use crate::yaml::json_problems;

fn problems(text: &str) -> Vec<(&str, String)> {
    let (document, _) = read(text);
    let place = |span: crate::source::Span| &text[span.start as usize..span.end as usize];
    json_problems(&document).into_iter().map(|problem| (place(problem.span), problem.message)).collect()
}

#[test]
fn json_has_no_problem() {
    for text in [
        "{\"a\": [1, -2.5e3, true, false, null, \"x\\u00e9\\n\"], \"b\": {}, \"c\": []}\n",
        "{\"port\": ${PORT}, \"host\": $HOST, \"name\": {{NAME}}, \"n\": {{ N }}}",
        "\"text\"",
        "{\n\t\"a\": 1\n}",
    ] {
        assert_eq!(problems(text), [], "{text}");
    }
}

#[test]
fn what_only_yaml_allows_is_found_at_its_place() {
    let text = "{a: 'b', \"c\": yes, \"d\": [1,], # why\n \"e\": , \"f\": \"\\x41\", \"g\": [h: 1], \"i\": &j \"k\", \"l\": !m 1, true: 1,}";
    let found: Vec<_> = problems(text).into_iter().map(|(place, _)| place).collect();
    assert_eq!(found, ["a", "'b'", "yes", ",", "# why", "", "\\", "h", "h: 1", "&j", "!m", "true", ","]);
    assert_eq!(problems("{\"a\": \"b\n c\"}")[0].0, "\n");
    assert_eq!(problems("{\"a\": &x 1, \"b\": *x}").last().unwrap().0, "*x");
}

#[test]
fn block_style_is_one_problem() {
    assert_eq!(problems("a: 1\nb: 'x'\n").len(), 1);
    assert_eq!(problems("a: 1\nb: 'x'\n")[0].0, "a");
}

#[test]
fn surrogate_pairs_are_read() {
    let text = "{\"a\": \"\\ud83d\\ude00\"}";
    let document = sound(text);
    let root = document.root().unwrap();
    assert_eq!(document.text(document.get(root, "a").unwrap()), "😀");
    assert_eq!(problems(text), []);
}
