//! What only open sockets know: which socket holds a seat, what its participant shows, and the events of its media
//! connection, which outlives a socket that is reconnecting. Lost with the process, and rebuilt by the clients.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anteroom_domain::id::{ConsultationId, VisitId};
use anteroom_domain::signalling::{ChatMessage, Person};
use anteroom_sfu::Event;
use tokio::sync::{broadcast, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::pace::Pace;

/// A client asks when its token runs out, and when a person presses a button.
const ASKS_PER_SECOND: f64 = 0.1;
const ASKS_BURST: f64 = 6.0;

#[derive(Debug)]
pub struct Hub {
    seats: Mutex<HashMap<VisitId, Entry>>,
    chat: broadcast::Sender<(ConsultationId, ChatMessage)>,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Shows {
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
}

#[derive(Debug, Default)]
struct Entry {
    /// The socket that has the seat now; a newer one takes it over.
    holder: u64,
    replaced: CancellationToken,
    shows: Shows,
    media: Option<mpsc::Receiver<Event>>,
    /// How often it may ask others for something: by the seat, for sockets can be opened at will.
    asks: Option<Pace>,
}

/// A socket's hold on a seat.
#[derive(Debug)]
pub struct Hold {
    pub visit: VisitId,
    number: u64,
    /// Fires when a newer socket has the seat.
    pub replaced: CancellationToken,
}

impl Default for Hub {
    fn default() -> Self {
        // Chat is slow; a socket that is 256 messages behind reads the whole chat anew.
        Self {
            seats: Mutex::default(),
            chat: broadcast::channel(256).0,
        }
    }
}

impl Hub {
    fn seats(&self) -> MutexGuard<'_, HashMap<VisitId, Entry>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the seat, from an older socket if there is one, together with its running media events.
    pub fn take(&self, visit: VisitId) -> (Hold, Option<mpsc::Receiver<Event>>) {
        let mut seats = self.seats();
        let entry = seats.entry(visit).or_default();
        entry.replaced.cancel();
        entry.replaced = CancellationToken::new();
        entry.holder += 1;
        let hold = Hold {
            visit,
            number: entry.holder,
            replaced: entry.replaced.clone(),
        };
        (hold, entry.media.take())
    }

    /// The socket is gone; the seat and its media wait for the next one. False where a newer socket has it already.
    pub fn give_back(&self, hold: &Hold, media: Option<mpsc::Receiver<Event>>) -> bool {
        let mut seats = self.seats();
        let Some(entry) = seats.get_mut(&hold.visit).filter(|entry| entry.holder == hold.number) else {
            return false;
        };
        entry.media = media;
        true
    }

    /// May this seat ask others for something now? False: too often.
    pub fn may_ask(&self, visit: VisitId) -> bool {
        let now = Instant::now().into_std();
        let mut seats = self.seats();
        let Some(entry) = seats.get_mut(&visit) else {
            return false;
        };
        let asks = entry
            .asks
            .get_or_insert_with(|| Pace::new(ASKS_PER_SECOND, ASKS_BURST, now));
        asks.take(now)
    }

    /// The visit is over.
    pub fn forget(&self, hold: &Hold) {
        let mut seats = self.seats();
        if seats.get(&hold.visit).is_some_and(|entry| entry.holder == hold.number) {
            seats.remove(&hold.visit);
        }
    }

    /// Drops what is left of visits that ended while no socket was open.
    pub fn keep_only(&self, open: impl Fn(VisitId) -> bool) {
        self.seats().retain(|visit, _| open(*visit));
    }

    pub fn visits(&self) -> Vec<VisitId> {
        self.seats().keys().copied().collect()
    }

    pub fn set_shows(&self, visit: VisitId, shows: Shows) {
        if let Some(entry) = self.seats().get_mut(&visit) {
            entry.shows = shows;
        }
    }

    /// Fills in what these people show.
    pub fn complete(&self, people: &mut [Person]) {
        let seats = self.seats();
        for person in people {
            if let Some(entry) = seats.get(&VisitId(person.visit)) {
                person.microphone = entry.shows.microphone;
                person.camera = entry.shows.camera;
                person.screen = entry.shows.screen;
            }
        }
    }

    pub fn say(&self, consultation: ConsultationId, message: ChatMessage) {
        // An error says that nobody listens.
        let _ = self.chat.send((consultation, message));
    }

    pub fn listen(&self) -> broadcast::Receiver<(ConsultationId, ChatMessage)> {
        self.chat.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_asks_no_oftener_for_being_opened_again() {
        let hub = Hub::default();
        let asked = (0..20).filter(|_| {
            let (hold, _) = hub.take(VisitId(1));
            let may = hub.may_ask(VisitId(1));
            hub.give_back(&hold, None);
            may
        });
        assert!(asked.count() <= 7);
        hub.take(VisitId(2));
        assert!(hub.may_ask(VisitId(2)), "others are another matter");
    }

    #[test]
    fn a_newer_socket_takes_the_seat_and_its_media_over() {
        let hub = Hub::default();
        let (old, none) = hub.take(VisitId(1));
        assert!(none.is_none());
        let (_tx, rx) = mpsc::channel(1);
        assert!(hub.give_back(&old, Some(rx)));
        let (new, media) = hub.take(VisitId(1));
        assert!(old.replaced.is_cancelled() && !new.replaced.is_cancelled());
        assert!(media.is_some(), "the media connection goes on");
        assert!(!hub.give_back(&old, None), "the old socket has nothing to give back");
        hub.forget(&old);
        assert_eq!(hub.visits(), [VisitId(1)], "nor anything to forget");
        hub.forget(&new);
        assert!(hub.visits().is_empty());
    }
}
