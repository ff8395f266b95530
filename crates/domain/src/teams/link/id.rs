use super::{LinkError, MeetingLink};

/// Printed IDs have nine to fourteen digits; there is room for longer ones.
pub fn is_id(text: &str) -> bool {
    (9..=18).contains(&text.len()) && is_digits(text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A word, or one of the marks that stand between an ID and its passcode.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    /// What ends in a colon.
    Label(&'a str),
    Mark,
}

/// `Meeting ID: 212 345 678 901 23, Passcode: Ab3cD4`, and the other ways in which people write that, in any language.
/// The ID stands first, or behind a label: any other number (a telephone's, most of all) is none.
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
        // The digits of a number that is no ID are not looked into for another one.
        while is_digit_group(*token)
            && let Some((next, after)) = rest.split_first()
            && is_digit_group(*next)
        {
            rest = after;
        }
    }
    Err(LinkError::NoMeeting)
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let is_mark = |c: char| "/,;|\u{3001}\u{ff0c}".contains(c);
    let is_colon = |c: char| c == ':' || c == '\u{ff1a}';
    let mut tokens = Vec::new();
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || is_mark(c) || is_colon(c)) {
        let word = piece.trim_end_matches(|c: char| c.is_whitespace() || is_mark(c) || is_colon(c));
        let end = piece.chars().next_back().unwrap_or(' ');
        match (word.is_empty(), is_colon(end)) {
            (false, true) => tokens.push(Token::Label(word)),
            // The colon of French stands apart.
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

fn is_digit_group(token: Token<'_>) -> bool {
    matches!(token, Token::Word(word) if is_digits(word))
}

/// "Meeting ID", "Besprechungs-ID", or whatever stands before a colon.
fn is_label_of_id(token: Token<'_>) -> bool {
    match token {
        Token::Label(_) => true,
        Token::Word(word) => word
            .split(|c: char| !c.is_alphanumeric())
            .any(|part| part.eq_ignore_ascii_case("id")),
        Token::Mark => false,
    }
}

/// All its digits in one word, or in groups as Teams prints them. What is left, too.
fn take_id<'a, 'b>(tokens: &'b [Token<'a>]) -> Option<(String, &'b [Token<'a>])> {
    let mut id = String::new();
    let mut rest = tokens;
    while let Some((Token::Word(group), after)) = rest.split_first()
        && is_digits(group)
        // A passcode may be all digits; it is longer than any group.
        && (id.is_empty() || group.len() <= 4)
    {
        id.push_str(group);
        rest = after;
        if is_id(group) {
            break;
        }
    }
    // Numbers of telephones begin with a zero.
    (is_id(&id) && !id.starts_with('0')).then_some((id, rest))
}

/// Behind a label, or with nothing but marks before it. An invitation goes on behind its passcode; a line that somebody
/// typed ends there.
fn passcode(tokens: &[Token<'_>], in_invitation: bool) -> Result<Option<String>, LinkError> {
    let mut before = tokens.split(|token| matches!(token, Token::Label(_)));
    let direct: Vec<&str> = words(before.next().unwrap_or_default());
    let labelled = before.next().map(words);
    let found = match (direct.as_slice(), labelled.as_deref()) {
        ([], None) => return Ok(None),
        // "Passcode: Ab3cD4", with words of the label before it at most.
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

fn words<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    tokens
        .iter()
        .filter_map(|token| match token {
            Token::Word(word) => Some(*word),
            _ => None,
        })
        .collect()
}

/// "Passcode is": of two words that may both be it, none is.
fn is_label(words: &[&str]) -> bool {
    words.len() <= 2 && !words.iter().any(|word| looks_like_one(word))
}

fn is_passcode(word: &str) -> bool {
    (4..=16).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Letters and digits mixed, as no word of a sentence has them.
fn looks_like_one(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit()) || word.bytes().skip(1).any(|byte| byte.is_ascii_uppercase())
}
