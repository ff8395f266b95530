//! What only open sockets know: which socket holds a seat, what its participant shows, how fast they may talk, and the
//! events of their media connection, which outlives a socket that is reconnecting. Lost with the process, and rebuilt by
//! the clients.

mod handshakes;
mod open_pages;
mod shared_read;
mod token_bucket;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anteroom_domain::chat::ChatMessage;
use anteroom_domain::id::{ConsultationId, VisitId};
use anteroom_protocol::seat::Person;
use anteroom_sfu::Event;
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;

use handshakes::Handshakes;
use open_pages::Pages;
pub use shared_read::Looks;
use shared_read::Rooms;
use token_bucket::TokenBucket;

/// Negotiation comes in bursts; a person does not.
const FRAMES_PER_SECOND: f64 = 20.0;
const FRAMES_BURST: f64 = 100.0;
const CHATS_PER_SECOND: f64 = 1.0;
const CHATS_BURST: f64 = 8.0;
/// A client asks others when its token runs out, and when a person presses a button.
const ASKS_PER_SECOND: f64 = 0.1;
const ASKS_BURST: f64 = 6.0;
/// Each costs a write. A page that is reloaded in despair and a line that comes and goes stay far below.
const HELLOS_PER_SECOND: f64 = 0.5;
const HELLOS_BURST: f64 = 30.0;
/// Chat is slow; a socket that is this many messages of its own meeting behind reads the whole chat anew.
const CHAT_BEHIND: usize = 256;

#[derive(Debug, Default)]
pub struct Hub {
    seats: Mutex<HashMap<VisitId, Entry>>,
    last_hold: AtomicU64,
    /// A meeting's chat is its own: much talk in one makes nobody else's sockets catch up.
    chats: Mutex<HashMap<ConsultationId, broadcast::Sender<ChatMessage>>>,
    pub handshakes: Handshakes,
    pub pages: Pages,
    pub rooms: Rooms,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shows {
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
}

/// What a participant may do only so often.
#[derive(Clone, Copy, Debug)]
pub enum Ask {
    Frame,
    Chat,
}

#[derive(Debug)]
struct Entry {
    /// The socket that has the seat now; a newer one takes it over.
    holder: u64,
    replaced: CancellationToken,
    shows: Shows,
    media: Option<mpsc::Receiver<Event>>,
    // Of the visit and not of the socket: who reconnects does not begin anew.
    hellos: TokenBucket,
    asks: TokenBucket,
    frames: TokenBucket,
    chats: TokenBucket,
}

impl Entry {
    fn new(now: Instant) -> Self {
        Self {
            holder: 0,
            replaced: CancellationToken::new(),
            shows: Shows::default(),
            media: None,
            hellos: TokenBucket::new(HELLOS_PER_SECOND, HELLOS_BURST, now),
            asks: TokenBucket::new(ASKS_PER_SECOND, ASKS_BURST, now),
            frames: TokenBucket::new(FRAMES_PER_SECOND, FRAMES_BURST, now),
            chats: TokenBucket::new(CHATS_PER_SECOND, CHATS_BURST, now),
        }
    }
}

/// A socket's hold on a seat.
#[derive(Debug)]
pub struct Hold {
    pub visit: VisitId,
    number: u64,
    /// Fires when a newer socket has the seat.
    pub replaced: CancellationToken,
}

impl Hub {
    fn seats(&self) -> MutexGuard<'_, HashMap<VisitId, Entry>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the seat, from an older socket if there is one, together with its running media events. None: too often.
    pub fn take(&self, visit: VisitId, now: Instant) -> Option<(Hold, Option<mpsc::Receiver<Event>>)> {
        let mut seats = self.seats();
        let entry = seats.entry(visit).or_insert_with(|| Entry::new(now));
        if !entry.hellos.take(now) {
            return None;
        }
        entry.replaced.cancel();
        entry.replaced = CancellationToken::new();
        entry.holder = self.last_hold.fetch_add(1, Ordering::Relaxed) + 1;
        let hold = Hold {
            visit,
            number: entry.holder,
            replaced: entry.replaced.clone(),
        };
        Some((hold, entry.media.take()))
    }

