//! Addresses in messages. A link is the text of the message and nothing else: it shows the whole address, and leads only to
//! the web.

/// A stretch of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// `http` or `https`, with a host.
    Link(&'a str),
}

/// The pieces of a message; one after the other they are the message.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut done, mut from) = (0, 0);
    while let Some(start) = next_scheme(text, from) {
        // A stretch that is no address is skipped as a whole: a link in the middle of a deceit would be a deceit, too.
        from = start + reach(&text[start..]);
        let before = text[..start].chars().next_back();
        let Some(link) = link(&text[start..from], before).filter(|_| !goes_on_unseen(&text[from..])) else {
            continue;
        };
        if done < start {
            pieces.push(Piece::Text(&text[done..start]));
        }
        pieces.push(Piece::Link(link));
        done = start + link.len();
    }
    if done < text.len() {
        pieces.push(Piece::Text(&text[done..]));
    }
    pieces
}

/// The position of the next `http://` or `https://` that is not the end of a longer word.
fn next_scheme(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let ends_a_word = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        before.is_some_and(u8::is_ascii_alphanumeric)
    };
    let begins = |at: usize| bytes.get(at..).is_some_and(|rest| scheme(rest).is_some());
    (from..bytes.len()).find(|&at| begins(at) && !ends_a_word(at))
}

/// The length of the scheme at the beginning of these bytes.
fn scheme(bytes: &[u8]) -> Option<usize> {
    let is = |scheme: &&str| {
        bytes
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes()))
    };
    ["https://", "http://"]
        .iter()
        .find(|scheme| is(scheme))
        .map(|scheme| scheme.len())
}

/// The greatest length of an address that begins here: up to a character that no address has, or a bracket that it did not
/// open.
fn reach(text: &str) -> usize {
    // The characters that close the open brackets.
    let mut open = Vec::new();
    for (at, c) in text.char_indices() {
        if c.is_whitespace() || c.is_control() || is_unseen(c) || is_around(c) {
            return at;
        }
        match c {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' => match open.iter().rposition(|closing| *closing == c) {
                Some(last) => {
                    open.remove(last);
                }
                None => return at,
            },
            _ => {}
        }
    }
    text.len()
}

/// The address in this run of characters, if it begins with one.
fn link(run: &str, before: Option<char>) -> Option<&str> {
    // Markdown's marks, on both sides of an address.
    let is_mark = |c: char| Some(c) == before && matches!(c, '*' | '_' | '~');
    let address = run.trim_end_matches(|c| is_mark(c) || ends_a_sentence(c));
    let host = address.get(scheme(run.as_bytes())?..)?;
    let host = &host[..host.find(['/', '?', '#']).unwrap_or(host.len())];
    // `https://bank.example@evil.example` does not lead where it seems to, and nobody needs such an address.
    let is_host = host.starts_with(|c: char| c.is_alphanumeric() || c == '[') && !host.contains('@');
    is_host.then_some(address)
}

/// Does the address look longer than it is? Then a reader takes it for another.
fn goes_on_unseen(rest: &str) -> bool {
    let seen = rest.trim_start_matches(is_unseen);
    seen.len() < rest.len() && !seen.is_empty() && !seen.starts_with(char::is_whitespace)
}

/// Invisible characters, and those that reverse the reading order. Joiners are parts of letters.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFC}' | '\u{E0000}'..='\u{E0FFF}')
}

/// A character around an address and never in one: quotation marks, and the punctuation of scripts that puts no space after
/// itself. A backslash is a slash to a browser, and not to a reader.
fn is_around(c: char) -> bool {
    "<>\"`\\“”„«»‹›。，、；：！？（）「」『』【】《》".contains(c)
}

