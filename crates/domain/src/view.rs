//! What pages show: read models made by the server, shown by both sides.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::account::Account;
use crate::consultation::{Consultation, Stage, State};
use crate::event::Event;
use crate::figures::Outcome;
use crate::guest::{Admission, Declination, Guest};
use crate::id::{AccountId, BranchId, ConsentId, ConsultationId, EventId, GuestId, ServiceId, SessionId, VisitId};
use crate::organisation::{Branch, Consent, Contact, Engine, Service};
use crate::time::{OpeningHours, Zone};
use crate::visit::Role;

/// One line of a list of consultations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultationRow {
    pub id: ConsultationId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub zone: Zone,
    #[serde(flatten)]
    pub state: State,
    pub service: String,
    pub branch: String,
    pub host: AccountId,
    pub host_name: String,
    /// All guests' names, comma-separated.
    pub guests: String,
    /// The guest, where there is only one.
    pub only_guest: Option<GuestId>,
    /// How many wait in the lobby now, and since when the first of them does.
    pub waiting: i64,
    pub waiting_since: Option<Timestamp>,
    /// Since when none of those who wait has a connection. Their seats are kept for a minute.
    pub waiting_lost_since: Option<Timestamp>,
    /// Somebody is in the room or in the lobby.
    pub occupied: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Sort {
    #[default]
    Start,
    Guest,
    Service,
    Host,
    State,
}

impl Sort {
    pub const ALL: [Self; 5] = [Self::Start, Self::Guest, Self::Service, Self::Host, Self::State];
}

/// Which consultations, in which order, which page of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery {
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub branch: Option<BranchId>,
    pub service: Option<ServiceId>,
    pub host: Option<AccountId>,
    pub outcome: Option<Outcome>,
    /// Part of a guest's name, e-mail or phone.
    pub search: String,
    pub sort: Sort,
    pub descending: bool,
    /// In place of an order: what begins from then on stands first, the soonest first, and after it the rest, the latest
    /// first.
    pub around: Option<Timestamp>,
    /// From 1.
    pub page: u32,
}

pub const PAGE_SIZE: u32 = 25;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultationPage {
    pub rows: Vec<ConsultationRow>,
    pub total: i64,
    pub page: u32,
}

/// A consultation with everything that staff may see of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultationDetails {
    pub consultation: Consultation,
    pub service: Service,
    pub branch: Branch,
    pub host: Account,
    pub guests: Vec<Guest>,
    pub history: Vec<HistoryLine>,
    /// Good links that guests hold now.
    pub links: i64,
    /// Can people register through a link?
    pub registration: bool,
    /// An attendee was put out: whoever registers from then on waits in the lobby.
    pub registrants_wait: bool,
    /// What its guests used on Teams; None on other engines.
    pub usage: Option<TeamsUsage>,
    /// Why its meeting on Teams may not be used any more, where that is so.
    pub foreign: Option<String>,
    /// The newest change of what its form shows.
    pub version: Option<EventId>,
    /// Is anybody in the room or in the lobby?
    pub occupied: bool,
    /// What is unusual about its time, in sentences, while it is to come.
    pub unusual: Vec<String>,
}

/// An event, with the name of the member of staff who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    pub event: Event,
    pub by: Option<String>,
}

/// What the forms need to know of Teams here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamsOffer {
    pub on: bool,
    /// Why it is off, for an operator. Empty where it is on.
    pub why_off: String,
    /// Can meetings be made through Graph?
    pub graph: bool,
    /// Are webinars accepted?
    pub webinars: bool,
}

/// What an admin sees of Teams.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamsOverview {
    pub offer: TeamsOffer,
    /// In words: how the services answered last.
    pub health: Vec<String>,
    /// Tenants whose meetings may be used, one a line. Empty: any.
    pub tenants: String,
    /// What needs attention first; the first few hundred of [`Self::outstanding_count`].
    pub outstanding: Vec<OutstandingIdentity>,
    pub outstanding_count: i64,
    /// Errands that failed and are tried again; the first few hundred of [`Self::errand_count`].
    pub errands: Vec<FailedErrand>,
    pub errand_count: i64,
    pub usage: Vec<TeamsUsage>,
    pub estimate_note: String,
}

