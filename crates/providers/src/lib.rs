//! The meeting engines behind the port of `anteroom-service`.

pub mod acs;
mod builtin;
pub mod entra;
#[cfg(test)]
mod fuzz;
pub mod graph;
pub mod http;
pub mod limit;
pub mod secret;
mod teams;

pub use builtin::Builtin;
pub use teams::{Teams, TeamsParts, is_chat_there, scopes};
