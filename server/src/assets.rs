//! The embedded site: script, wasm, stylesheet and public files, inside the binary.

use std::borrow::Cow;

use anteroom_app::shell::Assets;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use rust_embed::RustEmbed;

/// What `build.rs` made.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/site/"]
struct EmbeddedSite;

/// Files under this folder have a hash of their content in their names: they never change.
const HASHED: &str = "pkg/";

/// The addresses of the built files, for the document's head. Called once, at the start: whoever runs a build without a
/// browser part is told, because pages then look broken and nobody can meet.
pub fn links() -> Assets {
    let links = built();
    if let Some(warning) = lacks(&links) {
        tracing::warn!("{warning}");
    }
    links
}

fn lacks(links: &Assets) -> Option<&'static str> {
    links.start.is_empty().then_some(
        "this build has no browser part: pages have no styles and no meetings. \
        Build again without ANTEROOM_SKIP_WEB.",
    )
}

fn built() -> Assets {
    let address = |name: &str| {
        if name.is_empty() {
            String::new()
        } else {
            format!("/{HASHED}{name}")
        }
    };
    Assets {
        start: address(env!("ANTEROOM_WEB_START")),
        bindings: address(env!("ANTEROOM_WEB_BINDINGS")),
        wasm: address(env!("ANTEROOM_WEB_WASM")),
        stylesheet: address(env!("ANTEROOM_WEB_STYLESHEET")),
        texts: format!("/{HASHED}"),
    }
}

/// The file at a path of the URL, in the encoding that the browser likes best. None where there is no such file, so
/// that the router can answer with a page. For GET and HEAD.
pub fn respond(path: &str, headers: &HeaderMap) -> Option<Response> {
    answer(path, headers, |path| {
        EmbeddedSite::get(path).map(|file| File {
            etag: file.metadata.sha256_hash(),
            data: file.data,
        })
    })
}

struct File {
    data: Cow<'static, [u8]>,
    etag: [u8; 32],
}

/// The ways a file can be packed, the smallest first: the encoding's name, and the ending of the file.
const PACKED: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

fn answer(path: &str, headers: &HeaderMap, get: impl Fn(&str) -> Option<File>) -> Option<Response> {
    let path = path.trim_start_matches('/');
    // The packed files are another form of a file, and no files of their own.
    if PACKED.iter().any(|(_, ending)| path.ends_with(ending)) {
        return None;
    }
    let plain = get(path)?;
    let packed = PACKED.iter().find_map(|(name, ending)| {
        let packed = accepts(headers, name).then(|| get(&format!("{path}{ending}")))?;
        packed.map(|file| (file, *name))
    });
    let (file, encoding) = match packed {
        Some((file, name)) => (file, Some(name)),
        None => (plain, None),
    };

    let etag = etag(&file.etag);
    let known = headers.get_all(IF_NONE_MATCH).iter().any(|value| matches(value, &etag));
    let mut response = Response::new(if known { Body::empty() } else { body(file.data.clone()) });
    let headers = response.headers_mut();
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(file.data.len()));
        headers.insert(CONTENT_TYPE, content_type(path));
        if let Some(name) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
        }
    }
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(CACHE_CONTROL, cache_control(path));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(ETAG, etag);
    }
    Some(response)
}

fn body(data: Cow<'static, [u8]>) -> Body {
    Body::from(match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    })
}

fn content_type(path: &str) -> HeaderValue {
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let text = match mime.type_() {
        mime_guess::mime::TEXT => format!("{mime}; charset=utf-8"),
        _ => mime.to_string(),
    };
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"))
}

fn cache_control(path: &str) -> HeaderValue {
    HeaderValue::from_static(if path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        // Kept, and asked for again every time: the answer is mostly 304.
        "public, no-cache"
    })
}

/// Half of the hash tells files apart. The packed forms have hashes, and so tags, of their own.
fn etag(hash: &[u8; 32]) -> String {
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// Is our tag among those the browser has? Compared weakly, as RFC 9110 §13.1.2 says.
fn matches(value: &HeaderValue, etag: &str) -> bool {
    value.to_str().is_ok_and(|list| {
        list.split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
    })
}

/// Does the browser take this encoding? Named, and not with a weight of nought.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .any(|item| {
            let (name, weight) = item.split_once(';').unwrap_or((item, ""));
            let refused = weight
                .trim()
                .strip_prefix("q=")
                .and_then(|weight| weight.trim().parse::<f32>().ok())
                .is_some_and(|weight| weight <= 0.0);
            name.trim().eq_ignore_ascii_case(encoding) && !refused
        })
}

