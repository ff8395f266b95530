//! Signing in, and setting up.

pub mod set_up;
pub mod sign_in;
