//! One line of the append-only log, from which every figure can be recomputed. Events hold ids and times, never a name,
//! an address or a text that a person wrote.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::account::AccountRole;
use crate::consultation::{CancelledBy, Side};
use crate::id::{AccountId, BranchId, ConsentId, ConsultationId, EventId, GuestId, ServiceId, VisitId};
use crate::organisation::Engine;
use crate::teams::Announcement;
use crate::teams::end_code::Cause;
use crate::visit::{EndCause, Role};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum EventKind {
    Scheduled {
        starts_at: Timestamp,
        ends_at: Timestamp,
        /// A consultation never changes its branch.
        branch: BranchId,
        service: ServiceId,
        host: AccountId,
        engine: Engine,
    },
    Edited {
        service: ServiceId,
        host: AccountId,
        engine: Engine,
    },
    Rescheduled {
        from: Timestamp,
        starts_at: Timestamp,
        ends_at: Timestamp,
        service: ServiceId,
        host: AccountId,
        engine: Engine,
    },
    Cancelled {
        by: CancelledBy,
    },
    /// A link was made for the guest.
    Invited,
    InvitationsRevoked,
    Arrived {
        role: Role,
    },
    /// The first arrival: the consultation is open.
    Opened,
    Admitted,
    Declined,
    Removed,
    /// A decline or a removal was taken back.
    AllowedAgain,
    /// The guest said that they can't come; the others meet without them.
    InvitationDeclined,
    /// Sound and picture can flow for this visit.
    MediaJoined,
    /// Both sides are in.
    WentLive,
    Left {
        cause: EndCause,
    },
    Ended,
    Missed {
        side: Side,
    },
    /// The consultation has its Teams meeting: from a link, or made through Graph.
    MeetingSet {
        made: bool,
    },
    /// A Teams identity with a token was made for this visit. Its deletion is an event of its own.
    IdentityMinted,
    IdentityDeleted,
    /// The participant waits in Teams' own lobby.
    TeamsLobby,
    /// Teams' end codes, as they came.
    TeamsEnded {
        code: i32,
        sub_code: i32,
        cause: Cause,
    },
    /// What the page announced to this participant, in which version of the text.
    NoticeShown {
        notice: Announcement,
        version: u16,
    },
    /// The participant agreed to what was announced.
    ConsentGiven {
        version: u16,
    },
    /// The guest agreed to what the service asks before anybody joins; the version is the row that holds its text.
    ServiceConsentGiven {
        service: ServiceId,
        version: ConsentId,
    },
    /// A link was made with which many can register for a seat that sees and hears.
    RegistrationOpened,
    RegistrationClosed,
    /// A guest registered through it.
    Registered,
    Rated {
        stars: u8,
    },
    OutcomeNoted,
    BranchAdded {
        branch: BranchId,
    },
    BranchChanged {
        branch: BranchId,
    },
    ServiceAdded {
        service: ServiceId,
    },
    ServiceChanged {
        service: ServiceId,
    },
    AccountCreated,
    /// An administrator saved it; what it is from then on.
    AccountChanged {
        account: AccountId,
        role: AccountRole,
        branch: Option<BranchId>,
        active: bool,
    },
    /// By its owner, or for them.
    PasswordSet {
        account: AccountId,
    },
    /// Somebody gave a password for this account. Where no [`Self::SignedIn`] follows, it was wrong.
    SignInTried {
        account: AccountId,
    },
    SignedIn,
    SignedOutEverywhere,
}

impl EventKind {
    /// The name in the `kind` column.
    pub fn kind(&self) -> &'static str {
        self.into_str()
    }
}

/// An event before it has its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    pub at: Timestamp,
    pub kind: EventKind,
    pub consultation: Option<ConsultationId>,
    pub guest: Option<GuestId>,
    pub visit: Option<VisitId>,
    /// Who did it, where that was staff.
    pub by: Option<AccountId>,
}