// The build script's own parts are tested here: a build script has no tests.
#[cfg(test)]
#[path = "../build/stylesheet.rs"]
mod stylesheet;

#[cfg(test)]
mod tests {
    use anteroom_i18n::Audience;

    use super::*;

    #[test]
    fn a_build_without_its_browser_part_says_so() {
        let warning = lacks(&Assets::default()).unwrap();
        assert!(warning.contains("Build again") && !warning.contains('\n'), "{warning}");
        let whole = Assets {
            start: "/pkg/start-1.js".into(),
            bindings: "/pkg/anteroom-1.js".into(),
            wasm: "/pkg/anteroom-1_bg.wasm".into(),
            stylesheet: "/pkg/anteroom-1.css".into(),
            texts: "/pkg/".into(),
        };
        assert_eq!(lacks(&whole), None);
    }

    fn file(path: &str) -> Option<File> {
        let data: &'static [u8] = match path {
            "pkg/anteroom-1_bg.wasm" => b"plain wasm",
            "pkg/anteroom-1_bg.wasm.br" => b"brotli",
            "pkg/anteroom-1_bg.wasm.gz" => b"gzip",
            "pkg/anteroom-1.js" => b"script",
            "robots.txt" => b"robots",
            _ => return None,
        };
        let mut etag = [0; 32];
        etag[0] = u8::try_from(data.len()).unwrap();
        Some(File {
            data: data.into(),
            etag,
        })
    }

    fn get(path: &str, headers: &[(http::HeaderName, &'static str)]) -> Option<Response> {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect();
        answer(path, &headers, file)
    }

    fn header(response: &Response, name: http::HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn the_smallest_accepted_form_is_sent_under_the_type_of_the_plain_one() {
        for (accept, encoding, length) in [
            ("gzip, deflate, br", "br", "6"),
            ("gzip;q=1.0, br;q=0", "gzip", "4"),
            ("GZIP", "gzip", "4"),
            ("identity", "", "10"),
            ("brotli, x-gzip", "", "10"),
        ] {
            let response = get("/pkg/anteroom-1_bg.wasm", &[(ACCEPT_ENCODING, accept)]).unwrap();
            assert_eq!(header(&response, CONTENT_ENCODING), encoding, "{accept}");
            assert_eq!(header(&response, CONTENT_LENGTH), length, "{accept}");
            assert_eq!(header(&response, CONTENT_TYPE), "application/wasm", "{accept}");
            assert_eq!(header(&response, VARY), "accept-encoding");
        }
    }

    #[test]
    fn hashed_files_are_kept_for_good_and_others_are_asked_for_again() {
        let script = get("/pkg/anteroom-1.js", &[]).unwrap();
        assert_eq!(header(&script, CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_eq!(header(&script, CONTENT_TYPE), "text/javascript; charset=utf-8");
        let robots = get("/robots.txt", &[]).unwrap();
        assert_eq!(header(&robots, CACHE_CONTROL), "public, no-cache");
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let first = get("/robots.txt", &[]).unwrap();
        assert_eq!(header(&first, ETAG), "\"06000000000000000000000000000000\"");
        for known in [
            "\"06000000000000000000000000000000\"",
            "\"x\", W/\"06000000000000000000000000000000\"",
            "*",
        ] {
            let again = get("/robots.txt", &[(IF_NONE_MATCH, known)]).unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(header(&again, CONTENT_LENGTH), "", "{known}");
        }
        assert_eq!(
            get("/robots.txt", &[(IF_NONE_MATCH, "\"y\"")]).unwrap().status(),
            StatusCode::OK
        );
    }

    #[test]
    fn unknown_files_and_packed_forms_are_no_files() {
        for path in [
            "/",
            "",
            "/pkg/",
            "/pkg/other.js",
            "/pkg/anteroom-1_bg.wasm.br",
            "/../Cargo.toml",
            "//etc/passwd",
        ] {
            assert!(get(path, &[]).is_none(), "{path}");
        }
    }

    #[test]
    fn every_link_of_the_document_is_a_file() {
        let Assets {
            start,
            bindings,
            wasm,
            stylesheet,
            texts,
        } = links();
        let has_browser_part = !start.is_empty();
        let mut files = vec![start, bindings, wasm, stylesheet];
        if has_browser_part {
            for language in &anteroom_i18n::LANGUAGES {
                for audience in [Audience::Guest, Audience::Staff] {
                    files.push(format!("{texts}{}", language.file_name(audience)));
                }
            }
        }
        // All empty where this build has no browser part.
        for link in files.iter().filter(|link| !link.is_empty()) {
            assert!(respond(link, &HeaderMap::new()).is_some(), "{link}");
        }
    }
}
