//! Read models: the data of pages. The server makes them, and the server and the browser render them.

use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::account::Account;
use crate::consultation::{Consultation, Stage, State};
use crate::event::Event;
use crate::figures::Outcome;
use crate::guest::{Admission, Declination, Guest};
use crate::id::{
    AccountId, BranchId, ConsentId, ConsultationId, EventId, GuestId, IdentityId, ServiceId, SessionId, VisitId,
};
use crate::organisation::{Branch, Consent, Contact, Engine, Service};
use crate::refusal::{ForeignMeeting, RegistrationClosed, TeamsOff};
use crate::teams::cost::{Estimate, Rates};
use crate::time::{OpeningHours, Zone};
use crate::trouble::Trouble;
use crate::visit::Role;
use crate::word::into_str;

/// One row of a list of consultations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultationRow {
    /// The consultation's id.
    pub id: ConsultationId,
    /// The planned start.
    pub starts_at: Timestamp,
    /// The planned end.
    pub ends_at: Timestamp,
    /// The zone in which the time was agreed.
    pub zone: Zone,
    /// The state.
    #[serde(flatten)]
    pub state: State,
    /// The name of the service.
    pub service: String,
    /// The name of the branch.
    pub branch: String,
    /// The host's account.
    pub host: AccountId,
    /// The host's name.
    pub host_name: String,
    /// The names of all guests, separated by commas.
    pub guests: String,
    /// The guest. None if there are several.
    pub only_guest: Option<GuestId>,
    /// How many participants wait in the lobby now, in ours or in Teams'.
    pub waiting: i64,
    /// When the first of them arrived.
    pub waiting_since: Option<Timestamp>,
    /// Since when all of them are without a connection. None if one of them is connected, or nobody waits.
    ///
    /// Their seats are kept for [`RESUME_SECONDS`](crate::visit::RESUME_SECONDS).
    pub waiting_lost_since: Option<Timestamp>,
    /// Whether somebody is in the room or in the lobby.
    pub occupied: bool,
}

/// The column by which a list of consultations is sorted. Equal values are sorted by start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Sort {
    /// The start.
    #[default]
    Start,
    /// The name of the first guest.
    Guest,
    /// The name of the service.
    Service,
    /// The name of the host.
    Host,
    /// The name of the state.
    State,
}

into_str!(Sort);

impl Sort {
    /// All columns, in the order of the list.
    pub const ALL: [Self; 5] = [Self::Start, Self::Guest, Self::Service, Self::Host, Self::State];
}

/// The query of a list of consultations: filters, order and page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery {
    /// Only consultations that start at this time or later.
    pub from: Option<Timestamp>,
    /// Only consultations that start before this time.
    pub until: Option<Timestamp>,
    /// Only this branch. None: all.
    pub branch: Option<BranchId>,
    /// Only this service. None: all.
    pub service: Option<ServiceId>,
    /// Only this host. None: all.
    pub host: Option<AccountId>,
    /// Only this outcome. None: all.
    pub outcome: Option<Outcome>,
    /// A part of a guest's name, e-mail address or telephone number. Empty: all.
    pub search: String,
    /// The column to sort by, unless [`Self::around`] is set.
    pub sort: Sort,
    /// Whether the order is descending.
    pub descending: bool,
    /// Sorts around this time: first the consultations that start then or later, the soonest first; after them the
    /// earlier ones, the latest first.
    pub around: Option<Timestamp>,
    /// The number of the page, from 1.
    pub page: u32,
}

/// How many consultations one page of a list shows.
pub const PAGE_SIZE: u32 = 25;

/// One page of a list of consultations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultationPage {
    /// The consultations, at most [`PAGE_SIZE`].
    pub rows: Vec<ConsultationRow>,
    /// How many consultations all pages have together.
    pub total: i64,
    /// The number of this page, from 1.
    pub page: u32,
}

