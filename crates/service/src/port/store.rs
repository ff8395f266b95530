use anteroom_domain::account::Account;
use anteroom_domain::chat::ChatMessage;
use anteroom_domain::consultation::{Conclusion, Consultation, ExternalMeeting, ProvisionedMeeting};
use anteroom_domain::event::{EventKind, NewEvent};
use anteroom_domain::figures::{Counts, Outcome, Range, Spread};
use anteroom_domain::guest::Guest;
use anteroom_domain::id::{AccountId, BranchId, ConsultationId, EventId, GuestId, ServiceId, SessionId, VisitId};
use anteroom_domain::organisation::{Branch, Engine, Service};
use anteroom_domain::time::Span;
use anteroom_domain::view::{
    ConsentVersion, ConsultationPage, ConsultationRow, FailedErrand, HistoryLine, ListQuery, OpenSession,
    OutstandingIdentity, Waiting,
};
use anteroom_domain::visit::{Role, Visit};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

/// What the database refuses, by the name of the rule that it broke.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the host is busy at that time")]
    HostBusy,
    #[error("that e-mail address has an account")]
    EmailTaken,
    #[error("that name is taken")]
    NameTaken,
    /// Too many others are reading or writing; nothing was done.
    #[error("the database has no place at this moment")]
    Busy,
    #[error("the database failed")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

type Result<T> = std::result::Result<T, StoreError>;

/// Where everything is kept. A unit of work *is* a transaction: what [`Store::write`] gives holds the one writer's place
/// from its first statement; dropped without [`Writes::commit`] it has done nothing.
#[async_trait]
pub trait Store: Send + Sync {
    /// One consistent view of the data.
    async fn read(&self) -> Result<Box<dyn Reads>>;
    /// The same, for what looks at many rows (lists, figures, files): it has places of its own, so that it never takes
    /// the one that a guest's page waits for.
    async fn read_many(&self) -> Result<Box<dyn Reads>>;
    async fn write(&self) -> Result<Box<dyn Writes>>;
    /// Can it be written at all?
    async fn check(&self) -> Result<()>;
}

#[derive(Clone, Debug)]
pub struct AccountSecret {
    pub account: Account,
    pub password_hash: String,
    /// Somebody else chose it: whoever has it must choose another before anything else.
    pub password_is_given: bool,
}

/// A password as it is stored.
#[derive(Clone, Debug)]
pub struct NewPassword {
    /// A PHC string.
    pub hash: String,
    pub is_given: bool,
}

/// The line of an attempt to sign in.
#[derive(Clone, Copy, Debug)]
pub struct Attempt(pub i64);

#[derive(Clone, Debug)]
pub struct SessionRow {
    pub id: SessionId,
    pub account: Account,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
}

/// Which of an account's sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sessions {
    All,
    One(SessionId),
    AllBut(SessionId),
}

/// Who changed a consultation last, with what.
#[derive(Clone, Debug)]
pub struct LastChange {
    pub event: EventId,
    /// None: a guest, or the system.
    pub by: Option<String>,
}

/// What a good invitation leads to.
#[derive(Clone, Debug)]
pub struct Invited {
    pub made_at: Timestamp,
    pub guest: Guest,
    pub consultation: Consultation,
}

/// One cell of the dashboard's breakdowns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiguresRow {
    /// Which of the days asked for, from 0.
    pub day: i64,
    pub branch: BranchId,
    pub service: ServiceId,
    pub host: AccountId,
    pub outcome: Outcome,
    /// Cancelled when it should have begun already.
    pub late: bool,
    pub count: i64,
}

#[derive(Clone, Debug)]
pub struct NewConsultation {
    pub service: Service,
    pub host: AccountId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub busy: Span,
    pub zone: anteroom_domain::time::Zone,
    pub notes: String,
    pub engine: Engine,
    pub meeting: Option<ExternalMeeting>,
    pub webinar: bool,
    pub created_by: AccountId,
    pub created_at: Timestamp,
}

/// A Teams identity that is to be deleted.
#[derive(Clone, Debug)]
pub struct DueIdentity {
    pub row: i64,
    pub identity: String,
    pub visit: VisitId,
    pub consultation: ConsultationId,
    pub guest: Option<GuestId>,
    pub attempts: i64,
}

