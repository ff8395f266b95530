//! Polite announcements for screen readers. Each sentence is a line of its own in a region that is always there: a repeated
//! sentence is heard again, and of two at the same moment none is lost.

/// The number of lines that stay in the page, for a person who reads it line by line.
const KEPT: usize = 5;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Announcements {
    said: u64,
    lines: Vec<(u64, String)>,
}

impl Announcements {
    pub fn say(&mut self, sentence: String) {
        self.said += 1;
        self.lines.push((self.said, sentence));
        let too_many = self.lines.len().saturating_sub(KEPT);
        self.lines.drain(..too_many);
    }

    /// The lines, each with a number that no other line ever has.
    pub fn lines(&self) -> Vec<(u64, String)> {
        self.lines.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_twice_is_two_lines_and_nothing_in_between_is_lost() {
        let mut announcements = Announcements::default();
        for sentence in ["Muted.", "Ben is waiting.", "Muted."] {
            announcements.say(sentence.into());
        }
        let lines = announcements.lines();
        let said: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
        assert_eq!(said, ["Muted.", "Ben is waiting.", "Muted."]);
        assert_ne!(lines[0].0, lines[2].0);
    }

    #[test]
    fn only_the_last_few_are_kept() {
        let mut announcements = Announcements::default();
        for n in 0..20 {
            announcements.say(n.to_string());
        }
        let lines = announcements.lines();
        assert_eq!(lines.len(), KEPT);
        assert_eq!(lines.last(), Some(&(20, "19".to_owned())));
    }
}
