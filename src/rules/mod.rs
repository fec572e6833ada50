//! The rules: one file each, listed in [`ALL`].
//!
//! A rule reads the mesh, or a fact that lowering noticed, and says what it thinks in [`Draft`]s. It
//! never sees YAML or files, and it cannot fail. What is said about a rule (severity, category, why,
//! examples) stands in its page under `rules/`, which is embedded here.

mod ambiguous_route;
mod appmesh;
mod bad_length;
mod dangling_reference;
mod dead_request;
mod duplicate_key;
mod duplicate_resource;
mod duplicate_route;
mod duplicate_target;
mod exactly_one_of;
mod group;
mod impossible_match;
mod inverted_range;
mod malformed_header_name;
mod malformed_path;
mod malformed_regex;
mod missing_catch_all;
mod missing_field;
mod needless_regex;
mod out_of_range;
mod page;
mod read_only_field;
mod refusal;
mod retired_api_version;
mod routes;
mod several_states;
mod shadowed_route;
mod status_in_manifest;
mod stolen_host;
mod stripped_prefix;
mod subject;
mod swallowed_sibling;
mod syntax;
mod uncovered_complement;
mod unexplained_ignore;
mod unknown_field;
mod unknown_rule_in_ignore;
mod unknown_value;
mod unreachable_route;
mod unused_ignore;
mod wording;
mod wrong_type;

pub use page::{Case, Page, Status};

use std::sync::OnceLock;

use crate::finding::{Draft, Fact, FileId, Place, Span, Subject};
use crate::mesh::Mesh;

