//! Meeting IDs and passcodes, as invitations print them and people type them.

use super::{LinkError, MeetingLink};

/// Whether `text` is a meeting ID: 9 to 18 digits. Teams prints 9 to 14 today; the rest is room for longer ones.
pub fn is_id(text: &str) -> bool {
    (9..=18).contains(&text.len()) && is_digits(text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A part of the text between spaces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    /// A word.
    Word(&'a str),
    /// A word with a colon behind it.
    Label(&'a str),
    /// A mark that can stand between an ID and its passcode, such as `/` or a comma.
    Mark,
}

/// Reads a meeting ID with its passcode: `Meeting ID: 212 345 678 901 23, Passcode: Ab3cD4`, and other ways to write
/// it, in any language.
///
/// The ID must be the first word or follow a label. Any other number is refused, because it may be a telephone number.
pub fn id_and_passcode(text: &str) -> Result<MeetingLink, LinkError> {
    let tokens = tokens(text);
    let mut rest = tokens.as_slice();
    let mut label = None;
    while let Some((token, after)) = rest.split_first() {
        if let Some((id, behind)) = take_id(rest) {
            let is_labelled = label.is_some_and(is_label_of_id);
            if is_labelled || rest.len() == tokens.len() {
                let passcode = passcode(behind, is_labelled)?;
                return Ok(MeetingLink::Id { id, passcode });
            }
        }
        label = Some(*token);
        rest = after;
        // An ID must not be found within the digit groups of a number that is none.
        while is_digit_group(*token)
            && let Some((next, after)) = rest.split_first()
            && is_digit_group(*next)
        {
            rest = after;
        }
    }
    Err(LinkError::NoMeeting)
}

/// Splits the text at spaces, colons and marks, European or East Asian.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let is_mark = |c: char| "/,;|\u{3001}\u{ff0c}".contains(c);
    let is_colon = |c: char| c == ':' || c == '\u{ff1a}';
    let mut tokens = Vec::new();
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || is_mark(c) || is_colon(c)) {
        let word = piece.trim_end_matches(|c: char| c.is_whitespace() || is_mark(c) || is_colon(c));
        let end = piece.chars().next_back().unwrap_or(' ');
        match (word.is_empty(), is_colon(end)) {
            (false, true) => tokens.push(Token::Label(word)),
            // French puts a space before the colon.
            (true, true) => {
                if let Some(last) = tokens.last_mut()
                    && let Token::Word(word) = *last
                {
                    *last = Token::Label(word);
                }
            }
            (false, false) => tokens.push(Token::Word(word)),
            (true, false) => {}
        }
        if is_mark(end) {
            tokens.push(Token::Mark);
        }
    }
    tokens
}

/// Whether the token is a word of digits only.
fn is_digit_group(token: Token<'_>) -> bool {
    matches!(token, Token::Word(word) if is_digits(word))
}

/// Whether a meeting ID may follow the token: it ends in a colon, or holds "ID" as "Meeting ID" and "Besprechungs-ID"
/// do.
fn is_label_of_id(token: Token<'_>) -> bool {
    match token {
        Token::Label(_) => true,
        Token::Word(word) => word
            .split(|c: char| !c.is_alphanumeric())
            .any(|part| part.eq_ignore_ascii_case("id")),
        Token::Mark => false,
    }
}

/// Takes a meeting ID from the beginning of `tokens`, in one word or in groups of digits as Teams prints it. Returns
/// the remaining tokens as well.
fn take_id<'a, 'b>(tokens: &'b [Token<'a>]) -> Option<(String, &'b [Token<'a>])> {
    let mut id = String::new();
    let mut rest = tokens;
    while let Some((Token::Word(group), after)) = rest.split_first()
        && is_digits(group)
        // A longer word is a passcode of digits only: groups have at most four.
        && (id.is_empty() || group.len() <= 4)
    {
        id.push_str(group);
        rest = after;
        if is_id(group) {
            break;
        }
    }
    // A number with a leading zero is a telephone number.
    (is_id(&id) && !id.starts_with('0')).then_some((id, rest))
}

/// Reads the passcode behind an ID, if there is one. It follows a label, or the ID itself.
///
/// In an invitation, where the ID had a label, more text may follow the passcode. A line that a person typed ends with
/// it.
fn passcode(tokens: &[Token<'_>], in_invitation: bool) -> Result<Option<String>, LinkError> {
    let mut before = tokens.split(|token| matches!(token, Token::Label(_)));
    let direct: Vec<&str> = words(before.next().unwrap_or_default());
    let labelled = before.next().map(words);
    let found = match (direct.as_slice(), labelled.as_deref()) {
        ([], None) => return Ok(None),
        // "Passcode: Ab3cD4". The label may have up to three more words.
        (label, Some([passcode, more @ ..])) if label.len() <= 3 && (in_invitation || more.is_empty()) => passcode,
        ([passcode], None) => passcode,
        // "passcode Ab3cD4"
        ([label @ .., passcode], None) if is_label(label) && looks_like_one(passcode) => passcode,
        _ => return Err(LinkError::NoMeeting),
    };
    if is_passcode(found) {
        Ok(Some((*found).to_owned()))
    } else {
        Err(LinkError::NoMeeting)
    }
}

/// The words among the tokens.
fn words<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    tokens
        .iter()
        .filter_map(|token| match token {
            Token::Word(word) => Some(*word),
            _ => None,
        })
        .collect()
}

/// Whether the words are a label, such as "Passcode is". They are none if one of them could itself be the passcode.
fn is_label(words: &[&str]) -> bool {
    words.len() <= 2 && !words.iter().any(|word| looks_like_one(word))
}

/// Whether the word has the form of a passcode.
fn is_passcode(word: &str) -> bool {
    (4..=16).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether the word looks like a passcode rather than a word of a sentence: it holds a digit, or a capital behind its
/// first letter.
fn looks_like_one(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit()) || word.bytes().skip(1).any(|byte| byte.is_ascii_uppercase())
}
