//! Keys, client secrets and tokens of others, as long as we must hold them.

use zeroize::Zeroizing;

/// Never printed, and wiped when it is dropped.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(from = "String")]
pub struct ApiSecret(Zeroizing<String>);

impl ApiSecret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// For the one place that sends it to where it belongs.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ApiSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl From<String> for ApiSecret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for ApiSecret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}
