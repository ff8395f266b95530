//! A guest's link is copied out of mails, chats and letters, and what stood behind it comes along: a full stop, a bracket, a
//! mark that nobody sees, what a newsletter tool counts with. The link is what it begins with; the rest is dropped.

use anteroom_app::paths;
use anteroom_service::Secret;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::Method;
use percent_encoding::percent_decode_str;

/// What there is below a guest's link.
const BELOW: [&str; 4] = ["check", "appointment.ics", "cancel", "rate"];

pub async fn link(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD)
        && let Some(meant) = meant(request.uri().path())
    {
        return Redirect::permanent(&meant).into_response();
    }
    next.run(request).await
}

/// The address that was meant, where it is another one.
fn meant(path: &str) -> Option<String> {
    let (rest, address): (_, fn(&str) -> String) = match path.strip_prefix("/j/") {
        Some(rest) => (rest, paths::invitation),
        None => (path.strip_prefix("/r/")?, paths::registration),
    };
    let rest = percent_decode_str(rest).decode_utf8_lossy();
    let rest = rest.trim_start_matches(|c: char| !Secret::has(c));
    let (secret, behind) = rest.split_at_checked(Secret::LENGTH)?;
    if !secret.chars().all(Secret::has) {
        return None;
    }
    let page = address(secret);
    let below = behind
        .strip_prefix('/')
        .and_then(|behind| BELOW.into_iter().find(|name| behind.starts_with(name)));
    let meant = match below {
        Some(name) => format!("{page}/{name}"),
        None => page,
    };
    (meant != path).then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "AbC-dEf_gHi1jKl2mNo3pQr4";

    #[test]
    fn a_link_is_good_whatever_stands_behind_it() {
        let page = format!("/j/{SECRET}");
        for behind in [
            ".",
            ")",
            "%3E",
            "%22",
            "%E2%80%8B",
            "&utm_source=x",
            ",%20",
            "%C2%A0",
            "/",
            "%E3%80%82",
            "und",
            "=3D",
            "%0A",
            "%FF",
            "/x",
            "/%E2%80%8B",
            "%2F",
        ] {
            assert_eq!(meant(&format!("{page}{behind}")), Some(page.clone()), "{behind}");
            assert_eq!(
                meant(&format!("/r/{SECRET}{behind}")),
                Some(format!("/r/{SECRET}")),
                "{behind}"
            );
        }
        for below in BELOW {
            let meant_below = format!("{page}/{below}");
            assert_eq!(meant(&meant_below), None);
            for behind in [".", ")", "%E2%80%8B", "&utm=x", "/"] {
                assert_eq!(
                    meant(&format!("{meant_below}{behind}")),
                    Some(meant_below.clone()),
                    "{below}{behind}"
                );
            }
        }
        assert_eq!(meant(&format!("/j/%E2%80%8B{SECRET}")), Some(page));
    }

    #[test]
    fn what_is_no_link_is_left_alone() {
        for path in [
            &format!("/j/{SECRET}"),
            &format!("/r/{SECRET}"),
            "/j/",
            "/j/short",
            "/j/AbC-dEf_gHi1jKl.mNo3pQr4xyz",
            "/j/%C3%A4AbC-dEf_gHi1jKl%C3%A4",
            "/",
            "/consultations/7",
            "/r/%FF",
        ] {
            assert_eq!(meant(path), None, "{path}");
        }
    }
}
