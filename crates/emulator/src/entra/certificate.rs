use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use x509_cert::Certificate as X509;
use x509_cert::der::{DecodePem, Encode};

/// One that was uploaded to the application's registration.
#[derive(Clone)]
pub struct Certificate {
    /// As assertions name it, in `x5t` and in `x5t#S256`.
    pub thumbprints: [String; 2],
    /// RSA, as PKCS#1.
    pub public_key: Vec<u8>,
    not_before: Duration,
    not_after: Duration,
}

impl Certificate {
    /// The error is a part of a sentence.
    pub fn from_pem(pem: &str) -> Result<Self, String> {
        const RSA: &str = "1.2.840.113549.1.1.1";
        let certificate = X509::from_pem(pem).map_err(|error| format!("it is not a certificate in PEM ({error})"))?;
        let der = certificate
            .to_der()
            .map_err(|error| format!("it can't be written as DER ({error})"))?;
        let content = certificate.tbs_certificate();
        let key = content.subject_public_key_info();
        if key.algorithm.oid.to_string() != RSA {
            return Err("its key is not RSA, and Entra takes no other".to_owned());
        }
        let validity = content.validity();
        Ok(Self {
            thumbprints: [&SHA1_FOR_LEGACY_USE_ONLY, &SHA256]
                .map(|algorithm| BASE64_URL_SAFE_NO_PAD.encode(digest(algorithm, &der))),
            public_key: key.subject_public_key.raw_bytes().to_vec(),
            not_before: validity.not_before.to_unix_duration(),
            not_after: validity.not_after.to_unix_duration(),
        })
    }

    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        let now = Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0));
        (self.not_before..=self.not_after).contains(&now)
    }
}
