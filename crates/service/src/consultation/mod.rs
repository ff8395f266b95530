//! Scheduling, changing, cancelling and looking up consultations.

mod cancel;
mod change;
mod guest;
mod look;
mod schedule;
mod stale;
mod unusual;

pub use schedule::Scheduled;
pub(crate) use schedule::invitation_ends;