/// A consultation with everything that staff may see of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultationDetails {
    /// The consultation.
    pub consultation: Consultation,
    /// Its service.
    pub service: Service,
    /// Its branch.
    pub branch: Branch,
    /// Its host.
    pub host: Account,
    /// All its guests.
    pub guests: Vec<Guest>,
    /// Its events.
    pub history: Vec<HistoryLine>,
    /// How many valid links its guests hold.
    pub links: i64,
    /// Whether people can register through a link.
    pub registration: bool,
    /// Whether people who register wait in the lobby: an attendee was removed, and might register again.
    pub registrants_wait: bool,
    /// The use of Teams by its guests. None on other engines, and before anybody used it.
    pub usage: Option<TeamsUsage>,
    /// Why its Teams meeting may not be used any more. None: it may.
    pub foreign: Option<ForeignMeeting>,
    /// The last change of what its form shows. See
    /// [`ConsultationForm::version`](crate::form::ConsultationForm::version).
    pub version: Option<EventId>,
    /// Whether somebody is in the room or in the lobby.
    pub occupied: bool,
    /// What is unusual about its time. Empty once the consultation is over.
    pub unusual: Vec<Unusual>,
}

/// Something unusual about a consultation's time. It may be meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unusual {
    /// It is on a Saturday.
    Saturday,
    /// It is on a Sunday.
    Sunday,
    /// It is outside of the branch's opening hours, which these are.
    OutsideHours(OpeningHours),
    /// For a guest it begins in the night.
    Night {
        /// The guest's name.
        guest: String,
        /// On the guest's clocks.
        time: Time,
    },
}

/// One line of a consultation's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// The event.
    pub event: Event,
    /// The name of the member of staff whom it concerns.
    pub account: Option<String>,
    /// The name of the member of staff who acted.
    pub by: Option<String>,
}

/// The abilities of this installation with Teams, as far as forms need to know them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamsOffer {
    /// Whether Teams is set up.
    pub on: bool,
    /// Why Teams is off. None if it is on.
    pub why_off: Option<TeamsOff>,
    /// Whether Graph can make meetings.
    pub graph: bool,
    /// Whether webinars are accepted.
    pub webinars: bool,
}

/// The admin's page about Teams.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamsOverview {
    /// The abilities of this installation with Teams.
    pub offer: TeamsOffer,
    /// How Microsoft's services answered last.
    pub health: Health,
    /// The Entra tenants whose meetings may be used, one a line. Empty: any tenant.
    pub tenants: String,
    /// The first few hundred identities that are not deleted yet. Those that need attention come first.
    pub outstanding: Vec<OutstandingIdentity>,
    /// How many identities are not deleted yet.
    pub outstanding_count: i64,
    /// The use by guests, by month and branch.
    pub usage: Vec<TeamsUsage>,
    /// The prices behind [`TeamsUsage::estimate`].
    pub rates: Rates,
}

/// How a provider answered last. Neither: it was not asked for anything since the server started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// When it last answered as it should.
    pub good: Option<Timestamp>,
    /// When it last did not, and why.
    pub bad: Option<(Timestamp, Trouble)>,
}

/// A Teams identity that is not deleted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutstandingIdentity {
    /// The id of the identity.
    pub id: IdentityId,
    /// The consultation that the identity was requested for.
    pub consultation: ConsultationId,
    /// When that consultation begins.
    pub starts_at: Timestamp,
    /// When the identity was requested.
    pub minted_at: Timestamp,
    /// The reason why it still exists.
    pub state: IdentityState,
    /// How often the deletion was tried.
    pub attempts: i64,
    /// Why the last attempt failed. None: none has.
    pub last_error: Option<Trouble>,
}

/// The reason why a Teams identity is not deleted yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdentityState {
    /// The deletion has failed so far.
    Failed,
    /// The identity was requested, and no answer said whether it exists. An admin must acknowledge that.
    Unsure,
    /// The deletion is about to be tried.
    Due,
    /// The request for the identity is under way.
    Asked,
    /// The guest who uses the identity has a seat.
    Used,
}

/// The use of Teams by guests, in one month and branch or in one consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamsUsage {
    /// The month in UTC, as Azure bills it: `2026-11`.
    pub month: String,
    /// The name of the branch.
    pub branch: String,
    /// How many consultations used Teams.
    pub consultations: i64,
    /// How long guests were in meetings and in Teams' lobby, in seconds.
    pub seconds: i64,
    /// How many chat messages guests sent.
    pub messages: i64,
    /// The estimate of Azure's charge.
    pub estimate: Estimate,
}

