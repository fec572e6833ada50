//! Rules about App Mesh alone.

pub(super) mod malformed_account_id;
pub(super) mod malformed_arn;
