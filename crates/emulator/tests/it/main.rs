//! The emulator from outside, over the wire.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may stop on surprise"
)]

mod common;
mod entra;
mod faults;
mod graph;
mod identity;
