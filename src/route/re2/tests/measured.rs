//! Lists of patterns with what RE2 does to them: `tests/data/re2-patterns.tsv` and `re2-matches.tsv`.

use super::super::compile;
use super::super::dfa::Dfa;

const PATTERNS: &str = include_str!("../../../../tests/data/re2-patterns.tsv");
const MATCHES: &str = include_str!("../../../../tests/data/re2-matches.tsv");

/// The lines of a list: three columns each.
fn rows(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    list.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (first, rest) = line.split_once('\t').unwrap();
        let (second, third) = rest.split_once('\t').unwrap();
        (first, second, third)
    })
}

#[test]
fn the_same_patterns_are_accepted_and_their_programs_are_as_large() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (pattern, utf8, bytes) in rows(PATTERNS) {
        count += 1;
        let compiled = compile(pattern);
        let size = compiled.as_ref().map_or("refused".to_owned(), |pattern| pattern.size.to_string());
        if size != utf8 {
            wrong.push(format!("{pattern}: {size} instead of {utf8}"));
        }
        if let Ok(compiled) = compiled {
            let size = compiled.size_bytes.map_or("refused".to_owned(), |size| size.to_string());
            if size != bytes {
                wrong.push(format!("{pattern}: {size} instead of {bytes} as bytes"));
            }
        }
    }
    assert!(count >= 500);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_texts_match() {
    let mut wrong = Vec::new();
    let mut decided = 0;
    let mut last: Option<(&str, Option<Dfa>)> = None;
    for (pattern, text, expected) in rows(MATCHES) {
        let text = text.replace("\\n", "\n");
        if last.as_ref().is_none_or(|(other, _)| *other != pattern) {
            let hir = compile(pattern).unwrap().hir.unwrap();
            last = Some((pattern, Dfa::new(&hir).ok()));
        }
        let Some((_, Some(dfa))) = &last else { continue };
        decided += 1;
        if dfa.matches(text.as_bytes()) != (expected == "yes") {
            wrong.push(format!("{pattern} on {text:?} should be {expected}"));
        }
    }
    assert!(decided >= 1000);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
