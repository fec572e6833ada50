//! Texts that end anywhere, and texts that mean harm.

use std::time::{Duration, Instant};

use super::{Options, check_spans, cut, parse, sound};
use crate::yaml::{Profile, digest, duplicate_keys, json_problems, looks_like_template, split};

/// Everything that can be asked of a text, so that none of it panics.
fn exercise(text: &str) {
    let _ = looks_like_template(text);
    for chunk in split(text) {
        let (document, errors) = parse(text, chunk, &Options { comments: true });
        for error in &errors {
            assert!(chunk.span.contains(error.span), "{text:?}: {error:?}");
            assert!(text.get(error.span.start as usize..error.span.end as usize).is_some(), "{text:?}: {error:?}");
        }
        if errors.is_empty() {
            check_spans(&document);
        }
        let _ = duplicate_keys(&document);
        let _ = json_problems(&document);
        if let Some(root) = document.root() {
            let _ = digest(&document, root, Profile::Kubernetes);
            let _ = document.merged(root);
            let _ = document.pointer(errors.first().map_or(chunk.span, |error| error.span));
        }
    }
}

pub(super) const SAMPLES: &[&str] = &[
    "apiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualNode\nmetadata:\n  name: a\nspec:\n  listeners:\n    - portMapping: {port: 80, protocol: http}\n",
    "{\"spec\": {\"a\": [1, \"\\ud83d\\ude00\", {\"b\": null}]}}\n",
    "a: |\n  b\n\n  c\nd: >-\n  e\n---\nf: |2+\n   g\n\n",
    "a: &x {b: 1}\nc:\n  <<: [*x, *x]\nd: *x\n",
    "? a\n: b\n? - c\n: - d\n",
    "a: 'it''s\n  x'\nb: \"\\x41 \\\n  y\\n\"\n",
    "%YAML 1.1\n%TAG !e! tag:e,2000:\n---\na: !e!b c\n...\n# end\n",
    "a: !Sub ${X}\nb: !GetAtt [c, d]\ne: !If\n- f\n- g\n",
    "a: [${X}, {{Y}}-z]\nb: {{R}}/{{N}}:t\nc: ${A:-${B}}\n",
    "{{- if .Values.x }}\na: {{ .Values.y | quote }}\n{{- end }}\n",
    "a: *\nb: @c\nd: &\ne: *f.g\n",
    "é: ü # ö\n日本: [語, \"😀\"]\n\u{2028}: \u{85}\n",
    "- - - a\n    - b\n  -\n-\n",
    "a:\r\n  - b: c\r\n    d: |\r\n      e\r\n",
    "[a: b, {c, d: }, ? e : f, ]\n",
    "{\"a\": \"b\"}\n{\"c\": {}}{}\n",
    "a:\n\tb: 1\n  c: \"d\n  e: 'f\n",
    "a: \"\\q\\xzz\\ud83dx\\udfff\"\n",
    "!<tag:yaml.org,2002:str> a\n--- !!map {a: !!int \"3\"}\n",
    "a:\n  b: \"x\ny \\\nz\"\n  c: ['é\n\n w']\nd: 'v\n\nu'\n",
    "a: |0\n  b\nc: >x\n d: -\n  - [}\n",
];

#[test]
fn every_prefix_is_read() {
    for sample in SAMPLES {
        for end in (0..=sample.len()).filter(|end| sample.is_char_boundary(*end)) {
            exercise(&sample[..end]);
            exercise(&sample[end..]);
        }
    }
}

#[test]
fn every_text_without_one_character_is_read() {
    for sample in SAMPLES {
        for (at, sign) in sample.char_indices() {
            exercise(&format!("{}{}", &sample[..at], &sample[at + sign.len_utf8()..]));
            for odd in ["\t", "\0", "{", "*", "\u{feff}", "\n", "'"] {
                exercise(&format!("{}{odd}{}", &sample[..at], &sample[at..]));
            }
        }
    }
}

#[test]
fn an_alias_bomb_is_as_small_as_its_text() {
    let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, last) in "bcdefghi".chars().zip("abcdefgh".chars()) {
        text.push_str(&format!("{name}: &{name} [{}]\n", vec![format!("*{last}"); 9].join(", ")));
    }
    assert!(sound(&text).nodes().count() < 200);
}

#[test]
fn large_texts_take_linear_time() {
    let start = Instant::now();
    let big = "x".repeat(1 << 20);
    for text in [
        format!("a: {big}"),
        format!("a: \"{big}"),
        format!("{{\"a\": [{}1]}}", "1,".repeat(50_000)),
        format!("a: [{}", "{{X}}-y,".repeat(20_000)),
        "# c\n".repeat(50_000) + "a: 1",
        "a:\n".to_owned() + &"  # c\n".repeat(50_000) + "  b: 1",
        "- a:\n".repeat(20_000),
        "- |\n\n".repeat(20_000),
        "{".repeat(100_000) + &"}".repeat(100_000),
        "${".repeat(20_000),
        "{{".repeat(20_000),
        "{\"a\":".repeat(20_000) + "\n{",
        "'".repeat(50_001),
        "? ".repeat(200) + &"- ".repeat(50_000),
        "&a ".repeat(10_000),
        " ".repeat(1 << 20) + "a",
        "\n".repeat(1 << 20),
        "---\n".repeat(50_000),
        "*a: *b\n".repeat(20_000),
        format!("[{}]", "*a,".repeat(20_000)),
    ] {
        for chunk in cut(&text) {
            let (document, _) = parse(&text, chunk, &Options { comments: true });
            let _ = duplicate_keys(&document);
            let _ = json_problems(&document);
        }
        let _ = looks_like_template(&text);
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
