//! What a scalar is (null, a boolean, a number, text), which depends on who reads it.

use super::tree::{Document, Kind, NodeId, Style};

/// Who reads the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// kubectl and controllers: sigs.k8s.io/yaml, of which the resolve table of go-yaml v2 is the
    /// source (`resolve.go` there). `y`, `yes`, `on`, `true` and their contraries are booleans, a
    /// leading `0` means octal, numbers may hold `_`; dates and base 60 stay text.
    Kubernetes,
    /// CloudFormation, documented to read YAML 1.1. As [`Profile::Kubernetes`], but neither `y` and
    /// `n` nor `0o14`, on which readers of YAML 1.1 do not agree: they are text.
    CloudFormation,
    /// Plain scalars that are literals of JSON, and nothing else.
    Json,
}

/// The value of a scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing: `null`, `~`, or not written.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number of 64 bits with a sign.
    Int(i64),
    /// Any other number; also a whole number that does not fit [`Value::Int`].
    Float(f64),
    /// Text.
    Str(&'a str),
}

/// The value of a scalar, or of what an alias stands for. Text in quotes and block text is text, unless a
/// tag of YAML's own (`!!int`) says otherwise; a tag that does not fit leaves text, as does a tag of
/// somebody else. What is no scalar gives [`Value::Null`]: ask for its kind first.
#[must_use]
pub fn resolve<'d>(document: &'d Document<'_>, id: NodeId, profile: Profile) -> Value<'d> {
    let Some(id) = document.target(id).filter(|id| document.kind(*id) == Kind::Scalar) else { return Value::Null };
    let text = document.text(id);
    let plain = document.style(id) == Style::Plain;
    match document.tag(id).map(|(tag, _)| core_type(tag)) {
        None if plain => guess(text, profile),
        None | Some(None) => Value::Str(text),
        Some(Some(wanted)) => match (wanted, guess(text, profile)) {
            ("null", value @ Value::Null) | ("bool", value @ Value::Bool(_)) => value,
            ("int", value @ Value::Int(_)) | ("float", value @ Value::Float(_)) => value,
            #[expect(clippy::cast_precision_loss, reason = "what the tag asks for")]
            ("float", Value::Int(value)) => Value::Float(value as f64),
            _ => Value::Str(text),
        },
    }
}

/// The type that a tag of YAML's own names: `int` for `!!int` and `!<tag:yaml.org,2002:int>`.
fn core_type(tag: &str) -> Option<&str> {
    tag.strip_prefix("!!").or_else(|| tag.strip_prefix("!<tag:yaml.org,2002:")?.strip_suffix('>'))
}

fn guess(text: &str, profile: Profile) -> Value<'_> {
    let value = match profile {
        Profile::Json => json(text),
        Profile::Kubernetes => word(text).or_else(|| number(text, true)),
        Profile::CloudFormation => {
            word(text).filter(|_| !matches!(text, "y" | "Y" | "n" | "N")).or_else(|| number(text, false))
        }
    };
    value.unwrap_or(Value::Str(text))
}

/// The words of go-yaml's resolve table.
fn word(text: &str) -> Option<Value<'static>> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Value::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Value::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Value::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Value::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Value::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

fn number(text: &str, octal_letter: bool) -> Option<Value<'static>> {
    match text.as_bytes().first()? {
        b'.' => float(text),
        b'+' | b'-' | b'0'..=b'9' => {
            let plain = if text.contains('_') { &text.replace('_', "") } else { text };
            int(plain, octal_letter).or_else(|| float(plain))
        }
        _ => None,
    }
}

/// A whole number as Go's `strconv.ParseInt` reads it with base 0.
fn int(text: &str, octal_letter: bool) -> Option<Value<'static>> {
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let prefix = digits.as_bytes().get(1).map(u8::to_ascii_lowercase).filter(|_| digits.len() >= 3);
    let (base, digits) = match (digits.strip_prefix('0'), prefix) {
        (Some(_), Some(b'x')) => (16, digits.get(2..)?),
        (Some(_), Some(b'b')) => (2, digits.get(2..)?),
        (Some(_), Some(b'o')) if octal_letter => (8, digits.get(2..)?),
        (Some(""), _) => (10, digits),
        (Some(rest), _) => (8, rest),
        (None, _) => (10, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut whole = Some(0_i128);
    let mut rough = 0_f64;
    for digit in digits.chars() {
        let digit = digit.to_digit(base)?;
        whole = whole.and_then(|value| value.checked_mul(i128::from(base))?.checked_add(i128::from(digit)));
        rough = rough * f64::from(base) + f64::from(digit);
    }
    let signed = whole.map(|value| if negative { -value } else { value });
    Some(match signed.and_then(|value| i64::try_from(value).ok()) {
        Some(value) => Value::Int(value),
        // Rust's own reading of decimals is exact to the last bit; a sum of digits need not be.
        None if base == 10 => return float(text),
        None => Value::Float(if negative { -rough } else { rough }),
    })
}

/// A number in the notation that go-yaml takes for one; what is too large for 64 bits stays text there.
fn float(text: &str) -> Option<Value<'static>> {
    let allowed = |byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E');
    if !text.bytes().all(allowed) {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite()).map(Value::Float)
}

fn json(text: &str) -> Option<Value<'static>> {
    match text {
        "" | "null" => Some(Value::Null),
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        _ if is_json_number(text) => text.parse().map(Value::Int).ok().or_else(|| float(text)),
        _ => None,
    }
}

/// Whether a text is a number in the grammar of JSON (RFC 8259, section 6).
pub(super) fn is_json_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let text = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || (whole > 1 && text.starts_with('0')) {
        return false;
    }
    let mut rest = &text[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let count = digits(exponent);
        return count > 0 && count == exponent.len();
    }
    rest.is_empty()
}

/// Whether a plain scalar is text for whoever reads it.
pub(super) fn is_text(text: &str) -> bool {
    guess(text, Profile::Kubernetes) == Value::Str(text)
}
