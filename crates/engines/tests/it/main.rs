//! The clients against the emulator, over the wire.
#![expect(clippy::unwrap_used, reason = "helpers of tests may stop on surprise")]

mod common;
mod entra;
mod faults;
mod graph;
mod identity;
mod teams;
