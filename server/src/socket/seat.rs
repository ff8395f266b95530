//! `GET /socket/seat`: one participant's socket. The protocol is `docs/SIGNALLING.md`, its grammar
//! `anteroom_domain::signalling`. Whatever a client sends costs at most its own socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anteroom_domain::chat::MAX_CHAT_CHARS;
use anteroom_domain::visit::{AdmissionStatus, Publish};
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::media::{MediaFromClient, MediaFromServer};
use anteroom_protocol::seat::{Closed, FromClient, FromServer, MAX_FRAME_BYTES, PING_SECONDS, RefusalCode, RoomView};
use anteroom_protocol::teams::{TeamsFromClient, TeamsFromServer};
use anteroom_service::port::{Announced, Change};
use anteroom_service::{Error, Room, Seat};
use anteroom_sfu::{Event, ParticipantId, RoomId};
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval, sleep_until, timeout};
use tracing::{Instrument as _, Span};

use super::outside::{Answer, Outside};
use crate::hub::{Devices, Lease, SharedRead, Traffic};
use crate::network::network;
use crate::state::AppState;

/// A client says hello at once; one that does not is no client of ours.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// A client that takes nothing for this long is gone.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// How long a goodbye is waited for: a slow line's way there and back.
const PARTING: Duration = Duration::from_secs(2);
/// What is on its way when somebody is sent away is less.
const PARTING_BYTES: usize = 64 * 1024;
/// How often a browser is asked for a sign of life. It answers by itself; the page's own pings are not enough, because
/// browsers let the timers of a hidden tab run once a minute only.
const PULSE: Duration = Duration::from_secs(PING_SECONDS as u64);
/// A silence of three pings.
const SILENCE: Duration = Duration::from_secs(3 * PING_SECONDS as u64);
/// A burst of changes is one look at the room.
const CALM: Duration = Duration::from_millis(150);
/// What somebody shows is told to the room at most this often: everybody in it reads it anew.
const SHOWS_CALM: Duration = Duration::from_millis(500);
/// What a client says fits; only answers to big offers are longer, and the buffer grows for those.
const READ_BUFFER: usize = 4 * 1024;
/// Media events come a few a second; a socket that is this far behind loses its media connection, not the others'.
const MEDIA_EVENTS: usize = 256;

pub async fn seat(
    State(app): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let network = network(&app.site, &headers, peer);
    let span = Span::current();
    upgrade
        .read_buffer_size(READ_BUFFER)
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
        .on_upgrade(move |socket| {
            let tasks = app.lifecycle.tasks.clone();
            let served = async move {
                let mut socket = socket;
                let why = match hello(&app, &mut socket, network).await {
                    Ok(token) => Session::open(&app, &mut socket, &token).await,
                    Err(why) => Some(why),
                };
                if let Some(why) = why {
                    let _ = send(&mut socket, &FromServer::Closed { why }).await;
                }
                part(&mut socket).await;
            };
            tasks.track_future(served.instrument(span))
        })
}

/// Closes, and listens until the other end has closed, too. A connection that is dropped with something unread (the
/// browser's answer to a pulse) is reset, and the last word is lost on the way.
async fn part(socket: &mut WebSocket) {
    if let Ok(Ok(())) = timeout(SEND_WITHIN, socket.send(Message::Close(None))).await {
        // Whoever does not hang up in time, or goes on talking, is hung up on.
        let parting = async {
            let mut heard = 0;
            while let Some(Ok(message)) = socket.recv().await {
                heard += message.into_data().len();
                if PARTING_BYTES < heard {
                    return;
                }
            }
        };
        let _ = timeout(PARTING, parting).await;
    }
}

async fn send(socket: &mut WebSocket, message: &FromServer) -> Result<(), Gone> {
    let text = serde_json::to_string(message).map_err(|_| Gone)?;
    match timeout(SEND_WITHIN, socket.send(Message::Text(text.into()))).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Gone),
    }
}

/// The other end is not there any more.
#[derive(Debug)]
struct Gone;

enum Heard {
    Said(Box<FromClient>),
    /// The browser itself answers: it is there, though its page may sleep.
    Pulse,
    Nonsense,
    Gone,
}

