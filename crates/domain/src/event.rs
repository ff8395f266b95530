//! The append-only log of events, from which every figure can be recomputed.
//!
//! Events hold ids, times and codes. They never hold a name, an address or a text that a person wrote.

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

/// The kind of an event, with the values that the figures need.
///
/// The consultation, the guest, the visit and the member of staff concerned are fields of the [`Event`] around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EventKind {
    /// A consultation was scheduled.
    Scheduled {
        /// The planned start.
        starts_at: Timestamp,
        /// The planned end.
        ends_at: Timestamp,
        /// The branch. No later event names it, because a consultation never changes its branch.
        branch: BranchId,
        /// The service.
        service: ServiceId,
        /// The host.
        host: AccountId,
        /// The engine.
        engine: Engine,
    },
    /// Particulars of a consultation or of one of its guests were changed, but not its time.
    Edited {
        /// The service from now on.
        service: ServiceId,
        /// The host from now on.
        host: AccountId,
        /// The engine from now on.
        engine: Engine,
    },
    /// A consultation got another start or another length.
    Rescheduled {
        /// The start until now.
        from: Timestamp,
        /// The start from now on.
        starts_at: Timestamp,
        /// The end from now on.
        ends_at: Timestamp,
        /// The service from now on.
        service: ServiceId,
        /// The host from now on.
        host: AccountId,
        /// The engine from now on.
        engine: Engine,
    },
    /// A consultation was cancelled.
    Cancelled {
        /// The side that cancelled it.
        by: CancelledBy,
    },
    /// A link was made for the guest.
    Invited,
    /// All links of the guest were revoked.
    InvitationsRevoked,
    /// A participant arrived: their visit began.
    Arrived {
        /// The participant's role.
        role: Role,
    },
    /// The first participant arrived: the consultation is open.
    Opened,
    /// The participant was let in, by the host or by a rule.
    Admitted,
    /// The host turned the guest away from the lobby.
    Declined,
    /// The host removed the guest.
    Removed,
    /// The host took a decline or a removal back.
    AllowedAgain,
    /// The guest said that they can't come. The others meet without them.
    InvitationDeclined,
    /// Sound and picture can flow for this visit.
    MediaJoined,
    /// Both sides are in: the consultation is live.
    WentLive,
    /// The visit is over.
    Left {
        /// The cause of the end.
        cause: EndCause,
    },
    /// The consultation took place and is over.
    Ended,
    /// The consultation did not take place.
    Missed {
        /// The side that missed it.
        side: Side,
    },
    /// The consultation got its Teams meeting.
    MeetingSet {
        /// Whether Graph made the meeting. Otherwise a clerk pasted its link.
        made: bool,
    },
    /// A Teams identity with a token was issued for this visit.
    IdentityMinted,
    /// The Teams identity of this visit was deleted, and its token with it.
    IdentityDeleted,
    /// The participant waits in Teams' own lobby.
    TeamsLobby,
    /// The participant's call on Teams ended, or could not begin.
    TeamsEnded {
        /// The end code, as Teams gave it.
        code: i32,
        /// The sub-code, as Teams gave it.
        sub_code: i32,
        /// The cause that we read from both.
        cause: Cause,
    },
    /// The page showed the participant an announcement of Teams.
    NoticeShown {
        /// The announcement.
        notice: Announcement,
        /// The version of the text that was shown.
        version: u16,
    },
    /// The participant agreed to an announcement of Teams.
    ConsentGiven {
        /// The version of the text that was shown.
        version: u16,
    },
    /// The guest agreed to the service's own text, which guests must accept before they join.
    ServiceConsentGiven {
        /// The service.
        service: ServiceId,
        /// The row that holds the text.
        version: ConsentId,
    },
    /// A link was made through which many people can register as attendees.
    RegistrationOpened,
    /// The registration links were revoked.
    RegistrationClosed,
    /// A guest registered through a registration link.
    Registered,
    /// The guest rated the consultation.
    Rated {
        /// 1 to 5 stars.
        stars: u8,
    },
    /// A clerk noted what came of the consultation.
    OutcomeNoted,
    /// An admin added a branch.
    BranchAdded {
        /// The new branch.
        branch: BranchId,
    },
    /// An admin changed a branch.
    BranchChanged {
        /// The branch.
        branch: BranchId,
    },
    /// An admin added a service.
    ServiceAdded {
        /// The new service.
        service: ServiceId,
    },
    /// An admin changed a service.
    ServiceChanged {
        /// The service.
        service: ServiceId,
    },
    /// A staff account was created.
    AccountCreated,
    /// An admin saved a staff account.
    AccountChanged {
        /// The account.
        account: AccountId,
        /// Its role from now on.
        role: AccountRole,
        /// Its branch from now on. None: the whole organisation.
        branch: Option<BranchId>,
        /// Whether it may be used from now on.
        active: bool,
    },
    /// An account got a password, from its owner or from an admin.
    PasswordSet {
        /// The account.
        account: AccountId,
    },
    /// Somebody gave a password for an account. If no [`Self::SignedIn`] follows, the password was wrong.
    SignInTried {
        /// The account.
        account: AccountId,
    },
    /// A member of staff signed in.
    SignedIn,
    /// All sessions of an account were ended.
    SignedOutEverywhere,
}

