use std::collections::HashMap;

use jiff::Timestamp;

/// What a token of our Entra endpoint lets its bearer do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub audience: String,
    pub roles: Vec<&'static str>,
    pub application: String,
    pub expires: Timestamp,
}

/// The tokens that were issued. They look like JWTs, but only being in here makes one good.
#[derive(Default)]
pub struct Bearers(HashMap<String, Bearer>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BearerRefused {
    #[error("The bearer token was not issued by this emulator.")]
    Foreign,
    #[error("The bearer token is for another audience.")]
    Audience,
    #[error("The bearer token has expired.")]
    Expired,
}

impl Bearers {
    pub fn add(&mut self, token: String, bearer: Bearer) {
        self.0.insert(token, bearer);
    }

    pub fn check(&self, token: &str, audience: &str, now: Timestamp) -> Result<&Bearer, BearerRefused> {
        let bearer = self.0.get(token).ok_or(BearerRefused::Foreign)?;
        if bearer.audience != audience {
            return Err(BearerRefused::Audience);
        }
        if bearer.expires <= now {
            return Err(BearerRefused::Expired);
        }
        Ok(bearer)
    }
}
