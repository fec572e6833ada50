//! Manifests that somebody is in the middle of typing, or that were broken on the way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::random::Random;
use super::sample::{Sample, check, each, is_deep, samples};
use super::sound::sound;

/// No mutant is larger than a few kilobytes, so that even a busy machine reads it in a small part of this.
const LIMIT: Duration = Duration::from_secs(10);

/// What is put in place of a byte, or between two.
const SIGNS: &[&[u8]] = &[
    b"'",
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b"*",
    b"&",
    b"<<:",
    b"\t",
    b"\r",
    b"\0",
    b"\xff",
    b"#",
    b":",
    b"-",
    b"?",
    b"|",
    b">",
    b"!",
    b"%",
    b"@",
    b"`",
    b",",
    b"\n",
    b"\n---\n",
    b"...\n",
    b"${",
    b"{{",
    b"}}",
    b"\\",
    b"\x1b[31m",
    "é".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{feff}".as_bytes(),
    "\u{85}".as_bytes(),
    b"\xed\xa0\x80",
    b"~",
    b"/",
    b"0",
];

/// What is put in place of a value.
const VALUES: &[&str] = &[
    "${X}",
    "{{X}}",
    "<X>",
    "null",
    "[]",
    "{}",
    "9223372036854775808",
    "-1e400",
    "*alias",
    "*",
    "&a",
    "\"\"",
    "''",
    "!Ref X",
    "|",
    "- x",
    ".nan",
    "yes",
    "0x7fffffffffffffff",
    "[[[[[[]]]]]]",
    "{a: {b: {c: d}}}",
    "\"\\u0000\\u001b\"",
    "%X%",
    "$X",
    "? x",
    "'{{ .Values.x }}'",
    "/",
    "//",
    "~",
    "2001-01-01",
    "\"\u{202e}x\"",
];

fn judge(name: &str, what: &str, files: &[(&str, &[u8])]) {
    let start = Instant::now();
    let result = catch_unwind(AssertUnwindSafe(|| sound(&check(files))));
    let texts: Vec<_> = files.iter().map(|(_, text)| String::from_utf8_lossy(text)).collect();
    assert!(result.is_ok(), "{name}, {what}:\n{}", texts.join("\n=====\n"));
    assert!(start.elapsed() < LIMIT, "{name}, {what}: {:?}\n{}", start.elapsed(), texts.join("\n=====\n"));
}

#[test]
fn every_manifest_is_sound() {
    each(&samples(), |_, sample| judge(&sample.name, "as it is", &[(sample.file(), sample.text.as_bytes())]));
}

#[test]
fn texts_end_anywhere() {
    let limit = if is_deep() { 4096 } else { 150 };
    each(&samples(), |at, sample| {
        let text = sample.text.as_bytes();
        let mut random = Random::new(at as u64);
        // Every byte of a small file, and some of a large one.
        let ends: Vec<_> = if text.len() <= limit {
            (0..text.len()).collect()
        } else {
            (0..2).map(|_| random.below(text.len())).collect()
        };
        for end in ends {
            judge(&sample.name, &format!("cut at {end}"), &[(sample.file(), &text[..end])]);
        }
    });
}

#[test]
fn lines_go_astray() {
    mutate(2, |random, text| {
        let mut lines: Vec<Vec<u8>> = text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        for _ in 0..=random.below(2) {
            let (at, other) = (random.below(lines.len()), random.below(lines.len()));
            match random.below(5) {
                0 if lines.len() > 1 => drop(lines.remove(at)),
                1 => lines.swap(at, other),
                2 => lines.insert(other, lines[at].clone()),
                3 => {
                    let by = 1 + random.below(4);
                    lines[at].splice(0..0, std::iter::repeat_n(b' ', by));
                }
                _ => {
                    let indent = lines[at].iter().take_while(|byte| **byte == b' ').count();
                    let by = 1 + random.below(4);
                    lines[at].drain(..indent.min(by));
                }
            }
        }
        lines.concat()
    });
}

#[test]
fn bytes_go_astray() {
    mutate(3, |random, text| {
        let mut text = text.to_vec();
        for _ in 0..=random.below(3) {
            let at = random.below(text.len() + 1);
            let end = (at + random.below(2)).min(text.len());
            text.splice(at..end, random.pick(SIGNS).iter().copied());
        }
        text
    });
}

#[test]
fn values_are_not_what_they_were() {
    mutate(4, |random, text| {
        let text = String::from_utf8(text.to_vec()).unwrap();
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let mut valued: Vec<usize> = (0..lines.len()).filter(|at| value_at(&lines[*at]).is_some()).collect();
        random.shuffle(&mut valued);
        valued.truncate(1 + random.below(3));
        for at in valued {
            let from = value_at(&lines[at]).unwrap();
            lines[at].replace_range(from.., &format!(" {}\n", random.pick(VALUES)));
        }
        lines.concat().into_bytes()
    });
}

/// Where the value begins in a line `key: value` or `- value`, the blank before it included.
fn value_at(line: &str) -> Option<usize> {
    let is_comment = line.trim_start().starts_with('#');
    line.find(": ").map(|at| at + 1).or_else(|| line.find("- ").map(|at| at + 1)).filter(|_| !is_comment)
}

#[test]
fn files_run_into_one_another() {
    let all = samples();
    let rounds = if is_deep() { 50 } else { 1 };
    each(&all, |at, sample| {
        let mut random = Random::new(at as u64 ^ 0x5eed);
        for _ in 0..rounds {
            let other = random.pick(&all);
            let between = *random.pick(&["", "---\n", "...\n", "\r\n--- # x\r\n"]);
            let text = [&*sample.text, between, &*other.text].concat();
            let what = format!("{between:?} and {}", other.name);
            judge(&sample.name, &what, &[(sample.file(), text.as_bytes())]);
        }
    });
}

/// Judges some mutants of every manifest, the same ones every time.
fn mutate(seed: u64, change: impl Fn(&mut Random, &[u8]) -> Vec<u8> + Sync) {
    let rounds = if is_deep() { 200 } else { 2 };
    each(&samples(), |at, sample: &Sample| {
        let mut random = Random::new((seed << 32) | at as u64);
        for round in 0..rounds {
            let text = change(&mut random, sample.text.as_bytes());
            judge(&sample.name, &format!("mutant {round}"), &[(sample.file(), &text)]);
        }
    });
}
