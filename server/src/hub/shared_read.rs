//! One read of a room for all its sockets. Every change is announced to every socket of the room, and each needs the whole
//! room: the first socket to ask reads it for the others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use anteroom_domain::id::ConsultationId;
use anteroom_service::port::Bus;
use anteroom_service::{Result, WholeRoom};

/// The last read, and the number of the newest change that it is certain to contain.
type Latest = Option<(u64, Arc<WholeRoom>)>;

/// The read of one room. It lives as long as a socket of the room is open.
#[derive(Debug, Default)]
pub struct SharedRead(tokio::sync::Mutex<Latest>);

#[derive(Debug, Default)]
pub struct SharedReads(Mutex<HashMap<ConsultationId, Weak<SharedRead>>>);

impl SharedReads {
    pub fn of(&self, room: ConsultationId) -> Arc<SharedRead> {
        let mut reads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = reads.get(&room).and_then(Weak::upgrade) {
            return read;
        }
        reads.retain(|_, read| read.strong_count() > 0);
        let read = Arc::default();
        reads.insert(room, Arc::downgrade(&read));
        read
    }
}

impl SharedRead {
    /// The room with every change up to this number: the last read, or what `read` returns.
    pub async fn since(
        &self,
        number: u64,
        bus: &dyn Bus,
        read: impl Future<Output = Result<WholeRoom>>,
    ) -> Result<Arc<WholeRoom>> {
        let mut latest = self.0.lock().await;
        if let Some((contains, room)) = &*latest
            && *contains >= number
        {
            return Ok(room.clone());
        }
        // Before the read: a change that comes during it may be missing.
        let contains = bus.newest();
        let room = Arc::new(read.await?);
        *latest = Some((contains, room.clone()));
        Ok(room)
    }
}
