//! The proxy configuration of a task definition.

use crate::mesh::{Name, Setting};
use crate::yaml::{Kind, NodeId};

use super::field::Reader;
use crate::dialect::appmesh::model::{ProxyConfiguration, ProxyProperty};

/// The proxy configuration. One of another type than `APPMESH`, the only one there is, is unknown.
pub(super) fn read(reader: &mut Reader<'_, '_>, task: NodeId) -> Setting<ProxyConfiguration> {
    let Some(entry) = reader.entry(task, "proxyConfiguration") else { return Setting::Absent };
    let doc = reader.cx.doc;
    let (node, span) = match reader.given(entry) {
        Setting::Known(node, span) if doc.kind(node) == Kind::Mapping => (node, span),
        Setting::Absent => return Setting::Absent,
        _ => return Setting::Unknown,
    };
    if let Setting::Known(name, _) = reader.text(node, "type")
        && name.same(&Name::known("APPMESH")).is_no()
    {
        return Setting::Unknown;
    }
    let key = reader.entry(node, "properties").map_or(span, |entry| doc.span(entry.key));
    let (list, mut has_more) = reader.items(node, "properties");
    let mut properties = Vec::new();
    for item in list {
        match reader.text(item, "name") {
            Setting::Known(name, name_span) => {
                let value = reader.text(item, "value");
                properties.push(ProxyProperty { name, name_span, value });
            }
            _ => has_more = true,
        }
    }
    let container = reader.text(node, "containerName");
    Setting::Known(ProxyConfiguration { container, properties, key, has_more }, span)
}
