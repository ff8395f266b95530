use anteroom_domain::refusal::AccountRefusal;
use anteroom_domain::text;
use argon2::password_hash::{Output, ParamsString, PasswordHash, Salt, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use zxcvbn::{Score, zxcvbn};

use crate::port::Entropy;
use crate::{Error, Result, UseCases};

/// 19 MiB, two passes, one lane: the first choice of OWASP's Password Storage Cheat Sheet for argon2id.
fn params() -> Params {
    Params::new(19 * 1024, 2, 1, None).unwrap_or_default()
}

/// glibc gives blocks above 32 MiB back to the system when they are freed; smaller ones of this size it keeps, a set for
/// each thread that ever had one (mallopt(3), `M_MMAP_THRESHOLD`). What is reserved and not touched costs nothing.
const RESERVED: usize = 33 * 1024 * 1024;

/// How many guesses a password must stand: of the five steps that `zxcvbn` knows, more than 10^8, past which guessing at a
/// form takes years.
const STRONG: Score = Score::Three;

/// Is it nothing that a guesser tries first? `about` is what anybody knows of the account.
pub fn check_chosen(password: &str, about: &[&str]) -> Result<(), AccountRefusal> {
    // The words of it, and all of them as one.
    let joined = about
        .iter()
        .map(|text| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>());
    let joined: Vec<String> = joined.collect();
    let words = about.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let words = words.chain(joined.iter().map(String::as_str));
    let words: Vec<&str> = words.filter(|word| 2 < word.chars().count()).collect();
    if zxcvbn(&text::password(password), &words).score() < STRONG {
        Err(AccountRefusal::PasswordGuessable)
    } else {
        Ok(())
    }
}

/// Takes some 20 ms of a core, and its memory only while it does.
fn digest(params: Params, password: &str, salt: &[u8]) -> argon2::Result<[u8; 32]> {
    let password = text::password(password);
    let mut blocks = Vec::with_capacity(params.block_count().max(RESERVED / Block::SIZE));
    blocks.resize(params.block_count(), Block::default());
    let mut digest = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
        password.as_bytes(),
        salt,
        &mut digest,
        &mut blocks,
    )?;
    Ok(digest)
}

/// A PHC string.
pub fn hash_password(entropy: &dyn Entropy, password: &str) -> Result<String> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    phc(password, &salt).map_err(|error| Error::internal(error.to_string()))
}

fn phc(password: &str, salt: &[u8]) -> Result<String, argon2::password_hash::Error> {
    let digest = digest(params(), password, salt)?;
    let salt = SaltString::encode_b64(salt)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params())?,
        salt: Some(salt.as_salt()),
        hash: Some(Output::new(&digest)?),
    };
    Ok(hash.to_string())
}

/// Compares in a time that says nothing about how much of it was right.
fn matches(password: &str, hash: &PasswordHash<'_>) -> bool {
    let (Some(salt), Some(known)) = (hash.salt, hash.hash) else {
        return false;
    };
    let mut bytes = [0; Salt::MAX_LENGTH];
    let found = Params::try_from(hash)
        .ok()
        .zip(salt.decode_b64(&mut bytes).ok())
        .and_then(|(params, salt)| digest(params, password, salt).ok());
    found
        .and_then(|digest| Output::new(&digest).ok())
        .is_some_and(|output| output == known)
}

/// What an unknown address is compared with, so that it takes as long as a known one: a hash of nothing anybody knows.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$YW50ZXJvb20tbm9ib2R5$7Yj0sX5m3w3hZ4p1q8c0k2n6b9v1x4z7a0d3g6j9m2o";

impl UseCases {
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
            matches(&password, &parsed) && known
        })
        .await
        .map_err(Error::internal)
    }

    pub(crate) async fn hash(&self, password: &str) -> Result<String> {
        let _turn = self.0.hashing.turn().await.map_err(Error::internal)?;
        let use_cases = self.clone();
        let password = password.to_owned();
        tokio::task::spawn_blocking(move || hash_password(&*use_cases.0.entropy, &password))
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
        assert!(matches("correct horse", &parsed) && !matches("correct hors", &parsed));
        let composed = hash_password(&SeededEntropy::new(1), "gr\u{fc}n wie Gras").unwrap();
        assert!(matches("gru\u{308}n wie Gras", &PasswordHash::new(&composed).unwrap()));
        let stand_in = PasswordHash::new(NOBODY).unwrap();
        assert_eq!(
            stand_in.params, parsed.params,
            "the stand-in must cost as much as a real one"
        );
        assert_eq!(stand_in.hash.unwrap().len(), parsed.hash.unwrap().len());
    }

    #[test]
    fn hashes_are_those_of_argon2id_and_are_made_anew_with_each_salt() {
        use argon2::password_hash::PasswordVerifier as _;
        let entropy = SeededEntropy::new(2);
        let [first, second] = [(); 2].map(|()| hash_password(&entropy, "correct horse").unwrap());
        assert_ne!(first, second);
        for hash in [first, second] {
            let parsed = PasswordHash::new(&hash).unwrap();
            assert!(
                Argon2::default().verify_password(b"correct horse", &parsed).is_ok(),
                "{hash}"
            );
        }
    }
}
