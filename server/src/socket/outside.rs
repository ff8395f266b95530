//! What a seat's socket asks of others: credentials, and fresh tokens. It may take seconds (Microsoft answers, or does
//! not), so it runs beside the socket, which goes on listening: a page never hangs on it, and who leaves has left.

use std::sync::atomic::{AtomicBool, Ordering};

use anteroom_domain::organisation::Engine;
use anteroom_protocol::credentials::Credentials;
use anteroom_protocol::teams::TeamsFromServer;
use anteroom_service::port::{NOT_NOW, SeatId};
use anteroom_service::{Progress, Seat};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::state::AppState;

/// Where they ask too often.
const TOO_FAST: &str = "Wait a moment before you try again.";

pub enum Answer {
    Credentials(Box<Credentials>),
    Teams(TeamsFromServer),
}

pub struct Outside {
    app: AppState,
    seat: SeatId,
    /// Does each ask cost something at a provider?
    is_rate_limited: bool,
    tell: UnboundedSender<Answer>,
    answers: UnboundedReceiver<Answer>,
    /// Cancelled with the socket.
    gone: CancellationToken,
    _gone: DropGuard,
    /// They could not be given credentials because the meeting is nowhere yet.
    wants_meeting: bool,
}

impl Outside {
    pub fn new(app: &AppState, seat: &Seat) -> Self {
        let (tell, answers) = unbounded_channel();
        let gone = CancellationToken::new();
        Self {
            app: app.clone(),
            seat: seat.id,
            is_rate_limited: seat.engine == Engine::Teams && !seat.is_host(),
            tell,
            answers,
            _gone: gone.clone().drop_guard(),
            gone,
            wants_meeting: false,
        }
    }

    /// The next answer. Never ends by itself: we hold a sender.
    pub async fn next(&mut self) -> Answer {
        match self.answers.recv().await {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    /// What they need to enter. False: too often.
    pub fn ask_credentials(&mut self) -> bool {
        if self.is_rate_limited && !self.app.hub.allows_credential_request(self.seat.visit) {
            return false;
        }
        self.wants_meeting = false;
        let (app, seat, tell, gone) = (self.app.clone(), self.seat, self.tell.clone(), self.gone.clone());
        self.app.lifecycle.tasks.spawn(async move {
            let is_sending = AtomicBool::new(false);
            let told = |step| match step {
                Progress::Queued(position) => {
                    // The socket is gone when nobody listens.
                    let _ = tell.send(Answer::Teams(TeamsFromServer::Queue { position }));
                }
                Progress::Sending => is_sending.store(true, Ordering::Relaxed),
            };
            let given = tokio::select! {
                biased;
                given = app.use_cases.credentials(seat, &told) => given,
                () = left(&gone, &is_sending) => return,
            };
            let answer = match given {
                Ok(credentials) => Answer::Credentials(Box::new(credentials)),
                Err(error) => unavailable(&app, seat, error.guest).await,
            };
            let _ = tell.send(answer);
        });
        true
    }

    /// Only a fresh token. False: too often.
    pub fn ask_token(&self) -> bool {
        if !self.app.hub.allows_credential_request(self.seat.visit) {
            return false;
        }
        let (app, seat, tell) = (self.app.clone(), self.seat, self.tell.clone());
        self.app.lifecycle.tasks.spawn(async move {
            let answer = match app.use_cases.refresh_token(seat).await {
                Ok(token) => Answer::Teams(TeamsFromServer::Token { token }),
                Err(error) => unavailable(&app, seat, error.guest).await,
            };
            let _ = tell.send(answer);
        });
        true
    }

    /// They came back so often that they are asked to wait, with the way that needs nobody's answer.
    pub fn refuse_credentials(&self) {
        let (app, seat, tell) = (self.app.clone(), self.seat, self.tell.clone());
        self.app.lifecycle.tasks.spawn(async move {
            let _ = tell.send(unavailable(&app, seat, TOO_FAST).await);
        });
    }

    /// The meeting that they are to enter is nowhere yet: asked again as soon as it is.
    pub async fn wait_for_meeting(&mut self) {
        self.wants_meeting = true;
        self.look_for_meeting().await;
    }

    /// Something has changed: perhaps there is a meeting now.
    pub async fn look_for_meeting(&mut self) {
        if self.wants_meeting && matches!(self.app.use_cases.open_in_teams(self.seat).await, Ok(Some(_))) {
            self.wants_meeting = !self.ask_credentials();
        }
    }
}

/// The socket went away before anything was sent for them: they leave the queue. What is being made is seen to its end.
async fn left(gone: &CancellationToken, is_sending: &AtomicBool) {
    gone.cancelled().await;
    if is_sending.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// The sentence, and where there is a meeting on Teams the way that always works.
async fn unavailable(app: &AppState, seat: SeatId, text: &str) -> Answer {
    let (text, open) = match app.use_cases.open_in_teams(seat).await {
        Ok(open) => (text, open),
        Err(error) => {
            tracing::warn!(visit.id = %seat.visit, error = &error as &dyn std::error::Error, "the way into Teams of visit {} could not be read", seat.visit);
            (NOT_NOW, None)
        }
    };
    Answer::Teams(TeamsFromServer::Unavailable {
        text: text.to_owned(),
        open,
    })
}
