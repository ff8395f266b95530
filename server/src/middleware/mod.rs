//! What happens to every request before its handler, and to every answer after it.

mod done;
mod finish;
mod headers;
mod length;
mod same_origin;
mod session;
mod shape;

pub use done::done;
pub use finish::finish;
pub use headers::{content_security_policy, security_headers};
pub use length::{MAX_BODY_BYTES, length};
pub use same_origin::same_origin;
pub use session::session;
pub use shape::shape;
