//! `GET /socket/staff`: tells an open staff page who waits, the moment it changes.

use std::collections::BTreeSet;
use std::time::Duration;

use anteroom_domain::id::BranchId;
use anteroom_protocol::staff_feed::{HEARTBEAT_SECONDS, StaffFeed};
use anteroom_service::Staff;
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
const CALM: Duration = Duration::from_millis(150);
/// How often the session is looked at again, where nothing is to be told and nobody has ended it: it also runs out.
const RECHECK: Duration = Duration::from_secs(30);
const SEND_WITHIN: Duration = Duration::from_secs(10);
const BEAT: Duration = Duration::from_secs(HEARTBEAT_SECONDS);
/// A page that answers none of so many pings is gone.
const SILENCES: u32 = 3;
/// For how long a page that was closed counts as open: who goes from page to page closes one, too, and guests would be told
/// that nobody is there.
const LINGER: Duration = Duration::from_secs(10);

pub async fn staff(State(app): State<AppState>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    let Some(secret) = cookies::read(&app.site, &headers, cookies::SESSION) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Ok(Some(_)) = app.use_cases.session_at_rest(&secret).await else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let span = Span::current();
    // Such a page only listens; a few bytes are enough for what a browser sends by itself.
    upgrade
        .read_buffer_size(1024)
        .max_message_size(1024)
        .on_upgrade(move |socket| {
            let tasks = app.lifecycle.tasks.clone();
            tasks.track_future(async move { page(&app, socket, &secret).await }.instrument(span))
        })
}

/// While it is open, who waits in a lobby is told that somebody knows.
async fn page(app: &AppState, socket: WebSocket, secret: &str) {
    // Looked at, not used: an open page is no person in front of it.
    let Ok(Some(staff)) = app.use_cases.session_at_rest(secret).await else {
        return;
    };
    let page = app.hub.open_pages.open(&staff);
    tell_lobbies(app, &staff).await;
    feed(app, socket, secret, staff.clone()).await;
    let stopping = &app.lifecycle.stopping;
    tokio::select! {
        () = sleep(LINGER) => {}
        () = stopping.cancelled() => {}
    }
    app.hub.open_pages.close(page);
    if !stopping.is_cancelled() {
        tell_lobbies(app, &staff).await;
    }
}

/// Has those rooms looked at anew in which somebody waits for these staff.
async fn tell_lobbies(app: &AppState, staff: &Staff) {
    match app.use_cases.waiting(staff).await {
        Ok(feed) => {
            let rooms: BTreeSet<_> = feed.waiting.iter().map(|waiting| waiting.consultation).collect();
            rooms.into_iter().for_each(|room| app.use_cases.announce_room(room));
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "who waits could not be read");
        }
    }
}

async fn feed(app: &AppState, mut socket: WebSocket, secret: &str, mut staff: Staff) {
    let mut changes = app.use_cases.bus().subscribe();
    let stopping = app.lifecycle.stopping.clone();
    let mut told_at: Option<Instant> = None;
    let mut due = Some(Instant::now());
    let mut recheck = Instant::now() + RECHECK;
    let mut beat = Instant::now() + BEAT;
    let mut heard_at = Instant::now();
    loop {
        tokio::select! {
            change = changes.recv() => match change {
                Ok(Announced { change: Change::Sessions(account), .. }) if account == staff.account().id => recheck = Instant::now(),
                Ok(Announced { change: Change::Consultation { branch, .. }, .. }) if concerns(&staff, branch) => {
                    let soon = told_at.map_or_else(Instant::now, |at| at + CALM);
                    due = Some(due.unwrap_or(soon));
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => {
                    let soon = told_at.map_or_else(Instant::now, |at| at + CALM);
                    due = Some(due.unwrap_or(soon));
                }
                Err(RecvError::Closed) => return,
            },
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                due = None;
                told_at = Some(Instant::now());
                let Ok(Some(now)) = app.use_cases.session_at_rest(secret).await else {
                    return;
                };
                staff = now;
                if !tell(app, &mut socket, &staff, false).await {
                    return;
                }
            }
            () = sleep_until(beat) => {
                beat = Instant::now() + BEAT;
                if BEAT * SILENCES < heard_at.elapsed() {
                    return;
                }
                // A browser answers a ping by itself. Pings also keep the way open through proxies that close what is
                // silent; what the page itself can see is the beat.
                let ping = socket.send(Message::Ping(Vec::new().into()));
                if !matches!(timeout(SEND_WITHIN, ping).await, Ok(Ok(()))) || !tell(app, &mut socket, &staff, true).await {
                    return;
                }
            }
            () = sleep_until(recheck) => {
                recheck = Instant::now() + RECHECK;
                let Ok(Some(now)) = app.use_cases.session_at_rest(secret).await else {
                    return;
                };
                staff = now;
            }
            heard = socket.recv() => match heard {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => heard_at = Instant::now(),
            },
            () = stopping.cancelled() => return,
        }
    }
}

fn concerns(staff: &Staff, branch: Option<BranchId>) -> bool {
    branch.is_some_and(|branch| staff.scope().is_none_or(|own| own == branch))
}

/// False where the page is gone.
async fn tell(app: &AppState, socket: &mut WebSocket, staff: &Staff, heartbeat: bool) -> bool {
    let feed = match app.use_cases.waiting(staff).await {
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
