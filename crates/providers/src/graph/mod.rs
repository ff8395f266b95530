//! Microsoft Graph: meetings in a clerk's name.

mod client;
mod trouble;

pub use client::{GraphClient, OnlineMeeting};
#[cfg(test)]
pub(crate) use client::{deleted, made, updated};
pub use trouble::GraphTrouble;