impl NewEvent {
    pub fn new(at: Timestamp, kind: EventKind) -> Self {
        Self {
            at,
            kind,
            consultation: None,
            guest: None,
            visit: None,
            by: None,
        }
    }

    pub fn of(at: Timestamp, consultation: ConsultationId, kind: EventKind) -> Self {
        Self {
            consultation: Some(consultation),
            ..Self::new(at, kind)
        }
    }

    #[must_use]
    pub fn guest(self, guest: Option<GuestId>) -> Self {
        Self { guest, ..self }
    }

    #[must_use]
    pub fn visit(self, visit: VisitId) -> Self {
        Self {
            visit: Some(visit),
            ..self
        }
    }

    #[must_use]
    pub fn by(self, account: Option<AccountId>) -> Self {
        Self { by: account, ..self }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    pub at: Timestamp,
    pub kind: EventKind,
    pub consultation: Option<ConsultationId>,
    pub guest: Option<GuestId>,
    pub visit: Option<VisitId>,
    pub by: Option<AccountId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One sample of every variant. The macro writes a `match` from the same list, so that a variant without a sample
    /// does not compile.
    macro_rules! samples {
        ($($variant:ident $({ $($fields:tt)* })?),* $(,)?) => {{
            let _every_variant_is_listed = |kind: &EventKind| match kind {
                $(EventKind::$variant { .. } => {})*
            };
            [$(EventKind::$variant $({ $($fields)* })?),*]
        }};
    }

    #[test]
    fn the_kind_column_and_the_serialised_tag_are_the_same_word() {
        let all = samples![
            Scheduled {
                starts_at: Timestamp::UNIX_EPOCH,
                ends_at: Timestamp::MAX,
                branch: BranchId(1),
                service: ServiceId(2),
                host: AccountId(3),
                engine: Engine::Builtin,
            },
            Edited {
                service: ServiceId(2),
                host: AccountId(3),
                engine: Engine::Teams,
            },
            Rescheduled {
                from: Timestamp::MIN,
                starts_at: Timestamp::UNIX_EPOCH,
                ends_at: Timestamp::MAX,
                service: ServiceId(2),
                host: AccountId(3),
                engine: Engine::Builtin,
            },
            Cancelled { by: CancelledBy::Guest },
            Invited,
            InvitationsRevoked,
            Arrived { role: Role::Guest },
            Opened,
            Admitted,
            Declined,
            Removed,
            AllowedAgain,
            InvitationDeclined,
            MediaJoined,
            WentLive,
            Left { cause: EndCause::Lost },
            Ended,
            Missed { side: Side::Technical },
            MeetingSet { made: true },
            IdentityMinted,
            IdentityDeleted,
            TeamsLobby,
            TeamsEnded {
                code: 0,
                sub_code: 5854,
                cause: Cause::Declined,
            },
            NoticeShown {
                notice: Announcement::Recording,
                version: 1,
            },
            ConsentGiven { version: 1 },
            ServiceConsentGiven {
                service: ServiceId(2),
                version: ConsentId(3),
            },
            RegistrationOpened,
            RegistrationClosed,
            Registered,
            Rated { stars: 5 },
            OutcomeNoted,
            BranchAdded { branch: BranchId(1) },
            BranchChanged { branch: BranchId(1) },
            ServiceAdded { service: ServiceId(2) },
            ServiceChanged { service: ServiceId(2) },
            AccountCreated,
            AccountChanged {
                account: AccountId(3),
                role: AccountRole::Clerk,
                branch: None,
                active: true,
            },
            PasswordSet { account: AccountId(3) },
            SignInTried { account: AccountId(3) },
            SignedIn,
            SignedOutEverywhere,
        ];
        for kind in all {
            let value = serde_json::to_value(&kind).unwrap();
            assert_eq!(value["kind"], kind.kind());
            assert_eq!(serde_json::from_value::<EventKind>(value).unwrap(), kind);
        }
    }
}
