//! The field table, written out: a change of a declaration shows itself as a change of the snapshot.

use std::fmt::Write as _;

use crate::dialect::shape::{Shape, Spec, Spelling, Table, Type};

use super::*;

/// One line a field: kind, path, type, whether it is required, bounds, words; and one for what an object's
/// fields exclude and demand of one another.
fn listing(spelling: Spelling) -> String {
    let mut out = String::new();
    for (kind, table) in roots(spelling) {
        let root = if spelling == Spelling::Kubernetes { "spec." } else { "" };
        object(&mut out, spelling, kind, root, table);
    }
    out
}

/// The tables of all kinds: of their specs on Kubernetes, of what stands around these elsewhere.
fn roots(spelling: Spelling) -> Vec<(&'static str, &'static Table)> {
    match spelling {
        Spelling::Kubernetes => vec![
            ("BackendGroup", BackendGroup::TABLE),
            ("GatewayRoute", GatewayRoute::TABLE),
            ("Mesh", Mesh::TABLE),
            ("VirtualGateway", VirtualGateway::TABLE),
            ("VirtualNode", VirtualNode::TABLE),
            ("VirtualRouter", VirtualRouter::TABLE),
            ("VirtualService", VirtualService::TABLE),
        ],
        _ => vec![
            ("GatewayRoute", GatewayRouteProperties::TABLE),
            ("Mesh", MeshProperties::TABLE),
            ("Route", RouteProperties::TABLE),
            ("VirtualGateway", VirtualGatewayProperties::TABLE),
            ("VirtualNode", VirtualNodeProperties::TABLE),
            ("VirtualRouter", VirtualRouterProperties::TABLE),
            ("VirtualService", VirtualServiceProperties::TABLE),
        ],
    }
}

fn object(out: &mut String, spelling: Spelling, kind: &str, path: &str, table: &Table) {
    let home = if path.is_empty() { "all" } else { path.trim_end_matches('.') };
    for union in table.unions.iter().filter(|union| union.on.has(spelling)) {
        let cases = [("none", union.none), ("several", union.several)];
        let cases = cases.iter().filter_map(|(when, case)| Some(format!("{when} {}", (*case)?)));
        let names = union.fields.iter().map(|name| spelling.name_of(name)).collect::<Vec<_>>().join(",");
        let _ = writeln!(out, "{kind} {home} of {names}: {}", cases.collect::<Vec<_>>().join(", "));
    }
    for spec in table.fields.iter().filter(|spec| spec.on.has(spelling)) {
        field(out, spelling, kind, &format!("{path}{}", spec.name_in(spelling)), spec);
    }
}

fn field(out: &mut String, spelling: Spelling, kind: &str, path: &str, spec: &Spec) {
    let is_list = matches!(spec.ty, Type::List(_));
    let _ = write!(out, "{kind} {path} {}", type_name(spec.ty));
    let _ = match (spec.is_required(spelling), spec.missing) {
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
        Type::Object(table) => object(out, spelling, kind, &format!("{path}."), table),
        Type::List(Type::Object(table)) => object(out, spelling, kind, &format!("{path}[]."), table),
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
    for spelling in [Spelling::Kubernetes, Spelling::CloudFormation, Spelling::Api] {
        insta::assert_snapshot!(format!("fields_{spelling:?}"), listing(spelling));
    }
}
