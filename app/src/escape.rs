//! What becomes of text on its way to the page: escaping, for the two places where Leptos 0.8 writes text into it as it is,
//! `<title>` and `<textarea>`.

use std::borrow::Cow;

pub use anteroom_domain::text::isolate;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_escaped_text_can_end_the_element_around_it() {
        assert_eq!(escape("</title><script>&amp;"), "&lt;/title&gt;&lt;script&gt;&amp;amp;");
        assert_eq!(escape("Zoë & Sons"), "Zoë &amp; Sons");
        assert!(matches!(escape("plain"), Cow::Borrowed("plain")));
    }
}
