//! Thin wrappers of the browser's functions that a meeting needs. Compiled for the browser only.

pub mod alert;
pub mod clock;
pub mod devices;
pub mod meter;
pub mod preference;
pub mod reach;
pub mod session;
pub mod wake;
