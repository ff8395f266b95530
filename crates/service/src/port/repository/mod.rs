//! What is stored, by noun: a small trait for reading and one for writing. A reader or writer of the store has all of them.

mod account;
mod branch;
mod consultation;
mod consultation_list;
mod event;
mod figures;
mod guest;
mod identity;
mod invitation;
mod job;
mod message;
mod registration;
mod service;
mod session;
mod setting;
mod sign_in;
mod visit;

pub use account::{AccountSecret, NewPassword, ReadAccounts, WriteAccounts};
pub use branch::{ReadBranches, WriteBranches};
pub use consultation::{Clash, NewConsultation, ReadConsultations, WriteConsultations};
pub use consultation_list::{ExportRow, ReadConsultationLists};
pub use event::{LastChange, ReadEvents, WriteEvents};
pub use figures::{FiguresRow, ReadFigures};
pub use guest::{NewGuest, ReadGuests, WriteGuests};
pub use identity::{ReadIdentities, RetiredIdentity, UsageRow, WriteIdentities};
pub use invitation::{Invited, ReadInvitations, WriteInvitations};
pub use job::{LeasedJob, NewJob, ReadJobs, WriteJobs};
pub use message::{ReadMessages, WriteMessages};
pub use registration::{ReadRegistrations, WriteRegistrations};
pub use service::{ReadServices, WriteServices};
pub use session::{ReadSessions, SessionRow, Sessions, WriteSessions};
pub use setting::{ReadSettings, WriteSettings};
pub use sign_in::{Attempt, ReadSignIns, WriteSignIns};
pub use visit::{NewVisit, ReadVisits, RoomVisit, WriteVisits};
