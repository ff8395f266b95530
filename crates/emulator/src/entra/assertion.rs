use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters, UnparsedPublicKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::certificate::Certificate;
use super::error::Refused;

#[derive(Deserialize)]
struct Header {
    alg: String,
    x5t: Option<String>,
    #[serde(rename = "x5t#S256")]
    x5t_s256: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    aud: String,
    iss: String,
    sub: String,
    /// Required by Entra, whatever it is.
    #[serde(rename = "jti")]
    _jti: String,
    nbf: Option<i64>,
    exp: i64,
}

/// Did the application sign this, for this endpoint and this moment?
pub fn verify(
    assertion: &str,
    certificates: &[Certificate],
    client_id: &str,
    endpoint: &str,
    now: Timestamp,
) -> Result<(), Refused> {
    let (signed, signature) = assertion.rsplit_once('.').ok_or(Refused::ASSERTION_MALFORMED)?;
    let (header, claims) = signed.split_once('.').ok_or(Refused::ASSERTION_MALFORMED)?;
    let header: Header = part(header)?;
    let claims: Claims = part(claims)?;
    let signature = bytes(signature)?;
    let algorithm = algorithm(&header.alg)?;
    let certificate = certificates
        .iter()
        .find(|certificate| {
            let [sha1, sha256] = &certificate.thumbprints;
            match (&header.x5t_s256, &header.x5t) {
                (Some(named), _) => named == sha256,
                (None, Some(named)) => named == sha1,
                (None, None) => false,
            }
        })
        .filter(|certificate| certificate.is_valid_at(now))
        .ok_or(Refused::ASSERTION_KEY)?;
    UnparsedPublicKey::new(algorithm, &certificate.public_key)
        .verify(signed.as_bytes(), &signature)
        .map_err(|_| Refused::ASSERTION_SIGNATURE)?;
    if claims.iss != client_id || claims.sub != client_id {
        return Err(Refused::ASSERTION_APPLICATION);
    }
    if claims.aud != endpoint {
        return Err(Refused::ASSERTION_AUDIENCE);
    }
    let now = now.as_second();
    if claims.exp <= now || claims.nbf.is_some_and(|from| from > now) {
        return Err(Refused::ASSERTION_TIME);
    }
    Ok(())
}

fn algorithm(name: &str) -> Result<&'static RsaParameters, Refused> {
    match name {
        "RS256" => Ok(&RSA_PKCS1_2048_8192_SHA256),
        "PS256" => Ok(&RSA_PSS_2048_8192_SHA256),
        _ => Err(Refused::ASSERTION_MALFORMED),
    }
}

fn bytes(part: &str) -> Result<Vec<u8>, Refused> {
    BASE64_URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| Refused::ASSERTION_MALFORMED)
}

fn part<T: DeserializeOwned>(part: &str) -> Result<T, Refused> {
    serde_json::from_slice(&bytes(part)?).map_err(|_| Refused::ASSERTION_MALFORMED)
}
