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

/// A manifest that sets one field, for every field of a table and of the tables below it: as text in flow style, with
/// whatever else its objects must have. `path` is the way to the field, by names on Kubernetes.
fn manifests(
    spelling: Spelling,
    table: &'static Table,
    path: &mut Vec<&'static str>,
    out: &mut Vec<(String, String)>,
    root: &'static Table,
) {
    for spec in table.fields.iter().filter(|spec| spec.on.has(spelling) && !spec.read_only) {
        path.push(spec.name);
        out.push((path.join("."), written(spelling, root, path)));
        if let Some(below) = object_of(spec.ty) {
            manifests(spelling, below, path, out, root);
        }
        path.pop();
    }
}

/// The table of an object, or of the objects of a list.
fn object_of(ty: Type) -> Option<&'static Table> {
    match ty {
        Type::Object(table) => Some(table),
        Type::List(inner) => object_of(*inner),
        _ => None,
    }
}

/// An object with the field at the end of a path, and all that its objects must have in any spelling.
fn written(spelling: Spelling, table: &Table, path: &[&str]) -> String {
    let wanted = path.first().copied();
    let mut names: Vec<&str> = wanted.into_iter().collect();
    names.extend(
        table.fields.iter().filter(|spec| spec.on.has(spelling) && spec.required.is_some()).map(|spec| spec.name),
    );
    for union in table.unions.iter().filter(|union| union.on.has(spelling) && union.none.is_some()) {
        if !union.fields.iter().any(|name| names.contains(name)) {
            let has = |name: &&&str| table.fields.iter().any(|spec| spec.name == **name && spec.on.has(spelling));
            names.extend(union.fields.iter().find(has));
        }
    }
    names.dedup();
    let field = |(at, name): (usize, &&str)| {
        let spec = table.fields.iter().find(|spec| spec.name == *name).unwrap();
        let below = if at == 0 && wanted.is_some() { path.get(1..).unwrap_or(&[]) } else { &[] };
        format!("{}: {}", spec.name_in(spelling), value(spelling, spec, spec.ty, below))
    };
    let mut seen = std::collections::BTreeSet::new();
    let fields: Vec<_> = names.iter().enumerate().filter(|(_, name)| seen.insert(**name)).map(field).collect();
    format!("{{{}}}", fields.join(", "))
}

fn value(spelling: Spelling, spec: &Spec, ty: Type, path: &[&str]) -> String {
    match ty {
        Type::Object(table) => written(spelling, table, path),
        Type::List(inner) => format!("[{}]", value(spelling, spec, *inner, path)),
        Type::Choice(words) => format!("\"{}\"", words[0]),
        Type::Integer => spec.range.map_or(1, |(least, _)| least.max(1)).to_string(),
        Type::Boolean => "true".to_owned(),
        Type::Map => "{\"a\": \"b\"}".to_owned(),
        Type::Text => format!("\"{}\"", "1".repeat(spec.length.map_or(1, |(least, _)| least.max(1)))),
    }
}

/// What is noticed about the shape of a text that is an object of a type, and the model that it comes to.
fn lowered<S: Shape + std::fmt::Debug>(spelling: Spelling, text: &str) -> (Vec<crate::finding::Fact>, String) {
    use crate::dialect::shape::{Cx, read_root};
    let text = format!("spec: {text}\n");
    let (doc, errors) = crate::yaml::parse(&text, crate::yaml::split(&text)[0], &crate::yaml::Options::default());
    assert!(errors.is_empty(), "{errors:?} in {text}");
    let mut cx = Cx::new(&doc, false);
    cx.spelling = spelling;
    let root = doc.root().unwrap();
    let model = read_root::<S>(&mut cx, "spec", doc.entry(root, "spec"), doc.span(root));
    let of_shape = ["unknown-field", "wrong-type", "missing-field", "out-of-range", "unknown-value", "bad-length"];
    cx.facts.retain(|fact| of_shape.contains(&fact.rule) || fact.rule == "exactly-one-of");
    // Where a thing stands differs with the length of names.
    let model = format!("{model:?}");
    let parts = model.split("Span {").map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    (cx.facts, parts.collect())
}

