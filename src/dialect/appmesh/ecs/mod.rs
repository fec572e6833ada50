//! Task definitions of Amazon ECS: what `aws ecs register-task-definition --cli-input-json` takes, what
//! `describe-task-definition` answers, and `AWS::ECS::TaskDefinition` in templates. Only those with a proxy of the mesh
//! are read, and of these only what concerns the proxy: Amazon ECS judges the rest itself.
//!
//! Amazon ECS API reference, RegisterTaskDefinition; AWS CloudFormation template reference, AWS::ECS::TaskDefinition.

mod container;
mod field;
mod identity;
mod proxy;

use crate::dialect::kubernetes::meta::Meta;
use crate::dialect::shape::Cx;
use crate::dialect::{Lowered, Origin};
use crate::mesh::{Detail, Kind, Labels, Name, Role, Setting, Surface, Truth};
use crate::source::Span;
use crate::yaml::{Document, Kind as NodeKind, NodeId};

use super::cloud_formation::template::Template;
use super::model::TaskDefinition;
use field::Reader;

/// The type of a task definition in a template.
const TYPE: &str = "AWS::ECS::TaskDefinition";

static TASK: Kind = Kind {
    dialect: super::DIALECT,
    name: "TaskDefinition",
    words: "task definition",
    role: Role::Task,
    surface: Surface::Template,
};

/// Whether a text may hold a task definition with a proxy.
pub(super) fn may_be_in(text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    (has("containerDefinitions") || has(TYPE)) && (has("APPMESH") || has("roxyConfiguration") || has("appmesh-envoy"))
}

/// The task definitions with a proxy that a document is, or that stand in it, each with its place.
pub(in crate::dialect) fn read(doc: &Document<'_>, root: NodeId, origin: Origin) -> Vec<(Span, Lowered)> {
    if doc.entry(root, "Resources").is_some() {
        return in_template(doc, root, origin);
    }
    let answer = doc.get(root, "taskDefinition").filter(|task| doc.entry(*task, "containerDefinitions").is_some());
    let Some(task) = answer.or_else(|| doc.entry(root, "containerDefinitions").map(|_| root)) else {
        return Vec::new();
    };
    let family = doc.get(task, "family");
    let anchor = family.map_or(doc.span(task), |family| doc.span(family));
    let cx = Cx::new(doc, origin.dollar || super::api::is_program(doc));
    let name = family.map_or(Name::known(""), |family| cx.name(family));
    let mut reader = Reader { cx, template: None };
    let is_live = answer.is_some();
    let Some(model) = definition(&mut reader, task, !is_live) else { return Vec::new() };
    let lowered = resource(&mut reader.cx, task, (name, anchor), model, origin, is_live);
    lowered.into_iter().map(|lowered| (doc.span(task), lowered)).collect()
}

fn in_template(doc: &Document<'_>, root: NodeId, origin: Origin) -> Vec<(Span, Lowered)> {
    let resources = || doc.get(root, "Resources").into_iter().flat_map(|resources| doc.entries(resources));
    // An alias would bring one a second time.
    let is_task = |node: NodeId| {
        let name = || doc.get(node, "Type").map(|name| doc.text(name));
        doc.kind(node) == NodeKind::Mapping && name() == Some(TYPE)
    };
    let mut tasks = resources().filter(|entry| is_task(entry.value)).peekable();
    if tasks.peek().is_none() {
        return Vec::new();
    }
    let template = Template::new(doc, root, origin.dollar);
    // What aliases may cost is bounded for all of them together.
    let mut reader = Reader { cx: Cx::new(doc, origin.dollar), template: Some(&template) };
    let mut read = Vec::new();
    for entry in tasks {
        reader.cx.facts.clear();
        let properties = doc.entry(entry.value, "Properties").and_then(|properties| reader.cx.target(properties.value));
        let Some(model) = properties.and_then(|node| definition(&mut reader, node, false)) else { continue };
        let name = (Name::known(doc.text(entry.key)), doc.span(entry.key));
        let lowered = resource(&mut reader.cx, entry.value, name, model, origin, false);
        read.extend(lowered.map(|lowered| (doc.span(entry.value), lowered)));
    }
    read
}

/// A task definition; `None` for one that is in no mesh.
fn definition(reader: &mut Reader<'_, '_>, node: NodeId, is_input: bool) -> Option<TaskDefinition> {
    let containers = reader.entry(node, "containerDefinitions");
    let key = containers.map_or(reader.cx.doc.span(node), |entry| reader.cx.doc.span(entry.key));
    let (list, has_more) = reader.items(node, "containerDefinitions");
    let task = TaskDefinition {
        key,
        containers: list.into_iter().map(|item| container::read(reader, item)).collect(),
        has_more,
        proxy: proxy::read(reader, node),
        network_mode: reader.text(node, "networkMode"),
        on_fargate: on_fargate(reader, node),
        efs: efs(reader, node),
        is_input,
    };
    task.is_in_mesh().then_some(task)
}

/// Whether a task runs on Fargate and nowhere else. Where nothing is asked for it may run anywhere.
fn on_fargate(reader: &mut Reader<'_, '_>, node: NodeId) -> Truth {
    let (list, has_more) = reader.items(node, "requiresCompatibilities");
    let words: Vec<_> = list.into_iter().map(|item| reader.name(item)).collect();
    let is_fargate = |word: &Option<Name>| match word {
        Some(word) => word.same(&Name::known("FARGATE")),
        None => Truth::Unknown,
    };
    let all: Vec<_> = words.iter().map(is_fargate).collect();
    match (has_more || all.is_empty(), &all[..]) {
        (false, all) if all.iter().all(|one| one.is_yes()) => Truth::Yes,
        (false, all) if all.iter().all(|one| one.is_no()) => Truth::No,
        _ => Truth::Unknown,
    }
}

/// Where the first volume stands that is on EFS.
fn efs(reader: &mut Reader<'_, '_>, node: NodeId) -> Option<Span> {
    let (list, _) = reader.items(node, "volumes");
    let entry = list.into_iter().find_map(|volume| reader.entry(volume, "efsVolumeConfiguration"))?;
    matches!(reader.given(entry), Setting::Known(..)).then(|| reader.cx.doc.span(entry.key))
}

fn resource(
    cx: &mut Cx<'_>,
    node: NodeId,
    (name, span): (Name, Span),
    model: TaskDefinition,
    origin: Origin,
    live: bool,
) -> Option<Lowered> {
    let meta = Meta {
        api_version: String::new(),
        kind: TASK.name.to_owned(),
        kind_span: span,
        name: Some((name, span)),
        namespace: None,
        labels: Labels::default(),
        annotations: Labels::default(),
        live,
        is_named_later: false,
    };
    let mut resource = meta.resource(cx, node, &TASK, origin)?;
    resource.detail = Detail::Model(Box::new(model));
    Some(Lowered { resource: Some(resource), facts: std::mem::take(&mut cx.facts), ..Lowered::default() })
}
