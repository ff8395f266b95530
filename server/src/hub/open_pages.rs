use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anteroom_domain::id::{AccountId, BranchId};
use anteroom_protocol::seat::Notified;
use anteroom_service::Staff;

/// The staff pages that are open now. Each shows at once who waits.
#[derive(Debug, Default)]
pub struct OpenPages(Mutex<Pages>);

#[derive(Debug, Default)]
struct Pages {
    by_number: HashMap<u64, (AccountId, Option<BranchId>)>,
    last: u64,
}

impl OpenPages {
    fn lock(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a page, and returns its number.
    pub fn open(&self, staff: &Staff) -> u64 {
        let mut pages = self.lock();
        pages.last += 1;
        let number = pages.last;
        pages.by_number.insert(number, (staff.account().id, staff.scope()));
        number
    }

    pub fn close(&self, number: u64) {
        self.lock().by_number.remove(&number);
    }

    /// Who is notified of a guest of this host, at this branch. A page whose account has no branch shows all of them.
    pub fn notified(&self, host: AccountId, branch: BranchId) -> Notified {
        let pages = self.lock();
        let mut open = pages.by_number.values();
        if open.clone().any(|(account, _)| *account == host) {
            Notified::Host
        } else if open.any(|(_, scope)| scope.is_none_or(|scope| scope == branch)) {
            Notified::Colleague
        } else {
            Notified::Nobody
        }
    }
}
