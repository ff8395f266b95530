//! Says with every page how its application is built up, so that the browser can tell whether it still is.
//!
//! The browser part takes over the elements that stand in the page. It finds them by counting, so an element that a
//! password manager or a translator put among them would stop it, or make it take one element for another. The page's
//! root carries a sum over its elements, texts and comments; `src/start.js` makes the same sum over what it finds, and has
//! the page built anew where the two differ.

use anteroom_app::shell::ROOT;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use http::StatusCode;
use http::header::CONTENT_LENGTH;

use super::is_page;

/// Elements without an end tag (HTML, "Void elements").
const VOID: [&[u8]; 13] = [
    b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"source", b"track", b"wbr",
];
/// Elements whose content is one text to the browser, or none of the page's.
const OPAQUE: [&[u8]; 5] = [b"noscript", b"script", b"style", b"textarea", b"title"];

pub async fn shape(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if !is_page(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // Pages are rendered whole before the first byte leaves: nothing is held back here.
    let Ok(page) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let Some(signed) = std::str::from_utf8(&page).ok().and_then(signed) else {
        return Response::from_parts(parts, Body::from(page));
    };
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(signed))
}

/// The page with the sum at its root. None where there is no root.
fn signed(page: &str) -> Option<String> {
    let opening = format!("<div id=\"{ROOT}\"");
    let (before, rest) = page.split_once(&opening)?;
    let content = rest.strip_prefix('>')?;
    let sum = sum(content);
    Some(format!("{before}{opening} data-shape=\"{sum:08x}\"{rest}"))
}

/// Over everything up to the end tag that closes the root.
fn sum(content: &str) -> u32 {
    let mut shape = Shape::default();
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| shape.see(&event));
    emitter.naively_switch_states(true);
    // The one thing that is emitted is the end of the root.
    let _ = Tokenizer::new_with_emitter(content, emitter).next();
    shape.sum.0
}

#[derive(Default)]
struct Shape {
    sum: Sum,
    depth: usize,
    name: Vec<u8>,
    opaque: bool,
}

impl Shape {
    fn see(&mut self, event: &CallbackEvent<'_>) -> Option<()> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.sum.add(b"<");
                self.sum.add(name);
                self.name = name.to_vec();
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                if *self_closing || VOID.contains(&self.name.as_slice()) {
                    self.sum.add(b">");
                } else {
                    self.depth += 1;
                    self.opaque = OPAQUE.contains(&self.name.as_slice());
                }
            }
            CallbackEvent::EndTag { .. } => {
                self.opaque = false;
                self.depth = match self.depth.checked_sub(1) {
                    Some(depth) => depth,
                    None => return Some(()),
                };
                self.sum.add(b">");
            }
            CallbackEvent::String { .. } if !self.opaque => self.sum.add(b"t"),
            CallbackEvent::Comment { .. } if !self.opaque => self.sum.add(b"!"),
            _ => {}
        }
        None
    }
}

/// FNV-1a of 32 bits: four lines in either language. It protects from accidents, not from people.
struct Sum(u32);

impl Default for Sum {
    fn default() -> Self {
        Self(0x811c_9dc5)
    }
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> u32 {
        let mut sum = Sum::default();
        sum.add(text.as_bytes());
        sum.0
    }

    #[test]
    fn elements_texts_and_comments_are_summed_in_their_order() {
        assert_eq!(sum("<p class=\"a > b\">Hello<!-- --> you<!></p></div>"), of("<pt!t!>"));
        assert_eq!(sum("<ul><li>a</li><li><br>b</li></ul></div>"), of("<ul<lit><li<br>t>>"));
        assert_eq!(
            sum("<svg><path d=\"M0\"></path><circle/></svg></div>"),
            of("<svg<path><circle>>")
        );
    }

    #[test]
    fn what_a_browser_reads_as_text_is_no_part() {
        assert_eq!(
            sum("<noscript><p>no</p></noscript><textarea>a &lt;b></textarea></div>"),
            of("<noscript><textarea>")
        );
        assert_eq!(sum("<textarea>a</textarea>b</div>"), of("<textarea>t"));
    }

    #[test]
    fn it_ends_where_the_root_does() {
        assert_eq!(sum("<p>a</p></div><script>var x = '<p>'</script>"), of("<pt>"));
    }

    #[test]
    fn the_sum_stands_at_the_root_and_nowhere_else() {
        let page = "<body><div id=\"app\"><p>a</p></div></body>";
        let wanted = format!(
            "<body><div id=\"app\" data-shape=\"{:08x}\"><p>a</p></div></body>",
            of("<pt>")
        );
        assert_eq!(signed(page), Some(wanted));
        assert_eq!(signed("<body><p>nothing of ours</p></body>"), None);
    }

    #[test]
    fn no_text_that_somebody_typed_breaks_it() {
        for text in [
            "",
            "<",
            "</",
            "<!",
            "<!--",
            "</div",
            "<p",
            "<p a=\"",
            "&#x0;",
            "\u{0}",
            "<textarea>",
        ] {
            let _ = sum(text);
        }
    }
}
