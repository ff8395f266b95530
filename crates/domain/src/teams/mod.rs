//! What Microsoft Teams means to us: where meetings are, how they end, what they cost.

pub mod cost;
pub mod end_code;
pub mod link;
