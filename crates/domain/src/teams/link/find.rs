use std::str::FromStr;

use super::id::id_and_passcode;
use super::unwrap::parse_link;
use super::{LinkError, MeetingLink};

/// An invitation with all its text; a Safe Link around a Bookings link is about 2,000 characters.
const LONGEST: usize = 20_000;

impl FromStr for MeetingLink {
    type Err = LinkError;

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
        // An invitation holds other links as well (help, options, the organisation's privacy page).
        let mut found: Option<Self> = None;
        let mut why = LinkError::OtherHost;
        for link in links {
            match parse_link(link) {
                Ok(meeting) if found.as_ref().is_some_and(|known| *known != meeting) => return Err(LinkError::Several),
                Ok(meeting) => found = Some(meeting),
                // What is wrong with a link to Teams says more than that another one leads elsewhere.
                Err(refused) if says_less(why, refused) => why = refused,
                Err(_) => {}
            }
        }
        match found {
            Some(meeting) => Ok(meeting),
            // An invitation says the same once more, in words, which no filter touches.
            None if leads_elsewhere(why) => id_and_passcode(&without_links(text)).map_err(|_| why),
            None => Err(why),
        }
    }
}

fn leads_elsewhere(why: LinkError) -> bool {
    matches!(why, LinkError::OtherHost | LinkError::NotHttps | LinkError::Rewritten)
}

fn says_less(why: LinkError, than: LinkError) -> bool {
    matches!(why, LinkError::OtherHost | LinkError::NotHttps) || (why == LinkError::Rewritten && !leads_elsewhere(than))
}

/// The words between them, which no link belongs to.
fn without_links(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !links(word).any(|_| true));
    words.collect::<Vec<_>>().join(" ")
}

/// Links stand between spaces or `<>`. Only what is no link as a whole is looked into further, for quotes and brackets:
/// within a link they are part of it, and must not bring another to light.
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

/// Marks of direction and width that come along when text is copied.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

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
