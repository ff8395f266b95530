//! Who acts. An actor is made only where somebody has shown who they are, so that it can't be forged; every use case
//! takes one, and every event says which.

use anteroom_domain::account::{Account, AccountRole};
use anteroom_domain::consultation::Consultation;
use anteroom_domain::event::EventActor;
use anteroom_domain::id::{AccountId, BranchId, SessionId};
use anteroom_domain::visit::Role;

use crate::secret::hash;
use crate::{Error, Result, Seat, UseCases};

/// Who acts.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Somebody of staff.
    Staff(Staff),
    /// Whoever holds a link: a guest, or who would register. Whether the link is good is looked up where it is used.
    Link(LinkHolder),
    /// Whoever holds a seat in a meeting: a guest or a host.
    Participant(Seat),
    /// Nobody: its time has come, or work is caught up on.
    System(System),
}

/// Someone of staff who has signed in.
#[derive(Clone, Debug)]
pub struct Staff {
    account: Account,
    session: Option<SessionId>,
}

/// Whoever came with a secret in an address.
#[derive(Clone, Copy, Debug)]
pub struct LinkHolder {
    secret_hash: [u8; 32],
}

/// Made in this crate alone.
#[derive(Clone, Copy, Debug)]
pub struct System(());

impl Actor {
    /// Somebody with a link.
    pub fn with_link(secret: &str) -> Self {
        Self::Link(LinkHolder {
            secret_hash: hash(secret),
        })
    }

    pub(crate) fn of_session(account: Account, session: SessionId) -> Self {
        Self::Staff(Staff {
            account,
            session: Some(session),
        })
    }

    /// Only for what has just checked a password.
    pub(crate) fn of_account(account: Account) -> Self {
        Self::Staff(Staff { account, session: None })
    }

    pub(crate) fn system() -> Self {
        Self::System(System(()))
    }

    /// The account of somebody of staff.
    pub fn account(&self) -> Option<AccountId> {
        self.staff().ok().map(|staff| staff.account.id)
    }

    /// Where only staff may act.
    pub fn staff(&self) -> Result<&Staff> {
        match self {
            Self::Staff(staff) => Ok(staff),
            Self::Link(_) | Self::Participant(_) | Self::System(_) => Err(Error::Forbidden),
        }
    }

    /// Where only administrators may act.
    pub(crate) fn admin(&self) -> Result<&Staff> {
        let staff = self.staff()?;
        if staff.is_admin() {
            Ok(staff)
        } else {
            Err(Error::Forbidden)
        }
    }

    /// Where only who has a seat may act.
    pub(crate) fn participant(&self) -> Result<&Seat> {
        match self {
            Self::Participant(seat) => Ok(seat),
            Self::Staff(_) | Self::Link(_) | Self::System(_) => Err(Error::Forbidden),
        }
    }

    /// Where only who holds a link may act.
    pub(crate) fn link(&self) -> Result<&[u8; 32]> {
        match self {
            Self::Link(holder) => Ok(&holder.secret_hash),
            Self::Staff(_) | Self::Participant(_) | Self::System(_) => Err(Error::Forbidden),
        }
    }

    /// What is not this actor's to see is not there for them.
    pub(crate) fn may_see(&self, consultation: &Consultation) -> Result<()> {
        let may = match self {
            Self::Staff(staff) => staff.sees(consultation.branch),
            Self::Participant(seat) => seat.id.consultation == consultation.id,
            // A link leads to its own consultation by itself.
            Self::Link(_) => false,
            Self::System(_) => true,
        };
        if may { Ok(()) } else { Err(Error::NotFound) }
    }

    /// As events say it. Whose link it is turns out once it is looked up.
    pub(crate) fn in_events(&self) -> EventActor {
        match self {
            Self::Staff(staff) => EventActor::Staff(staff.account.id),
            Self::Participant(seat) => seat.in_events(),
            Self::Link(_) | Self::System(_) => EventActor::System,
        }
    }
}

impl From<Seat> for Actor {
    fn from(seat: Seat) -> Self {
        Self::Participant(seat)
    }
}

impl Staff {
    /// In which they have signed in; None at the command line.
    pub fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// Their account, as it was stored when they were recognised.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Whether they are an admin: of one branch, or of the whole organisation.
    pub fn is_admin(&self) -> bool {
        self.account.role == AccountRole::Admin
    }

    /// The one branch that this person sees, or None for all.
    pub fn scope(&self) -> Option<BranchId> {
        self.account.branch
    }

    pub(crate) fn sees(&self, branch: BranchId) -> bool {
        self.account.branch.is_none_or(|own| own == branch)
    }

    pub(crate) fn must_see(&self, branch: BranchId) -> Result<()> {
        if self.sees(branch) {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }

    /// Branches, services and accounts of the whole organisation are an admin's who has no branch of their own.
    pub(crate) fn must_administer(&self, branch: Option<BranchId>) -> Result<()> {
        match (self.account.branch, branch) {
            _ if !self.is_admin() => Err(Error::Forbidden),
            (None, _) => Ok(()),
            (Some(own), Some(branch)) if own == branch => Ok(()),
            _ => Err(Error::Forbidden),
        }
    }
}

/// Does this account sit in this room by right?
pub(crate) fn may_host(account: &Account, consultation: &Consultation) -> bool {
    account.active && account.branch.is_none_or(|own| own == consultation.branch)
}

impl UseCases {
    /// Somebody of staff, at the word of whoever owns the database: for the command line. Nothing that answers a request
    /// calls it.
    pub async fn vouch(&self, account: AccountId) -> Result<Actor> {
        let found = self.0.store.read().await?.account(account).await?;
        Ok(Actor::of_account(found.ok_or(Error::NotFound)?))
    }
}

impl Seat {
    fn in_events(&self) -> EventActor {
        match (self.id.role, self.account, self.guest) {
            (Role::Host, Some(account), _) => EventActor::Staff(account),
            (_, _, Some(guest)) => EventActor::Guest(guest),
            // A visit is a guest's or an account's; the schema says so.
            _ => EventActor::System,
        }
    }
}