/// A character that an address may have, and that belongs to the sentence where it follows one.
fn ends_a_sentence(c: char) -> bool {
    ".,;:!?'’…|([{؟،؛।".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<&str> {
        let found = pieces(text);
        let whole: String = found
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Link(text) => *text,
            })
            .collect();
        assert_eq!(whole, text, "nothing is lost or made up");
        found
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Link(link) => Some(link),
                Piece::Text(_) => None,
            })
            .collect()
    }

    #[test]
    fn an_address_is_a_link_and_what_is_around_it_is_not() {
        assert_eq!(
            pieces("See https://example.org/a?b=c#d, please."),
            [
                Piece::Text("See "),
                Piece::Link("https://example.org/a?b=c#d"),
                Piece::Text(", please.")
            ]
        );
        assert_eq!(
            links("http://a.example\nHTTPS://B.EXAMPLE:8443/ and http://127.0.0.1:3000"),
            ["http://a.example", "HTTPS://B.EXAMPLE:8443/", "http://127.0.0.1:3000"]
        );
        assert_eq!(links("http://[::1]/x"), ["http://[::1]/x"]);
        assert_eq!(pieces(""), []);
        assert_eq!(pieces("nothing"), [Piece::Text("nothing")]);
    }

    #[test]
    fn the_sentence_around_it_keeps_its_marks() {
        for (text, link) in [
            ("Is it https://example.org/?", "https://example.org/"),
            ("https://example.org/x...", "https://example.org/x"),
            ("(https://example.org/x)", "https://example.org/x"),
            ("(see https://example.org/x).", "https://example.org/x"),
            (
                "https://example.org/wiki/Bern_(city)",
                "https://example.org/wiki/Bern_(city)",
            ),
            (
                "(https://example.org/wiki/Bern_(city))",
                "https://example.org/wiki/Bern_(city)",
            ),
            ("\"https://example.org\"", "https://example.org"),
            ("'https://example.org/it's'", "https://example.org/it's"),
            ("<https://example.org>", "https://example.org"),
            ("[here](https://example.org/x)", "https://example.org/x"),
            ("[](https://example.org/[a](b))", "https://example.org/[a](b)"),
            ("**https://example.org/x**", "https://example.org/x"),
            ("https://example.org/x_", "https://example.org/x_"),
            ("| https://example.org/x|", "https://example.org/x"),
            ("`https://example.org/x`", "https://example.org/x"),
            ("请看https://example.org/x。谢谢", "https://example.org/x"),
            ("„https://example.org/x“", "https://example.org/x"),
            ("https://example.org/؟", "https://example.org/"),
        ] {
            assert_eq!(links(text), [link], "{text}");
        }
    }

    #[test]
    fn only_the_web_is_linked() {
        for text in [
            "javascript:alert(1)",
            "JaVaScRiPt://example.org/%0aalert(1)",
            "data:text/html,<script>alert(1)</script>",
            "file:///etc/passwd",
            "ftp://example.org",
            "www.example.org",
            "mailto:ana@example.org",
            "xhttps://example.org",
            "https:/example.org",
            "https:example.org",
            "https://",
            "https:///example.org",
            "https://?x",
            "https://.",
            "http://\u{202E}gro.elpmaxe",
            "https:\\\\example.org",
        ] {
            assert_eq!(links(text), [""; 0], "{text}");
        }
        assert_eq!(links("javascript:https://example.org/"), ["https://example.org/"]);
    }

    #[test]
    fn no_link_leads_elsewhere_than_it_seems() {
        assert_eq!(links("https://bank.example@evil.example/"), [""; 0]);
        assert_eq!(links("https://bank.example:443@evil.example"), [""; 0]);
        assert_eq!(links("https://example.org/@ana"), ["https://example.org/@ana"]);
        assert_eq!(links("https://bank.example\\@evil.example"), ["https://bank.example"]);
        for longer in [
            "https://example.org/\u{202E}fdp.exe",
            "https://exam\u{200B}ple.org",
            "https://a.example/\u{2066}b",
        ] {
            assert_eq!(links(longer), [""; 0], "{longer:?}");
        }
        assert_eq!(
            links("https://example.org\u{200B} \u{FEFF}https://example.org\u{2069}"),
            ["https://example.org"; 2],
            "what was pasted along does no harm"
        );
        assert_eq!(
            links("[https://bank.example](https://evil.example)"),
            ["https://bank.example", "https://evil.example"],
            "both are seen, and lead where they say"
        );
    }

    #[test]
    fn addresses_of_every_script_stay_as_they_are_written() {
        for link in [
            "https://müller.example/straße",
            "https://пример.example/путь?а=б",
            "https://مثال.إختبار/صفحة",
            "https://例え.テスト/パス",
            "https://xn--mller-kva.example/",
        ] {
            assert_eq!(links(link), [link]);
        }
    }

    #[test]
    fn the_longest_message_is_looked_through_once() {
        let long = format!("https://example.org/{}", "a".repeat(1_900));
        assert_eq!(links(&long), [long.as_str()]);
        for hostile in ["(", ")", "http://", "https://a", "https://a.example/(", ".", "ـ"] {
            let text = hostile.repeat(100_000 / hostile.len());
            links(&text);
        }
        assert_eq!(links(&"https://a.example ".repeat(100)).len(), 100);
    }
}
