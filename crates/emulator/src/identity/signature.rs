use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};
use jiff::{SignedDuration, Timestamp};
use ring::{digest, hmac};

/// How far a request's date may be from ours, either way.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
const SCHEME: &str = "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=";

/// A request as it came over the wire.
pub struct Signed<'request> {
    pub method: &'request str,
    pub path_and_query: &'request str,
    pub host: Option<&'request str>,
    pub date: Option<&'request str>,
    pub content_hash: Option<&'request str>,
    pub authorization: &'request str,
    pub body: &'request [u8],
}

/// For whoever looks for the mistake; the answer does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureRefused {
    #[error("There is no host.")]
    NoHost,
    #[error("There is no x-ms-date in the form of RFC 1123, such as `Fri, 02 Jan 2026 03:04:05 GMT`.")]
    Date,
    #[error("The x-ms-date is more than five minutes from this clock.")]
    DateTooFar,
    #[error("The x-ms-content-sha256 is missing or is not the Base64 of the body's SHA-256.")]
    ContentHash,
    #[error("The Authorization is not of the form `{SCHEME}<Base64>`.")]
    Form,
    #[error("The signature is of another key, or of something else than this request.")]
    Signature,
}

pub fn key(base64: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(base64).ok()
}

pub fn verify(request: &Signed<'_>, key: &[u8], now: Timestamp) -> Result<(), SignatureRefused> {
    let signature = request
        .authorization
        .strip_prefix(SCHEME)
        .ok_or(SignatureRefused::Form)?;
    let signature = BASE64_STANDARD.decode(signature).map_err(|_| SignatureRefused::Form)?;
    let host = request.host.ok_or(SignatureRefused::NoHost)?;
    let date = request.date.ok_or(SignatureRefused::Date)?;
    let at = moment(date).ok_or(SignatureRefused::Date)?;
    if now.duration_since(at).abs() > TOLERANCE {
        return Err(SignatureRefused::DateTooFar);
    }
    let hash = BASE64_STANDARD.encode(digest::digest(&digest::SHA256, request.body));
    if request.content_hash != Some(hash.as_str()) {
        return Err(SignatureRefused::ContentHash);
    }
    let text = format!("{}\n{}\n{date};{host};{hash}", request.method, request.path_and_query);
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes(), &signature)
        .map_err(|_| SignatureRefused::Signature)
}

/// Exactly as HTTP writes it: what the lenient parser takes must print the same.
fn moment(date: &str) -> Option<Timestamp> {
    let at = DateTimeParser::new().parse_timestamp(date).ok()?;
    let printed = DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()?;
    (printed == date).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_form_of_http_is_a_date() {
        assert!(moment("Fri, 02 Jan 2026 03:04:05 GMT").is_some());
        for other in [
            "Fri, 2 Jan 2026 03:04:05 GMT",
            "Thu, 02 Jan 2026 03:04:05 GMT",
            "Fri, 02 Jan 2026 03:04:05 +0000",
            "Fri, 02 Jan 2026 04:04:05 +0100",
            "2026-01-02T03:04:05Z",
            "",
        ] {
            assert_eq!(moment(other), None, "{other}");
        }
    }
}
