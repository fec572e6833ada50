//! A member of a backend group without a namespace, used from a namespace that is not the group's.

use crate::finding::{Draft, Severity};
use crate::mesh::{Mesh, Name, Reference, Resource, Role, Target};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("backend-group-member", include_str!("../../../rules/backend-group-member.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, group) in mesh.of_role(Role::Group) {
        // One finding for each namespace that the group is used from: its first node stands for the others.
        let mut users: Vec<_> = mesh.referrers(id).collect();
        users.retain(|(user, _)| mesh.share_namespace(mesh.resource(*user), group).is_no());
        users.sort_unstable_by_key(|(user, _)| (&mesh.resource(*user).namespace, *user));
        users.dedup_by_key(|(user, _)| &mesh.resource(*user).namespace);
        for member in group.references.iter().filter(|member| member.is_relative) {
            for (user, listed) in &users {
                let is_there = match mesh.follow(*user, member) {
                    Target::Resolved(_) => true,
                    Target::Dangling(_) => false,
                    Target::OtherScope(_) | Target::External | Target::Unknown => continue,
                };
                out.push(misplaced(group, member, mesh.resource(*user), listed, is_there));
            }
        }
    }
}

fn misplaced(group: &Resource, member: &Reference, user: &Resource, listed: &Reference, is_there: bool) -> Draft {
    let name = &member.name;
    let text = |namespace: &Option<Name>| namespace.as_ref().map(ToString::to_string).unwrap_or_default();
    let (here, there) = (text(&group.namespace), text(&user.namespace));
    let what = if is_there { "is another service" } else { "leads nowhere" };
    let draft = Draft::new(
        "backend-group-member-namespace",
        format!("member `{name}` without a namespace {what} for {} in namespace `{there}`", user.title()),
    )
    .at(group.at(member.span), format!("looked up in `{there}`, not in `{here}`"))
    .at(user.at(listed.span), "the group is listed here")
    .help(format!("add `namespace: {here}` to the member"))
    .on(group.subject());
    if is_there {
        draft.severity(Severity::Warning).why(
            "a member without a namespace is looked up in that of the virtual node, where a service has the same name",
        )
    } else {
        draft.why("a member without a namespace is looked up in that of the virtual node, which is not created while the member is missing there")
    }
}
