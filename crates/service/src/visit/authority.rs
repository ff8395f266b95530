use anteroom_domain::account::Account;
use anteroom_domain::consultation::Consultation;

/// Does this account sit in this room by right?
pub(super) fn may_host(account: Account, consultation: &Consultation) -> bool {
    account.active && crate::Staff::vouched(account).may_see(consultation.branch).is_ok()
}
