//! Placeholders that are not filled in yet.

use super::{at, check_spans, fault, read, sound};
use crate::yaml::{looks_like_template, open_blocks};

#[test]
fn placeholders_are_read_as_text() {
    let text = "a: {{R}}/{{N}}:tag\nb: {{NAME}}-v1\nc: [${ROUTES}]\nd: {port: ${PORT}, q: \"{{X}} \\u00e9\"}\ne: ${A:-${B}}\n# {{\n{{K}}x: 1\n";
    let document = sound(text);
    for (key, value) in [("a", "{{R}}/{{N}}:tag"), ("b", "{{NAME}}-v1"), ("e", "${A:-${B}}"), ("{{K}}x", "1")] {
        assert_eq!(document.text(at(&document, &[key])), value);
        assert_eq!(document.raw(at(&document, &[key])), value);
    }
    assert_eq!(document.text(document.items(at(&document, &["c"])).next().unwrap()), "${ROUTES}");
    assert_eq!(document.text(at(&document, &["d", "port"])), "${PORT}");
    assert_eq!(document.text(at(&document, &["d", "q"])), "{{X}} é", "values that are decoded are restored");
}

#[test]
fn json_with_placeholders_is_read() {
    let document = sound("{\"a\":{\"port\":${PORT},\"n\":{{N}}}}");
    assert_eq!(document.text(at(&document, &["a", "port"])), "${PORT}");
    let document = sound("{\"a\":{\"n\":{{N}}-x}}");
    assert_eq!(document.text(at(&document, &["a", "n"])), "{{N}}-x");
    check_spans(&document);
}

#[test]
fn a_text_that_is_yaml_is_left_alone() {
    let text = "image: {{ NAME }}\nport: {a: {b: 1}}\n";
    let document = sound(text);
    let image = at(&document, &["image"]);
    assert!(document.is_placeholder_mapping(image));
    assert_eq!(document.raw(image), "{{ NAME }}");
    assert!(!document.is_placeholder_mapping(at(&document, &["port"])));
    assert!(!document.is_placeholder_mapping(document.root().unwrap()));
}

#[test]
fn an_error_that_is_no_placeholder_stays() {
    assert_eq!(fault("a: ${X}\nb: 'x' y\n").0, "y");
    assert_eq!(fault("a: [${X}]\nb: 'x' y\n").0, "{X}]");
    // An undefined alias is an error of its own and no reason to give up.
    let (document, errors) = read("a: [${X}]\nb: *none\n");
    assert_eq!(errors.len(), 1);
    assert_eq!(document.text(document.items(at(&document, &["a"])).next().unwrap()), "${X}");
}

#[test]
fn stand_ins_do_not_occur_in_the_text() {
    let text = "a: \"^~;=()+ZQWYKJGX\\n${V}\"\nb: [${V}]\n";
    let document = sound(text);
    assert_eq!(document.text(at(&document, &["a"])), "^~;=()+ZQWYKJGX\n${V}");
    let document = sound("a: \"\\x5E\"\nb: [${V}]\n");
    assert_eq!(document.text(at(&document, &["a"])), "^", "an escape stands for itself");
    let all: String = (' '..='~').filter(|c| !"\"\\{}".contains(*c)).collect();
    assert_eq!(read(&format!("a: \"{all}\"\nb: [${{V}}]\n")).1.len(), 1, "nothing is free: the error stays");
}

#[test]
fn templates_are_recognised() {
    for text in [
        "a: {{ .Values.x }}",
        "{{- if .X }}",
        "b: 1 {{ end -}}",
        "{{ include \"x\" . }}",
        "{{.Values.x}}",
        "{{ end }}",
        "{{ range $k, $v := .x }}",
        "{{ template \"a\" }}",
        "{{ define \"a\" }}",
        "{{ $x }}",
        "{{/* note */}}",
        "{{ else }}",
        "a: \"{{ include \"x\" . }}\"",
        "a: \"x\" # y\nb: {{ .X }}",
        "a: \"{{ .X\n  }}\"",
        "{% if x %}",
        "a: {% if x %}b{% endif %}",
        "- {%- for x in y -%}",
        "{# note #}",
        "  %{ if x ~}",
        "<% if x %>",
        "<%# note %>",
        "{{#section}}",
        "{{/section}}",
        "{{> part }}",
        "{{ toYaml .x | nindent 4 }}",
    ] {
        assert!(looks_like_template(text), "{text}");
    }
    for text in [
        "a: {{NAME}}",
        "a: {{ NAME }}",
        "a: {{ name }}-{{ end_of_life }}",
        "# {{ .Values.x }}",
        "a: 1 # {{- if }}",
        "a: {b: {c: 1}}",
        "a: \"{{workflow.parameters.x}}\"",
        "${X}",
        "{{ include }}",
        "{{",
        "a: \"{{ .X }}\"",
        "a: '{{ include \"x\" . }}'",
        "a: [\"{{ .X }}\", '{{ .Y }}']",
        "{\"a\": \"{{ .X }}\"}",
        "a: \"{% if x %}b{% endif %}\"",
        "a: <%= x %>",
        "a: {{{x}}}",
        "a: x%{2}",
        "a: 5<%",
        "%{",
        "{%",
        "",
    ] {
        assert!(!looks_like_template(text), "{text}");
    }
}

#[test]
fn blocks_are_counted() {
    for (text, expected) in [
        ("a: 1", 0),
        ("{{ if .X }}\na: 1", 1),
        ("{{- range .X -}}{{ if .Y }}\na: {{ .Z }}", 2),
        ("a: 1\n{{ else }}\n{{ end }}", -1),
        ("{% for x in y %}{% if x %}a{% endif %}", 1),
        ("{{#a}}x{{/a}}{{^b}}", 1),
        ("{{/* if */}}", 0),
    ] {
        assert_eq!(open_blocks(text), expected, "{text}");
    }
}

#[test]
fn placeholders_that_no_value_may_begin_with_are_text() {
    let document = sound("a: @NAME@-x\nb: %PORT%\nc: [@A@, \"@B@\"]\n");
    for (key, value) in [("a", "@NAME@-x"), ("b", "%PORT%")] {
        assert_eq!(document.text(at(&document, &[key])), value);
    }
    assert_eq!(document.text(document.items(at(&document, &["c"])).next().unwrap()), "@A@");
    for text in ["a: @name\n", "a: @1@\n", "a: %x y%\n"] {
        assert_eq!(read(text).1.len(), 1, "{text}");
    }
}

#[test]
fn a_placeholder_may_look_like_a_comment() {
    let document = sound("a: #{NAME}#\nb: # {x}\nc:\nd: #{x} is #1\ne: 1 #{X}#\nf:  #{Mesh.Name}\n");
    let placeholder = |key| document.commented_placeholder(at(&document, &[key]));
    assert_eq!((placeholder("a"), placeholder("f")), (Some("#{NAME}#"), Some("#{Mesh.Name}")));
    for key in ["b", "c", "d", "e"] {
        assert_eq!(placeholder(key), None, "{key}");
    }
}
