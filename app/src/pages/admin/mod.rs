//! What admins keep: branches, services and accounts. Each has a list with a form to add one, and a page of its own.

pub mod accounts;
pub mod branches;
mod first_steps;
mod found;
pub mod services;
pub mod teams;

pub use first_steps::FirstSteps;

use crate::components::Choice;

/// Names of time zones as people read them.
fn zone_choices(zones: Vec<String>) -> Vec<Choice> {
    zones
        .into_iter()
        .map(|name| Choice::new(name.clone(), name.replace('_', " ")))
        .collect()
}
