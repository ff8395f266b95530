//! Microsoft Graph: meetings in a clerk's name.

mod client;
mod trouble;

pub use client::{ExternalMeeting, GraphClient};
#[cfg(test)]
pub(crate) use client::{deleted, made, updated};
pub use trouble::GraphTrouble;
