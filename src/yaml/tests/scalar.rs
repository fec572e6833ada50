//! Scalars for their readers.

use super::{at, sound};
use crate::yaml::{Profile, Value, resolve};

fn value(text: &str, profile: Profile) -> String {
    let text = format!("a: {text}\n");
    let document = sound(&text);
    format!("{:?}", resolve(&document, at(&document, &["a"]), profile))
}

#[test]
fn kubernetes_reads_as_go_yaml_does() {
    let table = [
        ("y n", "Str(\"y n\")"),
        ("014", "Int(12)"),
        ("0o14", "Int(12)"),
        ("0x1F", "Int(31)"),
        ("-0x10", "Int(-16)"),
        ("0b101", "Int(5)"),
        ("-0b11", "Int(-3)"),
        ("08", "Float(8.0)"),
        ("0", "Int(0)"),
        ("-0", "Int(0)"),
        ("+12", "Int(12)"),
        ("1_000", "Int(1000)"),
        ("0x", "Str(\"0x\")"),
        ("0xg", "Str(\"0xg\")"),
        ("--1", "Str(\"--1\")"),
        ("+", "Str(\"+\")"),
        (".5", "Float(0.5)"),
        ("5.", "Float(5.0)"),
        ("-.5", "Float(-0.5)"),
        ("1e3", "Float(1000.0)"),
        ("1.5E-1", "Float(0.15)"),
        ("1e999", "Str(\"1e999\")"),
        (".", "Str(\".\")"),
        ("1.2.3", "Str(\"1.2.3\")"),
        (".inf", "Float(inf)"),
        ("-.INF", "Float(-inf)"),
        (".nan", "Float(NaN)"),
        ("inf", "Str(\"inf\")"),
        ("nan", "Str(\"nan\")"),
        ("9223372036854775807", "Int(9223372036854775807)"),
        ("9223372036854775808", "Float(9.223372036854776e18)"),
        ("-9223372036854775808", "Int(-9223372036854775808)"),
        ("0xFFFFFFFFFFFFFFFF", "Float(1.8446744073709552e19)"),
        ("1:30", "Str(\"1:30\")"),
        ("2001-12-14", "Str(\"2001-12-14\")"),
        ("~", "Null"),
        ("Null", "Null"),
        ("", "Null"),
        ("nULL", "Str(\"nULL\")"),
        ("\"\"", "Str(\"\")"),
        ("'12'", "Str(\"12\")"),
        ("\"true\"", "Str(\"true\")"),
        ("|\n  12", "Str(\"12\")"),
        ("!!str 12", "Str(\"12\")"),
        ("!!int \"12\"", "Int(12)"),
        ("!!int x", "Str(\"x\")"),
        ("!!float 1", "Float(1.0)"),
        ("!<tag:yaml.org,2002:bool> yes", "Bool(true)"),
        ("!Ref 12", "Str(\"12\")"),
        ("! 12", "Str(\"12\")"),
    ];
    for (text, expected) in table {
        let expected = if text == "|\n  12" { "Str(\"12\\n\")" } else { expected };
        assert_eq!(value(text, Profile::Kubernetes), expected, "{text}");
    }
    for (text, expected) in [
        ("y", true),
        ("Yes", true),
        ("ON", true),
        ("True", true),
        ("n", false),
        ("No", false),
        ("off", false),
        ("FALSE", false),
    ] {
        assert_eq!(value(text, Profile::Kubernetes), format!("Bool({expected})"), "{text}");
    }
    assert_eq!(value("yES", Profile::Kubernetes), "Str(\"yES\")");
}

#[test]
fn cloudformation_and_json_differ() {
    assert_eq!(value("yes", Profile::CloudFormation), "Bool(true)");
    assert_eq!(value("y", Profile::CloudFormation), "Str(\"y\")");
    assert_eq!(value("0o14", Profile::CloudFormation), "Str(\"0o14\")");
    assert_eq!(value("014", Profile::CloudFormation), "Int(12)");
    let table = [
        ("true", "Bool(true)"),
        ("True", "Str(\"True\")"),
        ("null", "Null"),
        ("~", "Str(\"~\")"),
        ("-1.5e+3", "Float(-1500.0)"),
        ("10", "Int(10)"),
        ("014", "Str(\"014\")"),
        ("1.", "Str(\"1.\")"),
        ("+1", "Str(\"+1\")"),
        ("1e", "Str(\"1e\")"),
        ("18446744073709551616", "Float(1.8446744073709552e19)"),
    ];
    for (text, expected) in table {
        assert_eq!(value(text, Profile::Json), expected, "{text}");
    }
}

#[test]
fn aliases_are_followed_and_collections_are_no_scalars() {
    let document = sound("a: &x 5\nb: *x\nc: [1]\n");
    assert_eq!(resolve(&document, at(&document, &["b"]), Profile::Kubernetes), Value::Int(5));
    assert_eq!(resolve(&document, at(&document, &["c"]), Profile::Kubernetes), Value::Null);
}