/// What is to be done about a meeting outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrandKind {
    /// Make it, or move it to where the consultation is now.
    Prepare,
    Discard(ProvisionedMeeting),
}

#[derive(Clone, Debug)]
pub struct Errand {
    pub row: i64,
    pub kind: ErrandKind,
    pub consultation: ConsultationId,
    pub attempts: i64,
}

/// What guests used on Teams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    /// `2026-11`, in UTC, as Azure bills.
    pub month: String,
    pub branch: BranchId,
    pub consultations: i64,
    pub seconds: i64,
    pub messages: i64,
}

#[derive(Clone, Debug)]
pub struct NewGuest {
    pub consultation: ConsultationId,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub language: String,
    pub zone: anteroom_domain::time::Zone,
    pub role: Role,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewVisit {
    pub consultation: ConsultationId,
    pub guest: Option<GuestId>,
    pub account: Option<AccountId>,
    pub role: Role,
    pub name: String,
    pub token_hash: [u8; 32],
    /// In which a member of staff came.
    pub session: Option<SessionId>,
    pub arrived_at: Timestamp,
    pub admitted_at: Option<Timestamp>,
}

/// What stands in the way of another consultation.
#[derive(Clone, Debug)]
pub struct Clash {
    /// Who was invited first.
    pub guest: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// With what is kept free behind it.
    pub free_at: Timestamp,
}

/// A consultation as a file shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportRow {
    pub row: ConsultationRow,
    pub engine: Engine,
    /// Of its guests, the longest.
    pub waited: Option<SignedDuration>,
    /// From both sides being in to the end.
    pub length: Option<SignedDuration>,
    /// Of one guest the stars, of several their mean.
    pub rating: Option<f64>,
    /// How staff left it, and what they wrote down as what came of it.
    pub conclusion: Option<Conclusion>,
    pub outcome_note: String,
}

/// A visit as a room shows it.
#[derive(Clone, Debug)]
pub struct RoomVisit {
    pub visit: Visit,
    /// The name that the guest was invited by; None for staff.
    pub invited: Option<String>,
    /// Their e-mail address or phone number.
    pub contact: Option<String>,
}

/// Look-ups. What is not there is `None`, not an error.
#[async_trait]
pub trait Reads: Send {
    async fn branches(&mut self) -> Result<Vec<Branch>>;
    async fn branch(&mut self, id: BranchId) -> Result<Option<Branch>>;
    /// Active or not, by branch and name.
    async fn services(&mut self, branch: Option<BranchId>) -> Result<Vec<Service>>;
    async fn service(&mut self, id: ServiceId) -> Result<Option<Service>>;
    /// Every version of what guests of this service were asked to agree to, the newest first.
    async fn consents(&mut self, service: ServiceId) -> Result<Vec<ConsentVersion>>;

    async fn accounts(&mut self, branch: Option<BranchId>) -> Result<Vec<Account>>;
    async fn account(&mut self, id: AccountId) -> Result<Option<Account>>;
    async fn account_by_email(&mut self, email: &str) -> Result<Option<AccountSecret>>;
    /// Is there an active admin at all?
    async fn has_admin(&mut self) -> Result<bool>;
    async fn session(&mut self, secret_hash: &[u8; 32]) -> Result<Option<SessionRow>>;
    /// The last used first.
    async fn sessions_of(&mut self, account: AccountId) -> Result<Vec<OpenSession>>;
    async fn knows_browser(&mut self, secret_hash: &[u8; 32], account: AccountId) -> Result<bool>;
    async fn sign_in_failures(&mut self, key_hash: &[u8; 32], since: Timestamp) -> Result<i64>;

