use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::port::Entropy;
use crate::{Error, Result, Services};

/// argon2id with 19 MiB, two passes, one lane: the first choice of OWASP's Password Storage Cheat Sheet.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Takes some 20 ms of a core.
pub fn hash_password(entropy: &dyn Entropy, password: &str) -> Result<String> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(|error| Error::internal(error.to_string()))?;
    let hash = argon2()
        .hash_password(password.as_bytes(), &salt)
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(hash.to_string())
}

/// What an unknown address is compared with, so that it takes as long as a known one: a hash of nothing anybody knows.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$YW50ZXJvb20tbm9ib2R5$7Yj0sX5m3w3hZ4p1q8c0k2n6b9v1x4z7a0d3g6j9m2o";

impl Services {
    /// Compares off the async threads, when it is this one's turn. `None` is nobody: never right, and as slow.
    pub(super) async fn password_matches(&self, password: &str, hash: Option<String>) -> Result<bool> {
        let _turn = self.0.hashing.turn().await.map_err(Error::internal)?;
        let password = password.to_owned();
        tokio::task::spawn_blocking(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            let Ok(parsed) = PasswordHash::new(&hash) else {
                return false;
            };
            argon2().verify_password(password.as_bytes(), &parsed).is_ok() && known
        })
        .await
        .map_err(Error::internal)
    }

    pub(crate) async fn hash(&self, password: &str) -> Result<String> {
        let _turn = self.0.hashing.turn().await.map_err(Error::internal)?;
        let services = self.clone();
        let password = password.to_owned();
        tokio::task::spawn_blocking(move || hash_password(&*services.0.entropy, &password))
            .await
            .map_err(Error::internal)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::SeededEntropy;

    #[test]
    fn a_hash_matches_its_password_and_no_other() {
        let hash = hash_password(&SeededEntropy::new(1), "correct horse").unwrap();
        let parsed = PasswordHash::new(&hash).unwrap();
        assert!(argon2().verify_password(b"correct horse", &parsed).is_ok());
        assert!(argon2().verify_password(b"correct hors", &parsed).is_err());
        let stand_in = PasswordHash::new(NOBODY).unwrap();
        assert_eq!(
            stand_in.params, parsed.params,
            "the stand-in must cost as much as a real one"
        );
        assert_eq!(stand_in.hash.unwrap().len(), parsed.hash.unwrap().len());
    }
}
