//! The messages of a meeting as this tab knows them: what is shown, and what is unread.

use std::collections::HashMap;

use anteroom_domain::chat::ChatMessage;
use anteroom_domain::id::{MessageId, VisitId};
use anteroom_domain::visit::Role;

use super::engines::ExternalMessage;

/// The number of messages that are kept and shown. Older ones drop off, so that a launch with thousands of messages does not
/// stop a phone.
const KEPT: usize = 500;

/// A message as this tab shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: MessageKey,
    /// None: somebody in an external meeting.
    pub author: Option<VisitId>,
    pub role: Role,
    pub name: String,
    pub text: String,
    /// In ms since the Unix epoch.
    pub at: i64,
}

/// The order of messages. Those of an external meeting's own chat have other ids, and come after those of this site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageKey {
    Site(MessageId),
    /// Numbered in the order in which they came.
    External(usize),
}

impl From<ChatMessage> for Message {
    fn from(message: ChatMessage) -> Self {
        Self {
            id: MessageKey::Site(message.id),
            author: Some(message.visit),
            role: message.role,
            name: message.name,
            text: message.text,
            at: message.at,
        }
    }
}

/// Messages in the order of their keys, each once (a resume sends the past again).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatLog {
    messages: Vec<Message>,
    /// The newest message that was on screen.
    read_up_to: Option<MessageKey>,
    /// Earlier messages are the past that a (re)join brought: they are shown and do not count as unread.
    news_since: Option<i64>,
    /// The numbers of the messages of an external meeting's own chat.
    external: HashMap<String, usize>,
}

impl ChatLog {
    /// The server's time when this tab first entered the room.
    pub fn entered(&mut self, now: i64) {
        self.news_since.get_or_insert(now);
    }

    /// Takes a message in; true when it is new to this tab.
    pub fn take(&mut self, message: Message) -> bool {
        match self.messages.binary_search_by_key(&message.id, |known| known.id) {
            Ok(_) => false,
            Err(at) => {
                self.messages.insert(at, message);
                let surplus = self.messages.len().saturating_sub(KEPT);
                self.messages.drain(..surplus);
                true
            }
        }
    }

    /// A message of an external meeting's own chat; `me` wrote it if it is mine.
    pub fn external(&mut self, message: ExternalMessage, me: Option<VisitId>) -> Message {
        let next = self.external.len();
        let number = *self.external.entry(message.id).or_insert(next);
        Message {
            id: MessageKey::External(number),
            author: me.filter(|_| message.mine),
            // Nobody here vouches for the people who write there.
            role: Role::Guest,
            name: message.sender,
            text: message.text,
            at: message.at,
        }
    }

    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Marks everything that is there now as read.
    pub fn read(&mut self) {
        if let Some(last) = self.messages.last() {
            self.read_up_to = Some(last.id);
        }
    }

    /// Is this message news to the person in this tab?
    pub fn is_news(&self, message: &Message, me: Option<VisitId>) -> bool {
        !message.is_by(me)
            && Some(message.id) > self.read_up_to
            && self.news_since.is_none_or(|since| message.at >= since)
    }

    pub fn unread(&self, me: Option<VisitId>) -> usize {
        self.messages.iter().filter(|message| self.is_news(message, me)).count()
    }
}

impl Message {
    pub fn is_by(&self, visit: Option<VisitId>) -> bool {
        visit.is_some() && self.author == visit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: i64, visit: i64, at: i64) -> Message {
        Message {
            id: MessageKey::Site(MessageId(id)),
            author: Some(VisitId(visit)),
            role: Role::Guest,
            name: "Ana".into(),
            text: "Hello".into(),
            at,
        }
    }

    #[test]
    fn the_past_that_a_resume_sends_again_is_not_doubled() {
        let mut log = ChatLog::default();
        assert!(log.take(message(1, 7, 10)));
        assert!(log.take(message(2, 7, 11)));
        assert!(!log.take(message(1, 7, 10)));
        assert_eq!(log.messages().len(), 2);
    }

    #[test]
    fn messages_are_shown_in_order_whatever_order_they_came_in() {
        let mut log = ChatLog::default();
        log.take(message(2, 7, 11));
        log.take(message(1, 7, 10));
        assert_eq!(
            log.messages().iter().map(|m| m.id).collect::<Vec<_>>(),
            [1, 2].map(|id| MessageKey::Site(MessageId(id)))
        );
    }

    #[test]
    fn ones_own_and_past_messages_are_not_unread() {
        let mut log = ChatLog::default();
        log.entered(100);
        log.take(message(1, 7, 50));
        log.take(message(2, 9, 120));
        log.take(message(3, 7, 130));
        assert_eq!(log.unread(Some(VisitId(9))), 1);
        log.read();
        assert_eq!(log.unread(Some(VisitId(9))), 0);
    }

    #[test]
    fn only_the_newest_are_kept() {
        let mut log = ChatLog::default();
        for id in 0..(i64::try_from(KEPT).unwrap() + 20) {
            log.take(message(id, 1, id));
        }
        assert_eq!(log.messages().len(), KEPT);
        assert_eq!(
            log.messages().first().map(|m| m.id),
            Some(MessageKey::Site(MessageId(20)))
        );
    }

    #[test]
    fn the_external_chat_comes_after_ours_and_each_message_of_it_once() {
        let said = |id: &str, mine| ExternalMessage {
            id: id.into(),
            sender: "Anna".into(),
            mine,
            text: "Hello".into(),
            at: 5,
        };
        let me = Some(VisitId(7));
        let mut log = ChatLog::default();
        for (id, mine, new) in [("b", false, true), ("a", true, true), ("b", false, false)] {
            let message = log.external(said(id, mine), me);
            assert_eq!(message.is_by(me), mine);
            assert_eq!(log.take(message), new);
        }
        log.take(message(1, 8, 9));
        let ids: Vec<_> = log.messages().iter().map(|m| m.id).collect();
        let ours = MessageKey::Site(MessageId(1));
        assert_eq!(ids, [ours, MessageKey::External(0), MessageKey::External(1)]);
        assert_eq!(log.unread(me), 2);
        assert!(!message(1, 0, 0).is_by(None));
    }
}