    async fn consultation(&mut self, id: ConsultationId) -> Result<Option<Consultation>>;
    async fn consultations(&mut self, query: &ListQuery) -> Result<ConsultationPage>;
    /// The same without pages, for a file.
    async fn export(&mut self, query: &ListQuery) -> Result<Vec<ExportRow>>;
    /// Everything that starts in the span, by start; not paged: a day is small.
    async fn day(&mut self, branch: Option<BranchId>, span: Span) -> Result<Vec<ConsultationRow>>;
    /// What the host has that keeps them busy in this span, the first of it.
    async fn clash(&mut self, host: AccountId, span: Span, except: Option<ConsultationId>) -> Result<Option<Clash>>;
    /// What keeps the host busy between these instants, `except` one consultation.
    async fn busy(&mut self, host: AccountId, span: Span, except: Option<ConsultationId>) -> Result<Vec<Span>>;
    async fn history(&mut self, consultation: ConsultationId) -> Result<Vec<HistoryLine>>;
    /// The start that it had then, where it was moved since.
    async fn start_before(&mut self, consultation: ConsultationId, at: Timestamp) -> Result<Option<Timestamp>>;
    /// The newest event that changed what its form shows.
    async fn last_change(&mut self, consultation: ConsultationId) -> Result<Option<LastChange>>;
    /// Not yet final and past their end at `now`.
    async fn overdue(&mut self, now: Timestamp) -> Result<Vec<Consultation>>;
    /// Live and past their planned end at `now`, with no open visit of one of the sides.
    async fn one_sided(&mut self, now: Timestamp) -> Result<Vec<Consultation>>;

