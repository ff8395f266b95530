use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// From the beginning of a request, or from the end of the one before, to the end of its headers.
    pub head: Duration,
    /// From there to the end of its body.
    pub body: Duration,
    /// The longest time in which the other side takes nothing of an answer.
    pub write: Duration,
    /// Connections, open sockets of pages among them.
    pub connections: usize,
    /// Of them, from one address: a whole office on one launch has room.
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
