//! The automaton against a matcher that tries everything.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::ast::{Ast, Id, Op};
use super::super::dfa::Dfa;
use super::super::text::Encoding;
use super::super::{compile, parse};

/// All places where a match of a node that begins at a place can end.
fn ends(ast: &Ast, id: Id, text: &[char], start: usize) -> BTreeSet<usize> {
    let fold = ast.flags(id).fold;
    let is = |rune: u32, at: usize| {
        text.get(at).is_some_and(|&c| {
            u32::from(c) == rune || (fold && char::from_u32(rune).is_some_and(|rune| rune.eq_ignore_ascii_case(&c)))
        })
    };
    let word =
        |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_');
    let boundary = || word(start.checked_sub(1)) != word(Some(start));
    let only = |holds: bool| if holds { BTreeSet::from([start]) } else { BTreeSet::new() };
    let next = |holds: bool| if holds { BTreeSet::from([start + 1]) } else { BTreeSet::new() };
    let after = |starts: BTreeSet<usize>, sub: Id| -> BTreeSet<usize> {
        starts.into_iter().flat_map(|start| ends(ast, sub, text, start)).collect()
    };
    match ast.op(id) {
        Op::Never => BTreeSet::new(),
        Op::Empty => only(true),
        Op::Literal(rune) => next(is(*rune, start)),
        Op::Text(runes) => {
            let all = runes.iter().enumerate().all(|(at, &rune)| is(rune, start + at));
            if all { BTreeSet::from([start + runes.len()]) } else { BTreeSet::new() }
        }
        Op::Class(set) => next(text.get(start).is_some_and(|&c| set.contains(u32::from(c)))),
        Op::AnyChar => next(start < text.len()),
        Op::AnyByte => unreachable!("no pattern here has it"),
        Op::LineStart => only(start == 0 || text[start - 1] == '\n'),
        Op::LineEnd => only(start == text.len() || text[start] == '\n'),
        Op::TextStart => only(start == 0),
        Op::TextEnd { .. } => only(start == text.len()),
        Op::WordBoundary => only(boundary()),
        Op::NotWordBoundary => only(!boundary()),
        Op::Concat(subs) => subs.iter().fold(only(true), |starts, &sub| after(starts, sub)),
        Op::Alternate(subs) => subs.iter().flat_map(|&sub| ends(ast, sub, text, start)).collect(),
        Op::Capture(sub) => ends(ast, *sub, text, start),
        &Op::Quest(sub) => &only(true) | &ends(ast, sub, text, start),
        &Op::Star(sub) => closure(only(true), |starts| after(starts, sub)),
        &Op::Plus(sub) => closure(ends(ast, sub, text, start), |starts| after(starts, sub)),
        &Op::Repeat { sub, min, max } => {
            let required = (0..min).fold(only(true), |starts, _| after(starts, sub));
            match max {
                None => closure(required, |starts| after(starts, sub)),
                Some(max) => (min..max).fold(required, |starts, _| &starts | &after(starts.clone(), sub)),
            }
        }
    }
}

fn closure(mut all: BTreeSet<usize>, step: impl Fn(BTreeSet<usize>) -> BTreeSet<usize>) -> BTreeSet<usize> {
    loop {
        let more = &all | &step(all.clone());
        if more == all {
            return all;
        }
        all = more;
    }
}

fn pattern() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "a", "b", "ab", ".", "[ab]", "[^a]", "é", "^", "$", r"\b", r"\B", r"\z", "", r"\w", r"\n", "[K-b]", "k",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 24, 4, |inner| {
        let repeat = prop::sample::select(vec!["*", "+", "?", "*?", "{2}", "{0,2}", "{1,}", "{2,3}"]);
        let group = prop::sample::select(vec!["(", "(?:", "(?i:", "(?m:", "(?s:"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| parts.concat()),
            (group.clone(), prop::collection::vec(inner.clone(), 2..4))
                .prop_map(|(group, parts)| format!("{group}{})", parts.join("|"))),
            (group, inner, repeat).prop_map(|(group, inner, repeat)| format!("{group}{inner}){repeat}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_automaton_matches_what_the_tree_matches(
        pattern in pattern(),
        texts in prop::collection::vec(prop::collection::vec(prop::sample::select(vec!['a', 'b', 'é', 'K', '\n']), 0..6), 8),
    ) {
        let (ast, root) = parse::parse(&pattern, Encoding::Utf8).unwrap();
        let hir = compile(&pattern).unwrap().hir.unwrap();
        if let Ok(dfa) = Dfa::new(&hir) {
            for text in texts {
                let expected = ends(&ast, root, &text, 0).contains(&text.len());
                let text: String = text.into_iter().collect();
                prop_assert_eq!(dfa.matches(text.as_bytes()), expected, "{} on {:?}", pattern, text);
            }
        }
    }

    #[test]
    fn nothing_panics_and_errors_point_into_the_pattern(pattern in r"[()\[\]{}*+?|\\^$a1,:<>P=!iépQE-]{0,24}") {
        if let Err(error) = compile(&pattern) {
            prop_assert_eq!(pattern.get(error.span), Some(error.text.as_str()));
        }
    }

    #[test]
    fn every_match_begins_with_the_prefix(pattern in pattern(), text in "[abéK\n]{0,6}") {
        let pattern = compile(&pattern).unwrap();
        if let Ok(dfa) = Dfa::new(&pattern.hir.unwrap())
            && dfa.matches(text.as_bytes())
        {
            prop_assert!(text.as_bytes().starts_with(&pattern.literal_prefix));
            prop_assert!(!pattern.is_literal || text.as_bytes() == pattern.literal_prefix);
        }
    }
}