/// A Teams identity that is not deleted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutstandingIdentity {
    pub row: i64,
    pub consultation: ConsultationId,
    pub minted_at: Timestamp,
    pub state: IdentityState,
    pub attempts: i64,
    pub last_error: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdentityState {
    /// It is to be deleted, and that has not worked yet.
    Failed,
    /// It was asked for, and no answer came that says whether there is one. Until an admin takes note of it.
    Unsure,
    /// About to be deleted.
    Due,
    /// Being asked for at this moment.
    Asked,
    /// Of a guest who is seated.
    Used,
}

/// Work on a Teams meeting that Graph has not done yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedErrand {
    pub consultation: ConsultationId,
    pub kind: String,
    pub attempts: i64,
    pub last_error: String,
    pub due_at: Timestamp,
}

/// What guests used on Teams in one month and branch; Azure's months are UTC's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamsUsage {
    pub month: String,
    pub branch: String,
    pub consultations: i64,
    /// The lobby included.
    pub seconds: i64,
    pub messages: i64,
    /// What Azure will charge for it, roughly, in words: "12.34 USD".
    pub estimate: String,
}

/// What the forms offer to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    pub branches: Vec<Branch>,
    pub services: Vec<Service>,
    pub hosts: Vec<Account>,
    pub teams: TeamsOffer,
}

/// Someone in a lobby, as every staff page's header counts them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub consultation: ConsultationId,
    pub visit: VisitId,
    pub guest: String,
    pub service: String,
    pub host: AccountId,
    pub host_name: String,
    pub since: Timestamp,
    /// They wait in Teams' own lobby, where the clerk admits them in Teams.
    pub in_teams: bool,
}

/// What the guest's own link shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landing {
    /// Tells this link from others in the browser's own memory, and nothing more.
    pub key: String,
    pub stage: Stage,
    pub service: String,
    pub branch: String,
    pub contact: Contact,
    pub hours: OpeningHours,
    pub host: String,
    pub guest: String,
    pub language: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// The guest's own zone, and the one the time was agreed in.
    pub zone: Zone,
    pub agreed_zone: Zone,
    /// When it was to begin as this link was made, where that is another time.
    pub moved_from: Option<Timestamp>,
    pub cancel_reason: String,
    pub cancelled_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// Set where the host has declined or removed this guest.
    pub kept_out: Option<Admission>,
    /// What it means when this guest says that they can't come; None where they can't say it any more.
    pub cant_come: Option<Declination>,
    /// They said so.
    pub excused: bool,
    pub rating: Option<u8>,
    /// Did this guest get in?
    pub was_in: bool,
    pub engine: Engine,
    pub role: Role,
    /// What the guest must agree to before they join.
    pub consent: Option<Consent>,
    pub now: Timestamp,
}

/// A version of what a service asks its guests to agree to: what the number in an event stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentVersion {
    pub id: ConsentId,
    /// Empty: from then on guests were asked nothing.
    pub text: String,
    pub since: Timestamp,
}

/// What a registration link shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    pub service: String,
    pub branch: String,
    pub contact: Contact,
    pub hours: OpeningHours,
    pub host: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// The zone that the time was agreed in.
    pub zone: Zone,
    /// Is there a seat left, and is it not over?
    pub open: bool,
    /// Why not.
    pub closed_because: String,
}

/// The clerk's day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Who looks.
    pub me: AccountId,
    pub date: jiff::civil::Date,
    pub today: jiff::civil::Date,
    pub zone: Zone,
    pub rows: Vec<ConsultationRow>,
    pub now: Timestamp,
}

/// One browser in which somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    pub id: SessionId,
    /// What it calls itself; empty where it does not say.
    pub browser: String,
    pub since: Timestamp,
    pub used_at: Timestamp,
    /// The one in which this is read.
    pub is_this: bool,
}
