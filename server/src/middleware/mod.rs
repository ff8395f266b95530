//! What happens to every request before its handler, and to every answer after it.

mod body_limit;
mod detach;
mod endpoints;
mod flash;
mod headers;
mod host;
mod language;
mod link;
mod once;
mod refusals;
mod request;
mod same_origin;
mod session;
mod shape;

use anteroom_i18n::Lang;
use axum::response::Response;
use http::Extensions;
use http::header::CONTENT_TYPE;

pub use body_limit::{MAX_BODY_BYTES, body_limit};
pub use detach::detach;
pub use endpoints::scripts_only;
pub use flash::flash;
pub use headers::{content_security_policy, security_headers};
pub use host::host;
pub use language::{language, language_at_first};
pub use link::link;
pub use once::once;
pub use refusals::refusals;
pub use request::{panicked, request, request_id_in_words};
pub use same_origin::same_origin;
pub use session::session;
pub use shape::shape;

/// The language that whoever asks is answered in, by what is known of the request.
pub fn lang(extensions: &Extensions) -> Lang {
    extensions.get::<Lang>().copied().unwrap_or_default()
}

/// Something that a person reads, and no file or answer to a script.
fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}