async fn hear(socket: &mut WebSocket) -> Heard {
    match socket.recv().await {
        Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
            Ok(said) => Heard::Said(Box::new(said)),
            Err(_) => Heard::Nonsense,
        },
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Heard::Pulse,
        Some(Ok(Message::Binary(_))) => Heard::Nonsense,
        Some(Ok(Message::Close(_)) | Err(_)) | None => Heard::Gone,
    }
}

/// The token that the client says hello with.
async fn hello(app: &AppState, socket: &mut WebSocket, network: String) -> Result<String, Closed> {
    let place = app.hub.handshakes.register(network);
    tokio::select! {
        heard = timeout(HELLO_WITHIN, hear(socket)) => match heard {
            Ok(Heard::Said(said)) => match *said {
                FromClient::Hello { token } => Ok(token),
                _ => Err(Closed::Protocol),
            },
            _ => Err(Closed::Protocol),
        },
        () = place.evicted() => Err(Closed::Restarting),
    }
}

/// An admitted or waiting participant's open socket.
struct Session<'a> {
    app: &'a AppState,
    socket: &'a mut WebSocket,
    seat: Seat,
    lease: Lease,
    media: Option<mpsc::Receiver<Event>>,
    /// Let in, as far as this socket was told.
    is_in: bool,
    /// What this participant may send over the built-in engine, once they have their credentials.
    publish: Option<Publish>,
    /// What is being asked of others on this participant's behalf.
    outside: Outside,
    looks: Arc<SharedRead>,
    /// The number of the last change that this socket was told of.
    changed: u64,
    shown: Option<RoomView>,
    shown_at: Option<Instant>,
    /// When the room is looked at again, because something has changed.
    look_at: Option<Instant>,
    told_at: Option<Instant>,
    /// When the others are told that we show something else.
    tell_at: Option<Instant>,
}

/// How a session ends.
enum End {
    /// The client is gone; the seat waits for it.
    Gone,
    /// A newer socket has the seat, with all that belongs to it.
    TakenOver,
    /// The client is sent away; the seat waits for it.
    SentAway(Closed),
    /// The visit is over.
    Over(Closed),
}

impl From<Gone> for End {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl<'a> Session<'a> {
    /// Until the socket ends. Answers what to tell the client as a last word, if it still listens.
    async fn open(app: &'a AppState, socket: &'a mut WebSocket, token: &str) -> Option<Closed> {
        // The seat is held before it is connected: an older socket that ends meanwhile does not report it as empty.
        let held = match app.use_cases.seat(token).await {
            Ok(Ok(seat)) => app.hub.lease(seat.id.visit, Instant::now().into_std()),
            Ok(Err(closed)) => return Some(closed),
            Err(error) => return Some(fault(&error)),
        };
        // Too often: they may come again, in a while.
        let (lease, media) = held?;
        match app.use_cases.connect(token).await {
            Ok(Ok(seat)) => Self::run(app, socket, seat, (lease, media)).await,
            Ok(Err(closed)) => {
                app.hub.forget(&lease);
                Some(closed)
            }
            Err(error) => {
                release(app, &lease, media).await;
                Some(fault(&error))
            }
        }
    }

    async fn run(
        app: &'a AppState,
        socket: &'a mut WebSocket,
        seat: Seat,
        (lease, media): (Lease, Option<mpsc::Receiver<Event>>),
    ) -> Option<Closed> {
        let seat_id = seat.id;
        let outside = Outside::new(app, &seat);
        let mut session = Self {
            app,
            socket,
            seat,
            lease,
            media,
            is_in: false,
            publish: None,
            outside,
            looks: app.hub.room_reads.of(seat_id.consultation),
            changed: 0,
            shown: None,
            shown_at: None,
            look_at: None,
            told_at: None,
            tell_at: None,
        };
        let end = session.serve().await;
        let Self { lease, media, .. } = session;
        match end {
            End::Gone => {
                release(app, &lease, media).await;
                None
            }
            End::SentAway(why) => {
                release(app, &lease, media).await;
                Some(why)
            }
            End::TakenOver => Some(Closed::Replaced),
            End::Over(why) => {
                app.hub.forget(&lease);
                app.sfu
                    .leave(RoomId(seat_id.consultation.0), ParticipantId(seat_id.visit.0));
                Some(why)
            }
        }
    }

    async fn serve(&mut self) -> End {
        match self.serve_until_error().await {
            Ok(end) | Err(end) => end,
        }
    }

