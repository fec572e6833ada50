//! Rules about App Mesh alone.
