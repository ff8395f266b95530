//! What the use cases need from outside.

mod bus;
mod clock;
mod engine;
mod entropy;
pub mod repository;
mod store;

pub use bus::{Announced, Bus, Change, LocalBus};
pub use clock::{Clock, FixedClock};
pub use engine::{
    Effect, EngineError, EngineOff, Issued, JoinRequest, MeetingEngine, NOT_NOW, NoMeetings, OnPosition, QueueTicket,
    SeatId,
};
pub use entropy::{Entropy, SeededEntropy};
pub use repository::{
    AccountSecret, Attempt, Clash, ExportRow, FiguresRow, Invited, LastChange, NewConsultation, NewGuest, NewPassword,
    NewVisit, RoomVisit, SessionRow, Sessions, UsageRow,
};
pub use store::{Reads, Store, StoreError, Writes};
