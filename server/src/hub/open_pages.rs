use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anteroom_domain::id::{AccountId, BranchId};
use anteroom_protocol::seat::Notified;
use anteroom_service::Staff;

/// Which staff pages are open, and so hear of whoever waits.
#[derive(Debug, Default)]
pub struct Pages(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    pages: HashMap<u64, (AccountId, Option<BranchId>)>,
    last: u64,
}

impl Pages {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn open(&self, staff: &Staff) -> u64 {
        let mut open = self.lock();
        open.last += 1;
        let page = open.last;
        open.pages.insert(page, (staff.account().id, staff.scope()));
        page
    }

    pub fn close(&self, page: u64) {
        self.lock().pages.remove(&page);
    }

    /// Who hears of a guest of this host, at this branch. Somebody without a branch sees them all.
    pub fn told(&self, host: AccountId, branch: BranchId) -> Notified {
        let open = self.lock();
        let mut pages = open.pages.values();
        if pages.clone().any(|(account, _)| *account == host) {
            Notified::Host
        } else if pages.any(|(_, scope)| scope.is_none_or(|scope| scope == branch)) {
            Notified::Colleague
        } else {
            Notified::Nobody
        }
    }
}
