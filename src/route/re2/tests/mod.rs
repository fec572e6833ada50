//! What RE2 does, construct by construct; against lists of what it was measured to do; and the automaton against a
//! matcher so simple that it is plainly right.

mod measured;
mod naive;

use super::dfa::Dfa;
use super::{ErrorKind, compile};

fn matches(pattern: &str, text: &str) -> bool {
    let pattern = compile(pattern).unwrap();
    Dfa::new(&pattern.hir.unwrap()).unwrap().matches(text.as_bytes())
}

#[track_caller]
fn refused(pattern: &str, kind: ErrorKind, text: &str) {
    let error = compile(pattern).unwrap_err();
    assert_eq!((error.kind, error.text.as_str()), (kind, text), "{pattern}");
    assert_eq!(&pattern[error.span], text, "{pattern}");
}

#[test]
fn perl_classes_are_ascii() {
    assert!(matches(r"\d\s\w", "1\t_"));
    assert!(!matches(r"\d", "٠"));
    assert!(!matches(r"\w", "é"));
    assert!(!matches(r"\s", "\u{b}"));
    assert!(matches(r"\D\S\W", "é\u{b}é"));
}

#[test]
fn word_boundaries_are_ascii() {
    assert!(matches(r"a\b/", "a/"));
    assert!(matches(r"a\bé", "aé"));
    assert!(!matches(r"a\bb", "ab"));
    assert!(matches(r"a\Bb", "ab"));
}

#[test]
fn bytes_make_a_language_unknown() {
    let pattern = compile(r"a\Cb").unwrap();
    assert!(pattern.hir.is_none());
    assert_eq!(pattern.size, 7);
}

#[test]
fn quoted_text_is_literal() {
    assert!(matches(r"\Qa.b*\E+", "a.b**"));
    assert!(matches(r"\Q(", "("));
    assert!(!matches(r"\Qa.b\E", "axb"));
}

#[test]
fn unicode_classes_and_their_negations() {
    assert!(matches(r"\pN\p{Greek}", "٠α"));
    assert!(matches(r"\PN\P{Greek}\p{^Greek}", "aaa"));
    assert!(!matches(r"\P{^Greek}", "a"));
    refused(r"\p{Foo}", ErrorKind::UnicodeName, r"\p{Foo}");
    refused(r"[\p{greek}]", ErrorKind::UnicodeName, r"\p{greek}");
    refused(r"\p{Greek", ErrorKind::UnicodeName, r"\p{");
}

#[test]
fn posix_classes() {
    assert!(matches("[[:alpha:]][[:^alpha:]]", "a1"));
    assert!(!matches("[[:alpha:]]", "é"));
    refused("[[:foo:]]", ErrorKind::ClassName, "[:foo:]");
}

#[test]
fn named_groups_in_both_spellings() {
    assert!(matches("(?P<n>a)(?<m>b)", "ab"));
    // A name may come twice: it is Go that refuses that.
    assert!(matches("(?P<n>a)(?P<n>b)", "ab"));
    refused("(?P<x y>a)", ErrorKind::GroupName, "(?P<x y>");
    refused("(?<>a)", ErrorKind::GroupName, "(?<>");
    refused("(?P=n)", ErrorKind::GroupSyntax, "(?P");
}

#[test]
fn ends_of_the_text() {
    assert!(matches(r"\Aa\z", "a"));
    assert!(matches("^a$", "a"));
    assert!(matches("(?m)a$\n^b", "a\nb"));
    assert!(!matches("a$\n^b", "a\nb"));
    refused(r"a\Z", ErrorKind::Escape, r"\Z");
}

#[test]
fn repetitions_are_not_repeated() {
    refused("ba**", ErrorKind::RepetitionOperator, "**");
    refused("a++", ErrorKind::RepetitionOperator, "++");
    refused("a*+", ErrorKind::RepetitionOperator, "*+");
    refused("a{2}{3}", ErrorKind::RepetitionOperator, "{2}{3}");
    refused("a|*", ErrorKind::RepetitionArgument, "*");
    assert!(matches("(?:a*)*a+?", "aaa"));
}

#[test]
fn counted_repetitions_end_at_a_thousand() {
    assert_eq!(compile("a{1000}").unwrap().size, 1004);
    refused("a{1001}", ErrorKind::RepetitionLimit, "{1001}");
    refused("a{2,1}", ErrorKind::RepetitionOrder, "{2,1}");
    refused("((a{100}){100}){100}", ErrorKind::RepetitionNesting, "{100}");
    refused("(?:a{2}){501}", ErrorKind::RepetitionNesting, "{501}");
}

#[test]
fn braces_that_count_nothing_are_literals() {
    for pattern in ["a{,3}", "a{", "{", "a{x}", "a{1", "a{01}", "}"] {
        assert!(matches(pattern, pattern), "{pattern}");
        assert!(compile(pattern).unwrap().is_literal, "{pattern}");
    }
}

