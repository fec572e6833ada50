//! Places by names.

use super::super::locus;
use super::sound;
use crate::source::Span;

fn at(text: &str, what: &str) -> (String, String) {
    let start = u32::try_from(text.find(what).unwrap()).unwrap();
    let span = Span::new(start, start + u32::try_from(what.len()).unwrap());
    locus(&sound(text), span, None)
}

#[test]
fn items_bear_their_names() {
    let text = "spec:\n  routes:\n    - name: all\n    - match: {prefix: /a}\n      name: canary\n";
    assert_eq!(at(text, "/a"), ("/spec/routes/[canary]/match/prefix".into(), "/a".into()));
    assert_eq!(at(text, "routes"), ("/spec/routes".into(), String::new()));
    let text = "backends:\n  - virtualService: {virtualServiceRef: {name: a/b}}\n  - virtualService: {}\nlisteners: \
                [{portMapping: {port: 80, protocol: http}}]\n";
    assert_eq!(at(text, "a/b").0, "/backends/[a~1b]/virtualService/virtualServiceRef/name");
    assert_eq!(at(text, "{}").0, "/backends/1/virtualService");
    assert_eq!(at(text, "http"), ("/listeners/[80]/portMapping/protocol".into(), "http".into()));
    assert_eq!(at("[a, 'b c']", "'b c'"), ("/[b c]".into(), "b c".into()));
}

#[test]
fn what_stands_around_the_object_does_not_count() {
    let text = "items:\n  - kind: A\n    metadata: {name: x}\n";
    let start = u32::try_from(text.find("kind").unwrap()).unwrap();
    let end = u32::try_from(text.trim_end().len()).unwrap();
    let name = u32::try_from(text.find('x').unwrap()).unwrap();
    let found = locus(&sound(text), Span::new(name, name + 1), Some(Span::new(start, end)));
    assert_eq!(found, ("/metadata/name".to_owned(), "x".to_owned()));
}
