//! What the meeting needs of a browser: thin wrappers, each of one thing. Compiled for the browser only.

pub mod alert;
pub mod clock;
pub mod devices;
pub mod meter;
pub mod preference;
pub mod reach;
pub mod session;
pub mod wake;
