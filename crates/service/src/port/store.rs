use async_trait::async_trait;

use super::repository::{
    ReadAccounts, ReadBranches, ReadConsultationLists, ReadConsultations, ReadEvents, ReadFigures, ReadGuests,
    ReadIdentities, ReadInvitations, ReadJobs, ReadMessages, ReadRegistrations, ReadServices, ReadSessions,
    ReadSettings, ReadSignIns, ReadVisits, WriteAccounts, WriteBranches, WriteConsultations, WriteEvents, WriteGuests,
    WriteIdentities, WriteInvitations, WriteJobs, WriteMessages, WriteRegistrations, WriteServices, WriteSessions,
    WriteSettings, WriteSignIns, WriteVisits,
};

/// What the database refuses, by the name of the rule that it broke.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The host has another consultation in that stretch of time, with what is kept free around both.
    #[error("the host is busy at that time")]
    HostBusy,
    /// Another account has the e-mail address.
    #[error("that e-mail address has an account")]
    EmailTaken,
    /// Another branch has the name, or another service of the same branch.
    #[error("that name is taken")]
    NameTaken,
    /// Too many others are reading or writing; nothing was done.
    #[error("the database has no place at this moment")]
    Busy,
    /// Anything else, with its cause: the disk or the database failed, or a rule was broken that has no variant here.
    #[error("the database failed")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

pub(super) type Result<T> = std::result::Result<T, StoreError>;

/// Where everything is kept. A unit of work *is* a transaction: what [`Store::write`] gives holds the one writer's place
/// from its first statement; dropped without [`Writes::commit`] it has done nothing.
#[async_trait]
pub trait Store: Send + Sync {
    /// One consistent view of the data.
    async fn read(&self) -> Result<Box<dyn Reads>>;
    /// The same, for what looks at many rows (lists, figures, files): it has places of its own, so that it never takes
    /// the one that a guest's page waits for.
    async fn read_many(&self) -> Result<Box<dyn Reads>>;
    /// Begins a unit of work. Waits for the one writer's place; [`StoreError::Busy`] if it does not become free in
    /// time.
    async fn write(&self) -> Result<Box<dyn Writes>>;
    /// Can it be written at all?
    async fn check(&self) -> Result<()>;
}

/// Look-ups. What is not there is `None`, not an error.
pub trait Reads:
    ReadBranches
    + ReadServices
    + ReadAccounts
    + ReadSessions
    + ReadSignIns
    + ReadConsultations
    + ReadConsultationLists
    + ReadGuests
    + ReadInvitations
    + ReadRegistrations
    + ReadVisits
    + ReadMessages
    + ReadEvents
    + ReadFigures
    + ReadIdentities
    + ReadJobs
    + ReadSettings
{
}

/// Changes, all or nothing.
#[async_trait]
pub trait Writes:
    Reads
    + WriteBranches
    + WriteServices
    + WriteAccounts
    + WriteSessions
    + WriteSignIns
    + WriteConsultations
    + WriteGuests
    + WriteInvitations
    + WriteRegistrations
    + WriteVisits
    + WriteMessages
    + WriteEvents
    + WriteIdentities
    + WriteJobs
    + WriteSettings
{
    /// Keeps all that was done, at once and for good.
    async fn commit(self: Box<Self>) -> Result<()>;
}
