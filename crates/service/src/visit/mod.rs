//! Arriving, waiting, being let in, meeting, leaving. The lobby is ours: no engine decides who comes in.

mod aftermath;
mod decide;
mod finish;
mod join;
mod room;
mod seat;
mod sweep;

pub use join::JoinError;
pub use room::{Room, WholeRoom};
pub use seat::Seat;
pub use sweep::Sweep;
