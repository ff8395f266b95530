//! A chat message while it is written and sent. The text stays until the server has it: the server may refuse it, or the
//! connection may break on the way.

/// The text in the field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    text: String,
    /// The part that is on its way.
    sent: Option<String>,
}

impl Draft {
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn write(&mut self, text: String) {
        self.text = text;
    }

    /// The text to send now; None where there is none, or one is under way already.
    pub fn send(&mut self) -> Option<String> {
        let text = self.text.trim();
        if text.is_empty() || self.sent.is_some() {
            return None;
        }
        self.sent = Some(text.to_owned());
        self.sent.clone()
    }

    /// The message has arrived; text that was typed after it stays.
    pub fn arrived(&mut self) {
        if let Some(sent) = self.sent.take()
            && let Some(rest) = self.text.trim_start().strip_prefix(&sent)
        {
            self.text = rest.trim_start().to_owned();
        }
    }

    /// The message did not arrive, or nobody knows: it can be sent again.
    pub fn refused(&mut self) {
        self.sent = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(text: &str) -> Draft {
        let mut draft = Draft::default();
        draft.write(text.into());
        assert_eq!(draft.send().as_deref(), Some(text.trim()));
        draft
    }

    #[test]
    fn what_was_refused_is_still_there_and_can_be_sent_again() {
        let mut draft = sent(" Good morning ");
        assert_eq!(draft.send(), None, "once at a time");
        draft.refused();
        assert_eq!(draft.text(), " Good morning ");
        assert_eq!(draft.send().as_deref(), Some("Good morning"));
    }

    #[test]
    fn what_arrived_makes_room_for_what_was_typed_meanwhile() {
        let mut draft = sent("Good morning");
        draft.arrived();
        assert_eq!(draft.text(), "");
        let mut draft = sent("Good morning");
        draft.write("Good morning\nand welcome".into());
        draft.arrived();
        assert_eq!(draft.text(), "and welcome");
        let mut draft = sent("Good morning");
        draft.write("Something else".into());
        draft.arrived();
        assert_eq!(draft.text(), "Something else");
        draft.arrived();
        assert_eq!(
            draft.text(),
            "Something else",
            "a message from another time takes nothing away"
        );
    }

    #[test]
    fn nothing_is_not_sent() {
        let mut draft = Draft::default();
        draft.write("  \n".into());
        assert_eq!(draft.send(), None);
    }
}
