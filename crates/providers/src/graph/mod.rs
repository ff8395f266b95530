//! Microsoft Graph: meetings in a clerk's name.

mod client;
mod trouble;

pub use client::{GraphClient, OnlineMeeting};
pub use trouble::GraphTrouble;
