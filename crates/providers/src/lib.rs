//! The meeting engines behind the port of `anteroom-service`.

pub mod acs;
mod builtin;
pub mod entra;
pub mod http;
pub mod limit;
pub mod secret;

pub use builtin::Builtin;
