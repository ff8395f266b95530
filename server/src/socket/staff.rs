//! `GET /socket/staff`: the feed of an open staff page, which shows who waits as soon as that changes.

use std::collections::BTreeSet;
use std::time::Duration;

use anteroom_domain::id::BranchId;
use anteroom_protocol::staff_feed::{HEARTBEAT_SECONDS, StaffFeed};
use anteroom_service::Actor;
use anteroom_service::port::{Announced, Change};
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tracing::{Instrument as _, Span};

use crate::cookies;
use crate::state::AppState;

/// A burst of changes is one message.
const SEND_INTERVAL: Duration = Duration::from_millis(150);
/// How often the session is checked when nothing else makes us read it: it may have expired.
const CHECK_EVERY: Duration = Duration::from_secs(30);
const SEND_WITHIN: Duration = Duration::from_secs(10);
const HEARTBEAT: Duration = Duration::from_secs(HEARTBEAT_SECONDS);
/// A page that answers none of this many pings is gone.
const MISSED_PINGS: u32 = 3;
/// How long a closed page still counts as open. Going from one page to the next closes a page, too, and guests would read
/// that nobody was notified.
const LINGER: Duration = Duration::from_secs(10);

pub async fn staff(State(app): State<AppState>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    let Some(secret) = cookies::read(&app.site, &headers, cookies::SESSION) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Ok(Some(_)) = app.use_cases.session_at_rest(&secret).await else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let span = Span::current();
    // The page sends nothing. This is enough for the control frames that the browser sends by itself.
    upgrade
        .read_buffer_size(1024)
        .max_message_size(1024)
        .on_upgrade(move |socket| {
            let tasks = app.lifecycle.tasks.clone();
            tasks.track_future(async move { page(&app, socket, &secret).await }.instrument(span))
        })
}

/// Counts the page as open while it is served, so that guests in a lobby read who was notified.
async fn page(app: &AppState, socket: WebSocket, secret: &str) {
    // At rest: an open page is not a person in front of it, and must not prolong the session.
    let Ok(Some(actor)) = app.use_cases.session_at_rest(secret).await else {
        return;
    };
    let Ok(staff) = actor.staff() else { return };
    let page = app.hub.open_pages.open(staff);
    announce_lobbies(app, &actor).await;
    feed(app, socket, secret, actor.clone()).await;
    let stopping = &app.lifecycle.stopping;
    tokio::select! {
        () = sleep(LINGER) => {}
        () = stopping.cancelled() => {}
    }
    app.hub.open_pages.close(page);
    if !stopping.is_cancelled() {
        announce_lobbies(app, &actor).await;
    }
}

/// Has the rooms read again in which somebody waits for these staff.
async fn announce_lobbies(app: &AppState, actor: &Actor) {
    match app.use_cases.waiting(actor).await {
        Ok(feed) => {
            let rooms: BTreeSet<_> = feed.waiting.iter().map(|waiting| waiting.consultation).collect();
            for room in rooms {
                app.use_cases.announce_room(room);
            }
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "who waits could not be read");
        }
    }
}

async fn feed(app: &AppState, mut socket: WebSocket, secret: &str, mut actor: Actor) {
    let mut changes = app.use_cases.bus().subscribe();
    let stopping = app.lifecycle.stopping.clone();
    let mut sent_at: Option<Instant> = None;
    let mut due = Some(Instant::now());
    let mut check_at = Instant::now() + CHECK_EVERY;
    let mut beat_at = Instant::now() + HEARTBEAT;
    let mut received_at = Instant::now();
    loop {
        tokio::select! {
            change = changes.recv() => match change {
                Ok(Announced { change: Change::Sessions(account), .. }) if actor.account() == Some(account) => check_at = Instant::now(),
                Ok(Announced { change: Change::Consultation { branch, .. }, .. }) if is_in_scope(&actor, branch) => {
                    let soon = sent_at.map_or_else(Instant::now, |at| at + SEND_INTERVAL);
                    due = Some(due.unwrap_or(soon));
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => {
                    let soon = sent_at.map_or_else(Instant::now, |at| at + SEND_INTERVAL);
                    due = Some(due.unwrap_or(soon));
                }
                Err(RecvError::Closed) => return,
            },
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                due = None;
                sent_at = Some(Instant::now());
                let Ok(Some(now)) = app.use_cases.session_at_rest(secret).await else {
                    return;
                };
                actor = now;
                if !send_feed(app, &mut socket, &actor, false).await {
                    return;
                }
            }
            () = sleep_until(beat_at) => {
                beat_at = Instant::now() + HEARTBEAT;
                if received_at.elapsed() > HEARTBEAT * MISSED_PINGS {
                    return;
                }
                // The browser answers a ping by itself, and pings keep proxies from closing a silent connection. The page
                // can't see pings: for it there is the heartbeat.
                let ping = socket.send(Message::Ping(Vec::new().into()));
                if !matches!(timeout(SEND_WITHIN, ping).await, Ok(Ok(()))) || !send_feed(app, &mut socket, &actor, true).await {
                    return;
                }
            }
            () = sleep_until(check_at) => {
                check_at = Instant::now() + CHECK_EVERY;
                let Ok(Some(now)) = app.use_cases.session_at_rest(secret).await else {
                    return;
                };
                actor = now;
            }
            received = socket.recv() => match received {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => received_at = Instant::now(),
            },
            () = stopping.cancelled() => return,
        }
    }
}

fn is_in_scope(actor: &Actor, branch: Option<BranchId>) -> bool {
    let Ok(staff) = actor.staff() else { return false };
    branch.is_some_and(|branch| staff.scope().is_none_or(|own| own == branch))
}

/// Sends who waits. False where the page is gone.
async fn send_feed(app: &AppState, socket: &mut WebSocket, actor: &Actor, heartbeat: bool) -> bool {
    let feed = match app.use_cases.waiting(actor).await {
        Ok(feed) => StaffFeed { heartbeat, ..feed },
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "who waits could not be read");
            return false;
        }
    };
    let Ok(text) = serde_json::to_string(&feed) else {
        return false;
    };
    matches!(
        timeout(SEND_WITHIN, socket.send(Message::Text(text.into()))).await,
        Ok(Ok(()))
    )
}
