//! What the use cases need from outside.

mod bus;
mod clock;
mod engine;
mod entropy;
mod store;

pub use bus::{Announced, Bus, Change, LocalBus};
pub use clock::{Clock, FixedClock};
pub use engine::{
    Effect, EngineError, EngineOff, Issued, JoinRequest, MeetingEngine, NOT_NOW, NoMeetings, OnPosition, QueueTicket,
    SeatId,
};
pub use entropy::{Entropy, SeededEntropy};
pub use store::{
    AccountSecret, Attempt, Clash, DueIdentity, Errand, ErrandKind, ExportRow, FiguresRow, Invited, LastChange,
    NewConsultation, NewGuest, NewPassword, NewVisit, Reads, RoomVisit, SessionRow, Sessions, Store, StoreError,
    UsageRow, Writes,
};
