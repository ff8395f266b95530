//! A seat's life from hello to goodbye, and the loop that serves it.

use std::sync::Arc;
use std::time::Duration;

use anteroom_domain::visit::Publish;
use anteroom_i18n::Lang;
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::seat::{Closed, FromServer, PING_SECONDS, RoomView};
use anteroom_protocol::teams::TeamsFromServer;
use anteroom_service::port::{Announced, Change};
use anteroom_service::{Actor, Error, Seat};
use anteroom_sfu::{Event, ParticipantId, RoomId};
use axum::extract::ws::WebSocket;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval, sleep_until};

use super::credentials::CredentialRequests;
use super::wire::{Gone, Received, receive, send, send_ping};
use crate::hub::{Lease, SharedRead, Traffic};
use crate::state::AppState;

/// How often a browser is pinged. It answers by itself; the page's own pings are not enough, because browsers run the
/// timers of a hidden tab only once a minute.
const PING_EVERY: Duration = Duration::from_secs(PING_SECONDS as u64);
/// Three pings without an answer: the client is gone.
const SILENCE: Duration = Duration::from_secs(3 * PING_SECONDS as u64);

/// The open socket of a participant who waits or is admitted.
pub struct Session<'a> {
    pub(super) app: &'a AppState,
    pub(super) socket: &'a mut WebSocket,
    pub(super) seat: Seat,
    pub(super) actor: Actor,
    /// The language of the page that opened the socket.
    pub(super) lang: Lang,
    lease: Lease,
    pub(super) media: Option<mpsc::Receiver<Event>>,
    /// Admitted, according to the last room that this socket has read.
    pub(super) is_in: bool,
    /// What this participant may send over the built-in engine, once they have its credentials.
    pub(super) publish: Option<Publish>,
    pub(super) credentials: CredentialRequests,
    pub(super) room_read: Arc<SharedRead>,
    /// The number of the newest change that this socket knows of.
    pub(super) newest_change: u64,
    /// The room as it was sent last.
    pub(super) sent_room: Option<RoomView>,
    /// When the room was read last.
    pub(super) read_at: Option<Instant>,
    /// When the room is to be read again, because it has changed.
    pub(super) read_due: Option<Instant>,
    /// When the others were last told which devices this participant shows.
    pub(super) announced_at: Option<Instant>,
    /// When the others are to be told, because the devices have changed.
    pub(super) announce_due: Option<Instant>,
}

/// How a session ends.
pub enum End {
    /// The client is gone; the seat waits for it.
    Gone,
    /// A newer socket has the seat, with all that belongs to it.
    Replaced,
    /// The server closes the socket; the seat waits for the client.
    Closed(Closed),
    /// The visit is over.
    Over(Closed),
}

impl From<Gone> for End {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl<'a> Session<'a> {
    /// Serves the seat until its socket ends. Returns what to tell the client last, if it still listens.
    pub async fn open(app: &'a AppState, socket: &'a mut WebSocket, token: &str, lang: Lang) -> Option<Closed> {
        // Leased before connected: an older socket that ends in between does not report the seat as empty.
        let leased = match app.use_cases.seat(token).await {
            Ok(Ok(seat)) => app.hub.lease(seat.id.visit, Instant::now().into_std()),
            Ok(Err(closed)) => return Some(closed),
            Err(error) => return Some(not_connected(&error)),
        };
        // None: too often. The client may come again later.
        let (lease, media) = leased?;
        match app.use_cases.connect(token).await {
            Ok(Ok(seat)) => Self::run(app, socket, seat, (lease, media), lang).await,
            Ok(Err(closed)) => {
                app.hub.forget(&lease);
                Some(closed)
            }
            Err(error) => {
                release(app, &lease, media).await;
                Some(not_connected(&error))
            }
        }
    }

    async fn run(
        app: &'a AppState,
        socket: &'a mut WebSocket,
        seat: Seat,
        (lease, media): (Lease, Option<mpsc::Receiver<Event>>),
        lang: Lang,
    ) -> Option<Closed> {
        let seat_id = seat.id;
        let credentials = CredentialRequests::new(app, &seat, lang);
        let mut session = Self {
            app,
            socket,
            actor: seat.clone().into(),
            seat,
            lang,
            lease,
            media,
            is_in: false,
            publish: None,
            credentials,
            room_read: app.hub.room_reads.of(seat_id.consultation),
            newest_change: 0,
            sent_room: None,
            read_at: None,
            read_due: None,
            announced_at: None,
            announce_due: None,
        };
        let (Ok(end) | Err(end)) = session.serve().await;
        let Self { lease, media, .. } = session;
        match end {
            End::Gone => {
                release(app, &lease, media).await;
                None
            }
            End::Closed(why) => {
                release(app, &lease, media).await;
                Some(why)
            }
            End::Replaced => Some(Closed::Replaced),
            End::Over(why) => {
                app.hub.forget(&lease);
                app.sfu
                    .leave(RoomId(seat_id.consultation.0), ParticipantId(seat_id.visit.0));
                Some(why)
            }
        }
    }

