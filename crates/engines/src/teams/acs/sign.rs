//! HMAC-SHA256 authentication of Azure Communication Services.

use std::sync::Arc;

use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The access key of an ACS resource.
#[derive(Clone)]
pub struct Key(Arc<hmac::Key>);

impl Key {
    /// As the connection string has it, in Base64.
    pub fn from_base64(text: &str) -> Option<Self> {
        let bytes = zeroize::Zeroizing::new(STANDARD.decode(text).ok()?);
        (!bytes.is_empty()).then(|| Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, &bytes))))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// The headers of a signed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// `x-ms-date`
    pub date: String,
    /// `x-ms-content-sha256`
    pub content_hash: String,
    /// `Authorization`
    pub authorization: String,
}

/// `path_and_query` and `host` (with the port, unless it is the scheme's own) exactly as they go onto the wire.
pub fn sign(key: &Key, verb: &str, path_and_query: &str, host: &str, date: &str, body: &[u8]) -> Signed {
    let content_hash = STANDARD.encode(digest::digest(&digest::SHA256, body));
    let text = format!("{verb}\n{path_and_query}\n{date};{host};{content_hash}");
    let signature = STANDARD.encode(hmac::sign(&key.0, text.as_bytes()));
    Signed {
        date: date.to_owned(),
        content_hash,
        authorization: format!("HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    fn check(verb: &str, path: &str, host: &str, date: &str, body: &str, hash: &str, signature: &str) {
        let signed = sign(&Key::from_base64(KEY).unwrap(), verb, path, host, date, body.as_bytes());
        assert_eq!(signed.content_hash, hash, "{verb} {path}");
        assert_eq!(
            signed.authorization,
            format!("HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}"),
            "{verb} {path}"
        );
        assert_eq!(signed.date, date);
    }

    /// Captured from Microsoft's own clients.
    #[test]
    fn requests_are_signed_as_microsofts_clients_sign_them() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../tests/data/acs-signing-vectors.json")).unwrap();
        assert_eq!(vectors["key_base64"], KEY);
        let identity = vectors["identity"].as_str().unwrap().replace(':', "%3A");
        let cases = vectors["javascript"].as_array().unwrap();
        assert_eq!(cases.len(), 5);
        for case in cases {
            let request = case["request"].as_str().unwrap().replace("<identity>", &identity);
            let (verb, path) = request.split_once(' ').unwrap();
            check(
                verb,
                path,
                vectors["javascript_host"].as_str().unwrap(),
                vectors["x-ms-date"].as_str().unwrap(),
                case["body"].as_str().unwrap(),
                case["sha256"].as_str().unwrap(),
                case["signature"].as_str().unwrap(),
            );
        }
    }

    /// Computed by hand from the documented algorithm.
    #[test]
    fn requests_are_signed_as_documented() {
        const USER: &str = "8%3Aacs%3A2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081";
        let cases = [
            (
                "POST",
                "/identities?api-version=2023-10-01".to_owned(),
                r#"{"createTokenWithScopes":["chat.join.limited","voip.join"],"expiresInMinutes":60}"#,
                "9O2tI+uDOFCSPlBS4vTCk8+WmVWVDaIPR0pa2GadD24=",
                "w9/wz2FP+XlVwNqoXRQE9YJkzphpXN03sULGrKxvGDQ=",
            ),
            (
                "POST",
                format!("/identities/{USER}/:issueAccessToken?api-version=2023-10-01"),
                r#"{"scopes":["chat.join.limited","voip.join"],"expiresInMinutes":60}"#,
                "abABAkCsESijsb5/E2cgcCQ1C59jqW535AQVdSHSg48=",
                "xI0DNuFNMXy+JbTg3XBmmhcWhKJ4ixBHCTbiyFWGvNQ=",
            ),
            (
                "DELETE",
                format!("/identities/{USER}?api-version=2023-10-01"),
                "",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                "xE0wCraDsoA1nmm7eKNWwQjbyGcjIQkIj6p141SQElI=",
            ),
        ];
        for (verb, path, body, hash, signature) in &cases {
            let host = "my-resource.communication.azure.com";
            check(verb, path, host, "Mon, 23 Nov 2026 07:00:00 GMT", body, hash, signature);
        }
    }

    #[test]
    fn a_key_is_not_printed() {
        assert_eq!(format!("{:?}", Key::from_base64(KEY)), "Some(Key(…))");
    }
}
