//! Entra: tokens for ourselves, by secret, certificate or the machine's managed identity.

mod certificate;
mod code;
mod resource;
mod source;

pub use certificate::{Certificate, CertificateError};
pub use code::what_to_do;
pub use resource::{ACS, GRAPH, acs_of, graph_of};
#[cfg(test)]
pub(crate) use source::read;
pub use source::{Credential, METADATA, TokenSource};