    /// The socket is gone; the seat and its media wait for the next one. False where a newer socket has it already.
    pub fn release(&self, hold: &Hold, media: Option<mpsc::Receiver<Event>>) -> bool {
        let mut seats = self.seats();
        let Some(entry) = seats.get_mut(&hold.visit).filter(|entry| entry.holder == hold.number) else {
            return false;
        };
        entry.media = media;
        true
    }

    /// Has no newer socket taken the seat?
    pub fn is_last(&self, hold: &Hold) -> bool {
        let seats = self.seats();
        seats.get(&hold.visit).is_none_or(|entry| entry.holder == hold.number)
    }

    /// May this seat ask others for something now? False: too often.
    pub fn may_ask(&self, visit: VisitId) -> bool {
        let now = tokio::time::Instant::now().into_std();
        self.seats().get_mut(&visit).is_some_and(|entry| entry.asks.take(now))
    }

    /// The visit is over.
    pub fn forget(&self, hold: &Hold) {
        let mut seats = self.seats();
        if seats.get(&hold.visit).is_some_and(|entry| entry.holder == hold.number) {
            seats.remove(&hold.visit);
        }
    }

    /// Drops what is left of these visits where they are not open: they ended while no socket was. (Looked at before the
    /// open ones were, so that nobody who came meanwhile is among them.) With their media events goes their media.
    pub fn keep_only(&self, known: &[VisitId], open: &HashSet<VisitId>) {
        let mut seats = self.seats();
        for visit in known.iter().filter(|visit| !open.contains(visit)) {
            seats.remove(visit);
        }
        drop(seats);
        self.chats().retain(|_, chat| chat.receiver_count() > 0);
    }

    pub fn visits(&self) -> Vec<VisitId> {
        self.seats().keys().copied().collect()
    }

    pub fn may(&self, visit: VisitId, ask: Ask, now: Instant) -> bool {
        // A visit without an entry is over, and its socket is about to hear of it.
        self.seats().get_mut(&visit).is_none_or(|entry| match ask {
            Ask::Frame => entry.frames.take(now),
            Ask::Chat => entry.chats.take(now),
        })
    }

    /// Is that something new?
    pub fn set_shows(&self, visit: VisitId, shows: Shows) -> bool {
        let mut seats = self.seats();
        let entry = seats.get_mut(&visit);
        entry.is_some_and(|entry| std::mem::replace(&mut entry.shows, shows) != shows)
    }

    /// Fills in what these people show.
    pub fn complete(&self, people: &mut [Person]) {
        let seats = self.seats();
        for person in people {
            if let Some(entry) = seats.get(&person.visit) {
                person.microphone = entry.shows.microphone;
                person.camera = entry.shows.camera;
                person.screen = entry.shows.screen;
            }
        }
    }

    fn chats(&self) -> MutexGuard<'_, HashMap<ConsultationId, broadcast::Sender<ChatMessage>>> {
        self.chats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn say(&self, consultation: ConsultationId, message: ChatMessage) {
        if let Some(chat) = self.chats().get(&consultation) {
            // An error says that nobody listens.
            let _ = chat.send(message);
        }
    }

    pub fn listen(&self, consultation: ConsultationId) -> broadcast::Receiver<ChatMessage> {
        let mut chats = self.chats();
        let chat = chats
            .entry(consultation)
            .or_insert_with(|| broadcast::channel(CHAT_BEHIND).0);
        chat.subscribe()
    }
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "an Instant can't be made otherwise; the tests move on from it"
)]
mod tests {
    use anteroom_domain::id::MessageId;
    use std::time::Duration;

    use anteroom_domain::visit::Role;
    use tokio::sync::broadcast::error::TryRecvError;

    use super::*;

