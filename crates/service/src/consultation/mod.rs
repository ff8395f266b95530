//! Scheduling, changing, cancelling and looking up consultations.

mod cancel;
mod change;
mod look;
mod schedule;

pub use schedule::Scheduled;
pub(crate) use schedule::invitation_ends;
