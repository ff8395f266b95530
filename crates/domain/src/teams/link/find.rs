//! Finding the meeting in a pasted text, which may be a whole invitation.

use std::str::FromStr;

use super::id::id_and_passcode;
use super::unwrap::parse_link;
use super::{LinkError, MeetingLink};

/// The longest text, in bytes: room for an invitation with all its words. A Safe Link around a Bookings link has about
/// 2,000.
const LONGEST: usize = 20_000;

impl FromStr for MeetingLink {
    type Err = LinkError;

    /// Reads a link, a meeting ID with its passcode, or an invitation that holds them.
    fn from_str(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(LinkError::Empty);
        }
        if text.len() > LONGEST {
            return Err(LinkError::TooLong);
        }
        let links: Vec<&str> = links(text).collect();
        if links.is_empty() {
            return id_and_passcode(text);
        }
        // An invitation holds other links as well: for help, for options, and to the organisation's privacy page.
        let mut found: Option<Self> = None;
        let mut why = LinkError::OtherHost;
        for link in links {
            match parse_link(link) {
                Ok(meeting) if found.as_ref().is_some_and(|known| *known != meeting) => return Err(LinkError::Several),
                Ok(meeting) => found = Some(meeting),
                // A clerk learns more from what is wrong with a link to Teams than from a link that leads elsewhere.
                Err(refused) if says_less(why, refused) => why = refused,
                Err(_) => {}
            }
        }
        match found {
            Some(meeting) => Ok(meeting),
            // An invitation repeats the meeting below the link, as an ID and a passcode, which no mail filter rewrites.
            None if leads_elsewhere(why) => id_and_passcode(&without_links(text)).map_err(|_| why),
            None => Err(why),
        }
    }
}

/// Whether the refused link is of no known page of Teams, so that the rest of the text may hold the meeting.
fn leads_elsewhere(why: LinkError) -> bool {
    matches!(why, LinkError::OtherHost | LinkError::NotHttps | LinkError::Rewritten)
}

/// Whether `than` tells a clerk more than `why`.
fn says_less(why: LinkError, than: LinkError) -> bool {
    matches!(why, LinkError::OtherHost | LinkError::NotHttps) || (why == LinkError::Rewritten && !leads_elsewhere(than))
}

/// The words of `text` that hold no link.
fn without_links(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !links(word).any(|_| true));
    words.collect::<Vec<_>>().join(" ")
}

/// The links in `text`, which stand between spaces or `<>`.
///
/// A word that is not a link as a whole is split at quotes and brackets, too. A link is not, because they are a part of
/// it: splitting it would turn its parameter into another link.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "<>".contains(c) || is_unseen(c))
        .flat_map(|word| {
            let inside = if has_scheme(word) {
                ""
            } else {
                "\"'()[]\u{201c}\u{201d}\u{201e}\u{ab}\u{bb}"
            };
            word.split(|c: char| inside.contains(c))
        })
        .filter(|word| has_scheme(word))
        .map(|link| link.trim_end_matches(['.', ',', ';', '!', ')', ']', '"', '\'', '\u{201d}']))
}

/// Whether `c` is a mark of direction or width, as copied text often holds.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether the word begins like a link: with a scheme that we know, or with any scheme and `//`.
fn has_scheme(word: &str) -> bool {
    word.split_once(':').is_some_and(|(scheme, rest)| {
        let is_name = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        let is_known = ["http", "https", "msteams", "javascript", "data"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        is_name && (is_known || rest.starts_with("//"))
    })
}
