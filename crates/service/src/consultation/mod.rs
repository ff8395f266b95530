//! Scheduling, changing, cancelling and looking up consultations.

mod cancel;
mod change;
mod guest;
mod look;
mod schedule;
mod stale;

pub use schedule::Scheduled;
pub(crate) use schedule::invitation_ends;
