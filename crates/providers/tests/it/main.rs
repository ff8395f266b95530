//! The clients against the emulator, over the wire.

mod common;
mod entra;
mod faults;
mod graph;
mod identity;
