//! What must reach the server though the socket may be down: how it goes on Teams, what was shown and agreed to, and what
//! was written there in vain. Everything else a page says is either said again by the state that follows a resume, or is
//! no longer wanted a minute later.

use std::collections::VecDeque;

use anteroom_domain::visit::TeamsPresence;
use anteroom_protocol::seat::FromClient;
use anteroom_protocol::teams::TeamsFromClient;

/// More than a minute without a socket brings; beyond it the oldest goes.
const MOST: usize = 64;
/// A connection that died takes what was said on it a while ago with it. The server answers pings in their order, one in
/// [`anteroom_protocol::seat::PING_SECONDS`], and a dead connection is given up after three: an answer after so many
/// more is to a ping that was sent later than the report.
const ANSWERS: u8 = 4;

#[derive(Default)]
pub struct Outbox {
    kept: VecDeque<Kept>,
}

struct Kept {
    message: FromClient,
    /// How often the server has answered since this was said. None: not said yet.
    answers: Option<u8>,
}

impl Outbox {
    /// Says it now, or when the socket is up again; what was kept before goes first. False: not yet said.
    pub fn say(&mut self, message: FromClient, send: impl Fn(&FromClient) -> bool) -> bool {
        let said = !self.waits() && send(&message);
        if said && counts(&message) {
            return true;
        }
        if presence_of(&message).is_some() {
            // Where one stood before is past.
            self.kept.retain(|kept| presence_of(&kept.message).is_none());
        }
        if self.kept.len() == MOST {
            self.kept.pop_front();
        }
        let answers = said.then_some(0);
        self.kept.push_back(Kept { message, answers });
        said
    }

    /// Is there something that was never said?
    pub fn waits(&self) -> bool {
        self.kept.iter().any(|kept| kept.answers.is_none())
    }

    /// The server has answered a ping: what was said long enough before has arrived. Where one stands is kept.
    pub fn answered(&mut self) {
        for kept in &mut self.kept {
            kept.answers = kept.answers.map(|answers| answers.saturating_add(1));
        }
        self.kept.retain(|kept| {
            presence_of(&kept.message).is_some() || kept.answers.is_none_or(|answers| answers < ANSWERS)
        });
    }

    /// The socket is up again: says it all, in its order. The server takes a repetition for what it is.
    pub fn up(&mut self, send: impl Fn(&FromClient) -> bool) {
        for kept in &mut self.kept {
            kept.answers = send(&kept.message).then_some(0);
        }
        self.kept
            .retain(|kept| kept.answers.is_none() || !counts(&kept.message));
    }

    /// What is kept belongs to one seat.
    pub fn clear(&mut self) {
        self.kept.clear();
    }
}

/// Is it counted by the server, so that it may not be said twice?
fn counts(message: &FromClient) -> bool {
    matches!(
        message,
        FromClient::Chat { .. }
            | FromClient::Teams {
                teams: TeamsFromClient::Wrote
            }
    )
}

fn presence_of(message: &FromClient) -> Option<TeamsPresence> {
    match message {
        FromClient::Teams {
            teams: TeamsFromClient::Presence { presence, .. },
        } => Some(*presence),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn teams(teams: TeamsFromClient) -> FromClient {
        FromClient::Teams { teams }
    }

    fn presence(presence: TeamsPresence) -> FromClient {
        teams(TeamsFromClient::Presence {
            presence,
            with_host: false,
        })
    }

    fn agreed() -> FromClient {
        teams(TeamsFromClient::Agreed { version: 2 })
    }

    fn wrote() -> FromClient {
        teams(TeamsFromClient::Wrote)
    }

    /// A socket that hears everything.
    fn heard(outbox: &mut Outbox) -> Vec<FromClient> {
        let heard = RefCell::new(Vec::new());
        outbox.up(|message| {
            heard.borrow_mut().push(message.clone());
            true
        });
        heard.into_inner()
    }

    #[test]
    fn what_is_said_while_the_socket_is_down_is_said_in_its_order_when_it_is_up() {
        let mut outbox = Outbox::default();
        let said = [
            agreed(),
            wrote(),
            teams(TeamsFromClient::Ended { code: 0, sub_code: 0 }),
        ];
        for message in said.clone() {
            assert!(!outbox.say(message, |_| false));
        }
        assert!(outbox.waits());
        assert!(!outbox.say(wrote(), |_| true), "what was kept before goes first");
        assert_eq!(heard(&mut outbox), [&said[..], &[wrote()]].concat());
        assert!(!outbox.waits());
    }

    #[test]
    fn the_newest_stand_is_said_again_whenever_the_socket_comes_back() {
        let mut outbox = Outbox::default();
        for stand in [TeamsPresence::Joining, TeamsPresence::Lobby, TeamsPresence::In] {
            outbox.say(presence(stand), |_| true);
        }
        for _ in 0..10 {
            outbox.answered();
        }
        assert_eq!(heard(&mut outbox), [presence(TeamsPresence::In)]);
        assert_eq!(heard(&mut outbox), [presence(TeamsPresence::In)]);
    }

    #[test]
    fn what_was_said_just_before_the_connection_died_is_said_again_and_what_arrived_is_not() {
        let mut outbox = Outbox::default();
        assert!(outbox.say(agreed(), |_| true));
        outbox.answered();
        assert_eq!(heard(&mut outbox), [agreed()]);
        for _ in 0..ANSWERS {
            outbox.answered();
        }
        assert!(heard(&mut outbox).is_empty());
    }

    #[test]
    fn what_is_counted_is_said_once() {
        let mut outbox = Outbox::default();
        assert!(outbox.say(wrote(), |_| true));
        outbox.say(FromClient::Chat { text: "hello".into() }, |_| false);
        assert_eq!(heard(&mut outbox).len(), 1);
        assert!(heard(&mut outbox).is_empty());
    }

    #[test]
    fn it_keeps_no_more_than_it_must() {
        let mut outbox = Outbox::default();
        for _ in 0..10 * MOST {
            outbox.say(wrote(), |_| false);
        }
        assert_eq!(heard(&mut outbox).len(), MOST);
    }
}
