//! What a seat's socket asks of others: credentials, and fresh tokens. It may take seconds (Microsoft answers, or does
//! not), so it runs beside the socket, which goes on listening: a page never hangs on it, and who leaves has left.

use tokio::time::Instant;

use anteroom_domain::signalling::{Credentials, TeamsFromServer};
use anteroom_service::Error;
use anteroom_service::port::SeatId;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::pace::Pace;
use crate::state::AppState;

/// A client asks when its token runs out, and when a person presses a button.
const ASKS_PER_SECOND: f64 = 0.1;
const ASKS_BURST: f64 = 6.0;

pub enum Answer {
    Credentials(Box<Credentials>),
    Teams(TeamsFromServer),
    Refused(Error),
}

pub struct Outside {
    app: AppState,
    seat: SeatId,
    pace: Pace,
    tell: UnboundedSender<Answer>,
    answers: UnboundedReceiver<Answer>,
}

impl Outside {
    pub fn new(app: &AppState, seat: SeatId) -> Self {
        let (tell, answers) = unbounded_channel();
        Self {
            app: app.clone(),
            seat,
            pace: Pace::new(ASKS_PER_SECOND, ASKS_BURST, Instant::now().into_std()),
            tell,
            answers,
        }
    }

    /// The next answer. Never ends by itself: we hold a sender.
    pub async fn next(&mut self) -> Answer {
        match self.answers.recv().await {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    pub fn ask_credentials(&self) {
        let (app, seat, tell) = (self.app.clone(), self.seat, self.tell.clone());
        self.app.lifecycle.tasks.spawn(async move {
            let places = tell.clone();
            let queue = move |place| {
                // The socket is gone when nobody listens.
                let _ = places.send(Answer::Teams(TeamsFromServer::Queue { place }));
            };
            let answer = match app.services.credentials(seat, &queue).await {
                Ok(credentials) => Answer::Credentials(Box::new(credentials)),
                Err(Error::Refused(text)) => Self::unavailable(&app, seat, text).await,
                Err(error) => Answer::Refused(error),
            };
            let _ = tell.send(answer);
        });
    }

    fn ask_token(&self) {
        let (app, seat, tell) = (self.app.clone(), self.seat, self.tell.clone());
        self.app.lifecycle.tasks.spawn(async move {
            let answer = match app.services.refresh_token(seat).await {
                Ok(token) => Answer::Teams(TeamsFromServer::Token { token }),
                Err(Error::Refused(text)) => Self::unavailable(&app, seat, text).await,
                Err(error) => Answer::Refused(error),
            };
            let _ = tell.send(answer);
        });
    }

    /// The sentence, and where the meeting is on Teams the way that always works.
    async fn unavailable(app: &AppState, seat: SeatId, text: String) -> Answer {
        match app.services.open_in_teams(seat).await {
            Ok(Some(open)) => Answer::Teams(TeamsFromServer::Unavailable { text, open: Some(open) }),
            Ok(None) => Answer::Refused(Error::Refused(text)),
            Err(error) => Answer::Refused(error),
        }
    }

    /// Credentials anew, or only a fresh token. False: too often.
    pub fn ask(&mut self, anew: bool) -> bool {
        let may = self.pace.take(Instant::now().into_std());
        if may && anew {
            self.ask_credentials();
        } else if may {
            self.ask_token();
        }
        may
    }
}
