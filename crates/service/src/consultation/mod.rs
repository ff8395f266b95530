//! Scheduling, changing, cancelling and looking up consultations.

mod cancel;
mod change;
mod conflict;
mod guest;
mod query;
mod schedule;
mod unusual;

pub use schedule::Scheduled;
pub(crate) use schedule::invitation_ends;
