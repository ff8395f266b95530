use std::sync::Arc;

use anteroom_domain::trouble::Setting;
use anteroom_http::Failure;
use anteroom_service::port::Entropy;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, RSA_PSS_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;

/// As long as Entra's documentation advises.
const SECONDS: i64 = 300;

/// What was registered with the application, and the key that belongs to it.
#[derive(Clone)]
pub struct Certificate {
    thumbprint: String,
    key: Arc<KeyPair>,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Certificate(…)")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    #[error("There is no certificate in the file: put it there in PEM, from -----BEGIN CERTIFICATE----- on.")]
    NoCertificate,
    #[error(
        "There is no usable private key in the file: put it there in PEM, RSA of at least 2048 bits and without a \
         password, from -----BEGIN PRIVATE KEY----- on."
    )]
    NoKey,
    #[error("The private key in the file is not the certificate’s: put the two that belong together there.")]
    Foreign,
}

impl Certificate {
    /// Certificate and private key, in any order.
    pub fn from_pem(pem: &[u8]) -> Result<Self, CertificateError> {
        let certificate = CertificateDer::from_pem_slice(pem).map_err(|_| CertificateError::NoCertificate)?;
        let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| CertificateError::NoKey)?;
        let key = match &key {
            PrivateKeyDer::Pkcs8(der) => KeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => KeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err(CertificateError::NoKey),
        }
        .map_err(|_| CertificateError::NoKey)?;
        // A certificate has its public key verbatim.
        let public = key.public_key().as_ref();
        if !certificate.windows(public.len()).any(|part| part == public) {
            return Err(CertificateError::Foreign);
        }
        Ok(Self {
            thumbprint: URL_SAFE_NO_PAD.encode(digest(&SHA256, &certificate)),
            key: Arc::new(key),
        })
    }

    /// Shows Entra's `endpoint` that we hold the key.
    pub(super) fn assertion(
        &self,
        client_id: &str,
        endpoint: &str,
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> Result<String, Failure> {
        let mut id = [0; 16];
        entropy.fill(&mut id);
        let now = now.as_second();
        let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint });
        let claims = json!({
            "aud": endpoint,
            "iss": client_id,
            "sub": client_id,
            "jti": URL_SAFE_NO_PAD.encode(id),
            "iat": now,
            "nbf": now,
            "exp": now + SECONDS,
        });
        let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signed = format!("{header}.{claims}");
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PSS_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(|_| Failure::NotConfigured {
                setting: Setting::PrivateKey,
                told: "The application’s private key can’t sign: give another certificate with its key.",
            })?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
