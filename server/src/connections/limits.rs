use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// The time for a request's headers, from its first byte or from the end of the request before it.
    pub head: Duration,
    /// The time for its body.
    pub body: Duration,
    /// How long a client may take nothing of an answer.
    pub write: Duration,
    /// All connections, WebSockets among them.
    pub connections: usize,
    /// Connections from one address: enough for a whole office at a launch.
    pub of_one_address: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            write: Duration::from_secs(10),
            connections: 8192,
            of_one_address: 512,
        }
    }
}
