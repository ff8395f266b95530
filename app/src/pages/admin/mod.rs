//! What admins keep: branches, services and accounts. Each has a list with a form to add one, and a page of its own.

pub mod accounts;
pub mod branches;
mod first_steps;
mod found;
pub mod jobs;
pub mod services;
pub mod teams;

pub use first_steps::{FirstSteps, is_set_up};