    async fn serve_until_error(&mut self) -> Result<End, End> {
        let mut changes = self.app.use_cases.bus().subscribe();
        // Whatever was stored before is to be seen at once.
        self.changed = self.app.use_cases.bus().newest();
        let mut chat = self.app.hub.subscribe_chat(self.seat.id.consultation);
        let stopping = self.app.lifecycle.stopping.clone();
        let replaced = self.lease.replaced.clone();
        self.show_room().await?;
        let mut heard_at = Instant::now();
        let mut pulse = interval(PULSE);
        loop {
            tokio::select! {
                _ = pulse.tick() => self.feel_pulse().await?,
                heard = hear(self.socket) => {
                    heard_at = Instant::now();
                    if !self.app.hub.allows(self.seat.id.visit, Traffic::Frame, heard_at.into_std()) {
                        return Ok(End::SentAway(Closed::Protocol));
                    }
                    match heard {
                        Heard::Said(said) => self.answer(*said).await?,
                        Heard::Pulse => {}
                        Heard::Nonsense => return Ok(End::SentAway(Closed::Protocol)),
                        Heard::Gone => return Ok(End::Gone),
                    }
                }
                change = changes.recv() => match change {
                    Ok(Announced { number, change: Change::Consultation { id, .. } })
                        if id == self.seat.id.consultation =>
                    {
                        self.look_again(number);
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => self.look_again(self.app.use_cases.bus().newest()),
                    Err(RecvError::Closed) => return Ok(End::Gone),
                },
                () = at(self.look_at) => {
                    self.show_room().await?;
                    self.outside.look_for_meeting().await;
                }
                () = at(self.tell_at) => self.tell(),
                answer = self.outside.next() => self.hear_from_outside(answer).await?,
                message = chat.recv(), if self.is_in => match message {
                    Ok(message) => send(self.socket, &FromServer::Chat(message)).await?,
                    Err(RecvError::Lagged(_)) => self.send_chat().await?,
                    Err(RecvError::Closed) => return Ok(End::Gone),
                },
                event = next(&mut self.media) => match event {
                    Some(event) => self.pass_on(event).await?,
                    None => self.media = None,
                },
                () = replaced.cancelled() => return Ok(End::TakenOver),
                () = stopping.cancelled() => return Ok(End::SentAway(Closed::Restarting)),
                () = tokio::time::sleep_until(heard_at + SILENCE) => return Ok(End::Gone),
            }
        }
    }

    /// Reads the room anew, and sends it where it looks different. The first time this participant is in, they get
    /// their credentials and the chat so far.
    async fn show_room(&mut self) -> Result<(), End> {
        self.look_at = None;
        self.shown_at = Some(Instant::now());
        let Room { mut view, host, branch } = self.look().await?;
        self.app.hub.fill_devices(&mut view.people);
        view.notified = self.app.hub.open_pages.notified(host, branch);
        let is_in = view.you.status == AdmissionStatus::Admitted;
        let is_new = self.shown.as_ref().is_none_or(|shown| {
            RoomView {
                now: view.now,
                ..shown.clone()
            } != view
        });
        if is_new {
            send(self.socket, &FromServer::Room(view.clone())).await?;
            self.shown = Some(view);
        }
        if is_in && !self.is_in {
            self.is_in = true;
            if !self.outside.ask_credentials() {
                self.outside.refuse_credentials();
            }
            self.send_chat().await?;
        }
        Ok(())
    }

    async fn look(&mut self) -> Result<Room, End> {
        let (use_cases, id) = (&self.app.use_cases, self.seat.id);
        let read = use_cases.whole_room(id.consultation);
        let seen = match self.looks.since(self.changed, use_cases.bus(), read).await {
            Ok(room) => match room.seen_by(id.visit) {
                Some(room) => return Ok(room),
                None => use_cases.why_out(id.visit).await,
            },
            Err(error) => Err(error),
        };
        Err(match seen {
            Ok(Some(why)) => End::Over(why),
            // Their page comes again.
            Ok(None) => End::SentAway(Closed::Restarting),
            Err(error) => {
                tracing::error!(visit.id = %id.visit, error = &error as &dyn std::error::Error, "the room of visit {} could not be read", id.visit);
                End::SentAway(Closed::Restarting)
            }
        })
    }

    /// Something was changed, and told with this number.
    fn look_again(&mut self, changed: u64) {
        self.changed = changed;
        let calm = self.shown_at.map_or_else(Instant::now, |at| at + CALM);
        self.look_at.get_or_insert(calm);
    }

    async fn feel_pulse(&mut self) -> Result<(), End> {
        match timeout(SEND_WITHIN, self.socket.send(Message::Ping(Bytes::new()))).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(End::Gone),
        }
    }

