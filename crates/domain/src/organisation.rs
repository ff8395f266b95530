//! Branches and services.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::id::{BranchId, ConsentId, ServiceId};
use crate::time::{OpeningHours, Zone};
use crate::value::{Buffer, ConsentText, EmailAddress, Minutes, Name, PostalAddress, PublishedPhone};
use crate::word::into_str;

/// An organisational unit. Services, staff and reports belong to a branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// The branch's id.
    pub id: BranchId,
    /// The branch's name, unique in the organisation.
    pub name: String,
    /// The zone that the branch is in, and in which its opening hours are meant.
    pub zone: Zone,
    /// The opening hours, Monday to Friday.
    pub hours: OpeningHours,
    /// The ways for guests to reach the branch.
    pub contact: Contact,
}

/// The ways to reach a branch. Each field is empty if the branch gives none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// The telephone number, grouped as the branch's country groups it.
    pub phone: String,
    /// The e-mail address.
    pub email: String,
    /// The postal address, on one or more lines.
    pub address: String,
}

impl Contact {
    /// Whether the branch gives no way to reach it.
    pub fn is_empty(&self) -> bool {
        self.phone.is_empty() && self.email.is_empty() && self.address.is_empty()
    }
}

/// The engine that carries a meeting.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr, EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Engine {
    /// Our own WebRTC engine, in the same process.
    Builtin,
    /// Microsoft Teams: the guest joins the clerk's Teams meeting through Azure Communication Services.
    Teams,
}

into_str!(Engine);

impl Engine {
    /// Whether hosts take part through our own page. Otherwise they sit in a client of the engine's, and what they do
    /// there is not seen.
    pub fn seats_hosts(self) -> bool {
        match self {
            Self::Builtin => true,
            Self::Teams => false,
        }
    }

    /// Whether the engine has a lobby of its own, in which hosts let guests in. Where a participant is, there or in the
    /// meeting, their own client then reports. Without one, only our lobby decides.
    pub fn has_lobby(self) -> bool {
        match self {
            Self::Builtin => false,
            Self::Teams => true,
        }
    }
}

/// A service: a subject that customers are consulted on, such as "Mortgage advice".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The service's id.
    pub id: ServiceId,
    /// The branch that offers the service.
    pub branch: BranchId,
    /// The service's name, unique in the branch.
    pub name: String,
    /// The usual length of a consultation, in minutes: 5 to 480.
    pub minutes: u16,
    /// Minutes kept free for the host before each consultation: 0 to 120.
    pub buffer_before: u16,
    /// Minutes kept free for the host after each consultation: 0 to 120.
    pub buffer_after: u16,
    /// The engine of its consultations, unless the clerk chooses another.
    pub engine: Engine,
    /// On Teams: whether guests wait in our lobby, too, and get credentials only once a clerk has admitted them.
    /// Otherwise Teams' own lobby is the only one.
    pub admit_first: bool,
    /// The text that guests must agree to before they join. None: they are asked nothing.
    pub consent: Option<Consent>,
    /// Whether the service can be scheduled.
    pub active: bool,
}

/// One version of the text that guests agree to before they join a consultation of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The id of this version. A changed text gets a new one.
    pub id: ConsentId,
    /// The text.
    pub text: String,
}

/// A branch as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchTerms {
    /// The branch's name.
    pub name: Name,
    /// The zone that the branch is in.
    pub zone: Zone,
    /// The opening hours.
    pub hours: OpeningHours,
    /// The telephone number that guests are shown.
    pub phone: Option<PublishedPhone>,
    /// The e-mail address that guests are shown.
    pub email: Option<EmailAddress>,
    /// The postal address that guests are shown.
    pub address: PostalAddress,
}

impl BranchTerms {
    /// The branch with this id.
    pub fn with_id(self, id: BranchId) -> Branch {
        Branch {
            id,
            name: self.name.into(),
            zone: self.zone,
            hours: self.hours,
            contact: Contact {
                phone: self.phone.map(String::from).unwrap_or_default(),
                email: self.email.map(String::from).unwrap_or_default(),
                address: self.address.into(),
            },
        }
    }
}

/// A service as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceTerms {
    /// The branch that offers the service.
    pub branch: BranchId,
    /// The service's name.
    pub name: Name,
    /// The usual length of a consultation.
    pub minutes: Minutes,
    /// Kept free before each consultation.
    pub buffer_before: Buffer,
    /// Kept free after each consultation.
    pub buffer_after: Buffer,
    /// The engine of its consultations.
    pub engine: Engine,
    /// On Teams: whether a clerk admits guests here before they get credentials.
    pub admit_first: bool,
    /// What guests must agree to. Empty: they are asked nothing.
    pub consent: ConsentText,
    /// Whether the service can be scheduled.
    pub active: bool,
}

impl ServiceTerms {
    /// The service with this id. What guests agree to is stored apart.
    pub fn with_id(&self, id: ServiceId) -> Service {
        Service {
            id,
            branch: self.branch,
            name: self.name.to_string(),
            minutes: self.minutes.get(),
            buffer_before: self.buffer_before.get(),
            buffer_after: self.buffer_after.get(),
            engine: self.engine,
            admit_first: self.admit_first,
            consent: None,
            active: self.active,
        }
    }
}
