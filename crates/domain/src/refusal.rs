//! Why something that was asked for is not done: codes with arguments, an enum a noun. The sentence is made where a person
//! reads it, in the language that they read.

use jiff::Timestamp;

use crate::consultation::InvalidTransition;
use crate::id::EventId;
use crate::time::Zone;
use crate::value::ValueError;

/// Of a consultation: when, what, with whom and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsultationRefusal {
    /// Its state does not allow it.
    InvalidTransition(InvalidTransition),
    /// It is over: nobody is invited to it or registers for it any more.
    Over,
    /// It was to begin at a time that has passed.
    TimePassed,
    /// With that length it would be over by now.
    LengthPassed,
    /// A part of it that stays as it is.
    Fixed {
        /// The part.
        part: Part,
        /// Why it stays.
        why: Fixed,
    },
    /// The service does not exist, is not in use, or is of a branch that is not theirs.
    UnknownService,
    /// The service is of another branch.
    ServiceOfOtherBranch,
    /// The host does not work in the branch that offers the service.
    HostOfOtherBranch,
    /// The host has something else at that time.
    HostBusy {
        /// The host's name.
        host: String,
        /// What they have. None: it is gone again.
        clash: Option<ClashTimes>,
        /// When they are free next.
        free: Vec<Timestamp>,
    },
    /// Somebody else changed it after it was shown.
    Stale {
        /// Who of staff. None: a guest.
        by: Option<String>,
        /// What is stored now and differs from what was sent.
        stored: Vec<Difference>,
        /// The last change. Sent again with this number, what was typed takes the place of what is stored.
        version: EventId,
    },
    /// Teams is off here.
    TeamsOff(TeamsOff),
    /// Webinars are not accepted here.
    WebinarsOff,
    /// The link of the meeting is missing.
    MeetingMissing {
        /// It could be made, if this host's object ID in Entra were known.
        host_unknown_in_entra: Option<String>,
    },
    /// Meetings of that organisation may not be used here.
    ForeignMeeting(ForeignMeeting),
}

/// A part of a consultation that may stay as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The service.
    Service,
    /// The host.
    Host,
    /// The start.
    Start,
    /// The length.
    Length,
    /// The engine and the meeting.
    Place,
}

/// Why parts of a consultation stay as they are: somebody came for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// It is live.
    Live,
    /// It is over.
    Over,
    /// Somebody is in the room or in the lobby.
    Occupied,
}

/// What a host has at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClashTimes {
    /// Whom they meet.
    pub guest: String,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Since when they are free again, with what is kept free after it.
    pub free_at: Timestamp,
    /// The zone of whoever asks.
    pub zone: Zone,
}

/// Something stored that differs from what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The start, in the zone in which it was agreed.
    Start(Timestamp, Zone),
    /// The length in minutes.
    Length(i64),
    /// The service's name.
    Service(String),
    /// The host's name.
    Host(String),
    /// The engine or the meeting.
    Place,
    /// The first guest.
    Guest {
        /// Their name.
        name: String,
        /// Their address and number.
        reach: String,
    },
    /// The notes.
    Notes(String),
}

/// Why meetings can't take place on Teams here. What it displays is for operators.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, thiserror::Error,
)]
#[serde(rename_all = "snake_case")]
pub enum TeamsOff {
    /// Nobody has set it up.
    #[default]
    #[error("Teams is not set up here. Meetings take place on this site.")]
    NotSetUp,
    /// Something is wrong with the settings.
    #[error("Teams is off: {why}")]
    Settings {
        /// What, and what to do, for operators.
        why: String,
    },
    /// The module that joins Teams can't be used as it is.
    #[error("Teams is off: {why}. `anteroom teams build-client` builds it.")]
    NotBuilt {
        /// What is wrong with it, for operators.
        why: String,
    },
}

/// Why a pasted meeting may not be used here.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForeignMeeting {
    /// It belongs to this tenant, and only some may be used.
    Tenant(String),
    /// This form of link does not say to whom it belongs, and only some may be used.
    Unknown,
}

/// Of a guest: invited, registered, or about to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestRefusal {
    /// Neither an address nor a number.
    NoContact,
    /// A consultation has no more guests than this.
    TooMany {
        /// So many.
        most: usize,
    },
    /// Nobody else is expected: the consultation is to be cancelled instead.
    LastExpected,
    /// Nobody comes to it any more.
    Over,
    /// It can't be cancelled through the link any more.
    CantDecline,
    /// They are in the meeting with this link.
    InMeeting,
    /// It has not taken place yet, so that it can't be rated.
    NotHeldYet,
    /// The organiser has closed it to them.
    KeptOut,
    /// Somebody has registered with this address.
    AddressTaken,
    /// Nobody can register.
    RegistrationClosed(RegistrationClosed),
}

/// Why nobody can register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationClosed {
    /// It is over, or was cancelled.
    Over,
    /// All seats are taken.
    Full,
}

/// Of a visit in the lobby or in the meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitRefusal {
    /// They are not in the lobby any more.
    NotWaiting,
    /// A colleague can't be put out.
    Colleague,
    /// A message of nothing.
    EmptyMessage,
}

/// Of somebody who was let in and asks their engine for a way into the meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryRefusal {
    /// It can't be entered right now; trying again may help.
    NotNow,
    /// The meeting at the provider is not made yet.
    NotReady,
    /// They are not in this meeting any more.
    NotIn,
    /// The meeting may not be used from here.
    NotHere,
    /// They joined too often in a short while.
    TooOften,
    /// Very many people join at the moment.
    Crowded,
    /// The provider does not answer.
    Unreachable,
    /// The meeting is in a cloud that can't be reached from here.
    OtherCloud,
}

/// Of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountRefusal {
    /// There is an account with this e-mail address.
    AddressTaken,
    /// A clerk belongs to a branch.
    BranchMissing,
    /// The new password is easy to guess.
    PasswordGuessable,
    /// The new password is no password.
    Password(ValueError),
    /// That is not the present password.
    WrongPassword,
    /// The password that they were given is not one of their own.
    SamePassword,
    /// One's own password is changed elsewhere.
    OwnPassword,
    /// One's own role, branch and access are another's to change.
    OwnAccess,
    /// The last administrator of the whole organisation.
    LastAdmin,
    /// The installation has an administrator.
    SetUpAlready,
}

/// Of the organisation: its branches, services and settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganisationRefusal {
    /// The name is in use.
    NameTaken,
    /// There is no such branch.
    UnknownBranch,
    /// A service stays in its branch.
    ServiceStays,
    /// More tenants than this can't be listed.
    TooManyTenants {
        /// So many.
        most: usize,
    },
}

/// Of figures and lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportRefusal {
    /// The range ends before it begins.
    Backwards,
    /// The range is longer than this.
    TooLong {
        /// So many days.
        days: i32,
    },
    /// The range is beyond the calendar.
    OutOfRange,
    /// More consultations than fit into a file.
    TooManyRows {
        /// So many there are.
        total: i64,
    },
}
