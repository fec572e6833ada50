//! Placeholders: text that somebody fills in before the manifest is applied.
//!
//! `${NAME}`, `{{NAME}}` and their like count wherever they stand. `<NAME>`, `%NAME%` and some others are also what
//! regexes, paths and log formats are made of, so they count only as a whole value, or inside a name. `$name` counts
//! only in files that show by other signs that a shell fills them in; `$NAME` also as a whole value and inside a name,
//! where a dollar can mean nothing else.

use std::ops::Range;

/// How much of a value's text may be a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// Most values: `<NAME>` and its like only as the whole value.
    Plain,
    /// Names, host names, ARNs and images: `<NAME>` and its like inside, too.
    Name,
    /// Regexes, paths and log formats: neither.
    Pattern,
}

/// The byte ranges of the placeholders in a value. `dollar`: whether bare `$NAME` counts in this file. Where one of
/// them is a condition (`{{ if … }}`), all is one from the first to the last: the text between may not be there.
#[must_use]
pub fn find(text: &str, flavor: Flavor, dollar: bool) -> Vec<Range<usize>> {
    let mut holes = Vec::new();
    // Nearly every value has none of these bytes: look once, for all of them.
    if !text.bytes().any(|byte| matches!(byte, b'$' | b'{' | b'<' | b'%' | b'@' | b'_' | b'(')) {
        return holes;
    }
    let mut at = 0;
    while at < text.len() {
        let rest = near(&text[at..]);
        let whole = |length: &usize| flavor == Flavor::Name || (at == 0 && *length == text.len());
        let length = anywhere(rest, flavor, dollar)
            .or_else(|| (flavor != Flavor::Pattern).then(|| on_their_own(rest)).flatten().filter(whole));
        match length {
            Some(length) => {
                holes.push(at..at + length);
                at += length;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    if let [first, .., last] = &holes[..]
        && holes.iter().any(|hole| is_condition(&text[hole.clone()]))
    {
        let whole = first.start..last.end;
        holes.clear();
        holes.push(whole);
    }
    holes
}

/// How long a placeholder may be, so that a text of opening brackets alone is read in linear time.
const LONGEST: usize = 512;

/// The beginning of a text, as far as a placeholder may reach.
fn near(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The length of the placeholder at the beginning of a text, of those that count wherever they stand.
fn anywhere(text: &str, flavor: Flavor, dollar: bool) -> Option<usize> {
    let is_pattern = flavor == Flavor::Pattern;
    match text.as_bytes()[0] {
        b'$' if text.starts_with("${{") => doubled(&text[1..]).map(|length| length + 1),
        b'$' => braced(text, is_pattern)
            .or_else(|| (!is_pattern).then(|| parenthesised(text)).flatten())
            .or_else(|| (dollar && !is_pattern).then(|| bare(text)).flatten()),
        b'#' => hashed(text, is_pattern),
        b'{' if text.starts_with("{%") => between(text, "{%", "%}"),
        b'{' => doubled(text),
        b'<' => between(text, "<%", "%>"),
        b'%' => directive(text),
        _ => None,
    }
}

/// The same, of those that count as a whole value or inside a name.
fn on_their_own(text: &str) -> Option<usize> {
    match text.as_bytes()[0] {
        b'<' => enclosed(text, '>'),
        b'%' => enclosed(text, '%'),
        b'@' => enclosed(text, '@').filter(|length| !text[..*length].contains(' ')),
        b'(' => {
            let length = enclosed(text.strip_prefix('(')?.strip_prefix('(').map(|_| &text[1..])?, ')')?;
            text[length + 1..].starts_with(')').then_some(length + 2)
        }
        b'$' => bare(text).filter(|length| is_shouted(&text[1..*length])),
        b'_' => {
            let inner = text.strip_prefix("__")?;
            let end = inner.find("__")?;
            is_shouted(&inner[..end]).then_some(end + 4)
        }
        _ => None,
    }
}

/// Whether a word is written as names of variables are: `MESH_NAME`.
fn is_shouted(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a placeholder decides about the text that follows it.
fn is_condition(hole: &str) -> bool {
    let inner = hole.trim_start_matches(['{', '%', '<']).trim_start_matches(['-', '~', '#', '^', '/']).trim_start();
    let word = inner.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
    matches!(word, "if" | "else" | "elif" | "end" | "endif" | "range" | "with" | "for" | "endfor")
        || hole.starts_with("{{#")
        || hole.starts_with("{{^")
}

/// `${NAME}`, `${NAME:-value}`, `${AWS::Region}`, `${A:-${B}}`; not in patterns also `${ #call(…) }`.
fn braced(text: &str, is_pattern: bool) -> Option<usize> {
    let inner = text.strip_prefix("${")?;
    let first = if is_pattern { inner } else { inner.trim_start() }.chars().next()?;
    let begins = first.is_ascii_alphabetic() || matches!(first, '_' | '!') || (!is_pattern && first == '#');
    if !begins {
        return None;
    }
    let mut depth = 1_usize;
    let end = inner.bytes().position(|byte| {
        depth = match byte {
            b'{' => depth + 1,
            b'}' => depth - 1,
            _ => depth,
        };
        depth == 0
    });
    // A brace too many may stand for itself.
    end.or_else(|| inner.find('}')).map(|end| end + 3)
}

/// `$(NAME)`.
fn parenthesised(text: &str) -> Option<usize> {
    let name = text.strip_prefix("$(")?.split_once(')')?.0;
    let fits = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '-' | '.');
    (name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') && name.chars().all(fits))
        .then_some(name.len() + 3)
}

/// `#{NAME}#`, and `#{NAME}` where that is no pattern.
fn hashed(text: &str, is_pattern: bool) -> Option<usize> {
    let name = text.strip_prefix("#{")?.split_once('}')?.0;
    let length = name.len() + 3;
    let is_closed = text[length..].starts_with('#');
    let fits = name.trim_start().starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    (fits && (is_closed || !is_pattern)).then_some(length + usize::from(is_closed))
}

/// `$NAME`.
fn bare(text: &str) -> Option<usize> {
    let name = text.strip_prefix('$')?;
    let length = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let first = name.chars().next()?;
    (first.is_ascii_alphabetic() || first == '_').then_some(length + 1)
}

/// `{{NAME}}`, `{{ .Values.name }}`, `{{{NAME}}}`.
fn doubled(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("{{")?;
    let end = inner.find("}}")?;
    let is_tripled = inner.starts_with('{') && inner[end + 2..].starts_with('}');
    inner[..end].chars().any(|one| one.is_ascii_alphabetic()).then_some(end + 4 + usize::from(is_tripled))
}

/// `{% if x %}`, `<%= name %>`.
fn between(text: &str, open: &str, close: &str) -> Option<usize> {
    let inner = text.strip_prefix(open)?;
    let end = inner.find(close)?;
    inner[..end].chars().any(|one| one.is_ascii_alphabetic()).then_some(open.len() + end + close.len())
}

/// `%{ if x }`, a directive of Terraform's templates.
fn directive(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("%{")?;
    let end = inner.find('}')?;
    let word = inner[..end].trim_start_matches(['~', ' ']).split([' ', '~']).next()?;
    matches!(word, "if" | "else" | "endif" | "for" | "endfor").then_some(end + 3)
}

/// `<NAME>`, `<free text>`, `%NAME%`.
fn enclosed(text: &str, close: char) -> Option<usize> {
    let inner = &text[1..];
    let end = inner.find(close)?;
    let name = &inner[..end];
    let first = name.chars().next()?;
    let fits = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '-' | '.' | ' ');
    (first.is_ascii_alphabetic() && name.chars().all(fits)).then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holes(text: &str, flavor: Flavor, dollar: bool) -> Vec<&str> {
        find(text, flavor, dollar).into_iter().map(|hole| &text[hole]).collect()
    }

    #[test]
    fn placeholders_are_found_where_they_count() {
        use Flavor::{Name, Pattern, Plain};
        const LOG: &str = "[%START_TIME%] %REQ(:METHOD)% ${X}";
        for (text, flavor, dollar, expected) in [
            ("color", Name, true, &[][..]),
            ("color_blue", Name, true, &[]),
            // The shell, envsubst, Terraform, CloudFormation, Spinnaker.
            ("color.${NS}.svc", Name, false, &["${NS}"]),
            ("${A}-${B:-x}", Plain, false, &["${A}", "${B:-x}"]),
            ("${X:-80}", Plain, false, &["${X:-80}"]),
            ("${A:-${B}}", Plain, false, &["${A:-${B}}"]),
            ("${X:?unset}", Name, false, &["${X:?unset}"]),
            ("${var.mesh}", Name, false, &["${var.mesh}"]),
            ("${lookup(m, \"a\")}-x", Name, false, &["${lookup(m, \"a\")}"]),
            ("${AWS::Region}", Plain, false, &["${AWS::Region}"]),
            ("${!X}", Plain, false, &["${!X}"]),
            ("${ #toInt(parameters['x']) }", Plain, false, &["${ #toInt(parameters['x']) }"]),
            ("${#x}", Pattern, false, &[]),
            ("${1}", Plain, true, &[]),
            ("/\\1${1}/", Pattern, true, &[]),
            ("${", Name, true, &[]),
            ("${}", Name, true, &[]),
            ("/${BASE}/.*", Pattern, false, &["${BASE}"]),
            ("%{ if x }a%{ endif }-b", Name, false, &["%{ if x }a%{ endif }"]),
            ("%{~ if x ~}a%{~ else ~}b%{ endif }", Plain, false, &["%{~ if x ~}a%{~ else ~}b%{ endif }"]),
            ("a%{2}", Pattern, false, &[]),
            // Bare dollars.
            ("$NAME", Plain, true, &["$NAME"]),
            ("$name", Plain, true, &["$name"]),
            ("$name", Plain, false, &[]),
            ("$NAME", Plain, false, &["$NAME"]),
            ("a $NAME", Plain, false, &[]),
            ("orders-$CI_COMMIT_SHA", Name, false, &["$CI_COMMIT_SHA"]),
            ("$NAME", Pattern, true, &[]),
            ("/$metadata", Pattern, true, &[]),
            ("$metadata", Plain, false, &[]),
            ("a$", Plain, true, &[]),
            ("/a{1,3}$", Pattern, true, &[]),
            // Azure, kustomize, Octopus, Ruby.
            ("$(MESH_NAME)", Plain, false, &["$(MESH_NAME)"]),
            ("a-$(mesh.name)", Name, false, &["$(mesh.name)"]),
            ("a$(b|c)", Pattern, false, &[]),
            ("/a$(X)", Pattern, false, &[]),
            ("#{MESH}#", Plain, false, &["#{MESH}#"]),
            ("a-#{Mesh Name}", Name, false, &["#{Mesh Name}"]),
            ("a#{b}", Pattern, false, &[]),
            ("<%= mesh %>", Plain, false, &["<%= mesh %>"]),
            ("a-<%= @mesh %>", Name, false, &["<%= @mesh %>"]),
            ("<% if x %>a<% end %>", Plain, false, &["<% if x %>a<% end %>"]),
            // Go, Helm, Jinja, Ansible, mustache, Argo, GitHub.
            ("{{NAME}}", Pattern, false, &["{{NAME}}"]),
            ("{{ .Values.x }}", Plain, false, &["{{ .Values.x }}"]),
            ("{{ .A | default \"b\" }}-{{ .C }}", Name, false, &["{{ .A | default \"b\" }}", "{{ .C }}"]),
            ("a-{{ if .X }}b{{ else }}c{{ end }}-d", Name, false, &["{{ if .X }}b{{ else }}c{{ end }}"]),
            ("{{- with .X }}{{ . }}{{ end -}}", Plain, false, &["{{- with .X }}{{ . }}{{ end -}}"]),
            ("{{{NAME}}}", Name, false, &["{{{NAME}}}"]),
            ("a-{{#x}}b{{/x}}", Name, false, &["{{#x}}b{{/x}}"]),
            ("{{ item.name }}", Plain, false, &["{{ item.name }}"]),
            ("{{ x | default('y') }}", Plain, false, &["{{ x | default('y') }}"]),
            ("{{workflow.parameters.x}}", Plain, false, &["{{workflow.parameters.x}}"]),
            ("${{ parameters.x }}", Name, false, &["${{ parameters.x }}"]),
            ("a-{% if x %}b{% endif %}", Name, false, &["{% if x %}b{% endif %}"]),
            ("x{{2}}", Pattern, true, &[]),
            ("{{", Name, true, &[]),
            // Words in brackets of all kinds.
            ("<YOUR NAME>", Plain, false, &["<YOUR NAME>"]),
            ("<PORT>", Plain, false, &["<PORT>"]),
            ("a-<NAME>", Plain, false, &[]),
            ("a-<NAME>", Name, false, &["<NAME>"]),
            ("arn:aws:acm:<region>:<account-id>:certificate/x", Name, false, &["<region>", "<account-id>"]),
            ("(?P<year>[0-9]+)", Pattern, true, &[]),
            ("(?<NAME>x)", Pattern, true, &[]),
            ("%NAME%", Plain, false, &["%NAME%"]),
            ("a-%NAME%.svc", Name, false, &["%NAME%"]),
            ("/%20%20", Pattern, false, &[]),
            ("%START_TIME%", Pattern, false, &[]),
            (LOG, Pattern, true, &["${X}"]),
            ("@NAME@", Plain, false, &["@NAME@"]),
            ("a-@mesh.name@", Name, false, &["@mesh.name@"]),
            ("ann@example.com", Name, false, &[]),
            ("((mesh))", Plain, false, &["((mesh))"]),
            ("a-((mesh-name))", Name, false, &["((mesh-name))"]),
            ("((a|b)c)", Name, false, &[]),
            ("/((v1))/x", Pattern, false, &[]),
            ("__MESH_NAME__", Plain, false, &["__MESH_NAME__"]),
            ("a.__NS__.svc", Name, false, &["__NS__"]),
            ("__init__", Name, false, &[]),
            ("a__B__c", Plain, false, &[]),
            ("é<é", Name, true, &[]),
            ("é$é{é%é@é#é_é(", Name, true, &[]),
        ] {
            assert_eq!(holes(text, flavor, dollar), expected, "{text}");
        }
    }
}
