//! The messages of a meeting as this tab knows them: what is shown, and what is unread.

use anteroom_domain::chat::ChatMessage;
use anteroom_domain::id::{MessageId, VisitId};

/// Kept and shown; older ones drop off, so that a launch with thousands of messages does not stop a phone.
const KEPT: usize = 500;

/// Messages in the order of their ids, each once (a resume sends the past again).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatLog {
    messages: Vec<ChatMessage>,
    /// The newest id that was on screen.
    read_up_to: Option<MessageId>,
    /// Messages before this are the past that a (re)join brought; they are shown but do not count as unread.
    news_since: Option<i64>,
}

impl ChatLog {
    /// The server's time when this tab first entered the room.
    pub fn entered(&mut self, now: i64) {
        self.news_since.get_or_insert(now);
    }

    /// Takes a message in; true when it is new to this tab.
    pub fn take(&mut self, message: ChatMessage) -> bool {
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

    pub fn messages(&self) -> &[ChatMessage] {
        &self.messages
    }

    /// Everything that is there now has been on screen.
    pub fn read(&mut self) {
        if let Some(last) = self.messages.last() {
            self.read_up_to = Some(last.id);
        }
    }

    /// Is this message news to the person in this tab?
    pub fn is_news(&self, message: &ChatMessage, me: VisitId) -> bool {
        message.visit != me
            && Some(message.id) > self.read_up_to
            && self.news_since.is_none_or(|since| message.at >= since)
    }

    pub fn unread(&self, me: VisitId) -> usize {
        self.messages.iter().filter(|message| self.is_news(message, me)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: i64, visit: i64, at: i64) -> ChatMessage {
        ChatMessage {
            id: MessageId(id),
            visit: VisitId(visit),
            role: anteroom_domain::visit::Role::Guest,
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
        assert_eq!(log.messages().iter().map(|m| m.id.0).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn ones_own_and_past_messages_are_not_unread() {
        let mut log = ChatLog::default();
        log.entered(100);
        log.take(message(1, 7, 50));
        log.take(message(2, 9, 120));
        log.take(message(3, 7, 130));
        assert_eq!(log.unread(VisitId(9)), 1);
        log.read();
        assert_eq!(log.unread(VisitId(9)), 0);
    }

    #[test]
    fn only_the_newest_are_kept() {
        let mut log = ChatLog::default();
        for id in 0..(KEPT as i64 + 20) {
            log.take(message(id, 1, id));
        }
        assert_eq!(log.messages().len(), KEPT);
        assert_eq!(log.messages().first().map(|m| m.id), Some(MessageId(20)));
    }
}
