//! Passwords that we make up for people.

use anteroom_service::port::Entropy;

/// Letters and digits that nobody mistakes for one another when they copy them by hand.
const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// Groups of four out of 31 characters, just under 20 bits each: four groups make 79 bits.
pub fn generate(entropy: &dyn Entropy, groups: usize) -> String {
    (0..groups).map(|_| group(entropy)).collect::<Vec<_>>().join("-")
}

fn group(entropy: &dyn Entropy) -> String {
    let mut group = String::new();
    while group.len() < 4 {
        let mut byte = [0];
        entropy.fill(&mut byte);
        // 248 is the largest multiple of 31 in a byte: above it, some characters would come up more often than others.
        if byte[0] < 248
            && let Some(character) = ALPHABET.get(usize::from(byte[0]) % ALPHABET.len())
        {
            group.push(char::from(*character));
        }
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;
    use anteroom_service::port::SeededEntropy;

    #[test]
    fn a_password_is_good_enough_for_an_account_and_another_each_time() {
        let entropy = SeededEntropy::new(1);
        let (one, two) = (generate(&entropy, 4), generate(&entropy, 4));
        assert_eq!(one.len(), 19);
        assert_ne!(one, two);
        assert!(
            generate(&entropy, 3)
                .parse::<anteroom_domain::value::Password>()
                .is_ok()
        );
    }
}
