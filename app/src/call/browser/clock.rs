use crate::browser::steady_ms;

/// The server's clock, which goes on from the last time that the server said: a phone's own may be minutes off.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServerClock(Option<Reading>);

#[derive(Clone, Copy, Debug)]
struct Reading {
    server: i64,
    at_ms: f64,
}

impl ServerClock {
    /// The server has just said the time.
    pub fn at(server: i64) -> Self {
        Self(Some(Reading {
            server,
            at_ms: steady_ms(),
        }))
    }

    /// The server's time now; None before it has said one.
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds that a page has been open")]
    pub fn now(&self) -> Option<i64> {
        self.0
            .map(|reading| reading.server + (steady_ms() - reading.at_ms) as i64)
    }
}
