//! Entra: tokens for ourselves, by secret, certificate or the machine's managed identity.

mod certificate;
mod source;

pub use certificate::{Certificate, CertificateError};
pub use source::{ACS, Credential, GRAPH, METADATA, TokenSource};
