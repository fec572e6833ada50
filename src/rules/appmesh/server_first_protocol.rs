//! A tcp listener on the port of a protocol in which the server speaks first.

use super::place;
use crate::finding::Draft;
use crate::mesh::{Mesh, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("server-first-protocol", include_str!("../../../rules/server-first-protocol.md")).mesh(check);

/// Ports of protocols in which the server greets the client (IANA, and the user guide of App Mesh on connectivity).
const PORTS: &[(i64, &str)] =
    &[(21, "FTP"), (25, "SMTP"), (465, "SMTP"), (587, "SMTP"), (1433, "SQL Server"), (3306, "MySQL")];

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, node) in mesh.of_role(Role::Node) {
        for (at, listener) in node.listeners.iter().enumerate().filter(|(_, one)| one.protocol == Some("tcp")) {
            let known = PORTS.iter().find(|(port, _)| listener.port == Some(*port));
            let Some((port, name)) = known else { continue };
            let message = format!("{} listens on port `{port}` of {name}, where the server speaks first", node.title());
            out.push(
                Draft::new("server-first-protocol", message)
                    .at(place::port(node, at), format!("the port of {name}"))
                    .at(place::protocol(node, at), "taken as plain tcp")
                    .why(
                        "the proxy of a client waits for the first bytes of the client, and a client of such a server \
                         waits for the server: the connection hangs",
                    )
                    .help("leave the server out of the backends, and let its clients reach it past the proxy")
                    .on(node.subject()),
            );
        }
    }
}