impl EventKind {
    /// The variant's name in `snake_case`: the value of the `kind` column, and the serialised tag.
    pub fn kind(&self) -> &'static str {
        self.into()
    }
}

/// Who acted in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum EventActor {
    /// Somebody of staff.
    Staff(AccountId),
    /// A guest, through their link or from their seat.
    Guest(GuestId),
    /// Nobody: its time had come, or work was caught up on. At the command line: whoever owns the database.
    System,
}

/// An event before the log has given it a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The time of the event.
    pub at: Timestamp,
    /// The kind, with its values.
    pub kind: EventKind,
    /// The consultation that it happened in.
    pub consultation: Option<ConsultationId>,
    /// The guest whom it concerns.
    pub guest: Option<GuestId>,
    /// The visit that it belongs to.
    pub visit: Option<VisitId>,
    /// The member of staff whom it concerns: a host who comes or goes.
    pub account: Option<AccountId>,
    /// Who acted.
    pub actor: EventActor,
}

impl NewEvent {
    /// An event outside of any consultation.
    pub fn new(at: Timestamp, kind: EventKind) -> Self {
        Self {
            at,
            kind,
            consultation: None,
            guest: None,
            visit: None,
            account: None,
            actor: EventActor::System,
        }
    }

    /// An event in a consultation.
    pub fn of(at: Timestamp, consultation: ConsultationId, kind: EventKind) -> Self {
        Self {
            consultation: Some(consultation),
            ..Self::new(at, kind)
        }
    }

    /// Sets the guest whom the event concerns.
    #[must_use]
    pub fn guest(self, guest: Option<GuestId>) -> Self {
        Self { guest, ..self }
    }

    /// Sets the visit that the event belongs to.
    #[must_use]
    pub fn visit(self, visit: VisitId) -> Self {
        Self {
            visit: Some(visit),
            ..self
        }
    }

    /// Sets the member of staff whom the event concerns.
    #[must_use]
    pub fn account(self, account: Option<AccountId>) -> Self {
        Self { account, ..self }
    }
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The event's number. Later events have higher numbers.
    pub id: EventId,
    /// The time of the event.
    pub at: Timestamp,
    /// The kind, with its values.
    pub kind: EventKind,
    /// The consultation that it happened in.
    pub consultation: Option<ConsultationId>,
    /// The guest whom it concerns.
    pub guest: Option<GuestId>,
    /// The visit that it belongs to.
    pub visit: Option<VisitId>,
    /// The member of staff whom it concerns: a host who comes or goes.
    pub account: Option<AccountId>,
    /// Who acted.
    pub actor: EventActor,
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
