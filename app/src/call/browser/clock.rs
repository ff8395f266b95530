use crate::browser::steady_ms;

/// Follows the server's clock from the last time the server told it: a phone's own may be minutes off.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServerClock {
    told: i64,
    at_ms: f64,
}

impl ServerClock {
    pub fn told(now: i64) -> Self {
        Self {
            told: now,
            at_ms: steady_ms(),
        }
    }

    /// The server's time now; 0 while it has told nothing.
    pub fn now(&self) -> i64 {
        if self.told == 0 {
            0
        } else {
            self.told + (steady_ms() - self.at_ms) as i64
        }
    }
}
