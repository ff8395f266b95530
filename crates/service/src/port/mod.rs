//! What the use cases need from outside.

mod bus;
mod clock;
mod entropy;
mod meetings;
mod provisioning;
pub mod repository;
mod store;

pub use bus::{Announced, Bus, Change, LocalBus};
pub use clock::{Clock, FixedClock};
pub use entropy::{Entropy, SeededEntropy};
pub use meetings::{
    Effect, EngineError, EngineOff, Issued, JoinRequest, Meetings, NoMeetings, OnPosition, QueueTicket, SeatId,
};
pub use provisioning::Provisioning;
pub use repository::{
    AccountSecret, Attempt, Clash, ExportRow, FiguresRow, Invited, LastChange, NewConsultation, NewGuest, NewPassword,
    NewVisit, RoomVisit, SessionRow, Sessions, UsageRow,
};
pub use store::{Reads, Store, StoreError, Writes};
