use std::sync::atomic::{AtomicU64, Ordering};

use anteroom_domain::id::{AccountId, BranchId, ConsultationId};
use tokio::sync::broadcast;

/// That something is different now. Says not what: whoever cares reads it anew, so that a message that was missed is made
/// good by the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Something about a consultation, or about somebody in its room.
    Consultation {
        /// The consultation's id.
        id: ConsultationId,
        /// None: of no interest outside the room.
        branch: Option<BranchId>,
    },
    /// Sessions of this account have ended.
    Sessions(AccountId),
}

/// Numbered in the order in which they were announced. What is read after a number was given shows every change up to it:
/// they are announced once they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The number. The first change since the process started has 1, and each has one more than the one before.
    pub number: u64,
    /// What is different now.
    pub change: Change,
}

/// Tells whoever shows something that it is different now.
pub trait Bus: Send + Sync {
    /// Numbers the change and sends it to all who subscribed. What is stored is announced after its commit, never
    /// before.
    fn announce(&self, change: Change);
    /// A receiver that lags has missed something: it reads everything it shows anew.
    fn subscribe(&self) -> broadcast::Receiver<Announced>;
    /// The last number that was given.
    fn newest(&self) -> u64;
}

/// The bus of a single process.
#[derive(Debug)]
pub struct LocalBus {
    sender: broadcast::Sender<Announced>,
    last: AtomicU64,
}

impl Default for LocalBus {
    fn default() -> Self {
        Self {
            // A socket reads within milliseconds; one that is 1,024 changes behind is better off starting over.
            sender: broadcast::channel(1024).0,
            last: AtomicU64::new(0),
        }
    }
}

impl Bus for LocalBus {
    fn announce(&self, change: Change) {
        let number = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        // An error says that nobody listens, which is no fault.
        let _ = self.sender.send(Announced { number, change });
    }

    fn subscribe(&self) -> broadcast::Receiver<Announced> {
        self.sender.subscribe()
    }

    fn newest(&self) -> u64 {
        self.last.load(Ordering::SeqCst)
    }
}
