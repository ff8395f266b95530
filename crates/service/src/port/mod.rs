//! What the use cases need from outside.

mod bus;
mod clock;
mod engine;
mod entropy;
mod store;

pub use bus::{Bus, Change, LocalBus};
pub use clock::{Clock, FixedClock};
pub use engine::{EngineError, MeetingEngine, NoMeetings, SeatId};
pub use entropy::{Entropy, SeededEntropy};
pub use store::{
    AccountSecret, FiguresRow, Invited, NewConsultation, NewGuest, NewVisit, Reads, SessionRow, Store, StoreError,
    Writes,
};
