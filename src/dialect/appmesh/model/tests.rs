//! The field table, written out: a change of a declaration shows itself as a change of the snapshot.

use std::fmt::Write as _;

use crate::dialect::shape::{Shape, Spec, Table, Type};

use super::*;

/// One line a field: kind, path, type, whether it is required, bounds, words; and one for what an object's
/// fields exclude and demand of one another.
fn listing() -> String {
    let mut out = String::new();
    let kinds: [(&str, &Table); 7] = [
        ("BackendGroup", BackendGroup::TABLE),
        ("GatewayRoute", GatewayRoute::TABLE),
        ("Mesh", Mesh::TABLE),
        ("VirtualGateway", VirtualGateway::TABLE),
        ("VirtualNode", VirtualNode::TABLE),
        ("VirtualRouter", VirtualRouter::TABLE),
        ("VirtualService", VirtualService::TABLE),
    ];
    for (kind, table) in kinds {
        object(&mut out, kind, "spec", table);
    }
    out
}

fn object(out: &mut String, kind: &str, path: &str, table: &Table) {
    for union in table.unions {
        let cases = [("none", union.none), ("several", union.several)];
        let cases = cases.iter().filter_map(|(when, case)| Some(format!("{when} {}", (*case)?)));
        let _ = writeln!(out, "{kind} {path} of {}: {}", union.fields.join(","), cases.collect::<Vec<_>>().join(", "));
    }
    for spec in table.fields {
        field(out, kind, &format!("{path}.{}", spec.name), spec);
    }
}

fn field(out: &mut String, kind: &str, path: &str, spec: &Spec) {
    let is_list = matches!(spec.ty, Type::List(_));
    let _ = write!(out, "{kind} {path} {}", type_name(spec.ty));
    let _ = match (spec.required, spec.missing) {
        (true, "required-missing") => write!(out, " required"),
        (true, case) => write!(out, " required({case})"),
        (false, _) => Ok(()),
    };
    if spec.read_only {
        out.push_str(" read-only");
    }
    if let Some((least, greatest)) = spec.items {
        let _ = write!(out, " items({least}..{})", limit(greatest, usize::MAX));
    }
    if !is_list {
        bounds(out, spec, spec.ty);
    }
    out.push('\n');
    match spec.ty {
        Type::Object(table) => object(out, kind, path, table),
        Type::List(Type::Object(table)) => object(out, kind, &format!("{path}[]"), table),
        Type::List(inner) if spec.range.is_some() || spec.length.is_some() || matches!(inner, Type::Choice(_)) => {
            let _ = write!(out, "{kind} {path}[] {}", type_name(*inner));
            bounds(out, spec, *inner);
            out.push('\n');
        }
        _ => {}
    }
}

fn bounds(out: &mut String, spec: &Spec, ty: Type) {
    if let Some((least, greatest)) = spec.range {
        let _ = write!(out, " range({least}..{})", limit(greatest, i64::MAX));
    }
    if let Some((least, greatest)) = spec.length {
        let _ = write!(out, " length({least}..{greatest})");
    }
    if let Type::Choice(words) = ty {
        let _ = write!(out, " words({})", words.join(","));
    }
}

fn limit<T: PartialEq + ToString>(greatest: T, none: T) -> String {
    if greatest == none { String::new() } else { greatest.to_string() }
}

fn type_name(ty: Type) -> String {
    match ty {
        Type::Text | Type::Choice(_) => "string".to_owned(),
        Type::Integer => "integer".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Object(_) => "object".to_owned(),
        Type::List(inner) => format!("list-of-{}", type_name(*inner)),
        Type::Map => "map-of-string".to_owned(),
    }
}

#[test]
fn the_field_table_is_what_it_was() {
    insta::assert_snapshot!(listing());
}
