//! What becomes of text on its way to the page. Escaping, for the two places where Leptos 0.8 writes text into it as it is:
//! `<title>` and `<textarea>`. And names in sentences, whichever way they are read.

use std::borrow::Cow;

/// Text made safe inside any element that holds character data.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

/// A name for the middle of a sentence that can hold no elements: a title, a label. One that is read from right to left
/// stands between Unicode's isolates, and turns nothing around it. On the page itself `<bdi>` does that.
pub fn isolate(name: &str) -> Cow<'_, str> {
    if name.contains(is_right_to_left) {
        Cow::Owned(format!("\u{2068}{name}\u{2069}"))
    } else {
        Cow::Borrowed(name)
    }
}

/// The blocks of scripts that are written so, and the marks that turn the order around.
fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}'
        | '\u{1E800}'..='\u{1EFFF}' | '\u{200F}' | '\u{202B}' | '\u{202E}' | '\u{2067}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_escaped_text_can_end_the_element_around_it() {
        assert_eq!(escape("</title><script>&amp;"), "&lt;/title&gt;&lt;script&gt;&amp;amp;");
        assert_eq!(escape("Zoë & Sons"), "Zoë &amp; Sons");
        assert!(matches!(escape("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn only_a_name_that_is_read_from_right_to_left_is_isolated() {
        for name in ["محمد علي", "יוסף", "✋ سارة", "𞤀𞤣𞤤𞤢𞤥"] {
            assert_eq!(isolate(name), format!("\u{2068}{name}\u{2069}"));
        }
        for name in ["Zoë van der Berg", "Олена", "山田 太郎", "अनिता", ""] {
            assert!(matches!(isolate(name), Cow::Borrowed(same) if same == name));
        }
    }
}
