use std::fmt;

use anteroom_i18n::{Lang, text};
use serde::{Deserialize, Serialize};

/// Of one request: its log lines have it, and the page of a failure shows it. Whoever asks for help reads it aloud, so it
/// is short, in two groups, and of letters that nobody takes for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(String);

/// Crockford's base 32: without I, L, O and U.
#[cfg(feature = "ssr")]
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl RequestId {
    /// Of 30 of these bits: two requests of one day seldom share one, and the time tells them apart.
    #[cfg(feature = "ssr")]
    pub fn of(bits: u32) -> Self {
        let digits = (0..6).filter_map(|n| usize::try_from((bits >> (5 * n)) % 32).ok());
        let letters: String = digits
            .filter_map(|digit| LETTERS.get(digit).copied())
            .map(char::from)
            .collect();
        let (first, second) = letters.split_at(3);
        Self(format!("{first}-{second}"))
    }

    /// For the person who has seen the failure.
    pub fn sentence(&self, lang: Lang) -> String {
        text!(lang, guest::api::request_number { number: &self.0 })
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_two_groups_of_three_letters_that_can_be_read_aloud() {
        assert_eq!(RequestId::of(0).to_string(), "000-000");
        assert_eq!(RequestId::of(u32::MAX).to_string(), "ZZZ-ZZZ");
        assert_eq!(RequestId::of(1 << 15).to_string(), "000-100");
        assert_ne!(RequestId::of(1), RequestId::of(2));
    }
}
