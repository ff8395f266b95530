//! What only open sockets know: which socket leases a seat, which devices its participant shows, how fast they may send,
//! and the events of their media connection, which outlives a socket that is reconnecting. Lost with the process, and
//! rebuilt by the clients.

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
use open_pages::OpenPages;
pub use shared_read::SharedRead;
use shared_read::SharedReads;
use token_bucket::TokenBucket;

/// Negotiation comes in bursts; a person does not.
const FRAMES_PER_SECOND: f64 = 20.0;
const FRAMES_BURST: f64 = 100.0;
const CHATS_PER_SECOND: f64 = 1.0;
const CHATS_BURST: f64 = 8.0;
/// A client requests credentials when its token runs out, and when a person presses a button.
const CREDENTIAL_REQUESTS_PER_SECOND: f64 = 0.1;
const CREDENTIAL_REQUESTS_BURST: f64 = 6.0;
/// Each costs a write. A page that is reloaded in despair and a line that comes and goes stay far below.
const LEASES_PER_SECOND: f64 = 0.5;
const LEASES_BURST: f64 = 30.0;
/// Chat is slow. A socket that is this many messages behind its own meeting reads the whole chat again.
const CHAT_BACKLOG: usize = 256;

#[derive(Debug, Default)]
pub struct Hub {
    seats: Mutex<HashMap<VisitId, SeatEntry>>,
    last_lease: AtomicU64,
    /// One channel a meeting: a busy chat in one makes no socket of another lag.
    chats: Mutex<HashMap<ConsultationId, broadcast::Sender<ChatMessage>>>,
    pub handshakes: Handshakes,
    pub open_pages: OpenPages,
    pub room_reads: SharedReads,
}

/// The devices that a participant shows to the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
}

/// What a participant sends, each kind with a rate of its own.
#[derive(Clone, Copy, Debug)]
pub enum Traffic {
    Frame,
    Chat,
}

#[derive(Debug)]
struct SeatEntry {
    /// The number of the newest lease; the socket that has it has the seat.
    lease: u64,
    replaced: CancellationToken,
    devices: Devices,
    media: Option<mpsc::Receiver<Event>>,
    // Buckets of the visit, not of the socket: reconnecting must not refill them.
    leases: TokenBucket,
    credential_requests: TokenBucket,
    frames: TokenBucket,
    chats: TokenBucket,
}

impl SeatEntry {
    fn new(now: Instant) -> Self {
        Self {
            lease: 0,
            replaced: CancellationToken::new(),
            devices: Devices::default(),
            media: None,
            leases: TokenBucket::new(LEASES_PER_SECOND, LEASES_BURST, now),
            credential_requests: TokenBucket::new(CREDENTIAL_REQUESTS_PER_SECOND, CREDENTIAL_REQUESTS_BURST, now),
            frames: TokenBucket::new(FRAMES_PER_SECOND, FRAMES_BURST, now),
            chats: TokenBucket::new(CHATS_PER_SECOND, CHATS_BURST, now),
        }
    }
}

/// A socket's right to a seat, until a newer socket leases it.
#[derive(Debug)]
pub struct Lease {
    pub visit: VisitId,
    number: u64,
    /// Cancelled when a newer socket leases the seat.
    pub replaced: CancellationToken,
}

impl Hub {
    fn seats(&self) -> MutexGuard<'_, HashMap<VisitId, SeatEntry>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leases the seat, and ends an older socket's lease. Running media events come along. None: too often.
    pub fn lease(&self, visit: VisitId, now: Instant) -> Option<(Lease, Option<mpsc::Receiver<Event>>)> {
        let mut seats = self.seats();
        let entry = seats.entry(visit).or_insert_with(|| SeatEntry::new(now));
        if !entry.leases.take(now) {
            return None;
        }
        entry.replaced.cancel();
        entry.replaced = CancellationToken::new();
        entry.lease = self.last_lease.fetch_add(1, Ordering::Relaxed) + 1;
        let lease = Lease {
            visit,
            number: entry.lease,
            replaced: entry.replaced.clone(),
        };
        Some((lease, entry.media.take()))
    }

