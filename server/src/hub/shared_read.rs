//! One look at a room for all who sit in it. Whatever changes in a room is told to every socket there; each needs the whole
//! room, and the first to ask reads it for the others, too.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use anteroom_domain::id::ConsultationId;
use anteroom_service::port::Bus;
use anteroom_service::{Result, WholeRoom};

/// What was read last, with the number up to which it shows every change.
type Last = Option<(u64, Arc<WholeRoom>)>;

/// A room's, for as long as one of its sockets is open.
#[derive(Debug, Default)]
pub struct Looks(tokio::sync::Mutex<Last>);

#[derive(Debug, Default)]
pub struct Rooms(Mutex<HashMap<ConsultationId, Weak<Looks>>>);

impl Rooms {
    pub fn of(&self, room: ConsultationId) -> Arc<Looks> {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(looks) = rooms.get(&room).and_then(Weak::upgrade) {
            return looks;
        }
        rooms.retain(|_, looks| looks.strong_count() > 0);
        let looks = Arc::default();
        rooms.insert(room, Arc::downgrade(&looks));
        looks
    }
}

impl Looks {
    /// The room with every change up to this number: what is there, or what `read` finds.
    pub async fn since(
        &self,
        number: u64,
        bus: &dyn Bus,
        read: impl Future<Output = Result<WholeRoom>>,
    ) -> Result<Arc<WholeRoom>> {
        let mut last = self.0.lock().await;
        if let Some((shows, room)) = &*last
            && number <= *shows
        {
            return Ok(room.clone());
        }
        let shows = bus.newest();
        let room = Arc::new(read.await?);
        *last = Some((shows, room.clone()));
        Ok(room)
    }
}
