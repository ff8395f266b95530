//! Leading a browser elsewhere than where it asked to go.

use http::StatusCode;
use http::request::Parts;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// On to `path`. A page is answered with a redirect, whoever asks for it. A script that calls a server function is told
/// where to lead its page, and gets the status of its error.
pub fn lead(path: &str, error: StatusCode) {
    leptos_axum::redirect(path);
    let is_page = use_context::<Parts>().is_some_and(|parts| !parts.uri.path().starts_with("/api/"));
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(if is_page { StatusCode::FOUND } else { error });
    }
}
