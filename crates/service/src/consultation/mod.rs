//! Scheduling, changing, cancelling and looking up consultations.

mod cancel;
mod change;
mod conflict;
mod guest;
mod query;
mod schedule;
mod unusual;

pub use cancel::Cancel;
pub use change::{Change, NoteOutcome};
pub use guest::ChangeGuest;
pub(crate) use schedule::invitation_ends;
pub use schedule::{Schedule, Scheduled};