    async fn hear_from_outside(&mut self, answer: Answer) -> Result<(), End> {
        match answer {
            Answer::Credentials(credentials) => {
                if let Credentials::Builtin { publish } = *credentials {
                    self.publish = Some(publish);
                }
                let credentials = *credentials;
                Ok(send(self.socket, &FromServer::Credentials { credentials }).await?)
            }
            Answer::Teams(teams) => {
                let is_nowhere = matches!(teams, TeamsFromServer::Unavailable { open: None, .. });
                send(self.socket, &FromServer::Teams { teams }).await?;
                if is_nowhere {
                    self.outside.wait_for_meeting().await;
                }
                Ok(())
            }
        }
    }

    async fn send_chat(&mut self) -> Result<(), End> {
        match self.app.use_cases.chat_so_far(self.seat.id).await {
            Ok(messages) => {
                for message in messages {
                    send(self.socket, &FromServer::Chat(message)).await?;
                }
                Ok(())
            }
            Err(error) => self.refuse(error).await,
        }
    }

    async fn answer(&mut self, said: FromClient) -> Result<(), End> {
        let use_cases = &self.app.use_cases;
        let done = match said {
            FromClient::Hello { .. } => return Err(End::SentAway(Closed::Protocol)),
            FromClient::Ping { n } => return Ok(send(self.socket, &FromServer::Pong { n }).await?),
            FromClient::Admit { visit } => use_cases.admit(&self.seat, visit).await,
            FromClient::Decline { visit } => use_cases.decline(&self.seat, visit).await,
            FromClient::Remove { visit } => use_cases.remove(&self.seat, visit).await,
            FromClient::AllowAgain { guest } => use_cases.allow_again(&self.seat, guest).await,
            FromClient::End => use_cases.end(&self.seat).await,
            FromClient::Leave => use_cases.leave(self.seat.id.visit).await,
            FromClient::Chat { text } => return self.chat(&text).await,
            FromClient::Shows {
                microphone,
                camera,
                screen,
            } => {
                self.shows(Devices {
                    microphone,
                    camera,
                    screen,
                });
                Ok(())
            }
            FromClient::Media { media } => return self.media(media).await,
            FromClient::Teams { teams } => return self.teams(teams).await,
        };
        match done {
            Ok(()) => Ok(()),
            Err(Error::Forbidden) if !self.seat.is_host() => {
                let (code, text) = (RefusalCode::NotHost, "Only the host can do that.".to_owned());
                Ok(send(self.socket, &FromServer::Refused { code, text }).await?)
            }
            Err(error) => self.refuse(error).await,
        }
    }

    /// Kept for whoever looks; who is in is looked at by others, who are told of what is new.
    fn shows(&mut self, shows: Devices) {
        if self.app.hub.set_devices(self.seat.id.visit, shows) && self.is_in {
            let calm = self.told_at.map_or_else(Instant::now, |at| at + SHOWS_CALM);
            self.tell_at.get_or_insert(calm);
        }
    }

    fn tell(&mut self) {
        self.tell_at = None;
        self.told_at = Some(Instant::now());
        self.app.use_cases.announce_room(self.seat.id.consultation);
    }

    async fn chat(&mut self, text: &str) -> Result<(), End> {
        if text.chars().count() > MAX_CHAT_CHARS {
            let text = format!("A message has at most {MAX_CHAT_CHARS} characters.");
            return Ok(send(
                self.socket,
                &FromServer::Refused {
                    code: RefusalCode::TooLong,
                    text,
                },
            )
            .await?);
        }
        if !self
            .app
            .hub
            .allows(self.seat.id.visit, Traffic::Chat, Instant::now().into_std())
        {
            let text = "Wait a moment before you write again.".to_owned();
            return Ok(send(
                self.socket,
                &FromServer::Refused {
                    code: RefusalCode::TooFast,
                    text,
                },
            )
            .await?);
        }
        match self.app.use_cases.chat(self.seat.id, text).await {
            Ok(message) => {
                self.app.hub.send_chat(self.seat.id.consultation, message);
                Ok(())
            }
            Err(error) => self.refuse(error).await,
        }
    }