/// Every field of a type in every spelling that has it: it is taken, and means the same in each.
fn round_trip<S: Shape + std::fmt::Debug>() -> usize {
    let mut models: std::collections::BTreeMap<String, Vec<(Spelling, String)>> = Default::default();
    for spelling in [Spelling::Kubernetes, Spelling::CloudFormation, Spelling::Api] {
        let mut all = Vec::new();
        manifests(spelling, S::TABLE, &mut Vec::new(), &mut all, S::TABLE);
        for (path, text) in all {
            let (facts, model) = lowered::<S>(spelling, &text);
            assert!(facts.is_empty(), "{spelling:?} {path}: {facts:?} in {text}");
            models.entry(path).or_default().push((spelling, model));
        }
    }
    let mut compared = 0;
    for (path, models) in &models {
        for pair in models.windows(2) {
            // Other spellings refer by name where Kubernetes refers by reference, so what stands beside may differ.
            if pair[0].0 != Spelling::Kubernetes || !is_referring(S::TABLE, path) {
                assert_eq!(pair[0].1, pair[1].1, "{path}: {:?} and {:?}", pair[0].0, pair[1].0);
                compared += 1;
            }
        }
    }
    compared
}

/// Whether an object on the way to a field must have something in one spelling that another does not have.
fn is_referring(table: &'static Table, path: &str) -> bool {
    let needs = |table: &Table| {
        let one = |spelling| written(spelling, table, &[]).to_ascii_lowercase();
        one(Spelling::Kubernetes) != one(Spelling::Api)
    };
    let mut table = Some(table);
    path.split('.').any(|name| {
        let here = table.is_some_and(needs);
        let spec = table.and_then(|table| table.fields.iter().find(|spec| spec.name == name));
        table = spec.and_then(|spec| object_of(spec.ty));
        here
    }) || table.is_some_and(needs)
}

#[test]
fn every_field_is_taken_in_every_spelling_and_means_the_same() {
    let compared = [
        round_trip::<GatewayRoute>(),
        round_trip::<Mesh>(),
        round_trip::<Route>(),
        round_trip::<VirtualGateway>(),
        round_trip::<VirtualNode>(),
        round_trip::<VirtualRouter>(),
        round_trip::<VirtualService>(),
    ];
    assert!(compared.iter().sum::<usize>() > 500, "{compared:?}");
}

/// A name of another spelling is told as such, with the right one.
#[test]
fn names_of_other_spellings_are_put_right() {
    let advice = |spelling: Spelling, text: &str| {
        let (facts, _) = lowered::<VirtualNode>(spelling, text);
        let casing = facts.iter().find(|fact| fact.case == "wrong-surface-casing");
        casing.map(|fact| fact.text(3).to_owned()).unwrap_or_default()
    };
    let tls = |tls: &str| format!("{{BackendDefaults: {{ClientPolicy: {{{tls}: {{Validation: {{Trust: {{}}}}}}}}}}}}");
    assert_eq!(advice(Spelling::CloudFormation, &tls("tls")), "TLS");
    assert_eq!(advice(Spelling::CloudFormation, &tls("Tls")), "TLS");
    assert_eq!(advice(Spelling::Api, "{serviceDiscovery: {AWSCloudMap: {}}}"), "awsCloudMap");
    assert_eq!(advice(Spelling::Kubernetes, "{ServiceDiscovery: {}}"), "serviceDiscovery");
    let certificate = |key: &str| {
        format!(
            "{{listeners: [{{portMapping: {{port: 1, protocol: http}}, tls: {{mode: STRICT, certificate: {{acm: {{{key}: a}}}}}}}}]}}"
        )
    };
    assert_eq!(advice(Spelling::Kubernetes, &certificate("certificateArn")), "certificateARN");
    assert_eq!(advice(Spelling::Api, &certificate("certificateARN")), "certificateArn");
}