/// Every rule, sorted by id. A test holds this list against `rules/` and `fixtures/`.
pub static ALL: &[&Rule] = &[
    &ambiguous_route::RULE,
    &appmesh::backend_group_member::RULE,
    &bad_length::RULE,
    &appmesh::bad_weights::RULE,
    &appmesh::captured_egress::RULE,
    &appmesh::circular_template::RULE,
    &appmesh::clashing_backends::RULE,
    &appmesh::cross_mesh_reference::RULE,
    &appmesh::dangling_proxy_identity::RULE,
    &dangling_reference::RULE,
    &dead_request::RULE,
    &appmesh::duplicate_aws_name::RULE,
    &appmesh::duplicate_backend::RULE,
    &duplicate_key::RULE,
    &appmesh::duplicate_listener_port::RULE,
    &duplicate_resource::RULE,
    &duplicate_route::RULE,
    &duplicate_target::RULE,
    &appmesh::empty_mesh_selector::RULE,
    &appmesh::empty_pod_selector::RULE,
    &exactly_one_of::RULE,
    &appmesh::external_node_with_pods::RULE,
    &appmesh::few_retries::RULE,
    &appmesh::fixed_name::RULE,
    &appmesh::foreign_certificate::RULE,
    &appmesh::foreign_mesh_arn::RULE,
    &appmesh::gated_backend_group::RULE,
    &appmesh::gateway_in_other_mesh::RULE,
    &appmesh::gateway_with_proxy_configuration::RULE,
    &appmesh::gateway_without_envoy_container::RULE,
    &appmesh::gateway_without_routes::RULE,
    &appmesh::grpc_method_without_service::RULE,
    &appmesh::hand_set_credentials::RULE,
    &appmesh::hasty_application::RULE,
    &appmesh::hasty_rollout::RULE,
    &appmesh::ignored_annotation::RULE,
    &appmesh::ignored_ip_preference::RULE,
    &appmesh::ignored_scheme::RULE,
    &impossible_match::RULE,
    &appmesh::injection_annotation_without_label::RULE,
    &inverted_range::RULE,
    &appmesh::lax_tls_mode::RULE,
    &appmesh::malformed_account_id::RULE,
    &appmesh::malformed_alternative_name::RULE,
    &appmesh::malformed_annotation::RULE,
    &appmesh::malformed_arn::RULE,
    &appmesh::malformed_discovery::RULE,
    &appmesh::malformed_grpc_service::RULE,
    &malformed_header_name::RULE,
    &appmesh::malformed_hostname::RULE,
    &appmesh::malformed_injection_value::RULE,
    &appmesh::malformed_name::RULE,
    &malformed_path::RULE,
    &appmesh::malformed_proxy_configuration::RULE,
    &appmesh::malformed_proxy_identity::RULE,
    &malformed_regex::RULE,
    &appmesh::malformed_rewrite::RULE,
    &appmesh::malformed_selector::RULE,
    &appmesh::mismatched_app_ports::RULE,
    &appmesh::mismatched_container_port::RULE,
    &appmesh::mismatched_health_check::RULE,
    &appmesh::mismatched_listener_setting::RULE,
    &appmesh::mismatched_load_balancer::RULE,
    &appmesh::mismatched_protocol::RULE,
    &appmesh::mismatched_proxy_user::RULE,
    &appmesh::mismatched_service_port::RULE,
    &appmesh::mismatched_service_selector::RULE,
    &appmesh::mismatched_trust::RULE,
    &appmesh::misplaced_annotation::RULE,
    &appmesh::missing_alternative_names::RULE,
    &missing_catch_all::RULE,
    &appmesh::missing_client_certificate::RULE,
    &appmesh::missing_cluster_service::RULE,
    &appmesh::missing_dependency::RULE,
    &appmesh::missing_discovery::RULE,
    &missing_field::RULE,
    &appmesh::missing_gateway_selector::RULE,
    &appmesh::missing_health_check::RULE,
    &appmesh::missing_injection_label::RULE,
    &appmesh::missing_listener::RULE,
    &appmesh::missing_mesh_selector::RULE,
    &appmesh::missing_pod_selector::RULE,
    &appmesh::missing_port::RULE,
    &appmesh::namespace_in_several_meshes::RULE,
    &appmesh::namespace_without_mesh::RULE,
    &needless_regex::RULE,
    &appmesh::odd_health_check_path::RULE,
    &appmesh::one_sided_timeout::RULE,
    &appmesh::open_egress::RULE,
    &out_of_range::RULE,
    &appmesh::outdated_envoy::RULE,
    &appmesh::over_quota::RULE,
    &appmesh::overlapping_health_checks::RULE,
    &appmesh::parked_target::RULE,
    &appmesh::plaintext_probe::RULE,
    &appmesh::pod_in_several_nodes::RULE,
    &appmesh::pod_with_envoy_container::RULE,
    &appmesh::pod_without_node::RULE,
    &appmesh::privileged_port::RULE,
    &appmesh::proxy_without_exceptions::RULE,
    &read_only_field::RULE,
    &appmesh::relative_discovery_name::RULE,
    &appmesh::reserved_path::RULE,
    &appmesh::reserved_port::RULE,
    &retired_api_version::RULE,
    &appmesh::retry_over_timeout::RULE,
    &appmesh::retry_without_events::RULE,
    &appmesh::route_in_several_gateways::RULE,
    &appmesh::route_without_gateway::RULE,
    &appmesh::router_without_routes::RULE,
    &appmesh::sds_without_socket::RULE,
    &appmesh::selector_without_pods::RULE,
    &appmesh::self_backend::RULE,
    &appmesh::server_first_protocol::RULE,
    &appmesh::service_ended::RULE,
    &appmesh::service_without_provider::RULE,
    &several_states::RULE,
    &appmesh::several_tracers::RULE,
    &shadowed_route::RULE,
    &appmesh::shared_discovery::RULE,
    &status_in_manifest::RULE,
    &stolen_host::RULE,
    &stripped_prefix::RULE,
    &swallowed_sibling::RULE,
    &syntax::RULE,
    &appmesh::tls_to_plain_listener::RULE,
    &appmesh::too_many_replicas::RULE,
    &uncovered_complement::RULE,
    &unexplained_ignore::RULE,
    &appmesh::unknown_annotation::RULE,
    &unknown_field::RULE,
    &appmesh::unknown_port::RULE,
    &unknown_rule_in_ignore::RULE,
    &unknown_value::RULE,
    &appmesh::unlimited_timeout::RULE,
    &appmesh::unlisted_backend::RULE,
    &appmesh::unlisted_server_name::RULE,
    &appmesh::unmatched_policy_ports::RULE,
    &appmesh::unmounted_certificate::RULE,
    &appmesh::unreachable_node::RULE,
    &unreachable_route::RULE,
    &appmesh::unregistered_endpoint::RULE,
    &appmesh::unresolvable_service_name::RULE,
    &appmesh::unsafe_retry::RULE,
    &appmesh::unused_client_certificate::RULE,
    &unused_ignore::RULE,
    &appmesh::unused_router::RULE,
    &appmesh::unused_service::RULE,
    &appmesh::unusual_proxy_port::RULE,
    &appmesh::unvalidated_server::RULE,
    &appmesh::unwatched_proxy::RULE,
    &appmesh::useless_outlier_detection::RULE,
    &appmesh::weakened_client_policy::RULE,
    &appmesh::wrong_template_reference::RULE,
    &wrong_type::RULE,
];

