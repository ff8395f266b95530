//! Secrets that people or browsers hold: invitations, sessions, seat tokens. We keep their SHA-256 only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::port::Entropy;

/// 144 random bits, written as 24 URL-safe characters. (OWASP ASVS 5.0 §7.2.3 asks for 128.)
#[derive(Clone)]
pub struct Secret(String);

const BYTES: usize = 18;

impl Secret {
    /// In characters, each of one byte.
    pub const LENGTH: usize = BYTES * 4 / 3;

    /// Is this one of the characters that secrets are written with?
    pub fn has(c: char) -> bool {
        c.is_ascii_alphanumeric() || c == '-' || c == '_'
    }

    /// Draws a new secret.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; BYTES];
        entropy.fill(&mut bytes);
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// As its owner shows it again.
    pub fn given(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// For the one place that hands it to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The SHA-256 of its text: all that is stored of it.
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A secret has 144 bits of its own: a plain hash can't be guessed back, and needs no salt.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
