//! Arriving, waiting, being let in, meeting, leaving. The lobby is ours: no engine decides who comes in.

mod finish;
mod join;
mod lobby;
mod room;
mod seat;
mod sweep;

pub use join::{Join, JoinError};
pub use room::{Room, WholeRoom};
pub use seat::Seat;
pub use sweep::Sweep;