    async fn media(&mut self, message: MediaFromClient) -> Result<(), End> {
        let Some(publish) = self.publish else {
            return self.refuse(Error::Forbidden).await;
        };
        let (room, participant) = (RoomId(self.seat.id.consultation.0), ParticipantId(self.seat.id.visit.0));
        if message == MediaFromClient::Join {
            let (events, media) = mpsc::channel(MEDIA_EVENTS);
            self.media = Some(media);
            if let Err(error) = self.app.sfu.enter(room, participant, publish, events).await {
                let text = "The meeting is full or its media engine is busy. Try again in a minute.".to_owned();
                tracing::warn!(consultation.id = %self.seat.id.consultation, error = &error as &dyn std::error::Error, "a participant of consultation {} found no place", self.seat.id.consultation);
                return Ok(send(
                    self.socket,
                    &FromServer::Refused {
                        code: RefusalCode::RoomFull,
                        text,
                    },
                )
                .await?);
            }
        }
        self.app.sfu.media(room, participant, message);
        Ok(())
    }

    async fn teams(&mut self, said: TeamsFromClient) -> Result<(), End> {
        let (use_cases, seat) = (&self.app.use_cases, self.seat.id);
        let done = match said {
            TeamsFromClient::Refresh | TeamsFromClient::Again => {
                let is_asked = self.is_in
                    && match said {
                        TeamsFromClient::Again => self.outside.ask_credentials(),
                        _ => self.outside.ask_token(),
                    };
                return match is_asked {
                    true => Ok(()),
                    false => {
                        let text = "Wait a moment before you try again.".to_owned();
                        let code = RefusalCode::TooFast;
                        Ok(send(self.socket, &FromServer::Refused { code, text }).await?)
                    }
                };
            }
            TeamsFromClient::Presence { presence, with_host } => {
                { use_cases.report_presence(seat, presence, with_host) }.await
            }
            TeamsFromClient::Ended { code, sub_code } => use_cases.ended_in_teams(seat, code, sub_code).await,
            TeamsFromClient::Shown { notice, version } => use_cases.notice_shown(seat, notice, version).await,
            TeamsFromClient::Agreed { version } => use_cases.consent_given(seat, version).await,
            TeamsFromClient::Wrote => use_cases.wrote_in_teams(seat).await,
        };
        match done {
            Ok(()) => Ok(()),
            Err(error) => self.refuse(error).await,
        }
    }

    async fn pass_on(&mut self, event: Event) -> Result<(), End> {
        let Event::Media(media) = event;
        if media == MediaFromServer::Connected
            && let Err(error) = self.app.use_cases.media_joined(self.seat.id.visit).await
        {
            self.refuse(error).await?;
        }
        Ok(send(self.socket, &FromServer::Media { media }).await?)
    }

    async fn refuse(&mut self, error: Error) -> Result<(), End> {
        let (code, text) = match error {
            Error::Forbidden => (RefusalCode::NotAdmitted, "You are not in the meeting.".to_owned()),
            Error::NotFound => (RefusalCode::NotFound, "They are not here any more.".to_owned()),
            Error::Refused(sentence) => (RefusalCode::Conflict, sentence),
            error => {
                tracing::error!(visit.id = %self.seat.id.visit, error = &error as &dyn std::error::Error, "a request of visit {} failed", self.seat.id.visit);
                (RefusalCode::Internal, "That did not work. Try again.".to_owned())
            }
        };
        Ok(send(self.socket, &FromServer::Refused { code, text }).await?)
    }
}

/// The seat waits for the client's next socket, and its media with it.
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

fn fault(error: &Error) -> Closed {
    tracing::error!(error = error as &dyn std::error::Error, "a seat could not be connected");
    Closed::Restarting
}

/// At that time; never, where there is none.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}

/// The next media event; never, where there is no media.
async fn next(media: &mut Option<mpsc::Receiver<Event>>) -> Option<Event> {
    match media {
        Some(events) => events.recv().await,
        None => std::future::pending().await,
    }
}