    /// Keeps the seat and its media for the visit's next socket. False where a newer socket already has the seat.
    pub fn release(&self, lease: &Lease, media: Option<mpsc::Receiver<Event>>) -> bool {
        let mut seats = self.seats();
        let Some(entry) = seats.get_mut(&lease.visit).filter(|entry| entry.lease == lease.number) else {
            return false;
        };
        entry.media = media;
        true
    }

    /// Is this the seat's newest lease?
    pub fn is_newest(&self, lease: &Lease) -> bool {
        let seats = self.seats();
        seats.get(&lease.visit).is_none_or(|entry| entry.lease == lease.number)
    }

    /// May this seat request credentials now? False: too often.
    pub fn allows_credential_request(&self, visit: VisitId) -> bool {
        let now = tokio::time::Instant::now().into_std();
        self.seats()
            .get_mut(&visit)
            .is_some_and(|entry| entry.credential_requests.take(now))
    }

    /// Drops the seat: its visit is over.
    pub fn forget(&self, lease: &Lease) {
        let mut seats = self.seats();
        if seats.get(&lease.visit).is_some_and(|entry| entry.lease == lease.number) {
            seats.remove(&lease.visit);
        }
    }

    /// Drops the seats of visits that ended while no socket was open: those of `known` that are not among `open`. `known`
    /// must be read before `open`, or a visit that begins in between is lost. Dropping a seat's receiver ends its media.
    pub fn forget_ended(&self, known: &[VisitId], open: &HashSet<VisitId>) {
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

    /// May this visit send that now? False: too fast.
    pub fn allows(&self, visit: VisitId, traffic: Traffic, now: Instant) -> bool {
        // A visit without an entry is over, and its socket is about to hear of it.
        self.seats().get_mut(&visit).is_none_or(|entry| match traffic {
            Traffic::Frame => entry.frames.take(now),
            Traffic::Chat => entry.chats.take(now),
        })
    }

    /// Returns whether that changed anything.
    pub fn set_devices(&self, visit: VisitId, devices: Devices) -> bool {
        let mut seats = self.seats();
        let entry = seats.get_mut(&visit);
        entry.is_some_and(|entry| std::mem::replace(&mut entry.devices, devices) != devices)
    }

    /// Fills in which devices these people show.
    pub fn fill_devices(&self, people: &mut [Person]) {
        let seats = self.seats();
        for person in people {
            if let Some(entry) = seats.get(&person.visit) {
                person.microphone = entry.devices.microphone;
                person.camera = entry.devices.camera;
                person.screen = entry.devices.screen;
            }
        }
    }

    fn chats(&self) -> MutexGuard<'_, HashMap<ConsultationId, broadcast::Sender<ChatMessage>>> {
        self.chats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn send_chat(&self, consultation: ConsultationId, message: ChatMessage) {
        if let Some(chat) = self.chats().get(&consultation) {
            // An error means that nobody has subscribed.
            let _ = chat.send(message);
        }
    }

    pub fn subscribe_chat(&self, consultation: ConsultationId) -> broadcast::Receiver<ChatMessage> {
        let mut chats = self.chats();
        let chat = chats
            .entry(consultation)
            .or_insert_with(|| broadcast::channel(CHAT_BACKLOG).0);
        chat.subscribe()
    }
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "an Instant can't be made otherwise; the tests move on from it"
)]
mod tests {
    use std::time::Duration;

    use anteroom_domain::id::MessageId;
    use anteroom_domain::visit::Role;
    use tokio::sync::broadcast::error::TryRecvError;

    use super::*;

