//! The shortcut against the parser's events: the same tree on every byte, or nothing.
//!
//! `MESHLINT_MUTANTS` is the number of damaged manifests that are read both ways; `MESHLINT_CORPUS` names a
//! folder, whose manifests are read, and damaged too.

use std::fmt::Write;
use std::path::Path;

use proptest::prelude::*;

use super::differential::TRICKY;
use super::robust::SAMPLES;
use crate::yaml::{Options, parse::by_events, shortcut, split};

/// How many bytes there were, and how many of them the shortcut took.
#[derive(Default)]
struct Share {
    bytes: usize,
    taken: usize,
}

/// Reads a text both ways.
#[track_caller]
fn check(text: &str, share: &mut Share) {
    for chunk in split(text) {
        let length = (chunk.span.end - chunk.span.start) as usize;
        share.bytes += length;
        for comments in [false, true] {
            let Some(short) = shortcut::read(text, chunk.span, comments) else { break };
            let (long, errors) = by_events(text, chunk, Options { comments });
            assert_eq!(errors, [], "{text:?}");
            assert_eq!(short, long, "{text:?}");
            share.taken += if comments { 0 } else { length };
        }
    }
}

/// Whether the shortcut takes the only document of a text; where it does, the tree is the right one.
#[track_caller]
fn takes(text: &str) -> bool {
    let mut share = Share::default();
    check(text, &mut share);
    share.taken > 0
}

#[test]
fn the_usual_shapes_are_taken() {
    for text in [
        "a: 1\nb:\n  c: d\n",
        "# 1\na: # 2\n  # 3\n  b: c # 4\n  # 5\n# 6\nd: [e, f] # 7\n   # 8",
        "---\n# x\na: b\n",
        "# x\n\n--- # y\na: b",
        "a:\n- b\n- c\nd:\n- e: f\n  g: h\n",
        "a:\n    b:\n        - c\n        # d\n    # e\n    f: g\n# h\n",
        "- - a\n  - b\n- - - c\n-\n  - d\n-\n  e: f\n-\n- g",
        "a:\n  -\n  - b\n  - \nc:\nd:   # none\n\ne:\n",
        "a: 'it''s'\nb: \"\\x41\\u00e9\\t\\\\\\\"\\/ \\n\"\nc: \"d\"\n'e': \"f: #g\"\n",
        "a: {b: [c, {d: e}], \"f\":g, 'h': 1}\ni: {}\nj: [ ]\nk: [http://a:80/b, x y , -1]\n",
        "{\"a\": [1, 2.5, -3e2, true, null], \"b\": {\"c\": \"\\u00e9\"}}\n",
        "a: |\n  x\n\n   y  \n\nb: |-\n  x\n\nc: |+\n  x\n\nd: >\n  x\n  y\n\n  z\n\n\n  w\ne: >-\n  x\n\nf: >+\n  x\n\n",
        "- |\n  x\n- >  # y\n\n  y\n  # z\n\n# w\n- z\n",
        "a: !Ref b\nc: !GetAtt d.e\nf: !Join ['', [a, b]]\ng: !If\n  - x\n  - y\nh: !Sub |\n  z\ni: !Y\n- j\nk: !!map\n  l: m\n- n: 1\n"
            .trim_end_matches("- n: 1\n"),
        "a: x{y}#z ${W} {{V}}\nb: c:d\ne: -f\ng: h, i]\n<<: j\n",
        "é: ü # ö\n日本: 語\nk: [ä, \"😀\"]\nl\u{a0}: x\u{a0}y\n",
        "  a: b\n  c:\n   d: e\n",
        "a:\n  b\nc:\n  'd'\ne:\n  [f]\ng:\n    \"h\" # i\n",
        "a: 1\na: 2\n",
        "a: one\n  two  \n\n  three # x\nb:\n   c d\n   e\n- f\n".trim_end_matches("- f\n"),
        "a: 'one\n  it''s\n\n\n  three '\nb: \" one  \n  \\t two \"\nc:\n- d\n  e\n- 'f\n  g'\n",
    ] {
        assert!(takes(text), "{text:?}");
    }
}