/// Turns a fact into words.
pub type SayFact = fn(&Fact, &Spot<'_>) -> Draft;

/// Judges the finished mesh.
pub type CheckMesh = fn(&Mesh, &mut Vec<Draft>);

/// Judges the finished mesh by numbers that a user may set.
pub type CheckMeasured = fn(&Mesh, &Measures<'_>, &mut Vec<Draft>);

/// A number of a rule that a user may set.
#[derive(Debug)]
pub struct Measure {
    /// The name in a configuration.
    pub name: &'static str,
    /// What it is, in words.
    pub about: &'static str,
    /// What it is unless somebody sets it.
    pub default: u32,
}

/// The numbers of a rule in a run.
#[derive(Clone, Copy, Debug)]
pub struct Measures<'a> {
    known: &'static [Measure],
    given: &'a [(String, u32)],
}

impl Measures<'_> {
    /// The number of a name, and whether somebody has set it. A name that the rule does not have is a bug of the rule.
    #[must_use]
    pub fn get(&self, name: &str) -> (usize, bool) {
        let given = self.given.iter().rev().find(|(one, _)| one == name).map(|(_, value)| *value);
        let known = self.known.iter().find(|one| one.name == name);
        debug_assert!(known.is_some(), "`{name}` is no measure of the rule");
        (given.or(known.map(|one| one.default)).unwrap_or(u32::MAX) as usize, given.is_some())
    }
}

/// Judges the finished mesh by questions that may cost too much to be answered; gives how many were not.
pub type DecideMesh = fn(&Mesh, &mut Vec<Draft>) -> usize;

/// A decision that a user may want to take.
pub struct Rule {
    /// The name under which it is selected, ignored and explained; it never changes.
    pub id: &'static str,
    text: &'static str,
    page: OnceLock<Page>,
    /// Whether all of its cases are off by default, so that it need not run unless it is asked for.
    pub is_off_by_default: bool,
    /// How it words the facts that name it.
    pub facts: Option<SayFact>,
    /// How it judges the mesh.
    pub mesh: Option<CheckMesh>,
    /// How it judges what has to be decided.
    pub decide: Option<DecideMesh>,
    /// The numbers that a user may set.
    pub measures: &'static [Measure],
    /// How it judges the mesh by them.
    pub measured: Option<CheckMeasured>,
}

impl Rule {
    /// A rule with its page.
    #[must_use]
    pub const fn new(id: &'static str, text: &'static str) -> Self {
        Self {
            id,
            text,
            page: OnceLock::new(),
            is_off_by_default: false,
            facts: None,
            mesh: None,
            decide: None,
            measures: &[],
            measured: None,
        }
    }

    /// All cases of the rule are off by default. A test holds this against its page, which need not be read to know it.
    #[must_use]
    pub const fn when_selected(mut self) -> Self {
        self.is_off_by_default = true;
        self
    }

    /// The rule words facts.
    #[must_use]
    pub const fn facts(mut self, say: SayFact) -> Self {
        self.facts = Some(say);
        self
    }

    /// The rule judges the mesh.
    #[must_use]
    pub const fn mesh(mut self, check: CheckMesh) -> Self {
        self.mesh = Some(check);
        self
    }

    /// The rule judges the mesh by numbers that a user may set.
    #[must_use]
    pub(crate) const fn measures(mut self, measures: &'static [Measure], check: CheckMeasured) -> Self {
        self.measures = measures;
        self.measured = Some(check);
        self
    }

    /// The numbers of the rule, of which some are given.
    #[must_use]
    pub fn measured_by<'a>(&self, given: &'a [(String, u32)]) -> Measures<'a> {
        Measures { known: self.measures, given }
    }

    /// The rule decides questions about the mesh.
    #[must_use]
    pub(crate) const fn decides(mut self, decide: DecideMesh) -> Self {
        self.decide = Some(decide);
        self
    }

    /// The rule's page, parsed on first use.
    #[must_use]
    pub fn page(&self) -> &Page {
        self.page.get_or_init(|| Page::parse(self.id, self.text))
    }
}

/// Where a fact was noticed.
pub struct Spot<'a> {
    /// The file.
    pub file: FileId,
    /// The resource, where the document has one.
    pub subject: Option<&'a Subject>,
}

impl Spot<'_> {
    /// A span of the file as a place.
    #[must_use]
    pub const fn at(&self, span: Span) -> Place {
        Place::new(self.file, span)
    }
}

/// The rule of an id, or of one of its former ids.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    let known = ALL.binary_search_by(|rule| rule.id.cmp(id)).ok().map(|at| ALL[at]);
    known.or_else(|| ALL.iter().copied().find(|rule| rule.page().aliases.iter().any(|alias| alias == id)))
}