    #[test]
    fn reopening_a_seat_gives_no_more_credential_requests() {
        let hub = Hub::default();
        let allowed = (0..20).filter(|_| {
            let (lease, _) = hub.lease(VisitId(1), Instant::now()).unwrap();
            let is_allowed = hub.allows_credential_request(VisitId(1));
            hub.release(&lease, None);
            is_allowed
        });
        assert!(allowed.count() <= 7);
        hub.lease(VisitId(2), Instant::now()).unwrap();
        assert!(
            hub.allows_credential_request(VisitId(2)),
            "every seat has a rate of its own"
        );
    }

    #[test]
    fn a_newer_socket_takes_the_seat_and_its_media_over() {
        let (hub, now) = (Hub::default(), Instant::now());
        let (old, none) = hub.lease(VisitId(1), now).unwrap();
        assert!(none.is_none());
        let (_tx, rx) = mpsc::channel(1);
        assert!(hub.release(&old, Some(rx)) && hub.is_newest(&old));
        let (new, media) = hub.lease(VisitId(1), now).unwrap();
        assert!(old.replaced.is_cancelled() && !new.replaced.is_cancelled());
        assert!(media.is_some(), "the media connection goes on");
        assert!(
            !hub.is_newest(&old),
            "a released lease does not report the seat as empty once there is a newer one"
        );
        assert!(!hub.release(&old, None), "the old socket has nothing to release");
        hub.forget(&old);
        assert_eq!(hub.visits(), [VisitId(1)], "nor anything to forget");
        hub.forget(&new);
        assert!(hub.visits().is_empty());
    }

    #[test]
    fn reconnecting_starts_no_new_burst() {
        let (hub, now) = (Hub::default(), Instant::now());
        let visit = VisitId(1);
        let (lease, _) = hub.lease(visit, now).unwrap();
        while hub.allows(visit, Traffic::Frame, now) {}
        while hub.allows(visit, Traffic::Chat, now) {}
        hub.release(&lease, None);
        hub.lease(visit, now).unwrap();
        assert!(!hub.allows(visit, Traffic::Frame, now) && !hub.allows(visit, Traffic::Chat, now));
        let later = now + Duration::from_secs(1);
        assert!(hub.allows(visit, Traffic::Frame, later) && hub.allows(visit, Traffic::Chat, later));
        // New leases have a rate, too.
        while hub.lease(visit, later).is_some() {}
        assert!(hub.lease(VisitId(2), later).is_some());
        assert!(hub.lease(visit, later + Duration::from_secs(2)).is_some());
    }

    #[test]
    fn seats_of_ended_visits_are_dropped_with_their_media() {
        let (hub, now) = (Hub::default(), Instant::now());
        let (media, events) = mpsc::channel(1);
        let (lease, _) = hub.lease(VisitId(1), now).unwrap();
        hub.release(&lease, Some(events));
        let known = hub.visits();
        hub.lease(VisitId(2), now).unwrap();
        hub.forget_ended(&known, &HashSet::new());
        assert_eq!(
            hub.visits(),
            [VisitId(2)],
            "a visit that began after `known` was read stays"
        );
        assert!(media.is_closed(), "the media engine sees that nobody listens");
    }

    #[test]
    fn a_busy_chat_in_one_meeting_is_no_lag_in_another() {
        let hub = Hub::default();
        let (mut loud, mut quiet) = (
            hub.subscribe_chat(ConsultationId(1)),
            hub.subscribe_chat(ConsultationId(2)),
        );
        let message = |id| ChatMessage {
            id: MessageId(id),
            visit: VisitId(1),
            role: Role::Guest,
            name: "Zeb".into(),
            text: "again".into(),
            at: id,
        };
        for id in 0..1_000 {
            hub.send_chat(ConsultationId(1), message(id));
        }
        assert!(matches!(loud.try_recv(), Err(TryRecvError::Lagged(_))));
        assert_eq!(quiet.try_recv(), Err(TryRecvError::Empty));
        hub.send_chat(ConsultationId(2), message(7));
        assert_eq!(quiet.try_recv(), Ok(message(7)));
        drop((loud, quiet));
        hub.forget_ended(&[], &HashSet::new());
        assert!(hub.chats().is_empty(), "a meeting that nobody is in has no channel");
    }
}