#[test]
fn whatever_is_odd_is_left_to_the_parser() {
    for text in [
        "a:\tb\n",
        "a: b\r\nc: d\r\n",
        "\u{feff}a: b\n",
        "a: \0\n",
        "a: b\u{2028}c\n",
        "a: \u{85}b\n",
        "a: &x 1\nb: *x\n",
        "? a\n: b\n",
        "a: b: c\n",
        "a: b\n  c: d\n",
        "a: b\n  # c\n  d\n",
        "a: b # c\n  d\n",
        "a:\n  'b\nc'\n",
        "'a\n b': c\n",
        "a: \"b\\\n  c\"\n",
        "a: [b,\n  c]\n",
        "a: - b\n",
        "a: b\n c: d\n",
        "a:\n  b: c\n d: e\n",
        "a:\n  - b\n c: d\n",
        "a\n",
        "--- a\n",
        "--- |\n  a\n",
        "a: 1\n...\n",
        "%YAML 1.2\n---\na: b\n",
        "a: |2-\n   b\n",
        "a: |\n  b",
        "a: |\nb: c\n",
        "a: |x\n  b\n",
        "a: @b\n",
        "a: \"\\q\"\n",
        "a: \"\\ud83d\\ude00\"\n",
        "a: 'b' c\n",
        "a: 'b'#c\n",
        "a : b\n",
        "a: {b}\n",
        "a: [b: c]\n",
        "a: [b, ]\n",
        "a: {{X}}\n",
        "a: [b\n",
        "{a: b}: c\n",
        "!x a: b\n",
        "a: !x\n",
        "a: !x!y b\n",
        "a: !<x> b\n",
        "a: b\nc\n",
        ": a\n",
    ] {
        assert!(!takes(text), "{text:?}");
    }
    let deep: String = (0..300).map(|depth| format!("{}k:\n", " ".repeat(depth))).collect();
    assert!(!takes(&deep) && !takes(&format!("a: {}{}\n", "[".repeat(200), "]".repeat(200))));
}

#[test]
fn every_prefix_and_every_lost_or_odd_character_is_read_alike() {
    let mut share = Share::default();
    for sample in SAMPLES.iter().chain(TRICKY) {
        for (at, sign) in sample.char_indices() {
            let (before, after) = (&sample[..at], &sample[at + sign.len_utf8()..]);
            check(before, &mut share);
            check(&sample[at..], &mut share);
            check(&format!("{before}{after}"), &mut share);
            for odd in
                [" ", "\n", ":", "-", "#", "'", "\"", "|", ">", "!", "[", "}", ",", "?", "*", "\t", "%", "\u{2028}"]
            {
                check(&format!("{before}{odd}{}", &sample[at..]), &mut share);
            }
        }
    }
    assert!(share.taken > share.bytes / 10, "the shortcut takes part in this");
}

/// A mapping as people write it, in one of the styles that they use.
fn manifest() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "name",
        "x-y_z.1",
        "80",
        "true",
        "~",
        "/p/a:t?h#q",
        "é",
        "${X}",
        "\"q\"",
        "'s s'",
        "\"\\\"\\n\"",
        "''",
        "x  y",
        "a, b",
        "[a, b]",
        "{}",
        "[]",
        "{a: 1, \"b\": [c]}",
        "-1",
        "x # c",
        "",
        "  # c",
        "|\n",
        "!Ref x",
        "<<",
    ]);
    let key = prop::sample::select(vec!["a", "b-c", "\"k\"", "'k'", "k k", "k ", "<<", "é"]);
    let item = (0_u8..9, key, word);
    (prop::collection::vec((item, 0_usize..4), 1..14), 1_usize..5, any::<bool>()).prop_map(|(items, step, marker)| {
        let mut out = String::from(if marker { "---\n" } else { "" });
        for ((shape, key, word), depth) in items {
            let indent = " ".repeat(depth * step);
            match shape {
                0..=2 => writeln!(out, "{indent}{key}: {word}"),
                3 => writeln!(out, "{indent}{key}:"),
                4 => writeln!(out, "{indent}- {key}: {word}\n{indent}  x: y"),
                5 => writeln!(out, "{indent}- {word}"),
                6 => writeln!(out, "{indent}{key}: |-\n{indent}  {word}\n\n{indent}  {word}\n"),
                7 => writeln!(out, "{indent}{key}: >\n{indent} {word}\n{indent} {word}"),
                _ => writeln!(out, "{indent}# {word}\n"),
            }
            .unwrap();
        }
        out
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn manifests_of_all_shapes_are_read_alike(text in manifest()) {
        check(&text, &mut Share::default());
    }
}

/// splitmix64: the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap()
    }
}

