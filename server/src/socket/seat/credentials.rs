//! Requests for credentials and tokens. One may take seconds (Microsoft answers late, or not at all), so it runs beside the
//! socket, which goes on listening: the page stays responsive, and a participant can leave meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};

use anteroom_app::words::Sentence as _;
use anteroom_domain::id::VisitId;
use anteroom_domain::refusal::EntryRefusal;
use anteroom_i18n::{Lang, text};
use anteroom_protocol::seat::FromServer;
use anteroom_protocol::teams::TeamsFromServer;
use anteroom_service::{Actor, Progress, Seat};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::state::AppState;

/// The requests of one seat, and their answers as they arrive.
pub struct CredentialRequests {
    app: AppState,
    visit: VisitId,
    /// Whoever has the seat.
    actor: Actor,
    lang: Lang,
    /// Does each request cost something at a provider?
    is_rate_limited: bool,
    answer: UnboundedSender<FromServer>,
    answers: UnboundedReceiver<FromServer>,
    /// Cancelled when the socket ends.
    socket_gone: CancellationToken,
    _socket: DropGuard,
    /// The last request failed because the meeting does not exist yet.
    awaits_meeting: bool,
}

impl CredentialRequests {
    pub fn new(app: &AppState, seat: &Seat, lang: Lang) -> Self {
        let (answer, answers) = unbounded_channel();
        let socket_gone = CancellationToken::new();
        Self {
            app: app.clone(),
            visit: seat.id.visit,
            actor: seat.clone().into(),
            lang,
            is_rate_limited: app.use_cases.provisions(seat.engine) && !seat.is_host(),
            answer,
            answers,
            _socket: socket_gone.clone().drop_guard(),
            socket_gone,
            awaits_meeting: false,
        }
    }

    /// The next answer. The channel never ends: this value holds a sender.
    pub async fn next(&mut self) -> FromServer {
        match self.answers.recv().await {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    /// Requests what the participant needs to enter. False: too often.
    pub fn request(&mut self) -> bool {
        if self.is_rate_limited && !self.app.hub.allows_credential_request(self.visit) {
            return false;
        }
        self.awaits_meeting = false;
        let (app, actor, answer) = (self.app.clone(), self.actor.clone(), self.answer.clone());
        let lang = self.lang;
        let socket_gone = self.socket_gone.clone();
        self.app.lifecycle.tasks.spawn(async move {
            let is_sending = AtomicBool::new(false);
            let on_progress = |progress| match progress {
                Progress::Queued(position) => {
                    // An error, here and below, means that the socket is gone.
                    let _ = answer.send(teams(TeamsFromServer::Queue { position }));
                }
                Progress::Sending => is_sending.store(true, Ordering::Relaxed),
            };
            let issued = tokio::select! {
                biased;
                issued = app.use_cases.credentials(&actor, &on_progress) => issued,
                () = abandoned(&socket_gone, &is_sending) => return,
            };
            let message = match issued {
                Ok(credentials) => FromServer::Credentials { credentials },
                Err(error) => unavailable(&app, &actor, lang, error.guest.sentence(lang)).await,
            };
            let _ = answer.send(message);
        });
        true
    }

    /// Requests a fresh token only. False: too often.
    pub fn request_token(&self) -> bool {
        if !self.app.hub.allows_credential_request(self.visit) {
            return false;
        }
        let (app, actor, answer) = (self.app.clone(), self.actor.clone(), self.answer.clone());
        let lang = self.lang;
        self.app.lifecycle.tasks.spawn(async move {
            let message = match app.use_cases.refresh_token(&actor).await {
                Ok(token) => teams(TeamsFromServer::Token { token }),
                Err(error) => unavailable(&app, &actor, lang, error.guest.sentence(lang)).await,
            };
            let _ = answer.send(message);
        });
        true
    }

    /// Answers that there were too many requests, with the way into the meeting that needs no credentials.
    pub fn refuse(&self) {
        let (app, actor, answer) = (self.app.clone(), self.actor.clone(), self.answer.clone());
        let lang = self.lang;
        self.app.lifecycle.tasks.spawn(async move {
            let sentence = text!(lang, guest::refusal::retry_too_soon).to_owned();
            let _ = answer.send(unavailable(&app, &actor, lang, sentence).await);
        });
    }

    /// Requests credentials again as soon as the meeting exists.
    pub async fn wait_for_meeting(&mut self) {
        self.awaits_meeting = true;
        self.retry_if_meeting_exists().await;
    }

    /// To be called after every change: the meeting may exist now.
    pub async fn retry_if_meeting_exists(&mut self) {
        if self.awaits_meeting && matches!(self.app.use_cases.open_in_teams(&self.actor).await, Ok(Some(_))) {
            self.awaits_meeting = !self.request();
        }
    }
}

/// Completes when the socket is gone before anything was sent to a provider: the request leaves the queue. What is being
/// made at a provider is waited for, or nobody would know of it.
async fn abandoned(socket_gone: &CancellationToken, is_sending: &AtomicBool) {
    socket_gone.cancelled().await;
    if is_sending.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// The sentence, and the way that always works, where there is a meeting on Teams.
async fn unavailable(app: &AppState, actor: &Actor, lang: Lang, sentence: String) -> FromServer {
    let (sentence, open) = match app.use_cases.open_in_teams(actor).await {
        Ok(open) => (sentence, open),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the way into Teams could not be read"
            );
            (EntryRefusal::NotNow.sentence(lang), None)
        }
    };
    teams(TeamsFromServer::Unavailable { text: sentence, open })
}

fn teams(teams: TeamsFromServer) -> FromServer {
    FromServer::Teams { teams }
}