#[test]
fn classes_have_no_operators() {
    assert!(matches("[a&&b]+", "a&b"));
    assert!(matches("[a~~b]+", "a~b"));
    assert!(matches("[[a]b]", "[b]"));
    assert!(matches("[a[b]+", "[ab"));
    assert!(matches("[]a]+", "]a"));
    refused("[a--c]", ErrorKind::RangeOrder, "a--");
    refused("x[z-a]", ErrorKind::RangeOrder, "z-a");
    refused("x[a", ErrorKind::MissingBracket, "[");
}

#[test]
fn digits_after_a_backslash() {
    refused(r"(a)\1", ErrorKind::BackReference, r"\1");
    assert!(matches(r"\123\0", "S\0"));
    refused(r"\x{110000}", ErrorKind::EscapeRange, r"\x{110000}");
    assert!(matches(r"\x{10FFFF}\x41", "\u{10FFFF}A"));
    refused(r"\xg0", ErrorKind::Escape, r"\xg");
}

#[test]
fn what_other_engines_have() {
    refused("/a(?=x)", ErrorKind::LookAround, "(?=");
    refused("(?<!x)", ErrorKind::LookAround, "(?<!");
    refused("(?>a)", ErrorKind::GroupSyntax, "(?>");
    refused("(?x)a", ErrorKind::GroupSyntax, "(?x");
    refused("(?R)", ErrorKind::GroupSyntax, "(?R");
    refused(r"\b{start}\Z", ErrorKind::Escape, r"\Z");
}

#[test]
fn groups_open_and_close() {
    refused("a(b(c)", ErrorKind::MissingParen, "(");
    assert_eq!(compile("a(b(c)").unwrap_err().span, 1..2);
    refused("é)", ErrorKind::UnexpectedParen, ")");
    refused("a\\", ErrorKind::TrailingBackslash, "\\");
}

#[test]
fn escaped_punctuation_is_itself() {
    assert!(matches(r"\/\-\_\%\:", "/-_%:"));
    refused(r"\q", ErrorKind::Escape, r"\q");
    refused(r"\é", ErrorKind::Escape, r"\é");
}

#[test]
fn flags() {
    assert!(matches("(?i)a(?-i)b", "Ab"));
    assert!(!matches("(?i)a(?-i)b", "AB"));
    assert!(matches("(?i:K)é", "\u{212a}é"));
    assert!(matches("(?i)É", "é"));
    assert!(!matches("a.b", "a\nb"));
    assert!(matches("(?s)a.b", "a\nb"));
    assert!(matches("(?Us-m:a.)", "a\n"));
}

#[test]
fn unicode_is_that_of_version_15() {
    // U+1C89 and the script Garay came with version 16.
    assert!(!matches(r"\p{Lu}", "\u{1c89}"));
    refused(r"\p{Garay}", ErrorKind::UnicodeName, r"\p{Garay}");
    assert!(matches(r"\p{Mn}", "\u{1171e}"));
    assert!(!matches(r"\p{Mc}", "\u{1171e}"));
}

#[test]
fn a_pattern_may_be_refused_as_bytes_only() {
    let pattern = compile(r"a\x{100}").unwrap();
    assert_eq!(pattern.size, 7);
    assert_eq!(pattern.size_bytes.unwrap_err().kind, ErrorKind::EscapeRange);
}

#[test]
fn prefixes() {
    let prefix = |pattern: &str| {
        let pattern = compile(pattern).unwrap();
        (String::from_utf8(pattern.literal_prefix).unwrap(), pattern.is_literal)
    };
    assert_eq!(prefix("^/a/(b)$"), ("/a/b".into(), true));
    assert_eq!(prefix("/a.*"), ("/a".into(), false));
    assert_eq!(prefix("/a+"), ("/a".into(), false));
    assert_eq!(prefix("/(?:ab){2,}"), ("/ab".into(), false));
    assert_eq!(prefix("/(?i)a"), ("/".into(), false));
    assert_eq!(prefix("/ab|/ac"), ("/a".into(), false));
    assert_eq!(prefix("a?"), (String::new(), false));
}

#[test]
fn hostile_patterns_end_soon() {
    let deep = |open: &str, close: &str, count: usize| open.repeat(count) + "a" + &close.repeat(count);
    assert!(compile(&deep("(", ")", 8_000)).unwrap().hir.is_none());
    assert!(compile(&deep("(?:", "|b)*", 400)).unwrap().hir.is_none());
    assert!(compile(&format!("{}x|{}y", ".".repeat(600), ".".repeat(600))).is_ok());
    assert!(compile(&r"\pL".repeat(600)).is_err_and(|error| error.kind == ErrorKind::TooLarge));
    assert!(compile(&"a".repeat(20_000)).is_err_and(|error| error.kind == ErrorKind::TooLong));
}

#[test]
fn automata_end_at_their_limits() {
    let small = compile("(a|b)*a(a|b){8}").unwrap().hir.unwrap();
    assert!(Dfa::new(&small).unwrap().memory() < super::dfa::DFA_LIMIT);
    let large = compile("(a|b)*a(a|b){20}").unwrap().hir.unwrap();
    assert!(Dfa::new(&large).is_err());
    let long = compile(r"\pL{300}").unwrap().hir.unwrap();
    assert!(Dfa::new(&long).is_err());
}
