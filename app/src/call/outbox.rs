//! Messages that must reach the server although the socket may be down: the presence in an external meeting, the notices that
//! were shown and agreed to, and chat messages that did not reach its own chat. All other messages of a page are either part
//! of the state that it sends after a resume, or no longer wanted a minute later.

use std::collections::VecDeque;

use anteroom_domain::visit::TeamsPresence;
use anteroom_protocol::seat::FromClient;
use anteroom_protocol::teams::TeamsFromClient;

/// More messages than a minute without a socket brings; beyond it the oldest goes.
const MOST: usize = 64;
/// A message has arrived once this many pings were answered after it. A connection that dies loses the messages of its last
/// seconds. The server answers pings in order, one in [`anteroom_protocol::seat::PING_SECONDS`], and the page gives a silent
/// connection up after three: the fourth answer is to a ping that was sent after the message.
const ANSWERS: u8 = 4;

#[derive(Default)]
pub struct Outbox {
    kept: VecDeque<Kept>,
}

struct Kept {
    message: FromClient,
    /// The number of answered pings since this was sent. None: not sent yet.
    answers: Option<u8>,
}

impl Outbox {
    /// Sends a message now, or when the socket is up again, after those that were kept before. False: not sent yet.
    pub fn say(&mut self, message: FromClient, send: impl Fn(&FromClient) -> bool) -> bool {
        let said = !self.waits() && send(&message);
        if said && counts(&message) {
            return true;
        }
        if presence_of(&message).is_some() {
            // The earlier presence is out of date.
            self.kept.retain(|kept| presence_of(&kept.message).is_none());
        }
        if self.kept.len() == MOST {
            self.kept.pop_front();
        }
        let answers = said.then_some(0);
        self.kept.push_back(Kept { message, answers });
        said
    }

    /// Is there a message that was never sent?
    pub fn waits(&self) -> bool {
        self.kept.iter().any(|kept| kept.answers.is_none())
    }

    /// The server has answered a ping: messages that were sent long enough before have arrived. The presence is kept.
    pub fn answered(&mut self) {
        for kept in &mut self.kept {
            kept.answers = kept.answers.map(|answers| answers.saturating_add(1));
        }
        self.kept.retain(|kept| {
            presence_of(&kept.message).is_some() || kept.answers.is_none_or(|answers| answers < ANSWERS)
        });
    }

    /// The socket is up again: sends all messages, in order. The server recognises a repetition.
    pub fn up(&mut self, send: impl Fn(&FromClient) -> bool) {
        for kept in &mut self.kept {
            kept.answers = send(&kept.message).then_some(0);
        }
        self.kept
            .retain(|kept| kept.answers.is_none() || !counts(&kept.message));
    }

    /// Forgets the messages, which belong to one seat.
    pub fn clear(&mut self) {
        self.kept.clear();
    }
}

/// Does the server count this message? Then it must not be sent twice.
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
    fn the_newest_presence_is_said_again_whenever_the_socket_comes_back() {
        let mut outbox = Outbox::default();
        for one in [TeamsPresence::Joining, TeamsPresence::Lobby, TeamsPresence::In] {
            outbox.say(presence(one), |_| true);
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
