use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};

/// Everything that looks random, from one seed.
pub struct Random(StdRng);

impl Random {
    pub fn seeded(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    pub fn guid(&mut self) -> String {
        let bits: u128 = self.0.random();
        let version = 0x4_u128 << 76;
        let variant = 0x8_u128 << 60;
        let bits = (bits & !(0xf_u128 << 76) & !(0xc_u128 << 60)) | version | variant;
        let hex = format!("{bits:032x}");
        let mut guid = String::with_capacity(36);
        for (at, digit) in hex.chars().enumerate() {
            if matches!(at, 8 | 12 | 16 | 20) {
                guid.push('-');
            }
            guid.push(digit);
        }
        guid
    }

    /// So many random bytes, as text that fits into a URL.
    pub fn text(&mut self, bytes: usize) -> String {
        let mut buffer = vec![0; bytes];
        self.0.fill_bytes(&mut buffer);
        BASE64_URL_SAFE_NO_PAD.encode(buffer)
    }

    pub fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + self.0.random_range(0..10_u8)))
            .collect()
    }

    /// Letters and digits as in the passcodes of Teams.
    pub fn passcode(&mut self) -> String {
        (0..8)
            .map(|_| char::from(self.0.sample(rand::distr::Alphanumeric)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_has_its_shape_and_comes_from_the_seed() {
        let guid = Random::seeded(1).guid();
        assert_eq!(guid, Random::seeded(1).guid());
        assert_ne!(guid, Random::seeded(2).guid());
        let groups: Vec<usize> = guid.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
        assert_eq!(guid.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&guid.as_bytes()[19]), "{guid}");
    }
}