    #[test]
    fn a_seat_asks_no_oftener_for_being_opened_again() {
        let hub = Hub::default();
        let asked = (0..20).filter(|_| {
            let (hold, _) = hub.take(VisitId(1), Instant::now()).unwrap();
            let may = hub.may_ask(VisitId(1));
            hub.release(&hold, None);
            may
        });
        assert!(asked.count() <= 7);
        hub.take(VisitId(2), Instant::now()).unwrap();
        assert!(hub.may_ask(VisitId(2)), "others are another matter");
    }

    #[test]
    fn a_newer_socket_takes_the_seat_and_its_media_over() {
        let (hub, now) = (Hub::default(), Instant::now());
        let (old, none) = hub.take(VisitId(1), now).unwrap();
        assert!(none.is_none());
        let (_tx, rx) = mpsc::channel(1);
        assert!(hub.release(&old, Some(rx)) && hub.is_last(&old));
        let (new, media) = hub.take(VisitId(1), now).unwrap();
        assert!(old.replaced.is_cancelled() && !new.replaced.is_cancelled());
        assert!(media.is_some(), "the media connection goes on");
        assert!(
            !hub.is_last(&old),
            "who gave it back does not report it as empty any more"
        );
        assert!(!hub.release(&old, None), "the old socket has nothing to give back");
        hub.forget(&old);
        assert_eq!(hub.visits(), [VisitId(1)], "nor anything to forget");
        hub.forget(&new);
        assert!(hub.visits().is_empty());
    }

    #[test]
    fn who_reconnects_does_not_begin_a_new_burst() {
        let (hub, now) = (Hub::default(), Instant::now());
        let visit = VisitId(1);
        let (hold, _) = hub.take(visit, now).unwrap();
        while hub.may(visit, Ask::Frame, now) {}
        while hub.may(visit, Ask::Chat, now) {}
        hub.release(&hold, None);
        hub.take(visit, now).unwrap();
        assert!(!hub.may(visit, Ask::Frame, now) && !hub.may(visit, Ask::Chat, now));
        let later = now + Duration::from_secs(1);
        assert!(hub.may(visit, Ask::Frame, later) && hub.may(visit, Ask::Chat, later));
        // Nor can sockets be opened without end.
        while hub.take(visit, later).is_some() {}
        assert!(hub.take(VisitId(2), later).is_some());
        assert!(hub.take(visit, later + Duration::from_secs(2)).is_some());
    }

    #[test]
    fn what_is_left_of_visits_that_are_over_is_dropped_with_their_media() {
        let (hub, now) = (Hub::default(), Instant::now());
        let (media, events) = mpsc::channel(1);
        let (hold, _) = hub.take(VisitId(1), now).unwrap();
        hub.release(&hold, Some(events));
        let known = hub.visits();
        hub.take(VisitId(2), now).unwrap();
        hub.keep_only(&known, &HashSet::new());
        assert_eq!(hub.visits(), [VisitId(2)], "who came after the look stays");
        assert!(media.is_closed(), "the media engine sees that nobody listens");
    }

    #[test]
    fn much_talk_in_one_meeting_is_no_lag_in_another() {
        let hub = Hub::default();
        let (mut loud, mut quiet) = (hub.listen(ConsultationId(1)), hub.listen(ConsultationId(2)));
        let message = |id| ChatMessage {
            id: MessageId(id),
            visit: VisitId(1),
            role: Role::Guest,
            name: "Zeb".into(),
            text: "again".into(),
            at: id,
        };
        for id in 0..1_000 {
            hub.say(ConsultationId(1), message(id));
        }
        assert!(matches!(loud.try_recv(), Err(TryRecvError::Lagged(_))));
        assert_eq!(quiet.try_recv(), Err(TryRecvError::Empty));
        hub.say(ConsultationId(2), message(7));
        assert_eq!(quiet.try_recv(), Ok(message(7)));
        drop((loud, quiet));
        hub.keep_only(&[], &HashSet::new());
        assert!(hub.chats().is_empty(), "a meeting that nobody is in has no channel");
    }
}