    /// The loop. `Err` is an end that one of its steps has met.
    async fn serve(&mut self) -> Result<End, End> {
        let mut changes = self.app.use_cases.bus().subscribe();
        // The first read must contain whatever was stored before this subscription.
        self.newest_change = self.app.use_cases.bus().newest();
        let mut chat = self.app.hub.subscribe_chat(self.seat.id.consultation);
        let stopping = self.app.lifecycle.stopping.clone();
        let replaced = self.lease.replaced.clone();
        self.send_room().await?;
        let mut received_at = Instant::now();
        let mut ping = interval(PING_EVERY);
        loop {
            tokio::select! {
                _ = ping.tick() => send_ping(self.socket).await?,
                received = receive(self.socket) => {
                    received_at = Instant::now();
                    if !self.app.hub.allows(self.seat.id.visit, Traffic::Frame, received_at.into_std()) {
                        return Ok(End::Closed(Closed::Protocol));
                    }
                    match received {
                        Received::Message(message) => self.dispatch(*message).await?,
                        Received::Heartbeat => {}
                        Received::Invalid => return Ok(End::Closed(Closed::Protocol)),
                        Received::Gone => return Ok(End::Gone),
                    }
                }
                change = changes.recv() => match change {
                    Ok(Announced { number, change: Change::Consultation { id, .. } })
                        if id == self.seat.id.consultation =>
                    {
                        self.room_changed(number);
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => self.room_changed(self.app.use_cases.bus().newest()),
                    Err(RecvError::Closed) => return Ok(End::Gone),
                },
                () = at(self.read_due) => {
                    self.send_room().await?;
                    self.credentials.retry_if_meeting_exists().await;
                }
                () = at(self.announce_due) => self.announce_devices(),
                answer = self.credentials.next() => self.send_credentials(answer).await?,
                message = chat.recv(), if self.is_in => match message {
                    Ok(message) => send(self.socket, &FromServer::Chat(message)).await?,
                    Err(RecvError::Lagged(_)) => self.send_chat().await?,
                    Err(RecvError::Closed) => return Ok(End::Gone),
                },
                event = next(&mut self.media) => match event {
                    Some(event) => self.send_media(event).await?,
                    None => self.media = None,
                },
                () = replaced.cancelled() => return Ok(End::Replaced),
                () = stopping.cancelled() => return Ok(End::Closed(Closed::Restarting)),
                () = sleep_until(received_at + SILENCE) => return Ok(End::Gone),
            }
        }
    }

    /// Sends the answer to a request, and keeps what it means for this session.
    async fn send_credentials(&mut self, answer: FromServer) -> Result<(), End> {
        if let FromServer::Credentials {
            credentials: Credentials::Builtin { publish },
        } = answer
        {
            self.publish = Some(publish);
        }
        let has_no_meeting = matches!(
            answer,
            FromServer::Teams {
                teams: TeamsFromServer::Unavailable { open: None, .. }
            }
        );
        send(self.socket, &answer).await?;
        if has_no_meeting {
            self.credentials.wait_for_meeting().await;
        }
        Ok(())
    }
}

/// Leaves the seat, with its media, to the client's next socket.
async fn release(app: &AppState, lease: &Lease, media: Option<mpsc::Receiver<Event>>) {
    let visit = lease.visit;
    if app.hub.release(lease, media)
        && let Err(error) = app
            .use_cases
            .disconnect_unless(visit, || !app.hub.is_newest(lease))
            .await
    {
        tracing::error!(visit.id = %visit, error = &error as &dyn std::error::Error, "visit {visit} could not be marked as disconnected");
    }
}

fn not_connected(error: &Error) -> Closed {
    tracing::error!(error = error as &dyn std::error::Error, "a seat could not be connected");
    Closed::Restarting
}

/// Waits until that time; for ever, where there is none.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}

/// Waits for the next media event; for ever, where there is no media.
async fn next(media: &mut Option<mpsc::Receiver<Event>>) -> Option<Event> {
    match media {
        Some(events) => events.recv().await,
        None => std::future::pending().await,
    }
}
