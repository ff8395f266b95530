//! One line of the append-only log, from which every figure can be recomputed. Events hold ids and times, never a name,
//! an address or a text that a person wrote.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::account::AccountRole;
use crate::consultation::{CancelledBy, Side};
use crate::id::{AccountId, BranchId, ConsentId, ConsultationId, EventId, GuestId, ServiceId, VisitId};
use crate::organisation::Engine;
use crate::signalling::{Role, TeamsNotice};
use crate::teams::end_code::Cause;
use crate::visit::EndCause;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happening {
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
    Forgiven,
    /// The guest said that they can't come; the others meet without them.
    Excused,
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
        notice: TeamsNotice,
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

impl Happening {
    /// The name in the `kind` column.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Scheduled { .. } => "scheduled",
            Self::Edited { .. } => "edited",
            Self::Rescheduled { .. } => "rescheduled",
            Self::Cancelled { .. } => "cancelled",
            Self::Invited => "invited",
            Self::InvitationsRevoked => "invitations_revoked",
            Self::Arrived { .. } => "arrived",
            Self::Opened => "opened",
            Self::Admitted => "admitted",
            Self::Declined => "declined",
            Self::Removed => "removed",
            Self::Forgiven => "forgiven",
            Self::Excused => "excused",
            Self::MediaJoined => "media_joined",
            Self::WentLive => "went_live",
            Self::Left { .. } => "left",
            Self::Ended => "ended",
            Self::Missed { .. } => "missed",
            Self::MeetingSet { .. } => "meeting_set",
            Self::IdentityMinted => "identity_minted",
            Self::IdentityDeleted => "identity_deleted",
            Self::TeamsLobby => "teams_lobby",
            Self::TeamsEnded { .. } => "teams_ended",
            Self::NoticeShown { .. } => "notice_shown",
            Self::ConsentGiven { .. } => "consent_given",
            Self::ServiceConsentGiven { .. } => "service_consent_given",
            Self::RegistrationOpened => "registration_opened",
            Self::RegistrationClosed => "registration_closed",
            Self::Registered => "registered",
            Self::Rated { .. } => "rated",
            Self::OutcomeNoted => "outcome_noted",
            Self::BranchAdded { .. } => "branch_added",
            Self::BranchChanged { .. } => "branch_changed",
            Self::ServiceAdded { .. } => "service_added",
            Self::ServiceChanged { .. } => "service_changed",
            Self::AccountCreated => "account_created",
            Self::AccountChanged { .. } => "account_changed",
            Self::PasswordSet { .. } => "password_set",
            Self::SignInTried { .. } => "sign_in_tried",
            Self::SignedIn => "signed_in",
            Self::SignedOutEverywhere => "signed_out_everywhere",
        }
    }
}

/// An event before it has its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    pub at: Timestamp,
    pub happening: Happening,
    pub consultation: Option<ConsultationId>,
    pub guest: Option<GuestId>,
    pub visit: Option<VisitId>,
    /// Who did it, where that was staff.
    pub by: Option<AccountId>,
}

impl NewEvent {
    pub fn new(at: Timestamp, happening: Happening) -> Self {
        Self {
            at,
            happening,
            consultation: None,
            guest: None,
            visit: None,
            by: None,
        }
    }

    pub fn of(at: Timestamp, consultation: ConsultationId, happening: Happening) -> Self {
        Self {
            consultation: Some(consultation),
            ..Self::new(at, happening)
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
    pub happening: Happening,
    pub consultation: Option<ConsultationId>,
    pub guest: Option<GuestId>,
    pub visit: Option<VisitId>,
    pub by: Option<AccountId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_column_and_the_serialised_tag_are_the_same_word() {
        let all = [
            Happening::Cancelled { by: CancelledBy::Guest },
            Happening::InvitationsRevoked,
            Happening::Excused,
            Happening::Arrived { role: Role::Guest },
            Happening::MediaJoined,
            Happening::WentLive,
            Happening::Left { cause: EndCause::Lost },
            Happening::Missed { side: Side::Technical },
            Happening::OutcomeNoted,
            Happening::SignedOutEverywhere,
            Happening::MeetingSet { made: true },
            Happening::BranchAdded { branch: BranchId(1) },
            Happening::ServiceChanged { service: ServiceId(1) },
            Happening::AccountChanged {
                account: AccountId(1),
                role: AccountRole::Clerk,
                branch: None,
                active: true,
            },
            Happening::PasswordSet { account: AccountId(1) },
            Happening::TeamsEnded {
                code: 0,
                sub_code: 5854,
                cause: Cause::Declined,
            },
            Happening::NoticeShown {
                notice: TeamsNotice::Recording,
                version: 1,
            },
            Happening::ConsentGiven { version: 1 },
            Happening::ServiceConsentGiven {
                service: ServiceId(2),
                version: ConsentId(3),
            },
        ];
        for happening in all {
            let value = serde_json::to_value(&happening).unwrap();
            assert_eq!(value["kind"], happening.kind());
            assert_eq!(serde_json::from_value::<Happening>(value).unwrap(), happening);
        }
    }
}
