use anteroom_domain::id::{AccountId, BranchId, ConsultationId};
use tokio::sync::broadcast;

/// That something is different now. Says not what: whoever cares reads it anew, so that a message that was missed is made
/// good by the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Consultation {
        id: ConsultationId,
        /// None: of no interest outside the room.
        branch: Option<BranchId>,
    },
    /// Sessions of this account have ended.
    Sessions(AccountId),
}

pub trait Bus: Send + Sync {
    fn announce(&self, change: Change);
    /// A receiver that lags has missed something: it reads everything it shows anew.
    fn subscribe(&self) -> broadcast::Receiver<Change>;
}

/// The bus of a single process.
#[derive(Debug)]
pub struct LocalBus(broadcast::Sender<Change>);

impl Default for LocalBus {
    fn default() -> Self {
        // A socket reads within milliseconds; one that is 1,024 changes behind is better off starting over.
        Self(broadcast::channel(1024).0)
    }
}

impl Bus for LocalBus {
    fn announce(&self, change: Change) {
        // An error says that nobody listens, which is no fault.
        let _ = self.0.send(change);
    }

    fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }
}