    async fn guests(&mut self, consultation: ConsultationId) -> Result<Vec<Guest>>;
    async fn guest(&mut self, id: GuestId) -> Result<Option<Guest>>;
    /// None for unknown, expired and revoked alike.
    async fn invitation(&mut self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<Invited>>;
    /// What a good registration link is for; None for unknown, over and revoked alike.
    async fn registration(&mut self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<Consultation>>;
    async fn has_registration(&mut self, consultation: ConsultationId, now: Timestamp) -> Result<bool>;
    /// Is there a link that lets this guest in?
    async fn holds_link(&mut self, guest: GuestId, now: Timestamp) -> Result<bool>;
    /// Guests of this role who are expected and hold a good link.
    async fn taken_seats(&mut self, consultation: ConsultationId, role: Role, now: Timestamp) -> Result<i64>;
    /// Did they register when an attendee had been put out, who still is?
    async fn registered_after_a_removal(&mut self, guest: GuestId, consultation: ConsultationId) -> Result<bool>;
    async fn good_invitations(&mut self, consultation: ConsultationId, now: Timestamp) -> Result<i64>;

    async fn visit(&mut self, id: VisitId) -> Result<Option<Visit>>;
    async fn visit_by_token(&mut self, token_hash: &[u8; 32]) -> Result<Option<Visit>>;
    async fn visits(&mut self, consultation: ConsultationId) -> Result<Vec<Visit>>;
    /// The open ones, and the last one of each guest who was declined or removed and is so still; by id.
    async fn room_visits(&mut self, consultation: ConsultationId) -> Result<Vec<RoomVisit>>;
    /// Of all consultations.
    async fn open_visits(&mut self) -> Result<Vec<VisitId>>;
    /// As staff, taken in these sessions. Where it is one, also what was taken in those that are over.
    async fn open_visits_of(&mut self, account: AccountId, sessions: Sessions) -> Result<Vec<Visit>>;
    /// How many visits of this guest began after `since`.
    async fn arrivals(&mut self, guest: GuestId, since: Timestamp) -> Result<i64>;
    /// Open visits whose socket has been gone since before `before`.
    async fn lost_visits(&mut self, before: Timestamp) -> Result<Vec<Visit>>;
    async fn waiting(&mut self, branch: Option<BranchId>) -> Result<Vec<Waiting>>;
    async fn messages(&mut self, consultation: ConsultationId, most: u32) -> Result<Vec<ChatMessage>>;

    /// Counts by day, branch, service, host and outcome. `days` are the boundaries, one more than there are days.
    async fn counts(&mut self, range: &Range, days: &[Timestamp]) -> Result<Vec<FiguresRow>>;
    async fn waits(&mut self, range: &Range, span: Span) -> Result<Spread>;
    async fn lengths(&mut self, range: &Range, span: Span) -> Result<Spread>;
    /// Did exactly this happen to this visit since then?
    async fn has_happened(
        &mut self,
        consultation: ConsultationId,
        visit: VisitId,
        kind: &EventKind,
        since: Timestamp,
    ) -> Result<bool>;
    async fn newest_event(&mut self) -> Result<EventId>;

    /// The identity that this visit has now.
    async fn identity_of(&mut self, visit: VisitId) -> Result<Option<String>>;
    /// How many identities this guest was given, or may have been given, since then.
    async fn identities_since(&mut self, consultation: ConsultationId, guest: GuestId, since: Timestamp)
    -> Result<i64>;
    async fn due_identities(&mut self, now: Timestamp, most: u32) -> Result<Vec<DueIdentity>>;
    /// The first of them, by what needs attention, and how many there are in all.
    async fn outstanding_identities(&mut self, branch: Option<BranchId>) -> Result<(Vec<OutstandingIdentity>, i64)>;
    /// The branch of an identity that nobody knows to exist or not, and no admin has taken note of.
    async fn unsure_identity(&mut self, row: i64) -> Result<Option<BranchId>>;
    async fn due_errands(&mut self, now: Timestamp, most: u32) -> Result<Vec<Errand>>;
    /// The first of them, and how many there are in all.
    async fn failed_errands(&mut self, branch: Option<BranchId>) -> Result<(Vec<FailedErrand>, i64)>;
    /// How many meetings of this consultation were discarded, or are to be.
    async fn discarded_meetings(&mut self, consultation: ConsultationId) -> Result<i64>;
    /// By month, newest first, and branch; of one consultation where it is given.
    async fn teams_usage(
        &mut self,
        branch: Option<BranchId>,
        consultation: Option<ConsultationId>,
        now: Timestamp,
    ) -> Result<Vec<UsageRow>>;
    async fn setting(&mut self, name: &str) -> Result<Option<String>>;
}

/// Changes, all or nothing.
#[async_trait]
pub trait Writes: Reads {
    async fn commit(self: Box<Self>) -> Result<()>;
    async fn append(&mut self, event: NewEvent) -> Result<()>;

    async fn add_branch(&mut self, branch: &Branch, at: Timestamp) -> Result<BranchId>;
    async fn save_branch(&mut self, branch: &Branch) -> Result<()>;
    async fn add_service(&mut self, service: &Service, at: Timestamp) -> Result<ServiceId>;
    async fn save_service(&mut self, service: &Service) -> Result<()>;
    /// What guests agree to from now on; empty for nothing. The same text again is no new version.
    async fn set_consent(&mut self, service: ServiceId, text: &str, at: Timestamp) -> Result<()>;
    async fn add_account(&mut self, account: &Account, password: &NewPassword, at: Timestamp) -> Result<AccountId>;
    async fn save_account(&mut self, account: &Account) -> Result<()>;
    async fn set_password(&mut self, account: AccountId, password: &NewPassword) -> Result<()>;

    async fn add_session(
        &mut self,
        secret_hash: &[u8; 32],
        account: AccountId,
        browser: &str,
        at: Timestamp,
    ) -> Result<SessionId>;
    async fn touch_session(&mut self, secret_hash: &[u8; 32], at: Timestamp) -> Result<()>;
    async fn end_sessions(&mut self, account: AccountId, sessions: Sessions) -> Result<()>;
    /// What was taken in one session is the other's from now on.
    async fn pass_seats_on(&mut self, from: SessionId, to: SessionId) -> Result<()>;
    async fn forget_sessions_before(&mut self, created: Timestamp, seen: Timestamp) -> Result<()>;
    /// A browser in which this account signs in; one that it knows already is kept from now on for as long again.
    async fn keep_known_browser(&mut self, secret_hash: &[u8; 32], account: AccountId, at: Timestamp) -> Result<()>;
    /// All of them, but for the one that is named.
    async fn forget_browsers_of(&mut self, account: AccountId, but: Option<&[u8; 32]>) -> Result<()>;
    async fn forget_browsers_before(&mut self, before: Timestamp) -> Result<()>;
    async fn add_sign_in_failure(&mut self, key_hash: &[u8; 32], at: Timestamp) -> Result<Attempt>;
    async fn drop_sign_in_failure(&mut self, attempt: Attempt) -> Result<()>;
    async fn forget_sign_in_failures(&mut self, before: Timestamp) -> Result<()>;

    /// Refused with [`StoreError::HostBusy`] by the schema, whatever was read before.
    async fn add_consultation(&mut self, new: &NewConsultation) -> Result<ConsultationId>;
    /// The whole row; the host's busy stretch with it.
    async fn save_consultation(&mut self, consultation: &Consultation, busy: Option<Span>) -> Result<()>;
    async fn add_guest(&mut self, new: &NewGuest) -> Result<GuestId>;
    async fn save_guest(&mut self, guest: &Guest) -> Result<()>;
    async fn add_invitation(
        &mut self,
        guest: GuestId,
        secret_hash: &[u8; 32],
        at: Timestamp,
        valid_until: Timestamp,
    ) -> Result<()>;
    async fn add_registration(
        &mut self,
        consultation: ConsultationId,
        secret_hash: &[u8; 32],
        at: Timestamp,
        valid_until: Timestamp,
    ) -> Result<()>;
    async fn revoke_registrations(&mut self, consultation: ConsultationId, at: Timestamp) -> Result<()>;
    async fn extend_invitations(&mut self, consultation: ConsultationId, valid_until: Timestamp) -> Result<()>;
    async fn extend_registrations(&mut self, consultation: ConsultationId, valid_until: Timestamp) -> Result<()>;
    async fn revoke_invitations(&mut self, guest: GuestId, at: Timestamp) -> Result<()>;

    async fn add_visit(&mut self, new: &NewVisit) -> Result<VisitId>;
    async fn save_visit(&mut self, visit: &Visit) -> Result<()>;
    /// A new token for an open visit: the old one is worth nothing from now on.
    async fn set_visit_token(
        &mut self,
        visit: VisitId,
        token_hash: &[u8; 32],
        session: Option<SessionId>,
    ) -> Result<()>;
    /// After a restart no socket is open.
    async fn disconnect_all_visits(&mut self, at: Timestamp) -> Result<()>;

    async fn add_message(&mut self, visit: &Visit, text: &str, at: Timestamp) -> Result<ChatMessage>;
    async fn trim_messages(&mut self, consultation: ConsultationId, most: u32) -> Result<()>;
    async fn delete_messages(&mut self, consultation: ConsultationId) -> Result<()>;

    /// Writes down that an identity is being asked for; answers its row.
    async fn begin_identity(&mut self, visit: VisitId, at: Timestamp) -> Result<i64>;
    async fn name_identity(&mut self, row: i64, identity: &str) -> Result<()>;
    /// No answer came that says whether one was made.
    async fn doubt_identity(&mut self, row: i64, at: Timestamp) -> Result<()>;
    /// After a restart no answer comes any more.
    async fn doubt_asked_identities(&mut self, at: Timestamp) -> Result<()>;
    /// An admin has taken note of one that may exist.
    async fn acknowledge_identity(&mut self, row: i64, at: Timestamp) -> Result<()>;
    /// It is known that none was made.
    async fn drop_identity(&mut self, row: i64) -> Result<()>;
    /// The visit is over: what it was given is to be deleted.
    async fn retire_identities(&mut self, visit: VisitId, at: Timestamp) -> Result<()>;
    /// False where it was already: two rounds may have come to it at once.
    async fn identity_deleted(&mut self, row: i64, at: Timestamp) -> Result<bool>;
    async fn identity_failed(&mut self, row: i64, why: &str, again_at: Timestamp) -> Result<()>;

    async fn add_errand(&mut self, consultation: ConsultationId, kind: &ErrandKind, due_at: Timestamp) -> Result<()>;
    async fn errand_done(&mut self, row: i64, at: Timestamp) -> Result<()>;
    async fn errand_failed(&mut self, row: i64, why: &str, again_at: Timestamp) -> Result<()>;
    async fn set_setting(&mut self, name: &str, value: &str) -> Result<()>;
}

/// Sums of [`FiguresRow`]s.
impl FiguresRow {
    pub fn add_to(&self, counts: &mut Counts) {
        counts.add(self.outcome, self.count);
        if self.late {
            counts.cancelled_late += self.count;
        }
    }
}
