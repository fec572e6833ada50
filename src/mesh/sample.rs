//! Small resources for tests of the mesh.

use crate::source::{FileId, Origin, SourceFile, Sources, Span};

use super::{
    By, Detail, Kind, Labels, Mesh, Name, Outbound, Reference, Resource, ResourceId, Role, ScopeId, Selection, Surface,
    Target, Unread, World,
};

macro_rules! kinds {
    ($($name:ident = $text:literal, $words:literal, $role:ident;)*) => {
        $( pub(super) static $name: Kind = Kind { dialect: "sample", name: $text, words: $words, role: Role::$role, surface: Surface::Cluster }; )*
    };
}

kinds! {
    MESH = "Mesh", "mesh", Mesh;
    NODE = "Node", "node", Node;
    SERVICE = "Service", "service", Service;
    ROUTER = "Router", "router", Router;
    GROUP = "Group", "group", Group;
    NAMESPACE = "Namespace", "namespace", Namespace;
    WORKLOAD = "Workload", "", Workload;
}

/// Resources in files, linked in the order in which they were added.
#[derive(Default)]
pub(super) struct Sample {
    files: Vec<String>,
    resources: Vec<Resource>,
    unread: Vec<Unread>,
    pub(super) world: World,
}

impl Sample {
    /// Adds a resource: `namespace/name` or a name alone. Resources of equal content are equal.
    pub(super) fn add(&mut self, file: &str, kind: &'static Kind, name: &str, content: u64) -> &mut Resource {
        let (namespace, name) = name.split_once('/').map_or((None, name), |(space, name)| (Some(space), name));
        let file = self.file(file);
        self.resources.push(Resource {
            kind,
            kind_name: kind.name.into(),
            api_version: "sample/v1".into(),
            namespace: namespace.map(self::name),
            name: self::name(name),
            name_span: Span::default(),
            span: Span::default(),
            spec_key: Span::default(),
            file,
            labels: Labels::default(),
            annotations: Labels::default(),
            live: false,
            is_partial: false,
            is_patchy: false,
            is_open: false,
            digest: content,
            deployed_name: None,
            namespace_selector: Selection::Absent,
            route_selector: Selection::Absent,
            pod_selector: Selection::Absent,
            condition: None,
            is_shared: false,
            member_of: None,
            attached_to: None,
            attached_at: Span::default(),
            references: Vec::new(),
            listeners: Vec::new(),
            routes: Vec::new(),
            has_open_routes: false,
            has_open_provider: false,
            outbound: Outbound::Unknown,
            detail: Detail::None,
            scope: ScopeId::ROOT,
        });
        let last = self.resources.len() - 1;
        &mut self.resources[last]
    }

    /// Adds a document that cannot be read.
    pub(super) fn unread(&mut self, file: &str, text: &str, is_template: bool) {
        let file = self.file(file);
        self.unread.push(Unread { file, text: text.to_owned(), is_template, is_nameless: false, reach: None });
    }

    fn file(&mut self, name: &str) -> FileId {
        let known = self.files.iter().position(|file| file == name);
        FileId::new(known.unwrap_or_else(|| {
            self.files.push(name.to_owned());
            self.files.len() - 1
        }))
    }

    pub(super) fn link(self) -> Mesh {
        let file = |name: String| SourceFile::new(name, Origin::Walked, Vec::new());
        let sources = Sources::new(self.files.into_iter().map(file).collect());
        Mesh::link(self.resources, self.unread, &sources, self.world)
    }
}

/// A name, open where it holds `*`.
pub(super) fn name(text: &str) -> Name {
    let holes: Vec<_> = text.match_indices('*').map(|(at, star)| at..at + star.len()).collect();
    Name::open(text, &holes)
}

/// A reference to `namespace/name` or a name alone.
pub(super) fn to(wants: &'static Kind, target: &str) -> Reference {
    let (namespace, target) = target.split_once('/').map_or((None, target), |(space, name)| (Some(space), name));
    Reference {
        case: "dangling",
        words: "reference",
        wants,
        by: By::Name,
        namespace: namespace.map(name),
        name: name(target),
        within: None,
        item: 0,
        is_relative: false,
        span: Span::default(),
        target: Target::Unknown,
    }
}

/// What the first reference of a resource leads to.
pub(super) fn target(mesh: &Mesh, index: usize) -> &Target {
    &mesh.resource(ResourceId::new(index)).references[0].target
}