/// A text with a few accidents.
fn damaged(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    for _ in 0..=dice.throw(2) {
        if lines.is_empty() {
            break;
        }
        let at = dice.throw(lines.len());
        match dice.throw(10) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            2 => lines[at].insert_str(0, &" ".repeat(dice.throw(4))),
            3 if lines[at].starts_with(' ') => drop(lines[at].remove(0)),
            4 => {
                let other = dice.throw(lines.len());
                lines.swap(at, other);
            }
            5 => lines.truncate(at + 1),
            _ => {
                let signs = [
                    " ", "\n", ":", ": ", "- ", " #", "#", "'", "\"", "\\", "|", ">", "|-\n", "!", "!a ", "[", "]",
                    "{", "}", ", ", "?", "&", "*", "\t", "\r", "%", "@", "~", "---\n", "...\n", "é", "\u{85}",
                    "\u{feff}", "\0", "0", "a", "\n\n", "  ", "-", ".", "<<", "+", "\n ", "\n  ", "# a\n",
                ];
                let line = &mut lines[at];
                let place = dice.throw(line.len() + 1);
                let place = (0..=place).rev().find(|place| line.is_char_boundary(*place)).unwrap();
                if dice.throw(2) == 0 && place < line.len() {
                    line.remove(place);
                }
                line.insert_str(place, signs[dice.throw(signs.len())]);
            }
        }
    }
    lines.concat()
}

fn manifests(folder: &Path, out: &mut Vec<String>) {
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            manifests(&path, out);
        } else if path.extension().is_some_and(|end| matches!(end.to_str(), Some("yaml" | "yml" | "json" | "tpl"))) {
            out.extend(std::fs::read_to_string(path));
        }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "for those who ask for it: `--nocapture`")]
fn damaged_manifests_are_read_alike() {
    let wanted = std::env::var("MESHLINT_MUTANTS").ok().and_then(|count| count.parse().ok());
    let mut texts = Vec::new();
    manifests(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), &mut texts);
    texts.extend(TRICKY.iter().chain(SAMPLES).map(|text| (*text).to_owned()));
    if let Some(corpus) = std::env::var_os("MESHLINT_CORPUS") {
        manifests(Path::new(&corpus), &mut texts);
    }
    let mut whole = Share::default();
    texts.iter().for_each(|text| check(text, &mut whole));
    // Accidents are looked for in one document at a time, as far as it is not too long for many rounds.
    let documents = |text: &String| {
        split(text)
            .into_iter()
            .map(|chunk| text[chunk.span.start as usize..chunk.span.end as usize].to_owned())
            .collect::<Vec<_>>()
    };
    texts = texts.iter().flat_map(documents).filter(|text| text.len() < 8_000).collect();
    let mut share = Share::default();
    let mut dice = Dice(7);
    for _ in 0..wanted.unwrap_or(3_000) {
        let text = damaged(&texts[dice.throw(texts.len())], &mut dice);
        check(&text, &mut share);
    }
    assert!(whole.taken > whole.bytes / 8 && share.taken > share.bytes / 10, "the shortcut takes part in this");
    println!("{} of {} bytes as they are, {} of {} bytes damaged", whole.taken, whole.bytes, share.taken, share.bytes);
}