/// The choices that the forms of staff offer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// The branches.
    pub branches: Vec<Branch>,
    /// The services.
    pub services: Vec<Service>,
    /// The accounts that can host.
    pub hosts: Vec<Account>,
    /// The abilities of this installation with Teams.
    pub teams: TeamsOffer,
}

/// A participant in a lobby, as the header of every staff page lists them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The consultation.
    pub consultation: ConsultationId,
    /// The participant's visit.
    pub visit: VisitId,
    /// The participant's name.
    pub guest: String,
    /// The name of the service.
    pub service: String,
    /// The host's account.
    pub host: AccountId,
    /// The host's name.
    pub host_name: String,
    /// Since when the participant waits.
    pub since: Timestamp,
    /// Whether the participant waits in Teams' own lobby, where the clerk admits them in Teams.
    pub in_teams: bool,
}

/// The page behind a guest's own link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landing {
    /// A name for this link in the browser's storage. It opens nothing.
    pub key: String,
    /// The stage of the link: what it offers now.
    pub stage: Stage,
    /// The name of the service.
    pub service: String,
    /// The name of the branch.
    pub branch: String,
    /// The ways to reach the branch.
    pub contact: Contact,
    /// The opening hours of the branch.
    pub hours: OpeningHours,
    /// The host's name.
    pub host: String,
    /// The guest's name.
    pub guest: String,
    /// The guest's language, as a BCP 47 tag.
    pub language: String,
    /// The planned start.
    pub starts_at: Timestamp,
    /// The planned end.
    pub ends_at: Timestamp,
    /// The zone in which the guest reads times.
    pub zone: Zone,
    /// The zone in which the time was agreed.
    pub agreed_zone: Zone,
    /// The start at the time when this link was made. None if it is still the same.
    pub moved_from: Option<Timestamp>,
    /// The reason that was given with the cancellation. Empty: none, or not cancelled.
    pub cancel_reason: String,
    /// When the consultation was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// When a consultation that took place ended.
    pub ended_at: Option<Timestamp>,
    /// The host's decision, if it was to decline or remove this guest.
    pub kept_out: Option<Admission>,
    /// The consequence if this guest declines now. None if they can no longer decline.
    pub cant_come: Option<Declination>,
    /// Whether this guest said that they can't come.
    pub excused: bool,
    /// The guest's rating: 1 to 5 stars.
    pub rating: Option<u8>,
    /// Whether this guest was in the meeting.
    pub was_in: bool,
    /// The engine that carries the meeting.
    pub engine: Engine,
    /// The guest's role.
    pub role: Role,
    /// The text that the guest must agree to before they join. None: they are asked nothing.
    pub consent: Option<Consent>,
    /// The server's time.
    pub now: Timestamp,
}

/// One version of the text that a service asked its guests to agree to. Events name it by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentVersion {
    /// The id of this version.
    pub id: ConsentId,
    /// The text. Empty: from then on guests were asked nothing.
    pub text: String,
    /// When the version came into force.
    pub since: Timestamp,
}

/// The page behind a registration link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The name of the service.
    pub service: String,
    /// The name of the branch.
    pub branch: String,
    /// The ways to reach the branch.
    pub contact: Contact,
    /// The opening hours of the branch.
    pub hours: OpeningHours,
    /// The host's name.
    pub host: String,
    /// The planned start.
    pub starts_at: Timestamp,
    /// The planned end.
    pub ends_at: Timestamp,
    /// The zone in which the time was agreed.
    pub zone: Zone,
    /// Why people can't register. None: they can.
    pub closed: Option<RegistrationClosed>,
}

/// The consultations of one day, for a member of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The account of the reader.
    pub me: AccountId,
    /// The day that is shown.
    pub date: jiff::civil::Date,
    /// Today, in the reader's zone.
    pub today: jiff::civil::Date,
    /// The reader's zone, in which the day begins and ends.
    pub zone: Zone,
    /// The consultations that start on this day.
    pub rows: Vec<ConsultationRow>,
    /// The server's time.
    pub now: Timestamp,
}

/// One browser in which an account is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    /// The session's id.
    pub id: SessionId,
    /// The browser's description of itself, such as `Firefox on Windows`. Empty if it gives none.
    pub browser: String,
    /// When the owner signed in.
    pub since: Timestamp,
    /// When the session was last used.
    pub used_at: Timestamp,
    /// Whether the reader uses this very session.
    pub is_this: bool,
}
